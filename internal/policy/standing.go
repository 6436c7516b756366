package policy

import (
	"sort"
	"time"
)

// A Standing is how the versions of a policy stand at an instant.
type Standing struct {
	Versions []*Version // those published by then, oldest first
	InForce  int        // index of the version in force, or -1
}

// At gives how the policy's versions stand at an instant. A version is there
// from the instant it is published, or always when that is not known; the last
// one that has taken effect is in force.
func (p *Policy) At(now time.Time) Standing {
	s := Standing{Versions: p.Versions, InForce: -1}
	for i, v := range p.Versions {
		if v.Public(now) {
			continue
		}
		// Rare, so copied only now: some version is not published yet.
		s.Versions = append([]*Version(nil), p.Versions[:i]...)
		for _, v := range p.Versions[i+1:] {
			if v.Public(now) {
				s.Versions = append(s.Versions, v)
			}
		}
		break
	}
	s.InForce = sort.Search(len(s.Versions), func(i int) bool { return s.Versions[i].Begin.After(now) }) - 1
	return s
}

// State gives the state of the i-th version.
func (s Standing) State(i int) State {
	switch {
	case i > s.InForce:
		return Upcoming
	case i == s.InForce:
		return InForce
	}
	return Superseded
}

// Current gives the version in force, or nil.
func (s Standing) Current() *Version {
	if s.InForce < 0 {
		return nil
	}
	return s.Versions[s.InForce]
}

// Upcoming gives the next version to take effect, or nil.
func (s Standing) Upcoming() *Version {
	if s.InForce+1 >= len(s.Versions) {
		return nil
	}
	return s.Versions[s.InForce+1]
}

// Public reports whether the version has been published at an instant.
func (v *Version) Public(now time.Time) bool {
	return v.Published.IsZero() || !v.Published.After(now)
}

// Next gives the first instant after now at which a page changes by itself: a
// version is published or takes effect. It is false when nothing is to come.
func (p *Policy) Next(now time.Time) (at time.Time, v *Version, ok bool) {
	for _, w := range p.Versions {
		for _, t := range []time.Time{w.Published, w.Begin} {
			if t.After(now) && (!ok || t.Before(at)) {
				at, v, ok = t, w, true
			}
		}
	}
	return at, v, ok
}
