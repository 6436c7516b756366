package pages_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/formats"
	"github.com/privgen/privgen/internal/normal"
)

func readHistory(t *testing.T, d *drawn, policy string) formats.History {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(d.text[policy+"/versions.json"]))
	dec.DisallowUnknownFields()
	var h formats.History
	if err := dec.Decode(&h); err != nil {
		t.Fatalf("%s: %v", policy, err)
	}
	return h
}

func TestHistory(t *testing.T) {
	t.Parallel()
	d := built(t)
	h := readHistory(t, d, "privacy")
	if h.Policy != "privacy" || h.Kind != "privacy" || h.Language != "en-GB" || h.TimeZone != "Europe/Berlin" ||
		h.URL != d.base+"privacy/" || h.Archive != d.base+"privacy/archive/" ||
		!maps.Equal(h.Titles, map[string]string{"en-GB": "Privacy policy", "de": "Datenschutzerklärung"}) {
		t.Errorf("have %+v", h)
	}
	have, err := json.Marshal(h.Versions[2])
	if err != nil {
		t.Fatal(err)
	}
	digest := func(name string) string {
		_, text, _ := strings.Cut(fixture()[name], "\n+++\n")
		sum := sha256.Sum256([]byte(text))
		return hex.EncodeToString(sum[:])
	}
	want := `{"id":"2024-03-31","label":"3.0","state":"superseded","effective":"2024-03-31","updated":"2024-02-27","published":"2024-02-29","until":"2026-02-01T09:30:00+01:00",` +
		`"summary":"Invoices are kept for \u003c10\u003e years \u0026 more.","changes":["Retention: 6 to 10 years","New: \"rights\" ]]\u003e are explained"],"material":true,"texts":[` +
		`{"lang":"en-GB","title":"Privacy policy","url":"https://example.com/legal/privacy/2024-03-31/","markdown":"https://example.com/legal/privacy/2024-03-31/index.md","sha256":"` + digest("content/privacy/2024-03-31.md") + `","redline":"https://example.com/legal/privacy/redline/2022-05-01.2..2024-03-31/","redline_in_force":"https://example.com/legal/privacy/redline/2024-03-31..in-force/",` +
		`"extent":{"clauses_changed":2,"clauses_added":1,"clauses_removed":0,"clauses_moved":0,"words_added":10,"words_removed":9,"words_moved":0,"words_restructured":0,"links":0,"images":0,"list_numbers":0,"markup":0}},` +
		`{"lang":"de","title":"Datenschutzerklärung","summary":"Rechnungen werden 10 Jahre aufbewahrt.","changes":["Aufbewahrung: 10 statt 6 Jahre"],"url":"https://example.com/legal/de/privacy/2024-03-31/","markdown":"https://example.com/legal/de/privacy/2024-03-31/index.md","sha256":"` + digest("content/privacy/2024-03-31.de.md") + `","redline_in_force":"https://example.com/legal/de/privacy/redline/2024-03-31..in-force/"}]}`
	if string(have) != want {
		t.Errorf("have %s\nwant %s", have, want)
	}
	for slug, want := range map[string]string{
		"privacy": "2026-12-25 upcoming, 2026-02-01 in-force, 2024-03-31 superseded, 2022-05-01.2 superseded, 2022-05-01 superseded",
		"cookies": "2025-10-26 in-force, 2023-01-15 superseded",
		"terms":   "2023-08-08 in-force",
	} {
		var list []string
		for _, v := range readHistory(t, d, slug).Versions {
			list = append(list, v.ID+" "+v.State)
		}
		if have := strings.Join(list, ", "); have != want {
			t.Errorf("%s: have %s\nwant %s", slug, have, want)
		}
	}
}

// The digest of a text is that of the text in the index.md which it leads to.
func TestHistoryDigest(t *testing.T) {
	t.Parallel()
	d := built(t)
	for _, slug := range []string{"privacy", "cookies", "terms"} {
		for _, v := range readHistory(t, d, slug).Versions {
			for _, text := range v.Texts {
				p, _, _ := d.lead(t, "", text.Markdown)
				sum := sha256.Sum256(normal.SkipHead([]byte(d.text[p])))
				if have := hex.EncodeToString(sum[:]); have != text.SHA256 {
					t.Errorf("%s: have %s, want %s", p, text.SHA256, have)
				}
			}
		}
	}
}

