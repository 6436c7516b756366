package markdown

import (
	"bytes"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"golang.org/x/text/unicode/norm"

	"github.com/privgen/privgen/internal/complete"
	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/markdown/syntax"
	"github.com/privgen/privgen/internal/numbering"
)

// This file renders the nodes that privgen renders in its own way: headings with
// anchors, links and images whose URLs depend on the page, raw HTML, and tables for a
// strict Content-Security-Policy and for screen readers.

// nodeRenderer renders the nodes that policy pages need in another form than
// goldmark's.
type nodeRenderer struct{}

func (nodeRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	for kind, render := range map[ast.NodeKind]func(w *blockBuffer, n ast.Node){ // with all that is in the node
		ast.KindText:              renderText,
		ast.KindAutoLink:          renderAutoLink,
		ast.KindImage:             renderImage,
		ast.KindRawHTML:           renderRawHTML,
		ast.KindHTMLBlock:         renderHTMLBlock,
		east.KindTaskCheckBox:     renderBox,
		east.KindFootnoteBacklink: renderBacklink,
	} {
		reg.Register(kind, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
			if entering {
				render(w.(*blockBuffer), n)
			}
			return ast.WalkSkipChildren, nil
		})
	}
	for kind, render := range map[ast.NodeKind]func(w *blockBuffer, n ast.Node, entering bool){
		ast.KindHeading:        renderHeading,
		ast.KindLink:           renderLink,
		ast.KindBlockquote:     renderQuote,
		ast.KindList:           renderList,
		ast.KindListItem:       renderListItem,
		east.KindStrikethrough: renderStrike,
		east.KindTable: renderGroup(`<div class="table" role="group" tabindex="0"`, holeTable,
			"<table>\n", "</table>\n</div>\n"),
		east.KindTableCell: renderCell,
		east.KindFootnoteList: renderGroup(`<section class="footnotes" role="doc-endnotes"`, holeFootnotes,
			"<ol>\n", "</ol>\n</section>\n"),
	} {
		reg.Register(kind, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
			render(w.(*blockBuffer), n, entering)
			return ast.WalkContinue, nil
		})
	}
}

func renderHeading(w *blockBuffer, n ast.Node, entering bool) {
	h := n.(*ast.Heading)
	if entering {
		w.index[n] = len(w.heads)
		w.heads = append(w.heads, w.head(h))
		w.WriteString("<h")
		w.hole(holeLevel, w.index[n])
		w.WriteString(` id="`)
		w.hole(holeID, w.index[n])
		w.WriteString(`">`)
		return
	}
	w.hole(holeAliases, w.index[n])
	w.WriteString("</h")
	w.hole(holeLevel, w.index[n])
	w.WriteString(">")
	w.hole(holeAnchor, w.index[n])
	w.WriteString("\n")
	if w.heads[w.index[n]].top {
		w.hole(holeHeadingEnd, w.index[n])
	}
}

func (w *blockBuffer) head(h *ast.Heading) head {
	at := w.pos(h.Pos())
	at = bytes.LastIndexByte(w.source[:at], '\n') + 1
	out := head{at: at, level: h.Level, top: h.Parent().Kind() == ast.KindDocument,
		title: strings.TrimSpace(w.words(h))}
	title := norm.NFC.String(out.title)
	out.num = numbering.Of(title)
	out.numbered, out.whole = numbering.Slug(title, out.num.End), numbering.Slug(title, 0)
	out.former = numbering.FormerSlug(html.UnescapeString(out.title))
	for _, a := range h.Attributes() {
		value, ok := a.Value.([]byte)
		if string(a.Name) == "id" && ok && plainID(string(value)) {
			out.id = norm.NFC.String(string(value))
			continue
		}
		w.flaw(h.Pos(), "heading-attribute", fmt.Sprintf("a heading cannot have the attribute %q", a.Name),
			"a heading can have an id only, {#data-retention}: letters, digits and hyphens, not beginning with "+
				"\"pg:\" or \"fn\"")
	}
	return out
}

// pos limits a position that goldmark returns to the source: after a tab it may
// be past the end.
func (w *blockBuffer) pos(at int) int { return max(0, min(at, len(w.source))) }

