package view_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/redline/view"
	"github.com/privgen/privgen/internal/source"
)

var update = flag.Bool("update", false, "write the redlines that the cases have now")

// options have no words for screen readers, so that cases are easier to read.
var options = &view.RenderOptions{RenderOptions: markdown.RenderOptions{
	Address: func(dest string) (string, bool) { return "/at/" + dest, strings.Contains(dest, ".md") },
	Clause:  "Link to this clause", Table: "Table", Footnotes: "Footnotes", Back: "Back to the text",
}}

func take(p *markdown.Renderer, text string) *markdown.Body {
	f, problem := source.Parse("p/2026-01-01.md", []byte(text))
	if problem != nil {
		panic(problem.Code)
	}
	b, _ := p.Parse(f, 0, markdown.Rules{HTML: "sanitize", DeadLinks: "keep", Images: "link"})
	return b
}

// TestCases compares the HTML of the cases that ../testdata/README.md describes.
func TestCases(t *testing.T) {
	names, err := filepath.Glob("../testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no cases", err)
	}
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range a.Files {
			if filepath.Base(f.Name) != "redline.html" {
				continue
			}
			p := markdown.NewRenderer(1 << 20)
			r := redline.Compare(take(p, string(a.Files[i-2].Data)), take(p, string(a.Files[i-1].Data)))
			have, _ := view.HTML(nil, r, options)
			if *update {
				a.Files[i].Data = have
			} else if string(have) != string(f.Data) {
				t.Errorf("%s\nhave %s\nwant %s", f.Name, have, f.Data)
			}
		}
		if *update {
			if err := os.WriteFile(name, txtar.Format(a), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Moved words have a label before them at their new place. Their old place has a link to the
// new one, with an arrow down or up.
func TestMovedLabel(t *testing.T) {
	list := "We keep the address that you gave us for ten years.\n\n"
	before := "# T\n\n## 1. A\n\n" + list + "## 2. B\n\nAsk us by mail.\n\n## 3. C\n\nWrite to us.\n"
	after := "# T\n\n## 1. B\n\nAsk us by mail.\n\n## 2. C\n\nWrite to all of us.\n\n## 3. A\n\n" + list
	const link = `<a href="#pg:%s" data-added data-label="moved %[2]s" aria-label="moved %[2]s"></a><del class="moved">`
	set := *options
	set.Moved, set.PreviousChange, set.NextChange, set.Change = "moved", "previous", "next", func(view.Change) {}
	for _, want := range []string{fmt.Sprintf(link, "2", "↓ 3. A"), fmt.Sprintf(link, "1", "↑ 1. A")} {
		page, title := view.HTML(nil, compare(before, after), &set)
		label := []byte(`</span></span><ins class="moved">`)
		if bytes.Count(page, []byte(` data-label="moved">`)) != 1 || !bytes.Contains(page, label) {
			t.Errorf("not one label, before the moved heading: %s", page)
		}
		if bytes.Count(page, []byte("aria-label=\"moved")) != 1 || !bytes.Contains(page, []byte(want)) {
			t.Errorf("not one link, %s: %s", want, page)
		}
		if bytes.Count(page, []byte(">next</a>")) != 1 || !bytes.HasSuffix(page[:title], []byte("</h1>\n")) {
			t.Errorf("the title ends at %d, or two changes do not have one link to the next: %s", title, page)
		}
		before, after = after, before
	}
}
