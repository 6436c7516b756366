package webpage

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/source"
)

// This file finds the text of a policy in a page. Reader modes of browsers score
// long paragraphs and drop the rest. In a legal text, short lines and tables count
// too. So only elements that are clearly something else are dropped, and the rest
// is narrowed down while nearly all words stay.

// choose returns the elements that have the text.
func (p *Page) choose(doc *html.Node, at source.Pos, selector string) ([]*html.Node, *source.Problem) {
	if selector != "" {
		sel, err := cascadia.Compile(selector)
		if err != nil {
			return nil, source.NewProblem(at, "bad-selector", fmt.Sprintf("%q is not a CSS selector", selector),
				"write one like main, #content, .policy-text or \"article > div\"")
		}
		var roots []*html.Node
		walk(doc, func(n *html.Node) bool {
			if n.Type == html.ElementNode && sel.Match(n) {
				roots = append(roots, n)
				return false // its descendants are included
			}
			return true
		})
		if len(roots) == 0 {
			return nil, source.NewProblem(at, "selects-nothing",
				fmt.Sprintf("no element of the page matches %q", selector),
				"look in the page's source for the element that has the text; the page has "+landmarks(doc))
		}
		p.Found = selector
		return roots, nil
	}
	own := find(doc, func(n *html.Node) bool { return n.DataAtom == atom.Article && hasAttr(n, "data-policy") })
	if len(own) == 1 { // a page that privgen made
		p.Found = nameOf(own[0])
		id := attr(own[0], "data-version")
		if d, err := day.Parse(id[:min(len(id), 10)]); err == nil {
			p.Version = d
		}
		return own, nil
	}
	body := find(doc, func(n *html.Node) bool { return n.DataAtom == atom.Body })
	if len(body) == 0 {
		return []*html.Node{doc}, nil
	}
	title := headerTitle(doc)
	p.dropAround(body[0])
	root := narrow(body[0])
	p.Found = nameOf(root)
	p.noteOutside(root, body[0])
	if title != nil && len(find(root, func(n *html.Node) bool { return n.DataAtom == atom.H1 })) == 0 {
		root.InsertBefore(title, root.FirstChild)
	}
	return []*html.Node{root}, nil
}

// headerTitle returns a copy of the only h1 of a page if it is in a header and the
// page's title agrees with it. A site's name in a header is no title.
func headerTitle(doc *html.Node) *html.Node {
	h1 := find(doc, func(n *html.Node) bool { return n.DataAtom == atom.H1 && collapse(words(n)) != "" })
	if len(h1) != 1 || !within(h1[0], func(a *html.Node) bool { return a.DataAtom == atom.Header }) {
		return nil
	}
	have, head := strings.ToLower(collapse(words(h1[0]))), strings.ToLower(firstPart(headTitle(doc)))
	if !strings.Contains(have, head) && !strings.HasPrefix(head, have) {
		return nil
	}
	return cloned(h1[0])
}

// noteOutside reports the words beside the element that has nearly all of them.
func (p *Page) noteOutside(root, body *html.Node) {
	for n := root; n != body && n.Parent != nil; n = n.Parent {
		for s := n.Parent.FirstChild; s != nil; s = s.NextSibling {
			count := countWords(s)
			if s == n || count == 0 {
				continue
			}
			name := "words beside it"
			if s.Type == html.ElementNode {
				name = nameOf(s)
			}
			inText := n.Parent.DataAtom == atom.Main || n.Parent.DataAtom == atom.Article
			p.Dropped = append(p.Dropped, Dropped{name, count, inText && linkShare(s) < 0.5})
		}
	}
}

// landmarks names the elements that a page's text is likely to be in.
func landmarks(doc *html.Node) string {
	var names []string
	for _, n := range find(doc, func(n *html.Node) bool {
		return n.DataAtom == atom.Main || n.DataAtom == atom.Article || attr(n, "role") == "main" ||
			n.DataAtom == atom.Div && attr(n, "id") != ""
	}) {
		if countWords(n) > 50 && len(names) < 6 {
			names = append(names, nameOf(n))
		}
	}
	if len(names) == 0 {
		return "no element with an id that holds more than 50 words"
	}
	return strings.Join(names, ", ")
}

// nameOf names an element as a CSS selector would: div#content, nav.menu.
func nameOf(n *html.Node) string {
	name := n.Data
	if id := attr(n, "id"); id != "" && !strings.ContainsAny(id, " \t\n") {
		return name + "#" + id
	}
	if class := strings.Fields(attr(n, "class")); len(class) > 0 {
		return name + "." + class[0]
	}
	return name
}

func find(n *html.Node, is func(*html.Node) bool) (out []*html.Node) {
	walk(n, func(n *html.Node) bool {
		if n.Type == html.ElementNode && is(n) {
			out = append(out, n)
		}
		return true
	})
	return out
}

// aroundRoles are the ARIA landmarks that are not a page's content.
var aroundRoles = strings.Fields("navigation banner contentinfo complementary search dialog alertdialog menu menubar " +
	"toolbar doc-toc")

