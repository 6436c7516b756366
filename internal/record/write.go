package record

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

const head = `# What was released, by version and language. Written by privgen release, lock and
# correct; commit it. In a merge, keep the lines of both sides.
format 1
`

// Bytes gives the record as it is written to its file.
func (r *Record) Bytes() []byte {
	b := bytes.NewBufferString(head)
	before := ""
	for _, e := range r.Entries() {
		if e.Policy != before {
			b.WriteByte('\n')
			before = e.Policy
		}
		e.write(b)
	}
	return b.Bytes()
}

func (e *Entry) write(b *bytes.Buffer) {
	fmt.Fprintf(b, "%s %s %s released", e.Policy, e.Version, e.Lang)
	for _, f := range e.Stamp.fields() {
		field(b, f.Field, f.Is)
	}
	field(b, "reason", e.Reason)
	field(b, "address", e.Address)
	field(b, "sha256", hex.EncodeToString(e.Digest[:]))
	field(b, "clauses", e.clauses)
	b.WriteByte('\n')
	sorted := slices.Clone(e.Corrections)
	slices.SortStableFunc(sorted, func(a, b Correction) int { return a.Day.Compare(b.Day) })
	for _, c := range sorted {
		fmt.Fprintf(b, "%s %s %s corrected day=%s was=%x", e.Policy, e.Version, e.Lang, c.Day, c.Was)
		for _, m := range c.Stamp {
			if m.Was == "" {
				m.Was = none
			}
			field(b, m.Field+"-was", m.Was)
		}
		field(b, "reason", c.Reason)
		b.WriteByte('\n')
	}
}

// none is a field of a stamp that was not there.
const none = "-"

// field writes a field that is not empty. What the author worded is quoted.
func field(b *bytes.Buffer, name, value string) {
	if value == "" {
		return
	}
	if name == "label" || name == "label-was" && value != none || name == "reason" {
		value = quote(value)
	}
	b.WriteByte(' ')
	b.WriteString(name)
	b.WriteByte('=')
	b.WriteString(value)
}

// quote writes a JSON string, with characters as they are where JSON lets them.
func quote(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return strconv.Quote(s) // cannot be: a string is always JSON
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}
