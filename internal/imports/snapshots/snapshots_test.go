package snapshots

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/corpus"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/source"
)

// find reads snapshots: each name is followed by the text of the file.
func find(t *testing.T, s Search, nameText ...string) *Found {
	t.Helper()
	var files []File
	for i := 0; i < len(nameText); i += 2 {
		text := nameText[i+1]
		files = append(files, File{Name: nameText[i], Size: int64(len(text)), Read: func() ([]byte, error) { return []byte(text), nil }})
	}
	s.Check = func(string) *source.Problem { return nil }
	found, err := Find(context.Background(), files, s)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range found.Problems {
		t.Error(p)
	}
	return found
}

// told returns documents as text: their slugs, and the dates of their states.
func told(found *Found) string {
	var out []string
	for _, d := range found.Documents {
		s := d.Slug + ":"
		for _, one := range d.States {
			s += " " + one.Day().String()
			if one.Lang != "" {
				s += "." + one.Lang
			}
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

// Texts of a research corpus are named by their domains, and those of one URL are
// one policy.
func TestSnapshotCorpus(t *testing.T) {
	t.Parallel()
	text := func(host, day string) string {
		return "> *Archived on [the Wayback Machine](https://web.archive.org/web/" + day + "082152id_/http%3A//www." + host +
			"/privacy.html).*\n\n# Privacy Statement\n\nWe collect your name.\n"
	}
	found := find(t, Search{}, "in/000_30a1b2c3d4e5f6a7.txt", text("fernhill.example", "20140210"),
		"in/004_2b772c42746d4b91.txt", text("fernhill.example", "20171017"), "in/0f1e2d3c4b5a6978.md", text("acorn.example", "20150101"))
	if have, want := told(found), "fernhill-privacy: 2014-02-10 2017-10-17; acorn-privacy: 2015-01-01"; have != want {
		t.Errorf("have %s, want %s", have, want)
	}
	found = find(t, Search{}, "in/000_30a1b2c3d4e5f6a7.txt", text("fernhill.example", "20140210"))
	if have, want := told(found), "fernhill-privacy: 2014-02-10"; have != want {
		t.Errorf("have %s, want %s", have, want)
	}
}

// Lines that look like headings are counted, so that the user knows the flag.
func TestSnapshotLikelyHeadings(t *testing.T) {
	t.Parallel()
	text := "# Privacy\n\nInformation Collection\n\nWe collect your name and your address when you order an instrument.\n\n" +
		"Use and Sharing\n\nWe use them to send what you ordered, and give them to the carrier.\n\n" +
		"Cookies\n\nWe set one cookie.\n\nPolicy Updates\n\nWe may change this.\n"
	have := fmt.Sprint(find(t, Search{}, "old/2016-05-12.md", text).Notes)
	if !strings.Contains(have, "lines that look like headings and stay as they are: 4; to make headings of them: --headings") {
		t.Errorf("have notes %q", have)
	}
	if have := find(t, Search{}, "old/2016-05-12.md", "# Privacy\n\nWe keep nothing.\n").Notes; len(have) > 0 {
		t.Errorf("have notes %v of a text without such lines", have)
	}
}

func TestSnapshotNames(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		names []string
		want  string
	}{
		{[]string{"old/2016-05-12.md", "old/2018-01-02.md"}, "old: 2016-05-12 2018-01-02"},
		{[]string{"old/privacy-20160512.md", "old/privacy-20180102.md", "old/terms_2016_05_12.md"}, "privacy: 2016-05-12 2018-01-02; terms: 2016-05-12"},
		{[]string{"old/20160512123456/privacy.md", "old/20180102000000/privacy.md"}, "privacy: 2016-05-12 2018-01-02"},
		{[]string{"old/2016_05 privacy.md", "old/2017_06 privacy.md"}, "privacy: 2016-05-01 2017-06-01"},
		{[]string{"privacy/2016.05.12.md", "privacy/2018.01.02.md"}, "privacy: 2016-05-12 2018-01-02"},
		{[]string{"old/privacy-2016-05-12.md", "old/privacy-2016-05-12.de.md"}, "privacy: 2016-05-12 2016-05-12.de"},
		{[]string{"old/privacy-2016-05-12-final.md", "old/privacy-2017-05-12-final.md"}, "privacy-final: 2016-05-12 2017-05-12"},
		{[]string{"old/201605.md", "old/privacy-2016-05-12.md"}, "201605: ; privacy: 2016-05-12"},
		{[]string{"old/privacy-2016-13-41.md", "old/privacy-2016-05-12.md"}, "privacy:  2016-05-12"},
	} {
		var files []string
		for _, n := range test.names {
			files = append(files, n, "# Text\n\nOf "+n+".\n")
		}
		if have := told(find(t, Search{}, files...)); strings.TrimSpace(have) != test.want {
			t.Errorf("%q:\nhave %s\nwant %s", test.names, have, test.want)
		}
	}
}

const quoted = "> *Taken from the fernhill.example privacy policy that was archived on 2016-11-21. See the [snapshot](https://web.archive.org/web/20161121200616id_/http%3A//www.fernhill.example/Privacy.aspx).*\n\n" +
	"# Privacy\n\nUpdated May 12, 2016\n\nSee [terms](https://web.archive.org/web/20161121200616id_/http%3A//www.fernhill.example/Terms.aspx).\n"

func TestSnapshotQuote(t *testing.T) {
	t.Parallel()
	found := find(t, Search{}, "a/one.md", quoted,
		"b/two.md", strings.NewReplacer("20161121200616", "20180102030405", "http%3A//www.", "https%3A//").Replace(quoted))
	if have := told(found); have != "one: 2016-11-21 2018-01-02" {
		t.Fatalf("have %s; both come from one address", have)
	}
	one := found.Documents[0].States[0]
	if one.Source != "http://www.fernhill.example/Privacy.aspx" || one.Archived != "https://web.archive.org/web/20161121200616id_/http%3A//www.fernhill.example/Privacy.aspx" {
		t.Errorf("source %q, archived %q", one.Source, one.Archived)
	}
	if one.Updated.String() != "2016-05-12" || one.Basis != bySnapshot || one.When.Hour() != 20 {
		t.Errorf("updated %v, basis %v, when %v", one.Updated, one.Basis, one.When)
	}
	text, err := one.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if want := "# Privacy\n\nUpdated May 12, 2016\n\nSee [terms](http://www.fernhill.example/Terms.aspx).\n"; string(text) != want {
		t.Errorf("have %q\nwant %q", text, want)
	}
}

func TestSnapshotKeepsQuotes(t *testing.T) {
	t.Parallel()
	text := "> This is the policy of [Fernhill](https://www.fernhill.example/).\n\nText.\n"
	found := find(t, Search{}, "old/2016-05-12.md", text)
	if have, err := found.Documents[0].States[0].Bytes(); string(have) != text || err != nil {
		t.Errorf("have %q, %v", have, err)
	}
}

func TestSnapshotDates(t *testing.T) {
	t.Parallel()
	page := `<html lang="en"><meta property="article:modified_time" content="2022-02-02T00:00:00Z"><main><h1>Privacy</h1><p>%s</p><p>We keep little, and we tell you what.</p></main></html>`
	for _, test := range []struct {
		what, file, text string
		pages            bool
		want             string
	}{
		{"front matter before the name", "x/2016-05-12.md", "---\neffective_date: 2015-01-01\n---\nText\n", false, "2015-01-01 front matter"},
		{"the name before the stamp", "x/2016-05-12.md", "Effective: May 1, 2015\n\nText\n", false, "2016-05-12 file name"},
		{"the stamp where nothing else", "x/privacy.md", "Effective: May 1, 2015\n\nText\n", false, "2015-05-01 stamp"},
		{"a page's stamp before its name", "x/2016-05-12.html", fmt.Sprintf(page, "Effective May 1, 2015"), true, "2015-05-01 stamp"},
		{"a page's name", "x/2016-05-12.html", fmt.Sprintf(page, "Hello"), true, "2016-05-12 file name"},
		{"a page's head", "x/privacy.html", fmt.Sprintf(page, "Hello"), true, "2022-02-02 front matter"},
	} {
		s := find(t, Search{Pages: test.pages}, test.file, test.text).Documents[0].States[0]
		if have := fmt.Sprintf("%s %s", s.Day(), s.Basis); have != test.want {
			t.Errorf("%s: have %s, want %s", test.what, have, test.want)
		}
	}
}

func TestSnapshotProblems(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ file, text, code string }{
		{"privacy.md", "Text without a date.\n", "no-date"},
		{"2016-05-12.md", "Gr\x81\x8d\x8f\n", "not-utf8"},
		{"2016-05-12.md", "a\x00b", "not-text"},
		{"2016-05-12.html", "<html><script>x</script>", "empty-page"},
		{"2016-05-12.md", strings.Repeat("x", source.MaxSize+1), "too-large"},
	} {
		text := test.text
		found, err := Find(context.Background(), []File{{Name: test.file, Size: int64(len(text)), Read: func() ([]byte, error) { return []byte(text), nil }}},
			Search{Check: func(string) *source.Problem { return nil }})
		if err != nil || len(found.Problems) != 1 || found.Problems[0].Code != test.code {
			t.Errorf("%s %.20q: have %v, %v, want %s", test.file, test.text, found.Problems, err, test.code)
		}
	}
}

// TestWayback imports the recorded snapshots of two companies. Only the quoted first
// line is removed: no other word may be lost or doubled.
func TestWayback(t *testing.T) {
	t.Parallel()
	dir := corpus.Dir(t)
	names, err := filepath.Glob(filepath.Join(dir, "wayback", "*", "*.md"))
	if err != nil || len(names) < 5 {
		t.Skipf("no snapshots in %s (%v)", dir, err)
	}
	var files []File
	for _, n := range names {
		name, err := filepath.Rel(dir, n)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, File{Name: filepath.ToSlash(name), Read: func() ([]byte, error) { return os.ReadFile(n) }})
	}
	for _, headings := range []bool{false, true} {
		found, err := Find(context.Background(), files, Search{Headings: headings, Check: func(string) *source.Problem { return nil }})
		if err != nil || len(found.Problems) > 0 || len(found.Documents) != 2 {
			t.Fatalf("have %d documents, %v, %v", len(found.Documents), found.Problems, err)
		}
		seen := 0
		for _, d := range found.Documents {
			for _, s := range d.States {
				seen++
				raw, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(s.Origin)))
				if err != nil {
					t.Fatal(err)
				}
				_, want, _ := strings.Cut(string(raw), "\n")
				text, err := s.Bytes()
				if err != nil {
					t.Fatal(err)
				}
				if a, b := shownWords(t, text), shownWords(t, []byte(want)); !slices.Equal(a, b) {
					t.Errorf("%s: %d words became %d", s.Origin, len(b), len(a))
				}
				if day := strings.TrimSuffix(filepath.Base(s.Origin), ".md"); s.Day().String() != day || s.Basis != bySnapshot {
					t.Errorf("%s: have %v by %s", s.Origin, s.Day(), s.Basis)
				}
				if !strings.Contains(s.Archived, strings.ReplaceAll(s.Day().String(), "-", "")) || !strings.HasPrefix(s.Source, "http") || strings.Contains(s.Source, "archive.org") {
					t.Errorf("%s: source %q, archived %q", s.Origin, s.Source, s.Archived)
				}
				if strings.Contains(string(text), "web.archive.org") {
					t.Errorf("%s: links still lead into the Wayback Machine", s.Origin)
				}
			}
		}
		if seen != len(files) {
			t.Errorf("%d snapshots became %d states", len(files), seen)
		}
	}
}

