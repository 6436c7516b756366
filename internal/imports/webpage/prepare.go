package webpage

import (
	"bytes"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file changes a page into one that has the same words in plain elements:
// collapsed panels are opened, the buttons that open them become headings, hidden
// e-mail addresses are decoded, embedded elements become text, and cells that span
// are repeated.

// closeSelects adds the end tag of a select element before the first block in it. A
// select cannot have blocks, so its end tag is missing, and an HTML parser would drop
// the tags of all text that follows.
func closeSelects(page []byte) []byte {
	if !bytes.Contains(bytes.ToLower(page), []byte("<select")) {
		return page
	}
	var out bytes.Buffer
	open := false
	for z := html.NewTokenizer(bytes.NewReader(page)); ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			out.Write(z.Raw())
			return out.Bytes()
		}
		raw := bytes.Clone(z.Raw())
		name, _ := z.TagName()
		tag := atom.Lookup(name)
		switch {
		case tag == atom.Select:
			open = kind == html.StartTagToken
		case open && kind == html.StartTagToken && tag != 0 && slices.Contains(blockElements, tag) && tag != atom.Hr &&
			tag != atom.Div:
			out.WriteString("</select>")
			open = false
		}
		out.Write(raw)
	}
}

// decodeMail restores e-mail addresses that Cloudflare replaced with a placeholder.
// The first byte of the code is the key of the others.
func decodeMail(doc *html.Node) {
	for _, n := range find(isElement, doc) {
		if mail := decoded(attr(n, "data-cfemail")); mail != "" {
			setText(n, mail)
			if n.DataAtom == atom.A {
				setAttr(n, "href", "mailto:"+mail)
			}
		}
		if _, code, ok := strings.Cut(attr(n, "href"), "/cdn-cgi/l/email-protection#"); ok {
			if mail := decoded(code); mail != "" {
				setAttr(n, "href", "mailto:"+mail)
			}
		}
	}
}

func decoded(code string) string {
	b, err := hex.DecodeString(code)
	if err != nil || len(b) < 2 {
		return ""
	}
	for i := range b[1:] {
		b[i+1] ^= b[0]
	}
	return string(b[1:])
}

// unwrap turns embedded elements into text. The fallback of an object or a video is
// not usually shown, but a whole text in one means that its end tag is missing.
func unwrap(doc *html.Node) {
	for _, n := range find(isElement, doc) {
		switch n.DataAtom {
		case atom.Math:
			setText(n, formula(n))
			rename(n, atom.Span)
		case atom.Svg:
			var labels []string
			for _, t := range find(func(n *html.Node) bool { return n.Data == "text" }, n) {
				labels = append(labels, textOf(t))
			}
			setText(n, strings.Join(labels, " "))
			rename(n, atom.Span)
		case atom.Textarea:
			if !strings.Contains(words(n), "</") {
				rename(n, atom.P)
			}
		case atom.Object, atom.Video, atom.Audio, atom.Canvas, atom.Noscript:
			isText := contains(n, isHeading)
			inside := countWords(children(n)...)
			if isText || inside > 25 || inside > 0 && n.DataAtom == atom.Object {
				rename(n, atom.Div)
			}
		}
	}
}

// formula writes a MathML element on one line.
func formula(n *html.Node) string {
	if n.Type == html.TextNode {
		return strings.TrimSpace(n.Data)
	}
	var parts []string
	for c := range n.ChildNodes() {
		if s := formula(c); s != "" {
			parts = append(parts, s)
		}
	}
	all, two := strings.Join(parts, " "), len(parts) == 2
	switch name := n.Data; {
	case name == "annotation" || name == "annotation-xml":
		return ""
	case name == "mfrac" && two:
		return parts[0] + "/" + parts[1]
	case name == "msup" && two:
		return parts[0] + raise(parts[1], superscripts, "^")
	case name == "msub" && two:
		return parts[0] + raise(parts[1], subscripts, "_")
	case name == "msqrt":
		return "√(" + all + ")"
	case name == "mo" && len(all) == 1 && strings.Contains("+-=<>*/", all):
		return " " + all + " "
	case slices.Contains([]string{"mrow", "math", "semantics", "mstyle"}, name):
		return collapse(all)
	}
	return all
}

