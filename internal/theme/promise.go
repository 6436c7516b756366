package theme

import (
	"bytes"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"github.com/privgen/privgen/internal/source"
)

// This file renders the probes and checks the guarantees of every theme: programs
// find the text of a policy in one article, and no page has scripts or inline
// styles, or loads anything from another host.

// try renders each page kind twice and checks the guarantees.
func (t *Theme) try() (problems source.Problems) {
	seen := map[said]bool{}
	for _, k := range kinds() {
		for _, full := range []bool{true, false} {
			p := probe{full, t.settings, t.styles}
			for _, problem := range t.tryPage(k, p) {
				// A template that fails does so on every kind of page.
				key := said{problem.Pos, problem.Code}
				if problem.Code == "broken-promise" {
					key.what = problem.What
				}
				if !seen[key] {
					seen[key] = true
					problems = append(problems, problem)
				}
			}
		}
	}
	// Incomplete HTML breaks guarantees, too.
	if i := slices.IndexFunc(problems, func(p *source.Problem) bool { return p.Code == "bad-template" }); i >= 0 {
		return problems[i : i+1]
	}
	return problems
}

func (t *Theme) tryPage(k kind, p probe) source.Problems {
	page := k.show(p)
	var b bytes.Buffer
	if err := t.render(&b, k.name, page); err != nil {
		return source.Problems{source.ProblemOf(err)}
	}
	frame := reflect.ValueOf(page).FieldByName("Frame").Interface().(Frame)
	j := &judge{theme: t, kind: k, frame: frame, text: b.String()}
	doc, err := html.Parse(bytes.NewReader(b.Bytes()))
	if err != nil {
		j.breach("the page cannot be read as HTML: "+err.Error(), "close what is opened", "")
		return j.problems
	}
	j.walk(doc)
	j.frameKept()
	if k.text {
		j.articleKept(p)
	}
	return j.problems
}

// A judge checks one page.
type judge struct {
	theme    *Theme
	kind     kind
	frame    Frame
	text     string
	problems source.Problems

	doctype  bool
	html     *html.Node
	counts   map[string]int // elements by name
	titles   []string
	links    []*html.Node
	robots   []string
	articles []*html.Node
	jsonLD   int
}

// breach reports a broken guarantee. The position is that of the text found in the
// templates of the page, otherwise that of the page's file.
func (j *judge) breach(what, do, found string) {
	j.problems = append(j.problems, source.NewProblem(j.theme.culprit(j.kind, found), "broken-promise", what, do))
}

// culprit returns the position of a text in the templates of a page kind, the
// latest layer first. If they do not contain it, culprit returns the position of
// the template that is probably wrong: not one of the base, if a later layer has one.
func (t *Theme) culprit(k kind, text string) source.Pos {
	blocks := t.set.reach(k.file())
	slices.SortStableFunc(blocks, func(a, b *block) int { return b.file.layer - a.file.layer })
	for _, b := range blocks {
		if b.file.layer == 0 && blocks[0].file.layer > 0 {
			break // a later layer put it into a block of the base
		}
		if text == "" || !strings.Contains(strings.ToLower(b.tree.Root.String()), strings.ToLower(text)) {
			continue
		}
		from := b.offset()
		if i := bytes.Index(bytes.ToLower(b.file.Text[from:]), bytes.ToLower([]byte(text))); i >= 0 {
			return b.file.Pos(from + i)
		}
	}
	page := t.set.blocks[k.file()]
	if page.file.layer > 0 {
		return page.start()
	}
	return blocks[0].start()
}

