package day_test

import (
	"testing"
	"time"

	"github.com/privgen/privgen/internal/day"
)

// Days beyond the tables of zones (2037) begin at midnight, in zones that change
// their offset at other hours.
func TestStartFarAhead(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Europe/London", "America/New_York", "Australia/Sydney", "Asia/Kolkata", "UTC"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Skip(err)
		}
		for d := (day.Day{Year: 2036, Month: 1, Dom: 1}); d.Year < 2062; d = d.Add(1) {
			want := time.Date(d.Year, d.Month, d.Dom, 0, 0, 0, 0, zone)
			if got, ok := d.Start(zone); !ok || !got.Equal(want) {
				t.Fatalf("%v begins in %s at %v, want %v", d, name, got, want)
			}
		}
	}
}
