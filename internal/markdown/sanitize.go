package markdown

import (
	"bytes"
	"regexp"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// sanitize removes what could do harm from the HTML in dst[begin:], and closes
// open elements, so that a mistake of an author cannot hide the page around the
// text. It returns the new end of the title, too.
func sanitize(dst []byte, begin, title int) ([]byte, int) {
	allowed := allowed()
	out := dst[:begin:begin]
	out = append(out, balance(allowed.SanitizeBytes(dst[begin:title]))...)
	end := len(out)
	return append(out, balance(allowed.SanitizeBytes(dst[title:]))...), end
}

// allowed returns the policy for HTML in a text: elements of documents, and
// those that privgen writes. It allows no style, script, or form, and nothing
// loaded from another host.
func allowed() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowStandardURLs()
	p.AllowURLSchemes(schemes...)
	p.AllowRelativeURLs(true)
	p.RequireNoFollowOnLinks(false)
	p.AllowLists()
	p.AllowTables()
	p.AllowElements("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "blockquote", "aside", "pre", "code",
		"em", "strong", "b", "i", "u", "s", "del", "ins", "sub", "sup", "small", "mark", "abbr", "cite", "q",
		"dfn", "kbd", "samp", "var", "span", "div", "section", "details", "summary", "figure", "figcaption",
		"time", "wbr", "bdi", "bdo")
	p.AllowAttrs("href", "title").OnElements("a")
	p.AllowAttrs("alt", "src").OnElements("img")
	p.AllowAttrs("id", "lang", "dir").Globally()
	p.AllowAttrs("title").OnElements("abbr", "dfn")
	p.AllowAttrs("start", "value").Matching(regexp.MustCompile(`^-?[0-9]{1,9}$`)).OnElements("ol", "li")
	p.AllowAttrs("type").Matching(regexp.MustCompile(`^(?:[1aAiI]|disc|circle|square)$`)).OnElements("ol", "ul", "li")
	p.AllowAttrs("reversed").OnElements("ol")
	p.AllowAttrs("open").OnElements("details")
	p.AllowAttrs("datetime").Matching(regexp.MustCompile(`^[0-9T:.+\-Z]+$`)).OnElements("time", "ins", "del")
	p.AllowAttrs("class").Matching(regexp.MustCompile(
		`^(?:anchor|url|table|left|center|right|footnotes|footnote-ref|back|legal|summary|label)$`)).Globally()
	p.AllowAttrs("role").Matching(regexp.MustCompile(
		`^(?:group|note|doc-endnotes|doc-noteref|doc-backlink)$`)).Globally()
	p.AllowAttrs("aria-label", "tabindex").OnElements("a", "div", "section")
	p.AllowAttrs("data-added").OnElements("a", "span")
	return p
}

// withoutForeign puts the words of images that a browser would load from
// elsewhere in their place. Those of the site have a path from its root by now.
// It also takes ins and del for redlines alone, which are made of them.
func withoutForeign(n *html.Node) *html.Node {
	switch n.DataAtom {
	case atom.Del:
		n.DataAtom, n.Data = atom.S, "s"
	case atom.Ins:
		n.DataAtom, n.Data = atom.U, "u"
	}
	if n.DataAtom == atom.Img {
		alt, ours := "", false
		for _, a := range n.Attr {
			switch a.Key {
			case "alt":
				alt = a.Val
			case "src":
				ours = len(a.Val) > 1 && a.Val[0] == '/' && a.Val[1] != '/' && a.Val[1] != '\\'
			}
		}
		if !ours {
			return &html.Node{Type: html.TextNode, Data: alt}
		}
	}
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if put := withoutForeign(c); put != c {
			n.InsertBefore(put, c)
			n.RemoveChild(c)
		}
		c = next
	}
	return n
}

// balance parses a fragment of HTML as a browser does, and writes it with all
// end tags.
func balance(fragment []byte) []byte {
	nodes, err := html.ParseFragment(bytes.NewReader(fragment),
		&html.Node{Type: html.ElementNode, Data: "article", DataAtom: atom.Article})
	if err != nil {
		return nil // a reader of bytes does not fail
	}
	var b bytes.Buffer
	for _, n := range nodes {
		n = withoutForeign(n)
		if err := html.Render(&b, n); err != nil {
			panic("privgen: internal error: writing HTML: " + err.Error())
		}
	}
	return b.Bytes()
}
