package record

import (
	"bytes"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/policy"
)

// The next release adds the ids of feeds to a lock file without them, unless another
// setting of the site has changed.
func TestNewSettings(t *testing.T) {
	t.Parallel()
	on := day.Day{Year: 2026, Month: 1, Dom: 1}
	site := func(about ...Field) *Site {
		return &Site{Library: &policy.Library{}, Config: "privgen.toml", About: about}
	}
	title, ids := Field{"title", "Acme"}, Field{FeedIDs, "acme.example,2024"}
	r, _ := Parse([]byte("format 2\n"))
	r.Add(&Entry{Key: Key{"terms", "2026-01-01", "en"}}, on)
	r.RecordSettings(site(title), on)
	for _, step := range []struct {
		now  *Site
		left string // after RecordNewSettings
	}{
		{site(title), ""},
		{site(Field{"title", "Acme Ltd"}, ids), "title is Acme Ltd, and was recorded as Acme; the ids in feeds are not recorded yet"},
		{site(title, ids), ""},
		{site(title, Field{FeedIDs, "acme.test,2024"}), "feed_ids is acme.test,2024, and was recorded as acme.example,2024"},
	} {
		r.RecordNewSettings(step.now, on)
		var left []string
		for _, c := range r.Changed(step.now) {
			left = append(left, strings.TrimPrefix(c.String(), "the site: "))
		}
		if have := strings.Join(left, "; "); !strings.HasPrefix(have, step.left) || (step.left == "") != (have == "") {
			t.Errorf("%v: have %q, want %q", step.now.About, have, step.left)
		}
	}
	if text := r.Bytes(); !bytes.Contains(text, []byte(" feed_ids=acme.example,2024 ")) || bytes.Contains(text, []byte("acme.test")) {
		t.Errorf("%s", text)
	}
}
