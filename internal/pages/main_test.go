package pages_test

import (
	"runtime/debug"
	"testing"
)

// The tests make much garbage and keep little: collected less often, it costs a
// quarter less.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(400 << 20)
	m.Run()
}
