package theme

import (
	"bytes"
	"fmt"
	"slices"
	"text/template/parse"
)

// This file implements the limits of rendering: an endless template stops, with
// the position of the loop.
//
// Every block and every {{range}} body begins with a mark, an empty text that is
// inserted when the theme loads. Executing a text writes it, so the limitWriter
// sees each round of a loop as an empty write, and identifies the mark by the
// address of the byte after it. The obvious method, a hidden function that counts
// calls, needs a set of templates for each goroutine, because functions belong to
// a set. That costs escaping the whole set each time, and reflection each round.
//
// For a block in an attribute, html/template executes a copy whose marks have lost
// their bytes. They still count as steps.

// The limits for one page. The longest known page, an archive of 5,000
// versions, takes under half a million steps and 4 MB.
const (
	maxSteps = 2_000_000 // texts written, and rounds of loops
	maxDepth = 200       // nested calls of blocks
	maxBytes = 64 << 20
)

// A mark identifies one body.
type mark struct {
	block  *block
	pos    parse.Pos // of a range
	kind   markKind
	parent *mark // of a range: the body that contains it
}

type markKind uint8

const (
	enters markKind = iota
	leaves
	rounds
)

// marks has all marks of a theme, by the address of their byte.
type marks map[*byte]*mark

// put adds marks to the body of a block and of every range in it.
func (ms marks) put(b *block) {
	enter := &mark{b, 0, enters, nil}
	root := b.tree.Root
	ms.walk(b, root, enter)
	root.Nodes = slices.Concat([]parse.Node{ms.node(enter, root.Pos)}, root.Nodes,
		[]parse.Node{ms.node(&mark{b, 0, leaves, nil}, root.Pos)})
}

func (ms marks) node(m *mark, pos parse.Pos) parse.Node {
	behind := make([]byte, 1)
	ms[&behind[0]] = m
	return &parse.TextNode{NodeType: parse.NodeText, Pos: pos, Text: behind[:0]}
}

func (ms marks) walk(b *block, list *parse.ListNode, parent *mark) {
	if list == nil {
		return
	}
	for _, n := range list.Nodes {
		switch n := n.(type) {
		case *parse.IfNode:
			ms.walk(b, n.List, parent)
			ms.walk(b, n.ElseList, parent)
		case *parse.WithNode:
			ms.walk(b, n.List, parent)
			ms.walk(b, n.ElseList, parent)
		case *parse.RangeNode:
			m := &mark{b, n.Pos, rounds, parent}
			ms.walk(b, n.List, m)
			ms.walk(b, n.ElseList, parent)
			n.List.Nodes = slices.Insert(n.List.Nodes, 0, ms.node(m, n.List.Pos))
		}
	}
}

// A limitWriter writes one page to b and enforces the limits.
type limitWriter struct {
	b     *bytes.Buffer
	marks marks
	bytes int // the maximum length of b
	steps int // remaining steps
	depth int
	stack []body // the bodies that are being executed, outermost first
}

// A body is a body that is being executed, and the number of its rounds.
type body struct {
	*mark
	rounds int
}

// endless is the error for a page beyond the limits.
type endless struct {
	at   *mark
	what string
}

func (e *endless) Error() string { return e.what }

func (p *limitWriter) Write(text []byte) (int, error) {
	if p.steps--; p.steps < 0 {
		return 0, p.endless("never ends")
	}
	if len(text) == 0 {
		// Only marks have a capacity of one: package fmt, which writes values,
		// grows its buffers in larger steps. The map confirms it.
		if cap(text) == 1 {
			if m := p.marks[&text[:1][0]]; m != nil {
				return 0, p.pass(m)
			}
		}
		return 0, nil
	}
	if p.b.Len()+len(text) > p.bytes {
		return 0, p.endless(fmt.Sprintf("writes more than %d MB", maxBytes>>20))
	}
	return p.b.Write(text)
}

// pass updates the stack.
func (p *limitWriter) pass(m *mark) error {
	switch m.kind {
	case enters:
		p.stack = append(p.stack, body{m, 0})
		if p.depth++; p.depth > maxDepth {
			return &endless{m, "never ends: it uses itself"}
		}
	case leaves:
		for p.stack[len(p.stack)-1].kind != enters {
			p.stack = p.stack[:len(p.stack)-1]
		}
		p.stack = p.stack[:len(p.stack)-1]
		p.depth--
	case rounds:
		// The previous range can be over, which no write reports.
		for {
			top := &p.stack[len(p.stack)-1]
			if top.mark == m {
				top.rounds++
				return nil
			}
			if top.mark == m.parent || top.kind == enters {
				p.stack = append(p.stack, body{m, 1})
				return nil
			}
			p.stack = p.stack[:len(p.stack)-1]
		}
	}
	return nil
}

// endless blames the body with the most rounds, and the outer one of equals.
func (p *limitWriter) endless(what string) error {
	var worst *body
	for i := range p.stack {
		if b := &p.stack[i]; worst == nil || b.rounds > worst.rounds {
			worst = b
		}
	}
	if worst == nil {
		return &endless{nil, what}
	}
	return &endless{worst.mark, what}
}
