package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// This file says when a build collects garbage. By the usual rule, when the heap
// has doubled, that took four percent of a build's time: most of what it makes
// is gone a moment later. So it collects when the memory is in use that
// every build may take, or when the heap is five times as large.

// useMemory lets a build take memory before it collects. It is called again when
// the site is loaded: what that holds is held until the end, and must leave as
// much for the work. Where the environment says what the Go runtime is to do,
// nothing is changed.
func useMemory() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	held := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(held)
	plenty := int64(100<<20 + 10<<20*runtime.GOMAXPROCS(0)) // for two, 120 MiB
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(max(plenty, 2*int64(held[0].Value.Uint64())))
}
