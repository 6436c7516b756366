package snapshots

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/imports/dates"
	"github.com/privgen/privgen/internal/imports/history"
	"github.com/privgen/privgen/internal/imports/webpage"
)

// The bases of dates that only snapshots have.
const (
	byName     history.Basis = "file name"
	bySnapshot history.Basis = "snapshot"        // the day on which a copy of the text was taken
	byHand     history.Basis = "given at import" // by the user, for texts without a date
)

// DateOf returns the date of a text from the name of its file or from what it
// states, and where it comes from; or the zero Day.
func DateOf(name string, text []byte, language string) (day.Day, history.Basis) {
	one := &snapshot{file: File{Name: name}, text: text, lang: language}
	(&Search{}).findDate(one)
	return one.date, one.basis
}

// findDate sets the date of a snapshot: the first that is known, in the order that
// the package comment lists.
func (s *Search) findDate(one *snapshot) {
	language := cmp.Or(one.lang, s.Language)
	found := dates.Find(one.text, language, nil)
	if one.page != nil && found == (dates.Found{}) {
		found = dates.Find(one.page.Around, language, nil) // in the page's head or foot
	}
	set := func(d day.Day, basis history.Basis, note string) {
		if one.date.IsZero() && !d.IsZero() {
			one.date, one.basis, one.note = d, basis, note
		}
	}
	stated := func() {
		best := found.Effective
		if best == nil || best.Day.IsZero() {
			best = found.Best()
		}
		switch {
		case best == nil:
		case best.Kind == dates.Updated:
			set(best.Day, history.ByText, "the date of its last update; the text states no other")
		default:
			set(best.Day, history.ByText, "")
		}
	}
	taken, _ := webpage.ParseWayback(one.archived)
	if one.page != nil {
		set(one.page.Version, history.ByFrontMatter, "")
	}
	if s.Pages {
		stated()
	}
	set(one.front.Effective.In(time.UTC), history.ByFrontMatter, "")
	set(taken.Day, bySnapshot, "")
	set(one.front.Date, history.ByFrontMatter, "")
	named, monthOnly := dateInName(one.file.Name)
	if best := found.Best(); monthOnly && best != nil && best.Day.Year == named.Year && best.Day.Month == named.Month {
		stated() // it agrees with the name, and has a day
	}
	if monthOnly {
		set(named, byName, "the name has only the month")
	}
	set(named, byName, "")
	stated()
	set(one.front.Updated, history.ByFrontMatter, "the date of its last update")
	if one.page != nil {
		set(one.page.Modified, history.ByFrontMatter, "the date of the last change in the page's head")
	}
	set(s.When, byHand, "")
	if one.basis == bySnapshot {
		one.when = taken.When
	}
	one.setUpdated(found.Updated)
}

// setUpdated sets the date of the last update that a text states, if it is possible.
func (one *snapshot) setUpdated(u *dates.StatedDate) {
	one.updated = one.front.Updated
	if !one.updated.IsZero() || u == nil {
		return
	}
	switch {
	case u.Day.IsZero():
		var list []string
		for _, d := range u.Readings {
			list = append(list, d.String())
		}
		one.notes = append(one.notes, fmt.Sprintf("its date can be %s; write updated = into the version's front matter",
			strings.Join(list, " or ")))
	case !one.date.IsZero() && u.Day.Compare(one.date) > 0 && one.basis != history.ByText:
		one.notes = append(one.notes, fmt.Sprintf(
			"the text says that it was updated on %s, after the day of the snapshot, %s", u.Day, one.date))
	case u.Day != one.date:
		one.updated = u.Day
	}
}
