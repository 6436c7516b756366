package pages_test

import (
	"encoding/json"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/source"
)

// This file compares every date on every page with the front matter, whose dates are
// repeated here by hand.

type stamp struct{ effective, updated, published, reviewed, until string }

// stamps are the dates of the fixture's versions.
var stamps = map[string]map[string]stamp{
	"privacy": {
		"2022-05-01":   {effective: "2022-05-01", updated: "2022-05-01", until: "2022-05-01"},
		"2022-05-01.2": {effective: "2022-05-01", updated: "2022-05-01", reviewed: "2022-06-30", until: "2024-03-31"},
		"2024-03-31":   {effective: "2024-03-31", updated: "2024-02-27", published: "2024-02-29", until: "2026-02-01T09:30:00+01:00"},
		"2026-02-01":   {effective: "2026-02-01T09:30:00+01:00", updated: "2026-02-01", published: "2026-01-10T08:00:00-05:00", reviewed: "2026-05-05"},
		"2026-12-25":   {effective: "2026-12-25", updated: "2026-04-04", published: "2026-06-03T00:00:00Z"},
	},
	"cookies": {
		"2023-01-15": {effective: "2023-01-15", updated: "2023-01-15", published: "2023-01-02", until: "2025-10-26"},
		"2025-10-26": {effective: "2025-10-26", updated: "2025-10-26"},
	},
	"terms": {
		"2023-08-08": {effective: "2023-08-08", updated: "2023-08-08"},
	},
}

// inFeeds are the dates of entries: the instant of publication, or else the
// beginning of the day in Berlin.
var inFeeds = map[string]string{
	"privacy 2022-05-01":   "2022-05-01T00:00:00+02:00",
	"privacy 2022-05-01.2": "2022-05-01T00:00:00+02:00",
	"privacy 2024-03-31":   "2024-02-29T00:00:00+01:00",
	"privacy 2026-02-01":   "2026-01-10T08:00:00-05:00",
	"privacy 2026-12-25":   "2026-06-03T00:00:00Z",
	"cookies 2023-01-15":   "2023-01-02T00:00:00+01:00",
	"cookies 2025-10-26":   "2025-10-26T00:00:00+02:00",
	"terms 2023-08-08":     "2023-08-08T00:00:00+02:00",
}

// A speaker writes the dates of a page as its language does.
type speaker struct {
	*locale.Locale
	zone *time.Location
}

func newSpeaker(t *testing.T, page *html.Node) speaker {
	t.Helper()
	l, problems := locale.Load(attr(find(page, "html"), "lang"), source.In("x"), nil)
	if problems != nil {
		t.Fatal(problems[0])
	}
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return speaker{l, zone}
}

// say returns the form of a date for people; long names the hour, too.
func (s speaker) say(date string, long bool) string {
	if d, err := day.Parse(date); err == nil {
		return s.Date(d)
	}
	at, err := time.Parse(time.RFC3339, date)
	if err != nil {
		return err.Error()
	}
	out := s.Date(day.Of(at, s.zone))
	if long {
		out += at.In(s.zone).Format(", 15:04 (Europe/Berlin)")
	}
	return out
}

// last returns the last day on which a version was in force, or the instant at
// which that ended.
func (s stamp) last() string {
	d, err := day.Parse(s.until)
	if err != nil {
		return s.until
	}
	return max(s.effective, d.Add(-1).String())
}

// Every stamp on every page is that of its version, in both of its forms.
func TestStamps(t *testing.T) {
	t.Parallel()
	d := built(t)
	n := 0
	for _, p := range d.sorted() {
		s := newSpeaker(t, d.pages[p])
		stamped := all(d.pages[p], "div", "class", "stamp-line")
		if strings.HasSuffix(p, "archive/index.html") {
			stamped = slices.DeleteFunc(all(d.pages[p], "li"), func(e *html.Node) bool {
				return !strings.HasPrefix(attr(e, "class"), "entry ")
			})
		}
		for _, e := range stamped {
			n++
			policy, id := versionOf(t, d, p, e)
			v := stamps[policy][id]
			want := map[string]string{v.effective: "", v.updated: "", v.reviewed: "", v.last(): ""}
			want[v.published] = "" // without the hour
			delete(want, "")
			for _, time := range all(e, "time") {
				date := attr(time, "datetime")
				if _, ok := want[date]; !ok {
					t.Errorf("%s: %s %s: %s is no date of it", p, policy, id, date)
				}
				if have := words(time); have != s.say(date, date != v.published) {
					t.Errorf("%s: %s %s: %s is written %q", p, policy, id, date, have)
				}
				want[date] = "there"
			}
			for date, there := range want {
				if there == "" {
					t.Errorf("%s: %s %s: %s is not there", p, policy, id, date)
				}
			}
		}
	}
	if want := (6 + 11) + 2*(5+2+1); n != want { // texts, archives
		t.Errorf("have %d stamps, want %d", n, want)
	}
}

// versionOf returns the version of a stamp: that of the article or entry around it.
func versionOf(t *testing.T, d *drawn, p string, n *html.Node) (policy, id string) {
	t.Helper()
	for ; n != nil; n = n.Parent {
		if n.Data == "article" {
			return attr(n, "data-policy"), attr(n, "data-version")
		}
		if n.Data != "li" {
			continue
		}
		to, _, _ := d.lead(t, p, attr(find(n, "a"), "href"))
		article := find(d.pages[to], "article")
		if article == nil {
			t.Fatalf("%s: an entry leads to %s", p, to)
		}
		return attr(article, "data-policy"), attr(article, "data-version")
	}
	t.Fatalf("%s: a stamp of nothing", p)
	return "", ""
}

