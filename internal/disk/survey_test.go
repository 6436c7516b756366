package disk_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/disk"
)

// A folder with the same fingerprint is not read again, but each build reports what a
// build that reads it would report.
func TestKnownFolders(t *testing.T) {
	t.Parallel()
	less, deep := maps.Clone(before), maps.Clone(before)
	delete(less, "old/index.html")
	delete(deep, "old/deep/er/index.html")
	for _, c := range []struct {
		name    string
		first   func(t *testing.T, out string) // before the folders are known
		do      func(t *testing.T, out string)
		then    site
		foreign []string
	}{
		{name: "nothing", then: before},
		{name: "a page is edited in place", do: func(t *testing.T, out string) { disguise(t, out+"/privacy/index.html") }, then: before},
		{name: "a page is gone", do: func(t *testing.T, out string) { os.Remove(out + "/privacy/index.html") }, then: before},
		{name: "a page is a link", do: func(t *testing.T, out string) {
			os.Remove(out + "/same.txt")
			os.Symlink("index.html", out+"/same.txt")
		}, then: before},
		{name: "a file", do: func(t *testing.T, out string) { put(t, out+"/old/deep/note", "mine") }, then: before, foreign: []string{"old/deep/note"}},
		{name: "a file that was there", first: func(t *testing.T, out string) { put(t, out+"/old/deep/note", "mine") }, then: before, foreign: []string{"old/deep/note"}},
		{name: "a page that is left, since somebody changed it", do: func(t *testing.T, out string) { disguise(t, out+"/old/index.html") },
			then: less, foreign: []string{"old/index.html"}},
		{name: "a folder that is left, since it has a file", first: func(t *testing.T, out string) { put(t, out+"/old/deep/er/note", "mine") },
			then: deep, foreign: []string{"old/deep/"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t)
			out := filepath.Join(dir, "public")
			changed(t, dir, stat(t, dir+"/privgen.toml"))
			write(t, dir, before)
			if c.first != nil {
				c.first(t, out)
			}
			time.Sleep(200 * time.Millisecond) // what is newer has no fingerprint
			write(t, dir, before)
			settle(t, dir)
			state, err := os.ReadFile(dir + "/.privgen/public/state")
			if err != nil {
				t.Fatal(err)
			}
			unknown := 0
			if c.first != nil {
				unknown = 1
			}
			if known, all := disk.KnownFolders(state); known != all-unknown || all != 8 {
				t.Fatalf("%d of %d folders are known", known, all)
			}
			if c.do != nil {
				c.do(t, out)
			}
			write(t, dir, c.then)
			for range 3 { // the first reports what was left, as kept or as foreign
				r := write(t, dir, c.then)
				if fmt.Sprint(r.Foreign) != fmt.Sprint(c.foreign) || r.Rendered > 0 || len(r.Written)+len(r.Kept) > 0 {
					t.Errorf("have %+v, want foreign files %q", r, c.foreign)
				}
				time.Sleep(120 * time.Millisecond)
			}
			fresh := folder(t)
			write(t, fresh, c.then)
			for name, text := range contents(t, fresh) {
				if have := contents(t, dir)[name]; have != text {
					t.Errorf("%s has %q, want %q", name, have, text)
				}
			}
		})
	}
}
