package tree_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/tree"
)

// entry returns an entry that renders a text. Equal texts have equal keys.
func entry(path, text string) tree.Entry {
	return tree.Entry{
		Path: path, Type: "text/plain", Key: tree.NewHash("test").Text(text).Sum(),
		Render: func(b *bytes.Buffer) error { b.WriteString(text); return nil },
	}
}

func paths(t tree.Tree) string {
	var list []string
	for _, e := range t {
		list = append(list, e.Path)
	}
	return strings.Join(list, " ")
}

func TestNew(t *testing.T) {
	t.Parallel()
	a, b, c := entry("privacy/index.html", "1"), entry("index.html", "2"), entry("privacy-x/index.html", "3")
	want := "index.html privacy-x/index.html privacy/index.html"
	for _, entries := range [][]tree.Entry{{a, b, c}, {c, b, a}, {b, a, c}} {
		if have := paths(tree.New(entries)); have != want {
			t.Errorf("have %s\nwant %s", have, want)
		}
	}
	if have := tree.New(nil); len(have) != 0 {
		t.Errorf("a tree of nothing has %d entries", len(have))
	}
}

func TestNewPanics(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		paths []string
	}{
		{"twice the same", []string{"a", "b", "a"}},
		{"empty", []string{""}},
		{"absolute", []string{"/etc/passwd"}},
		{"above", []string{"../a"}},
		{"above on the way", []string{"a/../../b"}},
		{"above at the end", []string{"a/.."}},
		{"an empty name", []string{"a//b"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if r := recover(); r == nil || !strings.HasPrefix(fmt.Sprint(r), "privgen: internal error: ") {
					t.Errorf("New of %q: %v, want a panic", test.paths, r)
				}
			}()
			var entries []tree.Entry
			for _, p := range test.paths {
				entries = append(entries, entry(p, "text"))
			}
			tree.New(entries)
		})
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	site := tree.New([]tree.Entry{entry("b", "1"), entry("a/index.html", "2"), entry("ab", "3"), entry(".well-known/x", "4"), entry("a..b", "5")})
	for i := range site {
		if have := site.Find(site[i].Path); have != &site[i] {
			t.Errorf("Find(%q) does not give the tree's own entry", site[i].Path)
		}
	}
	for _, path := range []string{"", "a", "a/", "c", "a/index.htm", "B"} {
		if have := site.Find(path); have != nil {
			t.Errorf("Find(%q) gives %q", path, have.Path)
		}
	}
	if tree.Tree(nil).Find("a") != nil {
		t.Error("the empty tree has a page")
	}
}

func TestHash(t *testing.T) {
	t.Parallel()
	one := tree.NewHash("x").Sum()
	sums := map[tree.Key]string{}
	for _, test := range []struct {
		name string
		hash *tree.Hash
	}{
		{"nothing", tree.NewHash("")},
		{"a kind", tree.NewHash("page")},
		{"another kind", tree.NewHash("asset")},
		{"ab, c", tree.NewHash("page").Text("ab").Text("c")},
		{"a, bc", tree.NewHash("page").Text("a").Text("bc")},
		{"abc", tree.NewHash("page").Text("abc")},
		{"abc and nothing", tree.NewHash("page").Text("abc").Text("")},
		{"nothing and abc", tree.NewHash("page").Text("").Text("abc")},
		{"a list of two", tree.NewHash("page").Texts("ab", "c")},
		{"a list of one, and a text", tree.NewHash("page").Texts("ab").Text("c")},
		{"an empty list", tree.NewHash("page").Texts()},
		{"an empty list and ab, c", tree.NewHash("page").Texts().Text("ab").Text("c")},
		{"another key", tree.NewHash("page").Key(one)},
		{"another key twice", tree.NewHash("page").Key(one).Key(one)},
		{"its bytes", tree.NewHash("page").Bytes(one[:])},
		{"a long text", tree.NewHash("page").Text(strings.Repeat("a", 1000))},
		{"a longer text", tree.NewHash("page").Text(strings.Repeat("a", 1001))},
	} {
		sum := test.hash.Sum()
		if other, ok := sums[sum]; ok {
			t.Errorf("%q and %q have the same key", test.name, other)
		}
		sums[sum] = test.name
		if sum != test.hash.Sum() {
			t.Errorf("%q has another key the second time", test.name)
		}
	}
	// Equal parts have the same key in every run and on every machine, because a
	// build saves keys for the next.
	if have, want := tree.NewHash("page").Text("ab").Texts("c", "d").Sum().String(), "c6cacc97b793a94ceb365615f4d1a69a"; have != want {
		t.Errorf("the key is %s, want %s", have, want)
	}
}
