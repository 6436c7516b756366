package theme_test

import (
	"runtime/debug"
	"testing"
)

// The tests allocate much and keep little: to collect less often saves a quarter
// of their time.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(400 << 20)
	m.Run()
}