var (
	superscripts = signsOf("0⁰1¹2²3³4⁴5⁵6⁶7⁷8⁸9⁹+⁺-⁻−⁻–⁻=⁼(⁽)⁾aᵃbᵇcᶜdᵈeᵉfᶠgᵍhʰiⁱjʲkᵏlˡmᵐnⁿoᵒpᵖrʳsˢtᵗuᵘvᵛwʷxˣyʸzᶻ")
	subscripts   = signsOf("0₀1₁2₂3₃4₄5₅6₆7₇8₈9₉+₊-₋−₋=₌(₍)₎aₐeₑhₕiᵢjⱼkₖlₗmₘnₙoₒpₚrᵣsₛtₜuᵤvᵥxₓ")
)

func signsOf(pairs string) map[rune]rune {
	m, list := map[rune]rune{}, []rune(pairs)
	for i := 0; i+1 < len(list); i += 2 {
		m[list[i]] = list[i+1]
	}
	return m
}

// raise writes a superscript or subscript in characters of that form, or else in
// brackets after a sign.
func raise(s string, forms map[rune]rune, sign string) string {
	var b strings.Builder
	for _, r := range s {
		if forms[r] == 0 {
			return sign + "(" + s + ")"
		}
		b.WriteRune(forms[r])
	}
	return b.String()
}

// raised returns the words of a sup or sub element in the form that the character
// before them needs. Without it, $5 with the note 1 would be $51.
func raised(s string, sub bool, before rune) string {
	trimmed := strings.TrimSpace(s)
	if trimmed == "" || !wordRune(before) {
		if !sub && (unicode.IsPunct(before) || unicode.Is(unicode.Sc, before)) && onlyDigits(trimmed) {
			return raise(trimmed, superscripts, "^")
		}
		return s
	}
	first := []rune(trimmed)[0]
	letters := !strings.ContainsFunc(trimmed, func(r rune) bool { return !unicode.IsLetter(r) && r != '.' })
	switch {
	case sub && !unicode.IsDigit(first):
		return s
	case sub:
		return raise(trimmed, subscripts, "_")
	case trimmed == "TM":
		return "™"
	case trimmed == "SM":
		return "℠"
	case letters && unicode.IsDigit(before) && len(trimmed) > 1: // 2nd, 1er
		return s
	case trimmed == "a" && unicode.IsDigit(before):
		return "ª"
	case trimmed == "o" && unicode.IsDigit(before):
		return "º"
	case !wordRune(first):
		if unicode.IsDigit(before) && (first == '-' || first == '+' || first == '−' || first == '–') {
			return raise(trimmed, superscripts, "^")
		}
		return s // [1], (1), *, ®
	case len([]rune(trimmed)) > 3 && letters:
		return " " + s
	}
	return raise(trimmed, superscripts, "^")
}

func onlyDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// unfold opens collapsed panels and turns the buttons that open them into headings.
func unfold(doc *html.Node) {
	controlled := map[string]*html.Node{}
	byID := map[string]*html.Node{}
	level := 1
	fromButton := false
	for _, n := range find(isElement, doc) {
		if id := attr(n, "id"); id != "" && byID[id] == nil {
			byID[id] = n
		}
		for _, key := range []string{"aria-controls", "data-target", "data-bs-target", "href"} {
			if id := strings.TrimPrefix(attr(n, key), "#"); id != "" && (key != "href" || attr(n, "role") == "tab") {
				controlled[id] = n
			}
		}
	}
	for _, n := range find(isElement, doc) {
		if h := heading(n); h > 0 {
			level, fromButton = h, false
		}
		if hidden(n) && (controlled[attr(n, "id")] != nil && attr(n, "id") != "" || followsControl(n)) && !isMenu(n) {
			show(n)
		} else if attr(n, "aria-hidden") == "true" && isBlock(n) && countWords(n) > 3 {
			show(n) // readers see it; only screen readers do not
		}
		if isToggle(n) && !within(n, isTitle) {
			panel := byID[attr(n, "aria-controls")]
			if panel == nil {
				panel = nextElement(n)
			}
			if panel == nil || isMenu(panel) || countWords(panel) < 3 || textOf(n) == "" {
				continue
			}
			if !fromButton {
				level, fromButton = min(level+1, 6), true
			}
			rename(n, []atom.Atom{0, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6}[level])
			n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "role" })
			if panel.Parent != nil && attr(n, "role") == "tab" || within(n, isTabList) {
				n.Parent.RemoveChild(n)
				panel.Parent.InsertBefore(n, panel)
			}
		}
	}
}

