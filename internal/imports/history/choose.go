package history

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/imports/dates"
	"github.com/privgen/privgen/internal/imports/textfile"
	"github.com/privgen/privgen/internal/lang"
	"github.com/privgen/privgen/internal/source"
)

// This file chooses the states of a document that become versions.

// Options say which states become versions.
type Options struct {
	KeepAll bool     // keep states that were broken or reverted
	Since   day.Day  // leave out what is older; may be zero
	Until   day.Day  // leave out what is newer; may be zero
	Group   Grouping // the zero Grouping makes no groups
	Stated  bool     // prefer the date that a text states
	Made    bool     // use the date of the commit or snapshot, whatever the text states
	Now     time.Time

	// Progress is called after each text that was read. It may be nil.
	Progress func(done, total int)
}

// A choice is a state with what is known about its text.
type choice struct {
	*State
	Date     day.Day
	Basis    Basis
	Note     string // more about the date
	Detected string // the language of the text, as far as it can be detected

	digest  digest
	needs   needs
	tags    []string // template tags
	instant time.Time
	sketch  sketch
	stated  day.Day
	applies day.Day // the date from which the text says that it applies, or zero
}

// A state is left out as reverted or as broken only if it lasted at most this long.
const (
	revertedFor = 72 * time.Hour
	brokenFor   = 14 * 24 * time.Hour
)

// Two texts with a likeness below foreign are different texts; above related they
// are versions of one text. A text may be rewritten. So a foreign text is broken
// only if a later text is related to the one before it.
const (
	foreign = 0.10
	related = 0.60
)

// A chooser chooses versions among the states of a document in one language.
type chooser struct {
	Options
	list []*choice // the states that are left
	out  []Omission
	back map[*choice]bool // texts that came back after states that are left out

	fixed map[*choice]bool // states that the site has; they are not judged again
}

// choose returns the versions of a document in a language; the empty one is the
// document's own. It reads each text once and calls tick after each. Versions and
// omissions add up to the states.
func choose(ctx context.Context, d *Document, language string, o Options, there *policyFiles, tick func(),
) ([]*choice, []Omission, error) {
	c := &chooser{Options: o, back: map[*choice]bool{}}
	cache := dates.Cache{}
	for i := range d.States {
		s := &d.States[i]
		if s.Lang != language {
			continue
		}
		one, err := examine(s, cmp.Or(language, d.Language), o, cache)
		if unfit := (*textfile.Unfit)(nil); errors.As(err, &unfit) {
			c.leaveOut(&choice{State: s, instant: s.instant()}, Reason(unfit.Reason), unfit.Note)
		} else if err != nil {
			return nil, nil, err
		} else {
			c.list = append(c.list, one)
		}
		if tick(); ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
	}
	c.date()
	c.fixed = there.published(c.list, language)
	for _, one := range c.list {
		there.known[one.digest] = true
	}
	c.filter(c.isBlank)
	if !o.KeepAll {
		c.filter(c.passed)
	} else {
		c.filter(c.repeated)
	}
	c.filter(c.isOutside)
	if o.Group != (Grouping{}) {
		c.group()
	}
	return c.list, c.out, nil
}

func (c *chooser) leaveOut(one *choice, why Reason, note string) {
	c.out = append(c.out, Omission{why, one.Origin, one.State.Lang, one.State.instant(), note, false})
}

// filter leaves out states. For each state, next returns how many states from it
// on to leave out, and why; 0 keeps it.
func (c *chooser) filter(next func(kept []*choice, i int) (skip int, why Reason, note string)) {
	var kept []*choice
	for i := 0; i < len(c.list); {
		n, why, note := next(kept, i)
		for _, one := range c.list[i : i+n] {
			c.leaveOut(one, why, note)
			if why == broken || why == reverted {
				c.out[len(c.out)-1].Doubtful = doubtful(kept[len(kept)-1], one, c.list[i+n].instant)
			}
		}
		if i += n; n == 0 {
			kept = append(kept, c.list[i])
			i++
		}
	}
	c.list = kept
}

