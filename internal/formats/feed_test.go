package formats_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/formats"
)

// feed returns a feed of two versions. The latest change is a correction of the older one.
func feed() *formats.Feed {
	return &formats.Feed{
		ID: "tag:acme.example,2026:policy", Title: "Privacy & more", About: "What we learn.", Lang: "en",
		Author: "Acme <Ltd>", AuthorURL: "https://acme.example/",
		Page: "https://acme.example/privacy/", Dir: "https://acme.example/privacy/",
		Items: []formats.FeedItem{
			{ID: "tag:2", Title: "Second", Href: "https://acme.example/privacy/2/", Hreflang: "de",
				Before: "https://acme.example/privacy/1/", Redline: "https://acme.example/privacy/redline/1..2/",
				When: "2026-02-01T00:00:00Z", Modified: "2026-02-01T00:00:00Z", Content: "<p>New</p>",
				Policy: "privacy", Version: "2", Effective: "2026-03-01", Updated: "2026-02-01", Material: true},
			{ID: "tag:1", Title: "First", Href: "https://acme.example/privacy/1/", Hreflang: "en",
				When: "2026-01-01T00:00:00Z", Modified: "2026-02-01T00:00:00-05:00", Content: "<p>Old</p>",
				Policy: "privacy", Version: "1", Effective: "2026-01-01", Updated: "2026-01-01"},
		},
	}
}

func encoded(t *testing.T, f *formats.Feed, write func(*formats.Feed, *bytes.Buffer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(f, &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAtom(t *testing.T) {
	t.Parallel()
	const want = `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
  <id>tag:acme.example,2026:policy</id>
  <title>Privacy &amp; more</title>
  <subtitle>What we learn.</subtitle>
  <updated>2026-02-01T00:00:00-05:00</updated>
  <author>
    <name>Acme &lt;Ltd&gt;</name>
    <uri>https://acme.example/</uri>
  </author>
  <link rel="self" type="application/atom+xml" href="https://acme.example/privacy/feed.atom"></link>
  <link rel="alternate" type="text/html" hreflang="en" href="https://acme.example/privacy/"></link>
  <entry>
    <id>tag:2</id>
    <title>Second</title>
    <published>2026-02-01T00:00:00Z</published>
    <updated>2026-02-01T00:00:00Z</updated>
    <link rel="alternate" type="text/html" hreflang="de" href="https://acme.example/privacy/2/"></link>
    <link rel="predecessor-version" type="text/html" href="https://acme.example/privacy/1/"></link>
    <link rel="related" type="text/html" href="https://acme.example/privacy/redline/1..2/"></link>
    <content type="html">&lt;p&gt;New&lt;/p&gt;</content>
  </entry>
  <entry>
    <id>tag:1</id>
    <title>First</title>
    <published>2026-01-01T00:00:00Z</published>
    <updated>2026-02-01T00:00:00-05:00</updated>
    <link rel="alternate" type="text/html" hreflang="en" href="https://acme.example/privacy/1/"></link>
    <content type="html">&lt;p&gt;Old&lt;/p&gt;</content>
  </entry>
</feed>
`
	if have := encoded(t, feed(), (*formats.Feed).WriteAtom); have != want {
		t.Errorf("have\n%s", have)
	}
}

// An archive links to the feed, and to the archives before and after it (RFC 5005).
func TestAtomArchive(t *testing.T) {
	t.Parallel()
	f := feed()
	f.Archive, f.Dir = true, "https://acme.example/privacy/archive/feed-2/"
	f.Earlier, f.Later = "https://acme.example/privacy/archive/feed-1/", "https://acme.example/privacy/archive/feed-3/"
	have := encoded(t, f, (*formats.Feed).WriteAtom)
	for _, want := range []string{
		`<archive xmlns="http://purl.org/syndication/history/1.0"></archive>`,
		`<link rel="self" type="application/atom+xml" href="https://acme.example/privacy/archive/feed-2/feed.atom">`,
		`<link rel="current" type="application/atom+xml" href="https://acme.example/privacy/feed.atom">`,
		`<link rel="next-archive" type="application/atom+xml" href="https://acme.example/privacy/archive/feed-3/feed.atom">`,
		`<link rel="prev-archive" type="application/atom+xml" href="https://acme.example/privacy/archive/feed-1/feed.atom">`,
	} {
		if !strings.Contains(have, want) {
			t.Errorf("lacks %s:\n%s", want, have)
		}
	}
}

func TestJSONFeed(t *testing.T) {
	t.Parallel()
	f := feed()
	f.Earlier = "https://acme.example/privacy/archive/feed-1/"
	const want = `{
  "version": "https://jsonfeed.org/version/1.1",
  "title": "Privacy & more",
  "home_page_url": "https://acme.example/privacy/",
  "feed_url": "https://acme.example/privacy/feed.json",
  "next_url": "https://acme.example/privacy/archive/feed-1/feed.json",
  "description": "What we learn.",
  "language": "en",
  "authors": [
    {
      "name": "Acme <Ltd>",
      "url": "https://acme.example/"
    }
  ],
  "items": [
    {
      "id": "tag:2",
      "url": "https://acme.example/privacy/2/",
      "title": "Second",
      "content_html": "<p>New</p>",
      "date_published": "2026-02-01T00:00:00Z",
      "date_modified": "2026-02-01T00:00:00Z",
      "language": "en",
      "_privgen": {
        "about": "https://github.com/privgen/privgen",
        "policy": "privacy",
        "version": "2",
        "effective": "2026-03-01",
        "updated": "2026-02-01",
        "material": true,
        "predecessor_version": "https://acme.example/privacy/1/",
        "redline": "https://acme.example/privacy/redline/1..2/"
      }
    },
`
	if have := encoded(t, f, (*formats.Feed).WriteJSON); !strings.HasPrefix(have, want) {
		t.Errorf("have\n%s", have)
	}
}
