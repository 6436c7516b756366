package day_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the machine's zone files may be older or missing

	"github.com/privgen/privgen/internal/day"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func parse(t testing.TB, s string) day.Day {
	t.Helper()
	d, err := day.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ in, want string }{
		{"2026-01-01", "2026-01-01"},
		{"2024-02-29", "2024-02-29"},
		{"2000-02-29", "2000-02-29"},
		{"1969-12-31", "1969-12-31"},
		{"0001-01-01", "0001-01-01"},
		{"9999-12-31", "9999-12-31"},

		{"2026-02-29", "February 2026 has 28 days"},
		{"2026-02-30", "February 2026 has 28 days"},
		{"2024-02-30", "February 2024 has 29 days"},
		{"1900-02-29", "February 1900 has 28 days"},
		{"2026-04-31", "April 2026 has 30 days"},
		{"2026-01-00", "January 2026 has 31 days"},
		{"2026-13-01", "2026 has no month 13; months go from 01 to 12"},
		{"2026-00-10", "2026 has no month 0; months go from 01 to 12"},

		{"", `"" is not a date; write it as 2026-01-31`},
		{"2026-1-1", `"2026-1-1" is not a date; write it as 2026-01-31`},
		{"2026/01/01", `"2026/01/01" is not a date; write it as 2026-01-31`},
		{"01-01-2026", `"01-01-2026" is not a date; write it as 2026-01-31`},
		{"20260101", `"20260101" is not a date; write it as 2026-01-31`},
		{"2026-01-01 ", `"2026-01-01 " is not a date; write it as 2026-01-31`},
		{"+026-01-01", `"+026-01-01" is not a date; write it as 2026-01-31`},
		{"-026-01-01", `"-026-01-01" is not a date; write it as 2026-01-31`},
		{"12026-01-31", `"12026-01-31" is not a date; write it as 2026-01-31`},
		{"2026-01--5", `"2026-01--5" is not a date; write it as 2026-01-31`},
		{"2026-01-0x", `"2026-01-0x" is not a date; write it as 2026-01-31`},
		{"٢٠٢٦-01-01", `"٢٠٢٦-01-01" is not a date; write it as 2026-01-31`},
		{"2026-01-01T00:00:00Z", `"2026-01-01T00:00:00Z" is not a date; write it as 2026-01-31`},
	} {
		d, err := day.Parse(test.in)
		have := d.String()
		if err != nil {
			have = err.Error()
			if !d.IsZero() {
				t.Errorf("Parse(%q) gives %v and an error", test.in, d)
			}
		}
		if have != test.want {
			t.Errorf("Parse(%q)\nhave %s\nwant %s", test.in, have, test.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"2026-01-01", "2026-02-30", "0000-01-01", "9999-12-31", "2026-1-1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := day.Parse(s)
		std, stdErr := time.Parse(time.DateOnly, s)
		if (err == nil) != (stdErr == nil) {
			t.Fatalf("Parse(%q) gives %v, and package time %v", s, err, stdErr)
		}
		if err == nil && (d.String() != s || d != day.Of(std, time.UTC)) {
			t.Fatalf("Parse(%q) gives %v", s, d)
		}
	})
}

func TestArithmetic(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-01-01", 0, "2026-01-01"},
		{"2026-01-31", 1, "2026-02-01"},
		{"2024-02-28", 1, "2024-02-29"},
		{"2026-02-28", 1, "2026-03-01"},
		{"2026-01-01", -1, "2025-12-31"},
		{"2026-12-31", 1, "2027-01-01"},
		{"2026-01-01", 365, "2027-01-01"},
		{"2024-01-01", 366, "2025-01-01"},
	} {
		from, want := parse(t, test.from), parse(t, test.want)
		if have := from.Add(test.n); have != want {
			t.Errorf("%v.Add(%d) is %v, want %v", from, test.n, have, want)
		}
		if have := want.Add(-test.n); have != from {
			t.Errorf("%v.Add(%d) is %v, want %v", want, -test.n, have, from)
		}
		wantOrder := min(1, max(-1, test.n))
		if have := want.Compare(from); have != wantOrder || from.Compare(want) != -wantOrder {
			t.Errorf("%v.Compare(%v) is %d and the other way round %d, want %d", want, from, have, from.Compare(want), wantOrder)
		}
	}
}

