package view

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/visible"
)

// This file writes a redline as lines of text, for a terminal or a log.

// Text appends a redline to dst as lines of text. Removed words are in [-...-] and added
// words in {+...+}; with color, control sequences strike them through or underline them.
// Other changes follow the words in parentheses: link targets, moves, list numbers.
// Clauses without changes are only counted. Control sequences and invisible characters of
// the texts are replaced by their names.
func Text(dst []byte, r *redline.Redline, color bool) []byte {
	t := &textWriter{dst: dst, color: color, markers: map[*markdown.Passage]string{}}
	visible := make([]bool, len(r.Groups))
	headings(r, func(i int) bool { return !folds(r, r.Groups[i]) }, func(i int) { visible[i] = true })
	for i := 0; i < len(r.Groups); {
		c := r.Groups[i]
		from := c.First
		if !folds(r, c) {
			t.edits(r.Edits[from:c.Last])
			i++
			continue
		}
		if visible[i] {
			from++ // all but the heading
			t.edits(r.Edits[c.First:from])
		}
		n := 1
		for i+n < len(r.Groups) && folds(r, r.Groups[i+n]) && !visible[i+n] {
			n++
		}
		if from < r.Groups[i+n-1].Last {
			t.put(true, unchanged(r.Groups[i:i+n]), redline.Both)
			t.flush()
		}
		i += n
	}
	return t.dst
}

// folds reports whether a clause is collapsed: it is unchanged or only renumbered, and does
// not begin with the title of the text.
func folds(r *redline.Redline, c *redline.Clause) bool {
	if c.State&^redline.Renumbered != 0 || c.First == c.Last || r.Edits[c.First].Mark != redline.Both {
		return false
	}
	if notes := r.Edits[c.Last-1]; notes.Shown().IsNotes() && (notes.Mark != redline.Both || !notes.Alike) {
		return false // changes of footnotes are in the states of other clauses
	}
	p := r.Edits[c.First]
	return p.New.Kind != markdown.Heading || r.After.Title() == "" || c.First > 0
}

// unchanged returns a line about the clauses that the text omits.
func unchanged(clauses []*redline.Clause) string {
	renumbered := 0
	for _, c := range clauses {
		if c.State.Has(redline.Renumbered) {
			renumbered++
		}
	}
	switch same := len(clauses) - renumbered; {
	case renumbered == 0:
		return "(" + source.Count(same, "clause") + " unchanged)"
	case same == 0:
		return "(" + source.Count(renumbered, "clause") + " only renumbered)"
	default:
		return fmt.Sprintf("(%s unchanged, %d only renumbered)", source.Count(same, "clause"), renumbered)
	}
}

// A textWriter writes the text of a redline, line by line.
type textWriter struct {
	dst     []byte
	color   bool
	markers map[*markdown.Passage]string // "3." for items of numbered lists

	line   []byte
	open   redline.Mark // the mark that is open in the line
	lead   string       // the beginning of the line: "- " or "## "
	indent string       // of the lines in a list item, a quotation, or a definition
	cells  int          // one more than the cells of the row so far; 0 outside of rows
	joined bool         // the next words are in another passage of the same cell
	moving int          // at the new place of a move: its number
}

// put adds words under a mark to the line. With gap, there is a space before them.
func (t *textWriter) put(gap bool, words string, m redline.Mark) {
	if t.open != m {
		t.shut()
	}
	if gap && len(t.line) > 0 && t.line[len(t.line)-1] != ' ' {
		t.line = append(t.line, ' ')
	}
	if words == "" {
		return
	}
	if t.open != m {
		t.line = append(t.line, t.sign(m, true)...)
		t.open = m
	}
	t.line = append(t.line, words...)
}

// shut ends the mark that is open.
func (t *textWriter) shut() {
	if t.open != redline.Both {
		t.line = append(t.line, t.sign(t.open, false)...)
		t.open = redline.Both
	}
}

