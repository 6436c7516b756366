package measure

import (
	"bytes"
	"os"
	"path"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
)

// This file determines when a build collects garbage. A page leaves much garbage
// and keeps nothing, so fewer collections are better: with a limit of 120 MiB,
// they took a third of a build's CPU time. A small site never reaches the limit.

// plenty is the memory that a build uses, besides live memory, before it must
// collect, if the machine has as much.
const plenty = 280 << 20

// UseMemory sets how much memory a build uses before it collects garbage, and
// returns that limit. Call it again when the site is loaded, and when it is
// planned: that memory is live until the end, and the limit must leave as much
// for rendering. If GOGC or GOMEMLIMIT is set, it changes nothing.
func UseMemory() int64 {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return debug.SetMemoryLimit(-1)
	}
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	percent, limit := heapRule(int64(live[0].Value.Uint64()), memoryOf(os.ReadFile))
	debug.SetGCPercent(percent)
	debug.SetMemoryLimit(limit)
	return limit
}

// heapRule returns the heap growth and the memory limit for a build with the given
// live bytes on a machine with the given memory (0: unknown). The limit allows for
// live memory and half as much again, which rendering adds. A limit close to live
// memory would make the program collect all the time, so it is at least twice that.
func heapRule(live, machine int64) (percent int, limit int64) {
	limit = plenty + live + live/2
	if machine > 0 {
		limit = min(limit, machine/3)
	}
	return 400, max(limit, 2*live, 32<<20)
}

// memoryOf returns the memory that this process can use: the machine's, or what
// its control group and those above it allow, if that is less. It returns 0 on a
// system without files that have it.
func memoryOf(read func(name string) ([]byte, error)) int64 {
	var least int64
	atMost := func(n int64) {
		if n > 0 && (least == 0 || n < least) {
			least = n
		}
	}
	number := func(name string) {
		b, _ := read(name)
		n, _ := strconv.ParseInt(string(bytes.TrimSpace(b)), 10, 64) // 0 for "max"
		atMost(n)
	}
	info, _ := read("/proc/meminfo")
	for line := range bytes.Lines(info) {
		if f := bytes.Fields(line); len(f) == 3 && string(f[0]) == "MemTotal:" {
			kib, _ := strconv.ParseInt(string(f[1]), 10, 64)
			atMost(kib << 10)
		}
	}
	groups, _ := read("/proc/self/cgroup")
	for line := range strings.Lines(string(groups)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3) // hierarchy:controllers:path
		if len(parts) != 3 {
			continue
		}
		root, file := "/sys/fs/cgroup", "memory.max"
		if parts[1] == "memory" {
			root, file = "/sys/fs/cgroup/memory", "memory.limit_in_bytes"
		} else if parts[0] != "0" {
			continue
		}
		// In a container, the path is often that of the host, and the limit is at the root.
		for dir := path.Clean("/" + parts[2]); ; dir = path.Dir(dir) {
			number(path.Join(root, dir, file))
			if dir == "/" {
				break
			}
		}
	}
	return least
}
