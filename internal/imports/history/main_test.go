package history_test

import (
	"runtime/debug"
	"testing"
)

// The tests create much garbage and keep little memory. Collecting it less often makes
// them a quarter faster.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(400 << 20)
	m.Run()
}
