package record_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/record"
)

// A flipped bit in any byte of a fact is found. One bit for each byte is enough.
func TestEveryFlip(t *testing.T) {
	t.Parallel()
	whole := sample().Bytes()
	start := bytes.Index(whole, []byte("format"))
	for i := start; i < len(whole); i++ {
		flipped := slices.Clone(whole)
		flipped[i] ^= 1 << (i % 8)
		if r, problems := record.Parse(flipped); problems == nil && !bytes.Equal(bytes.TrimSpace(flipped[start:]), bytes.TrimSpace(whole[start:])) {
			if same(r, sample()) && whole[i] == '\n' {
				continue // a blank line became a comment, or the last line end something blank
			}
			t.Errorf("byte %d, %q in %q, was flipped, and nothing was found", i, whole[i], whole[max(0, i-20):min(len(whole), i+20)])
		}
	}
}

// A line that is removed or commented out is found, except for the last one, which
// no other confirms yet.
func TestEveryRemoval(t *testing.T) {
	t.Parallel()
	r := sample()
	ends := r.Ends()
	if len(ends) != 1 {
		t.Fatalf("the chain has the ends %v", ends)
	}
	lines := strings.SplitAfter(string(r.Bytes()), "\n")
	n := 0
	for i, line := range lines {
		if line == "" || line == "\n" || line[0] == '#' {
			continue
		}
		for _, instead := range []string{"", "#" + line} {
			short := slices.Clone(lines)
			short[i] = instead
			again, problems := record.Parse([]byte(strings.Join(short, "")))
			switch last := strings.Contains(line, "sum="+ends[0]); {
			case last && problems != nil:
				t.Errorf("the last line is gone: %v", problems)
			case last && !slices.Equal(again.Lacks(ends), ends):
				t.Error("the record does not lack the line that is gone")
			case !last && problems == nil:
				t.Errorf("a line is gone, and nothing was found: %s", line)
			}
		}
		n++
	}
	if n < 8 {
		t.Errorf("only %d lines were removed", n)
	}
}

// Two branches record different facts. Their lines, in any order, are one record, and the
// next fact confirms both.
func TestBranches(t *testing.T) {
	t.Parallel()
	on := day.Day{Year: 2026, Month: 6, Dom: 1}
	base := sample().Bytes()
	entry := func(policy string) *record.Entry {
		e := *sample().Entries()[1]
		e.Key, e.Address, e.Corrections = record.Key{Policy: policy, Version: "2026-07-01", Lang: "en"}, policy+"/2026-07-01/", nil
		return &e
	}
	added := func(policies ...string) []string {
		r, problems := record.Parse(base)
		if problems != nil {
			t.Fatal(problems)
		}
		for _, p := range policies {
			r.Add(entry(p), on)
		}
		var out []string
		for line := range strings.Lines(string(r.Bytes())) {
			if !bytes.Contains(base, []byte(line)) {
				out = append(out, line)
			}
		}
		return out
	}
	a, b := added("privacy", "terms"), added("data", "privacy")
	for _, lines := range [][]string{slices.Concat(a, b), slices.Concat(b, a)} {
		r, problems := record.Parse([]byte(string(base) + strings.Join(lines, "")))
		if problems != nil {
			t.Fatal(problems) // both branches released the same text
		}
		ends := r.Ends()
		if len(ends) != 2 {
			t.Fatalf("after a merge the chain has the ends %v", ends)
		}
		r.Add(entry("cookies"), on)
		if again, problems := record.Parse(r.Bytes()); problems != nil || len(again.Ends()) != 1 || len(again.Lacks(ends)) > 0 {
			t.Fatalf("%v\n%s", problems, r.Bytes())
		}
		for _, line := range lines {
			if _, problems := record.Parse(bytes.Replace(r.Bytes(), []byte(line), nil, 1)); problems == nil {
				t.Errorf("what one branch recorded is gone, and nothing was found: %s", line)
			}
		}
	}
	other := entry("privacy")
	other.Label = "another"
	r, _ := record.Parse(base)
	r.Add(other, on)
	line := strings.SplitAfter(string(r.Bytes()), "\n")
	merged := string(base) + strings.Join(a, "")
	for _, l := range line {
		if strings.Contains(l, `label="another"`) {
			merged += l
		}
	}
	if _, problems := record.Parse([]byte(merged)); len(problems) != 1 || problems[0].Code != "duplicate-record" {
		t.Errorf("two branches released different texts under one name: %v", problems)
	}
}

func same(a, b *record.Record) bool {
	return slices.EqualFunc(a.Entries(), b.Entries(), func(a, b *record.Entry) bool {
		return a.Key == b.Key && a.Digest == b.Digest && a.On == b.On && len(a.Corrections) == len(b.Corrections) && len(a.Since(&b.Stamp)) == 0 && (a.Removed == nil) == (b.Removed == nil)
	})
}
