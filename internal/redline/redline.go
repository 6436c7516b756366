// Package redline compares two versions of a text. Package view, below it, shows
// what changed: as HTML, as lines of text, and as JSON.
//
// Its two fundamental types are Redline, what changed from one text to another,
// and Edit, a passage of either text or two that belong together. The clauses of a
// Redline say what happened to each clause of the texts.
//
// # What is compared
//
// What is read, not how it was written: reflowed lines, other list markers,
// other ways to write a heading are no change. The parts of the two texts are
// aligned by likeness, over the whole text, so that what moved is found; then
// the passages inside them; then the words inside those. A clause whose number
// changed is the same clause, and so is one whose heading was reworded.
package redline

import "github.com/privgen/privgen/internal/markdown"

// A Redline is what changed from one text to another. It is not changed after
// it is made, and may be read by several goroutines.
type Redline struct {
	Verdict Verdict
	Extent  Extent

	// Clauses are those of the new text in order, and those that were removed
	// where they were. A clause that moved is listed at its new place only.
	Clauses []*Clause

	Before, After *markdown.Body // the two texts

	// Edits are the passages of both texts in the order in which they are shown.
	Edits []*Edit

	// Groups are the clauses, and the old places of those that moved, in order.
	Groups []*Clause

	Kept int // words that are marked though they did not change

	notes map[*markdown.Passage]*Clause // footnotes, and the clauses that refer to them
}

// A Verdict is what a redline says in one word.
type Verdict uint8

// The verdicts.
const (
	Same      Verdict = iota // both are written alike
	Rewrapped                // nothing that is read changed: only how the source is written
	Relinked                 // only where links lead
	Restyled                 // only markup: emphasis, levels of headings, kinds of list; perhaps links too
	Changed                  // words
	Rewritten                // most words: see Extent.Share. Old and new are shown in full
	Swapped                  // another language: old and new are shown in full
)

// Counts are how much changed in a clause or in a text.
type Counts struct {
	// Words that are in one text only. A word that is marked because it is between two that
	// changed is in both, and does not count.
	WordsAdded   int `json:"words_added"`
	WordsRemoved int `json:"words_removed"`

	// Words that are in both texts: at another place; in another structure, such
	// as a list instead of paragraphs.
	WordsMoved        int `json:"words_moved"`
	WordsRestructured int `json:"words_restructured"`

	// Places where only a link's target, an image, the number of a list item or
	// the markup changed.
	Links       int `json:"links"`
	Images      int `json:"images"`
	ListNumbers int `json:"list_numbers"`
	Styles      int `json:"markup"`
}

// add adds the counts of a part.
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
	// Numbers of clauses. One that moved and changed counts as both.
	ClausesChanged int `json:"clauses_changed"`
	ClausesAdded   int `json:"clauses_added"`
	ClausesRemoved int `json:"clauses_removed"`
	ClausesMoved   int `json:"clauses_moved"`

	Counts

	WordsBefore int `json:"words_before"` // in the whole texts
	WordsAfter  int `json:"words_after"`

	// Words of a script without spaces changed, such as Chinese or Thai: each of
	// their characters, or a few, counts as a word.
	Approximate bool `json:"approximate,omitempty"`

	// If no words changed, the characters of which one text has more than the other,
	// and which a reader cannot see or tell from a space; see markdown.Body.HiddenChanges.
	Hidden string `json:"hidden,omitempty"`
}

// Share returns how many of the new text's words are new, in 100.
func (e Extent) Share() int {
	if e.WordsAfter == 0 {
		return 0
	}
	return (100*e.WordsAdded + e.WordsAfter/2) / e.WordsAfter
}

// A State is what happened to a clause: a set of what can happen.
type State uint16

// What can happen to a clause. None of it: the clause is the same.
const (
	TextChanged  State = 1 << iota // words in it were added, removed, or moved
	Moved                          // it was elsewhere
	Renamed                        // its heading has other words
	Renumbered                     // its heading has another number
	Added                          // it is new
	Removed                        // it is gone
	LinksChanged                   // links in it lead elsewhere
	StyleChanged                   // markup in it changed
)

// Has reports whether all of what is happened.
func (s State) Has(what State) bool { return s&what == what }

// A Clause is a clause of either text, or of both.
type Clause struct {
	State State

	// ID and Title are the clause's in the new text, or in the old if it was
	// removed. Both are empty for what is before the first heading.
	ID, Title string

	// OldID and OldTitle are the clause's in the old text; empty if it is new.
	OldID, OldTitle string

	Counts

	First, Last int     // its edits: Redline.Edits[First:Last]
	was         *Clause // its old place, when it moved: what was there and did not move with it is gone
	redline     *Redline
}

// Compare returns what changed from one text to another. Every pair of texts has a
// redline. Texts from the same renderer are compared fastest, because they share
// equal blocks.
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
// changed, rewritten or swapped.
func (v Verdict) String() string {
	return [...]string{"same", "rewrapped", "relinked", "restyled", "changed", "rewritten", "swapped"}[v]
}

// Names returns what happened to a clause, a word each: added, removed, moved,
// renamed, renumbered, changed, links, markup. The result is never nil.
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
