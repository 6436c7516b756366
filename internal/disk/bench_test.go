package disk_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/tree"
)

// versions returns a site of n versions with three files of 3 KB each.
func versions(n, edited int) tree.Tree {
	var entries []tree.Entry
	text := strings.Repeat("a line of a policy\n", 160)
	for i := range n {
		for _, name := range []string{"index.html", "index.md", "index.txt"} {
			p := fmt.Sprintf("policy-%03d/2026-01-01.%d/%s", i/200, i%200, name)
			body := p + "\n" + text
			if i == 0 {
				body += fmt.Sprint(edited)
			}
			entries = append(entries, tree.Entry{Path: p, Stage: tree.Leaf, Key: tree.NewHash("v").Text(p).Text(body).Sum(),
				Render: func(b *bytes.Buffer) error { b.WriteString(body); return nil }})
		}
	}
	return tree.New(entries)
}

// build opens an output, writes a tree, and closes it, as one run of the program does.
func build(b *testing.B, dir, program string, t tree.Tree) disk.Report {
	o, p, err := disk.OpenOutput(disk.Place{Site: dir, Out: filepath.Join(dir, "public"), Program: program})
	if p != nil || err != nil {
		b.Fatal(p, err)
	}
	defer o.Close()
	r, ps, err := o.Write(context.Background(), t, disk.Options{})
	if ps != nil || err != nil {
		b.Fatal(ps, err)
	}
	return r
}

// BenchmarkWrite writes 30,000 files of 10,000 versions. "find" is the baseline.
func BenchmarkWrite(b *testing.B) {
	dir := folder(b)
	t := versions(10_000, 0)
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			os.RemoveAll(filepath.Join(dir, "public"))
			os.RemoveAll(filepath.Join(dir, ".privgen"))
			b.StartTimer()
			build(b, dir, "a", t)
		}
	})
	b.Run("nothing changed", func(b *testing.B) {
		for b.Loop() {
			if r := build(b, dir, "a", t); r.Rendered > 0 {
				b.Fatal(r.Rendered)
			}
		}
	})
	b.Run("find", func(b *testing.B) {
		for b.Loop() {
			if err := exec.Command("find", filepath.Join(dir, "public"), "-type", "f", "-printf", "%s %T@\n").Run(); err != nil {
				b.Skip(err)
			}
		}
	})
	b.Run("one version changed", func(b *testing.B) {
		for n := 1; b.Loop(); n++ {
			b.StopTimer()
			t := versions(10_000, n)
			b.StartTimer()
			if r := build(b, dir, "a", t); len(r.Written) != 3 {
				b.Fatal(r.Written)
			}
		}
	})
	b.Run("all drawn, nothing changed", func(b *testing.B) {
		build(b, dir, "a", t)
		for n := 0; b.Loop(); n++ {
			if r := build(b, dir, fmt.Sprint("b", n), t); r.Rendered != len(t) || len(r.Written) > 0 {
				b.Fatal(r.Rendered)
			}
		}
	})
}

func BenchmarkLoadState(b *testing.B) {
	state := disk.EncodeState("program", paths(50_000), make([]byte, 1<<20))
	b.SetBytes(int64(len(state)))
	for b.Loop() {
		if err := disk.LoadState(state); err != nil {
			b.Fatal(err)
		}
	}
}
