package status

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/duty"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/release"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

// A Notice compares the notice of an upcoming version, or of a draft with a day, with
// the rules.
type Notice struct {
	Announced  string `json:"announced,omitempty"` // the day, if it is known; of a draft today
	Days       int    `json:"days"`                // whole days from then until it takes effect
	Period     string `json:"period"`              // of the rule that lasts longest
	Reason     string `json:"reason,omitempty"`    // of the rule
	Source     string `json:"source,omitempty"`    // of the rule
	AnnounceBy string `json:"announce_by"`         // the last day for the announcement
	Earliest   string `json:"earliest,omitempty"`  // the first day on which it may take effect
	Short      bool   `json:"short"`               // it takes effect before that day
	Exception  string `json:"exception,omitempty"` // why, as recorded in the lock file

	term     *duty.Term
	recorded bool
}

// noticeOf returns the notice of a version, or nil if no rule applies to it.
func noticeOf(s *site.Site, v *policy.Version, now time.Time) *Notice {
	var today day.Day
	if v.IsDraft() {
		today = day.Of(now, s.Config.Zone())
	}
	t, e := release.TermOf(s, v, today)
	if t == nil {
		return nil
	}
	n := &Notice{Announced: t.Announced.String(), Period: t.Period, Reason: t.Reason, Source: t.Source,
		AnnounceBy: t.Latest.String(), Short: t.Short(), term: t, recorded: e != nil}
	if n.Announced != "" {
		n.Days, n.Earliest = t.Days(), t.Earliest.String()
	}
	if n.recorded {
		n.Exception = e.Reason
	}
	return n
}

// required returns the whole days of notice that the rules require, or 0.
func (n *Notice) required() int {
	if n == nil {
		return 0
	}
	return n.term.Latest.Until(n.term.Effective) - 1
}

// String returns the notice for people.
func (n *Notice) String() string {
	switch {
	case n.Announced == "":
		return fmt.Sprintf("announce it by %s; the rule is %s; privgen lock records the day", n.AnnounceBy,
			n.term.Notice.Rule())
	case n.Short && n.Exception != "":
		return n.term.String() + "; there is less because: " + n.Exception
	case n.Short:
		return n.term.String() + "; the earliest day is " + n.Earliest
	}
	return n.term.String()
}

// ofDraft returns the notice of a draft for people.
func (n *Notice) ofDraft() string {
	if n.Short {
		return fmt.Sprintf("the last day to announce what takes effect on %s was %s; "+
			"the earliest day is now %s; the rule is %s", n.term.Effective, n.AnnounceBy, n.Earliest,
			n.term.Notice.Rule())
	}
	return fmt.Sprintf("announce by %s what takes effect on %s; the rule is %s", n.AnnounceBy, n.term.Effective,
		n.term.Notice.Rule())
}

// problem returns a problem if the notice is too short and no reason was recorded.
func (n *Notice) problem(v *policy.Version) *source.Problem {
	if n == nil || !n.Short || n.Exception != "" {
		return nil
	}
	file := v.Authoritative().File
	do := "withdraw it with withdrawn = DAY in its front matter, and release the text for " + n.Earliest + " or later"
	if !n.recorded {
		do = "let it take effect on " + n.Earliest + " or later; if it must be sooner, record why: " +
			"privgen lock --reason \"...\""
	}
	return source.NewProblem(source.In(file), "short-notice",
		fmt.Sprintf("%s %s takes effect on %s, and was announced on %s; the notice of %s ends on %s", v.Policy.Slug,
			v.ID, n.term.Effective, n.Announced, n.term.Notice.Rule(), n.term.Earliest.Add(-1)), do)
}

// A Review is when a policy has to be reviewed next.
type Review struct {
	Last   string `json:"last"` // when the text was changed or reviewed last
	Due    string `json:"due"`  // the last day for the next review
	Days   int    `json:"days"` // until then; negative if it has passed
	Every  string `json:"every"`
	Reason string `json:"reason,omitempty"` // of the rule
	Source string `json:"source,omitempty"` // of the rule

	due *duty.Due
}

// reviewOf returns when a policy has to be reviewed next, or nil if no rule requires a
// review or no version is in force.
func reviewOf(s *site.Site, p *policy.Policy, now time.Time) *Review {
	st, zone := p.At(now), s.Config.Zone()
	if st.Current() == nil || st.Ended {
		return nil
	}
	today, last := day.Of(now, zone), day.Day{}
	for _, v := range st.Versions {
		for _, d := range []day.Day{v.Updated(zone), v.FrontMatter.Reviewed} {
			if d.Compare(last) > 0 && d.Compare(today) <= 0 {
				last = d
			}
		}
	}
	d := s.Duties(p).Due(last)
	if d == nil {
		return nil
	}
	return &Review{last.String(), d.Due.String(), today.Until(d.Due), d.Every, d.Reason, d.Source, d}
}

