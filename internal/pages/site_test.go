package pages_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/net/html"

	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/tree"
	"github.com/privgen/privgen/templates"
	"github.com/privgen/privgen/themes"
)

// This file has the site that the tests of this package share, and functions that
// read rendered pages.

// now is when the fixture is looked at. No date in it is of that day or month,
// so that a date of the build would be seen.
var now = time.Date(2026, 7, 19, 13, 37, 11, 0, time.UTC)

// fixture returns the files of a small site with all that a history can have:
// three policies in three languages; versions superseded, of one day, in force,
// upcoming and not published yet; days and instants; texts that are translated,
// not translated, and only in a language that is not the site's.
func fixture() map[string]string {
	files := map[string]string{
		"privgen.toml": `[site]
title = "Examples & Co: policies"
base_url = "https://example.com/legal/"
language = "en-GB"
time_zone = "Europe/Berlin"
tag_authority = "example.com,2019"
policies = ["privacy"]

[organization]
name = "Example <Works> GmbH"
url = "https://www.example.com/"
email = "privacy@example.com"

[[footer]]
text = "Our texts"
href = "/legal/privacy/archive/"

[languages.de]
title = "Beispiel: Richtlinien"
`,
		"content/privacy/policy.toml": `title = "Privacy policy"
kind = "privacy"
description = "What we learn & keep."
formerly = ["privacy-notice"]

[translations.de]
title = "Datenschutzerklärung"
description = "Was wir erfahren."
`,
		"content/privacy/2022-05-01.md": matter(`source = "https://archive.example.org/privacy"`) +
			"# Privacy policy\n\nWe keep what you send us.\n\n## Rights\n\nAsk us.\n",
		"content/privacy/2022-05-01.2.md": matter(`summary = "A mistake was mended."`, `reviewed = 2022-06-30`) +
			"# Privacy policy\n\nWe keep what you send us, and no more.\n\n## Rights\n\nAsk us.\n",
		"content/privacy/2024-03-31.md": matter(`updated = 2024-02-27`, `published = 2024-02-29`, `label = "3.0"`,
			`summary = "Invoices are kept for <10> years & more."`, `changes = ["Retention: 6 to 10 years", "New: \"rights\" ]]> are explained"]`, `material = true`) +
			"# Privacy policy\n\n## Retention {#retention}\n\nTen years. See [the terms](../terms.md#liability) and [before](2022-05-01.2.md).\n\n## Rights\n\nAsk us.[^1]\n\n[^1]: In writing.\n",
		"content/privacy/2024-03-31.de.md": matter(`summary = "Rechnungen werden 10 Jahre aufbewahrt."`, `changes = ["Aufbewahrung: 10 statt 6 Jahre"]`) +
			"# Datenschutzerklärung\n\n## Aufbewahrung {#retention}\n\nZehn Jahre. Siehe [Cookies](../cookies/2023-01-15.md).\n\n## Rechte\n\nFragen Sie.\n",
		"content/privacy/2026-02-01.md": matter(`effective = 2026-02-01T09:30:00+01:00`, `published = 2026-01-10T08:00:00.25-05:00`, `reviewed = 2026-05-05`) +
			"# Privacy policy\n\n## Retention {#retention}\n\nTen years.\n\n## Rights\n\nAsk us. ![A seal](seal.png)\n\n## How\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n",
		"content/privacy/2026-02-01.de.md": "# Datenschutzerklärung\n\n## Aufbewahrung {#retention}\n\nZehn Jahre.\n",
		"content/privacy/2026-12-25.md": matter(`updated = 2026-04-04`, `published = 2026-06-03T00:00:00Z`, `summary = "New."`, `material = true`) +
			"# Privacy policy\n\nAll is new. See [retention](2024-03-31.md#retention).\n",
		"content/privacy/2027-11-11.md": matter(`published = 2026-11-11T11:11:00Z`, `summary = "hush-hush"`) +
			"# Hush-hush policy\n\nThis is hush-hush.\n",
		"content/privacy/draft.md": "# Privacy policy\n\nThis is top-secret.\n",
		"content/privacy/seal.png": "\x89PNG\r\n\x1a\n seal",

		"content/cookies/policy.toml":   "kind = \"cookies\"\nlanguage = \"de\"\norder = 2\n",
		"content/cookies/2023-01-15.md": matter(`published = 2023-01-02`) + "# Kekse\n\nWir setzen keine.\n",
		"content/cookies/2025-10-26.md": matter(`summary = "Doch."`) + "# Kekse\n\nWir setzen einen: [mehr](../privacy.md#retention).\n",

		"content/terms.md":    matter(`effective = 2023-08-08`, `material = true`) + "# Terms\n\n## Liability\n\nNone. See [privacy](privacy.md).\n",
		"content/terms.ar.md": "# الشروط\n\n## المسؤولية {#liability}\n\nلا شيء.\n",
	}
	return files
}

func matter(lines ...string) string { return "+++\n" + strings.Join(lines, "\n") + "\n+++\n" }

