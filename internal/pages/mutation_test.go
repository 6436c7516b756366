package pages_test

import (
	"bytes"
	"flag"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/normal"
	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

// flips is how many mutations of each kind TestMutations tries; 0 is all of them.
var flips = flag.Int("flips", 20, "mutations of each file that TestMutations tries; 0: every byte and line")

// mutated is a site with all that an entry of the lock file has.
func mutated() map[string]string {
	return map[string]string{
		"privgen.toml":                     "[site]\ntitle = \"T\"\nbase_url = \"https://legal.example.com/\"\nlanguage = \"en-GB\"\ntime_zone = \"UTC\"\n\n[organization]\nname = \"Example Ltd\"\n\n[values]\nyears = 5\n",
		"content/privacy/policy.toml":      "title = \"Privacy policy\"\nformerly = [\"data\"]\n",
		"content/privacy/2025-02-10.md":    "+++\neffective = 2025-02-10\nsummary = \"First.\"\n+++\n\n# Privacy\n\n## Keep\n\nWe keep data.\n",
		"content/privacy/2026-04-01.md":    "+++\neffective = 2026-04-01\nupdated = 2026-02-20\nlabel = \"3.0\"\nsummary = \"Five years now.\"\nchanges = [\"Retention: five\"]\nmaterial = true\nsource = \"https://old.example/\"\n\n[aliases]\nkept = \"keep\"\n+++\n\n# Privacy\n\nCafé data are kept for {{values.years}} years.\n\n## Keep {#keep}\n\nWe do **not** sell data.\n\n![Five years](five.png)\n",
		"content/privacy/2026-04-01.de.md": "# Datenschutz\n\n## Dauer {#keep}\n\nWir verkaufen **nicht**.\n",
		"content/privacy/five.png":         "\x89PNG\r\n\x1a\nfive",
		"content/cookies.md":               "+++\neffective = 2022-11-01\n+++\n\n# Cookies\n\nOne cookie.\n",
	}
}

// seen renders what readers and programs get of the released texts.
func seen(t *testing.T, s *site.Site, all bool) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, e := range pages.Plan(s, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)) {
		if !strings.HasSuffix(e.Path, "index.md") && !(all && (strings.HasSuffix(e.Path, "versions.json") || strings.HasPrefix(e.Path, "assets/five"))) {
			continue
		}
		var b bytes.Buffer
		if err := e.Render(&b); err != nil {
			t.Fatal(err)
		}
		out[e.Path] = b.String()
		if strings.HasSuffix(e.Path, "index.md") { // lines may be wrapped in another way
			f, _ := source.Parse(e.Path, normal.SkipHead(b.Bytes()))
			body, _ := markdown.NewRenderer(1<<16).Parse(f, 0, markdown.Rules{})
			out[e.Path] = body.Reading()
		}
	}
	return out
}

// said reports whether a build reports a difference from the lock file.
func said(s *site.Site) bool {
	_, missing := s.Protection()
	return s.Record() == nil || s.Record().Old() || len(missing) > 0 || len(s.Record().Changed(s.ByRecord())) > 0
}

// Bytes of every file of a site are flipped, and lines removed: either the build
// stops, or it says so, or every released text is what it was, with all that is
// said of it.
func TestMutations(t *testing.T) {
	t.Parallel()
	files := mutated()
	s := load(t, input(mapFS(files)))
	by, rec, on := s.ByRecord(), &record.Record{}, day.Day{Year: 2026, Month: 4, Dom: 2}
	for _, text := range rec.Missing(s.Library) {
		e, err := by.EntryOf(text)
		if err != nil {
			t.Fatal(err)
		}
		rec.Add(e, on)
	}
	rec.RecordSettings(by, on)
	files[record.File] = string(rec.Bytes())
	if s = load(t, input(mapFS(files))); said(s) {
		t.Fatal("the site is not as it was recorded")
	}
	wants := map[bool]map[string]string{true: seen(t, s, true), false: seen(t, s, false)}
	stopped, told, same := 0, 0, 0
	try := func(name, text, what string) {
		edited := maps.Clone(files)
		edited[name] = text
		s, problems := site.Load(input(mapFS(edited)))
		switch {
		case len(problems) > 0:
			stopped++
		case said(s):
			told++
		default:
			pages := name != "privgen.toml" // addresses and titles of the site may change
			if have := seen(t, s, pages); !maps.Equal(have, wants[pages]) {
				t.Errorf("%s: %s passes silently, and readers see something else", name, what)
			}
			same++
		}
	}
	random := rand.New(rand.NewPCG(11, 3))
	for _, name := range slices.Sorted(maps.Keys(files)) {
		text := files[name]
		at := random.Perm(len(text))
		if *flips > 0 {
			at = at[:min(*flips, len(at))]
		}
		for _, i := range at {
			b := []byte(text)
			b[i] ^= 1 << random.IntN(8)
			try(name, string(b), "a bit of "+text[max(0, i-10):min(len(text), i+10)])
		}
		lines := strings.SplitAfter(text, "\n")
		for i := range lines {
			try(name, strings.Join(slices.Delete(slices.Clone(lines), i, i+1), ""), "without the line "+lines[i])
		}
		try(name, "", "without text")
	}
	t.Logf("%d stopped, %d said, %d the same", stopped, told, same)
	if stopped < 100 || told < 10 || same < 10 {
		t.Error("too few to tell")
	}
}
