package status

import (
	"fmt"
	"time"

	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/site"
)

// A Change is the next change of the site over time.
type Change struct {
	At      string `json:"at"`    // in UTC
	Local   string `json:"local"` // the same instant in the site's zone
	Policy  string `json:"policy"`
	Version string `json:"version"`
	Event   string `json:"event"` // takes-effect, is-published or is-withdrawn
	zone    *time.Location
}

// Next returns the next change after an instant, or nil if none is scheduled.
func Next(s *site.Site, now time.Time) *Change {
	t, v, ok := s.Next(now)
	if !ok {
		return nil
	}
	return changeOf(t, v, s.Config.Zone())
}

// changeOf returns the change that a version brings at an instant.
func changeOf(t time.Time, v *policy.Version, zone *time.Location) *Change {
	n := &Change{t.UTC().Format(time.RFC3339), t.In(zone).Format(time.RFC3339), v.Policy.Slug, v.ID,
		"takes-effect", zone}
	switch {
	case v.Withdrawn.Equal(t) || v.Policy.End.Equal(t):
		n.Event = "is-withdrawn"
	case !v.Begin.Equal(t):
		n.Event = "is-published"
	}
	return n
}

// Sentence returns the change in words.
func (n *Change) Sentence() string {
	does := "takes effect"
	switch n.Event {
	case "is-published":
		does = "is published"
	case "is-withdrawn":
		does = "is withdrawn"
	}
	return fmt.Sprintf("%s %s %s at %s (%s)", n.Policy, n.Version, does, n.Local, n.zone)
}
