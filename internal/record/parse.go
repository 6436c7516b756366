package record

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/source"
)

// Parse parses a lock file strictly. If there are problems, the record is nil.
func Parse(raw []byte) (*Record, source.Problems) {
	p := &parser{record: &Record{settings: map[string][]Field{}}}
	if !utf8.Valid(raw) {
		p.problem(1, "bad-record", "the lock file is not UTF-8 text", restore)
		return nil, p.problems
	}
	text := strings.TrimPrefix(string(raw), "\uFEFF")
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimRight(line, "\r\n")
		p.record.chain.lines = append(p.record.chain.lines, chainLine{text: line})
		if line == "" || line[0] == '#' {
			continue
		}
		if !p.line(n, line) {
			break
		}
	}
	if p.format == 0 && len(p.problems) == 0 {
		p.problem(1, "bad-record", "the lock file does not state its format", restore)
	}
	if len(p.problems) < most && p.format > 1 {
		p.linked()
	}
	p.attach()
	if len(p.problems) > 0 {
		return nil, p.problems.Sort()
	}
	return p.record, nil
}

const restore = "put back the file as it was committed: git checkout " + File

// A parser is the state of one Parse.
type parser struct {
	record   *Record
	follow   []*fact // corrections and removals, in the order of the file
	chained  []*fact // all facts of format 2
	problems source.Problems
	format   int     // 0 before its line
	list     []Field // of the last fact; its memory is reused
	merge    bool    // a merge marker was found
}

// A fact is a line that was read.
type fact struct {
	Entry  // the text as it is from then on
	kind   string
	of     string   // the sum of the fact that it corrects
	sum    string   // its own
	after  []string // the sums that it confirms
	reason string

	settings []Field    // of a policy or the site
	c        Correction // of format 1
}

func (p *parser) problem(line int, code, what, do string) {
	p.problems = append(p.problems, source.NewProblem(source.Pos{File: File, Line: line, Col: 1}, code, what, do))
}

// line parses a line. It reports false if parsing must stop, because the format is not
// known or there are too many problems.
func (p *parser) line(n int, line string) bool {
	if slices.Contains(mergeMarks, line[:min(7, len(line))]) {
		if !p.merge {
			p.problem(n, "unmerged-record", "a merge was begun here and not finished",
				"keep the lines of both sides: "+
					"remove the lines that begin with <<<<<<<, =======, ||||||| and >>>>>>>;\n"+
					"to have git do that by itself, write to .gitattributes: "+File+" merge=union")
		}
		p.merge = true
		return true
	}
	if version, ok := strings.CutPrefix(line, "format "); ok && p.format == 0 {
		f, err := strconv.Atoi(version)
		if err == nil && f > format {
			p.problem(n, "newer-record",
				fmt.Sprintf("the lock file has format %d; this privgen reads format %d", f, format),
				"use the privgen that wrote it, or a newer one")
			return false
		}
		if f < 1 || version != strconv.Itoa(f) {
			p.problem(n, "bad-record", fmt.Sprintf("there is no format %q", version), restore)
			return false
		}
		p.format, p.record.old = f, f == 1
		return true
	}
	if p.format == 0 {
		p.problem(n, "bad-record", "the lock file does not begin with its format", restore)
		return false
	}
	if why := p.fact(n, line); why != "" {
		p.problem(n, "bad-record", why, restore)
	}
	return len(p.problems) < 20
}

// mergeMarks are the beginnings of the lines that an unfinished merge leaves.
var mergeMarks = []string{"<<<<<<<", "=======", ">>>>>>>", "|||||||"}

