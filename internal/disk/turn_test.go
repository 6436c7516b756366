package disk_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/tree"
)

// Write renders turn by turn from the highest, within a turn stage by stage, and
// within a stage by path.
func TestTurns(t *testing.T) {
	t.Parallel()
	var drawn []string
	entry := func(path string, stage tree.Stage, turn int) tree.Entry {
		return tree.Entry{Path: path, Key: tree.NewHash(path).Sum(), Stage: stage, Turn: turn, Render: func(b *bytes.Buffer) error {
			drawn = append(drawn, path)
			b.WriteString(path)
			return nil
		}}
	}
	entries := []tree.Entry{
		entry("a/1/index.html", tree.Leaf, 1), entry("a/2/index.html", tree.Leaf, 2), entry("a/redline/1..2/index.html", tree.Leaf, 2),
		entry("a/redline/0..1/index.html", tree.Leaf, 1), entry("a/index.html", tree.List, 2), entry("style.css", tree.Asset, 0),
	}
	if _, ps, err := open(t, folder(t), "test").Write(context.Background(), tree.New(entries), disk.Options{Workers: 1}); ps != nil || err != nil {
		t.Fatal(ps, err)
	}
	want := "a/2/index.html a/redline/1..2/index.html a/index.html a/1/index.html a/redline/0..1/index.html style.css"
	if got := strings.Join(drawn, " "); got != want {
		t.Errorf("drawn %s\nwant  %s", got, want)
	}
}