func (t *textWriter) sign(m redline.Mark, begin bool) string {
	switch {
	case t.color && !begin:
		return "\x1b[0m"
	case t.color && m == redline.Deleted:
		return "\x1b[31;9m"
	case t.color:
		return "\x1b[32;4m"
	case m == redline.Deleted && begin:
		return "[-"
	case m == redline.Deleted:
		return "-]"
	case begin:
		return "{+"
	}
	return "+}"
}

// flush ends the line.
func (t *textWriter) flush() {
	t.shut()
	line := strings.TrimRight(string(t.line), " ")
	t.line = t.line[:0]
	if line == "" {
		return
	}
	lead := t.lead
	if strings.HasPrefix(lead, "#") && len(t.dst) > 0 && !bytes.HasSuffix(t.dst, []byte("\n\n")) {
		t.dst = append(t.dst, '\n')
	}
	t.dst = append(t.dst, t.indent+lead+line+"\n"...)
	if lead != "" && !strings.HasPrefix(lead, "#") {
		t.indent += strings.Repeat(" ", len(lead))
	}
	t.lead = ""
}

func (t *textWriter) edits(ps []*redline.Edit) {
	for _, p := range ps {
		t.edit(p)
	}
}

func (t *textWriter) edit(p *redline.Edit) {
	switch {
	case t.moving > 0 && p.LeftAway():
	case !p.InNew():
		t.whole(p.Old, redline.Deleted, p)
	case p.Mark == redline.Inserted, p.Alike && p.Mark == redline.MovedHere:
		t.whole(p.New, redline.Inserted, p)
	case p.Alike:
		t.whole(p.New, t.kept(), p)
	case p.Merged != nil:
		t.merge(p.Merged)
	default:
		moving := t.moving
		if p.Mark == redline.MovedHere {
			t.moving = p.Move
		}
		t.pair(p)
		t.moving = moving
	}
}

// kept returns the mark of words that are in both texts.
func (t *textWriter) kept() redline.Mark {
	if t.moving > 0 {
		return redline.Inserted
	}
	return redline.Both
}

// enter starts a passage and returns a function that ends it.
func (t *textWriter) enter(n redline.Node, m redline.Mark) (leave func()) {
	indent, cells := t.indent, t.cells
	switch n.Kind {
	case markdown.Text, markdown.Paragraph, markdown.Code:
		if t.cells == 0 {
			t.flush()
		}
	case markdown.Heading:
		t.flush()
		t.lead = strings.Repeat("#", n.Level()) + " "
	case markdown.List:
		t.flush()
		t.number(n)
	case markdown.Item:
		t.flush()
		t.lead = "- "
		if s := t.markers[n.Passage]; s != "" {
			t.lead = s + " "
		}
	case markdown.Quote:
		t.flush()
		t.lead = "> "
	case markdown.Meaning:
		t.flush()
		t.indent += "    "
	case markdown.Rule:
		t.flush()
		t.put(false, "* * *", m)
	case markdown.Row:
		t.flush()
		t.cells = 1
	case markdown.Cell:
		if t.cells > 1 {
			t.put(true, "|", redline.Both)
			t.put(true, "", redline.Both)
		}
		t.cells++
		t.joined = false
	default:
		t.flush()
	}
	return func() {
		switch {
		case n.Kind.Leaf() && t.cells > 0:
			t.joined = true
		case n.Kind.Leaf():
			t.flush()
		case n.Kind != markdown.Cell:
			t.flush()
			t.indent, t.cells, t.lead, t.joined = indent, cells, "", t.joined && cells > 0
		}
	}
}

// number sets the markers of a list's items.
func (t *textWriter) number(list redline.Node) {
	for i, n := range list.Numbers() {
		t.markers[list.Kids[i]] = strconv.Itoa(n) + "."
	}
}

// whole writes a passage whose words all have one mark.
func (t *textWriter) whole(n redline.Node, m redline.Mark, p *redline.Edit) {
	leave := t.enter(n, m)
	if n.Kind.Leaf() {
		t.words(n, 0, len(n.Words), m)
		if len(n.Words) == 0 && m != redline.Both {
			t.put(true, "¶", m)
		}
		t.noteMove(p)
		if move, ok := p.OtherPlace(n.Passage); ok {
			t.noteElsewhere(move, m)
		}
	}
	for _, k := range n.Kids {
		t.whole(n.In(k), m, p)
	}
	leave()
}