// fact parses a fact, and returns what is wrong with it, or "".
func (p *parser) fact(n int, line string) string {
	words := strings.SplitN(line, " ", 5)
	if len(words) < 5 || slices.Contains(words[:4], "") {
		return "this is not a fact: it has to begin with a policy, a version, a language and released or corrected"
	}
	one := &fact{Entry: Entry{Key: Key{words[0], words[1], words[2]}, line: n}, kind: words[3]}
	if p.format > 1 && !p.whole(one, line) {
		return ""
	}
	f := fields{rest: words[4], list: p.list[:0]}
	for f.next() {
	}
	p.list = f.list
	if f.why != "" {
		return f.why
	}
	if p.format > 1 {
		f.take("sum", true)
		if sums := f.take("after", false); sums != "" {
			one.after = strings.Split(sums, ",")
		}
		p.record.chain.note(n, one.sum, one.after)
		p.chained = append(p.chained, one)
		f.read(false, stampField{"on", &one.On}, stampField{"by", &one.By})
		if one.On.IsZero() && one.By.IsZero() {
			f.wrong("the field on is missing")
		}
	}
	switch {
	case one.kind == "released":
		f.released(&one.Entry, p.format)
	case one.kind == "corrected" && p.format == 1:
		f.corrected(&one.c)
	case one.kind == "corrected":
		one.of, one.reason = f.take("of", true), f.take("reason", true)
		f.released(&one.Entry, p.format)
	case one.kind == "removed" && p.format > 1:
		one.of, one.reason = f.take("of", true), f.take("reason", true)
	case (one.kind == "policy" || one.kind == "site") && p.format > 1:
		one.settings, f.list = slices.Clone(f.list), nil
	default:
		return fmt.Sprintf("%q is neither released nor corrected", one.kind)
	}
	for _, had := range f.list {
		f.wrong("there is no field %q here; this privgen may be too old for the lock file", had.Name)
	}
	if f.why == "" {
		p.keep(one)
	}
	return f.why
}

// subject returns the text, the policy, or the site that a fact is about, for messages.
func (f *fact) subject() string {
	switch {
	case f.Policy == "-":
		return "the site"
	case f.Version == "-":
		return "the policy " + f.Policy
	}
	return f.Key.String()
}

// whole reports whether the sum of a line is right and no other line has it.
func (p *parser) whole(one *fact, line string) bool {
	i := strings.LastIndex(line, " sum=")
	if i < 0 {
		p.problem(one.line, "altered-record",
			fmt.Sprintf("what was recorded of %s was altered: it has no sum", one.subject()), restore)
		return false
	}
	raw := sha256.Sum256([]byte(line[:i]))
	one.sum = line[i+len(" sum="):]
	if one.sum != hex.EncodeToString(raw[:]) {
		// Facts that confirm it must not report it as lost.
		p.record.chain.note(one.line, one.sum, nil)
		p.problem(one.line, "altered-record",
			fmt.Sprintf("what was recorded of %s was altered after it was recorded", one.subject()), restore)
		return false
	}
	if other, twice := p.record.chain.sums[one.sum]; twice {
		p.problem(one.line, "duplicate-record",
			fmt.Sprintf("this is line %d once more", other), "remove one of the two lines")
		return false
	}
	l := &p.record.chain.lines[one.line-1]
	l.policy, l.sum = one.Policy, one.sum
	return true
}

// keep adds a fact to the record; corrections and removals wait for attach.
func (p *parser) keep(one *fact) {
	r := p.record
	r.seen(one.On)
	r.seen(one.By)
	switch one.kind {
	case "released":
		one.sums, one.first = []string{one.sum}, []string{one.sum}
		old := r.entries[one.Key]
		if old == nil {
			r.put(&one.Entry)
			return
		}
		if p.format > 1 && old.Digest == one.Digest && old.Address == one.Address && len(one.Since(&old.Stamp)) == 0 {
			old.sums, old.first = append(old.sums, one.sum), append(old.first, one.sum) // of two branches
			return
		}
		p.problem(one.line, "duplicate-record",
			fmt.Sprintf("%v is released in %s already, and not the same", one.Key, place(old.line)),
			"two branches released different texts under one name: go back to before the merge (git merge --abort),\n"+
				"undo one of the releases on its branch (its file, and git checkout main -- "+File+"), merge,\n"+
				"and release its draft again, with both changes and for another day")
	case "policy", "site":
		r.settings[one.Policy] = one.settings
	default:
		p.follow = append(p.follow, one)
	}
}

// linked reports facts that name a missing fact in after or of.
func (p *parser) linked() {
	said := map[string]bool{}
	for _, one := range p.chained {
		for _, s := range append(slices.Clone(one.after), one.of) {
			if _, there := p.record.chain.sums[s]; s == "" || there || said[s] {
				continue
			}
			said[s] = true
			p.problem(one.line, "lost-record",
				fmt.Sprintf("what was recorded before this line, with the sum %.12s..., is gone", s),
				"nothing that was recorded may be removed; "+restore+
					"\nor find the line in the history: git log -S"+s[:min(12, len(s))]+" -- "+File)
		}
	}
}

