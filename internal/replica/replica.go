// Package replica compares copies of texts that are kept elsewhere, such as in an
// app or in another repository, with the lock file.
//
// Its two fundamental types are Replica, what a copy is, and Nearest, what it is
// nearly. A copy is a released text if it has its digest, or if it is the same to
// its readers: line ends, or the form in which Unicode composes a character, do not
// matter. Front matter is not part of the text.
package replica

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/normal"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/source"
)

// A Replica is what a copy is.
type Replica struct {
	File    string   `json:"file"`
	OK      bool     `json:"ok"`      // it is a released text
	SHA256  string   `json:"sha256"`  // of its text in its normal form
	Same    []Text   `json:"same"`    // the released texts that it is; several if versions have the same text
	Nearest *Nearest `json:"nearest"` // null if it is one, or if it has no clause of any
}

// A Text is a released text.
type Text struct {
	Policy    string `json:"policy"`
	Version   string `json:"version"`
	Lang      string `json:"lang"`
	Exact     bool   `json:"exact"`               // it has the digest, too
	Corrected string `json:"corrected,omitempty"` // it is the text before the correction of this day
	Removed   string `json:"removed,omitempty"`   // the day on which it was taken off the site
}

// Nearest is the released text whose clauses a copy has most of.
type Nearest struct {
	Text
	Differences []string `json:"differences"`
}

// Identify returns what a file is, by the lock file.
func Identify(r *record.Record, name string, raw []byte) (*Replica, *source.Problem) {
	f, problem := source.Parse(name, raw)
	if problem != nil {
		return nil, problem
	}
	whole, _ := normal.Digest(f.Text)
	start := 0 // if it is a released text, what looks like a head belongs to it
	if !slices.ContainsFunc(r.Entries(), func(e *record.Entry) bool { return e.Digest == whole }) {
		f.Text = fence.ReplaceAll(bytes.TrimLeft(f.Text, "\n"), []byte("$1"))
		if start = len(f.Text) - len(normal.SkipHead(f.Text)); start == 0 {
			start, _ = policy.TextStart(f) // else it begins with what no head is
		}
	}
	text := f.Text[start:]
	digest, _ := normal.Digest(text)
	out := &Replica{File: name, SHA256: hex.EncodeToString(digest[:]), Same: []Text{}}
	readings := markdown.Readings(text)
	for _, e := range r.Entries() {
		one := Text{Policy: e.Policy, Version: e.Version, Lang: e.Lang}
		if e.Removed != nil {
			one.Removed = e.Removed.Day.String()
		}
		if one.Exact = e.Digest == digest; one.Exact || e.Reads != "" && slices.Contains(readings, e.Reads) {
			out.Same = append(out.Same, one)
		}
		for _, c := range e.Corrections {
			if c.Was == digest && c.Is != digest { // else its stamp alone was corrected
				one.Exact, one.Corrected = true, c.Day.String()
				out.Same = append(out.Same, one)
			}
		}
	}
	slices.SortStableFunc(out.Same, func(a, b Text) int {
		switch {
		case a.Exact == b.Exact:
			return 0
		case a.Exact:
			return -1
		}
		return 1
	})
	if out.OK = len(out.Same) > 0; !out.OK {
		out.Nearest = nearest(r, f, start)
	}
	return out, nil
}

// fence matches a line that begins or ends a head, with blanks behind it.
var fence = regexp.MustCompile(`(?m)^(---|\+\+\+)[ \t]+$`)

// nearest returns the text that differs in the fewest words, counting all words of
// a clause that differs. Among equals, it is the one that the head names, and the last
// one that was not withdrawn.
func nearest(r *record.Record, f *source.File, start int) *Nearest {
	body, _ := markdown.NewRenderer(1<<20).Parse(f, start, markdown.Rules{HTML: "sanitize"})
	var best *record.Entry
	var differences []record.Difference
	var least []int
	for _, e := range r.Entries() {
		list := e.Differences(body, nil)
		words, alike := 0, len(e.Clauses())
		for _, d := range list {
			words += max(d.Was, d.Is)
			if d.Was >= 0 {
				alike--
			}
		}
		rank := []int{words, 0, 0, 0} // the head names one among those that are equally near
		for i, field := range []string{
			fmt.Sprintf("\npolicy: %q\n", e.Policy), fmt.Sprintf("\nversion: %q\n", e.Version)} {
			if bytes.Contains(f.Text[:start], []byte(field)) {
				rank[i+1] = -1
			}
		}
		if e.Removed != nil || !e.Withdrawn.IsZero() {
			rank[3] = 1
		}
		if alike > 0 && (best == nil || slices.Compare(rank, least) <= 0) {
			best, differences, least = e, list, rank
		}
	}
	if best == nil {
		return nil
	}
	out := &Nearest{Text: Text{Policy: best.Policy, Version: best.Version, Lang: best.Lang}, Differences: []string{}}
	for _, d := range differences {
		out.Differences = append(out.Differences, d.String())
	}
	return out
}

func (t Text) String() string {
	s := fmt.Sprintf("%s %s (%s)", t.Policy, t.Version, t.Lang)
	if t.Corrected != "" {
		s += ", as it was before the correction of " + t.Corrected
	}
	if t.Removed != "" {
		s += ", taken off the site on " + t.Removed
	}
	return s
}

// Print writes what a copy is for people.
func (c *Replica) Print(w io.Writer) error {
	var b strings.Builder
	switch {
	case c.OK:
		fmt.Fprintf(&b, "%s: %s", c.File, c.Same[0])
		if !c.Same[0].Exact {
			b.WriteString(", the same text in another form")
		}
		for _, t := range c.Same[1:] {
			fmt.Fprintf(&b, "; also %s", t)
		}
		b.WriteByte('\n')
	case c.Nearest == nil:
		fmt.Fprintf(&b, "%s: no released text, and it has no clause of one\n", c.File)
	default:
		fmt.Fprintf(&b, "%s: no released text; the nearest is %s\n", c.File, c.Nearest.Text)
		for _, d := range c.Nearest.Differences {
			fmt.Fprintf(&b, "  %s\n", d)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
