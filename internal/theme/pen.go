package theme

import (
	"bytes"
	"fmt"
	"slices"
	"text/template/parse"
)

// This file implements the limits of drawing: a template that goes round for
// ever ends, with the place of the loop.
//
// Every block and every {{range}} body begins with a mark, put there when the
// theme loads: a text of no bytes. Executing a text is writing it, so the pen,
// which all of a page is written with, sees each round of each loop as a write
// of nothing, and tells the marks apart by the address of the byte behind
// them. The obvious way, a hidden function call that counts, needs a set of
// templates for each goroutine, since functions belong to a set and not to a
// draw; it costs an escape of the whole set each, and reflection each round.
//
// Where a block stands in an attribute, html/template draws a copy of it, in
// which the marks have lost their bytes. They still count as steps.

// The limits of one draw. The longest page known, an archive of 5,000
// versions, takes under half a million steps and 4 MB.
const (
	maxSteps = 2_000_000 // pieces written, and rounds of loops
	maxDepth = 200       // blocks that draw blocks
	maxBytes = 64 << 20
)

// A mark is what the pen knows of one body.
type mark struct {
	block  *block
	pos    parse.Pos // of a range
	kind   markKind
	parent *mark // of a range: the body that it stands in
}

type markKind uint8

const (
	enters markKind = iota
	leaves
	rounds
)

// marks are all marks of a theme, by the address of their byte.
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

// A pen writes one page into b and keeps the limits.
type pen struct {
	b     *bytes.Buffer
	marks marks
	bytes int // that b may have
	steps int // that are left
	depth int
	stack []body // the bodies that are being executed, outermost first
}

// A body is one that is being executed, and how often it was.
type body struct {
	*mark
	rounds int
}

// endless is the error of a pen whose limits are reached.
type endless struct {
	at   *mark
	what string
}

func (e *endless) Error() string { return e.what }

func (p *pen) Write(text []byte) (int, error) {
	if p.steps--; p.steps < 0 {
		return 0, p.endless("goes round for ever")
	}
	if len(text) == 0 {
		// Only marks have a capacity of one: package fmt, which writes values,
		// grows its buffers in larger steps, and the map makes it certain.
		if cap(text) == 1 {
			if m := p.marks[&text[:1][0]]; m != nil {
				return 0, p.pass(m)
			}
		}
		return 0, nil
	}
	if p.b.Len()+len(text) > p.bytes {
		return 0, p.endless(fmt.Sprintf("draws more than %d MB", maxBytes>>20))
	}
	return p.b.Write(text)
}

// pass keeps the stack.
func (p *pen) pass(m *mark) error {
	switch m.kind {
	case enters:
		p.stack = append(p.stack, body{m, 0})
		if p.depth++; p.depth > maxDepth {
			return &endless{m, "goes round for ever: it draws itself"}
		}
	case leaves:
		for p.stack[len(p.stack)-1].kind != enters {
			p.stack = p.stack[:len(p.stack)-1]
		}
		p.stack = p.stack[:len(p.stack)-1]
		p.depth--
	case rounds:
		// The range that ran before this one may be over, which nobody said.
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

// endless blames the body that went round most often; the outer one, if equal.
func (p *pen) endless(what string) error {
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
