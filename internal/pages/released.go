package pages

import (
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/tree"
)

// released answers questions about the lock file. It has no answers if there
// is none.
type released struct {
	record *record.Record
	zone   *time.Location
}

// late returns the day on which a text was added to a history that was recorded
// before, or the zero Day.
func (re *released) late(t *policy.Text) day.Day {
	d, _ := re.record.Late(t, re.zone)
	return d
}

// corrections returns the editorial corrections of a text, the oldest first.
func (re *released) corrections(t *policy.Text) []record.Correction {
	if e := re.record.Find(t); e != nil {
		return e.Corrections
	}
	return nil
}

// addTo adds the corrections of a version to a key.
func (re *released) addTo(h *tree.Hash, v *policy.Version) {
	if re.record.Len() == 0 {
		return
	}
	for _, t := range v.Texts {
		for _, c := range re.corrections(t) {
			h.Texts(t.Lang, c.Day.String(), c.Reason).Bool(c.Was == c.Is || c.Lost)
		}
		h.Text(re.late(t).String())
	}
}

// corrected returns the day of the last correction of any of a version's texts,
// or the zero Day.
func (re *released) corrected(v *policy.Version) (last day.Day) {
	for _, t := range v.Texts {
		for _, c := range re.corrections(t) {
			if c.Day.Compare(last) > 0 {
				last = c.Day
			}
		}
	}
	return last
}
