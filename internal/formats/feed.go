package formats

import (
	"bytes"
	"encoding/xml"
	"slices"
	"time"
)

// A Feed is the input of both forms of a feed. URLs are absolute.
type Feed struct {
	ID, Title, About, Lang string
	Author, AuthorURL      string
	Page, Dir              string     // URLs of the page that it belongs to, and of the folder with its two forms
	Earlier, Later         string     // URLs of the folders of the archives with earlier and later versions, or empty
	Archive                bool       // whether it is an archive (RFC 5005, part 4), which keeps its versions
	Items                  []FeedItem // at least one
}

// A FeedItem is a version in a feed.
type FeedItem struct {
	ID, Title, Href string
	Hreflang        string // language of the text at Href
	Before          string // URL of the previous version, or empty
	Redline         string // URL of what changed since the previous version, or empty
	When            string // when it was published, as in RFC 3339
	Modified        string // the same, or the day of the last correction
	Content         string // HTML

	Policy, Version, Effective, Updated string
	Material                            bool
}

// modified returns when the newest change in the feed was made.
func (f *Feed) modified() string {
	at := func(item FeedItem) time.Time {
		t, _ := time.Parse(time.RFC3339, item.Modified) // pages formatted it so
		return t
	}
	return slices.MaxFunc(f.Items, func(a, b FeedItem) int { return at(a).Compare(at(b)) }).Modified
}

// An atomFeed is a feed in Atom, RFC 4287, which allows any order of elements.
type atomFeed struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang     string      `xml:"xml:lang,attr"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle,omitempty"`
	Updated  string      `xml:"updated"`
	Author   atomPerson  `xml:"author"`
	Archive  *fhArchive  `xml:"http://purl.org/syndication/history/1.0 archive"`
	Links    []atomLink  `xml:"link"`
	Entries  []atomEntry `xml:"entry"`
}

// An fhArchive marks a feed as an archive.
type fhArchive struct{}

type atomPerson struct {
	Name string `xml:"name"`
	URI  string `xml:"uri,omitempty"`
}

type atomLink struct {
	Rel      string `xml:"rel,attr"`
	Type     string `xml:"type,attr,omitempty"`
	Hreflang string `xml:"hreflang,attr,omitempty"`
	Href     string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string     `xml:"id"`
	Title     string     `xml:"title"`
	Published string     `xml:"published"`
	Updated   string     `xml:"updated"`
	Links     []atomLink `xml:"link"`
	Content   atomText   `xml:"content"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

// WriteAtom appends the feed as Atom.
func (f *Feed) WriteAtom(b *bytes.Buffer) error {
	out := atomFeed{
		Lang: f.Lang, ID: f.ID, Title: f.Title, Subtitle: f.About,
		Updated: f.modified(),
		Author:  atomPerson{f.Author, f.AuthorURL},
		Links: []atomLink{
			{Rel: "self", Type: "application/atom+xml", Href: f.Dir + "feed.atom"},
			{Rel: "alternate", Type: "text/html", Hreflang: f.Lang, Href: f.Page},
		},
	}
	link := func(rel, dir string) {
		if dir != "" {
			out.Links = append(out.Links, atomLink{Rel: rel, Type: "application/atom+xml", Href: dir + "feed.atom"})
		}
	}
	if f.Archive {
		out.Archive = &fhArchive{}
		link("current", f.Page)
		link("next-archive", f.Later)
	}
	link("prev-archive", f.Earlier)
	for _, item := range f.Items {
		e := atomEntry{
			ID: item.ID, Title: item.Title, Published: item.When, Updated: item.Modified,
			Links:   []atomLink{{Rel: "alternate", Type: "text/html", Hreflang: item.Hreflang, Href: item.Href}},
			Content: atomText{"html", item.Content},
		}
		if item.Before != "" {
			e.Links = append(e.Links, atomLink{Rel: "predecessor-version", Type: "text/html", Href: item.Before})
		}
		if item.Redline != "" {
			e.Links = append(e.Links, atomLink{Rel: "related", Type: "text/html", Href: item.Redline})
		}
		out.Entries = append(out.Entries, e)
	}
	b.WriteString(xml.Header)
	e := xml.NewEncoder(b)
	e.Indent("", "  ")
	if err := e.Encode(out); err != nil {
		return err
	}
	b.WriteByte('\n')
	return nil
}

// A jsonFeed is a feed in JSON Feed 1.1.
type jsonFeed struct {
	Version     string       `json:"version"`
	Title       string       `json:"title"`
	Home        string       `json:"home_page_url"`
	URL         string       `json:"feed_url"`
	Next        string       `json:"next_url,omitempty"` // the archive with earlier versions
	Description string       `json:"description,omitempty"`
	Language    string       `json:"language"`
	Authors     []jsonAuthor `json:"authors"`
	Items       []jsonItem   `json:"items"`
}

type jsonAuthor struct {
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
}

type jsonItem struct {
	ID        string      `json:"id"`
	URL       string      `json:"url"`
	Title     string      `json:"title"`
	Content   string      `json:"content_html"`
	Published string      `json:"date_published"`
	Modified  string      `json:"date_modified"`
	Language  string      `json:"language"`
	Privgen   jsonPrivgen `json:"_privgen"`
}

// A jsonPrivgen has what JSON Feed has no member for: the policy's slug, and members
// of HistoryVersion.
type jsonPrivgen struct {
	About     string `json:"about"` // the URL of an explanation, which JSON Feed recommends
	Policy    string `json:"policy"`
	Version   string `json:"version"`
	Effective string `json:"effective"`
	Updated   string `json:"updated"`
	Material  bool   `json:"material"`
	Before    string `json:"predecessor_version,omitempty"` // permalink of the previous version
	Redline   string `json:"redline,omitempty"`             // page that shows what changed since then
}

// WriteJSON appends the feed as JSON Feed.
func (f *Feed) WriteJSON(b *bytes.Buffer) error {
	out := jsonFeed{
		Version: "https://jsonfeed.org/version/1.1",
		Title:   f.Title, Description: f.About, Language: f.Lang,
		Home: f.Page, URL: f.Dir + "feed.json",
		Authors: []jsonAuthor{{f.Author, f.AuthorURL}},
	}
	if f.Earlier != "" {
		out.Next = f.Earlier + "feed.json"
	}
	for _, item := range f.Items {
		out.Items = append(out.Items, jsonItem{
			ID: item.ID, URL: item.Href, Title: item.Title, Content: item.Content,
			Published: item.When, Modified: item.Modified, Language: f.Lang,
			Privgen: jsonPrivgen{
				About:  "https://github.com/privgen/privgen",
				Policy: item.Policy, Version: item.Version, Effective: item.Effective, Updated: item.Updated,
				Material: item.Material, Before: item.Before, Redline: item.Redline,
			},
		})
	}
	return WriteJSON(b, out)
}
