package pages

import (
	"bytes"
	"encoding/xml"

	"github.com/privgen/privgen/internal/day"
)

// An atomFeed is a feed in Atom, RFC 4287, which allows any order of elements.
type atomFeed struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang     string      `xml:"xml:lang,attr"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle,omitempty"`
	Updated  string      `xml:"updated"`
	Author   atomPerson  `xml:"author"`
	Links    []atomLink  `xml:"link"`
	Entries  []atomEntry `xml:"entry"`
}

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

func (fe *feeds) atom(b *bytes.Buffer, f feed) error {
	out := atomFeed{
		Lang: f.lang, ID: f.id, Title: f.title, Subtitle: f.about,
		Updated: f.modified(),
		Author:  atomPerson{fe.config.Organization.Name, fe.config.Organization.URL},
		Links: []atomLink{
			{Rel: "self", Type: typeAtom, Href: fe.paths.URL(f.dir + "feed.atom")},
			{Rel: "alternate", Type: "text/html", Hreflang: f.lang, Href: fe.paths.URL(f.page)},
		},
	}
	for _, item := range f.items {
		e := atomEntry{
			ID: item.id, Title: item.title, Published: item.when, Updated: item.modified,
			Links:   []atomLink{{Rel: "alternate", Type: "text/html", Hreflang: item.hreflang, Href: item.href}},
			Content: atomText{"html", item.content},
		}
		if item.before != "" {
			e.Links = append(e.Links, atomLink{Rel: "predecessor-version", Type: "text/html", Href: item.before})
		}
		if item.redline != "" {
			e.Links = append(e.Links, atomLink{Rel: "related", Type: "text/html", Href: item.redline})
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

// A jsonPrivgen is what JSON Feed has no member for. Its members are those of a
// HistoryVersion, and the policy's slug.
type jsonPrivgen struct {
	About     string `json:"about"` // where this is explained, as JSON Feed wants it
	Policy    string `json:"policy"`
	Version   string `json:"version"`
	Effective string `json:"effective"`
	Updated   string `json:"updated"`
	Material  bool   `json:"material"`
	Before    string `json:"predecessor_version,omitempty"` // permalink of the version before
	Redline   string `json:"redline,omitempty"`             // page of what changed since then
}

func (fe *feeds) json(f feed) jsonFeed {
	org := fe.config.Organization
	out := jsonFeed{
		Version: "https://jsonfeed.org/version/1.1",
		Title:   f.title, Description: f.about, Language: f.lang,
		Home: fe.paths.URL(f.page), URL: fe.paths.URL(f.dir + "feed.json"),
		Authors: []jsonAuthor{{org.Name, org.URL}},
	}
	for _, item := range f.items {
		v := item.version
		out.Items = append(out.Items, jsonItem{
			ID: item.id, URL: item.href, Title: item.title, Content: item.content,
			Published: item.when, Modified: item.modified, Language: f.lang,
			Privgen: jsonPrivgen{
				About:  "https://github.com/privgen/privgen",
				Policy: v.Policy.Slug, Version: v.ID,
				Effective: v.Effective().String(), Updated: day.On(v.Updated(fe.zone)).String(),
				Material: v.FrontMatter.Material, Before: item.before, Redline: item.redline,
			},
		})
	}
	return out
}
