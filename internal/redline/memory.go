package redline

import (
	"sync"
	"unsafe"
)

// This file caches results of comparisons. The versions of a policy share most of their
// passages, so two comparisons of them often have the same gaps, with the same words.

// A memory caches results by a digest of their inputs, for all goroutines. It has two halves:
// when one is full, it drops the older half. Results are shared and must not be changed.
type memory[V any] struct {
	mu          sync.Mutex
	now, before map[digest][]V // the newer half; the older half
	size        int            // of now, in bytes
}

const fullMemory = 1 << 20 // bytes of one half

// get returns a cached result, and whether there is one. It moves it to the newer half.
func (m *memory[V]) get(of digest) ([]V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.now[of]
	if !ok {
		if v, ok = m.before[of]; ok {
			m.add(of, v)
		}
	}
	return v, ok
}

// put caches a result.
func (m *memory[V]) put(of digest, result []V) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.add(of, result)
}

func (m *memory[V]) add(of digest, result []V) {
	if m.now == nil || m.size > fullMemory {
		m.now, m.before, m.size = map[digest][]V{}, m.now, 0
	}
	m.now[of] = result
	var one V
	m.size += 100 + len(result)*int(unsafe.Sizeof(one))
}

// A digest is a hash of all inputs of a result.
type digest [2]uint64

func (d *digest) add(x uint64) {
	d[0] = (d[0] ^ x) * 0x9E3779B97F4A7C15
	d[1] = d[1]*0xC2B2AE3D27D4EB4F + x
}

func (d *digest) addAll(row []uint64) {
	d.add(uint64(len(row)))
	for _, x := range row {
		d.add(x)
	}
}

var (
	knownGaps  memory[step] // the steps of gaps
	knownDiffs memory[Run]  // the hunks of long sequences
)
