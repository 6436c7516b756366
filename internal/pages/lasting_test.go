package pages_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/tree"
)

// This file tests that a published path is permanent: whatever history a site has, a
// path that is in its tree at an instant is there at every later one.

// A chronicle makes up the history of a policy.
type chronicle struct {
	*rand.Rand
	files map[string]string
	ids   map[string]bool
}

func (c chronicle) day(from, to int) time.Time {
	return time.Date(2020, 1, from+c.IntN(to-from), 0, 0, 0, 0, time.UTC)
}

// add adds a version; published is the zero time when nobody knows.
func (c chronicle) add(effective, published time.Time) {
	id := effective.Format(time.DateOnly)
	for n := 2; c.ids[id]; n++ {
		id = fmt.Sprintf("%s.%d", effective.Format(time.DateOnly), n)
	}
	c.ids[id] = true
	var lines []string
	if !published.IsZero() {
		lines = append(lines, "published = "+published.Format(time.DateOnly))
	}
	text := matter(lines...) + "# Privacy\n\nText of " + id + ".\n"
	c.files["content/privacy/"+id+".md"] = text
	for _, lang := range []string{"de", "ar"} {
		if c.IntN(3) == 0 {
			c.files["content/privacy/"+id+"."+lang+".md"] = "# Privacy\n\nText.\n"
		}
	}
}

func TestAddressesLast(t *testing.T) {
	t.Parallel()
	const days = 1000
	moved := 0
	for seed := range uint64(80) {
		c := chronicle{rand.New(rand.NewPCG(seed, 7)), map[string]string{}, map[string]bool{}}
		table := fmt.Sprintf("\n[redlines]\npairs = %q\nlimit = %d\nagainst_current = %d\n", []string{"neighbors", "all"}[c.IntN(2)], c.IntN(4), c.IntN(4))
		c.files["privgen.toml"] = strings.Replace(fixture()["privgen.toml"], `policies = ["privacy"]`, "", 1) + table
		for range 1 + c.IntN(7) {
			var published time.Time
			if c.IntN(2) == 0 {
				published = c.day(0, days)
			}
			c.add(c.day(0, days), published)
		}
		t1 := c.day(0, days)
		before := planAt(t, c.files, t1)

		// Time passes, and versions come: newer ones, and others that say when they
		// were published.
		t2 := t1.AddDate(0, 0, c.IntN(400))
		for range c.IntN(4) {
			if c.IntN(2) == 0 {
				c.add(c.day(days, days+300), time.Time{})
			} else {
				c.add(c.day(0, days), t1.AddDate(0, 0, 1+c.IntN(200)))
			}
		}
		name := "privacy"
		if c.IntN(3) == 0 {
			name = "data"
			for _, old := range slices.Sorted(maps.Keys(c.files)) {
				if rest, ok := strings.CutPrefix(old, "content/privacy/"); ok {
					c.files["content/data/"+rest] = c.files[old]
					delete(c.files, old)
				}
			}
			c.files["content/data/policy.toml"] = "formerly = [\"privacy\"]\n"
		}
		after := planAt(t, c.files, t2)
		if len(after) != len(before) {
			moved++
		}
		for i := range before {
			if p := before[i].Path; after.Find(p) == nil {
				t.Fatalf("seed %d: %s is gone from %s to %s (the policy is %s)%s", seed, p, t1.Format(time.DateOnly), t2.Format(time.DateOnly), name, table)
			}
		}
	}
	if moved < 40 {
		t.Errorf("only %d histories had more to show later", moved)
	}
}

func planAt(t *testing.T, files map[string]string, at time.Time) tree.Tree {
	t.Helper()
	return pages.Plan(load(t, input(mapFS(files))), at)
}
