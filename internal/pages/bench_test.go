package pages_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/tree"
)

// byTime trusts sizes and modification times, which only a test may do.
func byTime(info fs.FileInfo) source.Fingerprint {
	return source.Fingerprint{Size: info.Size(), ModTime: info.ModTime().UnixNano()}
}

// large writes a site of 250 policies with 40 versions each, and returns its
// folder.
func large(b *testing.B) string {
	b.Helper()
	dir := b.TempDir()
	write := func(name, text string) {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			b.Fatal(err)
		}
	}
	write("privgen.toml", "[site]\ntitle = \"Policies\"\nbase_url = \"https://example.com/\"\n[organization]\nname = \"Example\"\n")
	var clauses strings.Builder
	for i := range 10 {
		fmt.Fprintf(&clauses, "## Case %d\n\nIn case %d we keep what you send us for %d years, and [say so](https://www.example.com/%d).\n\n", i, i, i+1, i)
	}
	for p := range 250 {
		for v := range 40 {
			day := time.Date(2015, 1, 1+100*v, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
			write(fmt.Sprintf("content/policy-%03d/%s.md", p, day),
				fmt.Sprintf("# Policy %d\n\n%sThis is version %d.\n", p, clauses.String(), v))
		}
	}
	return dir
}

// unread is a site whose texts must not be read.
type unread struct{ fs.FS }

func (u unread) Open(name string) (fs.File, error) {
	if strings.HasSuffix(name, ".md") {
		return nil, errors.New("the text is read, though it is known")
	}
	return u.FS.Open(name)
}

// BenchmarkLarge is what a build of 10,000 versions does besides drawing, and
// what it takes to draw one page.
func BenchmarkLarge(b *testing.B) {
	files := os.DirFS(large(b))
	first := input(files)
	first.Cache = &site.Cache{}
	first.Fingerprint = byTime
	s := load(b, first)
	known := first.Cache.Bytes()

	b.Run("load from memory", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			in := input(unread{files})
			in.Cache, in.Fingerprint = &site.Cache{}, byTime
			if err := in.Cache.UnmarshalBinary(known); err != nil {
				b.Fatal(err)
			}
			if _, problems := site.Load(in); problems != nil {
				b.Fatal(problems)
			}
		}
	})
	b.Run("plan", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			pages.Plan(s, now)
		}
	})
	t := pages.Plan(s, now)
	for _, kind := range []struct{ name, glob string }{
		{"draw a version", "policy-*/2*/index.html"},
		{"draw a text", "policy-*/2*/index.md"},
		{"draw an archive", "policy-*/archive/index.html"},
		{"draw the home page", "index.html"},
	} {
		b.Run(kind.name, func(b *testing.B) { drawAgain(b, t, kind.glob) })
	}
}

// drawAgain draws the entries of a pattern one after the other, as a build
// does.
func drawAgain(b *testing.B, t tree.Tree, pattern string) {
	var entries []*tree.Entry
	for i := range t {
		if ok, _ := path.Match(pattern, t[i].Path); ok {
			entries = append(entries, &t[i])
		}
	}
	if len(entries) == 0 {
		b.Fatalf("nothing is called %s", pattern)
	}
	b.ReportAllocs()
	var page bytes.Buffer
	for i := 0; b.Loop(); i++ {
		page.Reset()
		if err := entries[i%len(entries)].Render(&page); err != nil {
			b.Fatal(err)
		}
	}
}
