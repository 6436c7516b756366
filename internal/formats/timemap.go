package formats

import (
	"bytes"
	"fmt"
	"net/http"
	"time"
)

// A TimeMap is a timemap.link (RFC 7089, part 5): the versions of a page, each with
// the time from which the page had it, in the link format of RFC 6690. URLs are
// absolute.
type TimeMap struct {
	Original string    // the page
	Self     string    // the time map
	Parts    []TimeMap // after Divide: the time maps that have the versions, the oldest first

	mementos []memento
}

// A memento is a version in a TimeMap.
type memento struct {
	url  string
	from time.Time
}

// Add adds a version that the page has from an instant on. Versions are added in the
// order of these instants.
func (m *TimeMap) Add(url string, from time.Time) {
	m.mementos = append(m.mementos, memento{url, from})
}

// span returns the from and until parameters of a time map, or "" if it is empty.
func (m *TimeMap) span() string {
	first, last := m, m
	if n := len(m.Parts); n > 0 {
		first, last = &m.Parts[0], &m.Parts[n-1]
	}
	if len(first.mementos) == 0 {
		return ""
	}
	return fmt.Sprintf(`; from="%s"; until="%s"`, gmt(first.mementos[0].from),
		gmt(last.mementos[len(last.mementos)-1].from))
}

func gmt(t time.Time) string { return t.UTC().Format(http.TimeFormat) }

// Write appends the time map. It names no time gate, because a static site cannot
// answer an Accept-Datetime header.
func (m *TimeMap) Write(b *bytes.Buffer) {
	const media = `; type="application/link-format"`
	fmt.Fprintf(b, "<%s>; rel=\"original\",\n<%s>; rel=\"self\"%s%s", m.Original, m.Self, media, m.span())
	for i := range m.Parts {
		fmt.Fprintf(b, ",\n<%s>; rel=\"timemap\"%s%s", m.Parts[i].Self, media, m.Parts[i].span())
	}
	for i, one := range m.mementos {
		rel := "memento"
		if i == len(m.mementos)-1 {
			rel = "last " + rel
		}
		if i == 0 {
			rel = "first " + rel
		}
		fmt.Fprintf(b, ",\n<%s>; rel=\"%s\"; datetime=\"%s\"", one.url, rel, gmt(one.from))
	}
	b.WriteByte('\n')
}

// Divide returns the time map. If it has more than most mementos, it has them in
// parts, one for each year in the zone. Path returns the URL of the part for a year.
func (m TimeMap) Divide(most int, zone *time.Location, path func(year string) string) TimeMap {
	if len(m.mementos) <= most {
		return m
	}
	for _, one := range m.mementos {
		self := path(one.from.In(zone).Format("2006"))
		if n := len(m.Parts); n == 0 || m.Parts[n-1].Self != self {
			m.Parts = append(m.Parts, TimeMap{Original: m.Original, Self: self})
		}
		last := &m.Parts[len(m.Parts)-1]
		last.mementos = append(last.mementos, one)
	}
	m.mementos = nil
	return m
}
