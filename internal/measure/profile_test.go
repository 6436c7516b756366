package measure

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
)

func TestProfile(t *testing.T) {
	dir := t.TempDir()
	of := Profile{CPU: filepath.Join(dir, "cpu"), Heap: filepath.Join(dir, "heap"), Timings: true}
	var out bytes.Buffer
	phases, end, err := of.Start(&out)
	if err != nil {
		t.Fatal(err)
	}
	phases.Phase("load")
	phases.Phase("write")
	if err := end(); err != nil {
		t.Fatal(err)
	}
	var begins []string
	for line := range strings.Lines(out.String()) {
		begins = append(begins, strings.Fields(line)[0])
	}
	if have := strings.Join(begins, " "); have != "phase load write total garbage" {
		t.Errorf("the lines begin with %s:\n%s", have, out.String())
	}
	for _, name := range []string{of.CPU, of.Heap} {
		if info, err := os.Stat(name); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestProfileOfNothing(t *testing.T) {
	phases, end, err := Profile{}.Start(nil)
	phases.Phase("load")
	if err != nil || end() != nil || phases != nil {
		t.Errorf("have %v, %v", phases, err)
	}
}

func TestProfileRefusesAFolder(t *testing.T) {
	if _, _, err := (Profile{CPU: t.TempDir()}).Start(nil); err == nil {
		t.Error("a profile is written to a folder")
	}
	_, end, err := Profile{Heap: t.TempDir()}.Start(nil)
	if err != nil {
		t.Fatal(err)
	}
	if end() == nil {
		t.Error("the end of a profile hides that it was not written")
	}
}

func TestUseMemory(t *testing.T) {
	percent, limit := debug.SetGCPercent(100), debug.SetMemoryLimit(-1)
	t.Cleanup(func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	})
	t.Setenv("GOMEMLIMIT", "")
	t.Setenv("GOGC", "50")
	debug.SetMemoryLimit(math.MaxInt64)
	if have := UseMemory(); have != math.MaxInt64 || debug.SetGCPercent(100) != 100 {
		t.Errorf("with GOGC, the limit becomes %d", have)
	}
	t.Setenv("GOGC", "")
	if have := UseMemory(); have < 32<<20 || have == math.MaxInt64 || debug.SetMemoryLimit(-1) != have {
		t.Errorf("the limit is %d, and %d is set", have, debug.SetMemoryLimit(-1))
	}
}
