// Package dates finds the dates that a text states about itself: when it was last
// updated, and when it takes effect.
//
// Its two fundamental types are StatedDate, such a date with its position in the
// text and its certainty, and Found, the dates of one text. An ambiguous date is
// never guessed: if numbers can be read in two ways, both readings are returned.
//
// # What counts
//
// Stated dates are at the head of a text, in a few texts at the foot. A date
// elsewhere counts only on a separate line, and only if head and foot have
// none, because many recorded pages are several texts, each with its date. The
// words around a date exclude dates of laws, of older texts, and of the end of
// something. Months without a day are not dates.
//
// # Languages
//
// Some forty languages are recognized by their words for the two dates (cue.go)
// and their month names (package locale). The language of the text decides between
// 3 April and 4 March in 03/04/2024; "en" does not, since regions differ. Then
// other numeric dates of the text may decide.
package dates

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/locale"
)

// A Kind is the meaning of a date that a text states about itself.
type Kind string

// The kinds.
const (
	Updated   Kind = "updated"   // the date of the last update
	Effective Kind = "effective" // the date on which the text takes effect
)

// A Certainty is how clearly a text says that a date is its own.
type Certainty int

// The certainties, in ascending order.
const (
	Unlabeled Certainty = iota // a date alone below the title, or one deep inside the text
	InProse                    // in a sentence: we last changed this policy on ...
	Labeled                    // on a separate line: Last updated: ...
)

// A StatedDate is a date that a text states about itself.
type StatedDate struct {
	Kind     Kind
	Day      day.Day   // zero if the date is ambiguous
	Readings []day.Day // the possible days: one, or more if numbers or regions are ambiguous
	Start    int       // the offset of the date in the text
	End      int       // the offset of its end
	Sure     Certainty
}

// Found has the dates that a text states about itself. A nil date is not stated.
type Found struct {
	Updated, Effective *StatedDate
}

// Best returns the date of the last update, or else the effective date. It skips
// an ambiguous date, and returns nil if none is left.
func (f Found) Best() *StatedDate {
	for _, one := range []*StatedDate{f.Updated, f.Effective} {
		if one != nil && !one.Day.IsZero() {
			return one
		}
	}
	return nil
}

// Find returns the dates that a text states about itself. Lang is the BCP 47 tag
// of the text's language, or empty. The cache may be nil; texts that share most of
// their lines, such as the versions of a policy, are read faster with one cache.
func Find(text []byte, lang string, cache Cache) Found {
	if cache == nil {
		cache = Cache{}
	}
	v := viewOf(text)
	f := finder{view: v, lang: lang, letters: letterCount(v.s), cache: cache, orders: map[byte]byte{},
		calendars: map[string]calendar{}}
	f.find()
	return f.choose()
}

// A Cache has the cues of lines. It grows with the number of different lines, so use
// one for each document. It is not safe for concurrent use.
type Cache map[string][]cue

func (c Cache) cues(line string) []cue {
	found, ok := c[line]
	if !ok {
		found = cuesIn(line)
		c[line] = found
	}
	return found
}

// HasYear reports whether a text has a number that may be the year of a date.
func HasYear(text string) bool { return len(yearsIn(text)) > 0 }

// yearsIn returns the offsets of possible years: 19xx, 20xx, 25xx, and two Japanese
// eras. It uses no regular expression because it reads every byte of every text.
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

// A finder finds the dates of one text.
type finder struct {
	*view
	lang      string
	letters   int
	cache     Cache
	found     []candidate
	cues      []cue // of the current line
	calendars map[string]calendar
	orders    map[byte]byte // the order of unambiguous numeric dates in the text, by separator
}

