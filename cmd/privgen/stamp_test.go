package main

import (
	"crypto/sha256"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/formats"
	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/normal"
	"github.com/privgen/privgen/internal/record"
)

// Every date of every version in the sample site is the one in the record: on pages, in
// archives, in the data for search engines, in feeds, in the history for programs, and
// in the sitemap.
func TestStampsAgree(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	copySite(t, dir)
	mustBuild(t, "--config", dir) // correct finds the earlier text in this output
	// A correction has a date, too.
	name := filepath.Join(dir, "content/privacy/2025-02-10.md")
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	write(t, name, string(raw)+"\nOne sentence more.\n")
	if code, _, errOut := privgen(t, "correct", "privacy", "2025-02-10", "--reason", "A sentence was lost.", "--yes", "--config", dir); code != exitDone {
		t.Fatal(errOut)
	}
	mustBuild(t, "--config", dir)
	files, err := contents(filepath.Join(dir, "public"))
	if err != nil {
		t.Fatal(err)
	}
	raw, err = os.ReadFile(filepath.Join(dir, record.File))
	if err != nil {
		t.Fatal(err)
	}
	rec, problems := record.Parse(raw)
	if problems != nil {
		t.Fatal(problems)
	}
	s := &stamps{t: t, files: files, byPage: map[string]*record.Entry{}}
	for _, e := range rec.Entries() {
		s.byPage[e.Address] = e
	}
	for name, text := range files {
		switch {
		case strings.HasSuffix(name, ".html"):
			s.page(name, text)
		case strings.HasSuffix(name, "versions.json"):
			s.history(name, text)
		case strings.HasSuffix(name, "feed.json"):
			s.feed(name, text)
		case strings.HasSuffix(name, "feed.atom"):
			s.atom(name, text)
		case name == "sitemap.xml":
			s.sitemap(text)
		}
	}
	for address, e := range s.byPage {
		text := files[address+"index.md"]
		if sum := sha256.Sum256(normal.SkipHead([]byte(text))); sum != e.Digest {
			s.t.Errorf("%sindex.md is not what the record says", address)
		}
	}
	t.Logf("%d dates agree", s.n)
	if s.n < 300 {
		t.Errorf("only %d dates were read", s.n)
	}
}

type stamps struct {
	t      *testing.T
	files  map[string]string
	byPage map[string]*record.Entry
	n      int
}

const sampleHost = "https://legal.fernhill.example/"

// same checks that a date on the site is the one in the record.
func (s *stamps) same(where, what, have, want string) {
	s.n++
	if have != want {
		s.t.Errorf("%s: %s is %q, and %q in the record", where, what, have, want)
	}
}

// list checks the dates of a stamp: when a version takes effect, its last day in force,
// its other dates, and its corrections.
func (s *stamps) list(where string, have []string, e *record.Entry, published bool) {
	want := []string{e.Effective.String()}
	rest := slices.Clone(have)
	if len(rest) > 2 && rest[1] != e.Updated.String() { // its last day in force: another version takes effect on the next
		last, err := day.Parse(rest[1])
		if err != nil {
			s.t.Errorf("%s: %v", where, err)
		}
		if !slices.ContainsFunc(s.entries(), func(o *record.Entry) bool { return o.Policy == e.Policy && o.Effective.In(time.UTC) == last.Add(1) }) {
			s.t.Errorf("%s: in force until %s, and nothing takes effect on the next day", where, rest[1])
		}
		rest = slices.Delete(rest, 1, 2)
	}
	want = append(want, e.Updated.String())
	if published && !e.Published.IsZero() {
		want = append(want, e.Published.String())
	}
	for _, c := range e.Corrections {
		want = append(want, c.Day.String())
	}
	for _, d := range want {
		i := slices.Index(rest, d)
		if i < 0 {
			s.t.Errorf("%s: has the dates %v; the record says %v", where, have, want)
			return
		}
		s.n++
		rest = slices.Delete(rest, i, i+1)
	}
	if len(rest) > 1 { // one more is allowed: the last review, which is not in the record
		s.t.Errorf("%s: has the dates %v that the record does not", where, rest)
	}
}

