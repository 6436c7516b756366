package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/normal"
	"github.com/privgen/privgen/internal/source"
)

// A Print is what the record has about a clause.
type Print struct {
	Sum   uint16 // the first 16 bits of the SHA-256 of its normal form
	Words int
}

// PrintsOf returns the prints of a text's clauses, in order.
func PrintsOf(b *markdown.Body) []Print {
	out, _ := prints(b)
	return out
}

// A clause is a clause of a text, with its normal form.
type clause struct {
	markdown.Clause
	text []byte
}

// prints returns the prints of a text's clauses, and the clauses.
func prints(b *markdown.Body) (out []Print, kept []clause) {
	clauses := b.Clauses()
	text := b.Markdown()
	start := clauses[0].Start
	for _, c := range clauses {
		one := clause{c, normal.Form(text[c.Start-start : c.End-start])}
		if len(one.text) == 0 {
			continue // blank lines before the first heading
		}
		out = append(out, Print{Sum: sumOf(one.text)})
		kept = append(kept, one)
	}
	count(b, out, kept)
	return out, kept
}

// sumOf returns the sum of a clause in its normal form.
func sumOf(text []byte) uint16 {
	sum := sha256.Sum256(text)
	return binary.BigEndian.Uint16(sum[:])
}

// count counts the words of clauses. A heading in raw HTML begins no clause.
func count(b *markdown.Body, out []Print, clauses []clause) {
	next := 0 // index of the next clause
	if len(clauses) > 0 && clauses[0].Level == 0 {
		next = 1
	}
	for _, part := range b.Parts() {
		if part.Kind == markdown.Heading && next < len(out) && part.ID(part.Passage) == clauses[next].ID {
			next++
		}
		if len(out) > 0 {
			out[max(0, next-1)].Words += part.Count
		}
	}
}

// formatPrints returns prints as the file has them.
func formatPrints(prints []Print) string {
	var b strings.Builder
	for i, p := range prints {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%04x:%d", p.Sum, p.Words)
	}
	return b.String()
}

// parsePrints parses a list of prints, see arePrints, or "".
func parsePrints(s string) []Print {
	out := make([]Print, 0, strings.Count(s, ",")+1)
	for s != "" {
		var one string
		one, s, _ = strings.Cut(s, ",")
		sum, words, _ := strings.Cut(one, ":")
		n, _ := strconv.ParseUint(sum, 16, 16)
		w, _ := strconv.Atoi(words)
		out = append(out, Print{uint16(n), w})
	}
	return out
}

// arePrints reports whether s is a list of prints: 1f0a:41,77c3:118.
func arePrints(s string) bool {
	digits, sum := 0, true // digits of the current number so far, and whether it is the sum
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9' || sum && c >= 'a' && c <= 'f':
			digits++
		case c == ':' && sum && digits == 4:
			digits, sum = 0, false
		case c == ',' && !sum && digits > 0 && digits < 10:
			digits, sum = 0, true
		default:
			return false
		}
	}
	return !sum && digits > 0 && digits < 10
}

// A Difference is a clause that differs from the released text.
type Difference struct {
	Title  string // of the clause; if it is gone, of the one before it
	Offset int    // of that clause in its file
	Was    int    // how many words it had; -1 if it is new
	Is     int    // how many it has; -1 if it is gone
	Hidden string // characters that a reader cannot see, if only they were added; see markdown.Clause.HiddenSince

	// Gone and Come are words that the clause had, and those that it has instead,
	// shortened. They are empty if the released text is not known.
	Gone, Come string
}

func (d Difference) String() string {
	title := strconv.Quote(d.Title)
	if d.Title == "" {
		title = "the beginning"
	}
	switch {
	case d.Was < 0:
		return fmt.Sprintf("%s is new, with %s", title, source.Count(d.Is, "word"))
	case d.Is < 0 && d.Title == "":
		return fmt.Sprintf("a clause of %s at the beginning is gone", source.Count(d.Was, "word"))
	case d.Is < 0:
		return fmt.Sprintf("after %s a clause of %s is gone", title, source.Count(d.Was, "word"))
	case d.Hidden != "":
		return fmt.Sprintf("in %s only characters changed that a reader cannot see: %s", title, d.Hidden)
	case d.Gone != "" && d.Come != "":
		return fmt.Sprintf("in %s, %q is now %q", title, d.Gone, d.Come)
	case d.Gone != "":
		return fmt.Sprintf("in %s, %q is gone", title, d.Gone)
	case d.Come != "":
		return fmt.Sprintf("in %s, %q is new", title, d.Come)
	case d.Was == d.Is:
		return fmt.Sprintf("%s changed (%s before and after)", title, source.Count(d.Is, "word"))
	}
	return fmt.Sprintf("%s has %s, and had %d", title, source.Count(d.Is, "word"), d.Was)
}