// The wanted instants up to those of Apia were measured. For some of them package
// time alone is wrong.
func TestStart(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ zone, day, want string }{
		{"UTC", "2026-01-01", "2026-01-01T00:00:00Z"},
		{"UTC", "0001-01-01", "0001-01-01T00:00:00Z"},
		{"America/Los_Angeles", "2026-01-01", "2026-01-01T08:00:00Z"},
		{"Europe/Berlin", "2026-01-01", "2025-12-31T23:00:00Z"},
		{"Pacific/Kiritimati", "2026-01-01", "2025-12-31T10:00:00Z"},
		{"Etc/GMT+12", "2026-01-01", "2026-01-01T12:00:00Z"},

		// Midnight does not exist: the day begins at one o'clock.
		{"America/Santiago", "2026-09-06", "2026-09-06T04:00:00Z"},
		{"America/Havana", "2026-03-08", "2026-03-08T05:00:00Z"},
		{"Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00Z"},
		{"Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00Z"},

		// The day before and after such a day.
		{"America/Santiago", "2026-09-05", "2026-09-05T04:00:00Z"},
		{"America/Santiago", "2026-09-07", "2026-09-07T03:00:00Z"},

		// Midnight exists twice: the first one counts.
		{"America/Havana", "2026-11-01", "2026-11-01T04:00:00Z"},
		{"America/Santiago", "2026-04-05", "2026-04-05T04:00:00Z"},
		{"America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00Z"},

		// At a minute past midnight, clocks go back to the evening before: the
		// day begins, is interrupted for an hour, and begins again.
		{"America/St_Johns", "2010-11-07", "2010-11-07T02:30:00Z"},

		// Samoa and, earlier, Kwajalein changed their side of the date line.
		{"Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00Z"},
		{"Pacific/Apia", "2011-12-30", "no such day"},
		{"Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"},
		{"Pacific/Kwajalein", "1993-08-21", "no such day"},
		{"Pacific/Kwajalein", "1993-08-22", "1993-08-21T12:00:00Z"},

		// Alaska had one day twice.
		{"America/Juneau", "1867-10-18", "1867-10-17T08:57:41Z"},

		// Offsets of whole seconds, half and quarter hours.
		{"Europe/Amsterdam", "1930-01-01", "1929-12-31T23:40:28Z"},
		{"Asia/Kathmandu", "2026-01-01", "2025-12-31T18:15:00Z"},
		{"Asia/Kolkata", "2026-01-01", "2025-12-31T18:30:00Z"},
		{"Australia/Lord_Howe", "2026-10-04", "2026-10-03T13:30:00Z"},
	} {
		z := zone(t, test.zone)
		have := "no such day"
		if start, ok := parse(t, test.day).Start(z); ok {
			have = start.UTC().Format(time.RFC3339)
			if start.Location() != z {
				t.Errorf("%s in %s: the instant is in the zone %v", test.day, test.zone, start.Location())
			}
		}
		if have != test.want {
			t.Errorf("%s in %s\nhave %s\nwant %s", test.day, test.zone, have, test.want)
		}
	}
}

// TestStartLaw compares Start with search, which does not look up changes of
// offset, for the days around each change since 1985 and some others.
func TestStartLaw(t *testing.T) {
	t.Parallel()
	zones := strings.Fields(`UTC Africa/Cairo Africa/Casablanca Africa/Monrovia Africa/Tripoli America/Asuncion
		America/Bahia America/Campo_Grande America/Caracas America/Godthab America/Havana America/Juneau
		America/Los_Angeles America/New_York America/Santiago America/Sao_Paulo America/Scoresbysund America/St_Johns
		Antarctica/Casey Antarctica/Troll Asia/Amman Asia/Beirut Asia/Damascus Asia/Gaza Asia/Kathmandu Asia/Pyongyang
		Asia/Tehran Atlantic/Azores Atlantic/Stanley Australia/Lord_Howe Europe/Berlin Europe/Chisinau Europe/Dublin
		Europe/Lisbon Europe/London Pacific/Apia Pacific/Chatham Pacific/Easter Pacific/Fakaofo Pacific/Kiritimati`)
	for _, name := range zones {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			z := zone(t, name)
			from := time.Date(1985, 1, 1, 0, 0, 0, 0, time.UTC)
			until := time.Date(2037, 1, 1, 0, 0, 0, 0, time.UTC)
			for at := from; at.Before(until); {
				_, change := at.In(z).ZoneBounds()
				if change.IsZero() {
					change = until
				}
				for n := -1; n <= 1; n++ {
					checkStart(t, day.Of(change, time.UTC).Add(n), z)
				}
				at = change
			}
			for n := range 12 {
				checkStart(t, day.Day{Year: 2026, Month: time.Month(n + 1), Dom: 1 + 2*n}, z)
			}
		})
	}
}