func (j *judge) walk(n *html.Node) {
	switch n.Type {
	case html.DoctypeNode:
		j.doctype = strings.EqualFold(n.Data, "html") && len(n.Attr) == 0
	case html.ElementNode:
		if n.Namespace == "" {
			j.element(n)
		}
		j.attributes(n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		j.walk(c)
	}
}

func (j *judge) element(n *html.Node) {
	if j.counts == nil {
		j.counts = map[string]int{}
	}
	j.counts[n.Data]++
	switch n.Data {
	case "html":
		j.html = n
	case "title":
		j.titles = append(j.titles, content(n, false))
	case "link":
		j.links = append(j.links, n)
	case "meta":
		if strings.EqualFold(attr(n, "name"), "robots") {
			j.robots = append(j.robots, attr(n, "content"))
		}
	case "article":
		if has(n, "data-policy") {
			j.articles = append(j.articles, n)
		}
	case "script":
		if attr(n, "type") == "application/ld+json" && !has(n, "src") {
			j.jsonLD++
			return
		}
		j.breach("the page has a script",
			"remove it; pages work without scripts, and the site's Content-Security-Policy blocks them", "<script")
	case "style":
		j.breach("the page has a style element",
			"move it into a style sheet in assets; the site's Content-Security-Policy blocks it here", "<style")
	case "img":
		if !has(n, "alt") {
			j.breach("an image has no alt, so a screen reader reads the name of its file",
				`say what it shows, alt="Acme", or write alt="" if it shows nothing that matters`, "<img")
		}
	case "base":
		j.breach("the page has a base element", "remove it; it would lead every link elsewhere", "<base")
	}
}

func (j *judge) attributes(n *html.Node) {
	for _, a := range n.Attr {
		key := a.Key
		switch {
		case key == "style":
			j.breach(fmt.Sprintf("an element <%s> has a style attribute", n.Data),
				"give it a class and move the style into a style sheet in assets; the site's "+
					"Content-Security-Policy blocks it here", "style=")
		case strings.HasPrefix(key, "on") && len(key) > 4:
			j.breach(fmt.Sprintf("an element <%s> has the attribute %s", n.Data, key),
				"remove it; pages work without scripts, and the site's Content-Security-Policy blocks them", key)
		case key == "srcset" || key == "imagesrcset":
			for part := range strings.SplitSeq(a.Val, ",") {
				if address := strings.Fields(part); len(address) > 0 {
					j.loads(n, address[0])
				}
			}
		case n.Data == "script": // is reported as such
		case strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:"):
			j.breach(fmt.Sprintf("an element <%s> has a script as its URL", n.Data),
				"remove it; pages work without scripts, and the site's Content-Security-Policy blocks them",
				"javascript:")
		case key == "src" || key == "poster" || key == "background",
			key == "data" && n.Data == "object",
			key == "href" && loadsHref(n):
			j.loads(n, a.Val)
		}
	}
}

// loadsHref reports whether a browser loads the href of an element by itself.
func loadsHref(n *html.Node) bool {
	switch n.Data {
	case "use", "image", "feimage":
		return true
	case "link":
		for _, rel := range strings.Fields(strings.ToLower(attr(n, "rel"))) {
			if slices.Contains([]string{"stylesheet", "icon", "apple-touch-icon", "mask-icon", "preload", "prefetch",
				"preconnect",
				"dns-prefetch", "modulepreload", "prerender", "manifest"}, rel) {
				return true
			}
		}
	}
	return false
}

func (j *judge) loads(n *html.Node, address string) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err == nil && u.Scheme == "" && u.Host == "" {
		return
	}
	j.breach(fmt.Sprintf("an element <%s> loads %q, which is not on the site", n.Data, address),
		`put a copy into the folder assets and write {{asset "NAME"}}; pages load nothing from another host`, address)
}

// frameKept checks that the page shows its whole frame.
func (j *judge) frameKept() {
	f := j.frame
	if !j.doctype {
		j.breach("the page does not begin with <!doctype html>", "begin the file with <!doctype html>", "")
	}
	if attr(j.html, "lang") != f.Lang || attr(j.html, "dir") != f.Dir {
		j.breach("the page does not say its language and direction",
			`begin with <html lang="{{.Lang}}" dir="{{.Dir}}">`, "<html")
	}
	if len(j.titles) != 1 || j.titles[0] != f.Title {
		j.breach("the page does not have its title, once",
			"write <title>{{.Title}}</title> in the head, and no other title element", "<title")
	}
	for _, name := range []string{"main", "h1"} {
		// A redline page can have two h1: its heading and that of the text.
		if n := j.counts[name]; n != 1 && (n != 2 || name != "h1" || j.kind.name != "redline") {
			j.breach(fmt.Sprintf("the page has %s", count(n, name+" element")),
				fmt.Sprintf("let each page have exactly one <%s>%s", name, j.h1()), "")
		}
	}
	if f.Canonical != "" && !j.hasLink(Relation{Rel: "canonical", Href: f.Canonical}) {
		j.breach("the page does not give its own URL",
			`write {{with .Canonical}}<link rel="canonical" href="{{.}}">{{end}} in the head`, "canonical")
	}
	for _, r := range f.Relations {
		if !j.hasLink(r) {
			j.breach("the page does not have all its relations",
				"draw each of .Relations as a link element in the head, with rel, href, type, title and hreflang, "+
					"or keep the block \"head\"", ".Relations")
			break
		}
	}
	for _, style := range f.Styles {
		if !j.hasLink(Relation{Rel: "stylesheet", Href: style}) {
			j.breach("the page does not load its style sheet",
				`write {{range .Styles}}<link rel="stylesheet" href="{{.}}">{{end}} in the head`, ".Styles")
		}
	}
	if got := strings.Join(j.robots, " "); got != f.Robots {
		j.breach("the page does not tell search engines what it was given",
			`write {{with .Robots}}<meta name="robots" content="{{.}}">{{end}} in the head`, "robots")
	}
	if want := min(1, len(f.JSONLD)); j.jsonLD != want {
		j.breach("the page does not have its structured data, once", "write {{.JSONLD}} in the head", "")
	}
	for _, bad := range []string{"ZgotmplZ", "&lt;no value&gt;", "<no value>", "&amp;lt;", "&amp;amp;"} {
		if strings.Contains(j.text, bad) {
			j.breach(fmt.Sprintf("the page holds %q, so a value stands where it cannot be written", bad),
				"put values between tags or in quoted attributes, and URLs at the beginning of href or src", "")
		}
	}
}

