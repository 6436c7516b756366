package measure

import (
	"errors"
	"testing"
)

func TestMemoryOf(t *testing.T) {
	const gib = 1 << 30
	for _, c := range []struct {
		name  string
		files map[string]string
		want  int64
	}{
		{"nothing is known", nil, 0},
		{"the machine", map[string]string{"/proc/meminfo": "MemTotal:       2097152 kB\nMemFree: 1 kB\n"}, 2 * gib},
		{"a group above", map[string]string{
			"/proc/meminfo":                 "MemTotal: 2097152 kB\n",
			"/proc/self/cgroup":             "0::/a/b\n",
			"/sys/fs/cgroup/a/b/memory.max": "max\n",
			"/sys/fs/cgroup/a/memory.max":   "1073741824\n",
		}, gib},
		{"a container that sees the path of the host", map[string]string{
			"/proc/self/cgroup":         "0::/../../pod\n",
			"/sys/fs/cgroup/memory.max": "268435456\n",
		}, gib / 4},
		{"version 1", map[string]string{
			"/proc/meminfo":     "MemTotal: 2097152 kB\n",
			"/proc/self/cgroup": "5:cpu:/x\n4:memory:/x\n",
			"/sys/fs/cgroup/memory/x/memory.limit_in_bytes": "536870912\n",
			"/sys/fs/cgroup/memory/memory.limit_in_bytes":   "9223372036854771712\n",
		}, gib / 2},
	} {
		got := memoryOf(func(name string) ([]byte, error) {
			if s, ok := c.files[name]; ok {
				return []byte(s), nil
			}
			return nil, errors.New("not found")
		})
		if got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

func TestHeapRule(t *testing.T) {
	for _, c := range []struct{ live, machine, want int64 }{
		{2 << 20, 0, plenty + 3<<20},
		{2 << 20, 24 << 30, plenty + 3<<20},
		{1 << 20, 300 << 20, 100 << 20},
		{1 << 20, 30 << 20, 32 << 20},
		{400 << 20, 24 << 30, plenty + 600<<20},
		{800 << 20, 24 << 30, 1600 << 20},
		{100 << 20, 300 << 20, 200 << 20},
	} {
		if _, limit := heapRule(c.live, c.machine); limit != c.want {
			t.Errorf("%d bytes live of %d: limit %d, want %d", c.live, c.machine, limit, c.want)
		}
	}
}