func checkStart(t *testing.T, d day.Day, z *time.Location) {
	want, wantOK := search(d, z)
	have, ok := d.Start(z)
	if ok != wantOK || ok && !have.Equal(want) {
		t.Errorf("%v in %v\nhave %v %v\nwant %v %v", d, z, have.UTC(), ok, want, wantOK)
	}
}

// search tries every quarter of an hour that could belong to the day, then every
// second of the quarter before the first that does. Since 1985, each day of these
// zones begins at such a quarter, so none is missed.
func search(d day.Day, z *time.Location) (time.Time, bool) {
	noon := time.Date(d.Year, d.Month, d.Dom, 12, 0, 0, 0, time.UTC)
	const step = 15 * time.Minute
	for t := noon.Add(-30 * time.Hour); t.Before(noon.Add(42 * time.Hour)); t = t.Add(step) {
		if day.Of(t, z) != d {
			continue
		}
		for s := t.Add(-step); ; s = s.Add(time.Second) {
			if day.Of(s, z) == d {
				return s, true
			}
		}
	}
	return time.Time{}, false
}

// TestStartOrder checks that days begin in order, and that the second before a
// beginning belongs to another day.
func TestStartOrder(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"America/Santiago", "Europe/Berlin", "Pacific/Apia", "America/Havana", "Africa/Cairo"} {
		z := zone(t, name)
		var last time.Time
		for d := parse(t, "2010-01-01"); d.Year < 2014; d = d.Add(1) {
			start, ok := d.Start(z)
			if !ok {
				continue
			}
			if !last.Before(start) {
				t.Errorf("%v in %s does not begin after the day before", d, name)
			}
			if day.Of(start, z) != d || day.Of(start.Add(-time.Second), z) == d {
				t.Errorf("%v in %s does not begin at %v", d, name, start)
			}
			last = start
		}
	}
}

func TestDate(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	nine := time.Date(2025, 12, 31, 23, 30, 0, 0, time.FixedZone("", -5*3600))
	for _, test := range []struct {
		name            string
		date            day.Date
		text, in, begin string
	}{
		{"nothing", day.Date{}, "", "", ""},
		{"a day", day.On(parse(t, "2026-01-01")), "2026-01-01", "2026-01-01", "2025-12-31T23:00:00Z"},
		{"an instant of the next day in Berlin", day.At(nine), "2025-12-31T23:30:00-05:00", "2026-01-01", "2026-01-01T04:30:00Z"},
		{"an instant in UTC", day.At(nine.UTC()), "2026-01-01T04:30:00Z", "2026-01-01", "2026-01-01T04:30:00Z"},
	} {
		if have := test.date.String(); have != test.text {
			t.Errorf("%s is written as %q, want %q", test.name, have, test.text)
		}
		if have := test.date.IsZero(); have != (test.text == "") {
			t.Errorf("%s: IsZero is %v", test.name, have)
		}
		if test.text == "" {
			continue
		}
		if have := test.date.In(berlin).String(); have != test.in {
			t.Errorf("%s falls on %s, want %s", test.name, have, test.in)
		}
		begin, ok := test.date.Begin(berlin)
		if have := begin.UTC().Format(time.RFC3339); !ok || have != test.begin {
			t.Errorf("%s begins at %s, %v, want %s", test.name, have, ok, test.begin)
		}
	}
	if _, ok := day.On(parse(t, "2011-12-30")).Begin(zone(t, "Pacific/Apia")); ok {
		t.Error("a day that Apia skipped begins")
	}
}

func BenchmarkStart(b *testing.B) {
	z := zone(b, "America/Santiago")
	d := parse(b, "2026-09-06")
	for b.Loop() {
		d.Start(z)
	}
}

func ExampleDay_Start() {
	d, _ := day.Parse("2026-09-06")
	santiago, _ := time.LoadLocation("America/Santiago")
	start, _ := d.Start(santiago)
	fmt.Println(start.Format(time.RFC3339))
	// Output: 2026-09-06T01:00:00-03:00
}
