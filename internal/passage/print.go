package passage

import (
	"fmt"
	"io"
	"strings"

	"github.com/privgen/privgen/internal/source"
)

// mostPlaces is how many clauses are printed for a span.
const mostPlaces = 8

// Print writes a history for people.
func (h *History) Print(w io.Writer) error {
	out := &strings.Builder{}
	fmt.Fprintf(out, "%s, %s: %s\n", h.Policy, h.Lang, quoted(h.Phrase))
	for _, s := range h.Spans {
		switch {
		case s.Until != "":
			fmt.Fprintf(out, "from %s to %s", s.Since.Effective, s.Until)
		case s.State == "upcoming" && s.Since.ID == s.Versions[len(s.Versions)-1]:
			fmt.Fprintf(out, "from %s, upcoming", s.Since.Effective)
		default:
			fmt.Fprintf(out, "since %s", s.Since.Effective)
		}
		fmt.Fprintf(out, ", in %s\n  %s\n", source.Count(len(s.Versions), "version"), s.Since.URL)
		for _, p := range s.Places[:min(len(s.Places), mostPlaces)] {
			title := p.Title
			if title == "" {
				title = "(before the first heading)"
			}
			fmt.Fprintf(out, "  in the clause %s %s", p.Clause, quoted(title))
			if len(p.Versions) < len(s.Versions) {
				fmt.Fprintf(out, " of %s", among(p.Versions))
			}
			out.WriteByte('\n')
		}
		if n := len(s.Places) - mostPlaces; n > 0 {
			fmt.Fprintf(out, "  and in %s; quote more words to tell them apart\n", source.Count(n, "other clause"))
		}
		if s.Before != nil {
			fmt.Fprintf(out, "  before, in version %s: %s\n", s.Before.Version, quoted(s.Before.Text))
		}
		if s.Gone != "" {
			fmt.Fprintf(out, "  not in version %s", s.Gone)
			if s.After != nil {
				fmt.Fprintf(out, ", which has: %s", quoted(s.After.Text))
			}
			out.WriteByte('\n')
		}
	}
	if len(h.Withdrawn) > 0 {
		fmt.Fprintf(out, "in %s, withdrawn before taking effect\n", among(h.Withdrawn))
	}
	if n := len(h.Without); n > 0 {
		fmt.Fprintf(out, "%s without a text in this language: %s\n", source.Count(n, "version"), among(h.Without))
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// Missing returns why a phrase has no history, or nil.
func (h *History) Missing() error {
	if len(h.Spans)+len(h.Withdrawn) > 0 {
		return nil
	}
	do := "quote fewer words"
	if h.Nearest != nil {
		do = fmt.Sprintf("version %s has in the clause %q: %s", h.Nearest.Version, h.Nearest.Clause,
			quoted(h.Nearest.Text))
	}
	return source.Refuse("no-passage", fmt.Sprintf("no version of %s has the words %s", h.Policy, quoted(h.Phrase)), do)
}

// among lists ids, the first and the last of many.
func among(ids []string) string {
	if len(ids) > 4 {
		return fmt.Sprintf("%s to %s (%d)", ids[0], ids[len(ids)-1], len(ids))
	}
	return strings.Join(ids, ", ")
}

// longest is how many characters of a passage are printed.
const longest = 240

func quoted(s string) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) > longest {
		return `"` + string(r[:longest]) + `…"`
	}
	return `"` + string(r) + `"`
}