// Every date that stands in a page's sentences is a date of the policy, in both
// of its forms.
func TestTimes(t *testing.T) {
	t.Parallel()
	d := built(t)
	n := 0
	for _, p := range d.sorted() {
		s := newSpeaker(t, d.pages[p])
		for _, e := range all(d.pages[p], "time") {
			n++
			date := attr(e, "datetime")
			known := false
			for policy, versions := range stamps {
				if a := find(d.pages[p], "article"); a != nil && attr(a, "data-policy") != policy {
					continue
				}
				for _, v := range versions {
					known = known || slices.Contains([]string{v.effective, v.updated, v.published, v.reviewed, v.until, v.last()}, date)
				}
			}
			if !known {
				t.Errorf("%s: %s is no date of the policy", p, date)
			}
			if have := words(e); have != s.say(date, true) && have != s.say(date, false) {
				t.Errorf("%s: %s is written %q", p, date, have)
			}
		}
	}
	if n < 80 {
		t.Errorf("have %d dates only", n)
	}
}

// What a page says of itself to programs is what it says to people.
func TestJSONLD(t *testing.T) {
	t.Parallel()
	d := built(t)
	for _, p := range append(d.pinned(), d.stable()...) {
		page := d.pages[p]
		article := find(page, "article")
		want := stamps[attr(article, "data-policy")][attr(article, "data-version")]
		var have map[string]any
		if err := json.Unmarshal([]byte(words(find(page, "script"))), &have); err != nil {
			t.Errorf("%s: %v", p, err)
			continue
		}
		coverage := want.effective + "/.."
		if want.until != "" {
			coverage = want.effective + "/" + want.until
		} else if attr(article, "data-policy")+attr(article, "data-version") == "privacy2026-02-01" {
			coverage = want.effective + "/2026-12-25" // the next version has been announced
		}
		modified := want.updated
		if want.published != "" && want.published[:len("2026-01-02")] >= modified {
			modified = want.published
		}
		for key, want := range map[string]string{
			"@id": d.url(p), "url": d.url(p), "version": attr(article, "data-version"), "inLanguage": attr(article, "lang"),
			"name":          words(find(page, "title")),
			"datePublished": want.published, "dateModified": modified, "lastReviewed": want.reviewed,
			"temporalCoverage": coverage, "expires": want.until,
		} {
			if s, _ := have[key].(string); s != want {
				t.Errorf("%s: %s: have %q, want %q", p, key, s, want)
			}
		}
		if before := rels(page, "predecessor-version"); before != nil && have["isBasedOn"] != before[0] {
			t.Errorf("%s: isBasedOn: have %v, want %s", p, have["isBasedOn"], before[0])
		}
	}
}

// The dates of versions.json, the feeds and the sitemap are the same.
func TestDatesForPrograms(t *testing.T) {
	t.Parallel()
	d := built(t)
	for policy, versions := range stamps {
		for _, v := range readHistory(t, d, policy).Versions {
			if have, want := (stamp{v.Effective, v.Updated, v.Published, v.Reviewed, v.Until}), versions[v.ID]; have != want {
				t.Errorf("%s %s: have %+v, want %+v", policy, v.ID, have, want)
			}
		}
	}
	for dir := range feeds {
		for _, item := range readJSONFeed(t, d, dir+"feed.json").Items {
			name := item.Privgen.Policy + " " + item.Privgen.Version
			want := stamps[item.Privgen.Policy][item.Privgen.Version]
			if item.Published != inFeeds[name] || item.Modified != inFeeds[name] {
				t.Errorf("%s%s: have %s and %s, want %s", dir, name, item.Published, item.Modified, inFeeds[name])
			}
			if item.Privgen.Effective != want.effective || item.Privgen.Updated != want.updated {
				t.Errorf("%s%s: have %+v, want %+v", dir, name, item.Privgen, want)
			}
			doc, err := html.Parse(strings.NewReader(item.Content))
			if err != nil {
				t.Fatal(err)
			}
			times := all(doc, "time")
			if len(times) != 2 || attr(times[0], "datetime") != want.effective || attr(times[1], "datetime") != want.updated {
				t.Errorf("%s%s: have %s, want %+v", dir, name, item.Content, want)
			}
		}
	}
	for _, u := range readSitemap(t, d) {
		p, _, _ := d.lead(t, "", u.Loc)
		want := ""
		if a := find(d.pages[p], "article"); a != nil {
			want = stamps[attr(a, "data-policy")][attr(a, "data-version")].updated
		}
		if u.LastMod != want {
			t.Errorf("%s: have %q, want %q", u.Loc, u.LastMod, want)
		}
	}
}

// No file has the instant of the build.
func TestNoBuildTime(t *testing.T) {
	t.Parallel()
	d := built(t)
	for p, text := range d.text {
		for _, at := range []string{"2026-07", "13:37", "July 2026", "Juli 2026", "2026-11-22"} {
			if strings.Contains(text, at) && path.Ext(p) != ".css" {
				t.Errorf("%s: holds %q", p, at)
			}
		}
	}
}
