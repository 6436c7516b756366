package redline

import (
	"sync"
	"unsafe"
)

// This file caches results of comparisons. The versions of a policy share most of their
// passages, so two comparisons of them often have the same gaps, with the same words.

// A memory caches results by a digest of their inputs. If it is full, it drops the least
// recently used result. Its results are shared, and must not be changed.
type memory[V any] struct {
	mu          sync.Mutex
	now, before map[digest][]V
	size        int // of what is in now, in bytes
}

const fullMemory = 1 << 20 // bytes of half a memory

// get returns a result, and whether there is one.
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

// put adds a result.
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

// A digest is of what a result was made of.
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
	knownGaps  memory[step]
	knownDiffs memory[Run]
)
