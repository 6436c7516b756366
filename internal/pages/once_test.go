package pages_test

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/tree"
)

// A build reads each text twice, to load and to render it, and parses it once,
// in the order in which disk renders the pages. Without redline pages, the archive
// states how much changed, too.
func TestTextsAreParsedOnce(t *testing.T) {
	t.Parallel()
	for _, pairs := range []string{"neighbors", "none"} {
		t.Run(pairs, func(t *testing.T) {
			t.Parallel()
			parsedOnce(t, "\n[redlines]\npairs = \""+pairs+"\"\n")
		})
	}
}

func parsedOnce(t *testing.T, redlines string) {
	const versions = 30
	d := &aDisk{MapFS: mapFS(map[string]string{"privgen.toml": fixture()["privgen.toml"] + redlines})}
	for _, slug := range []string{"privacy", "terms"} {
		for i := range versions {
			text := fmt.Sprintf("# The %s policy\n\nThis is what we do since day %d.\n\n", slug, i)
			for p := range 8 { // each version changes one of its paragraphs
				text += fmt.Sprintf("## Part %d\n\nWe keep `%s` for %d days, see <https://example.com/%d>.\n\n",
					p, slug, (i+p)/8, p)
			}
			d.MapFS[fmt.Sprintf("content/%s/2024-01-%02d.md", slug, i+1)] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	in := input(d)
	in.Renderer = markdown.NewRenderer(64 << 20)
	tr := pages.Plan(load(t, in), now)
	parsed := in.Renderer.Parses()
	if least := 2 * versions; parsed < least {
		t.Fatalf("loading parsed %d blocks; there are at least %d", parsed, least)
	}
	slices.SortStableFunc(tr, func(a, b tree.Entry) int {
		return cmp.Or(cmp.Compare(b.Turn, a.Turn), cmp.Compare(a.Stage, b.Stage))
	})
	var page bytes.Buffer
	for i := range tr {
		if err := tr[i].Render(&page); err != nil {
			t.Fatal(err)
		}
	}
	if again := in.Renderer.Parses() - parsed; again > 0 {
		t.Errorf("rendering parsed %d blocks again, of %d", again, parsed)
	}
	reads := map[string]int{}
	for _, what := range d.asked {
		if name, ok := strings.CutPrefix(what, "read content/"); ok {
			reads[name]++
		}
	}
	if len(reads) != 2*versions {
		t.Errorf("%d texts were read, want %d", len(reads), 2*versions)
	}
	for name, n := range reads {
		if n > 2 {
			t.Errorf("%s was read %d times", name, n)
		}
	}
}
