package pages_test

import (
	"cmp"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/formats"
	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/tree"
)

// However long a history is, no file for programs is over a megabyte, and all
// versions are found by the means of each format, each once.
func TestLongHistory(t *testing.T) {
	t.Parallel()
	n := 2500
	if testing.Short() {
		n = 450
	}
	files := map[string]string{"privgen.toml": "[site]\ntitle = \"Acme\"\nbase_url = \"https://acme.example/\"\n" +
		"[organization]\nname = \"Acme\"\n[redlines]\npairs = \"none\"\n"}
	var want []string // the newest first
	for i := range n {
		id := time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i*3600/n).Format("2006-01-02")
		files["content/privacy/"+id+".md"] = fmt.Sprintf("+++\nsummary = \"We keep logs for %d days, and no longer, and delete "+
			"them then.\"\n+++\n\n# Privacy policy\n\nWe keep logs for %d days.\n", i, i)
		want = append(want, id)
	}
	slices.Reverse(want)
	tr := pages.Plan(load(t, input(mapFS(files))), now)
	root := "https://acme.example/"
	at := func(url string) string {
		t.Helper()
		e := tr.Find(strings.TrimPrefix(url, root))
		if e == nil {
			t.Fatalf("there is no %s", url)
		}
		return draw(t, e)
	}
	for i := range tr {
		if e := &tr[i]; e.Stage != tree.Leaf || strings.HasSuffix(e.Path, ".xml") {
			if size := len(draw(t, e)); size > 1_000_000 {
				t.Errorf("%s has %d bytes", e.Path, size)
			}
		}
	}

	var h formats.History
	decode(t, at(root+"privacy/versions.json"), &h)
	if have := idsOf(h); !slices.Equal(have, want[:100]) {
		t.Errorf("versions.json has %d versions: %v", len(have), have)
	}
	var have []string
	for _, url := range h.Parts {
		var part formats.History
		decode(t, at(url), &part)
		if part.Whole != root+"privacy/versions.json" || len(part.Parts) > 0 {
			t.Errorf("%s belongs to %q and has %q", url, part.Whole, part.Parts)
		}
		have = append(have, idsOf(part)...)
	}
	same(t, "versions.json", have, want)

	var l formats.LinkSet
	decode(t, at(root+"privacy/links.json"), &l)
	have = nil
	for _, one := range l.LinkSet[0].LinkSets {
		var part formats.LinkSet
		decode(t, at(one.Href), &part)
		for _, c := range part.LinkSet {
			have = append(have, strings.TrimSuffix(strings.TrimPrefix(c.Anchor, root+"privacy/"), "/"))
		}
	}
	same(t, "links.json", have, want)

	for _, dir := range []string{root, root + "privacy/"} {
		same(t, dir+"feed.atom", atomHistory(t, at, dir+"feed.atom"), want)
		have = nil
		for url := dir + "feed.json"; url != ""; {
			var f struct {
				Next  string `json:"next_url"`
				Items []struct{ ID string }
			}
			decode(t, at(url), &f)
			for _, item := range f.Items {
				if id := item.ID[strings.LastIndex(item.ID, "/")+1:]; !slices.Contains(have, id) {
					have = append(have, id)
				}
			}
			url = f.Next
		}
		same(t, dir+"feed.json", have, want)
	}
}

// atomHistory follows a feed to its archives, as RFC 5005 says, and returns the
// versions of its entries, those that it saw before left out.
func atomHistory(t *testing.T, at func(url string) string, url string) (out []string) {
	t.Helper()
	seen, later, current := map[string]bool{}, "", url
	for first := true; url != ""; first = false {
		var f struct {
			Archive *struct{} `xml:"http://purl.org/syndication/history/1.0 archive"`
			Links   []struct {
				Rel  string `xml:"rel,attr"`
				Href string `xml:"href,attr"`
			} `xml:"link"`
			Entries []struct {
				ID string `xml:"id"`
			} `xml:"entry"`
		}
		if err := xml.Unmarshal([]byte(at(url)), &f); err != nil {
			t.Fatal(err)
		}
		links := map[string]string{}
		for _, link := range f.Links {
			links[link.Rel] = link.Href
		}
		if first == (f.Archive != nil) || links["self"] != url || !first && links["current"] != current || links["next-archive"] != later {
			t.Errorf("%s: archive %v, links %v", url, f.Archive, links)
		}
		for _, e := range f.Entries {
			if !seen[e.ID] {
				seen[e.ID] = true
				out = append(out, e.ID[strings.LastIndex(e.ID, "/")+1:])
			}
		}
		if later = url; first {
			later = ""
		}
		url = links["prev-archive"]
	}
	return out
}

func decode(t *testing.T, text string, to any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), to); err != nil {
		t.Fatal(err)
	}
}

func idsOf(h formats.History) (out []string) {
	for _, v := range h.Versions {
		out = append(out, v.ID)
	}
	return out
}

func same(t *testing.T, name string, have, want []string) {
	t.Helper()
	if !slices.Equal(have, want) {
		t.Errorf("%s leads to %d versions, want %d", name, len(have), len(want))
	}
}

// Archives of feeds stay as they are: only those that have a version that changed, or
// the next one, which shows how much changed, get another key, and others the same bytes.
func TestFeedArchivesStay(t *testing.T) {
	t.Parallel()
	const n = 130 // versions of each policy, by turns: the site's archive feed-3 has the 50th to the 74th of each
	file := func(slug string, i int) string {
		day := time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 2*i+len(slug)%2)
		return "content/" + slug + "/" + day.Format("2006-01-02") + ".md"
	}
	files := map[string]string{"privgen.toml": "[site]\ntitle = \"Acme\"\nbase_url = \"https://acme.example/\"\n" +
		"[organization]\nname = \"Acme\"\n"}
	for i := range n {
		for _, slug := range []string{"privacy", "terms"} {
			files[file(slug, i)] = fmt.Sprintf("# Text\n\nWe keep logs for %d days.\n", i)
		}
	}
	feeds := func() map[string]*tree.Entry {
		tr, out := pages.Plan(load(t, input(mapFS(files))), now), map[string]*tree.Entry{}
		for i := range tr {
			if dir, ok := strings.CutSuffix(tr[i].Path, "feed.json"); ok {
				out[dir] = &tr[i]
			}
		}
		return out
	}
	before := feeds()
	for _, test := range []struct{ name, file, want string }{
		{"edited", file("privacy", 60), "archive/feed-3/ privacy/archive/feed-2/"},
		{"the last of an archive", file("privacy", 49), "archive/feed-2/ archive/feed-3/ privacy/archive/feed-1/ privacy/archive/feed-2/"},
		{"the newest", file("terms", n-1), "_ terms/"},
		{"a new one", file("terms", n), "_ terms/"},
	} {
		was := files[test.file]
		files[test.file] = "# Text\n\nWe keep no logs.\n"
		have := ""
		for dir, e := range feeds() {
			if e.Key != before[dir].Key {
				have += " " + cmp.Or(dir, "_")
			} else if draw(t, e) != draw(t, before[dir]) {
				t.Errorf("%s: %s: the key is the same, the bytes are not", test.name, dir)
			}
		}
		words := strings.Fields(have)
		slices.Sort(words)
		if have = strings.Join(words, " "); have != test.want {
			t.Errorf("%s: have %s, want %s", test.name, have, test.want)
		}
		if files[test.file] = was; was == "" {
			delete(files, test.file)
		}
	}
}
