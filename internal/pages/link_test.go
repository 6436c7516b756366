package pages_test

import (
	"encoding/json"
	"encoding/xml"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/privgen/privgen/internal/pages"
)

// This file follows the links of finished sites: those that people click, and
// those that programs follow.

// pinned returns the paths of the permalinks: the pages that show a version under
// its own id.
func (d *drawn) pinned() []string {
	return slices.DeleteFunc(d.sorted(), func(p string) bool {
		a := find(d.pages[p], "article")
		return a == nil || !strings.HasSuffix(p, "/"+attr(a, "data-version")+"/index.html")
	})
}

// stable returns the paths of the policies' pages.
func (d *drawn) stable() []string {
	pinned := d.pinned()
	return slices.DeleteFunc(d.sorted(), func(p string) bool {
		return find(d.pages[p], "article") == nil || slices.Contains(pinned, p) || slices.Contains(d.redlines(), p)
	})
}

// redlines returns the paths of the pages that show what changed.
func (d *drawn) redlines() []string {
	return slices.DeleteFunc(d.sorted(), func(p string) bool { return !strings.Contains(p, "/redline/") })
}

func TestPages(t *testing.T) {
	t.Parallel()
	d := built(t)
	if have, want := len(d.pinned()), 11; have != want {
		t.Errorf("have %d permalinks %q, want %d", have, d.pinned(), want)
	}
	if have, want := len(d.stable()), 6; have != want {
		t.Errorf("have %d policy pages %q, want %d", have, d.stable(), want)
	}
}

// Every permalink leads to its history and to the page in force, and all but
// the first to the version before; it has itself for its canonical address, and
// is not for search engines.
func TestVersionRelations(t *testing.T) {
	t.Parallel()
	d := built(t)
	first := []string{"privacy/2022-05-01/", "de/cookies/2023-01-15/", "terms/2023-08-08/", "ar/terms/2023-08-08/"}
	for _, p := range d.pinned() {
		page, dir := d.pages[p], strings.TrimSuffix(p, "index.html")
		policy := dir[:strings.LastIndex(strings.TrimSuffix(dir, "/"), "/")+1]
		if have, want := rels(page, "version-history"), []string{d.base + policy + "archive/"}; !slices.Equal(have, want) {
			t.Errorf("%s: version-history is %q, want %q", p, have, want)
		}
		if have, want := rels(page, "latest-version"), []string{d.base + policy}; !slices.Equal(have, want) {
			t.Errorf("%s: latest-version is %q, want %q", p, have, want)
		}
		if have, want := len(rels(page, "predecessor-version")) == 0, slices.Contains(first, dir); have != want {
			t.Errorf("%s: has predecessor-version %q", p, rels(page, "predecessor-version"))
		}
		if have := rels(page, "successor-version"); have != nil {
			t.Errorf("%s: successor-version %q is in a page that is to stay as it is", p, have)
		}
		if have, want := rels(page, "canonical"), []string{d.base + dir}; !slices.Equal(have, want) {
			t.Errorf("%s: canonical is %q, want %q", p, have, want)
		}
		if find(page, "meta", "name", "robots", "content", "noindex") == nil {
			t.Errorf("%s: is not noindex", p)
		}
	}
	for _, p := range d.stable() {
		page, dir := d.pages[p], strings.TrimSuffix(p, "index.html")
		if have, want := rels(page, "version-history"), []string{d.base + dir + "archive/"}; !slices.Equal(have, want) {
			t.Errorf("%s: version-history is %q, want %q", p, have, want)
		}
		latest := rels(page, "latest-version")
		if len(latest) != 1 || !strings.HasSuffix(latest[0], "/"+attr(find(page, "article"), "data-version")+"/") {
			t.Errorf("%s: latest-version is %q", p, latest)
		}
		if have, want := rels(page, "canonical"), []string{d.base + dir}; !slices.Equal(have, want) {
			t.Errorf("%s: canonical is %q, want %q", p, have, want)
		}
		if find(page, "meta", "name", "robots") != nil {
			t.Errorf("%s: is not for search engines", p)
		}
		want := strings.HasPrefix(p, "privacy/") || strings.HasPrefix(p, "de/privacy/")
		if have := rels(page, "successor-version"); len(have) > 1 || want != (len(have) == 1) {
			t.Errorf("%s: successor-version is %q", p, have)
		}
	}
}