// attach adds the corrections and removals to their entries.
func (p *parser) attach() {
	if p.format == 1 {
		p.attachOld()
		return
	}
	next := map[string][]*fact{}
	for _, one := range p.follow {
		next[one.of] = append(next[one.of], one)
	}
	done := 0
	for _, e := range p.record.entries {
		for {
			var list []*fact
			for _, s := range e.sums {
				list = append(list, next[s]...)
			}
			if len(list) == 0 {
				break
			}
			done += len(list)
			p.advance(e, list)
		}
	}
	if done < len(p.follow) && len(p.problems) == 0 {
		for _, one := range p.follow {
			if e := p.record.entries[one.Key]; e == nil {
				p.problem(one.line, "bad-record",
					fmt.Sprintf("%v is %s and was never released", one.Key, one.kind), restore)
			}
		}
		if len(p.problems) == 0 {
			p.problem(p.follow[0].line, "bad-record", "what is corrected here is not what was released", restore)
		}
	}
}

// advance applies a correction or removal to an entry. The list has one fact, or the
// same from several branches.
func (p *parser) advance(e *Entry, list []*fact) {
	one := list[0]
	e.sums = nil
	for _, other := range list {
		e.sums = append(e.sums, other.sum)
		if other.Key != e.Key {
			p.problem(other.line, "bad-record",
				fmt.Sprintf("%v is %s with what was recorded of %v", other.Key, other.kind, e.Key), restore)
		}
		if other.kind != one.kind || other.Digest != one.Digest || len(other.Since(&one.Stamp)) > 0 {
			p.problem(other.line, "duplicate-record",
				fmt.Sprintf("%v is %s in %s already, and not in the same way", other.Key, one.kind, place(one.line)),
				"two branches corrected the same text: go back to before the merge (git merge --abort),\n"+
					"undo the correction on one of them, merge, and correct it there again")
		}
	}
	if one.kind == "removed" {
		e.Removed = &Removal{one.On, one.reason}
		return
	}
	c := Correction{Day: one.On, Reason: one.reason, Was: e.Digest, Is: one.Digest,
		Stamp: one.Since(&e.Stamp), Lost: !one.By.IsZero()}
	e.Corrections = append(e.Corrections, c)
	e.Stamp, e.Digest, e.Reads, e.clauses = one.Stamp, one.Digest, one.Reads, one.clauses
}

// attachOld adds the corrections of format 1 to their entries.
func (p *parser) attachOld() {
	for _, one := range p.follow {
		e := p.record.entries[one.Key]
		if e == nil {
			if len(p.problems) == 0 {
				p.problem(one.line, "bad-record",
					fmt.Sprintf("%v is corrected and was never released", one.Key), restore)
			}
			continue
		}
		e.Corrections = append(e.Corrections, one.c)
	}
	for _, e := range p.record.entries {
		slices.SortStableFunc(e.Corrections, func(a, b Correction) int { return a.Day.Compare(b.Day) })
		// The text after a correction is the one before the next.
		is := e.Digest
		for i := len(e.Corrections) - 1; i >= 0; i-- {
			e.Corrections[i].Is, e.Corrections[i].Lost = is, true
			is = e.Corrections[i].Was
		}
	}
}

// fields are the fields of a fact, in their order.
type fields struct {
	rest string
	list []Field
	why  string // what is wrong, or empty
}

// next parses a field. It reports false at the end, or if something is wrong.
func (f *fields) next() bool {
	if f.rest == "" {
		return false
	}
	name, rest, ok := strings.Cut(f.rest, "=")
	if !ok || name == "" || strings.Contains(name, " ") {
		return f.wrong("%q is not a field: name=value", cut(f.rest))
	}
	var value string
	if strings.HasPrefix(rest, `"`) {
		value, rest, ok = unquote(rest)
		if !ok {
			return f.wrong("the value of %s is not a JSON string", name)
		}
		if rest != "" && rest[0] != ' ' {
			return f.wrong("there is no space after the value of %s", name)
		}
		rest = strings.TrimPrefix(rest, " ")
	} else if strings.HasPrefix(rest, "[") {
		if value, rest, ok = cutList(rest); !ok {
			return f.wrong("the value of %s is not a JSON array of strings", name)
		}
	} else {
		value, rest, _ = strings.Cut(rest, " ")
	}
	if slices.ContainsFunc(f.list, func(had Field) bool { return had.Name == name }) {
		return f.wrong("the field %s is there twice", name)
	}
	f.list = append(f.list, Field{name, value})
	f.rest = rest
	return true
}