func (t *textWriter) noteMove(p *redline.Edit) {
	switch {
	case p.Mark == redline.MovedAway:
		t.noteElsewhere(p.Move, redline.Deleted)
	case p.Mark == redline.MovedHere:
		t.noteElsewhere(p.Move, redline.Inserted)
	case t.moving > 0 && p.Mark == redline.Both:
		t.noteElsewhere(t.moving, redline.Inserted)
	}
}

// noteElsewhere adds a note that the other text has the words, too: in another structure if
// move is 0, and otherwise at another place.
func (t *textWriter) noteElsewhere(move int, m redline.Mark) {
	switch {
	case move == 0:
		t.note("in another structure")
	case m == redline.Deleted:
		t.note(fmt.Sprintf("moved away, %d", move))
	default:
		t.note(fmt.Sprintf("moved here, %d", move))
	}
}

// note adds a note in parentheses after the words that it is about.
func (t *textWriter) note(text string) { t.put(true, "("+visible.Line(text)+")", redline.Both) }

// pair writes a pair of passages.
func (t *textWriter) pair(p *redline.Edit) {
	leave := t.enter(p.New, t.kept())
	if p.Old.Kind == markdown.List {
		t.number(p.Old)
		t.number(p.New)
	}
	if was, is, first := p.Renumbered(); first != nil {
		t.note("list numbers " + was + " → " + is)
		t.flush()
	}
	was, is := p.Old.Element(), p.New.Element()
	if was != is && p.New.Kind == markdown.List {
		t.note("was " + elementName(was) + ", is " + elementName(is))
		t.flush()
	}
	if p.New.Kind.Leaf() {
		if p.Runs == nil {
			t.words(p.New, 0, len(p.New.Words), t.kept())
		}
		for _, r := range p.Runs {
			t.run(p.Old, p.New, r)
		}
		if p.Restructured() {
			t.note("was " + elementName(was) + ", is " + elementName(is))
		}
		t.noteMove(p)
	}
	t.edits(p.Kids)
	leave()
}

// elementName returns an English name of an element.
func elementName(name string) string {
	switch {
	case name == "" || name == "p":
		return "a paragraph"
	case name == "pre":
		return "a code block"
	case name == "ul":
		return "a list without numbers"
	case name == "ol":
		return "a list with numbers"
	case len(name) == 2 && name[0] == 'h' && name[1] != 'r':
		return "a heading of level " + name[1:]
	}
	return name
}

func (t *textWriter) run(o, n redline.Node, r redline.Run) {
	switch r.Op {
	case redline.OpEqual:
		t.words(n, r.N0, r.N1, t.kept())
	case redline.OpLink, redline.OpMarkup:
		t.words(n, r.N0, r.N1, t.kept())
		t.noteChange(o, n, r)
	case redline.OpImage:
		t.words(n, r.N0, r.N1, t.kept())
		t.note("image " + arrow(o.Written(o.Picture(r.O0)), n.Written(n.Picture(r.N0))))
		t.noteChange(o, n, r)
	case redline.OpSpace:
		if o.Words[r.O0].Gap != "" {
			t.put(false, spaceSign(n), redline.Deleted)
		}
		if n.Words[r.N0].Gap != "" {
			t.put(false, spaceSign(n), redline.Inserted)
		}
		t.shut()
		t.words(n.In(withoutGap(n.Passage, r.N0)), r.N0, r.N1, t.kept())
		t.noteChange(o, n, r)
	default:
		t.words(o, r.O0, r.O1, redline.Deleted)
		t.words(n, r.N0, r.N1, redline.Inserted)
	}
}

