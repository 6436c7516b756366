// Package dates finds the dates that a text states of itself: of its last
// change, and from which it applies.
//
// Its two fundamental types are Stamp, such a date with its place in the text
// and how plainly it is said, and Stamps, what a text says in all. A date is
// never guessed: where numbers can be read in two ways, both readings are given.
package dates

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/locale"
)

// A Kind is what a date that a text states of itself is.
type Kind string

// The kinds of stamps in texts.
const (
	Updated   Kind = "updated"   // the day the text was last changed
	Effective Kind = "effective" // the day from which it applies
)

// A Certainty is how plainly a text says that a date is its own.
type Certainty int

// The certainties, the best one last.
const (
	Unsaid   Certainty = iota // a date alone under the title, or one deep inside the text
	Said                      // in a sentence: we last changed this policy on ...
	Labelled                  // in a line of its own: Last updated: ...
)

// A Stamp is a date that a text states of itself: of its last change, or from
// which it applies.
type Stamp struct {
	Kind     Kind
	Day      day.Day   // the zero Day when it cannot be told; then there are several readings
	Readings []day.Day // the days that the date may be: one, or more when numbers or regions leave it open
	Start    int       // the first byte of the date in the text
	End      int       // the byte behind it
	Sure     Certainty
}

// Stamps are what a text says of its own dates. A nil Stamp means that it says
// nothing.
type Stamps struct {
	Updated, Effective *Stamp
}

// Best gives the stamp that dates the text: of its last change, or else from
// which it applies; nil when neither is said, or what is said is not one day.
func (s Stamps) Best() *Stamp {
	for _, one := range []*Stamp{s.Updated, s.Effective} {
		if one != nil && !one.Day.IsZero() {
			return one
		}
	}
	return nil
}

// Find finds the dates that a text states of itself, in any of some forty
// languages. Lang is the BCP 47 tag of the text's language, or empty; it tells
// 3 April from 4 March in 03/04/2024. Where it does not, as "en" does not, and
// the text has no other date that does, both readings are given and no day: it
// is not guessed.
//
// Stamps stand at the head of texts, in a few at the foot. A date elsewhere
// counts only in a line of its own, and only when neither has one, for many
// recorded pages are several texts, each with its stamp. Dates of laws, of
// older texts and of what ends are left out by the words around them, and so
// are months without a day.
func Find(text []byte, lang string) Stamps { return FindWith(text, lang, Memory{}) }

// A Memory holds the cues of lines, before and after dates, for texts that
// share most of their lines, as the versions of a policy do.
type Memory map[string][2][]cue

// FindWith is Find for texts that share their lines.
func FindWith(text []byte, lang string, memory Memory) Stamps {
	v := viewOf(text)
	f := finder{view: v, lang: lang, letters: letterCount(v.s), memory: memory}
	f.find()
	return f.choose()
}

// cues gives those of a line.
func (m Memory) cues(line string) (before, after []cue) {
	c, ok := m[line]
	if !ok {
		c = [2][]cue{cuesIn(cuesBefore(), line), cuesIn(cuesAfter(), line)}
		m[line] = c
	}
	return c[0], c[1]
}

// HasYear reports whether a text holds what may be the year of a date.
func HasYear(text string) bool { return len(yearsIn(text)) > 0 }