// Differences returns the clauses of a text that differ from those of the entry. With the
// released text, which may be nil, they include the words that changed.
func (e *Entry) Differences(b, released *markdown.Body) []Difference {
	now, clauses := prints(b)
	old := e.Clauses()
	var olds []clause
	if released != nil {
		_, olds = prints(released)
	}
	same := align(old, now)
	var out []Difference
	i, j := 0, 0
	for _, at := range append(same, [2]int{len(old), len(now)}) {
		for i < at[0] || j < at[1] {
			d := Difference{Was: -1, Is: -1}
			if j < at[1] {
				d.Title, d.Offset, d.Is = strings.TrimSpace(clauses[j].Title), clauses[j].Start, now[j].Words
				j++
			} else if j > 0 {
				d.Title, d.Offset = strings.TrimSpace(clauses[j-1].Title), clauses[j-1].Start
			}
			if i < at[0] {
				if d.Was = old[i].Words; d.Is >= 0 {
					d.Hidden = clauses[j-1].HiddenSince(b, func(text []byte) bool { return sumOf(text) == old[i].Sum })
					if len(olds) == len(old) {
						d.Gone, d.Come = changedWords(olds[i].text, clauses[j-1].text)
					}
				}
				i++
			}
			out = append(out, d)
		}
		i, j = at[0]+1, at[1]+1
	}
	return out
}

// changedWords returns the words of two texts between their common beginning and end.
func changedWords(old, now []byte) (gone, come string) {
	a, b := wordPattern().FindAllIndex(old, -1), wordPattern().FindAllIndex(now, -1)
	alike := func(x, y []int) bool { return bytes.Equal(old[x[0]:x[1]], now[y[0]:y[1]]) }
	for len(a) > 0 && len(b) > 0 && alike(a[0], b[0]) {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && alike(a[len(a)-1], b[len(b)-1]) {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return brief(old, a), brief(now, b)
}

// brief returns some words of a text; if they are long, only their beginning and end.
func brief(text []byte, words [][]int) string {
	if len(words) == 0 {
		return ""
	}
	s := strings.Join(strings.Fields(string(text[words[0][0]:words[len(words)-1][1]])), " ")
	if r := []rune(s); len(r) > mostShown {
		return strings.TrimSpace(string(r[:mostShown/2])) + " … " + strings.TrimSpace(string(r[len(r)-mostShown/2:]))
	}
	return s
}

// wordPattern matches a word, or a character of Chinese or Japanese.
var wordPattern = lazyregexp.New(`[\p{Han}\p{Hiragana}\p{Katakana}]|[^\s\p{Han}\p{Hiragana}\p{Katakana}]+`)

// align returns a longest common subsequence of prints, as pairs of indexes. If very many
// clauses changed, it finds only the common beginning and end.
func align(a, b []Print) (pairs [][2]int) {
	lo := 0
	for lo < len(a) && lo < len(b) && a[lo] == b[lo] {
		pairs = append(pairs, [2]int{lo, lo})
		lo++
	}
	endA, endB := len(a), len(b)
	for endA > lo && endB > lo && a[endA-1] == b[endB-1] {
		endA, endB = endA-1, endB-1
	}
	n, m := endA-lo, endB-lo
	if n > 0 && m > 0 && n*m <= 1<<20 {
		longest := make([][]int, n+1)
		for i := range longest {
			longest[i] = make([]int, m+1)
		}
		for i := n - 1; i >= 0; i-- {
			for j := m - 1; j >= 0; j-- {
				if a[lo+i] == b[lo+j] {
					longest[i][j] = longest[i+1][j+1] + 1
				} else {
					longest[i][j] = max(longest[i+1][j], longest[i][j+1])
				}
			}
		}
		for i, j := 0, 0; i < n && j < m; {
			switch {
			case a[lo+i] == b[lo+j]:
				pairs = append(pairs, [2]int{lo + i, lo + j})
				i, j = i+1, j+1
			case longest[i+1][j] >= longest[i][j+1]:
				i++
			default:
				j++
			}
		}
	}
	for i := range len(a) - endA {
		pairs = append(pairs, [2]int{endA + i, endB + i})
	}
	return pairs
}