// From the latest version every version can be reached, each once.
func TestPredecessors(t *testing.T) {
	t.Parallel()
	d := built(t)
	for from, want := range map[string]string{
		"privacy/2026-12-25/index.html":    "2026-12-25 2026-02-01 2024-03-31 2022-05-01.2 2022-05-01",
		"privacy/index.html":               "2026-02-01 2024-03-31 2022-05-01.2 2022-05-01",
		"de/privacy/index.html":            "2026-02-01 2024-03-31 2022-05-01.2 2022-05-01",
		"cookies/index.html":               "2025-10-26 2023-01-15",
		"de/cookies/2025-10-26/index.html": "2025-10-26 2023-01-15",
		"ar/terms/index.html":              "2023-08-08",
	} {
		var ids []string
		for p := from; len(ids) < 20; {
			page := d.pages[p]
			ids = append(ids, attr(find(page, "article"), "data-version"))
			before := rels(page, "predecessor-version")
			if len(before) != 1 {
				break
			}
			p, _, _ = d.lead(t, p, before[0])
		}
		if have := strings.Join(ids, " "); have != want {
			t.Errorf("from %s: have %s, want %s", from, have, want)
		}
	}
}

// Translations name one another, themselves too, by absolute addresses, and
// only where they are translations of the same version.
func TestHreflang(t *testing.T) {
	t.Parallel()
	d := built(t)
	set := func(p string) map[string]string {
		out := map[string]string{}
		for _, l := range all(d.pages[p], "link", "rel", "alternate") {
			if lang := attr(l, "hreflang"); lang != "" {
				if out[lang] != "" {
					t.Errorf("%s: two addresses in %s", p, lang)
				}
				out[lang] = attr(l, "href")
			}
		}
		return out
	}
	sets := 0
	for _, p := range d.sorted() {
		s := set(p)
		if len(s) == 0 {
			continue
		}
		sets++
		root := find(d.pages[p], "html")
		if s[attr(root, "lang")] != d.url(p) {
			t.Errorf("%s: does not name itself: %q", p, s)
		}
		for lang, href := range s {
			to, _, ok := d.lead(t, p, href)
			other := d.pages[to]
			if !strings.HasPrefix(href, d.base) || !ok || other == nil {
				t.Errorf("%s: %s leads nowhere", p, href)
				continue
			}
			if back := set(to); back[attr(root, "lang")] != d.url(p) || len(back) != len(s) {
				t.Errorf("%s: %s does not name it: %q", p, to, back)
			}
			if lang != "x-default" && attr(find(other, "html"), "lang") != lang {
				t.Errorf("%s: %s is not in %s", p, to, lang)
			}
			a, b := find(d.pages[p], "article"), find(other, "article")
			if (a == nil) != (b == nil) || a != nil && (attr(a, "data-version") != attr(b, "data-version") || attr(b, "lang") != attr(find(other, "html"), "lang")) {
				t.Errorf("%s: %s shows another version, or no translation", p, to)
			}
		}
	}
	if sets != 3+(2+4+2)+(2+2+2)+2+2 { // home; pages in force, permalinks and archives of privacy and of terms; archives of cookies; the redline in two languages
		t.Errorf("have %d pages that name their translations", sets)
	}
}

// Everything that any page links to or loads is there, if it is on this site,
// and so is the clause that it names.
func TestLinksResolve(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]*drawn{
		"under a path": built(t),
		"with assets": drawAll(t, "https://example.com/legal/", plan(t, with("templates/mine.html", `{{define "head-extra"}}<link rel="icon" href="{{asset "a/seal.svg"}}">{{end}}`,
			"templates/assets/a/seal.svg", `<svg xmlns="http://www.w3.org/2000/svg"/>`))),
		"at the root": drawAll(t, "https://example.net/", plan(t, with("privgen.toml", "https://example.com/legal/\n+\nhttps://example.net", "privgen.toml", "/legal/\n+\n/",
			"content/privacy/2026-02-01.de.md", ""))),
		"indexed":          drawAll(t, "https://example.com/legal/", plan(t, with("privgen.toml", "[organization]\n+\nsuperseded = \"index\"\n[organization]"))),
		"nothing in force": drawAll(t, "https://example.com/legal/", pages.Plan(load(t, input(mapFS(fixture()))), date("2022-01-01T00:00:00Z"))),
		"pages alone":      drawAll(t, "https://example.com/legal/", plan(t, with("privgen.toml", "[organization]\n+\n[output]\nformats = []\n[organization]"))),
	} {
		inside := 0
		for p, page := range d.pages {
			for _, href := range hrefs(page) {
				to, fragment, ok := d.lead(t, p, href)
				if !ok {
					continue
				}
				inside++
				if d.tree.Find(to) == nil {
					t.Errorf("%s: %s: %q leads to %s, which is not there", name, p, href, to)
				} else if fragment != "" && !slices.Contains(ids(d.pages[to]), fragment) {
					t.Errorf("%s: %s: %q leads to no clause", name, p, href)
				}
			}
		}
		for p, text := range d.text {
			if strings.HasSuffix(p, ".json") || strings.HasSuffix(p, ".atom") || p == "sitemap.xml" || p == "robots.txt" {
				for _, href := range addresses(text) {
					if to, _, ok := d.lead(t, p, href); ok && d.tree.Find(to) == nil {
						t.Errorf("%s: %s: %q leads to %s, which is not there", name, p, href, to)
					}
				}
			}
		}
		if inside < 100 {
			t.Errorf("%s: have %d links only", name, inside)
		}
	}
}

