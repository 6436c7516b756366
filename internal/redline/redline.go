// Package redline compares two versions of a text. Package view, below it, shows
// what changed: as HTML, as lines of text, and as JSON.
//
// Its two fundamental types are Redline, the differences between two texts, and
// Edit, a passage of one text or a pair of matching passages. The clauses of a
// Redline say what happened to each clause of the texts.
//
// # What is compared
//
// The comparison is of what people read, not of the source: reflowed lines,
// other list markers, and other ways to write a heading are no change. A clause
// whose number changed is the same clause, and so is one whose heading was reworded.
//
// # How two texts are compared
//
// A passage is a paragraph, a heading, a list, an item, a table, and so on. Passages
// with words are leaves; the others are containers of passages.
//
//  1. Parsing (package markdown): each text is a sequence of passages, and each leaf
//     is a sequence of words.
//  2. Alignment (align.go): passages that read the same are paired by a diff of their
//     hashes, as lines are in a diff of files. What is between them is a gap. In each
//     gap, similar passages (likeness.go) are paired. Paired containers are aligned
//     inside by the same rules; tables are aligned by columns first (table.go).
//  3. Merging (region.go, merge.go): in a gap, the text of some passages may be
//     divided into other passages now. The words of all of these are compared as
//     two sequences. In long gaps, anchors (anchor.go) divide the work.
//  4. Diff of words (word.go): the words of two paired leaves are compared. The result
//     is an edit script of runs. divide.go prepares the words; shape.go makes
//     the script easier to read.
//  5. Renames and moves (heading.go, move.go): the passages that are left are in one
//     text only. Renamed headings and moved passages are found among them.
//  6. Clauses and counts (clause.go, note.go, number.go): the edits are grouped by
//     clause, and the changes in each are counted.
//  7. Rewrites (rewrite.go): if at least 80 % of the new words are new and 80 % of the old
//     ones were removed, the texts are compared again, and only passages that read the
//     same are paired.
//
// README.md, beside this file, has a drawing, the thresholds, and the reasons for them.
package redline

import "github.com/privgen/privgen/internal/markdown"

// A Redline is what changed from one text to another. It is immutable, so several
// goroutines may read it.
type Redline struct {
	Verdict Verdict
	Extent  Extent

	// Clauses has the clauses of the new text in order, and each removed clause at its
	// old place. A clause that moved is listed at its new place only.
	Clauses []*Clause

	Before, After *markdown.Body // the two texts

	// Edits are the passages of both texts in the order in which they are shown.
	Edits []*Edit

	// Groups has the clauses, and the old places of moved clauses, in order.
	Groups []*Clause

	Kept int // words that are marked although they are in both texts

	notes map[*markdown.Passage]*Clause // footnotes, and the clauses that refer to them
}

// A Verdict is the result of a comparison in one word.
type Verdict uint8

// The verdicts.
const (
	Same      Verdict = iota // the texts are the same: see markdown.Same
	Rewrapped                // only what readers do not notice: an id, a no-break space, a loose list
	Relinked                 // only the targets of links
	Restyled                 // only markup: emphasis, levels of headings, kinds of list; perhaps links too
	Changed                  // anything else: words, moves, numbers, images, line breaks
	Rewritten                // most words: see Extent.Share. Old and new are shown in full
	Swapped                  // the language: old and new are shown in full
)

// Counts are how much changed in a clause or in a text.
type Counts struct {
	// Words that are in one text only. A word that is marked only because the words around
	// it changed is in both texts, and does not count.
	WordsAdded   int `json:"words_added"`
	WordsRemoved int `json:"words_removed"`

	// Words that are in both texts, but at another place, or in another structure, such
	// as a list instead of paragraphs.
	WordsMoved        int `json:"words_moved"`
	WordsRestructured int `json:"words_restructured"`

	// Places where only a link's target, an image, the number of a list item, or
	// the markup changed.
	Links       int `json:"links"`
	Images      int `json:"images"`
	ListNumbers int `json:"list_numbers"`
	Styles      int `json:"markup"`
}

