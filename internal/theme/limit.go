package theme

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"text/template/parse"
)

// This file implements the limits of rendering: an endless template stops.
//
// Execution writes each text, so the limitWriter counts writes as steps. When the
// theme loads, an empty text is inserted at the beginning of every block and every
// {{range}} body, so blocks and loops without output count, too. A template that
// calls itself stops at the depth limit of text/template at the latest.

// The limits for one page. The longest known page, an archive of 5,000
// versions, takes under half a million steps and 4 MB.
const (
	maxSteps = 2_000_000 // texts written, and rounds of loops
	maxBytes = 64 << 20
)

// The errors of a page beyond the limits.
var (
	errEndless = errors.New("never ends")
	errMuch    = fmt.Errorf("writes more than %d MB", maxBytes>>20)
)

// countRounds inserts an empty text into a block and into each range body in it.
func countRounds(b *block) {
	mark := func(list *parse.ListNode) {
		list.Nodes = slices.Insert(list.Nodes, 0,
			parse.Node(&parse.TextNode{NodeType: parse.NodeText, Pos: list.Pos}))
	}
	eachNode(b.tree.Root, func(n parse.Node) {
		if r, ok := n.(*parse.RangeNode); ok {
			mark(r.List)
		}
	})
	mark(b.tree.Root)
}

// eachNode calls visit for the nodes of a list and of the lists in it.
func eachNode(list *parse.ListNode, visit func(parse.Node)) {
	if list == nil {
		return
	}
	for _, n := range list.Nodes {
		visit(n)
		switch n := n.(type) {
		case *parse.IfNode:
			eachNode(n.List, visit)
			eachNode(n.ElseList, visit)
		case *parse.WithNode:
			eachNode(n.List, visit)
			eachNode(n.ElseList, visit)
		case *parse.RangeNode:
			eachNode(n.List, visit)
			eachNode(n.ElseList, visit)
		}
	}
}

// A limitWriter writes one page to b and enforces the limits.
type limitWriter struct {
	b     *bytes.Buffer
	bytes int // the maximum length of b
	steps int // remaining steps
}

func (w *limitWriter) Write(text []byte) (int, error) {
	if w.steps--; w.steps < 0 {
		return 0, errEndless
	}
	if w.b.Len()+len(text) > w.bytes {
		return 0, errMuch
	}
	return w.b.Write(text)
}