func plainID(id string) bool {
	return id != "" && !strings.HasPrefix(id, numbering.Reserved) && !strings.HasPrefix(id, "fn:") &&
		!strings.HasPrefix(id, "fnref") &&
		!strings.ContainsAny(id, " \t\n\"'<>&")
}

// words returns the text of a node without its markup.
func (w *blockBuffer) words(n ast.Node) string {
	var b strings.Builder
	ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			b.WriteString(unescape(n, w.source))
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(n.Value)
		case *ast.AutoLink:
			b.WriteString(w.label(n))
		case *ast.RawHTML:
			if isBreak(n, w.source) {
				b.WriteByte(' ')
			} else {
				b.WriteString(wordsOfTag(n, w.source))
			}
		case *east.TaskCheckBox:
			b.WriteString(boxOf(n))
		case *east.FootnoteLink, *east.FootnoteBacklink:
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// unescape returns the words of a text node. Backslash escapes and entities are
// resolved, unless it is code.
func unescape(n *ast.Text, source []byte) string {
	value := n.Segment.Value(source)
	if n.IsRaw() || n.Parent() != nil && n.Parent().Kind() == ast.KindCodeSpan {
		return strings.ReplaceAll(string(value), "\n", " ")
	}
	return syntax.ReadText(string(value))
}

func renderLink(w *blockBuffer, n ast.Node, entering bool) {
	l := n.(*ast.Link)
	w.bound(n, l.Destination)
	dest := syntax.ReadText(string(l.Destination))
	if strings.HasPrefix(dest, "#") {
		dest = "#" + Fragment(dest[1:])
	}
	if isAbsolute(dest) {
		if entering {
			w.links = append(w.links, link{at: w.pos(n.Pos()), dest: dest, full: true})
			w.WriteString(`<a href="`)
			w.Write(util.EscapeHTML(escapeURL([]byte(dest))))
			if len(l.Title) > 0 {
				w.WriteString(`" title="`)
				w.WriteString(html.EscapeString(syntax.ReadText(string(l.Title))))
			}
			w.WriteString(`">`)
		} else {
			w.WriteString("</a>")
		}
		return
	}
	if entering {
		w.index[n] = len(w.links)
		w.links = append(w.links, link{at: w.pos(n.Pos()), dest: dest, title: syntax.ReadText(string(l.Title))})
		w.hole(holeLink, w.index[n])
	} else {
		w.hole(holeLinkEnd, w.index[n])
	}
}

// bound records a URL that is too long for a link.
func (w *blockBuffer) bound(n ast.Node, address []byte) {
	if e := syntax.LongAddress(address); e != 0 && w.cost.Over == 0 {
		w.cost.Over, w.cost.At = e, w.pos(n.Pos())
	}
}

// escapeURL writes a URL in ASCII. The brackets around an IPv6 address stay.
func escapeURL(dest []byte) []byte {
	out := util.URLEscape(dest, false)
	if before, after, ok := bytes.Cut(dest, []byte("://[")); ok && !bytes.ContainsAny(before, "/?#") {
		if host, rest, ok := bytes.Cut(after, []byte("]")); ok {
			out = slices.Concat(before, []byte("://["), host, []byte("]"), util.URLEscape(rest, false))
		}
	}
	return out
}

func renderAutoLink(w *blockBuffer, n ast.Node) {
	l := n.(*ast.AutoLink)
	w.bound(n, l.URL(w.source))
	address := l.URL(w.source)
	if w.isBare(l) {
		address = []byte(syntax.ReadText(string(address)))
	}
	address = escapeURL(address)
	if l.AutoLinkType == ast.AutoLinkEmail && !bytes.HasPrefix(bytes.ToLower(address), []byte("mailto:")) {
		address = append([]byte("mailto:"), address...)
	}
	label := util.EscapeHTML([]byte(w.label(l)))
	if inLink(n) { // the link around it leads elsewhere, and wins
		w.Write(label)
		return
	}
	if !isAbsolute(string(address)) {
		f := unsafeLink(string(address))
		w.flaw(n.Pos(), f.code, f.what, f.do)
		w.Write(label)
		return
	}
	w.links = append(w.links, link{at: w.pos(n.Pos()), dest: string(address), full: true})
	w.WriteString(`<a class="url" href="`) // its words are its URL, on paper too
	w.Write(util.EscapeHTML(address))
	w.WriteString(`">`)
	w.Write(label)
	w.WriteString("</a>")
}

// isBare reports whether a URL is in the text without < and >. Escapes are
// resolved in such a URL.
func (w *blockBuffer) isBare(l *ast.AutoLink) bool {
	at := w.pos(l.Pos())
	return at >= len(w.source) || w.source[at] != '<'
}

// label returns the words of a link that is a URL or mail address.
func (w *blockBuffer) label(l *ast.AutoLink) string {
	if w.isBare(l) {
		return syntax.ReadText(string(l.Label(w.source)))
	}
	return string(l.Label(w.source))
}

func renderImage(w *blockBuffer, n ast.Node) {
	i := n.(*ast.Image)
	w.index[n] = len(w.links)
	w.links = append(w.links, link{at: w.pos(n.Pos()), dest: syntax.ReadText(string(i.Destination)),
		title: syntax.ReadText(string(i.Title)), alt: strings.TrimSpace(w.words(n)), image: true, inLink: inLink(n)})
	w.hole(holeImage, w.index[n])
}

// lineBreak matches the HTML of a line break. It is the only HTML that policies
// need, because Markdown cannot break a line in the cell of a table.
var lineBreak = lazyregexp.New(`(?i)^<br\s*/?>$`)

func isBreak(n *ast.RawHTML, source []byte) bool {
	return lineBreak().Match(n.Segments.Value(source))
}

func renderRawHTML(w *blockBuffer, n ast.Node) {
	raw := n.(*ast.RawHTML)
	if isBreak(raw, w.source) {
		w.WriteString("<br>")
		return
	}
	value, at := raw.Segments.Value(w.source), raw.Segments.At(0).Start
	w.rawHTML(at, value)
	w.Write(readableHTML(w.source, value, w.pos(at)))
}

func (w *blockBuffer) rawHTML(at int, value []byte) {
	w.flaw(at, "raw-html", fmt.Sprintf("%q is raw HTML", shorten(string(value))),
		"write it in Markdown, or put a backslash before the <;\nto allow HTML without its harmful parts, "+
			"set html = \"sanitize\" in [markdown]")
}

// readableHTML returns HTML from an offset of a source. What only looks like a tag
// becomes text, because otherwise nobody would see it: <your name>, <?name?>.
func readableHTML(source, value []byte, at int) (out []byte) {
	for {
		i := bytes.IndexByte(value, '<')
		if i < 0 {
			return append(out, value...)
		}
		out = append(out, value[:i]...)
		tag := source[min(at+i, len(source)):]
		if len(tag) == 0 || tag[0] != '<' { // after a tab
			tag = value[i:]
		}
		if n, _ := complete.TagLength(tag); n > 0 || bytes.HasPrefix(value[i:], []byte("<!--")) {
			out = append(out, '<')
		} else {
			out = append(out, "&lt;"...)
		}
		at, value = at+i+1, value[i+1:]
	}
}

func renderHTMLBlock(w *blockBuffer, n ast.Node) {
	lines := htmlLines(n.(*ast.HTMLBlock))
	w.rawHTML(lines[0].Start, bytes.TrimSpace(lines[0].Value(w.source)))
	for _, line := range lines {
		w.Write(readableHTML(w.source, line.Value(w.source), line.Start))
	}
}

// htmlLines returns the lines of a block of HTML, including the one that ends
// it.
func htmlLines(b *ast.HTMLBlock) []text.Segment {
	lines := segmentsOf(b)
	if b.HasClosure() {
		lines = append(slices.Clip(lines), b.ClosureLine)
	}
	return lines
}

// segmentsOf returns the lines of a block.
func segmentsOf(n ast.Node) []text.Segment { return n.Lines().Sliced(0, n.Lines().Len()) }

// renderQuote renders a quotation, or the box with a summary.
func renderQuote(w *blockBuffer, n ast.Node, entering bool) {
	switch summary := syntax.IsSummary(n); {
	case !entering && summary:
		w.WriteString("</aside>\n")
	case !entering:
		w.WriteString("</blockquote>\n")
	case summary:
		w.WriteString(`<aside class="summary" role="note">` + "\n" + summaryLabel)
		w.hole(holeShort, 0)
		w.WriteString(summaryLabelEnd)
	default:
		w.WriteString("<blockquote>\n")
	}
}

// The page adds the label of a summary; it is no part of the text.
const (
	summaryLabel    = `<span class="label" data-added>`
	summaryLabelEnd = "</span>\n"
)

// renderGroup returns the renderer of an element whose label the page inserts.
func renderGroup(open string, label holeKind, then, end string) func(*blockBuffer, ast.Node, bool) {
	return func(w *blockBuffer, _ ast.Node, entering bool) {
		if entering {
			w.WriteString(open + ` aria-label="`)
			w.hole(label, 0)
			w.WriteString("\">\n" + then)
		} else {
			w.WriteString(end)
		}
	}
}

func renderCell(w *blockBuffer, n ast.Node, entering bool) {
	tag := "td"
	// For a header cell without words, HTML requires td.
	if n.Parent().Kind() == east.KindTableHeader && n.HasChildren() {
		tag = "th"
	}
	if !entering {
		w.WriteString("</" + tag + ">\n")
		return
	}
	w.WriteString("<" + tag)
	if tag == "th" {
		w.WriteString(` scope="col"`)
	}
	if a := n.(*east.TableCell).Alignment; a != east.AlignNone {
		w.WriteString(` class="` + a.String() + `"`)
	}
	w.WriteByte('>')
}

// renderStrike renders strikethrough as s, because ins and del are only for the
// marks of a redline.
func renderStrike(w *blockBuffer, _ ast.Node, entering bool) {
	if entering {
		w.WriteString("<s>")
	} else {
		w.WriteString("</s>")
	}
}

func renderBacklink(w *blockBuffer, n ast.Node) {
	f := n.(*east.FootnoteBacklink)
	if f.RefCount == 0 {
		return
	}
	w.WriteString(` <a class="back" data-added href="#fnref`)
	if f.RefIndex > 0 {
		w.WriteString(strconv.Itoa(f.RefIndex))
	}
	w.WriteString(":" + strconv.Itoa(f.Index) + `" role="doc-backlink" aria-label="`)
	w.hole(holeBack, 0)
	w.WriteString("\">\u21A9\uFE0E</a>")
}

// inLink reports whether a node is in a link: HTML has no links in links.
func inLink(n ast.Node) bool {
	for n = n.Parent(); n != nil; n = n.Parent() {
		if n.Kind() == ast.KindLink {
			return true
		}
	}
	return false
}

// schemes are the URL schemes that a policy may link to. Others could run code
// (javascript, data, vbscript) or read files of the reader (file).
var schemes = []string{"http", "https", "mailto", "tel", "sms"}

// isAbsolute reports whether a URL does not depend on the page that it is on.
func isAbsolute(dest string) bool {
	scheme := schemeOf(dest)
	switch {
	case scheme == "http", scheme == "https", strings.HasPrefix(dest, "//"):
		u, err := url.Parse(dest)
		return err == nil && u.Host != "" && u.User == nil && !strings.ContainsAny(u.Host, " \t%")
	default:
		return slices.Contains(schemes, scheme) && strings.TrimSpace(dest[len(scheme)+1:]) != ""
	}
}

// Fragment returns the id that a link's fragment names: percent-encoded or not,
// in Normalization Form C, as ids are.
func Fragment(s string) string {
	if id, err := url.PathUnescape(s); err == nil {
		s = id
	}
	return norm.NFC.String(s)
}

// schemeOf returns the scheme of a URL in lower case, or "".
func schemeOf(dest string) string {
	scheme, _, ok := strings.Cut(dest, ":")
	if !ok || strings.ContainsAny(scheme, "/#?.") {
		return ""
	}
	return strings.ToLower(scheme)
}
