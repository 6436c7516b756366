package main

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/record"
)

// A release that is killed at any moment is complete or absent after the next command:
// the version, its translation, and both in the record. Package disk tests a kill at
// every single step.
func TestKilledRelease(t *testing.T) {
	t.Parallel()
	took, killed, all, rounds := 60*time.Millisecond, 0, 0, 14
	if testing.Short() {
		rounds = 4
	}
	for range rounds {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "privgen.toml"), corpusConfig)
		write(t, filepath.Join(dir, "content/privacy/2026-01-01.md"), "# Privacy\n\nWe keep nothing.\n")
		if code, _, errOut := privgen(t, "lock", "--yes", "--config", dir); code != exitDone {
			t.Fatal(errOut)
		}
		write(t, filepath.Join(dir, "content/privacy/draft.md"), "# Privacy\n\nWe keep nothing at all.\n")
		write(t, filepath.Join(dir, "content/privacy/draft.de.md"), "# Datenschutz\n\nWir speichern nichts.\n")
		cmd := exec.Command("privgen", "release", "privacy", "--effective", "2027-06-01", "--yes", "--config", dir)
		began := time.Now()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(took/4+time.Duration(rand.Int64N(int64(took))), func() { cmd.Process.Kill() })
		if cmd.Wait() != nil {
			killed++
		} else {
			took = time.Since(began)
		}
		timer.Stop()
		// The next command completes or removes the release.
		mustBuild(t, "--config", dir)
		lock, err := os.ReadFile(filepath.Join(dir, record.File))
		if err != nil {
			t.Fatal(err)
		}
		parts := 0
		for _, name := range []string{"2027-06-01.md", "2027-06-01.de.md"} {
			if _, err := os.Stat(filepath.Join(dir, "content/privacy", name)); err == nil {
				parts++
			}
		}
		parts += strings.Count(string(lock), "privacy 2027-06-01 ")
		if parts != 0 && parts != 4 {
			t.Fatalf("%d of 4 parts of the release are there:\n%s", parts, lock)
		}
		if parts == 4 {
			all++
		}
	}
	t.Logf("%d of %d releases were killed; %d are there", killed, rounds, all)
	if killed == 0 {
		t.Error("no release was killed")
	}
}
