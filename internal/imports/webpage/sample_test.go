package webpage_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/privgen/privgen/internal/imports/textfile"
	"github.com/privgen/privgen/internal/imports/webpage"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/source"
)

// TestSamplePages imports the pages of the sample site: the text of each page must
// render like its source.
func TestSamplePages(t *testing.T) {
	t.Parallel()
	public := filepath.Join("..", "..", "..", "public")
	count := 0
	err := filepath.WalkDir(public, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() != "index.md" {
			return err
		}
		want, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		_, want = textfile.Split(want)
		if err != nil {
			return err
		}
		raw, err := os.ReadFile(filepath.Join(filepath.Dir(name), "index.html"))
		if err != nil {
			return err
		}
		if !bytes.Contains(raw, []byte("data-policy")) {
			return nil
		}
		count++
		got, problem := webpage.Read(name, raw, webpage.Options{})
		if problem != nil {
			t.Errorf("%s: %v", name, problem)
			return nil
		}
		if got.Version.IsZero() {
			t.Errorf("%s: the page has the day of its version", name)
		}
		if got.Differs != "" {
			t.Errorf("%s: %s", name, got.Differs)
		}
		a := elsewhere.ReplaceAllString(setHTML(t, got.Text), `href="SITE"`)
		b := elsewhere.ReplaceAllString(setHTML(t, want), `href="SITE"`)
		if a != b {
			i := 0
			for i < min(len(a), len(b)) && a[i] == b[i] {
				i++
			}
			t.Errorf("%s: the text is set otherwise than its source\nhave %q\nwant %q", name, a[max(0, i-80):min(len(a), i+120)], b[max(0, i-80):min(len(b), i+120)])
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if count < 10 {
		t.Errorf("found %d pages of the sample site, want at least 10", count)
	}
}

// elsewhere matches a link to another page of the sample site: a source has the path
// of a file, and the page has a URL.
var elsewhere = regexp.MustCompile(`href="(?:https://legal\.fernhill\.example/|\.\./|[a-z]+/)[^"]*"`)

// setHTML returns the HTML of a text.
func setHTML(t *testing.T, text []byte) string {
	t.Helper()
	body, problems := markdown.NewRenderer(1<<20).Parse(&source.File{Name: "x.md", Text: text}, 0, markdown.Rules{DeadLinks: "keep", Images: "link"})
	for _, p := range problems {
		t.Error(p)
	}
	out, _ := body.HTML(nil, &markdown.RenderOptions{Address: func(dest string) (string, bool) { return dest, true }})
	return string(out)
}