// yearsIn gives the places of what may be years, 19xx, 20xx, 25xx and two
// Japanese eras, found by hand and not by a pattern: every letter of every text passes here.
func yearsIn(s string) (at []int) {
	for i := 0; i+4 <= len(s); i++ {
		switch c := s[i]; {
		case c == '1' || c == '2':
			two := s[i : i+2]
			if (two == "19" || two == "20" || two == "25") && isDigit(s[i+2]) && isDigit(s[i+3]) {
				at = append(at, i)
				i += 3
			}
		case c == "令"[0] || c == "平"[0]:
			if strings.HasPrefix(s[i:], "令和") || strings.HasPrefix(s[i:], "平成") {
				at = append(at, i)
			}
		}
	}
	return at
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// A finder goes through a text.
type finder struct {
	*view
	lang      string
	letters   int
	memory    Memory
	found     []candidate
	before    []cue // of the line that is read
	after     []cue // likewise
	calendars map[string]calendar
	orders    map[byte]byte // the order that other numeric dates of the text settle, by separator
}

// A candidate is a date that may be a stamp.
type candidate struct {
	written
	kinds []Kind
	lang  string // of the words that say so
	label string // those words and what stands between them and the date
	sure  Certainty
	where zone
	pos   int // letters before it
}

// A zone is a part of a text.
type zone int

const (
	head zone = iota
	middle
	foot
)

func (f *finder) find() {
	f.orders, f.calendars = map[byte]byte{}, map[string]calendar{}
	pos, at := 0, 0
	lines := 0 // with letters or digits, so far
	for _, year := range yearsIn(f.s) {
		from, to := f.line(year)
		if from < at {
			continue // the line was read
		}
		lines += wordyLines(f.s[at:from])
		pos += letterCount(f.s[at:from])
		f.readLine(from, min(to+1, len(f.s)), pos, lines)
		pos += letterCount(f.s[from:to])
		lines++
		at = to
	}
}

// readLine looks for stamps in one line, which for some texts is all of them.
func (f *finder) readLine(from, to, pos, lines int) {
	line := strings.ToLower(f.s[from:to])
	if len(line) != to-from {
		line = f.s[from:to] // a letter whose lower case is longer
	}
	f.before, f.after = nil, nil
	// In the middle of a text only short lines count; the others are read for
	// the order of their numbers.
	if pos <= f.headEnd() || pos+letterCount(line) >= f.letters-800 || len(line) < 200 {
		labels := near(line)
		if upFrom, upTo := f.lineBefore(from); upTo > upFrom && upTo-upFrom < 80 {
			labels = strings.ToLower(f.s[upFrom:upTo]) + "\n" + labels
		}
		f.before, f.after = f.memory.cues(labels)
	}
	cal := f.calendar()
	end := from // of the date before
	for _, w := range cal.datesIn(line, from) {
		if w.order != 0 && w.sep != 0 {
			if old, ok := f.orders[w.sep]; ok && old != w.order {
				f.orders[w.sep] = '?'
			} else {
				f.orders[w.sep] = w.order
			}
		}
		c := candidate{written: w, pos: pos + letterCount(f.s[from:w.from])}
		c.where = f.zoneOf(c.pos)
		if f.judge(&c, end, from, to, lines) {
			f.found = append(f.found, c)
		}
		end = w.to
	}
}

// languages gives those whose names of months a line may hold: the text's own,
// and those whose cues it holds.
func (f *finder) languages() []string {
	var langs []string
	if f.lang != "" {
		langs = append(langs, f.lang)
	}
	for _, list := range [][]cue{f.before, f.after} {
		for _, c := range list {
			if !slices.Contains(langs, c.lang) {
				langs = append(langs, c.lang)
			}
		}
	}
	return append(langs, "en")
}

// calendar gives the calendar for a line; most lines of a text need the same.
func (f *finder) calendar() calendar {
	langs := f.languages()
	key := strings.Join(langs, " ")
	if f.calendars[key] == nil {
		f.calendars[key] = calendarOf(langs)
	}
	return f.calendars[key]
}

// near gives of a line what stands around its years: there the cues are.
func near(line string) string {
	var b strings.Builder
	end := 0
	for _, at := range yearsIn(line) {
		from, to := max(end, at-260), min(len(line), at+104)
		if from < to {
			b.WriteString(strings.ToValidUTF8(line[from:to], " "))
			end = to
		}
	}
	return b.String()
}

// The head of a text is its first 3,000 letters, or a tenth of it; sentences
// count in half of that. The foot is its last 800.
func (f *finder) headEnd() int { return max(3000, f.letters/10) }

func (f *finder) zoneOf(pos int) zone {
	switch {
	case pos <= f.headEnd():
		return head
	case pos >= f.letters-800:
		return foot
	}
	return middle
}

// judge looks at the words around a date, and reports whether they may make it
// a stamp. Before is the end of the date before it in the line.
func (f *finder) judge(c *candidate, before, from, to, lines int) bool {
	lead := f.segment(max(before, from), c.from)
	tail := strings.ToLower(f.s[c.to:min(to, c.to+60)])
	if ends().MatchString(tail) {
		return false // from one day to another: an older text
	}
	if vetoed(f.sentence(from, c.from)) {
		return false
	}
	if f.cued(c, lead) {
		return true
	}
	if cue, ok := nextCue(f.after, strings.TrimPrefix(tail, ".")); ok {
		c.kinds, c.lang, c.sure = []Kind{cue.kind}, cue.lang, Labelled
		return true
	}
	if !hasWords(lead) && before == from {
		if hasWords(f.s[c.to:to]) && !startsAnew(tail) {
			return false
		}
		if upFrom, upTo := f.lineBefore(from); upTo > upFrom && upTo-upFrom < 80 {
			up := strings.ToLower(f.s[upFrom:upTo])
			if len([]rune(up)) < 40 && !vetoed(up) && f.cued(c, up) {
				return true
			}
		}
		c.kinds, c.sure = []Kind{Updated}, Unsaid
		return c.where == head && (lines < 6 || f.underHeading(from)) && strings.Trim(f.s[c.to:to], " .)|\n") == ""
	}
	return false
}

// ends is what follows the first day of a span.
var ends = pattern(`^\s*(?:to|until|till|through|bis|au|al|hasta|até|tot|[-–—])\s`)

// underHeading reports whether the line that begins at from is the next after a
// heading.
func (f *finder) underHeading(from int) bool {
	upFrom, upTo := f.lineBefore(from)
	return upTo > upFrom && (f.s[upFrom] == '#' || underline().MatchString(f.s[upTo:from]))
}

var underline = pattern(`^\n(?:={3,}|-{3,})\s*$`)

// cued judges the words that lead to a date.
func (f *finder) cued(c *candidate, lead string) bool {
	cue, from, to := lastCue(f.before, lead)
	if to < 0 {
		return false
	}
	gap := strings.TrimSpace(lead[to:])
	if runes := []rune(gap); len(runes) > 60 || leadsAway(gap) {
		return false
	}
	c.kinds, c.lang, c.label = []Kind{cue.kind}, cue.lang, strings.TrimSpace(lead[from:])
	opening := strings.TrimFunc(lead[:from], func(r rune) bool { return !unicode.IsLetter(r) })
	if joined := alsoUpdated().FindString(lead[:from]); joined != "" && cue.kind == Effective {
		c.kinds = append(c.kinds, Updated)
		opening = strings.TrimSuffix(strings.TrimSpace(lead[:from]), strings.TrimSpace(joined))
	}
	c.sure = Labelled
	if weak().MatchString(lead[from:to]) && (opening != "" || !closes(lead[to:]) || continues().MatchString(f.s[c.to:])) {
		return false // "dated", "as of" and their like say it only where they open a line
	}
	if words := len(strings.Fields(opening)); words > 0 {
		c.sure = Said
		if words > 14 {
			return false
		}
	}
	return true
}

// alsoUpdated are the words before "effective" that make a date both.
var alsoUpdated = pattern(`(?:updated|modified|revised|aktualisiert|stand)\s*(?:and|und|&|/|,)\s*$`)

// weak are cues that are everyday words as well.
var weak = pattern(`^(?:dated?|as of|posted|published|established|formulated|amended|revised|modified|updated|stand|fassung|datum|release date|aktualisiert|geändert|version of|обновлено)$`)

// continues is what follows a date in the middle of a sentence.
var continues = pattern(`^,? [\p{L}]`)

// closes reports whether nothing but signs and small words stands between a
// cue and its date.
func closes(gap string) bool {
	return len(strings.Fields(strings.TrimFunc(gap, func(r rune) bool { return !unicode.IsLetter(r) }))) <= 2
}

// leadsAway reports whether the words between a cue and a date make the date
// another's: "updated our terms to reflect the new name on ...".
func leadsAway(gap string) bool {
	for _, w := range strings.FieldsFunc(gap, func(r rune) bool { return !unicode.IsLetter(r) && r != '’' && r != '\'' }) {
		switch w {
		case "to", "which", "because", "if", "not", "than", "within", "with", "after", "you", "users", "um", "wenn", "pour", "para", "per":
			return true
		}
	}
	return false
}

// segment gives the words before a date, in lower case: from the sentence's
// beginning, or the bar or bracket that it stands in.
func (f *finder) segment(from, to int) string {
	s := f.sentence(from, to)
	if i := strings.LastIndexByte(s, '('); i >= 0 && hasWords(s[i:]) && !strings.ContainsRune(s[i:], ')') {
		s = s[i+1:]
	}
	return s
}

// sentence gives the words of a date's sentence before it, in lower case.
func (f *finder) sentence(from, to int) string {
	from = max(from, to-220)
	for from < to && f.s[from]&0xc0 == 0x80 {
		from++
	}
	s := strings.ToLower(f.s[from:to])
	for _, stop := range []string{". ", "! ", "? ", "。", "|", ";", "•", " · ", " – ", " — "} {
		if i := strings.LastIndex(s, stop); i >= 0 && hasWords(s[i:]) {
			s = s[i+len(stop):]
		}
	}
	return s
}

func hasWords(s string) bool { return strings.ContainsFunc(s, unicode.IsLetter) }

// startsAnew reports whether what follows a date begins something else.
func startsAnew(tail string) bool {
	tail = strings.TrimLeft(tail, " ")
	return tail == "" || strings.ContainsAny(tail[:1], "|(.\n")
}

func letterCount(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

func wordyLines(s string) int {
	n := 0
	for line := range strings.SplitSeq(s, "\n") {
		if hasWords(line) {
			n++
		}
	}
	return n
}

// choose takes of each kind the stamp that is the text's own.
func (f *finder) choose() (out Stamps) {
	for i := range f.found {
		f.settle(&f.found[i])
	}
	zones := []zone{head, foot}
	if !slices.ContainsFunc(f.found, func(c candidate) bool { return c.where != middle && c.sure > Unsaid }) {
		zones = append(zones, middle)
	}
	out.Updated = f.pick(Updated, zones)
	out.Effective = f.pick(Effective, zones)
	if out.Updated != nil && out.Updated.Sure == Unsaid && out.Effective != nil && out.Effective.Sure > Unsaid {
		out.Updated = nil
	}
	if u, e := out.Updated, out.Effective; u != nil && e != nil && u.Sure == Labelled && e.Sure == Said && !u.Day.IsZero() && u.Day.Add(notice).Compare(e.Day) < 0 {
		out.Effective = nil
	}
	return out
}

// notice is how many days after its last change a text may take effect. A
// sentence at its head that names a later day announces the next text.
const notice = 92

// settle takes one reading of a numeric date where something tells which.
func (f *finder) settle(c *candidate) {
	if len(c.readings) < 2 {
		return
	}
	order := f.orders[c.sep]
	for _, lang := range []string{f.lang, c.lang} {
		if first, known := locale.MonthFirst(lang); known {
			order = map[bool]byte{true: 'm', false: 'd'}[first]
			break
		}
	}
	switch order {
	case 'd':
		c.readings = c.readings[:1]
	case 'm':
		c.readings = c.readings[1:]
	}
}

// pick takes the stamp of a kind: the first in the head, or else the last
// ones of the foot, where lists of changes stand and the latest counts. Two
// that stand side by side and are told apart by other words, as one region's
// from another's, leave the day open.
func (f *finder) pick(kind Kind, zones []zone) *Stamp {
	for _, z := range zones {
		var of []candidate
		for _, c := range f.found {
			if c.where == z && slices.Contains(c.kinds, kind) && !(z == middle && c.sure < Labelled) {
				of = append(of, c)
			}
		}
		if len(of) == 0 {
			continue
		}
		best := slices.MaxFunc(of, func(a, b candidate) int {
			return cmp.Or(cmp.Compare(a.sure, b.sure), cmp.Compare(b.pos, a.pos))
		})
		s := &Stamp{Kind: kind, Readings: best.readings, Start: f.at[best.from], End: f.at[best.to], Sure: best.sure}
		if z == middle {
			s.Sure = Unsaid
		}
		for _, c := range of {
			near := c.pos-best.pos < 200 && best.pos-c.pos < 200
			if !near || c.from == best.from || c.sure < best.sure || len(c.readings) > 1 || len(s.Readings) > 1 || c.readings[0] == s.Readings[0] {
				continue
			}
			if c.label != best.label && kind == Effective {
				s.Readings = append(slices.Clone(s.Readings), c.readings[0])
				break
			}
			if c.readings[0].Compare(s.Readings[0]) > 0 {
				s.Readings, s.Start, s.End = c.readings, f.at[c.from], f.at[c.to]
			}
		}
		slices.SortFunc(s.Readings, day.Day.Compare)
		if len(s.Readings) == 1 {
			s.Day = s.Readings[0]
		}
		return s
	}
	return nil
}

// pattern gives a regular expression that is compiled when it is first used:
// all of them would take longer than many a run of the program.
func pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
