package markdown_test

import (
	"runtime/debug"
	"testing"
)

// The tests create much garbage and keep little, so collecting it less often saves a
// quarter of the time.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(400 << 20)
	m.Run()
}
