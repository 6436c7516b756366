package day_test

import (
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/day"
)

func TestPeriodEnd(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ from, period, want string }{
		{"2026-01-01", "0 days", "2026-01-01"},
		{"2026-06-01", "15 days", "2026-06-16"},
		{"2026-06-01", "1 day", "2026-06-02"},
		{"2026-06-01", "2 weeks", "2026-06-15"},
		{"2026-01-01", "2 months", "2026-03-01"},
		{"2025-12-31", "2 months", "2026-02-28"},
		{"2026-01-31", "1 month", "2026-02-28"},
		{"2024-01-31", "1 month", "2024-02-29"},
		{"2026-01-28", "1 month", "2026-02-28"},
		{"2026-03-31", "1 month", "2026-04-30"},
		{"2026-10-31", "4 months", "2027-02-28"},
		{"2024-02-29", "1 year", "2025-02-28"},
		{"2024-02-29", "4 years", "2028-02-29"},
		{"2024-02-29", "12 months", "2025-02-28"},
		{"2026-12-31", "2 months", "2027-02-28"},
		{"1900-01-31", "1 month", "1900-02-28"},
		{"2000-01-31", "1 month", "2000-02-29"},
	} {
		p, err := day.ParsePeriod(test.period)
		if err != nil {
			t.Fatal(err)
		}
		if have := p.End(parse(t, test.from)).String(); have != test.want {
			t.Errorf("%s from %s ends on %s, want %s", test.period, test.from, have, test.want)
		}
	}
}

func TestPeriodLatest(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ before, period, want string }{
		{"2026-07-02", "30 days", "2026-06-01"},
		{"2026-03-01", "2 months", "2025-12-31"},
		{"2026-03-01", "1 month", "2026-01-31"}, // 28 to 31 January all end with February
		{"2024-03-01", "1 month", "2024-01-31"},
		{"2026-02-28", "1 month", "2026-01-27"},
		{"2026-05-01", "1 month", "2026-03-31"},
		{"2025-03-01", "1 year", "2024-02-29"},
		{"2026-07-01", "0 days", "2026-06-30"},
	} {
		p, err := day.ParsePeriod(test.period)
		if err != nil {
			t.Fatal(err)
		}
		if have := p.Latest(parse(t, test.before)).String(); have != test.want {
			t.Errorf("%s before %s: the latest day is %s, want %s", test.period, test.before, have, test.want)
		}
	}
}

// The latest day is the last whose period ends before a day, on every day of five years.
func TestPeriodLatestIsLast(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"0 days", "15 days", "1 week", "1 month", "2 months", "6 months", "12 months", "1 year"} {
		p, err := day.ParsePeriod(text)
		if err != nil {
			t.Fatal(err)
		}
		before := parse(t, "2023-12-01")
		for range 5 * 366 {
			d := p.Latest(before)
			if p.End(d).Compare(before) >= 0 || p.End(d.Add(1)).Compare(before) < 0 {
				t.Fatalf("%s before %s: %s is not the last day", text, before, d)
			}
			before = before.Add(1)
		}
	}
}

func TestParsePeriod(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "2", "months", "two months", "2  months", " 2 months", "2 Months", "-1 days", "+1 days",
		"02 days", "2 fortnights", "40001 days", "2 months ", "99999999999999999999 days", "1.5 months"} {
		if p, err := day.ParsePeriod(s); err == nil || !strings.Contains(err.Error(), "is not a period") {
			t.Errorf("%q is the period %v, error %v", s, p, err)
		}
	}
	one, _ := day.ParsePeriod("1 day")
	if p, err := day.ParsePeriod("1 days"); err != nil || p != one {
		t.Errorf("1 days: %v, %v", p, err)
	}
}
