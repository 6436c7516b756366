package redline_test

import (
	"runtime/debug"
	"testing"
)

// The tests allocate much and keep little, so less frequent garbage collections save a
// quarter of the time.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(400 << 20)
	m.Run()
}
