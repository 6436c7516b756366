// Package day has calendar days and the instants at which they begin.
//
// Its two fundamental types are Day, a calendar day without a time zone, and
// Date, a date as an author writes it in a file: either a day, which begins in
// the site's time zone, or an instant with an offset.
//
// # When a day begins
//
// A day begins at the earliest instant whose civil date in the zone is that
// day. This is not always midnight: where daylight saving starts at midnight
// the day begins at one o'clock, and a few days do not exist at all (30
// December 2011 in Apia). Package time alone gets this wrong, since time.Date
// picks either side of a gap; see Day.Start.
package day

import (
	"cmp"
	"fmt"
	"time"
)

// A Day is a day of the Gregorian calendar. The zero Day means no day.
type Day struct {
	Year  int
	Month time.Month
	Dom   int // day of the month, from 1
}

// Parse parses a day in the format of RFC 3339, 2006-01-02. It rejects days
// that do not exist.
func Parse(s string) (Day, error) {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return Of(t, time.UTC), nil
	}
	var d Day
	_, err := fmt.Sscanf(s, "%d-%d-%d", &d.Year, (*int)(&d.Month), &d.Dom)
	switch {
	case err != nil || len(s) != 10 || min(d.Year, int(d.Month), d.Dom) < 0 || d.String() != s:
		return Day{}, fmt.Errorf("%q is not a date; write it as 2026-01-31", s)
	case d.Month < 1 || d.Month > 12:
		return Day{}, fmt.Errorf("%s has no month %d; months go from 01 to 12", s[:4], d.Month)
	}
	return Day{}, fmt.Errorf("%v %d has %d days", d.Month, d.Year, DaysIn(d.Year, d.Month))
}

// DaysIn returns the number of days of a month.
func DaysIn(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// Of returns the civil day of an instant in a zone.
func Of(t time.Time, zone *time.Location) Day {
	y, m, d := t.In(zone).Date()
	return Day{y, m, d}
}

// String returns the day in the format of RFC 3339, or "" for the zero Day.
func (d Day) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Dom)
}

// IsZero reports whether d is the zero Day.
func (d Day) IsZero() bool { return d == Day{} }

// Compare returns -1 if d is before e, 0 if they are the same, and 1 if d is
// after e.
func (d Day) Compare(e Day) int { return cmp.Compare(d.number(), e.number()) }

func (d Day) number() int { return d.Year*10000 + int(d.Month)*100 + d.Dom }

// Add returns the day n days later, or earlier if n is negative.
func (d Day) Add(n int) Day {
	y, m, dom := time.Date(d.Year, d.Month, d.Dom+n, 12, 0, 0, 0, time.UTC).Date()
	return Day{y, m, dom}
}

// Until returns the number of days from d to e.
func (d Day) Until(e Day) int {
	noon := func(d Day) time.Time { return time.Date(d.Year, d.Month, d.Dom, 12, 0, 0, 0, time.UTC) }
	return int(noon(e).Sub(noon(d)).Hours() / 24)
}

// Start returns the instant at which the day begins in a zone: the earliest one
// whose civil date there is d. It reports false for a day that the zone
// skipped.
//
// The candidates are midnight by each offset in use around that day, and each
// change of offset. The earliest that falls on the day is the result.
func (d Day) Start(zone *time.Location) (time.Time, bool) {
	midnight := time.Date(d.Year, d.Month, d.Dom, 0, 0, 0, 0, time.UTC)
	var best time.Time
	found := false // the zero time is a valid instant
	consider := func(t time.Time) {
		if Of(t, zone) == d && (!found || t.Before(best)) {
			best, found = t, true
		}
	}
	end := midnight.Add(36 * time.Hour)
	for t := midnight.Add(-36 * time.Hour); ; {
		in := t.In(zone)
		_, offset := in.Zone()
		consider(midnight.Add(-time.Duration(offset) * time.Second))
		_, next := in.ZoneBounds()
		if !next.IsZero() && !next.After(t) {
			// On the last day of a leap year beyond the zone's table, bounds end before they begin.
			t = t.Add(24 * time.Hour)
			continue
		}
		if next.IsZero() || next.After(end) {
			break
		}
		consider(next)
		t = next
	}
	return best.In(zone), found
}

// A Date is a date as an author writes it: a day, or an instant with an offset.
// The zero Date means no date.
type Date struct {
	Day     Day       // the day written; zero if an instant was written
	Instant time.Time // the instant written, with its offset; zero if a day was written
}

// On returns the Date of a day.
func On(d Day) Date { return Date{Day: d} }

// At returns the Date of an instant.
func At(t time.Time) Date { return Date{Instant: t} }

// IsZero reports whether d is the zero Date.
func (d Date) IsZero() bool { return d.Day.IsZero() && d.Instant.IsZero() }

// Begin returns the instant of the date: the one written, or the beginning of
// the day in the zone. It reports false for a day that the zone skipped.
func (d Date) Begin(zone *time.Location) (time.Time, bool) {
	if !d.Instant.IsZero() {
		return d.Instant, true
	}
	return d.Day.Start(zone)
}

// In returns the civil day of the date: the one written, or the one on which
// the instant falls in the zone.
func (d Date) In(zone *time.Location) Day {
	if !d.Instant.IsZero() {
		return Of(d.Instant, zone)
	}
	return d.Day
}

// String returns the date as HTML's time element, RFC 3339, and TOML write it:
// 2026-01-01 or 2026-01-01T09:00:00+01:00. Dates for programs always have this
// format.
func (d Date) String() string {
	if !d.Instant.IsZero() {
		return d.Instant.Format(time.RFC3339)
	}
	return d.Day.String()
}
