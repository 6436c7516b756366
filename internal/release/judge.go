package release

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/duty"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

// This file finds links to clauses that a release would break, and notice periods that
// are too short.

// carried returns the aliases of a text t, whose body is now, and those of the text
// before it that still have a target, so that old links work although the draft omits
// them. They include the former ids of its headings. old is the body of the text before,
// or nil.
func carried(before *policy.Text, old *markdown.Body, t *policy.Text, now *markdown.Body) map[string]string {
	out := map[string]string{}
	maps.Copy(out, t.FrontMatter.Aliases)
	if old == nil {
		return out
	}
	earlier := map[string]string{}
	for id, to := range old.Former() {
		if now.Former()[id] == "" {
			earlier[id] = to
		}
	}
	maps.Copy(earlier, before.FrontMatter.Aliases)
	for alias, to := range earlier {
		if _, own := out[alias]; own || now.IDs()[alias] || slices.Contains(t.FrontMatter.Removed, alias) {
			continue
		}
		if moved := t.FrontMatter.Aliases[to]; moved != "" {
			to = moved
		}
		if now.IDs()[to] {
			out[alias] = to
		}
	}
	return out
}

// goneClauses returns a problem if the text after lacks ids of clauses of the text
// before and its front matter does not mention them. The fix proposes new targets.
func goneClauses(s *site.Site, before, after *policy.Text) (source.Problems, error) {
	old, err := s.Library.Body(before)
	if err != nil {
		return nil, err
	}
	now, err := s.Library.Body(after)
	if err != nil {
		return nil, err
	}
	gone := lostIDs(before, old, after, now)
	if len(gone) == 0 {
		return nil, nil
	}
	what := fmt.Sprintf("links to %d clauses of %s would break: #%s",
		len(gone), before.Version.ID, strings.Join(gone[:min(len(gone), 8)], " #"))
	if len(gone) == 1 {
		what = fmt.Sprintf("links to a clause of %s would break: #%s", before.Version.ID, gone[0])
	}
	return source.Problems{source.NewProblem(source.In(after.File), "gone-clause", what,
		"write in the front matter of "+after.File+":"+mention(gone, old, now))}, nil
}

// lostIDs returns the ids and aliases of the text before that have no target in the text
// after and that its front matter does not mention.
func lostIDs(before *policy.Text, old *markdown.Body, after *policy.Text, now *markdown.Body) []string {
	var ids []string
	for _, c := range old.Clauses() {
		ids = append(ids, c.ID)
	}
	ids = append(ids, slices.Sorted(maps.Keys(before.FrontMatter.Aliases))...)
	aliases := carried(before, old, after, now)
	return slices.DeleteFunc(ids, func(id string) bool {
		return id == "" || now.IDs()[id] || aliases[id] != "" || slices.Contains(after.FrontMatter.Removed, id)
	})
}

// mention returns lines of front matter that mention the ids of missing clauses.
func mention(gone []string, old, now *markdown.Body) string {
	became := map[string]string{}
	for _, c := range redline.Compare(old, now).Clauses {
		if c.OldID != "" && c.ID != "" && c.OldID != c.ID && !c.State.Has(redline.Removed) {
			became[c.OldID] = c.ID
		}
	}
	if title := ownTitle(old); title != "" && title == gone[0] && ownTitle(now) != "" {
		became[title] = ownTitle(now)
	}
	var renamed, removed []string
	for _, id := range gone {
		if to := became[id]; to != "" {
			renamed = append(renamed, fmt.Sprintf("%q = %q", id, to))
		} else {
			removed = append(removed, fmt.Sprintf("%q", id))
		}
	}
	lines := ""
	if len(removed) > 0 {
		lines = "\nremoved_clauses = [" + strings.Join(removed, ", ") + "]"
	}
	if len(renamed) > 0 {
		return lines + "\n[aliases]\n" + strings.Join(renamed, "\n")
	}
	return lines + "\nor, if another clause replaces it: [aliases] and \"old-id\" = \"new-id\""
}

// ownTitle returns the id of the heading that is a text's title, or "".
func ownTitle(b *markdown.Body) string {
	if b.Title() != "" {
		for _, c := range b.Clauses() {
			if c.Level > 0 {
				return c.ID
			}
		}
	}
	return ""
}

// shortNotice returns a problem if a version takes effect before its notice ends, or nil.
func shortNotice(p *policy.Policy, at source.Pos, term *duty.Term) *source.Problem {
	if term == nil || !term.Short() {
		return nil
	}
	return source.NewProblem(at, "short-notice",
		fmt.Sprintf("%s takes effect on %s, and is announced on %s; the notice of %s ends on %s", p.Slug,
			term.Effective, term.Announced, term.Notice.Rule(), term.Earliest.Add(-1)),
		fmt.Sprintf("choose %s or later; if it must be sooner, record why: --reason \"...\"", term.Earliest))
}

// TermOf returns what the rules about notices mean for a version, and its entry in the
// lock file, if it has one. The version is announced on its day of publication, or else
// on the day on which it was recorded, or else on the day that is passed. The term is
// nil if no rule is about the version. Both are nil if it has no date or is the first.
func TermOf(s *site.Site, v *policy.Version, announced day.Day) (*duty.Term, *record.Entry) {
	if v.Effective().IsZero() || !slices.ContainsFunc(v.Policy.Versions, func(w *policy.Version) bool {
		return w != v && w.Withdrawn.IsZero() && (v.IsDraft() || w.Begin.Before(v.Begin))
	}) {
		return nil, nil
	}
	var e *record.Entry
	if !v.IsDraft() {
		if e = s.Record().Find(v.Authoritative()); e != nil && !e.On.IsZero() {
			announced = e.On
		}
	}
	zone := s.Config.Zone()
	if p := v.FrontMatter.Published; !p.IsZero() {
		announced = p.In(zone)
	}
	return s.Duties(v.Policy).Term(v.FrontMatter.Material, announced, v.Effective().In(zone)), e
}
