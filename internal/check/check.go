// Package check finds what a site's authors should look at before they publish.
//
// Its two fundamental types are Finding, one thing to look at, with a position and
// a fix, and Report, all findings of a site, for people, as JSON, and as SARIF.
//
// What a build refuses is an error, with the problem's code as its rule. The other
// rules are few, and each was tried on some thousands of published policies: a
// finding is a fact about the text, not an opinion about its style. So there is no
// rule for long sentences: laws ask for clear language (GDPR, article 12), but no
// number of words is a legal or technical standard.
package check

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/status"
	"github.com/privgen/privgen/internal/tree"
)

// A Severity is how much a finding matters. The names are those of SARIF.
type Severity string

const (
	Error   Severity = "error"   // a build refuses it
	Warning Severity = "warning" // readers get something wrong
	Note    Severity = "note"    // worth knowing
)

// rank returns the place of a severity, the most serious first.
func (s Severity) rank() int { return slices.Index([]Severity{Error, Warning, Note}, s) }

// A Finding is something to look at. It is a problem with a severity.
type Finding struct {
	Rule     string   `json:"rule"`
	Severity Severity `json:"severity"`
	source.Pos
	What string `json:"what"`
	Do   string `json:"do"`
}

// A Report is what was found in a site, sorted by severity and position.
type Report struct {
	Findings []Finding `json:"findings"`
	Errors   int       `json:"errors"`
	Warnings int       `json:"warnings"`
	Notes    int       `json:"notes"`
}

// NewReport returns a report of findings. Each is listed once.
func NewReport(list []Finding) *Report {
	slices.SortStableFunc(list, func(a, b Finding) int {
		return cmp.Or(a.Severity.rank()-b.Severity.rank(), cmp.Compare(a.File, b.File), a.Line-b.Line, a.Col-b.Col,
			cmp.Compare(a.What, b.What))
	})
	r := &Report{Findings: slices.Compact(list)}
	if r.Findings == nil {
		r.Findings = []Finding{}
	}
	for _, f := range r.Findings {
		switch f.Severity {
		case Error:
			r.Errors++
		case Warning:
			r.Warnings++
		default:
			r.Notes++
		}
	}
	return r
}

// Fails reports whether a report has a finding of a severity, or a more serious one.
func (r *Report) Fails(on Severity) bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Severity.rank() <= on.rank() })
}

// Print prints the findings for people. A site's problems look as in a build.
func (r *Report) Print(w io.Writer) {
	for _, f := range r.Findings {
		p := source.Problem{Code: f.Rule, Pos: f.Pos, What: fmt.Sprintf("%s: %s [%s]", f.Severity, f.What, f.Rule),
			Do: f.Do}
		fmt.Fprintln(w, p.String())
	}
	if len(r.Findings) > 0 {
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "%s, %s, %s\n", source.Count(r.Errors, "error"), source.Count(r.Warnings, "warning"),
		source.Count(r.Notes, "note"))
}

// OfProblems returns problems as findings of a severity.
func OfProblems(list source.Problems, s Severity) (out []Finding) {
	for _, p := range list.Sort() {
		out = append(out, Finding{p.Code, s, p.Pos, p.What, p.Do})
	}
	return out
}

// OfPages renders every page of a site and returns the problems of its templates and
// texts. Each calls a function for numbers below n, see site.Input. It returns an error
// if a file cannot be read.
func OfPages(t tree.Tree, each func(n int, do func(i int))) (source.Problems, error) {
	found := make([]error, len(t))
	each(len(t), func(i int) {
		var b bytes.Buffer
		found[i] = t[i].Render(&b)
	})
	var list source.Problems
	for _, err := range found {
		if err == nil {
			continue
		}
		p := source.ProblemOf(err)
		if p == nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list.OncePerPlace(), nil
}

// OfStatus returns what the status of a site has to look at: the problems of drafts,
// placeholders, dead links, and translations.
func OfStatus(r *status.Report) (out []Finding) {
	for _, p := range r.Policies {
		for _, o := range p.Open {
			s := Warning
			if !strings.HasPrefix(path.Base(o.File), "draft.") {
				s = Note // the dead link is allowed
			}
			out = append(out, Finding{o.Code, s, o.Pos, o.What, o.Do})
		}
		for _, d := range p.Duties {
			s := Warning
			if d.Code == "review-due" && p.Review.Days >= 0 {
				s = Note // there is time
			}
			out = append(out, Finding{d.Code, s, d.Pos, d.What, d.Do})
		}
		for _, t := range p.Translations {
			for _, d := range t.Differences {
				out = append(out, Finding{"out-of-step", Warning, d.Pos, d.What,
					"change the translation, or the original; if both are right, write them alike"})
			}
		}
		for _, file := range p.Unrecorded {
			out = append(out, Finding{"not-locked", Note, source.In(file), "the text is not in the lock file",
				"record it: privgen lock " + p.Slug})
		}
	}
	return out
}
