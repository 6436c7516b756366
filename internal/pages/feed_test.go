package pages_test

import (
	"encoding/json"
	"fmt"
	"path"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	"golang.org/x/net/html"

	"github.com/privgen/privgen/internal/pages"
)

func readAtom(t *testing.T, d *drawn, name string) *atom.Feed {
	t.Helper()
	f, err := (&atom.Parser{}).Parse(strings.NewReader(d.text[name]))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return f
}

// feeds are the folders that have feeds, with the entries of each.
var feeds = map[string]string{
	"":            "privacy 2026-12-25, privacy 2026-02-01, cookies 2025-10-26, privacy 2024-03-31, terms 2023-08-08, cookies 2023-01-15, privacy 2022-05-01.2, privacy 2022-05-01",
	"privacy/":    "privacy 2026-12-25, privacy 2026-02-01, privacy 2024-03-31, privacy 2022-05-01.2, privacy 2022-05-01",
	"de/privacy/": "privacy 2026-12-25, privacy 2026-02-01, privacy 2024-03-31, privacy 2022-05-01.2, privacy 2022-05-01",
	"cookies/":    "cookies 2025-10-26, cookies 2023-01-15",
	"de/cookies/": "cookies 2025-10-26, cookies 2023-01-15",
	"terms/":      "terms 2023-08-08",
	"ar/terms/":   "terms 2023-08-08",
}

func TestAtom(t *testing.T) {
	t.Parallel()
	d := built(t)
	for dir := range feeds {
		name := dir + "feed.atom"
		f := readAtom(t, d, name)
		lang := attr(find(d.pages[dir+"index.html"], "html"), "lang")
		if f.Language != lang {
			t.Errorf("%s: is in %q, want %q", name, f.Language, lang)
		}
		if f.ID == "" || f.Title == "" || len(f.Authors) != 1 || f.Authors[0].Name != "Example <Works> GmbH" || f.Authors[0].URI != "https://www.example.com/" {
			t.Errorf("%s: have %+v", name, f)
		}
		if have, want := atomLinks(f.Links), "self "+d.base+name+", alternate "+d.base+dir; have != want {
			t.Errorf("%s: have %s, want %s", name, have, want)
		}
		if f.Updated != f.Entries[0].Updated {
			t.Errorf("%s: is of %s, its newest entry of %s", name, f.Updated, f.Entries[0].Updated)
		}
		for i, e := range f.Entries {
			if e.Updated != e.Published || e.UpdatedParsed == nil || strings.ToUpper(e.Updated) != e.Updated {
				t.Errorf("%s: %s: updated %q, published %q", name, e.ID, e.Updated, e.Published)
			}
			if i > 0 && e.UpdatedParsed.After(*f.Entries[i-1].UpdatedParsed) {
				t.Errorf("%s: %s is newer than the one before", name, e.ID)
			}
			if e.Content.Type != "html" {
				t.Errorf("%s: %s: content is %s", name, e.ID, e.Content.Type)
			}
			// The entry leads where the permalink leads.
			var links []string
			for _, l := range e.Links {
				if l.Rel == "alternate" {
					p, _, _ := d.lead(t, name, l.Href)
					page := d.pages[p]
					if attr(find(page, "html"), "lang") != l.Hreflang {
						t.Errorf("%s: %s is not in %s", name, l.Href, l.Hreflang)
					}
					if before := rels(page, "predecessor-version"); before != nil {
						redline := "privacy/redline/"
						for _, p := range d.redlines() {
							// The one in the language of the feed, if there is one; else of the text.
							to := strings.TrimSuffix(p, "index.html")
							if strings.HasSuffix(to, ".."+path.Base(l.Href)+"/") && strings.HasSuffix(before[0], "/"+strings.Split(path.Base(to), "..")[0]+"/") &&
								slices.ContainsFunc(e.Links, func(l *atom.Link) bool { return l.Href == d.base+to }) {
								redline = to
							}
						}
						links = append(links, "related "+d.base+redline, "predecessor-version "+before[0])
					}
					links = append(links, "alternate "+l.Href)
				}
			}
			slices.Reverse(links)
			if have, want := atomLinks(e.Links), strings.Join(links, ", "); have != want {
				t.Errorf("%s: %s: have %s\nwant %s", name, e.ID, have, want)
			}
		}
	}
}

