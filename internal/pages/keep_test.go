package pages_test

import (
	"crypto/sha256"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/tree"
)

// This file tests which entries are permanent, and that only a change of the text
// changes the text of a permanent entry.

var promised = regexp.MustCompile(`^(?:[a-z]{2}/)?([a-z-]+)/(?:redline/)?(20[0-9.-]+)/index\.(?:html|md|txt)$`)

// Permalinks, redlines, and the texts beside permalinks are permanent, including the
// paths of a former name that lead to them. No other entry is.
func TestKeeps(t *testing.T) {
	t.Parallel()
	files := fixture()
	for _, e := range plan(t, files) {
		want := ""
		if m := promised.FindStringSubmatch(e.Path); m != nil {
			want = strings.Replace(m[1], "privacy-notice", "privacy", 1) + "/" + m[2]
		}
		if e.Keeps != want {
			t.Errorf("%s keeps %q, want %q", e.Path, e.Keeps, want)
		}
		if (e.Keeps == "") != (e.Text == [sha256.Size]byte{}) {
			t.Errorf("%s keeps %q with the text %x", e.Path, e.Keeps, e.Text)
		}
	}
}

// texts returns the digest of every text that a tree promises, by path.
func texts(tr tree.Tree) map[string][sha256.Size]byte {
	out := map[string][sha256.Size]byte{}
	for _, e := range tr {
		if e.Keeps != "" {
			out[e.Path] = e.Text
		}
	}
	return out
}

// Another theme, base URL, or words of the program change no permanent text. Another
// word in a text does.
func TestTextsOfPromises(t *testing.T) {
	t.Parallel()
	want := texts(plan(t, fixture()))
	if len(want) == 0 {
		t.Fatal("nothing is promised")
	}
	gazette := []string{"privgen.toml", "[organization]\n+\n[theme]\nname = \"gazette\"\n[organization]"}
	for _, name := range []string{"title", "base url", "gazette", "footer", "asset", "words", "policy title"} {
		changes := changed[name]
		if name == "gazette" {
			changes = gazette
		}
		if have := texts(plan(t, with(changes...))); !maps.Equal(have, want) {
			t.Errorf("after a change of %s, other texts are promised", name)
		}
	}
	edited := fixture()
	for _, name := range slices.Sorted(maps.Keys(edited)) {
		m := regexp.MustCompile(`^content/privacy/(20[0-9-]+)\.md$`).FindStringSubmatch(name)
		if m == nil {
			continue
		}
		edited[name] += "\nOne more word.\n"
		have := texts(plan(t, edited))
		if path := "privacy/" + m[1] + "/index.html"; have[path] == want[path] {
			t.Errorf("after a change of %s, %s promises the same text", name, path)
		}
		return
	}
	t.Error("the fixture has no version to change")
}
