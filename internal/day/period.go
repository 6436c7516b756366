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
type Period struct {
	n    int
	unit string // day, week, month, year
}

// periodUnits are the units of periods.
var periodUnits = []string{"day", "week", "month", "year"}

// mostUnits is how many units a period has at most; a century of days is fewer.
const mostUnits = 40_000

// ParsePeriod parses a period in the format of Period.String: "15 days", "1 month".
func ParsePeriod(s string) (Period, error) {
	number, unit, _ := strings.Cut(s, " ")
	n, err := strconv.Atoi(number)
	for _, u := range periodUnits {
		if err == nil && n >= 0 && n <= mostUnits && (unit == u || unit == u+"s") && strconv.Itoa(n) == number {
			return Period{n, u}, nil
		}
	}
	return Period{}, fmt.Errorf("%q is not a period; write a number of days, weeks, months, or years: 2 months", s)
}

// String returns the period in English, as ParsePeriod parses it.
func (p Period) String() string {
	if p.n == 1 {
		return "1 " + p.unit
	}
	return fmt.Sprintf("%d %ss", p.n, p.unit)
}

// IsZero reports whether the period has no length.
func (p Period) IsZero() bool { return p.n == 0 }

// End returns the last day of a period that begins with an event on a day. What has to
// wait for its end can happen on the day after.
func (p Period) End(d Day) Day {
	switch p.unit {
	case "week":
		return d.Add(7 * p.n)
	case "month":
		return d.addMonths(p.n)
	case "year":
		return d.addMonths(12 * p.n)
	}
	return d.Add(p.n)
}

// Latest returns the last day for an event whose period must end before a day.
func (p Period) Latest(before Day) Day {
	q := p
	q.n = -q.n
	d := q.End(before.Add(-1))
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
