package record_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/normal"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/source"
)

// The vectors are texts, quoted as in Go and in JSON, each with the digest that
// sha256sum returns for its normal form.
func TestVectors(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/vectors.txt")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		sum, quoted, _ := strings.Cut(line, "  ")
		text, err := strconv.Unquote(quoted)
		if err != nil {
			t.Fatalf("%s: %v", quoted, err)
		}
		f, problem := source.Parse("vector", []byte(text))
		if problem != nil {
			t.Fatal(problem)
		}
		form := normal.Form(f.Text)
		if have := fmt.Sprintf("%x", sha256.Sum256(form)); have != sum {
			t.Errorf("%s\nbecomes %q\nwith %s", quoted, form, have)
		}
		if again := normal.Form(form); !bytes.Equal(again, form) {
			t.Errorf("%q becomes %q once more", form, again)
		}
		n++
	}
	if n < 10 {
		t.Errorf("there are %d vectors only", n)
	}
}

func sum(s string) [32]byte { return sha256.Sum256([]byte(s)) }

func sample() *record.Record {
	r := &record.Record{}
	on := func(s string) day.Day {
		d, err := day.Parse(s)
		if err != nil {
			panic(err)
		}
		return d
	}
	for i, id := range []string{"2026-01-01.10", "2026-01-01", "2024-01-01", "2026-01-01.2"} {
		e := &record.Entry{
			Key:     record.Key{Policy: "privacy", Version: id, Lang: "en"},
			Stamp:   record.Stamp{Effective: day.On(on("2026-01-01")), Updated: on("2025-12-15"), Label: `3.2 "final"`},
			Address: "privacy/" + id + "/", Digest: sum(id),
		}
		e.SetClauses([]record.Print{{Sum: 0x0a, Words: 3}, {Sum: 0xffff}})
		if i == 1 {
			e.Published = day.At(time.Date(2025, 12, 16, 9, 0, 0, 0, time.FixedZone("", 3600)))
			e.Withdrawn, e.Reason = on("2025-12-20"), "because = \\ of\nthis"
			now := *e
			now.Digest, now.Label, now.Published = sum("now"), "", day.Date{}
			now.Summary, now.Changes, now.Files = "Less.", []string{"a, \"b\"", "[c]"}, []string{"img/a b.png 00"}
			r.Add(e, on("2025-12-16"))
			if !r.Correct(e, &now, on("2026-02-03"), "Digits.") || r.Correct(e, &now, on("2026-02-04"), "None.") {
				panic("not corrected, or twice")
			}
			continue
		}
		r.Add(e, on("2025-12-16"))
	}
	short := &record.Entry{Key: record.Key{Policy: "cookies", Version: "v1", Lang: "de"}, Address: "de/cookies/v1/",
		Stamp: record.Stamp{Effective: day.On(on("2026-01-01")), Updated: on("2026-01-01")}}
	short.SetClauses([]record.Print{{}})
	r.Add(short, on("2026-01-01"))
	r.Remove(short, on("2026-05-01"), "An order of a court.")
	return r
}