// String returns the review for people.
func (r *Review) String() string {
	is := "is"
	if r.Days < 0 {
		is = "was"
	}
	return fmt.Sprintf("changed or reviewed last on %s; the next review %s due by %s; the rule is %s", r.Last, is,
		r.Due, r.due.Rule())
}

// soon is the number of days before its due date from which a review is a finding.
const soon = 30

// problem returns a problem if a review is due soon.
func (r *Review) problem(v *policy.Version) *source.Problem {
	if r == nil || r.Days > soon {
		return nil
	}
	file := v.Authoritative().File
	return source.NewProblem(source.In(file), "review-due", v.Policy.Slug+" was "+r.String(),
		"release a new version; if nothing has to change, write the day of the review in the front matter of "+file+
			":\nreviewed = 2026-01-31\nand record it: privgen lock")
}

// parallel returns a problem if the newest version was written without another version,
// on another branch or before it, and so undoes its changes. A past version that was
// recorded later is history, and not a finding.
func (o *observer) parallel() *source.Problem {
	v, r := o.p.Newest(), o.site.Record()
	if v == nil || r == nil || r.Old() || r.Find(v.Authoritative()) == nil {
		return nil
	}
	e := r.Find(v.Authoritative())
	confirms, has, zone := e.Confirms(r), e.Clauses(), o.site.Config.Zone()
	var before []record.Print
	for _, w := range o.p.Versions {
		other := r.Find(w.Authoritative())
		if w == v || other == nil || !w.Withdrawn.IsZero() {
			continue
		}
		now := other.Clauses()
		lacks := func(c record.Print) bool { return !slices.Contains(before, c) && !slices.Contains(has, c) }
		back := func(c record.Print) bool { return !slices.Contains(now, c) && slices.Contains(has, c) }
		undone := slices.ContainsFunc(now, lacks) || slices.ContainsFunc(before, back)
		before = now
		if !undone || confirms(other) {
			continue
		}
		do := ""
		if e.Last(r) {
			do = fmt.Sprintf("\nif nobody has deployed %s, delete its file and its line in %s instead, "+
				"and release it again", v.ID, record.File)
		} else if other.Confirms(r)(e) && (other.On.IsZero() || other.On.Compare(w.Effective().In(zone)) > 0) {
			continue
		}
		return source.NewProblem(source.In(v.Authoritative().File), "parallel-release",
			fmt.Sprintf("%s %s was released without %s, and undoes what that version changed", o.p.Slug,
				v.ID, w.ID),
			fmt.Sprintf("see what: privgen redline %s %s..%s\nrelease another version, with both changes, "+
				"for %s or later%s", o.p.Slug, w.ID, v.ID, v.Effective().In(zone), do))
	}
	return nil
}

// A Duty is a task with the day by which it has to be done.
type Duty struct {
	By, Policy, What string
}

// Duties returns the notices and reviews that are due, sorted by day: notices of drafts
// with a day and of upcoming versions that were not announced before today, and reviews
// of policies in force.
func Duties(s *site.Site, now time.Time) (list []Duty) {
	today := day.Of(now, s.Config.Zone())
	for _, p := range s.Ordered() {
		if n := draftNotice(s, p, now); n != nil {
			what := n.ofDraft()
			if !n.Short {
				what = fmt.Sprintf("announce the draft, which takes effect on %s; the rule is %s", n.term.Effective,
					n.term.Notice.Rule())
			}
			list = append(list, Duty{n.AnnounceBy, p.Slug, what})
		}
		st := p.At(now)
		for i, v := range st.Versions {
			n := noticeOf(s, v, now)
			if n == nil || st.State(i) != policy.Upcoming {
				continue
			}
			if n.Announced == "" || n.term.Announced.Compare(today) >= 0 {
				list = append(list, Duty{n.AnnounceBy, p.Slug, fmt.Sprintf(
					"announce version %s, which takes effect on %s; the rule is %s", v.ID, n.term.Effective,
					n.term.Notice.Rule())})
			}
		}
		if r := reviewOf(s, p, now); r != nil {
			list = append(list, Duty{r.Due, p.Slug, r.String()})
		}
	}
	slices.SortStableFunc(list, func(a, b Duty) int { return cmp.Compare(a.By, b.By) })
	return list
}

// draftNotice returns the notice of a policy's draft if it were released today, or nil.
func draftNotice(s *site.Site, p *policy.Policy, now time.Time) *Notice {
	if p.Draft == nil {
		return nil
	}
	return noticeOf(s, p.Draft, now)
}
