package markdown

import (
	"bytes"
	"strconv"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"

	"github.com/privgen/privgen/internal/markdown/syntax"
)

// This file renders lists with the numbers that were written. Markdown counts from
// the first number. In a legal text the other numbers matter, too: 3. 4. 7. 8.
// stays so. A list whose numbers are all equal is counted.

// numbersOf returns the numbers of the items of a list as they are shown, or nil
// for a list without numbers.
func numbersOf(list *ast.List, source []byte) []int {
	if !list.IsOrdered() {
		return nil
	}
	var out []int
	equal := true
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		n, ok := writtenNumber(source, numberAt(source, item))
		if !ok {
			n = list.Start + len(out)
		}
		equal = equal && n == list.Start
		out = append(out, n)
	}
	if equal {
		for i := range out {
			out[i] = list.Start + i
		}
	}
	return out
}

// numberAt returns where the number of an item is. Its position is behind that where a
// tab before it is cut: by the columns of the tab that belong to the item, at most three.
func numberAt(source []byte, item ast.Node) int {
	least, pos := 0, item.Pos()
	if outer, ok := item.Parent().Parent().(*ast.ListItem); ok && outer.Parent().(*ast.List).IsOrdered() {
		least = numberAt(source, outer) + 1
	}
	for at := max(least, pos-3, 0); at < pos && pos <= len(source); at++ {
		before := bytes.TrimRight(source[:at], " ")
		if bytes.HasSuffix(before, []byte("\t")) && source[at] >= '0' && source[at] <= '9' {
			return at
		}
	}
	return pos
}

// writtenNumber reads the number at an offset.
func writtenNumber(source []byte, at int) (n int, ok bool) {
	for ; at >= 0 && at < len(source) && source[at] >= '0' && source[at] <= '9' && n < 1e9; at++ {
		n, ok = n*10+int(source[at]-'0'), true
	}
	return n, ok
}

// boxOf returns the sign for a box to tick.
func boxOf(n *east.TaskCheckBox) string {
	if n.IsChecked {
		return "☑ "
	}
	return "☐ "
}

func renderBox(w *blockBuffer, n ast.Node) { w.WriteString(boxOf(n.(*east.TaskCheckBox))) }

func renderListItem(w *blockBuffer, n ast.Node, entering bool) {
	if !entering {
		w.WriteString("</li>\n")
		return
	}
	w.WriteString("<li")
	if v, ok := n.AttributeString("value"); ok {
		w.WriteString(` value="` + strconv.Itoa(v.(int)) + `"`)
	}
	w.WriteByte('>')
	if c := n.FirstChild(); c != nil && c.Kind() != ast.KindTextBlock {
		w.WriteByte('\n')
	}
}

func renderList(w *blockBuffer, n ast.Node, entering bool) {
	l := n.(*ast.List)
	tag := "ul"
	if l.IsOrdered() {
		tag = "ol"
	}
	if !entering {
		w.WriteString("</" + tag + ">\n")
		return
	}
	next, item := l.Start, l.FirstChild()
	for _, v := range numbersOf(l, w.source) {
		if v != next {
			item.SetAttributeString("value", v) // it does not follow from the one before
		}
		next, item = v+1, item.NextSibling()
	}
	w.WriteString("<" + tag)
	switch {
	case l.Marker == syntax.LegalMarker:
		w.WriteString(` class="legal"`)
	case l.IsOrdered() && l.Start != 1:
		w.WriteString(` start="` + strconv.Itoa(l.Start) + `"`)
	}
	w.WriteString(">\n")
}
