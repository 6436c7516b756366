package policy

import (
	"slices"
	"sort"
	"time"
)

// A Status is the status of a policy's versions at an instant.
type Status struct {
	Versions []*Version // those published by then, oldest first
	InForce  int        // index of the version in force, or of the last one if the policy has ended; or -1
	Ended    bool       // the policy was withdrawn

	now time.Time
}

// At returns the status of the policy's versions at an instant. A version exists
// from the instant of its publication, or always if that is not known. The last
// version that has taken effect is in force. A version that was withdrawn before
// it took effect stays, and never takes effect.
func (p *Policy) At(now time.Time) Status {
	s := Status{Versions: p.Versions, InForce: -1, now: now, Ended: !p.End.IsZero() && !p.End.After(now)}
	later := func(v *Version) bool { return !v.Public(now) }
	if slices.ContainsFunc(p.Versions, later) { // rare, so copied only now
		s.Versions = slices.DeleteFunc(slices.Clone(p.Versions), later)
	}
	s.InForce = sort.Search(len(s.Versions), func(i int) bool { return s.Versions[i].Begin.After(now) }) - 1
	for s.InForce >= 0 && s.Versions[s.InForce].never() {
		s.InForce--
	}
	return s
}

// never reports whether the version never takes effect.
func (v *Version) never() bool { return !v.Withdrawn.IsZero() }

// State returns the state of the i-th version.
func (s Status) State(i int) State {
	v := s.Versions[i]
	switch {
	case v.never() && (!v.Withdrawn.After(s.now) || i <= s.InForce):
		return Withdrawn
	case i > s.InForce:
		return Upcoming
	case i == s.InForce && s.Ended:
		return Withdrawn
	case i == s.InForce:
		return InForce
	}
	return Superseded
}

// Current returns the version in force, or nil.
func (s Status) Current() *Version {
	if s.InForce < 0 || s.Ended {
		return nil
	}
	return s.Versions[s.InForce]
}

// After returns the version that replaces the i-th by taking effect after it, or
// nil. A withdrawn version replaces none.
func (s Status) After(i int) *Version {
	for _, v := range s.Versions[i+1:] {
		if !v.never() {
			return v
		}
	}
	return nil
}

// Upcoming returns the next version to take effect, or nil.
func (s Status) Upcoming() *Version {
	if s.Ended {
		return nil
	}
	return s.After(s.InForce)
}

// Public reports whether the version was published by an instant.
func (v *Version) Public(now time.Time) bool {
	return v.Published.IsZero() || !v.Published.After(now)
}

// Next returns the first instant after now at which a page changes by itself: a
// version is published, takes effect, or is withdrawn, or the policy ends. It
// reports false if there is none. When the policy ends, the version is the last
// one that was in force.
func (p *Policy) Next(now time.Time) (at time.Time, v *Version, ok bool) {
	for _, w := range p.Versions {
		begin := w.Begin
		if w.never() {
			begin = w.Withdrawn
		}
		for _, t := range []time.Time{w.Published, begin} {
			if t.After(now) && (!ok || t.Before(at)) {
				at, v, ok = t, w, true
			}
		}
	}
	if p.End.After(now) && (!ok || p.End.Before(at)) {
		if st := p.At(p.End); st.InForce >= 0 {
			at, v, ok = p.End, st.Versions[st.InForce], true
		}
	}
	return at, v, ok
}
