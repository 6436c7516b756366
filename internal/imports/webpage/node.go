package webpage

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file reads and changes the nodes of a page for the other files.

// walk visits a node and its descendants in order. Visit reports whether to visit
// the children of a node. It may remove the node.
func walk(n *html.Node, visit func(*html.Node) bool) {
	if !visit(n) {
		return
	}
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		walk(c, visit)
		c = next
	}
}

// find returns the elements in nodes that have a property, including the nodes
// themselves.
func find(has func(*html.Node) bool, nodes ...*html.Node) (out []*html.Node) {
	for _, n := range nodes {
		walk(n, func(n *html.Node) bool {
			if n.Type == html.ElementNode && has(n) {
				out = append(out, n)
			}
			return true
		})
	}
	return out
}

// contains reports whether an element in a node, or the node, has a property.
func contains(n *html.Node, has func(*html.Node) bool) bool { return len(find(has, n)) > 0 }

// within reports whether an ancestor of a node has a property.
func within(n *html.Node, has func(*html.Node) bool) bool {
	for a := range n.Ancestors() {
		if has(a) {
			return true
		}
	}
	return false
}

// is returns the property of an element with one of these tags.
func is(tags ...atom.Atom) func(*html.Node) bool {
	return func(n *html.Node) bool { return slices.Contains(tags, n.DataAtom) }
}

// isElement reports whether a node is an element.
func isElement(n *html.Node) bool { return n.Type == html.ElementNode }

// isMain reports whether a page marks an element as its main content.
func isMain(n *html.Node) bool { return n.DataAtom == atom.Main || attr(n, "role") == "main" }

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

func isHeading(n *html.Node) bool { return heading(n) > 0 }

// blockElements lists the elements that start a new line.
var blockElements = []atom.Atom{
	atom.Html, atom.Body, atom.Main, atom.Article, atom.Section, atom.Div, atom.P, atom.Header, atom.Footer,
	atom.Aside, atom.Nav, atom.Address, atom.Figure, atom.Figcaption, atom.Details, atom.Summary, atom.Center,
	atom.Form, atom.Fieldset, atom.Legend, atom.Hgroup, atom.Search, atom.Dialog, atom.H1, atom.H2, atom.H3,
	atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Menu, atom.Li, atom.Dl, atom.Dt, atom.Dd, atom.Table,
	atom.Caption, atom.Thead, atom.Tbody, atom.Tfoot, atom.Tr, atom.Td, atom.Th, atom.Pre, atom.Blockquote,
	atom.Hr, atom.Dir,
}

func isBlock(n *html.Node) bool {
	return n.Type == html.ElementNode && (slices.Contains(blockElements, n.DataAtom) || isHeading(n))
}

// holdsBlock reports whether a block is in a node.
func holdsBlock(n *html.Node) bool {
	for c := range n.Descendants() {
		if isBlock(c) {
			return true
		}
	}
	return false
}

func children(n *html.Node) []*html.Node { return slices.Collect(n.ChildNodes()) }

// elements returns the child elements of a node.
func elements(n *html.Node) []*html.Node {
	return slices.DeleteFunc(children(n), func(c *html.Node) bool { return c.Type != html.ElementNode })
}

// blockBefore returns the element before a block if no words are between them, or
// nil.
func blockBefore(n *html.Node) *html.Node {
	for p := n.PrevSibling; p != nil; p = p.PrevSibling {
		if p.Type == html.ElementNode {
			return p
		}
		if strings.TrimSpace(p.Data) != "" {
			return nil
		}
	}
	return nil
}

func newElement(tag atom.Atom, attrs ...html.Attribute) *html.Node {
	return &html.Node{Type: html.ElementNode, DataAtom: tag, Data: tag.String(), Attr: attrs}
}

func newText(s string) *html.Node { return &html.Node{Type: html.TextNode, Data: s} }

// cloned returns a copy of a node without its ids.
func cloned(n *html.Node) *html.Node {
	c := &html.Node{Type: n.Type, DataAtom: n.DataAtom, Data: n.Data, Namespace: n.Namespace}
	for _, a := range n.Attr {
		if a.Key != "id" && a.Key != "name" {
			c.Attr = append(c.Attr, a)
		}
	}
	for k := range n.ChildNodes() {
		c.AppendChild(cloned(k))
	}
	return c
}

func rename(n *html.Node, to atom.Atom) {
	n.DataAtom, n.Data, n.Namespace = to, to.String(), ""
}

func setText(n *html.Node, text string) {
	for n.FirstChild != nil {
		n.RemoveChild(n.FirstChild)
	}
	n.AppendChild(newText(text))
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
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

// hasClass reports whether an element has a class.
func hasClass(n *html.Node, class string) bool {
	isIt := func(s string) bool { return strings.EqualFold(s, class) }
	return slices.ContainsFunc(strings.Fields(attr(n, "class")), isIt)
}

// words returns the text in a node.
func words(n *html.Node) string {
	var b strings.Builder
	walk(n, func(n *html.Node) bool {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		if n.DataAtom == atom.Br {
			b.WriteByte(' ')
		}
		return !hasAttr(n, "data-added")
	})
	return b.String()
}

// textOf returns the text in a node with single spaces.
func textOf(n *html.Node) string { return collapse(words(n)) }

// collapse replaces white space with single spaces, and trims it.
func collapse(s string) string { return strings.Join(strings.Fields(s), " ") }

// gone lists the elements that have no words of the text.
var gone = []atom.Atom{
	atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Iframe, atom.Object, atom.Embed, atom.Svg, atom.Canvas,
	atom.Math, atom.Audio, atom.Video, atom.Input, atom.Select, atom.Textarea, atom.Datalist, atom.Progress, atom.Meter,
	atom.Link, atom.Meta, atom.Title, atom.Head,
}

// isGone reports whether an element has no words of the text: by its tag, or because
// privgen added it to a page.
func isGone(n *html.Node) bool { return slices.Contains(gone, n.DataAtom) || hasAttr(n, "data-added") }

// countWords counts the words of nodes.
func countWords(nodes ...*html.Node) int {
	count := 0
	for _, n := range nodes {
		walk(n, func(n *html.Node) bool {
			if n.Type == html.TextNode {
				count += len(strings.FieldsFunc(n.Data, func(r rune) bool { return !wordRune(r) }))
			}
			return !isGone(n)
		})
	}
	return count
}