func (s *stamps) entries() (out []*record.Entry) {
	for _, e := range s.byPage {
		out = append(out, e)
	}
	return out
}

// entryOf returns the entry of the version that a page shows.
func (s *stamps) entryOf(where, slug, id, lang string) *record.Entry {
	for _, e := range s.byPage {
		if e.Policy == slug && e.Version == id && e.Lang == lang {
			return e
		}
	}
	s.t.Errorf("%s shows %s %s (%s), which is not in the record", where, slug, id, lang)
	return nil
}

func (s *stamps) page(name, text string) {
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		s.t.Fatal(err)
	}
	var shown *record.Entry
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		class := attribute(n, "class")
		switch {
		case n.Data == "article" && !strings.Contains(class, "redline"):
			if shown = s.entryOf(name, attribute(n, "data-policy"), attribute(n, "data-version"), attribute(n, "lang")); shown == nil {
				return
			}
		case class == "stamp-line" && shown != nil:
			s.list(name, times(n), shown, true)
		case n.Data == "li" && strings.HasPrefix(class, "entry ") && strings.HasSuffix(name, "archive/index.html"):
			for a := range n.Descendants() {
				if e := s.byPage[strings.TrimPrefix(attribute(a, "href"), "/")]; a.Data == "a" && e != nil {
					s.list(name, times(n), e, true)
					break
				}
			}
		case class == "stamp pair": // of a redline
			for _, d := range times(n) {
				s.n++
				if !slices.ContainsFunc(s.entries(), func(e *record.Entry) bool { return e.Effective.String() == d }) {
					s.t.Errorf("%s: nothing takes effect on %s", name, d)
				}
			}
		}
	}
	if shown != nil {
		s.data(name, text, shown)
	}
}

func times(n *html.Node) (out []string) {
	for d := range n.Descendants() {
		if d.Data == "time" {
			out = append(out, attribute(d, "datetime"))
		}
	}
	return out
}

var jsonLD = lazyregexp.New(`(?s)<script type="application/ld\+json">(.*?)</script>`)

func (s *stamps) data(name, text string, e *record.Entry) {
	found := jsonLD().FindStringSubmatch(text)
	if found == nil {
		s.t.Errorf("%s has no data block", name)
		return
	}
	var page struct{ DatePublished, DateModified, TemporalCoverage, Version string }
	s.read(name, found[1], &page)
	s.same(name, "version", page.Version, e.Version)
	modified := e.Updated.String()
	if published := e.Published.String(); len(published) >= len(modified) && published[:len(modified)] >= modified {
		modified = published // a page is not modified before it exists
	}
	s.same(name, "dateModified", page.DateModified, modified)
	s.same(name, "datePublished", page.DatePublished, e.Published.String())
	from, _, _ := strings.Cut(page.TemporalCoverage, "/")
	s.same(name, "temporalCoverage", from, e.Effective.String())
}

func (s *stamps) read(name, text string, v any) {
	if err := json.Unmarshal([]byte(text), v); err != nil {
		s.t.Fatalf("%s: %v", name, err)
	}
}

func (s *stamps) history(name, text string) {
	var h formats.History
	s.read(name, text, &h)
	for _, v := range h.Versions {
		for _, text := range v.Texts {
			e := s.byPage[strings.TrimPrefix(text.URL, sampleHost)]
			if e == nil {
				s.t.Errorf("%s has %s, which is not in the record", name, text.URL)
				continue
			}
			s.same(name, "effective", v.Effective, e.Effective.String())
			s.same(name, "updated", v.Updated, e.Updated.String())
			s.same(name, "published", v.Published, e.Published.String())
			s.same(name, "sha256", text.SHA256, fmt.Sprintf("%x", e.Digest))
			s.same(name, "the number of corrections", fmt.Sprint(len(text.Corrections)), fmt.Sprint(len(e.Corrections)))
			for i, c := range text.Corrections {
				s.same(name, "a correction", c.Date+c.Was, e.Corrections[i].Day.String()+fmt.Sprintf("%x", e.Corrections[i].Was))
			}
		}
	}
}

