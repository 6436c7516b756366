package webpage

import (
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
// too. So only elements that clearly are not the text are dropped, and then the
// smallest element with nearly all words is chosen.

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
	isOwn := func(n *html.Node) bool { return n.DataAtom == atom.Article && hasAttr(n, "data-policy") }
	if own := find(isOwn, doc); len(own) == 1 { // a page that privgen made
		p.Found = nameOf(own[0])
		id := attr(own[0], "data-version")
		if d, err := day.Parse(id[:min(len(id), 10)]); err == nil {
			p.Version = d
		}
		return own, nil
	}
	body := find(is(atom.Body), doc)
	if len(body) == 0 {
		return []*html.Node{doc}, nil
	}
	title := headerTitle(doc)
	p.dropAround(body[0])
	root := narrow(body[0])
	p.Found = nameOf(root)
	p.noteOutside(root, body[0])
	if title != nil && !contains(root, is(atom.H1)) {
		root.InsertBefore(title, root.FirstChild)
	}
	return []*html.Node{root}, nil
}

// headerTitle returns a copy of the only h1 of a page if it is in a header and the
// page's title agrees with it. A site's name in a header is not a title.
func headerTitle(doc *html.Node) *html.Node {
	h1 := find(func(n *html.Node) bool { return n.DataAtom == atom.H1 && textOf(n) != "" }, doc)
	if len(h1) != 1 || !within(h1[0], is(atom.Header)) {
		return nil
	}
	have, head := strings.ToLower(textOf(h1[0])), strings.ToLower(firstPart(headTitle(doc)))
	if !strings.Contains(have, head) && !strings.HasPrefix(head, have) {
		return nil
	}
	return cloned(h1[0])
}

// noteOutside reports the words beside the element that has nearly all of them.
func (p *Page) noteOutside(root, body *html.Node) {
	for n := root; n != body && n.Parent != nil; n = n.Parent {
		for s := range n.Parent.ChildNodes() {
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
	isLandmark := func(n *html.Node) bool {
		return isMain(n) || n.DataAtom == atom.Article || n.DataAtom == atom.Div && attr(n, "id") != ""
	}
	for _, n := range find(isLandmark, doc) {
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
	inText := within(n, func(a *html.Node) bool { return a.DataAtom == atom.Article || isMain(a) })
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

// linkShare returns the share of an element's text that is in links, 0 to 1.
func linkShare(n *html.Node) float64 {
	all := len(textOf(n))
	if all == 0 {
		return 0
	}
	links := 0
	for _, a := range find(is(atom.A), n) {
		links += len(textOf(a))
	}
	return float64(links) / float64(all)
}

// narrow returns the element of a body that has its text: main or an article if it
// has most of the words, and then its descendants while one has 95% of them.
func narrow(body *html.Node) *html.Node {
	root, most := body, countWords(body)/2
	for _, n := range find(isMain, body) {
		if count := countWords(n); count > most {
			root, most = n, count
		}
	}
	if list := find(is(atom.Article), root); len(list) == 1 && countWords(list[0])*10 > countWords(root)*7 {
		root = list[0]
	}
	for {
		here := countWords(root)
		var into *html.Node
		for c := range root.ChildNodes() {
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
	for c := range root.ChildNodes() {
		if c != into && contains(c, isHeading) {
			return true
		}
	}
	return false
}

// A cleaner removes elements that a text cannot have from the chosen elements, and
// makes their links absolute.
type cleaner struct {
	page *Page
	base *url.URL // of relative links, or nil
	own  *url.URL // the page's URL, or nil
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
				// A longer one is a collapsed text, not a label for screen readers.
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
		c.page.Led++
	}
	href = c.resolve(href)
	setAttr(n, "href", href)
	if href == "" && strings.TrimSpace(words(n)) != "" {
		c.page.Links++
	}
}

// resolve returns the URL of a link for the text, or "" if the URL is not allowed, as
// that of a script or of a local file.
func (c *cleaner) resolve(href string) string {
	u, err := url.Parse(href)
	if err != nil {
		return ""
	}
	switch scheme := strings.ToLower(u.Scheme); scheme {
	case "mailto", "tel", "sms":
		return scheme + href[len(scheme):]
	case "", "http", "https":
	default:
		return ""
	}
	whole, own := u.Host != "", c.own
	if c.base != nil {
		u = c.base.ResolveReference(u)
	}
	switch {
	case u.Host == "" || u.User != nil:
		return ""
	case own != nil && u.Fragment != "" && u.Host == own.Host && u.Path == own.Path && u.RawQuery == own.RawQuery:
		return "#" + u.Fragment
	case whole:
		return href
	}
	return u.String()
}
