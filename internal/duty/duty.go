// Package duty has the rules of laws and contracts with deadlines: to announce a change
// some time before it takes effect, and to review a text regularly.
//
// Its two fundamental types are Notice, a rule about announcements, and Review, a rule
// about reviews. Both are tables of privgen.toml and of policy.toml. The rules of a
// policy replace those of the site.
//
// # Counting
//
// Package day counts periods: the day of the announcement does not count, and the whole
// last day does. So a version that is announced on 1 June with 15 days of notice takes
// effect on 17 June at the earliest, and one that is announced on 31 December with two
// months of notice on 1 March.
//
// A first version needs no notice: it changes nothing.
package duty

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/source"
)

// A Notice is a table of [[notice]].
type Notice struct {
	Period  string   `toml:"period,required" example:"15 days" doc:"The shortest time between the announcement of a version and the day on which it takes effect: a number of days, weeks, months, or years. 0 days means no minimum."`
	Changes string   `toml:"changes" enum:"any,material" default:"any" doc:"For which changes: any, or those whose version has material = true."`
	Kinds   []string `toml:"kinds" enum:"privacy,cookies,terms,other" doc:"For which kinds of policies; the default is all. In privgen.toml only."`
	Reason  string   `toml:"reason" doc:"Why, in a few words, for messages and reports."`
	Source  string   `toml:"source" example:"Regulation (EU) 2019/1150, Article 3(2)" doc:"The law or contract that asks for it, for messages and reports."`
}

// A Review is a table of [[review]].
type Review struct {
	Every  string   `toml:"every,required" example:"12 months" doc:"The longest time between two changes or reviews of the text: a number of days, weeks, months, or years."`
	Kinds  []string `toml:"kinds" enum:"privacy,cookies,terms,other" doc:"For which kinds of policies; the default is all. In privgen.toml only."`
	Reason string   `toml:"reason" doc:"Why, in a few words, for messages and reports."`
	Source string   `toml:"source" example:"Cal. Civ. Code 1798.130(a)(5)" doc:"The law or contract that asks for it, for messages and reports."`
}

// Rules are the rules of a site or of a policy.
type Rules struct {
	Notices []Notice
	Reviews []Review
}

// Over returns the rules of a policy. If it has none about notices or about reviews, they
// are those of its site for policies of its kind.
func (r Rules) Over(site Rules, kind string) Rules {
	other := func(kinds []string) bool { return len(kinds) > 0 && !slices.Contains(kinds, kind) }
	if len(r.Notices) == 0 {
		r.Notices = slices.DeleteFunc(slices.Clone(site.Notices), func(n Notice) bool { return other(n.Kinds) })
	}
	if len(r.Reviews) == 0 {
		r.Reviews = slices.DeleteFunc(slices.Clone(site.Reviews), func(n Review) bool { return other(n.Kinds) })
	}
	return r
}

// Check returns the problems of rules. A policy has its kind, so its rules have no
// kinds.
func (r Rules) Check(ofPolicy bool, at func(path ...string) source.Pos) (list source.Problems) {
	one := func(period string, least bool, kinds []string, path ...string) {
		if period == "" {
			return // the decoder reported it
		}
		p, err := day.ParsePeriod(period)
		switch {
		case err != nil:
			list = append(list, source.NewProblem(at(path...), "wrong-value", fmt.Sprintf("%q is not a period", period),
				fmt.Sprintf("write a number of days, weeks, months, or years: %s = \"2 months\"", path[2])))
		case least && p.IsZero():
			list = append(list, source.NewProblem(at(path...), "wrong-value", "a review cannot be due at every moment",
				"write how often: every = \"12 months\""))
		}
		if ofPolicy && len(kinds) > 0 {
			list = append(list, source.NewProblem(at(path[0], path[1], "kinds"), "wrong-value",
				"kinds has no effect here: the rule is for this policy alone",
				"remove it, or move the rule to privgen.toml"))
		}
	}
	for i, n := range r.Notices {
		one(n.Period, false, n.Kinds, "notice", strconv.Itoa(i), "period")
	}
	for i, n := range r.Reviews {
		one(n.Every, true, n.Kinds, "review", strconv.Itoa(i), "every")
	}
	return list
}

// A Term is the result of the rules about announcements for one version.
type Term struct {
	Notice            // the rule that lasts longest
	Announced day.Day // when the version is announced
	Effective day.Day // when it takes effect
	Earliest  day.Day // the first day on which it may take effect
	Latest    day.Day // the last day on which it may be announced
}

// Short reports whether the version takes effect before its notice ends.
func (t *Term) Short() bool { return t.Effective.Compare(t.Earliest) < 0 }

// Days returns the number of whole days between the announcement and the effect.
func (t *Term) Days() int { return max(0, t.Announced.Until(t.Effective)-1) }

// String returns the term for people.
func (t *Term) String() string {
	return fmt.Sprintf("announced on %s, %s of notice; the rule is %s", t.Announced, source.Count(t.Days(), "day"),
		t.Rule())
}

// Rule returns the rule for people: its period, reason, and source.
func (n *Notice) Rule() string { return n.Period + because(n.Reason, n.Source) }

// Rule returns the rule for people: its period, reason, and source.
func (r *Review) Rule() string { return "every " + r.Every + because(r.Reason, r.Source) }

// Term returns what the rules mean for a version that is announced on one day and takes
// effect on another, or nil if no rule applies to it. If the announcement is unknown, the
// zero Day, the notice is never short.
func (r Rules) Term(material bool, announced, effective day.Day) *Term {
	var t *Term
	for _, n := range r.Notices {
		p, err := day.ParsePeriod(n.Period)
		if err != nil || p.IsZero() || n.Changes == "material" && !material {
			continue
		}
		earliest, latest := p.End(announced).Add(1), p.Latest(effective)
		if t == nil {
			t = &Term{Announced: announced, Effective: effective, Latest: latest}
		}
		if t.Period == "" || earliest.Compare(t.Earliest) > 0 {
			t.Notice, t.Earliest = n, earliest
		}
		if latest.Compare(t.Latest) < 0 {
			t.Latest = latest
		}
	}
	return t
}

// A Due is when a text has to be reviewed next.
type Due struct {
	Review         // the rule that ends first
	Due    day.Day // the last day for the next review
}

// Due returns when a text that was changed or reviewed on a day has to be reviewed
// next, or nil if no rule requires it.
func (r Rules) Due(last day.Day) *Due {
	var d *Due
	for _, n := range r.Reviews {
		p, err := day.ParsePeriod(n.Every)
		if err != nil || p.IsZero() {
			continue
		}
		if end := p.End(last); d == nil || end.Compare(d.Due) < 0 {
			d = &Due{n, end}
		}
	}
	return d
}

// because returns the reason and the source of a rule in parentheses, after a space, or
// nothing.
func because(reason, src string) string {
	switch {
	case reason == "" && src == "":
		return ""
	case reason == "" || src == "":
		return " (" + reason + src + ")"
	}
	return " (" + reason + "; " + src + ")"
}
