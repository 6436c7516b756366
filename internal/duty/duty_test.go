package duty_test

import (
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/duty"
	"github.com/privgen/privgen/internal/source"
)

func parse(t *testing.T, s string) day.Day {
	t.Helper()
	if s == "" {
		return day.Day{}
	}
	d, err := day.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The notices of the laws that the manual names, counted by hand.
func TestTerm(t *testing.T) {
	t.Parallel()
	p2b := duty.Notice{Period: "15 days", Source: "P2B"}
	psd2 := duty.Notice{Period: "2 months", Changes: "material", Reason: "payment users", Source: "PSD2"}
	for name, c := range map[string]struct {
		rules                []duty.Notice
		material             bool
		announced, effective string
		want                 string // the sentence; "" if no rule is about it
		short                bool
		earliest, latest     string
	}{
		"no rules":                              {nil, true, "2026-06-01", "2026-06-02", "", false, "", ""},
		"15 days are over":                      {[]duty.Notice{p2b}, false, "2026-06-01", "2026-06-17", "announced on 2026-06-01, 15 days of notice; the rule is 15 days (P2B)", false, "2026-06-17", "2026-06-01"},
		"a day too early":                       {[]duty.Notice{p2b}, false, "2026-06-01", "2026-06-16", "announced on 2026-06-01, 14 days of notice; the rule is 15 days (P2B)", true, "2026-06-17", "2026-05-31"},
		"on the day itself":                     {[]duty.Notice{p2b}, false, "2026-06-16", "2026-06-16", "announced on 2026-06-16, 0 days of notice; the rule is 15 days (P2B)", true, "2026-07-02", "2026-05-31"},
		"not material":                          {[]duty.Notice{psd2}, false, "2026-06-01", "2026-06-02", "", false, "", ""},
		"two months are over":                   {[]duty.Notice{psd2}, true, "2025-12-31", "2026-03-01", "announced on 2025-12-31, 59 days of notice; the rule is 2 months (payment users; PSD2)", false, "2026-03-01", "2025-12-31"},
		"two months, a day short":               {[]duty.Notice{psd2}, true, "2026-01-01", "2026-03-01", "announced on 2026-01-01, 58 days of notice; the rule is 2 months (payment users; PSD2)", true, "2026-03-02", "2025-12-31"},
		"the longer of two":                     {[]duty.Notice{p2b, psd2}, true, "2026-06-01", "2026-08-02", "announced on 2026-06-01, 61 days of notice; the rule is 2 months (payment users; PSD2)", false, "2026-08-02", "2026-06-01"},
		"only one of two is about it":           {[]duty.Notice{p2b, psd2}, false, "2026-06-01", "2026-08-02", "announced on 2026-06-01, 61 days of notice; the rule is 15 days (P2B)", false, "2026-06-17", "2026-07-17"},
		"30 days are longer than a short month": {[]duty.Notice{{Period: "1 month"}, {Period: "30 days"}}, false, "2026-02-01", "2026-03-03", "announced on 2026-02-01, 29 days of notice; the rule is 30 days", true, "2026-03-04", "2026-01-31"},
		"no minimum":                            {[]duty.Notice{{Period: "0 days"}}, true, "2026-06-01", "2026-06-01", "", false, "", ""},
		"not known when":                        {[]duty.Notice{p2b}, false, "", "2026-06-17", "-", false, "-", "2026-06-01"},
	} {
		term := duty.Rules{Notices: c.rules}.Term(c.material, parse(t, c.announced), parse(t, c.effective))
		if term == nil || c.want == "" {
			if term != nil || c.want != "" {
				t.Errorf("%s: have %+v, want %q", name, term, c.want)
			}
			continue
		}
		if c.announced != "" && (term.String() != c.want || term.Earliest.String() != c.earliest) {
			t.Errorf("%s: have %q, earliest %s", name, term, term.Earliest)
		}
		if term.Short() != c.short || term.Latest.String() != c.latest {
			t.Errorf("%s: short %t, latest %s", name, term.Short(), term.Latest)
		}
	}
}

func TestDue(t *testing.T) {
	t.Parallel()
	yearly, monthly := duty.Review{Every: "12 months", Source: "CCPA"}, duty.Review{Every: "1 month"}
	for _, c := range []struct {
		rules     []duty.Review
		last, due string
	}{
		{nil, "2026-01-01", ""},
		{[]duty.Review{yearly}, "2026-01-15", "2027-01-15"},
		{[]duty.Review{yearly}, "2024-02-29", "2025-02-28"},
		{[]duty.Review{yearly, monthly}, "2026-01-31", "2026-02-28"},
	} {
		d := duty.Rules{Reviews: c.rules}.Due(parse(t, c.last))
		if d == nil || c.due == "" {
			if d != nil || c.due != "" {
				t.Errorf("%s: have %+v", c.last, d)
			}
			continue
		}
		if d.Due.String() != c.due {
			t.Errorf("%s: due %s, want %s", c.last, d.Due, c.due)
		}
	}
}

// A policy's rules replace those of its site, which can be for some kinds.
func TestOver(t *testing.T) {
	t.Parallel()
	site := duty.Rules{
		Notices: []duty.Notice{{Period: "15 days", Kinds: []string{"terms"}}, {Period: "1 day"}},
		Reviews: []duty.Review{{Every: "1 year", Kinds: []string{"privacy"}}},
	}
	for _, c := range []struct {
		own              duty.Rules
		kind             string
		notices, reviews int
		first            string
	}{
		{duty.Rules{}, "terms", 2, 0, "15 days"},
		{duty.Rules{}, "privacy", 1, 1, "1 day"},
		{duty.Rules{Notices: []duty.Notice{{Period: "0 days"}}}, "terms", 1, 0, "0 days"},
	} {
		r := c.own.Over(site, c.kind)
		if len(r.Notices) != c.notices || len(r.Reviews) != c.reviews || r.Notices[0].Period != c.first {
			t.Errorf("%s: have %+v", c.kind, r)
		}
	}
	if len(site.Notices) != 2 {
		t.Error("the rules of the site were changed")
	}
}

// A rule must have a period, and a rule of a policy no kinds.
func TestCheck(t *testing.T) {
	t.Parallel()
	notice := func(period string, kinds ...string) duty.Rules {
		return duty.Rules{Notices: []duty.Notice{{Period: period, Kinds: kinds}}}
	}
	review := func(every string, kinds ...string) duty.Rules {
		return duty.Rules{Reviews: []duty.Review{{Every: every, Kinds: kinds}}}
	}
	for _, c := range []struct {
		rules    duty.Rules
		ofPolicy bool
		want     string // "" without a problem
	}{
		{notice("0 days", "terms"), false, ""},
		{notice("soon"), false, `notice.0.period: "soon" is not a period; write a number of days, weeks, months, or years: period = "2 months"`},
		{notice(""), false, ""}, // the decoder reports it
		{notice("15 days", "terms"), true, "notice.0.kinds: kinds has no effect here: the rule is for this policy alone; remove it, or move the rule to privgen.toml"},
		{review("12 months", "terms"), false, ""},
		{review("0 days"), false, `review.0.every: a review cannot be due at every moment; write how often: every = "12 months"`},
		{review("often"), true, `review.0.every: "often" is not a period; write a number of days, weeks, months, or years: every = "2 months"`},
	} {
		at := func(path ...string) source.Pos { return source.In(strings.Join(path, ".")) }
		have := ""
		for _, p := range c.rules.Check(c.ofPolicy, at) {
			have += p.File + ": " + p.What + "; " + p.Do
		}
		if have != c.want {
			t.Errorf("%+v:\nhave %s\nwant %s", c.rules, have, c.want)
		}
	}
}

func TestRuleOfReview(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]duty.Review{
		"every 1 year":                    {Every: "1 year"},
		"every 1 year (California)":       {Every: "1 year", Reason: "California"},
		"every 1 year (California; CCPA)": {Every: "1 year", Reason: "California", Source: "CCPA"},
		"every 6 months (CCPA 1798.130)":  {Every: "6 months", Source: "CCPA 1798.130"},
	} {
		if have := r.Rule(); have != want {
			t.Errorf("have %q, want %q", have, want)
		}
	}
}