// around matches class names and ids of elements around a text. Only whole names
// count: a "cookie-policy" is not a banner.
var around = lazyregexp.New(`(?i)(?:^|[\s_-])(?:cookie[_-]?(?:banner|consent|notice|bar|popup|message|law|overlay)|` +
	`consent[_-]?(?:banner|bar|popup|manager)|onetrust[_-](?:banner|consent|pc)[a-z-]*|cc[_-](?:window|` +
	`banner)|cky[_-]consent[a-z-]*|gdpr[_-](?:banner|popup)|share(?:[_-]?(?:bar|buttons?|links?|tools?))?|` +
	`sharing|social(?:[_-]?(?:bar|links?|media|share|icons?))?|addtoany[a-z_]*|breadcrumbs?|sidebar|` +
	`side[_-]?nav|site[_-]?(?:header|footer|nav)|global[_-]?(?:header|footer|nav)|page[_-]?(?:header|footer)|` +
	`main[_-]?(?:nav|menu)|navbar|navigation|topbar|skip[_-]?(?:link|nav|to[_-]?content)|` +
	`newsletter(?:[_-][a-z]+)?|subscribe|related(?:[_-](?:posts|articles|links|content))?|pagination|` +
	`language[_-]?(?:switcher|selector|picker)|lang[_-]?switch(?:er)?|back[_-]?to[_-]?top|modal|popup|` +
	`print[_-]?(?:button|link)|wm-ipp(?:-[a-z]+)?|donato|feedback[_-]?(?:form|widget)?|` +
	`was[_-]this[_-]helpful)(?:$|[\s_-])`)

// dropAround removes the elements around the text of a body. An element with most
// of the words is the text, whatever its name.
func (p *Page) dropAround(body *html.Node) {
	all := countWords(body)
	var drop []*html.Node
	walk(body, func(n *html.Node) bool {
		if n.Type != html.ElementNode || n == body || !isAround(n) || countWords(n)*2 > all {
			return true
		}
		drop = append(drop, n)
		return false
	})
	for _, n := range drop {
		p.drop(n)
	}
}

func (p *Page) drop(n *html.Node) {
	count := 0
	walk(n, func(k *html.Node) bool {
		if k.Type == html.TextNode {
			count += len(wordsOf(k.Data))
			if p.kept != nil {
				addCharacters(p.kept, k.Data)
			}
		}
		return k.DataAtom != atom.Script && k.DataAtom != atom.Style && k.DataAtom != atom.Template
	})
	if count > 0 {
		visible := n.DataAtom == atom.Select || n.DataAtom == atom.Textarea
		p.Dropped = append(p.Dropped, Dropped{nameOf(n), count, visible})
	}
	n.Parent.RemoveChild(n)
}

func isAround(n *html.Node) bool {
	role := strings.ToLower(attr(n, "role"))
	inText := within(n, func(a *html.Node) bool {
		return a.DataAtom == atom.Article || a.DataAtom == atom.Main || attr(a, "role") == "main"
	})
	switch n.DataAtom {
	case atom.Nav:
		return true
	case atom.Header, atom.Footer, atom.Aside:
		// Inside a text they belong to it (its title, its date, a summary of a
		// clause), unless they consist of links.
		if n.DataAtom != atom.Aside || !inText || linkShare(n) > 0.5 {
			return !inText || linkShare(n) > 0.5
		}
	case atom.Dialog:
		return !hasAttr(n, "open") || !inText
	}
	if slices.Contains(aroundRoles, role) && (role != "banner" || !inText) && role != "complementary" {
		return true
	}
	if n.DataAtom == atom.Article || n.DataAtom == atom.Main || heading(n) > 0 {
		return false
	}
	return around().MatchString(attr(n, "class")) || around().MatchString(attr(n, "id"))
}

func within(n *html.Node, is func(*html.Node) bool) bool {
	for a := n.Parent; a != nil; a = a.Parent {
		if is(a) {
			return true
		}
	}
	return false
}

// linkShare returns the share of an element's text that is in links, 0 to 1.
func linkShare(n *html.Node) float64 {
	all := len(collapse(words(n)))
	if all == 0 {
		return 0
	}
	links := 0
	for _, a := range find(n, func(n *html.Node) bool { return n.DataAtom == atom.A }) {
		links += len(collapse(words(a)))
	}
	return float64(links) / float64(all)
}

// narrow returns the element of a body that has its text: main or an article if it
// has most of the words, and then its descendants while one has 95 % of them.
func narrow(body *html.Node) *html.Node {
	all := countWords(body)
	root := body
	mains := find(body, func(n *html.Node) bool { return n.DataAtom == atom.Main || attr(n, "role") == "main" })
	if len(mains) > 0 {
		most := slices.MaxFunc(mains, func(a, b *html.Node) int {
			return cmp.Compare(countWords(a), countWords(b))
		})
		if countWords(most)*2 > all {
			root = most
		}
	}
	articles := find(root, func(n *html.Node) bool { return n.DataAtom == atom.Article })
	if len(articles) == 1 && countWords(articles...)*10 > countWords(root)*7 {
		root = articles[0]
	}
	for {
		here := countWords(root)
		var into *html.Node
		for c := root.FirstChild; c != nil; c = c.NextSibling {
			switch c.DataAtom {
			case atom.Div, atom.Section, atom.Main, atom.Article:
				if countWords(c)*20 >= here*19 {
					into = c
				}
			}
		}
		if into == nil || here == 0 || losesTitle(root, into) {
			return root
		}
		root = into
	}
}

