package status

import (
	"fmt"
	"io"
	"time"

	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/release"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

// A Build is the result of a build, for people and for programs.
type Build struct {
	Output    string         `json:"output"`
	Files     int            `json:"files"`
	Written   int            `json:"written"`
	Unchanged int            `json:"unchanged"`
	Removed   int            `json:"removed"`
	Seconds   float64        `json:"seconds"`
	At        string         `json:"at"` // the instant for which the site was built
	Policies  []builtPolicy  `json:"policies"`
	Next      *Change        `json:"next"` // null if there is none
	Record    release.Status `json:"record"`
	Drafts    []string       `json:"drafts,omitempty"` // slugs of policies that have only a draft, and are not published
	Duties    []string       `json:"duties,omitempty"` // versions whose notice is too short
	Kept      []string       `json:"kept,omitempty"`
	Foreign   []string       `json:"foreign,omitempty"`
	Restored  []string       `json:"restored,omitempty"`
	// Former names that _redirects does not cover in full, because hosts limit its rules.
	Unredirected []string `json:"unredirected,omitempty"`

	Foreigners int `json:"-"` // how many there are of Foreign, which lists the first
}

type builtPolicy struct {
	Slug      string `json:"slug"`
	InForce   string `json:"in_force,omitempty"` // the version's id
	Since     string `json:"since,omitempty"`
	Upcoming  string `json:"upcoming,omitempty"`
	From      string `json:"from,omitempty"`
	Withdrawn string `json:"withdrawn,omitempty"` // the day on which the policy ended
	Versions  int    `json:"versions"`
	LeftOut   int    `json:"redlines_left_out,omitempty"` // because of the config's limit
}

// OfBuild returns the report of a build. The caller adds what the build wrote.
func OfBuild(s *site.Site, now time.Time) *Build {
	r := &Build{At: now.In(s.Config.Zone()).Format(time.RFC3339), Next: Next(s, now), Drafts: s.Library.Unpublished,
		Unredirected: pages.Unredirected(s, now), Record: release.StatusOf(s, now)}
	for _, p := range s.Ordered() {
		st := p.At(now)
		one := builtPolicy{Slug: p.Slug, Versions: len(st.Versions), LeftOut: pages.LeftOut(&s.Config.Redlines, st)}
		if st.Ended {
			one.Withdrawn = p.Settings.Withdrawn.String()
		}
		if v := st.Current(); v != nil {
			one.InForce, one.Since = v.ID, v.Effective().String()
		}
		if v := st.Upcoming(); v != nil {
			one.Upcoming, one.From = v.ID, v.Effective().String()
		}
		for i, v := range st.Versions {
			if st.State(i) != policy.Upcoming {
				continue
			}
			if short := noticeOf(s, v, now).problem(v); short != nil {
				r.Duties = append(r.Duties, short.What)
			}
		}
		r.Policies = append(r.Policies, one)
	}
	return r
}

// mostPolicies is the maximum number of policies that Print lists.
const mostPolicies = 20

// Print prints the report for people.
func (r *Build) Print(w io.Writer) {
	// Other programs may depend on the first line: do not change it.
	fmt.Fprintf(w, "built %s in %s: %d written, %d unchanged", source.Count(r.Files, "file"), r.Output,
		r.Written, r.Unchanged)
	if r.Removed > 0 {
		fmt.Fprintf(w, ", %d removed", r.Removed)
	}
	fmt.Fprintf(w, " (%.2f s)\n", r.Seconds)
	width := 0
	for _, p := range r.Policies {
		width = max(width, len(p.Slug))
	}
	for _, slug := range r.Drafts {
		width = max(width, len(slug))
	}
	for i, p := range r.Policies {
		if i == mostPolicies {
			fmt.Fprintf(w, "  and %s more\n", source.Count(len(r.Policies)-i, "policy"))
			break
		}
		fmt.Fprintf(w, "  %-*s  %s, %s%s\n", width, p.Slug, p.standing(),
			source.Count(p.Versions, "version"), p.without())
	}
	for i, slug := range r.Drafts {
		if i == mostPolicies {
			fmt.Fprintf(w, "  and %s more of which there is only a draft\n", source.Count(len(r.Drafts)-i, "policy"))
			break
		}
		fmt.Fprintf(w, "  %-*s  only a draft, not published\n", width, slug)
	}
	if len(r.Policies) == 0 && len(r.Drafts) > 0 {
		fmt.Fprintf(w, "nothing is published yet; see the drafts with: privgen serve --watch\n"+
			"publish one with: privgen release %s --effective %s\n", r.Drafts[0], r.At[:len("2026-01-31")])
	} else {
		fmt.Fprint(w, r.Record.Text())
	}
	if r.Next != nil {
		fmt.Fprintf(w, "next change: %s\n", r.Next.Sentence())
	}
	for _, d := range r.Duties {
		fmt.Fprintf(w, "short notice: %s\n", d)
	}
	List(w, "changed by somebody since privgen wrote it, and written again", r.Restored, len(r.Restored))
	List(w, "not part of the site any more, but changed by somebody, so left there", r.Kept, len(r.Kept))
	List(w, "not written by privgen, and left alone", r.Foreign, r.Foreigners)
	List(w, "former names that _redirects does not cover in full, because hosts read only 100 rules with a wildcard;\n"+
		"the pages under these names redirect to the current ones", r.Unredirected, len(r.Unredirected))
}

func (p builtPolicy) standing() string {
	s := "not in force yet"
	if p.Withdrawn != "" {
		return "withdrawn on " + p.Withdrawn
	}
	if p.InForce != "" {
		s = "in force " + p.InForce
		if p.Since != p.InForce {
			s += " since " + p.Since
		}
	}
	if p.Upcoming != "" {
		s += ", upcoming " + p.Upcoming
	}
	return s
}

// without returns how many redlines the config's limit leaves out, in words.
func (p builtPolicy) without() string {
	if p.LeftOut == 0 {
		return ""
	}
	return fmt.Sprintf(", %s left out (see limit in [redlines])", source.Count(p.LeftOut, "redline"))
}

// List prints the first of n paths below a heading, or nothing if n is 0.
func List(w io.Writer, what string, paths []string, n int) {
	if n == 0 {
		return
	}
	fmt.Fprintf(w, "%s:\n", what)
	paths = paths[:min(len(paths), 10)]
	for _, p := range paths {
		fmt.Fprintf(w, "  %s\n", p)
	}
	if n > len(paths) {
		fmt.Fprintf(w, "  and %d more\n", n-len(paths))
	}
}