func atomLinks(links []*atom.Link) string {
	var out []string
	for _, l := range links {
		out = append(out, l.Rel+" "+l.Href)
	}
	return strings.Join(out, ", ")
}

// Ids are tag URIs of stable parts: the first name that the policy had, the
// language of the feed, the version.
func TestFeedIDs(t *testing.T) {
	t.Parallel()
	d := built(t)
	seen := map[string]string{}
	for dir, want := range feeds {
		f := readAtom(t, d, dir+"feed.atom")
		lang := "en-GB"
		if first, _, _ := strings.Cut(dir, "/"); len(first) == 2 {
			lang = first
		}
		var ids []string
		for _, e := range f.Entries {
			ids = append(ids, e.ID)
			if dir == "" {
				continue // it has the entries of the others
			}
			if other := seen[e.ID]; other != "" {
				t.Errorf("%s: %s is in %s, too", dir, e.ID, other)
			}
			seen[e.ID] = dir
		}
		var wants []string
		for _, entry := range strings.Split(want, ", ") {
			slug, id, _ := strings.Cut(strings.Replace(entry, "privacy", "privacy-notice", 1), " ")
			wants = append(wants, "tag:example.com,2019:policy/"+slug+"/"+lang+"/"+id)
		}
		if !slices.Equal(ids, wants) {
			t.Errorf("%s: have %q\nwant %q", dir, ids, wants)
		}
		if want := strings.TrimSuffix(wants[0], wants[0][strings.LastIndex(wants[0], "/"):]); dir != "" && f.ID != want {
			t.Errorf("%s: have %s, want %s", dir, f.ID, want)
		}
	}
}

// Where the site stands is not in the ids, nor what a policy is called since.
func TestFeedIDsStay(t *testing.T) {
	t.Parallel()
	ids := func(files map[string]string, base, slug string) []string {
		d := drawAll(t, base, plan(t, files))
		var out []string
		for _, name := range []string{"feed.atom", slug + "/feed.atom", "de/" + slug + "/feed.atom"} {
			f := readAtom(t, d, name)
			out = append(out, f.ID)
			for _, e := range f.Entries {
				out = append(out, e.ID)
			}
		}
		return out
	}
	base := "base_url = \"https://example.com/legal/\""
	before := ids(fixture(), "https://example.com/legal/", "privacy")
	for _, to := range []string{"http://example.com/legal/", "https://example.com/", "https://policies.example.org/a/b/"} {
		_, path, _ := strings.Cut(strings.SplitAfterN(to, "://", 2)[1], "/")
		moved := ids(with("privgen.toml", base+"\n+\nbase_url = \""+to+"\"",
			"privgen.toml", "\"/legal/privacy/archive/\"\n+\n\"/"+path+"privacy/archive/\""), to, "privacy")
		if !slices.Equal(before, moved) {
			t.Errorf("%s: have %q\nwant %q", to, moved, before)
		}
	}
	renamed := with("privgen.toml", `["privacy"]`+"\n+\n"+`["data"]`, "content/privacy/policy.toml", `["privacy-notice"]`+"\n+\n"+`["privacy-notice", "privacy"]`)
	for name, text := range renamed {
		delete(renamed, name)
		text = strings.NewReplacer("../privacy.md", "../data.md", "(privacy.md)", "(data.md)").Replace(text)
		renamed[strings.Replace(name, "content/privacy/", "content/data/", 1)] = text
	}
	if have := ids(renamed, "https://example.com/legal/", "data"); !slices.Equal(before, have) {
		t.Errorf("renamed: have %q\nwant %q", have, before)
	}
	// Without an authority they are those of the site's host.
	d := drawAll(t, "https://example.com/legal/", plan(t, with("privgen.toml", `tag_authority = "example.com,2019"`+"\n+\n")))
	if have, want := readAtom(t, d, "feed.atom").ID, "tag:example.com,2026:site"; have != want {
		t.Errorf("have %s, want %s", have, want)
	}
}