// losesTitle reports whether a heading of root is outside of into.
func losesTitle(root, into *html.Node) bool {
	for c := root.FirstChild; c != nil; c = c.NextSibling {
		if c != into && len(find(c, func(n *html.Node) bool { return heading(n) > 0 })) > 0 {
			return true
		}
	}
	return false
}

// heading returns the level of a heading, or 0.
func heading(n *html.Node) int {
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return int(n.Data[1] - '0')
	}
	if n.Type == html.ElementNode && attr(n, "role") == "heading" {
		if level := attr(n, "aria-level"); len(level) == 1 && level[0] >= '1' && level[0] <= '6' {
			return int(level[0] - '0')
		}
		return 2
	}
	return 0
}

// A cleaner removes from the chosen elements what a text cannot have, and makes
// their links absolute.
type cleaner struct {
	page *Page
	base *url.URL // of relative links, or nil
	own  *url.URL // the page's URL, or nil
}

// gone lists the elements that have no words of the text.
var gone = []atom.Atom{
	atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Iframe, atom.Object, atom.Embed, atom.Svg, atom.Canvas,
	atom.Math, atom.Audio, atom.Video, atom.Input, atom.Select, atom.Textarea, atom.Datalist, atom.Progress, atom.Meter,
	atom.Link, atom.Meta, atom.Title, atom.Head,
}

var unseen = lazyregexp.New(`(?i)(?:display\s*:\s*none|visibility\s*:\s*hidden)`)

func (c *cleaner) clean(roots []*html.Node) {
	for _, r := range roots {
		walk(r, func(n *html.Node) bool {
			if n == r || n.Parent == nil {
				return true
			}
			switch {
			case n.Type == html.CommentNode, hasAttr(n, "data-added"):
				n.Parent.RemoveChild(n)
				return false
			case n.Type != html.ElementNode:
			case slices.Contains(gone, n.DataAtom), n.Namespace != "",
				n.DataAtom == atom.Button && !within(n, isTitle),
				// A longer one is collapsed text, not a label for screen readers.
				hidden(n) && countWords(n) < 25:
				c.page.drop(n)
				return false
			case n.DataAtom == atom.A:
				c.link(n)
			}
			return true
		})
	}
}

func isTitle(n *html.Node) bool { return heading(n) > 0 || n.DataAtom == atom.Summary }

func hidden(n *html.Node) bool {
	return hasAttr(n, "hidden") || attr(n, "aria-hidden") == "true" || unseen().MatchString(attr(n, "style"))
}

// link makes the URL of a link absolute, or removes it. Links within the text are
// resolved later.
func (c *cleaner) link(n *html.Node) {
	href := strings.TrimSpace(attr(n, "href"))
	if href == "" {
		return
	}
	lost := func() {
		setAttr(n, "href", "")
		if strings.TrimSpace(words(n)) != "" {
			c.page.Links++
		}
	}
	href = strings.Map(func(r rune) rune {
		if r < ' ' {
			return -1
		}
		return r
	}, href)
	if strings.HasPrefix(href, "#") {
		return
	}
	if w, ok := ParseWayback(href); ok {
		href = w.Original
		setAttr(n, "href", href)
		c.page.Led++
	}
	u, err := url.Parse(href)
	if err != nil {
		lost()
		return
	}
	switch strings.ToLower(u.Scheme) {
	case "mailto", "tel", "sms":
		setAttr(n, "href", strings.ToLower(u.Scheme)+href[len(u.Scheme):])
		return
	case "", "http", "https":
	default:
		lost() // a script, or a file on a computer
		return
	}
	whole := u.Host != ""
	if c.base != nil {
		u = c.base.ResolveReference(u)
	}
	if u.Host == "" || u.User != nil {
		lost()
		return
	}
	own := c.own
	if own != nil && u.Fragment != "" && u.Host == own.Host && u.Path == own.Path && u.RawQuery == own.RawQuery {
		setAttr(n, "href", "#"+u.Fragment)
		return
	}
	if !whole {
		href = u.String()
	}
	setAttr(n, "href", href)
}

func setAttr(n *html.Node, key, value string) {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			n.Attr[i].Val = value
			return
		}
	}
	n.Attr = append(n.Attr, html.Attribute{Key: key, Val: value})
}

// countWords counts the words of elements.
func countWords(nodes ...*html.Node) int {
	count := 0
	for _, n := range nodes {
		walk(n, func(n *html.Node) bool {
			if n.Type == html.TextNode {
				count += len(strings.FieldsFunc(n.Data, func(r rune) bool { return !wordRune(r) }))
			}
			return n.Type != html.ElementNode || !slices.Contains(gone, n.DataAtom) && !hasAttr(n, "data-added")
		})
	}
	return count
}
