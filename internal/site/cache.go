package site

import (
	"bytes"
	"encoding/gob"
	"strings"
	"sync"

	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/tree"
)

// A Cache has results of earlier loads and builds: facts about files, and
// comparisons of texts. It never changes what pages show, only how long it takes
// to render them. The zero Cache is empty and ready for use. Several goroutines
// can use it, except while it is unmarshaled or a Load uses it.
type Cache struct {
	Policies policy.Cache

	mu      sync.Mutex
	tried   [32]byte // the key of the last theme without a problem
	known   map[tree.Key]Comparison
	wanted  map[tree.Key]bool // comparisons that the last plan needs; the others are not saved
	updated bool              // since it was empty or unmarshaled
}

// A Comparison is how much changed between two texts and, if Traced is true, in
// which clauses.
type Comparison struct {
	Verdict redline.Verdict
	Extent  redline.Extent
	Traced  bool
	Clauses []ClauseChange // of the later text, those that changed or had another id
}

// A ClauseChange is the result of a comparison for a clause of the later text.
type ClauseChange struct {
	ID, OldID string // OldID is empty if the clause is new
	Changed   bool   // whether words of the clause or its heading changed
}

// Trace adds the clauses of the later text that changed or had another id.
// A clause that was removed and added elsewhere with the same id is the same
// clause, as it is for links to it.
func (c *Comparison) Trace(r *redline.Redline) {
	c.Traced = true
	gone := map[string]bool{}
	for _, cl := range r.Clauses {
		if cl.State.Has(redline.Removed) && cl.OldID != "" {
			gone[cl.OldID] = true
		}
	}
	for _, cl := range r.Clauses {
		changed := cl.State&(redline.TextChanged|redline.Renamed|redline.Added) != 0
		if cl.ID == "" || cl.State.Has(redline.Removed) || !changed && cl.ID == cl.OldID {
			continue
		}
		old := cl.OldID
		if cl.State.Has(redline.Added) && gone[cl.ID] {
			old = cl.ID
		}
		// A copy, because a substring would keep the whole text in memory.
		t := ClauseChange{ID: strings.Clone(cl.ID), Changed: changed}
		if t.OldID = t.ID; old != cl.ID {
			t.OldID = strings.Clone(old)
		}
		c.Clauses = append(c.Clauses, t)
	}
}

// pairKey returns the key of everything that a comparison depends on, except the
// program.
func pairKey(before, after *policy.Text) tree.Key {
	rules := after.Version.Policy.Rules
	return tree.NewHash("pair").Bytes(before.Digest[:]).Bytes(after.Digest[:]).
		Texts(rules.HTML, rules.DeadLinks, rules.Images).Sum()
}

// Begin begins a plan. Save omits comparisons that no Want after it has marked.
func (c *Cache) Begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wanted = map[tree.Key]bool{}
}

// Want marks the comparison of two texts as needed by the current plan.
func (c *Cache) Want(before, after *policy.Text) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.wanted != nil {
		c.wanted[pairKey(before, after)] = true
	}
}

// Comparison returns the stored comparison of two texts, and reports whether there
// is one.
func (c *Cache) Comparison(before, after *policy.Text) (Comparison, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	known, ok := c.known[pairKey(before, after)]
	return known, ok
}

// mostKnown is the maximum number of comparisons without a plan: twice what 10,000
// versions need, about 15 MB. At the maximum, Store empties the cache.
const mostKnown = 50_000

// Store stores the comparison of two texts.
func (c *Cache) Store(before, after *policy.Text, found Comparison) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil || c.wanted == nil && len(c.known) >= mostKnown {
		c.known = map[tree.Key]Comparison{}
	}
	c.known[pairKey(before, after)] = found
	c.updated = true
}

// Save returns what Bytes returns, or nil if nothing changed since the cache was
// empty or unmarshaled.
func (c *Cache) Save() []byte {
	if !c.changed() {
		return nil
	}
	return c.Bytes()
}

func (c *Cache) changed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.updated || c.Policies.Changed() {
		return true
	}
	for key := range c.known {
		if c.wanted != nil && !c.wanted[key] {
			return true
		}
	}
	return false
}

// A savedCache is the saved form of a Cache.
type savedCache struct {
	Policies []byte
	Theme    [32]byte
	Extents  map[tree.Key]Comparison
}

// Bytes returns the cache as bytes for a later process.
func (c *Cache) Bytes() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	saved := savedCache{Policies: c.Policies.Bytes(), Theme: c.tried, Extents: make(map[tree.Key]Comparison,
		len(c.wanted))}
	for key, known := range c.known {
		if c.wanted == nil || c.wanted[key] {
			saved.Extents[key] = known
		}
	}
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(saved); err != nil {
		panic("privgen: internal error: marshaling a cache: " + err.Error())
	}
	return b.Bytes()
}

// UnmarshalBinary parses the result of Bytes. Anything else is an error, after which
// the cache is empty or has only a part.
func (c *Cache) UnmarshalBinary(data []byte) error {
	c.Policies, c.known, c.tried, c.updated = policy.Cache{}, nil, [32]byte{}, false
	var saved savedCache
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&saved); err != nil {
		return err
	}
	c.known, c.tried = saved.Extents, saved.Theme
	return c.Policies.UnmarshalBinary(saved.Policies)
}
