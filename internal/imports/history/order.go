package history

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/subsequence"
)

// date sets for each state the date on which it takes effect, so that the dates
// agree with the order of the states: some clocks are wrong, and some commits were
// rewritten. The largest set of dates that agree with the order is trusted. Each
// other state gets the date of the trusted state before it, or else after it.
func (c *chooser) date() {
	var have []*choice
	for _, one := range c.list {
		one.Date, one.Basis, one.Note = one.State.Day(), one.State.Basis, one.State.Note
		if c.Group.by == "tag" && !one.Released.IsZero() && one.Basis != ByFrontMatter {
			one.Date, one.Basis = day.Of(one.Released, one.Released.Location()), byTag
		}
		var before *choice
		if len(have) > 0 {
			before = have[len(have)-1]
		}
		if c.Stated && !one.stated.IsZero() || !c.Made && one.appliesFrom(before) {
			one.Note = ""
			if !c.Stated {
				one.Note = fmt.Sprintf("the %s is %s", one.Basis, one.Date)
				one.stated = one.applies
			}
			one.Date, one.Basis = one.stated, ByText
		}
		if one.Date.IsZero() {
			c.leaveOut(one, noDate, "")
			continue
		}
		have = append(have, one)
	}
	c.list = have
	days := make([]day.Day, len(have))
	for i, one := range have {
		days[i] = one.Date
		if !c.Now.IsZero() && one.Date.Compare(day.Of(c.Now, time.UTC).Add(366)) > 0 || one.Date.Year < 1985 {
			days[i] = day.Day{} // a clock that was wrong
		}
	}
	trusted := ascending(days)
	if len(trusted) == 0 {
		c.filter(func([]*choice, int) (int, Reason, string) { return 1, noDate, "" })
		return
	}
	for i, one := range have {
		at, ok := slices.BinarySearch(trusted, i)
		if ok {
			continue
		}
		near := have[trusted[max(at-1, 0)]]
		note := fmt.Sprintf("%s; its own, %s (%s), does not fit the order", one.Note, one.Date, one.Basis)
		one.Note = strings.TrimPrefix(note, "; ")
		one.Date, one.Basis = near.Date, byNeighbor
	}
	straighten(have)
}

// appliesFrom reports whether a state takes effect on the date that its text states,
// and not on that of its commit or snapshot. A text may be published before it takes
// effect. A date in the past counts only for the first text that states it: readers
// could not know a later change before its commit.
func (c *choice) appliesFrom(before *choice) bool {
	if c.applies.IsZero() || c.Date.IsZero() || c.Basis == ByFrontMatter || c.Basis == ByText || c.Dated {
		return false
	}
	if late := c.applies.Compare(c.Date); late >= 0 {
		return late > 0 && c.applies.Compare(c.Date.Add(400)) <= 0
	}
	return before == nil || before.applies != c.applies && before.Date.Compare(c.applies) <= 0
}

// straighten makes the instants of states agree with their order, so that the
// time that each lasted can be measured.
func straighten(list []*choice) {
	days := make([]day.Day, len(list))
	for i, c := range list {
		days[i] = day.Of(c.instant, time.UTC)
	}
	trusted := ascending(days)
	for i, c := range list {
		if at, ok := slices.BinarySearch(trusted, i); !ok {
			c.instant = list[trusted[max(at-1, 0)]].instant
		}
		if i > 0 && c.instant.Before(list[i-1].instant) {
			c.instant = list[i-1].instant
		}
	}
}

// ascending returns the indices of a longest non-decreasing subsequence of days.
// Zero days are skipped.
func ascending(days []day.Day) []int {
	var known []int
	for i, d := range days {
		if !d.IsZero() {
			known = append(known, i)
		}
	}
	return subsequence.Longest(known, func(a, b int) int { return days[a].Compare(days[b]) })
}
