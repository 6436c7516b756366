package main

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// The files of the sample site are consistent: every link leads to a page and an id,
// pages load nothing from other hosts, and files for programs can be parsed.
func TestSampleIsConsistent(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"https://legal.fernhill.example/", "https://example.com/legal/"} {
		out := filepath.Join(t.TempDir(), "public")
		mustBuild(t, "--config", repo, "--base-url", base, "--out", out)
		files, err := contents(out)
		if err != nil {
			t.Fatal(err)
		}
		s := &stranger{t: t, base: base, files: files, ids: map[string][]string{}, pages: map[string]*html.Node{}}
		for name, text := range files {
			s.open(name, text)
		}
		for name, doc := range s.pages {
			for n := range doc.Descendants() {
				if n.Type == html.ElementNode {
					s.element(name, n)
				}
			}
		}
		if len(s.pages) < 20 || s.links < 500 {
			t.Errorf("%d pages with %d links were read only", len(s.pages), s.links)
		}
	}
}

type stranger struct {
	t     *testing.T
	base  string
	files map[string]string
	pages map[string]*html.Node
	ids   map[string][]string
	links int
}

// open reads a file by its kind.
func (s *stranger) open(name, text string) {
	switch path.Ext(name) {
	case ".html":
		doc, err := html.Parse(strings.NewReader(text))
		if err != nil {
			s.t.Errorf("%s: %v", name, err)
		}
		s.pages[name] = doc
		for n := range doc.Descendants() {
			if id := attribute(n, "id"); id != "" {
				if slices.Contains(s.ids[name], id) {
					s.t.Errorf("%s has the id %q twice", name, id)
				}
				s.ids[name] = append(s.ids[name], id)
			}
		}
		for _, bad := range []string{"ZgotmplZ", "no value>", "&amp;amp;", "&amp;lt;"} {
			if strings.Contains(text, bad) {
				s.t.Errorf("%s holds %s", name, bad)
			}
		}
	case ".json":
		if !json.Valid([]byte(text)) {
			s.t.Errorf("%s is no JSON", name)
		}
	case ".xml", ".atom":
		d := xml.NewDecoder(strings.NewReader(text))
		for {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				s.t.Errorf("%s: %v", name, err)
				break
			}
			if chars, ok := token.(xml.CharData); ok && path.Base(name) == "sitemap.xml" && strings.HasPrefix(string(chars), "http") {
				s.follow(name, string(chars))
			}
		}
	}
}

func (s *stranger) element(name string, n *html.Node) {
	for _, a := range n.Attr {
		if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
			s.t.Errorf("%s: <%s> has the attribute %s", name, n.Data, a.Key)
		}
	}
	if src := attribute(n, "src"); src != "" && !strings.HasPrefix(src, "/") {
		s.t.Errorf("%s loads %s", name, src)
	}
	switch n.Data {
	case "style", "iframe", "object", "base":
		s.t.Errorf("%s has a <%s>", name, n.Data)
	case "script":
		if attribute(n, "type") != "application/ld+json" || !json.Valid([]byte(n.FirstChild.Data)) {
			s.t.Errorf("%s has a script that is no JSON-LD", name)
		}
	case "link":
		href := attribute(n, "href")
		if attribute(n, "rel") == "stylesheet" && !strings.HasPrefix(href, "/") {
			s.t.Errorf("%s loads %s", name, href)
		}
		s.follow(name, href)
	case "a":
		if n.Parent.Data == "del" || attribute(n, "data-href") != "" {
			return // the link of a deleted text
		}
		s.follow(name, attribute(n, "href"))
	case "img":
		s.follow(name, attribute(n, "src"))
	}
}

// follow checks that the target of a link exists if it is on the site.
func (s *stranger) follow(from, href string) {
	s.links++
	base, _ := url.Parse(s.base) // a constant
	at, err := base.Parse(strings.TrimSuffix(from, "index.html"))
	if err != nil {
		s.t.Fatal(err)
	}
	to, err := at.Parse(href)
	if err != nil || href == "" {
		s.t.Errorf("%s links to %q", from, href)
		return
	}
	if to.Host != base.Host || !strings.HasPrefix(to.Path, base.Path) {
		if to.Host == base.Host {
			s.t.Errorf("%s links to %s, which is not below %s", from, href, s.base)
		}
		return
	}
	name := strings.TrimPrefix(to.Path, base.Path)
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	if _, ok := s.files[name]; !ok {
		s.t.Errorf("%s links to %s, and there is no %s", from, href, name)
	} else if to.Fragment != "" && !slices.Contains(s.ids[name], to.Fragment) {
		s.t.Errorf("%s links to %s, and there is no such id", from, href)
	}
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
