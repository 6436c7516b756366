// Package locale has what depends on the language of a page: the formats of
// dates and numbers, the direction of the script, and the words that privgen
// writes.
//
// Its two fundamental types are Locale, one language (and region) ready for
// use, and Words, privgen's words in it.
//
// # Dates
//
// Date returns a day in the long format of CLDR, with the name of the month: "1
// January 2026" in en-GB, "January 1, 2026" in en-US. A numeric date would be
// ambiguous between the two. The format depends on language, script, and
// region. The digits are those of CLDR's default for the locale: Arabic ones in
// ar-EG, Latin ones in ar and ar-MA. Years are always Gregorian. A language
// without month names in CLDR gets the ISO format, 2026-01-01, and never
// English months.
//
// The data comes from github.com/bep/golocales, which is CLDR 48.1 as Go
// tables. They add 3.1 MB to a binary, but cost nothing at start: the library has
// no init and allocates nothing, so a program with it starts within 0.1 ms of one
// without. The first date takes 27 µs. A table of our own would have about 40 KB,
// but we would have to maintain it. cldr.go adds what the library does not have.
//
// The results of Date were compared with ICU 78 (Node's Intl, dateStyle long)
// for every month and the 985 tags that both know. They are equal for 933. The
// others are small languages and rare scripts for which one of the two has no
// data (nds, oc, kw, az-Arab). Where CLDR has a narrow no-break space, as
// before the г. of Russian dates, Node's engine writes a plain one and Date
// writes CLDR's.
//
// # Words
//
// The words of a language are in one file, words/LANG.toml. English is the
// reference: every language has its keys, and each text has the same
// placeholders. A tag uses the words of its region if they ship (pt-PT),
// otherwise those of its script (zh-TW is written in Hant), otherwise those of
// its language, but never those of another script. A file of the site can change
// some words of a language that ships, and must define all words of any other
// language.
package locale

import (
	"fmt"
	"strings"
	"time"

	"github.com/bep/golocales"
	"golang.org/x/text/language"

	"github.com/privgen/privgen/internal/source"
)

// A Locale is a language, with or without a region. Several goroutines can use
// it. The zero Locale has no words, and writes ISO dates and plain numbers.
type Locale struct {
	Tag   string // as requested: en-GB
	Name  string // the language's own name: Deutsch
	Dir   string // ltr or rtl
	Words Words

	cldr   golocales.Translator                // nil if CLDR has no dates for the tag
	mend   func(s string, m time.Month) string // corrects a long date; can be nil
	digit  rune                                // the locale's zero; 0 if it is Latin
	number number
}

// Load returns the Locale of a BCP 47 tag. At is the position of the tag, for the
// problem that privgen has no words in the language. Own is the site's own
// templates/words/LANG.toml, or nil.
func Load(tag string, at source.Pos, own *source.File) (*Locale, source.Problems) {
	// A tag that does not parse has no words either. A well-formed tag that is
	// not registered is not an error: a site can add its words.
	t, _ := language.Parse(tag)
	l := &Locale{Tag: tag, Dir: direction(t)}

	base := shipped(t)
	if base == "" && own == nil {
		return nil, source.Problems{source.NewProblem(at, "no-words",
			fmt.Sprintf("privgen has no words in the language %q", tag),
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

// direction returns the direction in which the script of a language is written.
func direction(t language.Tag) string {
	script, _ := t.Script()
	switch script.String() {
	case "Adlm", "Arab", "Aran", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa", "Yezi":
		return "rtl"
	}
	return "ltr"
}

// names returns the names under which a tag's data can be found, best first: the
// language with script and region, with region, with script, and alone. It omits a
// name that implies another script than the tag: sr-Latn is not written like sr.
//
// The region is only the requested one, never the likely one: ar is not ar-EG,
// which has other digits.
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