// A jsonFeed is a JSON Feed as a program would read it.
type jsonFeed struct {
	Version     string
	Title       string
	HomePageURL string `json:"home_page_url"`
	FeedURL     string `json:"feed_url"`
	Language    string
	Authors     []struct{ Name, URL string }
	Items       []struct {
		ID, URL, Title, Language string
		Content                  string `json:"content_html"`
		Published                string `json:"date_published"`
		Modified                 string `json:"date_modified"`
		Privgen                  struct {
			Policy, Version, Effective, Updated string
			Material                            bool
			Before                              string `json:"predecessor_version"`
			Redline                             string `json:"redline"`
		} `json:"_privgen"`
	}
}

func readJSONFeed(t *testing.T, d *drawn, name string) jsonFeed {
	t.Helper()
	var f jsonFeed
	if err := json.Unmarshal([]byte(d.text[name]), &f); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return f
}

// The two forms of a feed say the same.
func TestJSONFeed(t *testing.T) {
	t.Parallel()
	d := built(t)
	for dir, want := range feeds {
		name := dir + "feed.json"
		f, a := readJSONFeed(t, d, name), readAtom(t, d, dir+"feed.atom")
		if _, err := gofeed.NewParser().ParseString(d.text[name]); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if f.Version != "https://jsonfeed.org/version/1.1" || f.Title != a.Title || f.HomePageURL != d.base+dir || f.FeedURL != d.base+name ||
			f.Language != a.Language || len(f.Authors) != 1 || f.Authors[0].Name != a.Authors[0].Name || len(f.Items) != len(a.Entries) {
			t.Errorf("%s: have %+v", name, f)
			continue
		}
		var list []string
		for i, item := range f.Items {
			e := a.Entries[i]
			list = append(list, item.Privgen.Policy+" "+item.Privgen.Version)
			if item.ID != e.ID || item.Title != e.Title || item.Content != e.Content.Value || item.Published != e.Published || item.Modified != e.Updated {
				t.Errorf("%s: have %+v\nwant %+v", name, item, e)
			}
			want := "alternate " + item.URL
			if item.Privgen.Before != "" {
				want += ", predecessor-version " + item.Privgen.Before
			}
			if item.Privgen.Redline != "" {
				want += ", related " + item.Privgen.Redline
			}
			if have := atomLinks(e.Links); have != want {
				t.Errorf("%s: have %s, want %s", name, have, want)
			}
		}
		if have := strings.Join(list, ", "); have != want {
			t.Errorf("%s: have %s\nwant %s", name, have, want)
		}
	}
}

