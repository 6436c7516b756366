package record_test

import (
	"runtime/debug"
	"testing"
)

// TestMain collects garbage less often, because the tests create much and keep little:
// collections took a fifth of their CPU time.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(400 << 20)
	m.Run()
}
