// Package locale holds what a page owes to its language: dates and numbers as
// people there write them, the direction of the script, and the program's own
// words.
//
// Its two fundamental types are Locale, one language (and region) ready for
// use, and Words, the program's own words in it.
//
// # Dates
//
// Date writes a day in the long form of CLDR, in which the month is spelled
// out: "1 January 2026" in en-GB, "January 1, 2026" in en-US. A numeric date
// would be read differently on the two sides of an ocean. The form follows
// language, script and region, and its digits are those that CLDR gives the
// locale by default: Arabic ones in ar-EG, Latin ones in ar and ar-MA. Years
// are always those of the Gregorian calendar. A language that CLDR has no
// month names for gets the ISO form, 2026-01-01, and never English months.
//
// The data is that of github.com/bep/golocales, which is CLDR 48.1 as Go
// tables. Its table costs a binary 3.1 MB and a process nothing: it has no
// init, allocates nothing at start, and a program with it starts within 0.1 ms
// of one without. The first date takes 27 µs. A table of our own would be some
// 40 KB, and ours to keep up. What the library does not do is done in cldr.go.
//
// What Date writes was compared with ICU 78 (Node's Intl, dateStyle long) for
// every month and 985 tags, all that both know. It is the same in 933; the rest
// are small languages and rare scripts where one of the two lacks the data
// (nds, oc, kw, az-Arab). Where CLDR has a narrow no-break space, as before the
// г. of Russian dates, Node's engine writes a plain one and Date writes CLDR's.
//
// # Words
//
// The words of a language are one file, words/LANG.toml, and English is the
// reference: every language has its keys and, in each of them, the same
// placeholders. A tag takes the words of its own region if they ship (pt-PT),
// else those of its script (zh-TW is written in Hant), else those of its
// language, but never those of another script. A site's own file may change
// single words of a language that ships, and must hold all of them for one
// that does not.
package locale

import (
	"fmt"
	"strings"
	"time"

	"github.com/bep/golocales"
	"golang.org/x/text/language"

	"github.com/privgen/privgen/internal/source"
)

// A Locale is a language, possibly of a region. It may be used by several
// goroutines. The zero Locale has no words and writes ISO dates and bare
// numbers.
type Locale struct {
	Tag   string // as it was asked for: en-GB
	Name  string // the language's own name: Deutsch
	Dir   string // ltr or rtl
	Words Words

	cldr   golocales.Translator                // nil when CLDR has no dates for the tag
	mend   func(s string, m time.Month) string // mends a long date; may be nil
	digit  rune                                // the locale's zero; 0 for the Latin one
	number number
}

// Load makes the Locale of a BCP 47 tag. At is where the tag is written, for
// the problem that there are no words for it. Own is the site's own
// templates/words/LANG.toml, or nil.
func Load(tag string, at source.Pos, own *source.File) (*Locale, source.Problems) {
	// A tag that does not parse has no words either. One that is well formed
	// but not registered is no error: a site may bring the words.
	t, _ := language.Parse(tag)
	l := &Locale{Tag: tag, Dir: direction(t)}

	base := shipped(t)
	if base == "" && own == nil {
		return nil, source.Problems{source.NewProblem(at, "no-words",
			fmt.Sprintf("privgen has no words of its own in the language %q", tag),
			fmt.Sprintf("write templates/words/%s.toml with all of them, or choose one of %s",
				tag, strings.Join(Languages(), ", ")))}
	}
	if base != "" {
		l.Words = read(base)
	}
	if own != nil {
		if problems := l.Words.change(own, base != ""); problems != nil {
			return nil, problems
		}
	}
	l.Name = l.Words.Name
	l.setCLDR(t)
	return l, nil
}

// direction gives the direction in which the script of a language is written.
func direction(t language.Tag) string {
	script, _ := t.Script()
	switch script.String() {
	case "Adlm", "Arab", "Aran", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa", "Yezi":
		return "rtl"
	}
	return "ltr"
}

// names gives the names under which data for a tag may be found, the best one
// first: with script and region, region, script, and alone. A name is left out
// when it means another script than the tag: sr-Latn is not written as sr is.
//
// The region is the one that was asked for, never the likely one: ar is not
// ar-EG, which has other digits.
func names(t language.Tag) []string {
	base, _, region := t.Raw()
	script, _ := t.Script()
	lang := base.String()
	if lang == "und" {
		return nil
	}
	list := []string{lang + "-" + script.String(), lang}
	if r := region.String(); r != "ZZ" {
		list = append([]string{list[0] + "-" + r, lang + "-" + r}, list...)
	}
	same := list[:0]
	for _, name := range list {
		if s, _ := language.Make(name).Script(); s == script {
			same = append(same, name)
		}
	}
	return same
}