// shownWords returns the words that a text shows.
func shownWords(t *testing.T, text []byte) []string {
	t.Helper()
	tags := false
	return bareWords(strings.Map(func(r rune) rune {
		if r == '<' || r == '>' {
			tags = r == '<'
			return ' '
		}
		if tags {
			return -1
		}
		return r
	}, setHTML(t, text)))
}

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

// A URL joins files only if it can be the URL of one policy.
func TestSnapshotURLs(t *testing.T) {
	t.Parallel()
	page := func(url, title, day string) string {
		return `<html lang="en"><head><link rel="canonical" href="` + url + `"></head><body><main><h1>` + title +
			`</h1><p>Last updated: ` + day + `</p><p>Here is what we do with your orders.</p></main></body></html>`
	}
	const one, two = "1 May 2020", "2 June 2021"
	for _, c := range []struct {
		name  string
		files []string // names and texts
		want  string
		note  bool
	}{
		{"one policy under two names", []string{"a/old.html", page("https://www.example.com/privacy", "Privacy policy", one),
			"a/new.html", page("https://example.com/privacy/", "Privacy policy", two)}, "old: 2020-05-01 2021-06-02", false},
		{"a title that changed", []string{"a/one.html", page("https://www.example.com/privacy", "Privacy policy", one),
			"a/two.html", page("https://www.example.com/privacy", "Your privacy", two)}, "one: 2020-05-01 2021-06-02", false},
		{"the URL of a template in all pages", []string{"a/privacy.html", page("https://www.example.com/legal", "Fernhill", one),
			"a/terms.html", page("https://www.example.com/legal", "Fernhill", two)}, "privacy: 2020-05-01; terms: 2021-06-02", true},
		{"different titles", []string{"a/one.html", page("https://www.example.com/legal", "Imprint", one),
			"a/two.html", page("https://www.example.com/legal", "Refunds", two)}, "one: 2020-05-01; two: 2021-06-02", true},
		{"the root of the site", []string{"a/one.html", page("https://www.example.com/", "Privacy policy", one),
			"a/two.html", page("https://www.example.com", "Privacy policy", two)}, "one: 2020-05-01; two: 2021-06-02", true},
		{"different pages", []string{"a/one.html", page("https://www.example.com/a", "Privacy policy", one),
			"a/two.html", page("https://www.example.com/b", "Privacy policy", two)}, "one: 2020-05-01; two: 2021-06-02", false},
		{"pages with a query", []string{"a/one.html", page("https://www.example.com/?p=1", "Privacy policy", one),
			"a/two.html", page("https://www.example.com/?p=1", "Privacy policy", two)}, "one: 2020-05-01 2021-06-02", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			found := find(t, Search{Pages: true}, c.files...)
			if have := told(found); have != c.want {
				t.Errorf("have %s, want %s", have, c.want)
			}
			if have := strings.Contains(fmt.Sprint(found.Notes), "state one URL"); have != c.note {
				t.Errorf("have notes %v", found.Notes)
			}
		})
	}
}