// noteChange adds notes about changed links and markup of equal words.
func (t *textWriter) noteChange(o, n redline.Node, r redline.Run) {
	if was, is := o.Dest(r.O0), n.Dest(r.N0); was != is {
		what := "link "
		if o.IsImage(r.O0) && n.IsImage(r.N0) {
			what = "image "
		}
		t.note(what + arrow(was, is))
	}
	if (o.Kind == markdown.Code) != (n.Kind == markdown.Code) {
		return // the note about the passage is enough
	}
	if was, is := o.Markup(r.O0), n.Markup(r.N0); was != is {
		t.note("markup " + arrow(was, is))
	}
}

func arrow(was, is string) string {
	return cmp.Or(was, "none") + " → " + cmp.Or(is, "none")
}

// spaceSign returns the sign for changed white space.
func spaceSign(n redline.Node) string {
	if n.Kind == markdown.Code {
		return "␣"
	}
	return " "
}

// withoutGap returns a passage without the space before one of its words.
func withoutGap(p *markdown.Passage, i int) *markdown.Passage {
	words := slices.Clone(p.Words)
	words[i].Gap = ""
	return p.With(words, p.Count)
}

// words writes the words [from,to) of a passage under a mark. After marked words in a link,
// it writes the link's target.
func (t *textWriter) words(n redline.Node, from, to int, m redline.Mark) {
	for i := from; i < to; i++ {
		w := &n.Words[i]
		gap := w.Gap != ""
		switch {
		case t.joined:
			t.put(true, "/", redline.Both)
			t.joined, gap = false, true
		case n.Kind == markdown.Code && strings.Contains(w.Gap, "\n"):
			t.breakLine()
		}
		switch w.Kind {
		case markdown.Break:
			if m != redline.Both {
				t.put(gap, "↵", m)
			}
			t.breakLine()
		case markdown.Note:
			t.put(gap, "["+w.Text+"]", m)
		case markdown.Image:
			t.put(gap, visible.Line("!["+w.Text+"]("+n.Written(n.Picture(i))+")"), m)
		default:
			t.put(gap, visible.Line(w.Text), m)
		}
		if dest := n.Dest(i); dest != "" && m != redline.Both && t.moving == 0 && w.Kind != markdown.Note &&
			(i+1 == to || n.Target(i+1) == nil || !n.Target(i+1).Same(n.Target(i))) {
			t.put(true, "<"+visible.Line(dest)+">", m)
		}
	}
}

// breakLine ends a line within a passage. In a table it adds a space, since a row is one line.
func (t *textWriter) breakLine() {
	if t.cells > 0 {
		t.put(true, "", t.open)
		return
	}
	m := t.open
	t.flush()
	t.open = redline.Both
	if m != redline.Both {
		t.put(false, "", m)
	}
}

// merge writes a merged passage.
func (t *textWriter) merge(v *redline.Merged) {
	t.gone(v, v.Gone)
	if v.Inserted {
		t.whole(v.Node, redline.Inserted, &redline.Edit{Mark: redline.Inserted, New: v.Node})
		return
	}
	leave := t.enter(v.Node, redline.Both)
	for i := range v.Events {
		switch e := &v.Events[i]; {
		case !e.IsCut():
			t.run(e.Old, v.Node, e.Run)
		case e.Join:
			t.put(true, "¶", redline.Deleted)
			t.put(true, "", redline.Both)
		case e.Reset:
			t.put(true, "¶", redline.Both)
			t.put(true, "", redline.Both)
		}
	}
	if v.Split {
		t.put(true, "¶", redline.Inserted)
	}
	for _, k := range v.Kids {
		t.merge(k)
	}
	leave()
	t.gone(v, v.After)
}

// gone writes the deleted passages before or after a merged one.
func (t *textWriter) gone(v *redline.Merged, list []redline.Gone) {
	for _, g := range list {
		lead := t.lead
		t.flush()
		if t.lead = ""; v.Kind == markdown.Item {
			t.lead = "- "
		}
		indent := t.indent
		t.words(g.Node, 0, len(g.Words), redline.Deleted)
		t.flush()
		t.lead, t.indent = lead, indent
	}
}