// A lock file that is written and parsed again is the same record, in any order of its lines.
func TestWritten(t *testing.T) {
	t.Parallel()
	written := sample().Bytes()
	want, err := os.ReadFile("testdata/privgen.lock")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(written, want) {
		t.Errorf("the form of the file is another now:\n%s", written)
	}
	again, problems := record.Parse(written)
	if problems != nil {
		t.Fatal(problems)
	}
	if !bytes.Equal(again.Bytes(), written) {
		t.Fatalf("read and written again:\n%s", again.Bytes())
	}
	// The order of lines and the form of their ends do not matter.
	lines := strings.SplitAfter(string(written), "\n")
	for range 20 {
		shuffled := slices.Clone(lines[4:])
		rand.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		again, problems := record.Parse([]byte(strings.Join(lines[:4], "") + strings.ReplaceAll(strings.Join(shuffled, ""), "\n", "\r\n")))
		if problems != nil {
			t.Fatal(problems)
		}
		if !same(again, sample()) {
			t.Fatalf("other entries in another order:\n%s", again.Bytes())
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(sample().Bytes())
	f.Add([]byte("format 1\n\na b c released x=\"\\\""))
	f.Add([]byte("format 2\na b c released x=[\"\",\"\\\"\"] sum=0"))
	f.Add([]byte("format 1\na b c corrected day=2026-01-01 was=- reason=x\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, problems := record.Parse(raw)
		if problems != nil {
			return
		}
		written := r.Bytes()
		again, problems := record.Parse(written)
		if problems != nil {
			t.Fatalf("%q is read, and written as what is not: %v", raw, problems)
		}
		if !bytes.Equal(again.Bytes(), written) {
			t.Fatalf("%q becomes %q", written, again.Bytes())
		}
	})
}

const text = `+++
effective = 2026-01-01
+++

Before all headings, é.

# Policy

One two three.

## Keeping

- six years
- ten years

## Rights {#rights}

Ask us, in a café.
`

func siteOf(t testing.TB, text string) (*record.Site, source.Problems) {
	t.Helper()
	lib, problems := policy.Load(fstest.MapFS{"content/privacy/2026-01-01.md": {Data: []byte(text)}}, policy.Options{
		Folder: "content", Language: "en", Zone: time.UTC, Renderer: markdown.NewRenderer(1 << 20),
		Rules: markdown.Rules{HTML: "sanitize", DeadLinks: "keep", Images: "link"},
	})
	return &record.Site{Library: lib, Zone: time.UTC, Address: func(slug, version, lang string) string { return slug + "/" + version + "/" }}, problems
}

func locked(t testing.TB, s *record.Site) *record.Record {
	t.Helper()
	r := &record.Record{}
	for _, missing := range r.Missing(s.Library) {
		e, err := s.EntryOf(missing)
		if err != nil {
			t.Fatal(err)
		}
		r.Add(e, day.Day{Year: 2026, Month: 1, Dom: 1})
	}
	return r
}

// Bytes of a released file are changed at random. Check finds each change that readers
// can see, and accepts every other.
func TestEveryEdit(t *testing.T) {
	t.Parallel()
	before, problems := siteOf(t, text)
	if problems != nil {
		t.Fatal(problems)
	}
	r := locked(t, before)
	start := strings.Index(text, "+++\n\n") + len("+++\n")
	was, _ := before.Library.Body(before.Library.Policies[0].Versions[0].Authoritative())
	pieces := []string{" ", "\n", "\t", "\r\n", "\r", "x", "é", "e\u0301", "#", "\n\n", "\ufeff", "-", "*", "Å", "\u212b", ""}
	changed, same, refused := 0, 0, 0
	for i := range 4000 {
		rng := rand.New(rand.NewPCG(uint64(i), 4))
		edited := text
		for range 1 + rng.IntN(3) {
			at := start + rng.IntN(len(edited)-start+1)
			if rng.IntN(3) == 0 { // the normal form changes mostly the ends
				at = []int{start, len(edited)}[rng.IntN(2)]
			}
			end := min(len(edited), at+rng.IntN(3))
			edited = edited[:at] + pieces[rng.IntN(len(pieces))] + edited[end:]
		}
		s, problems := siteOf(t, edited)
		if problems != nil {
			refused++ // for example, it is not UTF-8: the build stops anyway
			continue
		}
		is, _ := s.Library.Body(s.Library.Policies[0].Versions[0].Authoritative())
		found := r.Check(s)
		if equal := markdown.Same(was, is); equal != (len(found) == 0) {
			t.Fatalf("%q\nis the same: %v; problems: %v", edited, equal, found)
		} else if equal {
			same++
		} else {
			changed++
			if found[0].Code != "changed-text" {
				t.Fatalf("%v", found)
			}
		}
	}
	t.Logf("%d changed, %d the same, %d refused", changed, same, refused)
	if changed < 500 || same < 100 {
		t.Errorf("%d changed and %d the same are too few to tell", changed, same)
	}
}

func TestDifferences(t *testing.T) {
	t.Parallel()
	before, _ := siteOf(t, text)
	e := locked(t, before).Entries()[0]
	for _, c := range []struct{ name, old, new, want string }{
		{"a word", "six years", "seven long years", `"Keeping" has 6 words, and had 5`},
		{"as many words", "six", "two", `"Keeping" changed (5 words before and after)`},
		{"a soft hyphen", "six", "si\u00ADx", `in "Keeping" only characters changed that a reader cannot see: +1 <U+00AD>`},
		{"spaces of two kinds", "- six years\n- ten years", "- six\u00A0years\n- ten\u202Fyears",
			`in "Keeping" only characters changed that a reader cannot see: +1 <U+00A0>, +1 <U+202F>`},
		{"a no-break space that is new, and a word", "six years", "seven\u00A0years", `"Keeping" changed (5 words before and after)`},
		{"an override in a heading", "# Policy", "# Pol\u202Eicy", `in "Pol\u202eicy" only characters changed that a reader cannot see: +1 <U+202E>`},
		{"a zero width space before the first heading", "Before all", "Be\u200Bfore all",
			`in the beginning only characters changed that a reader cannot see: +1 <U+200B>`},
		{"a heading", "# Policy", "# Policies", `"Policies" changed (4 words before and after)`},
		{"before the first heading", "Before all", "Above", `the beginning has 3 words, and had 4`},
		{"a clause is gone", "## Keeping\n\n- six years\n- ten years\n\n", "", `after "Policy" a clause of 5 words is gone`},
		{"a clause is new", "## Rights", "## More\n\nMuch.\n\n## Rights", `"More" is new, with 2 words`},
		{"the first is gone", "Before all headings, é.\n\n", "", `a clause of 4 words at the beginning is gone`},
		{"two", "six years\n- ten years\n\n## Rights {#rights}\n\nAsk us", "years\n\n## Rights {#rights}\n\nAsk", `"Keeping" has 2 words, and had 5; "Rights" has 5 words, and had 6`},
	} {
		s, problems := siteOf(t, strings.Replace(text, c.old, c.new, 1))
		if problems != nil {
			t.Fatal(problems)
		}
		b, err := s.Library.Body(s.Library.Policies[0].Versions[0].Authoritative())
		if err != nil {
			t.Fatal(err)
		}
		var have []string
		for _, d := range e.Differences(b, nil) {
			have = append(have, d.String())
		}
		if have := strings.Join(have, "; "); have != c.want {
			t.Errorf("%s:\nhave %s\nwant %s", c.name, have, c.want)
		}
	}
}

// If the released text is known, differences name the words that changed.
func TestDifferencesNameWords(t *testing.T) {
	t.Parallel()
	long := "six " + strings.TrimSpace(strings.Repeat("and again ", 20))
	for _, c := range []struct{ old, was, is, want string }{
		{"six", "six", "seven long", `in "Keeping", "six" is now "seven long"`},
		{"six", "six", "six full", `in "Keeping", "full" is new`},
		{"six", "six", long, `in "Keeping", "and again and again and again and again … and again and again and again and again" is new`},
		{"six", "six", "si\u00ADx", `in "Keeping" only characters changed that a reader cannot see: +1 <U+00AD>`},
		{"six years", "記録は六年間保存します。", "記録は七年間保存します。", `in "Keeping", "六" is now "七"`},
		{"six", "caf\u00E9 six full", "cafe\u0301 seven full", `in "Keeping", "six" is now "seven"`},
		{"- ten years\n", "- ten years\n", "", `in "Keeping", "- ten years" is gone`},
		{"Ask us", "Ask us", "Ask them", `in "Rights", "us," is now "them,"`},
		{"## Rights", "## Rights", "## More\n\nMuch.\n\n## Rights", `"More" is new, with 2 words`},
	} {
		before, _ := siteOf(t, strings.Replace(text, c.old, c.was, 1))
		now, problems := siteOf(t, strings.Replace(text, c.old, c.is, 1))
		if problems != nil {
			t.Fatal(problems)
		}
		var bodies [2]*markdown.Body
		for i, s := range []*record.Site{before, now} {
			b, err := s.Library.Body(s.Library.Policies[0].Versions[0].Authoritative())
			if err != nil {
				t.Fatal(err)
			}
			bodies[i] = b
		}
		var have []string
		for _, d := range locked(t, before).Entries()[0].Differences(bodies[1], bodies[0]) {
			have = append(have, d.String())
		}
		if have := strings.Join(have, "; "); have != c.want {
			t.Errorf("%q to %q:\nhave %s\nwant %s", c.was, c.is, have, c.want)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	r := &record.Record{}
	for i := range 10000 {
		e := *sample().Entries()[0]
		e.Key = record.Key{Policy: fmt.Sprintf("policy-%d", i%40), Version: fmt.Sprintf("2026-01-01.%d", i+2), Lang: "en-GB"}
		prints := make([]record.Print, 25)
		for j := range prints {
			prints[j] = record.Print{Sum: uint16(i * j), Words: 118}
		}
		e.SetClauses(prints)
		r.Add(&e, day.Day{Year: 2026, Month: 1, Dom: 1})
	}
	raw := r.Bytes()
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if _, problems := record.Parse(raw); problems != nil {
			b.Fatal(problems)
		}
	}
}
