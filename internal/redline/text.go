package redline

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/source"
)

// This file writes a redline as lines of text, for a terminal or a log.

// Text appends the redline to dst as lines of text. Words that were removed stand
// in [-...-] and words that were added in {+...+}; with color they are struck out
// and underlined by control sequences instead. Changes other than words follow the words
// in parentheses: where a link led and leads, where a passage moved, the
// numbers of a list. Clauses without changes are counted. The texts themselves
// have no control sequences and no invisible characters in the result.
func (r *Redline) Text(dst []byte, color bool) []byte {
	t := &textWriter{dst: dst, color: color, markers: map[*markdown.Passage]string{}}
	r.stretches(
		func(c *Clause, from, to int) { t.edits(c.redline.edits[from:to]) },
		func(cs []*Clause, _ int) {
			t.put(true, unchanged(cs), both)
			t.flush()
		})
	return t.dst
}

// stretches calls show for the edits [from,to) of each clause in turn, and fold
// for clauses that follow each other and in which nothing changed; the first of
// them without what stands before from, which was shown. If fold is nil, show is
// called for all.
func (r *Redline) stretches(show func(c *Clause, from, to int), fold func(cs []*Clause, from int)) {
	if fold == nil {
		for _, c := range r.groups {
			show(c, c.first, c.last)
		}
		return
	}
	visible := r.visible()
	for i := 0; i < len(r.groups); {
		c := r.groups[i]
		from := c.first
		if !c.folds() {
			show(c, from, c.last)
			i++
			continue
		}
		if visible[i] {
			from++ // all but the heading
			show(c, c.first, from)
		}
		n := 1
		for i+n < len(r.groups) && r.groups[i+n].folds() && !visible[i+n] {
			n++
		}
		if from < r.groups[i+n-1].last {
			fold(r.groups[i:i+n:i+n], from)
		}
		i += n
	}
}

// folds reports whether a clause is hidden behind a switch: nothing happened to
// it but that it has another number, and it is not the title of the text.
func (c *Clause) folds() bool {
	if c.State&^Renumbered != 0 || c.first == c.last || c.redline.edits[c.first].mark != both {
		return false
	}
	p := c.redline.edits[c.first]
	return p.new.Kind != markdown.Heading || c.redline.after.Title() == "" || c.first > 0
}

// unchanged returns a line about the clauses that the text omits.
func unchanged(clauses []*Clause) string {
	renumbered := 0
	for _, c := range clauses {
		if c.State.Has(Renumbered) {
			renumbered++
		}
	}
	switch same := len(clauses) - renumbered; {
	case renumbered == 0:
		return "(" + quantity(same, "clause") + " unchanged)"
	case same == 0:
		return "(" + quantity(renumbered, "clause") + " only renumbered)"
	default:
		return fmt.Sprintf("(%s unchanged, %d only renumbered)", quantity(same, "clause"), renumbered)
	}
}

func quantity(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}

// A textWriter writes the text of a redline, line by line.
type textWriter struct {
	dst     []byte
	color   bool
	markers map[*markdown.Passage]string // of the items of lists that were entered

	line   []byte
	open   mark   // the mark that is open in the line
	lead   string // what the line begins with: "- " or "## "
	indent string // of the lines of a list item, a quotation or a meaning
	cells  int    // the cells of the row so far, or -1 outside of rows
	joined bool   // the next words follow others in the same cell
	moving int    // at the new place of a move: its number
}

// put adds words under a mark to the line, with a space before them or not.
func (t *textWriter) put(gap bool, words string, m mark) {
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
	if t.open != both {
		t.line = append(t.line, t.sign(t.open, false)...)
		t.open = both
	}
}