// A candidate is a date that may be a stated one.
type candidate struct {
	written
	kinds []Kind
	lang  string // of the cue
	label string // the cue and the words up to the date
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
	pos, at := 0, 0
	lines := 0 // with letters or a year, so far
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

// readLine finds candidates in one line, which in some texts is the whole text.
func (f *finder) readLine(from, to, pos, lines int) {
	line := strings.ToLower(f.s[from:to])
	if len(line) != to-from {
		line = f.s[from:to] // a letter whose lower case is longer
	}
	f.cues = nil
	// In the middle of a text only short lines count. The others show the order of
	// numeric dates.
	if pos <= f.headEnd() || pos+letterCount(line) >= f.letters-800 || len(line) < 200 {
		labels := near(line)
		if up := f.above(from); up != "" {
			labels = up + "\n" + labels
		}
		f.cues = f.cache.cues(labels)
	}
	cal := f.calendar()
	end := from // of the previous date
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

// above returns the last line before the one at an offset, in lower case. It returns
// "" for a long line, which cannot be a label.
func (f *finder) above(at int) string {
	if from, to := f.lineBefore(at); to-from < 80 {
		return strings.ToLower(f.s[from:to])
	}
	return ""
}

// languages returns the languages whose month names a line may have: the text's
// own, and those of its cues.
func (f *finder) languages() []string {
	var langs []string
	if f.lang != "" {
		langs = append(langs, f.lang)
	}
	for _, c := range f.cues {
		if !slices.Contains(langs, c.lang) {
			langs = append(langs, c.lang)
		}
	}
	return append(langs, "en")
}

// calendar returns the calendar for the current line. Most lines share one.
func (f *finder) calendar() calendar {
	langs := f.languages()
	key := strings.Join(langs, " ")
	if f.calendars[key] == nil {
		f.calendars[key] = calendarOf(langs)
	}
	return f.calendars[key]
}

// near returns the parts of a line around its years, where the cues are.
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

// headEnd returns the number of letters in the head of a text: 3,000, or a tenth
// of a long text. The foot has the last 800.
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

// judge reports whether the words around a date make it a stated date, and sets
// its kinds and certainty. Before is the end of the previous date in the line.
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
	if cue, ok := nextCue(f.cues, strings.TrimPrefix(tail, ".")); ok {
		c.kinds, c.lang, c.sure = []Kind{cue.kind}, cue.lang, Labeled
		return true
	}
	if !hasWords(lead) && before == from {
		if hasWords(f.s[c.to:to]) && !startsAnew(tail) {
			return false
		}
		if up := f.above(from); up != "" && utf8.RuneCountInString(up) < 40 && !vetoed(up) && f.cued(c, up) {
			return true
		}
		c.kinds, c.sure = []Kind{Updated}, Unlabeled
		return c.where == head && (lines < 6 || f.underHeading(from)) && strings.Trim(f.s[c.to:to], " .)|\n") == ""
	}
	return false
}

// ends matches what follows the first date of a period.
var ends = lazyregexp.New(`^\s*(?:to|until|till|through|bis|au|al|hasta|até|tot|[-–—])\s`)

// underHeading reports whether the line at from follows a heading.
func (f *finder) underHeading(from int) bool {
	upFrom, upTo := f.lineBefore(from)
	return upTo > upFrom && (f.s[upFrom] == '#' || underline().MatchString(f.s[upTo:from]))
}

var underline = lazyregexp.New(`^\n(?:={3,}|-{3,})\s*$`)

// cued reports whether the words before a date have a cue for it, and sets its
// kinds, label, and certainty.
func (f *finder) cued(c *candidate, lead string) bool {
	cue, from, to := lastCue(f.cues, lead)
	if to < 0 {
		return false
	}
	gap := strings.TrimSpace(lead[to:])
	if utf8.RuneCountInString(gap) > 60 || leadsAway(gap) {
		return false
	}
	c.kinds, c.lang, c.label = []Kind{cue.kind}, cue.lang, strings.TrimSpace(lead[from:])
	opening := strings.TrimFunc(lead[:from], func(r rune) bool { return !unicode.IsLetter(r) })
	if joined := alsoUpdated().FindString(lead[:from]); joined != "" && cue.kind == Effective {
		c.kinds = append(c.kinds, Updated)
		opening = strings.TrimSuffix(strings.TrimSpace(lead[:from]), strings.TrimSpace(joined))
	}
	c.sure = Labeled
	alone := opening == "" && closes(lead[to:]) && !continues().MatchString(f.s[c.to:])
	if weak().MatchString(lead[from:to]) && !alone {
		return false // "dated", "as of", and the like count only at the start of a line
	}
	if words := len(strings.Fields(opening)); words > 0 {
		c.sure = InProse
		if words > 14 {
			return false
		}
	}
	return true
}

// alsoUpdated matches words before "effective" that give a date both kinds.
var alsoUpdated = lazyregexp.New(`(?:updated|modified|revised|aktualisiert|stand)\s*(?:and|und|&|/|,)\s*$`)

// weak matches cues that are everyday words too.
var weak = lazyregexp.New(`^(?:dated?|as of|posted|published|established|formulated|amended|revised|modified|` +
	`updated|stand|fassung|datum|release date|aktualisiert|geändert|version of|обновлено)$`)

// continues matches what follows a date in the middle of a sentence.
var continues = lazyregexp.New(`^,? [\p{L}]`)

// closes reports whether a cue and its date are next to each other, except for
// signs and at most two words.
func closes(gap string) bool {
	return len(strings.Fields(strings.TrimFunc(gap, func(r rune) bool { return !unicode.IsLetter(r) }))) <= 2
}

// leadsAway reports whether the words between a cue and a date give the date
// another meaning: "updated our terms to reflect the new name on ...".
func leadsAway(gap string) bool {
	words := strings.FieldsFunc(gap, func(r rune) bool { return !unicode.IsLetter(r) && r != '’' && r != '\'' })
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(otherwise, w) })
}

