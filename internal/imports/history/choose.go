package history

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/imports/dates"
)

// This file tells which states of a document are versions of it.

// Options say which states become versions.
type Options struct {
	KeepAll bool     // states that were broken or taken back become versions too
	Since   day.Day  // what stands before this day is left out; may be zero
	Until   day.Day  // and what comes after this one
	Group   Grouping // the zero Grouping groups nothing
	Stamps  bool     // a version has the date that its text says, where it says one
	Now     time.Time
}

// A Choice is a state that becomes a version.
type Choice struct {
	*State
	Date   day.Day
	Basis  Basis
	Note   string // more about the date
	Digest Digest // of the text
	Words  int
	Lang   string // the language that the text is in, as far as it can be told; or empty
	needs  needs
	tags   []string // of another program
	moment time.Time
	sketch sketch
	stamp  day.Day
}

// Unfit is the error of State.Read for what is no text, or none that may be
// one.
type Unfit struct {
	Reason Reason
	Note   string
}

func (u *Unfit) Error() string { return string(u.Reason) + ": " + u.Note }

// How long a state may have stood that is left out because it was taken back,
// and because it was broken.
const (
	revertedFor = 72 * time.Hour
	brokenFor   = 14 * 24 * time.Hour
)

// Two texts of which less than foreign is common are different texts; of which
// more than kin is, they are versions of one. A text may be rewritten, so a
// foreign one is broken only when a kin of the one before it follows.
const (
	foreign = 0.10
	kin     = 0.60
)

// Choose tells the versions among the states of a document in one language:
// the empty one is the document's own. It reads each text once; tick is called
// after each. The states, choices and omissions add up.
func Choose(ctx context.Context, d *Document, lang string, o Options, tick func()) (list []*Choice, out []Omission, err error) {
	leave := func(c *State, why Reason, note string) {
		out = append(out, Omission{why, c.Origin, c.Lang, c.moment(), note, false})
	}
	memory := dates.Memory{}
	for i := range d.States {
		s := &d.States[i]
		if s.Lang != lang {
			continue
		}
		c, err := weigh(s, cmp.Or(lang, d.Language), o, memory)
		if unfit := (*Unfit)(nil); errors.As(err, &unfit) {
			leave(s, unfit.Reason, unfit.Note)
		} else if err != nil {
			return nil, nil, err
		} else {
			list = append(list, c)
		}
		if tick(); ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
	}
	list = dated(list, o, func(c *Choice) { leave(c.State, NoDate, "") })
	keep := func(next func(kept []*Choice, i int) (skip int, why Reason, note string)) {
		var kept []*Choice
		for i := 0; i < len(list); {
			n, why, note := next(kept, i)
			for _, c := range list[i : i+n] {
				leave(c.State, why, note)
				out[len(out)-1].Doubtful = (why == Broken || why == Reverted) && doubtful(kept[len(kept)-1], c, list[i+n].moment)
			}
			if i += n; n == 0 {
				kept = append(kept, list[i])
				i++
			}
		}
		list = kept
	}
	back := map[*Choice]bool{} // texts that came back after a while that does not count
	keep(func(kept []*Choice, i int) (int, Reason, string) {
		if list[i].Words > 0 {
			return 0, "", ""
		}
		if i+1 < len(list) {
			back[list[i+1]] = true
		}
		return 1, Blank, ""
	})
	if !o.KeepAll {
		keep(func(kept []*Choice, i int) (int, Reason, string) { return passing(list, kept, i, back) })
	} else {
		keep(func(kept []*Choice, i int) (int, Reason, string) { return same(list, kept, i, back) })
	}
	keep(func(_ []*Choice, i int) (int, Reason, string) {
		if d := list[i].Date; !o.Since.IsZero() && d.Compare(o.Since) < 0 || !o.Until.IsZero() && d.Compare(o.Until) > 0 {
			return 1, Outside, ""
		}
		return 0, "", ""
	})
	if o.Group != (Grouping{}) {
		keys := o.Group.keys(list)
		for _, c := range list {
			if o.Group.by == "tag" && c.Label == "" {
				c.Label = c.Tag
			}
		}
		keep(func(_ []*Choice, i int) (int, Reason, string) {
			switch {
			case keys[i] == "":
				return 1, Grouped, "no tag yet"
			case i+1 < len(list) && keys[i] == keys[i+1]:
				return 1, Grouped, ""
			}
			return 0, "", ""
		})
		keep(func(kept []*Choice, i int) (int, Reason, string) { return same(list, kept, i, nil) })
	}
	return list, out, nil
}