func (j *judge) h1() string {
	if j.kind.text {
		return "; on this page it is {{.Text.Heading}}"
	}
	return ""
}

func (j *judge) hasLink(r Relation) bool {
	return slices.ContainsFunc(j.links, func(n *html.Node) bool {
		return attr(n, "rel") == r.Rel && attr(n, "href") == r.Href && attr(n, "type") == r.Type &&
			attr(n, "title") == r.Title && attr(n, "hreflang") == r.Hreflang
	})
}

const articleWayOut = "write the article as <article data-policy=\"{{.Text.Policy}}\" " +
	"data-version=\"{{.Text.Version}}\" lang=\"{{.Text.Lang}}\" dir=\"{{.Text.Dir}}\">,\n" +
	"with {{.Text.Heading}} and {{.Text.Body}} in it, or keep the block \"text\""

func (d Document) document() Document { return d }

// isWhole reports whether the article of a rendered page has the heading and the body
// of the text. The probes check this once for a theme. Render checks it for each text,
// because a template can omit parts under a condition.
func (d Document) isWhole(page []byte) bool {
	_, rest, _ := bytes.Cut(page, []byte(`data-policy="`))
	for _, part := range []string{string(d.Text.Heading), string(d.Text.Body)} {
		for {
			i := bytes.Index(rest, []byte(part[:min(len(part), 64)]))
			if i < 0 {
				return false
			}
			rest = rest[i:]
			if len(rest) >= len(part) && string(rest[:len(part)]) == part {
				break
			}
			rest = rest[1:]
		}
		rest = rest[len(part):]
	}
	return true
}

// incomplete returns the problem of a page that does not show all of its text.
func (t *Theme) incomplete(k kind, d Document) *source.Problem {
	return source.NewProblem(t.culprit(k, "data-policy"), "broken-promise",
		fmt.Sprintf("the article of %s, version %s, does not have the whole text", d.Slug, d.Version.ID),
		articleWayOut+"; no condition may leave them out")
}

// articleKept checks that exactly one article has the text of the policy, and
// only added elements beside it.
func (j *judge) articleKept(p probe) {
	t, do := p.document().Text, articleWayOut
	if len(j.articles) != 1 {
		j.breach(fmt.Sprintf("the page has %s with data-policy", count(len(j.articles), "article")), do, "data-policy")
		return
	}
	a := j.articles[0]
	if attr(a, "data-policy") != t.Policy || attr(a, "data-version") != t.Version || attr(a, "lang") != t.Lang ||
		attr(a, "dir") != t.Dir {
		j.breach("the article does not say which text it has", do, "data-policy")
	}
	got, want := squeeze(content(a, true)), squeeze(p.own())
	switch {
	case got == want:
	case strings.Contains(got, want) || len(got) > len(want):
		j.breach("the article has words that are not the policy's own",
			"put data-added on every element in the article that is not {{.Text.Heading}} or {{.Text.Body}}",
			"data-policy")
	default:
		j.breach("the article does not have the whole text", do, "data-policy")
	}
	if n := strings.Count(squeeze(content(a, false)), squeeze(probeHeading)); n != 1 {
		j.breach("the article must have the heading of the text once", do, "data-policy")
	}
}

// content returns the text of an element; if own is true, without added elements.
func content(n *html.Node, own bool) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if !own || !has(c, "data-added") {
			b.WriteString(content(c, own))
		}
	}
	return b.String()
}

// squeeze removes white space, which templates can add.
func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

func attr(n *html.Node, key string) string {
	if n != nil {
		for _, a := range n.Attr {
			if a.Key == key {
				return a.Val
			}
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	return n.Type == html.ElementNode && slices.ContainsFunc(n.Attr,
		func(a html.Attribute) bool { return a.Key == key })
}
