package markdown

import (
	"bytes"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"

	"github.com/privgen/privgen/internal/source"
)

// This file compares the article of a page with its text.

// ComparePage returns how the article of a page differs from a text, or nothing.
// It compares the words: what a page adds is marked with data-added, and white space does not
// count. Of the rules by which a text can be rendered, any will do.
func ComparePage(page, text []byte) string {
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return "it is not HTML"
	}
	var articles []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "article" && hasAttribute(n, "data-policy") {
			articles = append(articles, n)
		}
	}
	if len(articles) != 1 {
		return "it does not have one article with the text of a policy"
	}
	is := ownText(articles[0])
	f, problem := source.Parse("text", text)
	if problem != nil {
		return "the text is none"
	}
	want := ""
	if anyRules(f, func(b *Body) bool {
		set, _ := b.HTML(nil, &RenderOptions{})
		own, err := html.Parse(bytes.NewReader(set))
		if err != nil {
			return false
		}
		was := want
		if want = ownText(own); want == is {
			return true
		}
		if was != "" && len(was) > len(want) {
			want = was
		}
		return false
	}) {
		return ""
	}
	return "its article has other words than the text: " + firstDifference(is, want)
}

// ownText returns the words of an element without white space, and without
// those that the page adds.
func ownText(n *html.Node) string {
	if n.Type == html.TextNode {
		return strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) {
				return -1
			}
			return r
		}, n.Data)
	}
	var b strings.Builder
	for c := range n.ChildNodes() {
		if !hasAttribute(c, "data-added") && c.Data != "script" && c.Data != "style" {
			b.WriteString(ownText(c))
		}
	}
	return b.String()
}

func hasAttribute(n *html.Node, key string) bool {
	return n.Type == html.ElementNode && slices.ContainsFunc(n.Attr,
		func(a html.Attribute) bool { return a.Key == key })
}

// firstDifference quotes the first difference of two texts.
func firstDifference(is, want string) string {
	a, b := []rune(is), []rune(want)
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	part := func(r []rune) string { return string(r[max(0, min(i-10, len(r))):min(len(r), i+20)]) }
	return "\"" + part(a) + "\" for \"" + part(b) + "\" (without spaces)"
}