// What an author writes is text, and says in which language it is.
func TestFeedContent(t *testing.T) {
	t.Parallel()
	d := built(t)
	for _, test := range []struct{ feed, id, want, marked string }{
		{"privacy/", "2024-03-31", `<div lang="en-GB" dir="ltr"><p>Invoices are kept for &lt;10&gt; years &amp; more.</p><ul><li>Retention: 6 to 10 years</li><li>New: &#34;rights&#34; ]]&gt; are explained</li></ul>` +
			`<p>Material change</p><p>Clauses changed: 2 · Clauses added: 1 · +10 −9 words</p><dl><dt>Effective</dt><dd><time datetime="2024-03-31">31 March 2024</time></dd><dt>Last updated</dt><dd><time datetime="2024-02-27">27 February 2024</time></dd></dl></div>`,
			`<hr><div lang="en-GB" dir="ltr"><h1 style="font-size:22px;line-height:1.3">Privacy policy</h1>|text-decoration:line-through">We keep what you send us, and no more.</del>|underline">Ten years. See <a href="https://example.com/legal/terms/#liability" style="color:inherit">the terms</a> and |<a href="https://example.com/legal/privacy/2024-03-31/#fn:1" style="color:inherit">1</a>`},
		{"de/privacy/", "2022-05-01.2", `<div lang="de" dir="ltr"><p lang="en-GB" dir="ltr">A mistake was mended.</p><p>Geänderte Abschnitte: 1 · +3 −0 Wörter</p>` +
			`<dl><dt>Gültig ab</dt><dd><time datetime="2022-05-01">1. Mai 2022</time></dd><dt>Zuletzt geändert</dt><dd><time datetime="2022-05-01">1. Mai 2022</time></dd></dl></div>`, `<hr><div lang="en-GB" dir="ltr">|We keep what you send us<ins style="|underline">, and no more</ins>.</p>`},
		{"", "2025-10-26", `<div lang="en-GB" dir="ltr"><p lang="de" dir="ltr">Doch.</p><p>Clauses changed: 1 · +2 −1 words</p>` +
			`<dl><dt>Effective</dt><dd><time datetime="2025-10-26">26 October 2025</time></dd><dt>Last updated</dt><dd><time datetime="2025-10-26">26 October 2025</time></dd></dl></div>`, `<hr><div lang="de" dir="ltr">|<a href="https://example.com/legal/de/privacy/#retention" style="color:inherit">mehr</a></ins>`},
	} {
		for _, item := range readJSONFeed(t, d, test.feed+"feed.json").Items {
			if item.Privgen.Version != test.id {
				continue
			}
			marked, ok := strings.CutPrefix(strings.ReplaceAll(item.Content, "\u00a0", " "), test.want)
			for part := range strings.SplitSeq(test.marked, "|") {
				ok = ok && strings.Contains(marked, part)
			}
			if !ok || strings.Contains(marked, "class=") || strings.Contains(marked, " id=") {
				t.Errorf("%s %s: have %s\nwant %s, and after it %s", test.feed, test.id, item.Content, test.want, test.marked)
			}
		}
	}
	arabic := readJSONFeed(t, d, "ar/terms/feed.json").Items[0]
	if !strings.HasPrefix(arabic.Content, `<div lang="ar" dir="rtl">`) || arabic.Language != "ar" {
		t.Errorf("have %+v", arabic)
	}
}

// A feed has the newest fifty versions, and a version that takes effect changes
// nothing in it.
func TestFeedLength(t *testing.T) {
	t.Parallel()
	files := fixture()
	for i := range 60 {
		files[fmt.Sprintf("content/many/2021-01-01.%d.md", i+2)] = "# Many\n\nText.\n"
	}
	files["content/many/2021-01-01.md"] = "# Many\n\nText.\n"
	s := load(t, input(mapFS(files)))
	d := drawAll(t, "https://example.com/legal/", pages.Plan(s, now))
	f := readAtom(t, d, "many/feed.atom")
	if n := len(f.Entries); n != 50 || !strings.HasSuffix(f.Entries[0].ID, "/2021-01-01.61") || !strings.HasSuffix(f.Entries[49].ID, "/2021-01-01.12") {
		t.Errorf("have %d entries, from %s to %s", n, f.Entries[0].ID, f.Entries[n-1].ID)
	}
	if have, want := atomLinks(f.Entries[49].Links), "alternate https://example.com/legal/many/2021-01-01.12/, predecessor-version https://example.com/legal/many/2021-01-01.11/, related https://example.com/legal/many/redline/2021-01-01.11..2021-01-01.12/"; have != want {
		t.Errorf("have %s, want %s", have, want)
	}
	all := readAtom(t, d, "feed.atom")
	if n := len(all.Entries); n != 50 || !strings.HasSuffix(all.Entries[8].ID, "/2021-01-01.61") {
		t.Errorf("the site's: have %d entries, the ninth %s", n, all.Entries[8].ID)
	}
	later := pages.Plan(s, date("2026-10-10T00:00:00Z"))
	inForce := pages.Plan(s, date("2026-12-25T12:00:00Z"))
	for _, name := range []string{"privacy/feed.atom", "privacy/feed.json", "feed.atom", "cookies/feed.atom"} {
		if a := later.Find(name); a.Key != d.tree.Find(name).Key {
			t.Errorf("%s: changed on a day on which nothing happened", name)
		}
	}
	// By then another version has been published, too: one entry more, the others as they were.
	have := readAtom(t, drawAll(t, d.base, inForce), "privacy/feed.atom").Entries
	want := readAtom(t, d, "privacy/feed.atom").Entries
	if len(have) != len(want)+1 {
		t.Fatalf("have %d entries, want %d", len(have), len(want)+1)
	}
	for i, e := range want {
		if !reflect.DeepEqual(have[i+1], e) {
			t.Errorf("have %+v\nwant %+v", have[i+1], e)
		}
	}
}