// Formats that the config omits are neither written nor linked to.
func TestFormats(t *testing.T) {
	t.Parallel()
	for formats, want := range map[string][]string{
		``:               {},
		`"json"`:         {"links.json", "timemap.link", "versions.json"},
		`"feed"`:         {"feed.atom", "feed.json"},
		`"text", "json"`: {"index.txt", "links.json", "timemap.link", "versions.json"},
	} {
		tr := plan(t, with("privgen.toml", "[organization]\n+\n[output]\nformats = ["+formats+"]\n[organization]"))
		var have []string
		for _, e := range tr {
			if name, ok := strings.CutPrefix(e.Path, "privacy/"); ok && !strings.Contains(name, "/") && name != "index.html" {
				have = append(have, name)
			}
		}
		if !slices.Equal(have, want) {
			t.Errorf("%s: have %q, want %q", formats, have, want)
		}
		if have, want := tr.Find("feed.atom") != nil, strings.Contains(formats, "feed"); have != want {
			t.Errorf("%s: the site's feed is there: %v", formats, have)
		}
	}
}

// A linkset is a links.json as a program would read it.
type linkset map[string][]map[string]any

// links returns the links of a page in a link set: by relation, where they lead.
func (l linkset) links(t *testing.T, anchor string) map[string][]string {
	t.Helper()
	var out map[string][]string
	for _, context := range l["linkset"] {
		if context["anchor"] != anchor {
			continue
		}
		if out != nil {
			t.Errorf("%s: is there twice", anchor)
		}
		out = map[string][]string{}
		for rel, targets := range context {
			if rel == "anchor" {
				continue
			}
			for _, target := range targets.([]any) {
				out[rel] = append(out[rel], target.(map[string]any)["href"].(string))
			}
		}
	}
	return out
}

func TestLinkSet(t *testing.T) {
	t.Parallel()
	d := built(t)
	anchors := map[string]bool{}
	for _, slug := range []string{"privacy", "cookies", "terms"} {
		name := slug + "/links.json"
		var l linkset
		if err := json.Unmarshal([]byte(d.text[name]), &l); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(l) != 1 || l["linkset"] == nil {
			t.Errorf("%s: linkset is not its only member", name)
		}
		if e := d.tree.Find(name); e.Type != "application/linkset+json" {
			t.Errorf("%s: is of type %s", name, e.Type)
		}
		for _, context := range l["linkset"] {
			anchor := context["anchor"].(string)
			anchors[anchor] = true
			for rel, list := range l.links(t, anchor) {
				for _, href := range append(list, anchor) {
					if u, err := url.Parse(href); err != nil || !u.IsAbs() {
						t.Errorf("%s: %s is not absolute", name, href)
					}
				}
				if slices.Contains(list, anchor) {
					t.Errorf("%s: %s is %s of itself", name, anchor, rel)
				}
				if !slices.Contains([]string{"version-history", "latest-version", "predecessor-version", "successor-version", "alternate"}, rel) {
					t.Errorf("%s: has the relation %s", name, rel)
				}
			}
		}
	}
	// It has the links of the pages, and all pages that show a text.
	for _, p := range append(d.pinned(), d.stable()...) {
		var l linkset
		slug := attr(find(d.pages[p], "article"), "data-policy")
		if err := json.Unmarshal([]byte(d.text[slug+"/links.json"]), &l); err != nil {
			t.Fatal(err)
		}
		links := l.links(t, d.url(p))
		for _, rel := range []string{"version-history", "latest-version", "predecessor-version"} {
			if have, want := links[rel], rels(d.pages[p], rel); !slices.Equal(have, want) {
				t.Errorf("%s: %s: have %q, want %q", p, rel, have, want)
			}
		}
		delete(anchors, d.url(p))
	}
	if len(anchors) > 0 {
		t.Errorf("these are no pages: %v", anchors)
	}
}

// The link set has what a permalink cannot have: which version came after.
func TestLinkSetSuccessors(t *testing.T) {
	t.Parallel()
	d := built(t)
	var l linkset
	if err := json.Unmarshal([]byte(d.text["privacy/links.json"]), &l); err != nil {
		t.Fatal(err)
	}
	for anchor, want := range map[string]string{
		"privacy/":               "privacy/2026-12-25/",
		"de/privacy/":            "privacy/2026-12-25/",
		"privacy/2022-05-01/":    "privacy/2022-05-01.2/",
		"privacy/2022-05-01.2/":  "privacy/2024-03-31/",
		"privacy/2024-03-31/":    "privacy/2026-02-01/",
		"de/privacy/2024-03-31/": "de/privacy/2026-02-01/",
		"de/privacy/2026-02-01/": "privacy/2026-12-25/",
		"privacy/2026-12-25/":    "",
	} {
		have := l.links(t, d.base+anchor)["successor-version"]
		if want == "" && have != nil || want != "" && !slices.Equal(have, []string{d.base + want}) {
			t.Errorf("%s: have %q, want %q", anchor, have, want)
		}
	}
	var langs []any
	for _, context := range l["linkset"] {
		if context["anchor"] == d.base+"privacy/2024-03-31/" {
			langs = context["alternate"].([]any)[0].(map[string]any)["hreflang"].([]any)
		}
	}
	if len(langs) != 1 || langs[0] != "de" {
		t.Errorf("hreflang: have %v", langs)
	}
}