// add adds the counts of part to c.
func (c *Counts) add(part Counts) {
	c.WordsAdded += part.WordsAdded
	c.WordsRemoved += part.WordsRemoved
	c.WordsMoved += part.WordsMoved
	c.WordsRestructured += part.WordsRestructured
	c.Links += part.Links
	c.Images += part.Images
	c.ListNumbers += part.ListNumbers
	c.Styles += part.Styles
}

// An Extent is how much changed.
type Extent struct {
	// Numbers of clauses. A clause that moved and changed counts in both.
	ClausesChanged int `json:"clauses_changed"`
	ClausesAdded   int `json:"clauses_added"`
	ClausesRemoved int `json:"clauses_removed"`
	ClausesMoved   int `json:"clauses_moved"`

	Counts

	WordsBefore int `json:"words_before"` // in the whole texts
	WordsAfter  int `json:"words_after"`

	// Words of a script without spaces changed, such as Chinese or Thai. In these, a
	// character or a few count as a word.
	Approximate bool `json:"approximate,omitempty"`

	// If no words changed, the invisible characters and unusual spaces of which one text
	// has more than the other; see markdown.Body.HiddenChanges.
	Hidden string `json:"hidden,omitempty"`
}

// Share returns the percentage of the new text's words that are new.
func (e Extent) Share() int {
	if e.WordsAfter == 0 {
		return 0
	}
	return (100*e.WordsAdded + e.WordsAfter/2) / e.WordsAfter
}

// A State is what happened to a clause: a set of bits.
type State uint16

// The bits of a State. Without any, the clause is the same.
const (
	TextChanged  State = 1 << iota // words in it were added, removed, or moved
	Moved                          // it was at another place
	Renamed                        // its heading has other words
	Renumbered                     // its heading has another number
	Added                          // it is new
	Removed                        // it is gone
	LinksChanged                   // links in it have other targets
	StyleChanged                   // markup in it changed
)

// Has reports whether all bits of what are set.
func (s State) Has(what State) bool { return s&what == what }

// A Clause is a clause of one text or of both.
type Clause struct {
	State State

	// ID and Title are those of the new text, or of the old text if the clause was
	// removed. Both are empty for the text before the first heading.
	ID, Title string

	// OldID and OldTitle are those of the old text; empty if the clause is new.
	OldID, OldTitle string

	Counts

	First, Last int     // its edits: Redline.Edits[First:Last]
	was         *Clause // the group at its old place if it moved: text that did not move with it was removed
	redline     *Redline
}

// Compare returns what changed from one text to another. It cannot fail. Texts from
// the same renderer are compared fastest, because they share equal blocks.
func Compare(before, after *markdown.Body) *Redline {
	r := &Redline{Before: before, After: after}
	c := newComparison(before, after)
	r.Edits = c.align()
	r.gather()
	if !r.rewritten() {
		return r
	}
	r = &Redline{Before: before, After: after, Verdict: Rewritten}
	if a, b := language(c.before), language(c.after); a != b && a != "" && b != "" {
		r.Verdict = Swapped
	}
	c.anchors, c.moves = true, 0
	r.Edits = c.align()
	r.gather()
	return r
}

// String returns the verdict in a word: same, rewrapped, relinked, restyled,
// changed, rewritten, or swapped.
func (v Verdict) String() string {
	return [...]string{"same", "rewrapped", "relinked", "restyled", "changed", "rewritten", "swapped"}[v]
}

// Names returns one word for each bit: added, removed, moved, renamed, renumbered,
// changed, links, markup. The result is never nil.
func (s State) Names() []string {
	out := []string{}
	for _, one := range []struct {
		state State
		name  string
	}{
		{Added, "added"}, {Removed, "removed"}, {Moved, "moved"}, {Renamed, "renamed"},
		{Renumbered, "renumbered"}, {TextChanged, "changed"}, {LinksChanged, "links"}, {StyleChanged, "markup"},
	} {
		if s.Has(one.state) {
			out = append(out, one.name)
		}
	}
	return out
}