// The front matter in a page of a site generator is not part of the page's text.
func TestSnapshotPageFrontMatter(t *testing.T) {
	t.Parallel()
	const page = "<html lang=\"en\"><body><main><h1>Terms</h1><p>These terms bind you and us.</p></main></body></html>"
	const part = "<h2>1. Scope</h2>\n<p>These terms bind you and us.</p>\n"
	for _, c := range []struct{ name, text, title, day string }{
		{"YAML", "---\ntitle: Terms of use\nlast_updated: 2022-11-05\n---\n" + part, "Terms of use", "2022-11-05"},
		{"TOML", "+++\ntitle = \"Conditions\"\ndate = 2021-03-04\n+++\n" + part, "Conditions", "2021-03-04"},
		{"after a byte order mark", "\uFEFF---\ntitle: Terms\neffective_date: 2020-02-03\n---\n" + part, "Terms", "2020-02-03"},
		{"before a whole page", "---\ntitle: AGB\ndate: 2019-05-06\n---\n" + page, "AGB", "2019-05-06"},
		{"with line ends of Windows", "---\r\ntitle: Bedingungen\r\ndate: 2018-07-08\r\n---\r\n" + part, "Bedingungen", "2018-07-08"},
		{"none", strings.Replace(page, "<p>", "<p>Effective: 1 June 2017. ", 1), "", "2017-06-01"},
	} {
		found := find(t, Search{Pages: true}, "pages/terms.html", c.text)
		d := found.Documents[0]
		text, err := d.States[0].Bytes()
		if err != nil || strings.Contains(string(text), "title") || strings.Contains(string(text), "---") || !strings.Contains(string(text), "These terms bind you and us.") {
			t.Errorf("%s: have %q, %v", c.name, text, err)
		}
		if have := d.States[0].Day().String(); have != c.day || d.Title != c.title {
			t.Errorf("%s: have %q of %s, want %q of %s", c.name, d.Title, have, c.title, c.day)
		}
	}
}
