package view

import (
	"html"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/redline"
)

// This file collects the list of changes of a page while its text is written. A change is
// consecutive marks of one kind with at most a few unmarked words between them.

// A Change is one change of a redline: a place in the text with an id, and words for a list
// of changes.
type Change struct {
	ID     string
	Kind   ChangeKind
	Clause *redline.Clause
	Words  []Piece // with words around the change; long texts are cut off
}

// A ChangeKind is what changed at a place.
type ChangeKind uint8

// The kinds of changes.
const (
	WordsChanged      ChangeKind = iota
	WordsMoved                   // the new place of moved words
	WordsRestructured            // the same words in another structure
	NumbersChanged               // of list items
	Cosmetic                     // the first place in a clause with another link, other formatting, or a line break
)

// A Piece is words of a change. Mark is "ins", "del", or empty for unmarked words.
type Piece struct{ Mark, Text string }

const (
	nearWords  = 3   // the most unmarked words between two marks of one change
	leadWords  = 4   // the most unmarked words shown before a change
	longPiece  = 110 // runes after which a piece is cut off
	longChange = 260 // runes after which a change gets no more words
	longMarked = 60  // a change with more marked runes is shown without words around it
)

// A changeList collects the changes of a redline as they are written.
type changeList struct {
	give  func(Change)
	count int // how many numbered changes there are
	marks int // how many cosmetic ones

	clause    *redline.Clause
	cosmetic  bool            // the clause has a cosmetic mark
	open      *Change         // the change that the next mark may continue
	fresh     bool            // a passage has begun since the last mark
	between   []markdown.Word // the unmarked words since the last mark
	lead      []markdown.Word // the unmarked words before the next mark
	row       []markdown.Word // in a table, the first words of the row, for its other cells
	runes     int             // of the open change
	next, end int             // the offsets of the last link to a next change: its start and end

	here map[int]*Change // for each move, the change at the new place
	away []movedAway
}

// A movedAway is the old place of a move: an offset in the page.
type movedAway struct {
	at, move int
	clause   *redline.Clause
	back     bool // the new place is before the old one
}

// movedHere records the open change as the new place of a move.
func (l *changeList) movedHere(move int) {
	if l.open != nil && l.here[move] == nil {
		if l.here == nil {
			l.here = map[int]*Change{}
		}
		l.here[move] = l.open
	}
}

// movedAway records the old place of a move: the first one if the move has several.
func (l *changeList) movedAway(at, move int) {
	for _, a := range l.away {
		if a.move == move {
			return
		}
	}
	l.away = append(l.away, movedAway{at, move, l.clause, l.here[move] != nil})
}

// begins starts a clause, or a footnote of the clause.
func (l *changeList) begins(c *redline.Clause) {
	l.finish()
	l.clause, l.cosmetic = c, false
	l.enter()
}

// enter starts a passage. If the previous passage ended with unmarked words, its last
// change is finished.
func (l *changeList) enter() {
	if len(l.between) > 0 {
		l.finish()
	}
	l.fresh, l.lead = true, nil
}

// begin continues the open change or starts a new one. It reports whether the change is new.
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

// pass adds unmarked words. More than nearWords finish the open change.
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

// piece adds words to the open change, up to the limits.
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
	if mark != "" && strings.HasPrefix(text, " ") { // a space is before its mark
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

// space adds a space after the words of the open change.
func (l *changeList) space() {
	switch k := len(l.open.Words); {
	case k == 0:
	case l.open.Words[k-1].Mark == "":
		l.open.Words[k-1].Text += " "
	default:
		l.open.Words = append(l.open.Words, Piece{"", " "})
	}
}

// finish finishes the open change: it passes it to give.
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

// textOfWords returns words as plain text.
func textOfWords(ws []markdown.Word) string {
	l := changeList{open: &Change{}}
	l.piece("", ws)
	if len(l.open.Words) == 0 {
		return ""
	}
	return l.open.Words[0].Text
}

// changing adds a mark to the list of changes. Before a new change, it writes an element
// with its id and the links to its neighbors. It closes a link of the text first.
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
	case w.reset && m == redline.Deleted: // the words are listed at their new place
	case w.reset:
		w.changing(WordsRestructured, name, ws)
	default:
		w.changing(WordsChanged, name, ws)
	}
}

// cosmetic lists the first mark of a clause that changes no words, and returns its id.
// For later marks it returns "".
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

// completeLinks removes the link to the next change from the last change. At the old place
// of each move, it writes a link to the new place. A style sheet shows the label of that
// link, so no copy of the text contains it.
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
