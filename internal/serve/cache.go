package serve

import (
	"sync"

	"github.com/privgen/privgen/internal/tree"
)

// mostCached is the maximum number of bytes of cached entries.
const mostCached = 16 << 20

// A cache has the entries that were rendered recently, in two generations. When now
// is full, it becomes old, and old is dropped. Several goroutines can use a cache. The
// zero cache is empty.
type cache struct {
	mu       sync.Mutex
	now, old map[address][]byte
	size     int // of the current generation
}

type address struct {
	path string
	key  tree.Key
}

// get returns the bytes of an entry, or nil. The caller must not change them.
func (c *cache) get(path string, key tree.Key) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := address{path, key}
	if b := c.now[at]; b != nil {
		return b
	}
	b := c.old[at]
	if b != nil {
		c.add(at, b)
	}
	return b
}

func (c *cache) put(path string, key tree.Key, content []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.add(address{path, key}, content)
}

func (c *cache) add(at address, content []byte) {
	if c.now == nil || c.size+len(content) > mostCached/2 {
		c.old, c.now, c.size = c.now, map[address][]byte{}, 0
	}
	if content == nil {
		content = []byte{}
	}
	c.now[at] = content
	c.size += len(content)
}
