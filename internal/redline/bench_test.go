package redline_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"znkr.io/diff"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/redline/view"
)

// TestNumbers measures how long comparisons of neighboring real versions take and how much
// they mark, and logs the figures. It checks none of them, since times depend on the machine.
func TestNumbers(t *testing.T) {
	if os.Getenv("PRIVGEN_ALL_PAIRS") == "" {
		t.Skip("measures 4,700 pairs of real policies; run .ci/laws")
	}
	var times []time.Duration
	var bare, counted, marked, minimal, runs, minimalRuns int
	var sumRatio float64
	var pairsCounted int
	worst := 0.0
	var slow string
	every, _ := strconv.Atoi(os.Getenv("PRIVGEN_ALL_PAIRS")) // 1 for all pairs, 9 for every ninth
	pairs(t, "pga-versions", max(1, every), func(p pair) {
		from := time.Now()
		r := redline.Compare(p.before, p.after)
		d := time.Since(from)
		if d > 10*time.Millisecond { // measure again: the machine may have been busy
			from = time.Now()
			redline.Compare(p.before, p.after)
			d = min(d, time.Since(from))
		}
		times = append(times, d)
		words := max(r.Extent.WordsBefore, r.Extent.WordsAfter, 2000)
		if per := d.Seconds() * 1000 * 10000 / float64(words); per > worst {
			worst, slow = per, fmt.Sprintf("%s: %v, %d words", p.name, d, words)
		}
		if r.Verdict != redline.Changed || words > 20000 {
			return
		}
		e := r.Extent
		page, _ := view.HTML(nil, r, setting)
		m := e.WordsAdded + e.WordsRemoved + 2*r.Kept + 2*e.WordsMoved + 2*e.WordsRestructured
		bare += m - 2*e.WordsRestructured
		counted += e.WordsAdded + e.WordsRemoved
		n, ns := minimalDiff(p.before, p.after)
		marked, minimal = marked+m, minimal+n
		if n > 0 {
			sumRatio += float64(m) / float64(n)
			pairsCounted++
		}
		runs, minimalRuns = runs+markedRuns(t, string(page)), minimalRuns+ns
	})
	slices.Sort(times)
	at := func(share float64) time.Duration { return times[int(share*float64(len(times)-1))] }
	t.Logf("%d pairs: median %v, 95 of 100 %v, 99 of 100 %v, most %v; worst for its length %.1f ms per 10,000 words (%s)",
		len(times), at(.5), at(.95), at(.99), at(1), worst, slow)
	t.Logf("words counted as added or removed %.3f times", float64(counted)/float64(minimal))
	t.Logf("words marked %.3f times a minimal diff's in all (%.3f without those only set otherwise), %.3f in the mean pair; %.3f as many runs (%d, %d)",
		float64(marked)/float64(minimal), float64(bare)/float64(minimal), sumRatio/float64(pairsCounted), float64(runs)/float64(minimalRuns), runs, minimalRuns)
}

// markedRuns returns how many runs of marked words a reader of the page sees: marks of one
// kind with no words of the texts between them are one.
func markedRuns(t testing.TB, page string) int {
	runs, last := 0, ""
	var walk func(n *html.Node, mark string)
	walk = func(n *html.Node, mark string) {
		if n.Type == html.TextNode && strings.TrimSpace(n.Data) != "" {
			if mark != last && mark != "" {
				runs++
			}
			last = mark
		}
		if _, own := attr(n, "data-added"); own {
			return
		}
		if mark == "" && (n.Data == "ins" || n.Data == "del") && n.Type == html.ElementNode {
			mark = n.Data
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, mark)
		}
	}
	for _, n := range parse(t, page) {
		walk(n, "")
	}
	return runs
}

// minimalDiff returns how many words a minimal diff of two texts marks, and in how many
// runs it marks words, punctuation, and line breaks, as a redline does.
func minimalDiff(a, b *markdown.Body) (words, runs int) {
	for _, e := range diff.Edits(allWords(a, markdown.Plain), allWords(b, markdown.Plain), diff.Minimal()) {
		if e.Op != diff.Match {
			words++
		}
	}
	last := diff.Match
	for _, e := range diff.Edits(allWords(a, markdown.Break), allWords(b, markdown.Break), diff.Minimal()) {
		if e.Op != diff.Match && e.Op != last {
			runs++
		}
		last = e.Op
	}
	return words, runs
}

// allWords returns the hashes of a text's words of the kinds up to kind.
func allWords(b *markdown.Body, kind markdown.WordKind) (out []uint64) {
	var walk func(p *markdown.Passage)
	walk = func(p *markdown.Passage) {
		for i := range p.Words {
			if w := &p.Words[i]; w.Kind <= kind {
				out = append(out, w.Sum)
			}
		}
		for _, k := range p.Kids {
			walk(k)
		}
	}
	for _, p := range b.Parts() {
		walk(p.Passage)
	}
	return out
}

// BenchmarkUnrelated compares two texts that share only frequent words. Twice the words
// should take about twice the time.
func BenchmarkUnrelated(b *testing.B) {
	for _, words := range []int{20000, 40000} {
		b.Run(fmt.Sprintf("%d words", words), func(b *testing.B) { unrelated(b, words, words*3/20, true) })
	}
}

// BenchmarkShuffled compares two texts with the same words in another order.
func BenchmarkShuffled(b *testing.B) {
	for _, words := range []int{10000, 20000, 40000} {
		b.Run(fmt.Sprintf("%d words", words), func(b *testing.B) { unrelated(b, words, 3000, false) })
	}
}

// unrelated compares two random texts, of different words or of the same words.
func unrelated(b *testing.B, words, vocabulary int, differ bool) {
	text := func(seed uint64) string {
		r := rand.New(rand.NewPCG(seed, 1))
		var s strings.Builder
		for i := range words {
			if r.IntN(3) == 0 {
				s.WriteString([]string{"the", "of", "and", "to", "data", "we", "you", "your"}[r.IntN(8)])
			} else {
				word := r.IntN(vocabulary)
				if differ {
					word += int(seed) * 100000
				}
				fmt.Fprintf(&s, "word%d", word)
			}
			switch {
			case i%80 == 79:
				s.WriteString(".\n\n")
			case i%17 == 16:
				s.WriteString(". ")
			default:
				s.WriteString(" ")
			}
		}
		return s.String()
	}
	p := markdown.NewRenderer(1 << 24)
	before, after := take(p, text(1)), take(p, text(2))
	b.ReportAllocs()
	for b.Loop() {
		redline.Compare(before, after)
	}
}

// BenchmarkEdited compares two long texts: one word differs in every twentieth paragraph.
func BenchmarkEdited(b *testing.B) {
	text := func(word string) string {
		var s strings.Builder
		for i := range 400 {
			if i%10 == 0 {
				fmt.Fprintf(&s, "## Clause %d\n\n", i)
			}
			w := "keep"
			if i%20 == 3 {
				w = word
			}
			fmt.Fprintf(&s, "In case %d we %s the data that you give us for as long as the law asks for it, and %d days more.\n\n", i, w, i)
		}
		return s.String()
	}
	p := markdown.NewRenderer(1 << 24)
	before, after := take(p, text("store")), take(p, text("delete"))
	b.ReportAllocs()
	for b.Loop() {
		view.HTML(nil, redline.Compare(before, after), setting)
	}
}