var otherwise = strings.Fields("to which because if not than within with after you users um wenn pour para per")

// segment returns the words before a date, in lower case: from the start of the
// sentence, or of the table cell or bracket that contains it.
func (f *finder) segment(from, to int) string {
	s := f.sentence(from, to)
	if i := strings.LastIndexByte(s, '('); i >= 0 && hasWords(s[i:]) && !strings.ContainsRune(s[i:], ')') {
		s = s[i+1:]
	}
	return s
}

// sentence returns the words before a date in its sentence, in lower case.
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

// startsAnew reports whether what follows a date is unrelated to it.
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

// choose returns the best candidate of each kind.
func (f *finder) choose() (out Found) {
	for i := range f.found {
		f.settle(&f.found[i])
	}
	zones := []zone{head, foot}
	if !slices.ContainsFunc(f.found, func(c candidate) bool { return c.where != middle && c.sure > Unlabeled }) {
		zones = append(zones, middle)
	}
	out.Updated = f.pick(Updated, zones)
	out.Effective = f.pick(Effective, zones)
	if out.Updated != nil && out.Updated.Sure == Unlabeled && out.Effective != nil && out.Effective.Sure > Unlabeled {
		out.Updated = nil
	}
	u, e := out.Updated, out.Effective
	if u == nil || e == nil || u.Sure != Labeled || e.Sure != InProse {
		return out
	}
	if !u.Day.IsZero() && u.Day.Add(notice).Compare(e.Day) < 0 {
		out.Effective = nil
	}
	return out
}

// notice is the number of days after its last update within which a text takes
// effect. A sentence that names a later date announces the next text.
const notice = 92

// settle drops the wrong reading of a numeric date if the order is known.
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

// pick returns the best candidate of a kind in the first zone that has one: the
// surest, or the first of several. Of dates near it, as in a list of changes, the
// latest counts. Two effective dates near each other with different labels, such as
// one for each region, are ambiguous.
func (f *finder) pick(kind Kind, zones []zone) *StatedDate {
	for _, z := range zones {
		var of []candidate
		for _, c := range f.found {
			if c.where == z && slices.Contains(c.kinds, kind) && !(z == middle && c.sure < Labeled) {
				of = append(of, c)
			}
		}
		if len(of) == 0 {
			continue
		}
		best := slices.MaxFunc(of, func(a, b candidate) int {
			return cmp.Or(cmp.Compare(a.sure, b.sure), cmp.Compare(b.pos, a.pos))
		})
		s := &StatedDate{Kind: kind, Readings: best.readings, Sure: best.sure}
		s.Start, s.End = f.at[best.from], f.at[best.to]
		if z == middle {
			s.Sure = Unlabeled
		}
		for _, c := range of {
			near := c.pos-best.pos < 200 && best.pos-c.pos < 200
			if !near || c.from == best.from || c.sure < best.sure || len(c.readings) > 1 || len(s.Readings) > 1 ||
				c.readings[0] == s.Readings[0] {
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
		slices.SortStableFunc(s.Readings, day.Day.Compare)
		if len(s.Readings) == 1 {
			s.Day = s.Readings[0]
		}
		return s
	}
	return nil
}
