package pages

import (
	"crypto/sha256"
	"strings"
	"sync"

	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/theme"
)

// A comparer compares texts, and stores in the cache how much changed.
type comparer struct {
	*linker

	mu   sync.Mutex
	late [12]compared // the latest first; a feed needs those of the five newest versions, between those of other pages
}

// A compared is the redline of two texts, or of others with the same digests.
type compared struct {
	before, after [sha256.Size]byte
	rules         markdown.Rules
	redline       *redline.Redline
}

// recent returns a recent comparison of two texts, or nil, and moves it to the front.
func (co *comparer) recent(c compared) *redline.Redline {
	co.mu.Lock()
	defer co.mu.Unlock()
	for i, late := range co.late {
		if c.redline = late.redline; late == c {
			copy(co.late[1:], co.late[:i])
			co.late[0] = c
			return c.redline
		}
	}
	return nil
}

// compare compares two texts, and stores in the cache how much changed. Texts
// often return to what they were before, so recent comparisons are kept.
func (co *comparer) compare(before, after *policy.Text) (*redline.Redline, error) {
	c := compared{before: before.Digest, after: after.Digest, rules: after.Version.Policy.Rules}
	if r := co.recent(c); r != nil {
		return r, nil
	}
	a, err := co.library.Body(before)
	if err != nil {
		return nil, err
	}
	b, err := co.library.Body(after)
	if err != nil {
		return nil, err
	}
	r := redline.Compare(a, b)
	co.cache.Store(before, after, co.result(r))
	c.redline = r
	co.mu.Lock()
	copy(co.late[1:], co.late[:])
	co.late[0] = c
	co.mu.Unlock()
	return r, nil
}

// result returns what the cache has of a redline.
func (co *comparer) result(r *redline.Redline) site.Comparison {
	l := site.Comparison{Verdict: r.Verdict, Extent: r.Extent}
	if co.traces {
		l.Trace(r)
	}
	return l
}

// A counted is a number and the phrase for what it counts, with {n}.
type counted struct {
	words string
	n     int
}

// counts returns the phrases with their numbers, without zeros and breaks before a number.
func counts(l *locale.Locale, list ...counted) []string {
	var out []string
	for _, c := range list {
		if c.n > 0 {
			out = append(out, fillText(c.words, " {n}", "\u00a0"+l.Number(c.n), "{n}", l.Number(c.n)))
		}
	}
	return out
}

// extentOf returns how much changed, in the words of a language.
func extentOf(v redline.Verdict, e *redline.Extent, l *locale.Locale) theme.Extent {
	w := &l.Words
	out := theme.Extent{Extent: *e}
	switch v {
	case redline.Same:
		out.Verdict = w.Same
	case redline.Rewrapped:
		out.Verdict = w.Rewrapped
	case redline.Relinked:
		out.Verdict = w.Relinked
	case redline.Restyled:
		out.Verdict = w.Restyled
	case redline.Rewritten:
		out.Verdict = fillText(w.Rewritten, "{n}", l.Number(e.Share()))
	case redline.Swapped:
		out.Verdict = w.Swapped
	}
	out.Counts = counts(l,
		counted{w.ClausesChanged, e.ClausesChanged}, counted{w.ClausesAdded, e.ClausesAdded},
		counted{w.ClausesRemoved, e.ClausesRemoved}, counted{w.ClausesMoved, e.ClausesMoved},
	)
	out.Counts = append(append(out.Counts, wordCounts(e, l)...),
		counts(l, counted{w.LinkChanged + ": {n}", e.Links}, counted{w.StyleChanged + ": {n}", e.Styles})...)
	return out
}

// wordCounts returns how many words were added and removed, and apart from them
// how many moved or have another structure, and how many images and list numbers
// changed. The sign ≈, which needs no translation, is before counts that are
// approximate since the script has no spaces between words.
func wordCounts(e *redline.Extent, l *locale.Locale) []string {
	w := &l.Words
	var out []string
	if e.WordsAdded+e.WordsRemoved > 0 {
		added := l.Number(e.WordsAdded)
		s := fillText(w.WordCounts, "{added} ", added+"\u00a0", "{added}", added, "{removed}", l.Number(e.WordsRemoved))
		if e.Approximate {
			s = "≈ " + s
		}
		out = append(out, s)
	}
	return append(out, counts(l,
		counted{w.WordsMoved, e.WordsMoved}, counted{w.WordsRestructured, e.WordsRestructured},
		counted{w.ImagesChanged, e.Images}, counted{w.NumbersChanged, e.ListNumbers})...)
}

// extent returns how much changed from the version before, for a reader of lang;
// nil for the first version.
func (co *comparer) extent(st *status, i int, lang string) (*theme.Extent, error) {
	if i == 0 {
		return nil, nil
	}
	before, after := co.both(st, pair{i - 1, i}, lang)
	known, err := co.known(before, after)
	if err != nil {
		return nil, err
	}
	e := extentOf(known.Verdict, &known.Extent, co.locales[lang])
	return &e, nil
}

// known returns the cached comparison of two texts, or compares them.
func (co *comparer) known(before, after *policy.Text) (site.Comparison, error) {
	if known, ok := co.cache.Comparison(before, after); ok && (known.Traced || !co.traces) {
		return known, nil
	}
	// The cache may not have it yet, or no longer.
	r, err := co.compare(before, after)
	if err != nil {
		return site.Comparison{}, err
	}
	return co.result(r), nil
}

// Summary returns in one line how much changed, for the front matter of a
// version without a summary by its author. It uses the words of the archive in
// the language of the locale.
func Summary(r *redline.Redline, l *locale.Locale) string {
	e := extentOf(r.Verdict, &r.Extent, l)
	var parts []string
	if e.Verdict != "" {
		parts = append(parts, strings.TrimRight(e.Verdict, "."))
	}
	return strings.ReplaceAll(strings.Join(append(parts, e.Counts...), "; "), "\u00a0", " ")
}
