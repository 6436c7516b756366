package webpage

import (
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/lazyregexp"
)

// A Wayback is a URL of the Wayback Machine.
type Wayback struct {
	Original string    // the URL that was saved
	Day      day.Day   // the day on which it was saved, in UTC; zero if the URL has none
	When     time.Time // the instant; zero if the URL has none
}

var waybackURL = lazyregexp.New(`^(?:https?:)?(?://web\.archive\.org)?/web/` +
	`(\d{4,14})(?:[a-z]{2}_)?/(https?)(?::|%3[Aa])/{1,2}(\S+)$`)

// ParseWayback parses a URL of the Wayback Machine, absolute or from its root. The
// result ok reports whether s is one.
func ParseWayback(s string) (w Wayback, ok bool) {
	m := waybackURL().FindStringSubmatch(s)
	if m == nil {
		return w, false
	}
	w.Original = m[2] + "://" + m[3]
	for _, form := range []string{"20060102150405", "20060102"} {
		if len(m[1]) >= len(form) {
			if t, err := time.Parse(form, m[1][:len(form)]); err == nil {
				w.Day = day.Of(t, time.UTC)
				if len(form) == 14 {
					w.When = t
				}
				break
			}
		}
	}
	return w, true
}
