package formats_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/formats"
)

func timeMap(n int) formats.TimeMap {
	m := formats.TimeMap{Original: "https://acme.example/privacy/", Self: "https://acme.example/privacy/timemap.link"}
	for i := range n {
		m.Add(fmt.Sprintf("https://acme.example/privacy/%d/", i),
			time.Date(2019+i/2, 1, 1+i%2, 0, 0, 0, 0, time.FixedZone("", 3600)))
	}
	return m
}

func asText(m formats.TimeMap) string {
	var b bytes.Buffer
	m.Write(&b)
	return b.String()
}

func TestTimeMap(t *testing.T) {
	t.Parallel()
	const head = `<https://acme.example/privacy/>; rel="original",
<https://acme.example/privacy/timemap.link>; rel="self"; type="application/link-format"`
	for n, want := range map[int]string{
		0: head + "\n",
		1: head + `; from="Mon, 31 Dec 2018 23:00:00 GMT"; until="Mon, 31 Dec 2018 23:00:00 GMT",
<https://acme.example/privacy/0/>; rel="first last memento"; datetime="Mon, 31 Dec 2018 23:00:00 GMT"
`,
		3: head + `; from="Mon, 31 Dec 2018 23:00:00 GMT"; until="Tue, 31 Dec 2019 23:00:00 GMT",
<https://acme.example/privacy/0/>; rel="first memento"; datetime="Mon, 31 Dec 2018 23:00:00 GMT",
<https://acme.example/privacy/1/>; rel="memento"; datetime="Tue, 01 Jan 2019 23:00:00 GMT",
<https://acme.example/privacy/2/>; rel="last memento"; datetime="Tue, 31 Dec 2019 23:00:00 GMT"
`,
	} {
		if have := asText(timeMap(n)); have != want {
			t.Errorf("%d mementos: have\n%s", n, have)
		}
	}
}

// A time map with too many versions lists one for each year in the zone. Together,
// these have every version once.
func TestTimeMapDivided(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("", 3600)
	path := func(year string) string { return "https://acme.example/privacy/archive/" + year + "/timemap.link" }
	if m := timeMap(5).Divide(5, zone, path); len(m.Parts) != 0 || strings.Count(asText(m), "datetime=") != 5 {
		t.Errorf("five versions that fit: %+v", m)
	}
	m := timeMap(5).Divide(4, zone, path)
	if have, want := asText(m), `<https://acme.example/privacy/>; rel="original",
<https://acme.example/privacy/timemap.link>; rel="self"; type="application/link-format"; from="Mon, 31 Dec 2018 23:00:00 GMT"; until="Thu, 31 Dec 2020 23:00:00 GMT",
<https://acme.example/privacy/archive/2019/timemap.link>; rel="timemap"; type="application/link-format"; from="Mon, 31 Dec 2018 23:00:00 GMT"; until="Tue, 01 Jan 2019 23:00:00 GMT",
<https://acme.example/privacy/archive/2020/timemap.link>; rel="timemap"; type="application/link-format"; from="Tue, 31 Dec 2019 23:00:00 GMT"; until="Wed, 01 Jan 2020 23:00:00 GMT",
<https://acme.example/privacy/archive/2021/timemap.link>; rel="timemap"; type="application/link-format"; from="Thu, 31 Dec 2020 23:00:00 GMT"; until="Thu, 31 Dec 2020 23:00:00 GMT"
`; have != want {
		t.Errorf("have\n%s", have)
	}
	all := ""
	for _, part := range m.Parts {
		all += asText(part)
	}
	for i := range 5 {
		if url := fmt.Sprintf("/privacy/%d/>", i); strings.Count(all, url) != 1 {
			t.Errorf("%s is there %d times", url, strings.Count(all, url))
		}
	}
}
