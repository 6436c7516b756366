package deploy_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/privgen/privgen/internal/tree"
)

// Of forty thousand objects three changed: three are drawn and sent, and the
// store is listed once.
func TestLarge(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("ten thousand objects take a second")
	}
	m := newMemory()
	site := small{}
	for i := range 10000 {
		site[fmt.Sprintf("p/%d/index.html", i)] = page{fmt.Sprint("page ", i), tree.Leaf, fmt.Sprintf("p/%d %d", i, i)}
	}
	run{}.must(t, m, site)
	m.calls, m.paths = map[string]int{}, nil
	p := run{}.must(t, m, site.with(small{
		"p/1/index.html":    {"another look", tree.Leaf, "p/1 1"},
		"p/5000/index.html": {"another look", tree.Leaf, "p/5000 5000"},
		"index.html":        {"home", tree.Home, ""},
	}))
	sent := slices.DeleteFunc(m.paths, own)
	if want := []string{"index.html", "p/1/index.html", "p/5000/index.html"}; !slices.Equal(sorted(sent), want) || p.Drawn != 3 {
		t.Errorf("sent %v with %d drawn, want %v", sent, p.Drawn, want)
	}
	// Beside these: the lock, twice to find out whether conditions hold, and confirmed
	// before two stages and the manifest; what is coming, the last manifest and the
	// new one. Two copies to go back to.
	if m.calls["list"] != 1 || m.calls["put"] != 11 || m.calls["copy"] != 2 || m.calls["get"] > 5 {
		t.Errorf("asked for %v", m.calls)
	}
}

func sorted(s []string) []string {
	slices.Sort(s)
	return s
}