// What changed in the newest versions is in the feed, up to a limit; a reader learns that
// there is more.
func TestFeedIsBounded(t *testing.T) {
	t.Parallel()
	files := fixture()
	for i := range 8 {
		var b strings.Builder
		for k := range 250 {
			fmt.Fprintf(&b, "## Clause %d {#c%d}\n\nWe keep the data of kind %d for %d days, and no longer.\n\n", k, k, k, i+k)
		}
		files[fmt.Sprintf("content/long/202%d-01-01.md", i)] = "# Long\n\n" + b.String()
	}
	d := drawAll(t, "https://example.com/legal/", plan(t, files))
	for _, name := range []string{"long/feed.json", "long/feed.atom"} {
		if n := len(d.text[name]); n > 512<<10 || n < 160<<10 {
			t.Errorf("%s has %d bytes", name, n)
		}
	}
	marked := 0
	for i, item := range readJSONFeed(t, d, "long/feed.json").Items {
		_, text, has := strings.Cut(item.Content, "<hr>")
		if has != (i < 5) || len(text) > 50<<10 {
			t.Errorf("entry %d shows changes: %t, in %d bytes", i, has, len(text))
		}
		if !has {
			continue
		}
		marked++
		at := strings.LastIndex(text, "<p>")
		if want := `<p>&hellip; <a href="` + item.Privgen.Redline + `">`; !strings.HasPrefix(text[at:], want) {
			t.Errorf("it ends with %s, want %s", text[at:], want)
		}
	}
	if marked != 5 {
		t.Errorf("%d entries show changes", marked)
	}
}

// Whatever text a title or summary holds, the feeds can be read.
func TestFeedEscapes(t *testing.T) {
	t.Parallel()
	odd := `</title><b>&amp; ]]> \u0001 \uFFFE 🙂`
	d := drawAll(t, "https://example.com/legal/", plan(t, with(
		"content/odd/policy.toml", `title = "`+odd+`"`,
		"content/odd/2020-01-01.md", matter(`summary = "`+odd+`"`, `label = "`+odd+`"`)+"Text.\n")))
	want := "</title><b>&amp; ]]> � � 🙂"
	if f := readAtom(t, d, "odd/feed.atom"); !strings.HasPrefix(f.Title, want) || !strings.HasPrefix(f.Entries[0].Title, want) {
		t.Errorf("have %q and %q, want %q", f.Title, f.Entries[0].Title, want)
	}
	doc, err := html.Parse(strings.NewReader(readAtom(t, d, "odd/feed.atom").Entries[0].Content.Value))
	if err != nil || words(find(doc, "p")) != want || find(doc, "b") != nil {
		t.Errorf("have %q, want %q", words(find(doc, "p")), want)
	}
	if f := readJSONFeed(t, d, "odd/feed.json"); !strings.Contains(f.Title, "</title><b>&amp; ]]> ") {
		t.Errorf("have %q", f.Title)
	}
}
