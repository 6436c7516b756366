package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A build that is killed at any moment leaves complete files, each of the old or of
// the new site. The result of the next build is the same as without the kill.
func TestKilledBuild(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "privgen.toml"), corpusConfig)
	for i := range 120 {
		slug := fmt.Sprintf("policy-%d", i%4)
		name := filepath.Join(dir, "content", slug, fmt.Sprintf("20%02d-%02d-01.md", 1+i/4/12, 1+i/4%12))
		write(t, name, fmt.Sprintf("# Policy %d\n\n%s", i%4, strings.Repeat(fmt.Sprintf("## Clause of version %d\n\nWe keep nothing.\n\n", i), 30)))
	}
	// Two sites with the same texts. Every page differs.
	urls := []string{"https://one.example/", "https://two.example/legal/"}
	var sites []map[string]string
	for i, url := range urls {
		mustBuild(t, "--config", dir, "--base-url", url, "--out", filepath.Join(dir, fmt.Sprint("want", i)))
		files, err := contents(filepath.Join(dir, fmt.Sprint("want", i)))
		if err != nil {
			t.Fatal(err)
		}
		sites = append(sites, files)
	}
	out := filepath.Join(dir, "public")
	took, killed, rounds := 400*time.Millisecond, 0, 20
	if testing.Short() {
		rounds = 5
	}
	for round := range rounds {
		cmd := exec.Command("privgen", "build", "--quiet", "--config", dir, "--base-url", urls[round%2])
		cmd.Stderr = os.Stderr
		began := time.Now()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(rand.Int64N(int64(took))), func() { cmd.Process.Kill() })
		if cmd.Wait() != nil {
			killed++
		} else {
			took = time.Since(began)
		}
		timer.Stop()
		left, err := contents(out)
		if err != nil {
			t.Fatal(err)
		}
		for name, text := range left {
			if name != ".privgen" && text != sites[0][name] && text != sites[1][name] {
				t.Fatalf("round %d: %s is of neither site: %.200q", round, name, text)
			}
		}
	}
	t.Logf("%d of %d builds were killed", killed, rounds)
	if killed == 0 {
		t.Error("no build was killed")
	}
	for i, url := range urls {
		if code, _, errOut := privgen(t, "build", "--config", dir, "--base-url", url); code != exitDone {
			t.Fatal(errOut)
		}
		same(t, filepath.Join(dir, fmt.Sprint("want", i)), out)
	}
	if _, err := os.Stat(filepath.Join(dir, ".privgen/public/stage")); err == nil {
		t.Error("staging is left")
	}
}
