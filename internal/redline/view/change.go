package view

import (
	"html"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/redline"
)

// This file finds the changes that a page lists while its text is written: marks
// with nothing unmarked between them, or only a few words.

// A Change is one change of a redline: a place of the text with an id, and the
// words for a list of changes.
type Change struct {
	ID     string
	Kind   ChangeKind
	Clause *redline.Clause
	Words  []Piece // shortened
}

// A ChangeKind is what changed at a place.
type ChangeKind uint8

// The kinds of changes.
const (
	WordsChanged      ChangeKind = iota
	WordsMoved                   // the new place of words that were elsewhere
	WordsRestructured            // the same words in another structure
	NumbersChanged               // of list items
	Cosmetic                     // the first place in a clause with another link, other formatting, or a line break
)

// A Piece is words of a change: "ins", "del", or unmarked if Mark is empty.
type Piece struct{ Mark, Text string }

const (
	nearWords  = 3   // unmarked words between two marks of one change
	leadWords  = 4   // words before a change that say where it is
	longPiece  = 110 // runes after which words of one mark are cut off
	longChange = 260 // and all words of a change
	longMarked = 60  // runes of a change from which it needs no words around it
)

// A changeList collects the changes of a redline as they are written.
type changeList struct {
	give  func(Change)
	count int // of the changes that are numbered
	marks int // of the cosmetic ones

	clause    *redline.Clause
	cosmetic  bool // the clause has its first cosmetic mark
	open      *Change
	fresh     bool // a passage has begun since the last mark
	between   []markdown.Word
	lead      []markdown.Word // the unmarked words before the next mark
	row       []markdown.Word // the first words of the row of a table, in its other cells
	runes     int
	next, end int // where the link from the last change to the next begins and ends in the page

	here map[int]*Change // by move, the change at the new place
	away []movedAway
}

// A movedAway is the old place of a move: an offset in the page.
type movedAway struct {
	at, move int
	clause   *redline.Clause
	back     bool // the new place is before it
}

// movedHere notes the change that was just written as the new place of a move.
func (l *changeList) movedHere(move int) {
	if l.open != nil && l.here[move] == nil {
		if l.here == nil {
			l.here = map[int]*Change{}
		}
		l.here[move] = l.open
	}
}

// movedAway notes the old place of a move, if it is the first one.
func (l *changeList) movedAway(at, move int) {
	for _, a := range l.away {
		if a.move == move {
			return
		}
	}
	l.away = append(l.away, movedAway{at, move, l.clause, l.here[move] != nil})
}

// begins begins a clause, or a footnote to which it refers.
func (l *changeList) begins(c *redline.Clause) {
	l.finish()
	l.clause, l.cosmetic = c, false
	l.enter()
}

// enter begins a passage. Words without a mark at the end of the one before ended
// its last change.
func (l *changeList) enter() {
	if len(l.between) > 0 {
		l.finish()
	}
	l.fresh, l.lead = true, nil
}

// begin continues the open change, or begins one: then it reports true.
func (l *changeList) begin(kind ChangeKind) bool {
	if l.open != nil && l.open.Kind == kind {
		if len(l.between) > 0 {
			l.piece("", l.between)
			l.between = nil
		} else if l.fresh {
			l.space()
		}
		l.fresh = false
		return false
	}
	l.finish()
	l.count++
	l.open = &Change{ID: "pg:" + strconv.Itoa(l.count), Kind: kind, Clause: l.clause}
	l.fresh, l.runes = false, 0
	if len(l.lead) > 0 {
		l.piece("", l.lead)
	} else if len(l.row) > 0 {
		l.piece("", l.row)
		l.open.Words[0].Text += ": "
	}
	if len(l.open.Words) > 0 {
		l.open.Words[0].Text = strings.TrimLeft(l.open.Words[0].Text, " ")
	}
	l.lead = nil
	return true
}

// pass takes words without a mark: more than a few end the open change.
func (l *changeList) pass(ws []markdown.Word) {
	if l.give == nil {
		return
	}
	for l.lead = ws[max(0, len(ws)-leadWords):]; len(l.lead) > 0 && l.lead[0].Kind != markdown.Plain; {
		l.lead = l.lead[1:]
	}
	if l.open == nil {
		return
	}
	if l.fresh {
		l.finish()
		return
	}
	l.between = append(l.between[:len(l.between):len(l.between)], ws[:min(len(ws), nearWords+1)]...)
	if len(l.between) > nearWords {
		l.between = l.between[:nearWords]
		l.finish()
	}
}

// piece adds words to the open change, up to a limit.
func (l *changeList) piece(mark string, ws []markdown.Word) {
	c := l.open
	if c == nil || l.runes > longChange || len(ws) == 0 {
		return
	}
	var short [3 * longPiece]byte
	b, n := short[:0], 0
	for i := range ws {
		switch w := &ws[i]; w.Kind {
		case markdown.Break:
			b = append(b, ' ')
			continue
		case markdown.Note:
			continue
		default:
			if w.Gap != "" {
				b = append(b, ' ')
			}
			b = append(b, w.Text...)
			n += utf8.RuneCountInString(w.Text) + 1
		}
		if n > longPiece && i+1 < len(ws) {
			b = append(b, " …"...)
			break
		}
	}
	l.runes += n
	text := string(b)
	if mark != "" && strings.HasPrefix(text, " ") { // a space is outside of a mark
		if text = text[1:]; len(c.Words) > 0 {
			l.space()
		}
	}
	if k := len(c.Words); k > 0 && c.Words[k-1].Mark == mark {
		if !strings.HasSuffix(c.Words[k-1].Text, "…") {
			c.Words[k-1].Text += text
		}
		return
	}
	c.Words = append(c.Words, Piece{mark, text})
}

