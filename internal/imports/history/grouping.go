package history

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Grouping puts states into groups, and the last state of each becomes a version.
// The zero Grouping puts each state into its own group.
type Grouping struct {
	by    string // day, week, tag, stamp, or hours
	hours int
}

// ParseGrouping parses a value of the flag --group: day, week, tag, stamp, or
// 6-hours. The result ok reports whether it is one.
func ParseGrouping(s string) (g Grouping, ok bool) {
	switch s {
	case "":
		return Grouping{}, true
	case "day", "week", "tag", "stamp":
		return Grouping{by: s}, true
	}
	for _, unit := range []string{"-hours", "-hour", "h"} {
		if number, found := strings.CutSuffix(s, unit); found {
			n, err := strconv.ParseUint(number, 10, 16)
			return Grouping{"hours", int(n)}, err == nil && n > 0 && n <= 24*366
		}
	}
	return Grouping{}, false
}

// keys returns the group of each state as a key; a state with an empty key is in
// no group.
func (g Grouping) keys(list []*choice) []string {
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
			if !c.stated.IsZero() {
				last = c.stated.String()
			}
			keys[i] = cmp.Or(last, "none")
		case "hours":
			if i == 0 || c.instant.Sub(began) > time.Duration(g.hours)*time.Hour {
				began = c.instant
			}
			keys[i] = began.Format(time.RFC3339Nano)
		case "tag":
			keys[i] = c.Tag
		}
	}
	return keys
}

// group leaves out all states of each group but the last.
func (c *chooser) group() {
	keys := c.Group.keys(c.list)
	if c.Group.by == "tag" {
		for _, one := range c.list {
			one.Label = cmp.Or(one.Label, one.Tag)
		}
	}
	c.filter(func(_ []*choice, i int) (int, Reason, string) {
		switch {
		case keys[i] == "":
			return 1, grouped, "no tag yet"
		case i+1 < len(keys) && keys[i] == keys[i+1]:
			return 1, grouped, ""
		}
		return 0, "", ""
	})
	clear(c.back)
	c.filter(c.repeated)
}
