package main

import (
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// BenchmarkSample builds the sample site, from the start of the process to its
// end. Command bench measures larger sites.
func BenchmarkSample(b *testing.B) {
	config := filepath.Join("..", "..", "privgen.toml")
	build := func(b *testing.B, out string) {
		// TestMain adds privgen to the PATH.
		if said, err := exec.Command("privgen", "build", "--config", config, "--out", out).CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, said)
		}
	}
	b.Run("first build", func(b *testing.B) {
		dir := b.TempDir()
		for n := 0; b.Loop(); n++ {
			build(b, filepath.Join(dir, strconv.Itoa(n)))
		}
	})
	b.Run("nothing changed", func(b *testing.B) {
		dir := b.TempDir()
		for b.Loop() {
			build(b, filepath.Join(dir, "out"))
		}
	})
}