func (s *stamps) feed(name, text string) {
	var f struct {
		Items []struct {
			URL     string
			Content string                              `json:"content_html"`
			Date    string                              `json:"date_published"`
			Privgen struct{ Effective, Updated string } `json:"_privgen"`
		}
	}
	s.read(name, text, &f)
	for _, item := range f.Items {
		e := s.byPage[strings.TrimPrefix(item.URL, sampleHost)]
		if e == nil {
			s.t.Errorf("%s has %s, which is not in the record", name, item.URL)
			continue
		}
		s.same(name, "effective", item.Privgen.Effective, e.Effective.String())
		s.same(name, "updated", item.Privgen.Updated, e.Updated.String())
		s.appeared(name, item.Date, e)
		s.content(name, item.Content, e)
	}
}

// appeared checks that the date of a feed's entry is the day on which its version was
// published or, if that is unknown, took effect.
func (s *stamps) appeared(name, have string, e *record.Entry) {
	want := e.Published
	if want.IsZero() {
		want = e.Effective
	}
	s.same(name, "the date of "+e.Key.String(), have[:len("2026-01-01")], want.String()[:len("2026-01-01")])
}

func (s *stamps) content(name, content string, e *record.Entry) {
	doc, err := html.Parse(strings.NewReader(content))
	if err != nil {
		s.t.Fatal(err)
	}
	s.list(name, times(doc), e, false)
}

func (s *stamps) atom(name, text string) {
	var f struct {
		Entry []struct {
			Published string `xml:"published"`
			Updated   string `xml:"updated"`
			Content   string `xml:"content"`
			Link      []struct {
				Rel  string `xml:"rel,attr"`
				Href string `xml:"href,attr"`
			} `xml:"link"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal([]byte(text), &f); err != nil {
		s.t.Fatal(err)
	}
	for _, entry := range f.Entry {
		e := s.byPage[strings.TrimPrefix(entry.Link[0].Href, sampleHost)]
		if e == nil {
			s.t.Errorf("%s has %s, which is not in the record", name, entry.Link[0].Href)
			continue
		}
		s.appeared(name, entry.Published, e)
		s.content(name, entry.Content, e)
		if n := len(e.Corrections); n > 0 {
			s.same(name, "updated", entry.Updated[:len("2026-01-01")], e.Corrections[n-1].Day.String())
		} else if e.Version != "2025-02-10" { // corrected in another language
			s.same(name, "updated", entry.Updated, entry.Published)
		}
	}
}

func (s *stamps) sitemap(text string) {
	var m struct {
		URL []struct {
			Loc     string `xml:"loc"`
			Lastmod string `xml:"lastmod"`
		} `xml:"url"`
	}
	if err := xml.Unmarshal([]byte(text), &m); err != nil {
		s.t.Fatal(err)
	}
	for _, u := range m.URL {
		name := strings.TrimPrefix(u.Loc, sampleHost) + "index.html"
		at := regexp.MustCompile(`<article [^>]*data-policy="([^"]+)" data-version="([^"]+)" lang="([^"]+)"`).FindStringSubmatch(s.files[name])
		if at == nil || u.Lastmod == "" {
			continue
		}
		if e := s.entryOf("sitemap.xml", at[1], at[2], at[3]); e != nil {
			s.same("sitemap.xml", "lastmod of "+u.Loc, u.Lastmod, e.Updated.String())
		}
	}
}

// The record of the sample site is complete and correct.
func TestSampleRecord(t *testing.T) {
	t.Parallel()
	if code, out, errOut := privgen(t, "lock", "--check", "--config", repo); code != exitDone {
		t.Errorf("%s%s\ntake it in with: go run ./cmd/privgen lock", out, errOut)
	}
	raw, err := os.ReadFile(filepath.Join(repo, record.File))
	if err != nil {
		t.Fatal(err)
	}
	rec, problems := record.Parse(raw)
	if problems != nil {
		t.Fatal(problems)
	}
	if string(rec.Bytes()) != string(raw) {
		t.Error("privgen.lock is not as privgen writes it")
	}
}
