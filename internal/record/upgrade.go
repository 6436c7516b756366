package record

import (
	"slices"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/policy"
)

// Upgrade converts a record of format 1 to format 2, on a day. The caller has checked
// the site against it. Every entry keeps its dates, label, path, digest, reason, and
// corrections. Fields that format 1 does not have are those of the site now.
func (r *Record) Upgrade(s *Site, on day.Day) (*Record, error) {
	texts := map[*Entry]*policy.Text{}
	for _, p := range s.Library.Policies {
		for t := range p.Texts() {
			if e := r.Find(t); e != nil {
				texts[e] = t
			}
		}
	}
	out := &Record{}
	for _, e := range r.Entries() {
		now := &Entry{Key: e.Key, Stamp: e.Stamp, Address: e.Address, Digest: e.Digest, Reason: e.Reason,
			By: on, clauses: e.clauses}
		if t := texts[e]; t != nil {
			is, err := s.EntryOf(t)
			if err != nil {
				return nil, err
			}
			now.Stamp = is.Stamp
		}
		first := *now
		for _, c := range slices.Backward(e.Corrections) {
			first.back(c)
		}
		out.put(&first)
		out.release(&first)
		for i, c := range e.Corrections {
			then := *now
			for _, later := range slices.Backward(e.Corrections[i+1:]) {
				then.back(later)
			}
			out.correct(&first, &then, Correction{Day: c.Day, Reason: c.Reason}, on)
		}
	}
	out.RecordSettings(s, on)
	return out, nil
}

// back undoes a correction of format 1, as far as the record has the earlier values.
func (e *Entry) back(c Correction) {
	e.Digest = c.Was
	for _, f := range e.Stamp.list() {
		for _, m := range c.Stamp {
			if m.Field == f.name {
				f.parse(m.Was) // "" sets it to zero
			}
		}
	}
}