// with returns the fixture with changed files: name, text, name, text. An empty text
// removes a file. A text with a line "+" replaces the text before that line by the
// text after it.
func with(changes ...string) map[string]string {
	files := fixture()
	for i := 0; i < len(changes); i += 2 {
		name, text := changes[i], changes[i+1]
		before, after, replace := strings.Cut(text, "\n+\n")
		switch {
		case text == "":
			delete(files, name)
		case replace:
			if !strings.Contains(files[name], before) {
				panic(fmt.Sprintf("%s holds no %q", name, before))
			}
			files[name] = strings.ReplaceAll(files[name], before, after)
		default:
			files[name] = text
		}
	}
	return files
}

func mapFS(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	return fsys
}

func input(fsys fs.FS) site.Input {
	return site.Input{Files: fsys, Templates: templates.FS, Themes: themes.FS, Program: "test"}
}

func load(t testing.TB, in site.Input) *site.Site {
	t.Helper()
	s, problems := site.Load(in)
	for _, p := range problems {
		t.Error(p)
	}
	if problems != nil {
		t.FailNow()
	}
	return s
}

func plan(t testing.TB, files map[string]string) tree.Tree {
	t.Helper()
	return pages.Plan(load(t, input(mapFS(files))), now)
}

func draw(t testing.TB, e *tree.Entry) string {
	t.Helper()
	var b bytes.Buffer
	if err := e.Render(&b); err != nil {
		t.Fatalf("%s: %v", e.Path, err)
	}
	return b.String()
}

// A drawn site: what stands at each path.
type drawn struct {
	base  string // its address
	tree  tree.Tree
	text  map[string]string
	pages map[string]*html.Node // by path, of the entries that are HTML
}

func drawAll(t testing.TB, base string, tr tree.Tree) *drawn {
	t.Helper()
	d := &drawn{base, tr, map[string]string{}, map[string]*html.Node{}}
	for i := range tr {
		e := &tr[i]
		d.text[e.Path] = draw(t, e)
		if strings.HasPrefix(e.Type, "text/html") {
			doc, err := html.Parse(strings.NewReader(d.text[e.Path]))
			if err != nil {
				t.Fatalf("%s: %v", e.Path, err)
			}
			d.pages[e.Path] = doc
		}
	}
	return d
}

// built returns the fixture, drawn.
func built(t testing.TB) *drawn {
	t.Helper()
	return drawAll(t, "https://example.com/legal/", plan(t, fixture()))
}

// url returns the URL of a path in the tree.
func (d *drawn) url(p string) string {
	if path.Base(p) == "index.html" {
		p = p[:len(p)-len("index.html")]
	}
	return d.base + p
}

// sorted returns the paths of the pages, without those that only lead on to
// another (see Settings.Formerly).
func (d *drawn) sorted() []string {
	var out []string
	for _, p := range slices.Sorted(maps.Keys(d.pages)) {
		if find(d.pages[p], "main") != nil {
			out = append(out, p)
		}
	}
	return out
}

// lead resolves a link of a page. It returns the path in the tree; ok is false if the
// link leaves the site.
func (d *drawn) lead(t testing.TB, from, href string) (path, fragment string, ok bool) {
	t.Helper()
	base, err := url.Parse(d.url(from))
	if err != nil {
		t.Fatal(err)
	}
	u, err := base.Parse(href)
	if err != nil {
		t.Errorf("%s: %q: %v", from, href, err)
		return "", "", false
	}
	fragment = u.Fragment
	u.Fragment, u.RawFragment = "", ""
	path, ok = strings.CutPrefix(u.String(), d.base)
	if path == "" || strings.HasSuffix(path, "/") {
		path += "index.html"
	}
	return path, fragment, ok
}

// walk calls do for an element and all below it.
func walk(n *html.Node, do func(n *html.Node)) {
	if n.Type == html.ElementNode {
		do(n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(c, do)
	}
}

// all returns the elements of a name, those with an attribute of that value.
func all(n *html.Node, name string, attrs ...string) []*html.Node {
	var out []*html.Node
	walk(n, func(n *html.Node) {
		ok := n.Data == name
		for i := 0; i+1 < len(attrs); i += 2 {
			ok = ok && attr(n, attrs[i]) == attrs[i+1]
		}
		if ok {
			out = append(out, n)
		}
	})
	return out
}

// find returns the first of all, or nil.
func find(n *html.Node, name string, attrs ...string) *html.Node {
	if list := all(n, name, attrs...); len(list) > 0 {
		return list[0]
	}
	return nil
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
}

// words returns the text of an element.
func words(n *html.Node) string {
	if n == nil {
		return ""
	}
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(words(c))
	}
	return b.String()
}

// rels returns where the links of a page's head of one relation lead.
func rels(n *html.Node, rel string) []string {
	var out []string
	for _, l := range all(n, "link", "rel", rel) {
		out = append(out, attr(l, "href"))
	}
	return out
}

func date(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}
