package resolve_test

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/privgen/privgen/internal/corpus"
	"github.com/privgen/privgen/internal/resolve"
	"github.com/privgen/privgen/internal/source"
)

// For every text and clause, resolving ends, its positions are right, and the result
// resolves to itself.
func FuzzResolve(f *testing.F) {
	for _, c := range cases {
		f.Add(c.in, "{{if values.no}}a{{else}}# b\n{{end}}", "A*b\n1. c")
	}
	f.Add("{{{{clause fuzz}}", "{", "{{")
	f.Add("\\{{\\", "0", "0")
	f.Add("` {{clause fuzz}} {{values.x}} `", "a ` b", "x")
	f.Fuzz(func(t *testing.T, text, clause, value string) {
		file, problem := source.Parse("content/x/draft.md", []byte(text))
		if problem != nil {
			return
		}
		fsys := fstest.MapFS{"content/_clauses/fuzz.md": {Data: []byte(clause)}}
		for name, text := range files {
			fsys["content/"+name] = &fstest.MapFile{Data: []byte(text)}
		}
		own := map[string]any{"values.x": value}
		for name, v := range values {
			own[name] = v
		}
		s := resolve.New(resolve.Options{Files: fsys, Clauses: "content/_clauses", Data: "content/_data", Language: "en", Values: own})
		out, problems := s.Resolve(file, 0, resolve.Reader{Lang: "en"})
		if problems != nil {
			if out != nil {
				t.Fatal("a text with problems was resolved")
			}
			return
		}
		if len(out.File.Text) > source.MaxSize {
			t.Fatalf("%d bytes came out", len(out.File.Text))
		}
		if !resolve.HasTags(file.Text) && out.File != file {
			t.Fatal("a text without tags was changed")
		}
		if bytes.ContainsRune([]byte(value), 0) || !s.Holds(out.Uses, resolve.Reader{Lang: "en"}) {
			if !s.Holds(out.Uses, resolve.Reader{Lang: "en"}) {
				t.Fatal("what the text used is not what it was")
			}
			return
		}
		check(t, out)
	})
}

// Published policies have no tags, so resolving does not change them.
func TestCorpus(t *testing.T) {
	t.Parallel()
	s := testResolver()
	n := 0
	corpus.Bundle(t, "genai-eu-versions", func(v corpus.Version) {
		n++
		f := &source.File{Name: "content/x/2026-01-01.md", Text: v.Text}
		out, problems := s.Resolve(f, 0, resolve.Reader{Lang: "en"})
		if problems != nil || out.File != f {
			t.Errorf("a published text was changed: %v", problems)
		}
	})
	t.Logf("%d texts", n)
}

// Clauses that include one another many times would be too long a text. They are a
// problem, found quickly.
func TestBounds(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{}
	for i := range 12 {
		name := string(rune('a' + i))
		next := string(rune('b' + i))
		fsys["content/_clauses/"+name+".md"] = &fstest.MapFile{Data: []byte(strings.Repeat("{{clause "+next+"}}\n", 30))}
	}
	fsys["content/_clauses/m.md"] = &fstest.MapFile{Data: []byte("x")}
	fsys["content/_clauses/big.md"] = &fstest.MapFile{Data: bytes.Repeat([]byte("word "), 100_000)}
	s := resolve.New(resolve.Options{Files: fsys, Clauses: "content/_clauses", Data: "content/_data", Language: "en"})
	for text, want := range map[string]string{
		"{{clause a}}\n":                                                        "clauses stand more than 8 deep in one another",
		"{{clause h}}\n":                                                        "the text becomes too long here",
		strings.Repeat("{{clause big}}\n", 20):                                  "the text becomes too long here",
		strings.Repeat("{{if site.title}}", 100_000):                            "the text becomes too long here",
		strings.Repeat("{{if site.title}}", 10_000):                             "the condition that begins here has no end",
		strings.Repeat("{{if x}}", 9_000) + strings.Repeat("{{end}}", 9_000):    "there is no value \"x\"",
		strings.Repeat("\n", 1<<21) + "{{x}}":                                   "there is no value \"x\"",
		strings.Repeat(">", 1<<20) + "a" + strings.Repeat("`", 1<<20) + "{{x}}": "there is no value \"x\"",
	} {
		_, problems := s.Resolve(&source.File{Name: "t.md", Text: []byte(text)}, 0, resolve.Reader{Lang: "en"})
		if len(problems) == 0 || problems[0].What != want {
			t.Errorf("%.40s: have %v, want %s", text, problems, want)
		}
	}
}
