package markdown

import (
	"strconv"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// This file renders lists with the numbers that were written. Markdown counts from
// the first number on; in a legal text the others count too: 3. 4. 7. 8. is read
// as that. A list whose numbers are all equal counts by itself.

// numbersOf returns the numbers of the items of a list as they are shown, or nil
// for a list without numbers.
func numbersOf(list *ast.List, source []byte) []int {
	if !list.IsOrdered() {
		return nil
	}
	var out []int
	equal := true
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		n, ok := writtenNumber(source, item.Pos())
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

// writtenNumber reads the number at an offset.
func writtenNumber(source []byte, at int) (n int, ok bool) {
	for at >= 0 && at < len(source) && source[at] == ' ' {
		at++
	}
	for ; at >= 0 && at < len(source) && source[at] >= '0' && source[at] <= '9' && n < 1e9; at++ {
		n, ok = n*10+int(source[at]-'0'), true
	}
	return n, ok
}

// tasks is the extension of goldmark for items with a box to tick. The box is a sign,
// because a page has no form: it is copied, printed and read aloud.
type tasks struct{}

func (tasks) Extend(md goldmark.Markdown) {
	md.Parser().AddOptions(parser.WithInlineParsers(util.Prioritized(tasks{}, 0)))
}

func (tasks) Trigger() []byte { return []byte{'['} }

func (tasks) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	if line, _ := block.PeekLine(); len(line) < 4 || !util.IsSpace(line[3]) {
		return nil // [x](a.md) is a link
	}
	return extension.NewTaskCheckBoxParser().Parse(parent, block, pc)
}

// boxOf returns the sign for a box to tick.
func boxOf(n *east.TaskCheckBox) string {
	if n.IsChecked {
		return "☑ "
	}
	return "☐ "
}

func renderBox(w *blockBuffer, n ast.Node, entering bool) ast.WalkStatus {
	if entering {
		w.WriteString(boxOf(n.(*east.TaskCheckBox)))
	}
	return ast.WalkContinue
}

func renderListItem(w *blockBuffer, n ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		w.WriteString("</li>\n")
		return ast.WalkContinue
	}
	if list := n.Parent().(*ast.List); n == list.FirstChild() {
		next := list.Start
		item := ast.Node(n)
		for _, v := range numbersOf(list, w.source) {
			if v != next {
				w.values[item] = v
			}
			next, item = v+1, item.NextSibling()
		}
	}
	w.WriteString("<li")
	if v, ok := w.values[n]; ok {
		w.WriteString(` value="` + strconv.Itoa(v) + `"`)
	}
	w.WriteByte('>')
	if c := n.FirstChild(); c != nil && c.Kind() != ast.KindTextBlock {
		w.WriteByte('\n')
	}
	return ast.WalkContinue
}