// weigh reads the text of a state and learns what is asked of it later.
func weigh(s *State, lang string, o Options, memory dates.Memory) (*Choice, error) {
	text, err := s.Bytes()
	if err != nil {
		return nil, err
	}
	c := &Choice{State: s, Digest: sha256.Sum256(text), sketch: sketchOf(text), moment: s.moment(), needs: needsOf(text), tags: tagsIn(text)}
	c.Words = c.sketch.words
	c.Lang = languageOf(text)
	if o.Stamps || o.Group.by == "stamp" {
		c.stamped(dates.FindWith(text, cmp.Or(lang, c.Lang), memory))
	}
	return c, nil
}

// stamped takes what a text says of its dates: the day from which it applies,
// or else that of its last change.
func (c *Choice) stamped(s dates.Stamps) {
	if s.Updated != nil && !s.Updated.Day.IsZero() {
		c.stamp = s.Updated.Day
		if c.Updated.IsZero() {
			c.Updated = s.Updated.Day
		}
	}
	if s.Effective != nil && !s.Effective.Day.IsZero() {
		c.stamp = s.Effective.Day
	}
}

// same leaves out a text that is the one before.
func same(list, kept []*Choice, i int, back map[*Choice]bool) (int, Reason, string) {
	if len(kept) == 0 || kept[len(kept)-1].Digest != list[i].Digest {
		return 0, "", ""
	}
	if back[list[i]] {
		return 1, Restored, ""
	}
	return 1, Same, ""
}

// passing leaves out states that stood for a short while and then gave way to
// the text before them, or to one like it.
func passing(list, kept []*Choice, i int, back map[*Choice]bool) (int, Reason, string) {
	if n, why, note := same(list, kept, i, back); n > 0 {
		return n, why, note
	}
	if len(kept) == 0 {
		return 0, "", ""
	}
	before, c := kept[len(kept)-1], list[i]
	for j := i + 1; j < len(list); j++ {
		stood := list[j].moment.Sub(c.moment)
		if list[j].Digest == before.Digest && stood <= revertedFor {
			back[list[j]] = true
			if c.sketch.like(before.sketch) < foreign {
				return j - i, Broken, broken(before, c, stood)
			}
			note := "stood for " + lasted(stood)
			if j-i > 1 {
				note = fmt.Sprintf("one of %d that stood for %s in all", j-i, lasted(stood))
			}
			return j - i, Reverted, note
		}
		if stood > brokenFor {
			break
		}
		if c.sketch.like(before.sketch) >= foreign || list[j].sketch.like(before.sketch) < kin || list[j].sketch.like(c.sketch) >= foreign {
			continue
		}
		for _, k := range list[i:j] { // all between are broken, or it is a history
			if k.sketch.like(before.sketch) >= foreign {
				return 0, "", ""
			}
		}
		if list[j].Digest == before.Digest {
			back[list[j]] = true
		}
		return j - i, Broken, broken(before, c, stood)
	}
	return 0, "", ""
}

func broken(before, c *Choice, stood time.Duration) string {
	what := "another text"
	switch {
	case c.Lang != "" && before.Lang != "" && c.Lang != before.Lang:
		what = "another language (" + c.Lang + ")"
	case c.Words*5 < before.Words:
		what = fmt.Sprintf("%d words instead of %d", c.Words, before.Words)
	}
	return what + " for " + lasted(stood)
}

// doubtful reports whether a text that was judged broken or taken back is like
// those around it in length and language, and another text or one that stood
// for more than a day.
func doubtful(before, c *Choice, until time.Time) bool {
	whole := c.Words*2 >= before.Words && (c.Lang == before.Lang || c.Lang == "" || before.Lang == "")
	return whole && (c.sketch.like(before.sketch) < foreign || until.Sub(c.moment) > 24*time.Hour)
}

// lasted says how long something lasted.
func lasted(d time.Duration) string {
	for _, unit := range []struct {
		d    time.Duration
		name string
	}{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}} {
		if n := int((d + unit.d/2) / unit.d); n > 1 || n == 1 && d >= unit.d {
			if n == 1 {
				return "1 " + unit.name
			}
			return fmt.Sprintf("%d %ss", n, unit.name)
		}
	}
	return "a moment"
}

// A Grouping says which states are one version. The zero Grouping is every
// state a group of its own.
type Grouping struct {
	by    string // day, week, tag, stamp or hours
	hours int
}

