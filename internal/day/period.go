package day

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Period is a number of days, weeks, months, or years, as a law or a contract
// writes it. The zero Period has no length.
//
// Periods are counted as Regulation (EEC, Euratom) No 1182/71, Article 3, counts
// them: the day of the event does not count; a period in months or years ends with
// the day of the same number, or with the last day of a month that has no such day.
// One month from 31 January ends with 28 or 29 February.
type Period struct{ days, months int }

// periodUnits are the units of periods.
var periodUnits = map[string]Period{"day": {days: 1}, "week": {days: 7}, "month": {months: 1}, "year": {months: 12}}

// mostUnits is the maximum number of units in a period, more than a century of days.
const mostUnits = 40_000

// ParsePeriod parses a period: "15 days", "1 month".
func ParsePeriod(s string) (Period, error) {
	number, unit, _ := strings.Cut(s, " ")
	n, err := strconv.Atoi(number)
	one, known := periodUnits[strings.TrimSuffix(unit, "s")]
	if err != nil || !known || n < 0 || n > mostUnits || strconv.Itoa(n) != number {
		return Period{}, fmt.Errorf("%q is not a period; write a number of days, weeks, months, or years: 2 months", s)
	}
	return Period{n * one.days, n * one.months}, nil
}

// IsZero reports whether the period has no length.
func (p Period) IsZero() bool { return p == Period{} }

// End returns the last day of a period that begins with an event on day d. Anything that
// must wait for its end can happen on the day after.
func (p Period) End(d Day) Day { return d.addMonths(p.months).Add(p.days) }

// Latest returns the last day for an event whose period must end before a day.
func (p Period) Latest(before Day) Day {
	d := Period{-p.days, -p.months}.End(before.Add(-1))
	for p.End(d).Compare(before) >= 0 {
		d = d.Add(-1)
	}
	for p.End(d.Add(1)).Compare(before) < 0 {
		d = d.Add(1) // several days at the end of a month have one end
	}
	return d
}

// addMonths returns the day of the same number n months later, or the last day of a
// month that has no such day.
func (d Day) addMonths(n int) Day {
	y, m, _ := time.Date(d.Year, d.Month+time.Month(n), 1, 12, 0, 0, 0, time.UTC).Date()
	return Day{y, m, min(d.Dom, DaysIn(y, m))}
}