func isTabList(n *html.Node) bool { return attr(n, "role") == "tablist" }

// isMenu reports whether a panel has links instead of text.
func isMenu(n *html.Node) bool {
	return linkShare(n) > 0.5 || n.DataAtom == atom.Nav || strings.Contains(attr(n, "role"), "menu") ||
		contains(n, is(atom.Nav))
}

func isToggle(n *html.Node) bool {
	if n.DataAtom != atom.Button && attr(n, "role") != "button" && attr(n, "role") != "tab" {
		return false
	}
	return hasAttr(n, "aria-expanded") || hasAttr(n, "aria-controls") || attr(n, "role") == "tab" ||
		strings.Contains(attr(n, "class"), "accordion")
}

// followsControl reports whether the element before a panel is a heading or a term,
// or has a button that opens a panel.
func followsControl(n *html.Node) bool {
	if !isBlock(n) {
		return false
	}
	p := n.PrevSibling
	for p != nil && p.Type != html.ElementNode {
		p = p.PrevSibling
	}
	return p != nil && (isHeading(p) || p.DataAtom == atom.Dt || contains(p, isToggle))
}

// nextElement returns the element after a toggle, or after the element around it that
// has no other text, or nil.
func nextElement(n *html.Node) *html.Node {
	for s := n.NextSibling; s != nil; s = s.NextSibling {
		if s.Type == html.ElementNode {
			return s
		}
		if strings.TrimSpace(s.Data) != "" {
			return nil
		}
	}
	if n.Parent != nil && textOf(n.Parent) == textOf(n) {
		return nextElement(n.Parent)
	}
	return nil
}

// show removes what hides an element.
func show(n *html.Node) {
	n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool {
		return a.Key == "hidden" || a.Key == "aria-hidden" || a.Key == "style" && unseen().MatchString(a.Val)
	})
}

// repeatCells repeats a cell that spans rows or columns in each of them. Markdown has
// no such cells, and a reader of one row or column must know what it is about. The
// only cell of a row is not repeated across columns: it is a title.
func repeatCells(roots []*html.Node) {
	budget := 1 << 20 // characters that may be repeated in a page
	for _, table := range find(is(atom.Table), roots...) {
		if rows := rowsOf(table); !isLayout(table, rows) {
			budget = repeatRows(rows, repeatColumns(rows, budget))
		}
	}
}

// repeatColumns repeats the cells that span columns, and returns the rest of a budget.
func repeatColumns(rows []*html.Node, budget int) int {
	for _, r := range rows {
		cells := cellsOf(r)
		for _, c := range cells {
			wide := cellSpan(c, "colspan", 100)
			size := (len(words(c)) + 20) * (wide - 1)
			if wide == 1 || len(cells) == 1 || size > budget {
				continue
			}
			budget -= size
			setAttr(c, "colspan", "1")
			for range wide - 1 {
				r.InsertBefore(cloned(c), c.NextSibling)
			}
		}
	}
	return budget
}

// repeatRows repeats the cells that span rows, and returns the rest of a budget.
func repeatRows(rows []*html.Node, budget int) int {
	type span struct {
		cell *html.Node
		left int // rows
		wide int
	}
	var open []span // by column; a cell of several columns is in the first
	for i, r := range rows {
		cells := cellsOf(r)
		for col := 0; col < len(open) || len(cells) > 0; {
			if col < len(open) && open[col].left > 0 {
				var next *html.Node
				if len(cells) > 0 {
					next = cells[0]
				}
				r.InsertBefore(cloned(open[col].cell), next)
				open[col].left--
				col += open[col].wide
				continue
			}
			if len(cells) == 0 {
				col++
				continue
			}
			c := cells[0]
			cells = cells[1:]
			wide, high := cellSpan(c, "colspan", 100), cellSpan(c, "rowspan", len(rows)-i)
			if size := (len(words(c)) + 20*wide) * (high - 1); size > budget {
				high = 1
			} else {
				budget -= size
			}
			setAttr(c, "rowspan", "1")
			if more := col + wide - len(open); more > 0 {
				open = append(open, make([]span, more)...)
			}
			clear(open[col : col+wide])
			open[col] = span{c, high - 1, wide}
			col += wide
		}
	}
	return budget
}