// ParseGrouping reads what --group is given: day, week, tag, stamp or 6-hours.
func ParseGrouping(s string) (Grouping, bool) {
	switch s {
	case "":
		return Grouping{}, true
	case "day", "week", "tag", "stamp":
		return Grouping{by: s}, true
	}
	n := 0
	for i, c := range []byte(s) {
		if c < '0' || c > '9' {
			rest := s[i:]
			return Grouping{"hours", n}, n > 0 && (rest == "-hours" || rest == "-hour" || rest == "h")
		}
		if n = n*10 + int(c-'0'); n > 24*366 {
			break
		}
	}
	return Grouping{}, false
}

// keys gives the group of each state, as a word; those of an empty word belong
// to no group.
func (g Grouping) keys(list []*Choice) []string {
	keys := make([]string, len(list))
	var began time.Time
	last := ""
	for i, c := range list {
		switch g.by {
		case "day":
			keys[i] = c.Date.String()
		case "week":
			t, _ := c.Date.Start(time.UTC)
			y, w := t.ISOWeek()
			keys[i] = fmt.Sprintf("%d-W%02d", y, w)
		case "stamp":
			if !c.stamp.IsZero() {
				last = c.stamp.String()
			}
			keys[i] = cmp.Or(last, "none")
		case "hours":
			if i == 0 || c.moment.Sub(began) > time.Duration(g.hours)*time.Hour {
				began = c.moment
			}
			keys[i] = began.Format(time.RFC3339Nano)
		case "tag":
			keys[i] = c.Tag
		}
	}
	return keys
}

// dated gives each state the date from which it counts, and sees to it that no
// date is before that of a state that stood earlier: in a history, clocks were
// wrong and commits were made again. The dates that agree with the order are
// trusted, as many as there can be; each of the others becomes that of the
// state before it.
func dated(list []*Choice, o Options, drop func(*Choice)) []*Choice {
	var have []*Choice
	for _, c := range list {
		c.Date, c.Basis, c.Note = c.State.Day(), c.State.Basis, c.State.Note
		if o.Group.by == "tag" && !c.Released.IsZero() && c.Basis != ByMatter {
			c.Date, c.Basis = day.Of(c.Released, c.Released.Location()), ByTag
		}
		if o.Stamps && !c.stamp.IsZero() {
			c.Date, c.Basis, c.Note = c.stamp, ByStamp, ""
		}
		if c.Date.IsZero() {
			drop(c)
			continue
		}
		have = append(have, c)
	}
	days := make([]day.Day, len(have))
	for i, c := range have {
		days[i] = c.Date
		if !o.Now.IsZero() && c.Date.Compare(day.Of(o.Now, time.UTC).Add(366)) > 0 || c.Date.Year < 1985 {
			days[i] = day.Day{} // a clock that was not set
		}
	}
	trusted := ascending(days)
	if len(trusted) == 0 {
		for _, c := range have {
			drop(c)
		}
		return nil
	}
	for i, c := range have {
		at, ok := slices.BinarySearch(trusted, i)
		if ok {
			continue
		}
		near := have[trusted[max(at-1, 0)]]
		c.Note = strings.TrimPrefix(fmt.Sprintf("%s; its own, %s (%s), does not fit the order", c.Note, c.Date, c.Basis), "; ")
		c.Date, c.Basis = near.Date, ByNeighbor
	}
	moments(have)
	return have
}

// moments sees to it that how long a state stood is measured by moments that
// agree with the order.
func moments(list []*Choice) {
	days := make([]day.Day, len(list))
	for i, c := range list {
		days[i] = day.Of(c.moment, time.UTC)
	}
	trusted := ascending(days)
	for i, c := range list {
		if at, ok := slices.BinarySearch(trusted, i); !ok {
			c.moment = list[trusted[max(at-1, 0)]].moment
		}
		if i > 0 && c.moment.Before(list[i-1].moment) {
			c.moment = list[i-1].moment
		}
	}
}

// ascending gives the indices of a longest run of days, not necessarily side
// by side, in which none is before the one before it. Zero days do not count.
func ascending(days []day.Day) []int {
	var tails []int // the index of the last day of the best run of each length
	before := make([]int, len(days))
	for i, d := range days {
		if d.IsZero() {
			continue
		}
		n, _ := slices.BinarySearchFunc(tails, d, func(t int, d day.Day) int {
			if days[t].Compare(d) <= 0 {
				return -1
			}
			return 1
		})
		before[i] = -1
		if n > 0 {
			before[i] = tails[n-1]
		}
		if n == len(tails) {
			tails = append(tails, i)
		} else {
			tails[n] = i
		}
	}
	run := make([]int, len(tails))
	if len(tails) > 0 {
		for i, at := len(tails)-1, tails[len(tails)-1]; i >= 0; i, at = i-1, before[at] {
			run[i] = at
		}
	}
	return run
}