// hrefs returns what a page links to and loads.
func hrefs(page *html.Node) []string {
	var out []string
	walk(page, func(n *html.Node) {
		for _, a := range n.Attr {
			switch {
			case a.Key == "href", a.Key == "src":
				out = append(out, a.Val)
			case n.Data == "meta" && attr(n, "http-equiv") == "refresh" && a.Key == "content":
				out = append(out, a.Val[strings.Index(a.Val, "=")+1:])
			}
		}
		if n.Data == "script" {
			out = append(out, addresses(words(n))...)
		}
	})
	return out
}

// addresses returns the absolute addresses in a text that is no HTML.
func addresses(text string) []string {
	var out []string
	for rest := text; ; {
		i := strings.Index(rest, "https://")
		if i < 0 {
			return out
		}
		rest = rest[i:]
		end := strings.IndexAny(rest, "\"<\\ \n&")
		if end < 0 {
			end = len(rest)
		}
		out = append(out, rest[:end])
		rest = rest[end:]
	}
}

func ids(page *html.Node) []string {
	var out []string
	walk(page, func(n *html.Node) {
		if id := attr(n, "id"); id != "" {
			out = append(out, id)
		}
	})
	return out
}

// No page has two elements of one id, and no two pages of a language one title.
func TestUnique(t *testing.T) {
	t.Parallel()
	d := built(t)
	titles := map[string]string{}
	for _, p := range d.sorted() {
		list := ids(d.pages[p])
		slices.Sort(list)
		if n := len(list); n != len(slices.Compact(list)) {
			t.Errorf("%s: an id is there twice: %q", p, list)
		}
		title := attr(find(d.pages[p], "html"), "lang") + ": " + words(find(d.pages[p], "title"))
		if other := titles[title]; other != "" {
			t.Errorf("%s and %s have the same title %q", p, other, title)
		}
		titles[title] = p
	}
}

// The sitemap lists every page that search engines may list, and no other.
func TestSitemap(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]map[string]string{
		"as it is": fixture(),
		"indexed":  with("privgen.toml", "[organization]\n+\nsuperseded = \"index\"\n[organization]"),
	} {
		d := drawAll(t, "https://example.com/legal/", plan(t, files))
		var have, want []string
		for _, u := range readSitemap(t, d) {
			have = append(have, u.Loc)
		}
		for _, p := range d.sorted() {
			page := d.pages[p]
			a := find(page, "article")
			repeats := a != nil && attr(a, "lang") != attr(find(page, "html"), "lang")
			if find(page, "meta", "name", "robots") == nil && !repeats {
				want = append(want, d.url(p))
			}
		}
		slices.Sort(want)
		if !slices.Equal(have, want) {
			t.Errorf("%s: have %q\nwant %q", name, have, want)
		}
	}
}

type sitemapURL struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod"`
}

func readSitemap(t *testing.T, d *drawn) []sitemapURL {
	t.Helper()
	var s struct {
		XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URLs    []sitemapURL `xml:"url"`
	}
	if err := xml.Unmarshal([]byte(d.text["sitemap.xml"]), &s); err != nil {
		t.Fatal(err)
	}
	return s.URLs
}

// Drafts, and versions that are not published yet, are nowhere; nor is anything
// of the preview, nor a script.
func TestNothingElse(t *testing.T) {
	t.Parallel()
	d := drawAll(t, "https://example.com/legal/", plan(t, with(
		"content/secret/2030-01-01.md", matter("published = 2029-01-01")+"# Hush-hush plans\n",
		"content/secret/draft.md", "# Top-secret plans\n",
		"content/plain/2020-01-01.md", "# Plain\n\nSee [another](2031-01-01.md) and [yet another](../secret.md).\n",
		"content/plain/2031-01-01.md", matter("published = 2030-01-01")+"# Hush-hush plans\n",
		"content/plain/2031-01-01.fr.md", "# Plans hush-hush\n")))
	for p, text := range d.text {
		if strings.HasSuffix(p, ".md") { // shows the text as it was written
			text = ""
		}
		for _, secret := range []string{"hush-hush", "top-secret", "2027-11-11", "secret", "2031", "fr/", "working-copy", "timegate", "localhost"} {
			if strings.Contains(strings.ToLower(p+text), secret) {
				t.Errorf("%s: holds %q", p, secret)
			}
		}
	}
	for p, page := range d.pages {
		for _, s := range all(page, "script") {
			if attr(s, "type") != "application/ld+json" || !json.Valid([]byte(words(s))) {
				t.Errorf("%s: has a script", p)
			}
		}
	}
}
