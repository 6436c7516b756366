package pages_test

import (
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/privgen/privgen/internal/pages"
)

func parsed(t *testing.T, text string) *html.Node {
	t.Helper()
	n, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A fragment has the text of the policy's page and its notices, and nothing in it
// depends on the page around it.
func TestFragment(t *testing.T) {
	t.Parallel()
	files := fixture()
	files["privgen.toml"] = strings.Replace(files["privgen.toml"], "[organization]",
		"[output]\nformats = [\"json\", \"fragment\"]\nfragment_level = 3\n\n[organization]", 1)
	tr := pages.Plan(load(t, input(mapFS(files))), now)
	n := 0
	for _, e := range tr {
		path, ok := strings.CutSuffix(e.Path, "fragment.html")
		if !ok {
			continue
		}
		n++
		page, own := parsed(t, draw(t, tr.Find(path+"index.html"))), draw(t, &e)
		fragment := parsed(t, own)
		if find(page, "article") == nil { // at a former name, where the page leads on
			if find(fragment, "article") == nil {
				t.Errorf("%s leads on, and whoever includes it follows no link", e.Path)
			}
			continue
		}
		for _, key := range []string{"data-policy", "data-version", "lang", "dir"} {
			if have, want := attr(find(fragment, "article"), key), attr(find(page, "article"), key); have != want {
				t.Errorf("%s: %s is %q, and the page has %q", e.Path, key, have, want)
			}
		}
		lowered := strings.NewReplacer("<h1", "<h3", "</h1", "</h3", "<h2", "<h4", "</h2", "</h4", "<h3", "<h5", "</h3", "</h5",
			`class="`, `class="privgen-`, `src="/`, `src="https://example.com/`)
		plain := func(s string) string { return strings.Join(strings.Fields(s), " ") }
		if have, want := plain(article(t, fragment)), plain(lowered.Replace(article(t, page))); have != want || len(want) < 100 {
			t.Errorf("%s: the text is\n%s\nand the page has\n%s", e.Path, have, want)
		}
		for _, m := range regexp.MustCompile(`(?:href|src)="([^"]*)"`).FindAllStringSubmatch(own, -1) {
			if !strings.HasPrefix(m[1], "#") && !strings.Contains(m[1], ":") {
				t.Errorf("%s: the link %q depends on the page", e.Path, m[1])
			}
		}
		for _, m := range regexp.MustCompile(`class="([^"]*)"`).FindAllStringSubmatch(own, -1) {
			for _, name := range strings.Fields(m[1]) {
				if !strings.HasPrefix(name, "privgen-") {
					t.Errorf("%s has the class %q", e.Path, name)
				}
			}
		}
		if strings.Contains(own, "<h1") || strings.Contains(own, "<h2") || !strings.Contains(own, "<h3") {
			t.Errorf("%s has headings of other levels", e.Path)
		}
		notices := strings.Count(draw(t, tr.Find(path+"index.html")), `<p class="notice `)
		if have := strings.Count(own, `<p class="privgen-notice"`); have != notices {
			t.Errorf("%s has %d notices, and the page %d", e.Path, have, notices)
		}
	}
	if n < 4 {
		t.Errorf("%d fragments", n)
	}
	if h := draw(t, tr.Find("_headers")); !strings.Contains(h, "/*/fragment.html\n  Access-Control-Allow-Origin: *\n  X-Robots-Tag: noindex\n") {
		t.Errorf("_headers has no rule:\n%s", h)
	}
}
