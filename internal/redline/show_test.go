package redline_test

import (
	"os"
	"testing"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/redline"
)

func TestShow(t *testing.T) {
	a, b := os.Getenv("OLD"), os.Getenv("NEW")
	if a == "" {
		t.Skip()
	}
	x, _ := os.ReadFile(a)
	y, _ := os.ReadFile(b)
	p := markdown.NewPress(1 << 24)
	before, after := take(p, string(x)), take(p, string(y))
	r := redline.Compare(before, after)
	s := *setting
	if os.Getenv("VH") == "" {
		s.Insertion, s.InsertionEnd, s.Deletion, s.DeletionEnd, s.MovedHere, s.MovedHereEnd, s.MovedAway, s.MovedAwayEnd, s.LinkChanged, s.StyleChanged = "", "", "", "", "", "", "", "", "", ""
	}
	os.Stdout.Write(r.HTML(nil, &s))
	t.Logf("%+v verdict %d share %d law %s", r.Extent, r.Verdict, r.Extent.Share(), lawful(t, before, after, r))
}

func TestDump(t *testing.T) {
	x, _ := os.ReadFile(os.Getenv("OLD"))
	p := markdown.NewPress(1 << 24)
	h, _ := take(p, string(x)).HTML(nil, &setting.Setting)
	os.Stdout.Write(h)
}

func TestDump2(t *testing.T) {
	x, _ := os.ReadFile(os.Getenv("OLD"))
	p := markdown.NewPress(1 << 24)
	h, _ := take(p, string(x)).HTML(nil, &setting.Setting)
	for _, m := range joined(sideOf(t, string(h), plainView, false).markup) {
		t.Logf("%q", m[max(0, len(m)-80):])
	}
}
