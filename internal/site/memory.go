package site

import (
	"bytes"
	"encoding/gob"
	"sync"

	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/tree"
)

// A Memory is what was learned of a site the last time: of its files, and of
// how much changed between texts, and where. It never changes what pages show, only how
// long it takes to draw them. The zero Memory is empty and ready.
type Memory struct {
	Policies policy.Memory

	mu     sync.Mutex
	known  map[tree.Key]learned
	wanted map[tree.Key]bool // by the pages of the last plan; all else is forgotten
	taught bool              // something was learned since the memory was empty or unmarshaled
}

// learned is how much changed between two texts, and where that is shown (see
// plan.traces), in which clauses.
type learned struct {
	Verdict redline.Verdict
	Extent  redline.Extent
	Traced  bool
	Clauses []trace // of the later text, those that changed or had another id
}

// pairKey is the key of all that a comparison depends on, but the program.
func pairKey(before, after *policy.Text) tree.Key {
	rules := after.Version.Policy.Rules
	return tree.NewHash("pair").Bytes(before.Digest[:]).Bytes(after.Digest[:]).Texts(rules.HTML, rules.DeadLinks, rules.Images).Sum()
}

// next begins a plan: what it does not want is forgotten.
func (m *Memory) next() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.wanted = map[tree.Key]bool{}
}

func (m *Memory) want(before, after *policy.Text) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.wanted != nil {
		m.wanted[pairKey(before, after)] = true
	}
}

func (m *Memory) recall(before, after *policy.Text) (learned, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l, ok := m.known[pairKey(before, after)]
	return l, ok
}

// mostKnown is how many comparisons are remembered where no plan says which are
// wanted: twice what 10,000 versions have, and about 15 MB.
const mostKnown = 50_000

func (m *Memory) learn(before, after *policy.Text, l learned) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil || m.wanted == nil && len(m.known) >= mostKnown {
		m.known = map[tree.Key]learned{}
	}
	m.known[pairKey(before, after)] = l
	m.taught = true
}

// Save returns what Bytes returns, or nil if that is what was unmarshaled.
func (m *Memory) Save() []byte {
	if !m.changed() {
		return nil
	}
	return m.Bytes()
}

func (m *Memory) changed() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.taught || m.Policies.Changed() {
		return true
	}
	for key := range m.known {
		if m.wanted != nil && !m.wanted[key] {
			return true
		}
	}
	return false
}

// A kept is a Memory as bytes hold it.
type kept struct {
	Policies []byte
	Extents  map[tree.Key]learned
}

// Bytes gives the memory as bytes to be kept until the next time.
func (m *Memory) Bytes() []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := kept{Policies: m.Policies.Bytes(), Extents: make(map[tree.Key]learned, len(m.wanted))}
	for key, l := range m.known {
		if m.wanted == nil || m.wanted[key] {
			k.Extents[key] = l
		}
	}
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(k); err != nil {
		panic("privgen: internal error: keeping a memory: " + err.Error())
	}
	return b.Bytes()
}

// UnmarshalBinary takes what Bytes gave. Anything else is an error, and leaves
// the memory empty.
func (m *Memory) UnmarshalBinary(data []byte) error {
	m.Policies, m.known, m.taught = policy.Memory{}, nil, false
	var k kept
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&k); err != nil {
		return err
	}
	m.known = k.Extents
	return m.Policies.UnmarshalBinary(k.Policies)
}
