package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// This file has the chain: the lines of the file, and the facts that each confirms.

const head = `# What was released, by policy. Written by privgen release, lock and correct;
# commit it. Lines are added and never changed; in a merge, keep those of both sides.
format 2
`

// A chain has the lines of a record. The zero chain is that of a new record.
type chain struct {
	lines []chainLine         // as they were read
	added []chainLine         // in the order in which they were recorded
	sums  map[string]int      // the line of each fact, from 1, or 0 if it is new
	after map[string][]string // the sums that each fact confirms
}

// A chainLine is a line of the file: a fact, a comment, or a blank line.
type chainLine struct {
	text   string
	policy string // of a fact
	sum    string
}

// note adds the sum of a fact in line n, and the sums of the facts that it confirms.
func (c *chain) note(n int, sum string, after []string) {
	if c.sums == nil {
		c.sums, c.after = map[string]int{}, map[string][]string{}
	}
	c.sums[sum], c.after[sum] = n, after
}

// Confirms returns a function that reports whether the entry confirms another: whether
// the lock file already had the other when this one was released.
func (e *Entry) Confirms(r *Record) func(other *Entry) bool {
	seen := map[string]bool{}
	for next := slices.Clone(e.first); len(next) > 0; {
		s := next[len(next)-1]
		if next = next[:len(next)-1]; !seen[s] {
			seen[s] = true
			next = append(next, r.chain.after[s]...)
		}
	}
	return func(other *Entry) bool {
		return slices.ContainsFunc(other.first, func(s string) bool { return seen[s] })
	}
}

// Last reports whether the release of the entry is the last recorded fact, or one of the
// last after a merge.
func (e *Entry) Last(r *Record) bool { return slices.Contains(r.Ends(), e.first[0]) }

// ends returns the sums of the facts that no other confirms, in the order of the file.
func (c *chain) ends() []string {
	if n := len(c.added); n > 0 { // which confirms all others
		return []string{c.added[n-1].sum}
	}
	named := map[string]bool{}
	for _, after := range c.after {
		for _, s := range after {
			named[s] = true
		}
	}
	var out []string
	for _, l := range c.lines {
		if l.sum != "" && !named[l.sum] {
			out = append(out, l.sum)
		}
	}
	return out
}

// add records a new fact, and returns its sum.
func (c *chain) add(k Key, kind string, fields []Field) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s %s", k.Policy, k.Version, k.Lang, kind)
	for _, f := range fields {
		field(&b, f.Name, f.Value)
	}
	after := c.ends()
	field(&b, "after", strings.Join(after, ","))
	raw := sha256.Sum256([]byte(b.String()))
	sum := hex.EncodeToString(raw[:])
	field(&b, "sum", sum)
	c.added = append(c.added, chainLine{b.String(), k.Policy, sum})
	c.note(0, sum, after)
	return sum
}

// Bytes returns the content of the lock file: the lines that were read, and below
// those of each policy the lines that were added. A new policy is inserted by its
// name, with a blank line.
func (r *Record) Bytes() []byte {
	c := &r.chain
	added := map[string][]chainLine{}
	for _, l := range c.added {
		added[l.policy] = append(added[l.policy], l)
	}
	last := map[string]int{}
	for i, l := range c.lines {
		if l.policy != "" {
			last[l.policy] = i
		}
	}
	var fresh []string // policies without a line so far
	for p := range added {
		if _, had := last[p]; !had {
			fresh = append(fresh, p)
		}
	}
	slices.Sort(fresh)
	var b bytes.Buffer
	write := func(lines []chainLine) {
		for _, l := range lines {
			b.WriteString(l.text)
			b.WriteByte('\n')
		}
	}
	if len(c.lines) == 0 {
		b.WriteString(head)
	}
	for i, l := range c.lines {
		for len(fresh) > 0 && l.policy > fresh[0] {
			write(added[fresh[0]])
			write([]chainLine{{}})
			fresh = fresh[1:]
		}
		write([]chainLine{l})
		if l.policy != "" && last[l.policy] == i {
			write(added[l.policy])
		}
	}
	for _, p := range fresh {
		write([]chainLine{{}})
		write(added[p])
	}
	return b.Bytes()
}

// Ends returns the sums of the facts that no other confirms. A record that still has
// these facts has everything that was recorded before them.
func (r *Record) Ends() []string {
	if r == nil {
		return nil
	}
	return r.chain.ends()
}

// Lacks returns those of the sums that are not in the record.
func (r *Record) Lacks(sums []string) []string {
	return slices.DeleteFunc(slices.Clone(sums), func(s string) bool {
		if r == nil {
			return false
		}
		_, known := r.chain.sums[s]
		return known
	})
}

// field writes a field, unless it is empty.
func field(b *strings.Builder, name, value string) {
	if value == "" {
		return
	}
	if slices.Contains(quoted, name) || !plain(value) {
		value = quote(value)
	}
	b.WriteByte(' ')
	b.WriteString(name)
	b.WriteByte('=')
	b.WriteString(value)
}

// plain reports whether a value needs no quotes: it is a word or a list.
func plain(value string) bool {
	control := func(r rune) bool { return r < ' ' }
	return value[0] == '[' && json.Valid([]byte(value)) ||
		!strings.ContainsAny(value, " \"\\") && !strings.ContainsFunc(value, control)
}

// quote returns a string or a list of strings as JSON, without unnecessary escapes.
func quote(s any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic("privgen: internal error: " + err.Error()) // strings can always be encoded
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// Line returns the line of a fact that was read from the file, by its sum; or "".
func (r *Record) Line(sum string) string {
	for _, l := range r.chain.lines {
		if l.sum == sum {
			return l.text
		}
	}
	return ""
}