// space adds a space behind the words of the open change.
func (l *changeList) space() {
	switch k := len(l.open.Words); {
	case k == 0:
	case l.open.Words[k-1].Mark == "":
		l.open.Words[k-1].Text += " "
	default:
		l.open.Words = append(l.open.Words, Piece{"", " "})
	}
}

// finish ends the open change.
func (l *changeList) finish() {
	c := l.open
	if c == nil {
		return
	}
	l.open = nil
	if len(l.between) > 0 {
		c.Words = append(c.Words, Piece{"", textOfWords(l.between)})
		l.between = nil
	}
	marked := 0
	for _, p := range c.Words {
		if p.Mark != "" {
			marked += utf8.RuneCountInString(p.Text)
		}
	}
	if k := len(c.Words); marked > longMarked && k > 1 {
		if c.Words[k-1].Mark == "" {
			c.Words = c.Words[:k-1]
		}
		if c.Words[0].Mark == "" {
			c.Words = c.Words[1:]
		}
	}
	l.give(*c)
}

// textOfWords returns words as they are read.
func textOfWords(ws []markdown.Word) string {
	l := changeList{open: &Change{}}
	l.piece("", ws)
	if len(l.open.Words) == 0 {
		return ""
	}
	return l.open.Words[0].Text
}

// changing adds a mark to the list of changes, and writes the place of a new
// change before it: an element with its id and the links to its neighbors, which
// is in no link of the text.
func (w *writer) changing(kind ChangeKind, mark string, ws []markdown.Word) {
	l := &w.changes
	if l.give == nil {
		return
	}
	if l.begin(kind) {
		for i, o := range w.open {
			if o.tag != nil && isLink(o.tag) {
				w.shut(max(i, w.floor()))
				break
			}
		}
		w.add(`<span class="step" id="`, l.open.ID, `" data-added`)
		if kind == WordsMoved {
			w.say("data-label", w.s.Moved)
		}
		w.add(">")
		back := "pg:changes"
		if l.count > 1 {
			back = "pg:" + strconv.Itoa(l.count-1)
		}
		if w.s.NextChange != "" {
			w.add("<span>")
			w.link(back, w.s.PreviousChange)
			l.next = len(w.dst)
			w.add(" ")
			w.link("pg:"+strconv.Itoa(l.count+1), w.s.NextChange)
			l.end = len(w.dst)
			w.add("</span>")
		}
		w.add("</span>")
	}
	l.piece(mark, ws)
}

func (w *writer) link(id, words string) {
	w.add("<a")
	w.attr("href", "#"+id)
	w.escapeTo(words)
}

// changingWords adds words under a mark to the list of changes.
func (w *writer) changingWords(m redline.Mark, ws []markdown.Word) {
	name := "ins"
	if m == redline.Deleted {
		name = "del"
	}
	switch {
	case w.moving || m == redline.MovedHere:
		w.changing(WordsMoved, name, ws)
	case w.reset && m == redline.Deleted: // the same words follow in their new structure
	case w.reset:
		w.changing(WordsRestructured, name, ws)
	default:
		w.changing(WordsChanged, name, ws)
	}
}

// cosmetic returns the id for a mark that is no change of words if it is the first
// of its clause.
func (w *writer) cosmetic() string {
	l := &w.changes
	if l.give == nil || l.cosmetic {
		return ""
	}
	l.cosmetic = true
	l.marks++
	id := "pg:m" + strconv.Itoa(l.marks)
	l.give(Change{ID: id, Kind: Cosmetic, Clause: l.clause})
	return id
}

// completeLinks takes the link to the next change away from the last one, and writes
// a label before what moved away: a link to where it is now. No copy of the text has
// the label's words, which a style sheet shows.
func (b *blocks) completeLinks() {
	l := &b.w.changes
	page, title := b.w.dst, b.title
	var out []byte
	from := 0
	edit := func(at, to int, words ...string) {
		out = append(out, page[from:at]...)
		for _, s := range words {
			out = append(out, s...)
			if at <= title {
				b.title += len(s)
			}
		}
		if from = to; at < title {
			b.title -= to - at
		}
	}
	cut := l.end > 0
	for _, a := range l.away {
		c := l.here[a.move]
		if c == nil {
			continue
		}
		if cut && a.at > l.next {
			edit(l.next, l.end)
			cut = false
		}
		label := b.w.s.Moved + " ↓"
		if a.back {
			label = b.w.s.Moved + " ↑"
		}
		if title := b.titleOf(c.Clause); title != b.titleOf(a.clause) {
			label += " " + title
		}
		label = html.EscapeString(label)
		edit(a.at, a.at, `<a href="#`, c.ID, `" data-added data-label="`, label, `" aria-label="`, label, `"></a>`)
	}
	if cut {
		edit(l.next, l.end)
	}
	if from > 0 {
		b.w.dst = append(out, page[from:]...)
	}
}