func (t *textWriter) sign(m mark, begin bool) string {
	switch {
	case t.color && !begin:
		return "\x1b[0m"
	case t.color && m == removed:
		return "\x1b[31;9m"
	case t.color:
		return "\x1b[32;4m"
	case m == removed && begin:
		return "[-"
	case m == removed:
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

func (t *textWriter) edits(ps []*edit) {
	for _, p := range ps {
		t.edit(p)
	}
}

func (t *textWriter) edit(p *edit) {
	switch {
	case t.moving > 0 && p.leftAway():
	case p.mark == added:
		t.whole(p.new, added, p)
	case p.mark == removed || p.mark == away:
		t.whole(p.old, removed, p)
	case p.alike && p.mark == here:
		t.whole(p.new, added, p)
	case p.alike:
		t.whole(p.new, t.kept(), p)
	case p.merged != nil:
		t.merge(p.merged)
	default:
		moving := t.moving
		if p.mark == here {
			t.moving = p.move
		}
		t.pair(p)
		t.moving = moving
	}
}

// kept returns the mark of words that are in both texts.
func (t *textWriter) kept() mark {
	if t.moving > 0 {
		return added
	}
	return both
}

// enter begins a passage and returns what ends it.
func (t *textWriter) enter(n node, m mark) (leave func()) {
	indent, cells := t.indent, t.cells
	switch n.Kind {
	case markdown.Text, markdown.Paragraph, markdown.Code:
		if t.cells == 0 {
			t.flush()
		}
	case markdown.Heading:
		t.flush()
		t.lead = strings.Repeat("#", level(n)) + " "
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
			t.put(true, "|", both)
			t.put(true, "", both)
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
			t.indent, t.cells, t.lead = indent, cells, ""
		}
	}
}

// number notes the markers of a list's items.
func (t *textWriter) number(list node) {
	for i, n := range numberingOf(list.Passage) {
		t.markers[list.Kids[i]] = strconv.Itoa(n) + "."
	}
}

// whole writes a passage of which all words have one mark.
func (t *textWriter) whole(n node, m mark, p *edit) {
	leave := t.enter(n, m)
	if n.Kind.Leaf() {
		t.words(n, 0, len(n.Words), m)
		if len(n.Words) == 0 && m != both {
			t.put(true, "¶", m)
		}
		t.noteMove(p)
		if e, ok := p.otherPlace(n.Passage); ok {
			t.noteElsewhere(e, m)
		}
	}
	for _, k := range n.Kids {
		t.whole(node{n.of, k}, m, p)
	}
	leave()
}

func (t *textWriter) noteMove(p *edit) {
	switch {
	case p.mark == away:
		t.note(fmt.Sprintf("moved away, %d", p.move))
	case p.mark == here:
		t.note(fmt.Sprintf("moved here, %d", p.move))
	case t.moving > 0 && p.mark == both:
		t.note(fmt.Sprintf("moved here, %d", t.moving))
	}
}

func (t *textWriter) noteElsewhere(e elsewhere, m mark) {
	switch {
	case e.move == 0:
		t.note("in another structure")
	case m == removed:
		t.note(fmt.Sprintf("moved away, %d", e.move))
	default:
		t.note(fmt.Sprintf("moved here, %d", e.move))
	}
}

// note adds what is no word, behind the words that it is about.
func (t *textWriter) note(text string) { t.put(true, "("+source.VisibleLine(text)+")", both) }

// pair writes two passages that belong together.
func (t *textWriter) pair(p *edit) {
	leave := t.enter(p.new, t.kept())
	if p.old.Kind == markdown.List {
		t.number(p.old)
		t.number(p.new)
	}
	if r := p.renumbered(); len(r.to) > 0 {
		t.note("list numbers " + r.String())
		t.flush()
	}
	was, is := p.old.element(), p.new.element()
	if was != is && p.new.Kind == markdown.List {
		t.note("was " + elementName(was) + ", is " + elementName(is))
		t.flush()
	}
	if p.new.Kind.Leaf() {
		if p.runs == nil {
			t.words(p.new, 0, len(p.new.Words), t.kept())
		}
		for _, r := range p.runs {
			t.run(p.old, p.new, r)
		}
		if was != is && !sameParagraph(p.old, p.new) {
			t.note("was " + elementName(was) + ", is " + elementName(is))
		}
		t.noteMove(p)
	}
	t.edits(p.kids)
	leave()
}

// elementName returns what the element of a passage is called.
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

func (t *textWriter) run(o, n node, r run) {
	switch r.op {
	case equal:
		t.words(n, r.n0, r.n1, t.kept())
	case relinked, restyled:
		t.words(n, r.n0, r.n1, t.kept())
		t.noteChange(o, n, r)
	case repictured:
		a, b := picture(&o.Words[r.o0]), picture(&n.Words[r.n0])
		t.words(n, r.n0, r.n1, t.kept())
		t.note("image " + arrow(address(o, a), address(n, b)))
		t.noteChange(o, n, r)
	case respaced:
		if o.Words[r.o0].Gap != "" {
			t.put(false, spaceSign(n), removed)
		}
		if n.Words[r.n0].Gap != "" {
			t.put(false, spaceSign(n), added)
		}
		t.shut()
		t.words(node{n.of, withoutGap(n.Passage, r.n0)}, r.n0, r.n1, t.kept())
		t.noteChange(o, n, r)
	default:
		t.words(o, r.o0, r.o1, removed)
		t.words(n, r.n0, r.n1, added)
	}
}

// noteChange adds what changed about words that are the same.
func (t *textWriter) noteChange(o, n node, r run) {
	if was, is := destOf(o, r.o0), destOf(n, r.n0); was != is {
		what := "link "
		if isShownImage(&o.Words[r.o0]) && isShownImage(&n.Words[r.n0]) {
			what = "image "
		}
		t.note(what + arrow(was, is))
	}
	if (o.Kind == markdown.Code) != (n.Kind == markdown.Code) {
		return // the passage changed, and all of its words are so
	}
	if was, is := names(o.Words[r.o0].Markup), names(n.Words[r.n0].Markup); was != is {
		t.note("markup " + arrow(was, is))
	}
}

func arrow(was, is string) string {
	if was == "" {
		was = "none"
	}
	if is == "" {
		is = "none"
	}
	return was + " → " + is
}

// spaceSign returns what stands for white space that changed.
func spaceSign(n node) string {
	if n.Kind == markdown.Code {
		return "␣"
	}
	return " "
}

// withoutGap returns a passage without the space before one of its words.
func withoutGap(p *markdown.Passage, i int) *markdown.Passage {
	out := *p
	out.Words = append([]markdown.Word(nil), p.Words...)
	out.Words[i].Gap = ""
	return &out
}

// address returns where a tag leads, as its text has it: here is no site around.
func address(n node, tag *markdown.Tag) string {
	dest, _ := n.of.Address(tag, asWritten)
	return dest
}

var asWritten = &markdown.RenderOptions{Address: func(dest string) (string, bool) { return dest, true }}

// destOf returns where a word leads in its text, or nothing.
func destOf(n node, i int) string {
	tag := target(&n.Words[i])
	if tag == nil || !n.of.Leads(tag) {
		return ""
	}
	return address(n, tag)
}

// words writes the words [from,to) of a passage under a mark. Marked words that
// are a link are followed by its target: it came or is gone with them.
func (t *textWriter) words(n node, from, to int, m mark) {
	for i := from; i < to; i++ {
		w := &n.Words[i]
		gap := w.Gap != ""
		switch {
		case t.joined:
			t.put(true, "/", both)
			t.joined, gap = false, true
		case n.Kind == markdown.Code && strings.Contains(w.Gap, "\n"):
			t.breakLine()
		}
		switch w.Kind {
		case markdown.Break:
			if m != both {
				t.put(gap, "↵", m)
			}
			t.breakLine()
		case markdown.Note:
			t.put(gap, "["+w.Text+"]", m)
		case markdown.Image:
			tag := &w.Markup.Tags[len(w.Markup.Tags)-1]
			t.put(gap, source.VisibleLine("!["+w.Text+"]("+address(n, tag)+")"), m)
		default:
			t.put(gap, source.VisibleLine(w.Text), m)
		}
		if dest := destOf(n, i); dest != "" && m != both && t.moving == 0 && w.Kind != markdown.Note &&
			(i+1 == to || n.Words[i+1].Markup.Link() == nil || !n.Words[i+1].Markup.Link().Same(w.Markup.Link())) {
			t.put(true, "<"+source.VisibleLine(dest)+">", m)
		}
	}
}

// breakLine ends a line within a passage; in a table a row is one line.
func (t *textWriter) breakLine() {
	if t.cells > 0 {
		t.put(true, "", t.open)
		return
	}
	m := t.open
	t.flush()
	t.open = both
	if m != both {
		t.put(false, "", m)
	}
}

// merge writes a passage whose words are merged with those of others.
func (t *textWriter) merge(v *merged) {
	t.gone(v, v.gone)
	if v.inserted {
		t.whole(v.node, added, &edit{mark: added, new: v.node})
		return
	}
	leave := t.enter(v.node, both)
	for i := range v.events {
		switch e := &v.events[i]; {
		case !e.isCut():
			t.run(e.old, v.node, e.run)
		case e.join:
			t.put(true, "¶", removed)
			t.put(true, "", both)
		case e.reset:
			t.put(true, "¶", both)
			t.put(true, "", both)
		}
	}
	if v.split {
		t.put(true, "¶", added)
	}
	for _, k := range v.kids {
		t.merge(k)
	}
	leave()
	t.gone(v, v.after)
}

// gone writes passages that are gone, beside a merged one.
func (t *textWriter) gone(v *merged, list []gone) {
	for _, g := range list {
		lead := t.lead
		t.flush()
		if t.lead = ""; v.Kind == markdown.Item {
			t.lead = "- "
		}
		indent := t.indent
		t.words(g.node, 0, len(g.Words), removed)
		t.flush()
		t.lead, t.indent = lead, indent
	}
}
