package webpage_test

import (
	"fmt"
	"testing"

	"github.com/privgen/privgen/internal/imports/webpage"
)

func TestParseWayback(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ url, want string }{
		{"https://web.archive.org/web/20160512123456/https://fernhill.example/terms",
			"https://fernhill.example/terms 2016-05-12 12:34:56"},
		{"https://web.archive.org/web/20160512123456id_/http%3A//fernhill.example/?a=b",
			"http://fernhill.example/?a=b 2016-05-12 12:34:56"},
		{"//web.archive.org/web/20160512/http:/fernhill.example/", "http://fernhill.example/ 2016-05-12"},
		{"/web/2016/https://fernhill.example/", "https://fernhill.example/"},
		{"/web/20161399/https://fernhill.example/", "https://fernhill.example/"},
		{"https://fernhill.example/web/2016/terms", ""},
		{"https://web.archive.org/about", ""},
	} {
		w, ok := webpage.ParseWayback(c.url)
		have := w.Original
		if !w.Day.IsZero() {
			have += " " + w.Day.String()
		}
		if !w.When.IsZero() {
			have += w.When.Format(" 15:04:05")
		}
		if have != c.want || ok != (c.want != "") {
			t.Errorf("%s: have %q, %v; want %q", c.url, have, ok, c.want)
		}
	}
}

// Lost names each element that a reader misses, with the number of its words.
func TestLost(t *testing.T) {
	t.Parallel()
	const page = `<html><body><nav>Home and more</nav><main><p>We keep little, and we keep it for a short time only.</p>` +
		`<select><option>One year<option>Two</select></main></body></html>`
	p, problem := webpage.Read("a.html", []byte(page), webpage.Options{})
	if problem != nil {
		t.Fatal(problem)
	}
	if have, want := fmt.Sprint(p.Dropped, " ", p.Lost()), "[nav (3 words) select (3 words)] select (3 words)"; have != want {
		t.Errorf("have %s\nwant %s", have, want)
	}
}
