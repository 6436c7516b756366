package webpage

import (
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/imports/lazyregexp"
)

// A Wayback is an address of the Wayback Machine.
type Wayback struct {
	Original string    // the address that was saved
	Day      day.Day   // when, in UTC; the zero Day where the address does not say
	When     time.Time // the instant, where the address says so much; else the zero Time
}

var waybackAddress = lazyregexp.New(`^(?:https?:)?(?://web\.archive\.org)?/web/(\d{4,14})(?:[a-z]{2}_)?/(https?)(?::|%3[Aa])/{1,2}(\S+)$`)

// ParseWayback reads an address of the Wayback Machine, whole or from its root.
func ParseWayback(s string) (w Wayback, ok bool) {
	m := waybackAddress().FindStringSubmatch(s)
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