// wrong sets why, unless it is set. It returns false.
func (f *fields) wrong(format string, args ...any) bool {
	if f.why == "" {
		f.why = fmt.Sprintf(format, args...)
	}
	return false
}

// unquote parses the JSON string at the beginning of s.
func unquote(s string) (value, rest string, ok bool) {
	end, escaped := 1, false
	for ; end < len(s) && s[end] != '"'; end++ {
		if s[end] == '\\' {
			escaped = true
			end++
		} else if s[end] < ' ' {
			return "", "", false
		}
	}
	if end >= len(s) {
		return "", "", false
	}
	if !escaped {
		return s[1:end], s[end+1:], true
	}
	return value, s[end+1:], json.Unmarshal([]byte(s[:end+1]), &value) == nil
}

// cutList cuts the JSON array of strings at the beginning of s, in the form that
// list returns.
func cutList(s string) (value, rest string, ok bool) {
	var texts []string
	d := json.NewDecoder(strings.NewReader(s))
	if d.Decode(&texts) != nil {
		return "", "", false
	}
	value, rest = s[:d.InputOffset()], s[d.InputOffset():]
	if rest != "" && rest[0] != ' ' || list(texts) != value {
		return "", "", false
	}
	return value, strings.TrimPrefix(rest, " "), true
}

func cut(s string) string {
	if len(s) > 40 {
		return strings.ToValidUTF8(s[:40], "") + "..."
	}
	return s
}

// pull removes a field from the list and returns its value.
func (f *fields) pull(name string) (string, bool) {
	for i, had := range f.list {
		if had.Name == name {
			f.list = slices.Delete(f.list, i, i+1)
			return had.Value, true
		}
	}
	return "", false
}

func (f *fields) take(name string, required bool) string {
	v, _ := f.pull(name)
	if required && v == "" {
		f.wrong("the field %s is missing", name)
	}
	return v
}

// read removes fields from the list and parses their values. A missing field stays zero.
func (f *fields) read(required bool, list ...stampField) {
	for _, one := range list {
		if s := f.take(one.name, required); s != "" {
			if wrong := one.parse(s); wrong != "" {
				f.wrong("%s", wrong)
			}
		}
	}
}

// ParseDate parses a day, or an instant with its offset, as day.Date.String returns it.
func ParseDate(s string) (day.Date, error) {
	if strings.Contains(s, "T") {
		t, err := time.Parse(time.RFC3339, s)
		return day.At(t), err
	}
	d, err := day.Parse(s)
	return day.On(d), err
}

func (f *fields) digest(name string) (sum [32]byte) {
	s := f.take(name, true)
	raw, err := hex.DecodeString(s)
	if err != nil || len(raw) != len(sum) || strings.ToLower(s) != s {
		f.wrong("%s is not a SHA-256: 64 digits, 0 to 9 and a to f", name)
		return sum
	}
	return [32]byte(raw)
}

func (f *fields) released(e *Entry, format int) {
	stamp := e.Stamp.list()
	if format == 1 {
		stamp = stamp[:oldFields]
	} else {
		e.Reads = f.take("reads", false)
	}
	f.read(true, stamp[:requiredFields]...)
	f.read(false, stamp[requiredFields:]...)
	e.Reason = f.take("reason", false)
	e.Address = f.take("address", true)
	e.Digest = f.digest("sha256")
	e.clauses = f.take("clauses", true)
	if !arePrints(e.clauses) {
		f.wrong("clauses is not a list of prints: 1f0a:41,77c3:118")
	}
}

// corrected parses the fields of a correction in format 1.
func (f *fields) corrected(c *Correction) {
	f.read(true, stampField{"day", &c.Day})
	c.Was = f.digest("was")
	c.Reason = f.take("reason", true)
	var s Stamp
	for _, m := range s.list()[:oldFields] {
		if was, ok := f.pull(m.name + "-was"); ok {
			if was == "-" { // the field was absent
				was = ""
			}
			c.Stamp = append(c.Stamp, Moved{Field: m.name, Was: was})
		}
	}
}