// examine reads the text of a state.
func examine(s *State, language string, o Options, cache dates.Cache) (*choice, error) {
	text, err := s.Bytes()
	if err != nil {
		return nil, err
	}
	c := &choice{State: s, digest: sha256.Sum256(text), sketch: sketchOf(text), instant: s.instant(),
		needs: needsOf(text), tags: textfile.Tags(text), Detected: lang.Detect(text)}
	found := dates.Find(text, cmp.Or(language, c.Detected), cache)
	if u := found.Updated; u != nil && !u.Day.IsZero() {
		c.stated = u.Day
		if c.Updated.IsZero() && (o.Stated || o.Group.by == "stamp") {
			c.Updated = u.Day
		}
	}
	if e := found.Effective; e != nil && !e.Day.IsZero() {
		c.stated, c.applies = e.Day, e.Day
	}
	return c, nil
}

func (c *chooser) isBlank(_ []*choice, i int) (int, Reason, string) {
	if c.list[i].sketch.words > 0 {
		return 0, "", ""
	}
	if i+1 < len(c.list) {
		c.back[c.list[i+1]] = true
	}
	return 1, blank, ""
}

// isOutside leaves out what is older or newer than the user wants.
func (c *chooser) isOutside(_ []*choice, i int) (int, Reason, string) {
	d := c.list[i].Date
	if !c.Since.IsZero() && d.Compare(c.Since) < 0 || !c.Until.IsZero() && d.Compare(c.Until) > 0 {
		return 1, outside, ""
	}
	return 0, "", ""
}

// repeated leaves out a text that equals the one before.
func (c *chooser) repeated(kept []*choice, i int) (int, Reason, string) {
	if len(kept) == 0 || kept[len(kept)-1].digest != c.list[i].digest {
		return 0, "", ""
	}
	if c.back[c.list[i]] {
		return 1, restored, ""
	}
	return 1, same, ""
}

// passed leaves out states that lasted a short time, until the text before them
// or one like it came back.
func (c *chooser) passed(kept []*choice, i int) (int, Reason, string) {
	if n, why, note := c.repeated(kept, i); n > 0 || len(kept) == 0 {
		return n, why, note
	}
	before, list, one := kept[len(kept)-1], c.list, c.list[i]
	for j := i + 1; j < len(list); j++ {
		if c.fixed[list[j-1]] {
			return 0, "", ""
		}
		lasted := list[j].instant.Sub(one.instant)
		if list[j].digest == before.digest && lasted <= revertedFor {
			c.back[list[j]] = true
			if one.sketch.like(before.sketch) < foreign {
				return j - i, broken, describeBroken(before, one, lasted)
			}
			note := "lasted " + duration(lasted)
			if j-i > 1 {
				note = fmt.Sprintf("one of %d that lasted %s in all", j-i, duration(lasted))
			}
			return j - i, reverted, note
		}
		if lasted > brokenFor {
			break
		}
		again := list[j].sketch
		if one.sketch.like(before.sketch) >= foreign || again.like(before.sketch) < related ||
			again.like(one.sketch) >= foreign {
			continue
		}
		for _, k := range list[i:j] { // the text is broken only if all states between are
			if k.sketch.like(before.sketch) >= foreign {
				return 0, "", ""
			}
		}
		if list[j].digest == before.digest {
			c.back[list[j]] = true
		}
		return j - i, broken, describeBroken(before, one, lasted)
	}
	return 0, "", ""
}

// describeBroken returns what was wrong with a broken text.
func describeBroken(before, c *choice, lasted time.Duration) string {
	what := "another text"
	switch {
	case c.Detected != "" && before.Detected != "" && c.Detected != before.Detected:
		what = "another language (" + c.Detected + ")"
	case c.sketch.words*5 < before.sketch.words:
		what = fmt.Sprintf("%d words instead of %d", c.sketch.words, before.sketch.words)
	}
	return what + " for " + duration(lasted)
}

// doubtful reports whether the judgment that a text was broken or reverted may be
// wrong: the text has the language of the one before and at least half its length,
// and is foreign to it or lasted more than a day.
func doubtful(before, c *choice, until time.Time) bool {
	sameLanguage := c.Detected == before.Detected || c.Detected == "" || before.Detected == ""
	return c.sketch.words*2 >= before.sketch.words && sameLanguage &&
		(c.sketch.like(before.sketch) < foreign || until.Sub(c.instant) > 24*time.Hour)
}

// duration returns a duration as words, in the largest unit.
func duration(d time.Duration) string {
	for _, unit := range []struct {
		d    time.Duration
		name string
	}{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}} {
		if n := int((d + unit.d/2) / unit.d); n > 1 || n == 1 && d >= unit.d {
			return source.Count(n, unit.name)
		}
	}
	return "a moment"
}
