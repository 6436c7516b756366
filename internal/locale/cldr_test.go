package locale_test

import (
	_ "embed"
	"strconv"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/source"
)

// load returns a locale for a tag. If privgen has no words for it, load uses the
// English ones: a site that defines all words can have any language.
func load(t *testing.T, tag string) *locale.Locale {
	t.Helper()
	l, problems := locale.Load(tag, source.In("privgen.toml"), nil)
	if len(problems) > 0 {
		l, problems = locale.Load(tag, source.In("privgen.toml"), ownWords(t, tag))
	}
	if len(problems) > 0 {
		t.Fatalf("Load(%q): %v", tag, problems[0])
	}
	return l
}

func TestDate(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ tag, day, want string }{
		{"en", "2026-01-01", "January 1, 2026"},
		{"en-US", "2026-01-01", "January 1, 2026"},
		{"en-GB", "2026-01-01", "1 January 2026"},
		{"en-gb", "2026-01-01", "1 January 2026"},
		{"EN_gb", "2026-01-01", "1 January 2026"},
		{"en-GB-oxendict", "2026-01-01", "1 January 2026"},
		{"en-GB-u-ca-islamic", "2026-01-01", "1 January 2026"},
		{"en-ZA", "2026-01-01", "01 January 2026"},
		{"de", "2026-01-01", "1. Januar 2026"},
		{"de-AT", "2026-01-01", "1. Jänner 2026"},
		{"de-US", "2026-03-31", "31. März 2026"}, // not in CLDR, so it is written as de
		{"fr-CA", "2026-08-01", "1 août 2026"},
		{"es-419", "2026-05-22", "22 de mayo de 2026"},
		{"pt-BR", "2026-03-01", "1 de março de 2026"},
		{"pl", "2026-01-01", "1 stycznia 2026"},
		{"cs", "2026-01-01", "1. ledna 2026"},
		{"fi", "2026-01-01", "1. tammikuuta 2026"},
		{"hu", "2026-01-01", "2026. január 1."},
		{"hr", "2026-01-01", "1. siječnja 2026."},
		{"lt", "2026-01-01", "2026 m. sausio 1 d."},
		{"ca", "2026-04-01", "1 d’abril del 2026"},
		{"ru", "2026-01-01", "1 января 2026\u202fг."},
		{"uk", "2026-01-01", "1 січня 2026\u202fр."},
		{"bg", "2026-01-01", "1 януари 2026\u202fг."},
		{"ar", "2026-01-01", "1 يناير 2026"},
		{"ar-EG", "2026-01-01", "١ يناير ٢٠٢٦"},
		{"ar-MA", "2026-05-22", "22 ماي 2026"},
		{"ar-LB", "2026-01-01", "١ كانون الثاني ٢٠٢٦"},
		{"fa", "2026-01-01", "۱ ژانویهٔ ۲۰۲۶"},
		{"he", "2026-01-01", "1 בינואר 2026"},
		{"iw", "2026-01-01", "1 בינואר 2026"}, // the old tag of he
		{"hi", "2026-01-01", "1 जनवरी 2026"},
		{"mr", "2026-01-01", "१ जानेवारी, २०२६"},
		{"bn", "2026-01-01", "১ জানুয়ারি, ২০২৬"},
		{"th", "2026-01-01", "1 มกราคม ค.ศ. 2026"},
		{"yo", "2026-01-01", "1 Oṣù Ṣẹ́rẹ́ 2026"},
		{"la", "2026-01-01", "die 1 Ianuarii 2026"},
		{"ja", "2026-01-01", "2026年1月1日"},
		{"zh-TW", "2026-01-01", "2026年1月1日"},
		{"ko", "2026-01-01", "2026년 1월 1일"},
		{"sr", "2026-01-01", "1. јануар 2026."},
		{"sr-Latn", "2026-01-01", "1. januar 2026."},
		{"sr-ME", "2026-01-01", "1. januar 2026."}, // its likely script is Latin
		{"vi", "2026-12-31", "31 tháng 12, 2026"},
		{"nn", "2026-01-01", "1. januar 2026"},

		// Without month names in CLDR, the format is ISO.
		{"tlh", "2026-01-01", "2026-01-01"},
		{"qaa", "2026-01-01", "2026-01-01"},
		{"x-house", "2026-01-01", "2026-01-01"},
		{"vai-Latn", "2026-01-01", "2026-01-01"},
		{"de-Cyrl", "2026-01-01", "2026-01-01"},

		{"en", "", ""},
	} {
		d, _ := day.Parse(test.day)
		have := load(t, test.tag).Date(d)
		if alone := locale.Date(d, test.tag); have != test.want || alone != have {
			t.Errorf("%s: Date(%s)\nhave %q, without words %q\nwant %q", test.tag, test.day, have, alone, test.want)
		}
	}
}

func TestZeroLocale(t *testing.T) {
	t.Parallel()
	var l locale.Locale
	if have := l.Date(day.Day{Year: 2026, Month: 1, Dom: 2}); have != "2026-01-02" {
		t.Errorf("Date of the zero Locale is %q, want the ISO form", have)
	}
	if have := l.Number(-1234567); have != "-1234567" {
		t.Errorf("Number of the zero Locale is %q, want bare digits", have)
	}
}

//go:embed testdata/intl.txt
var intl string

// TestIntl compares dates and numbers with those of ICU. See testdata/intl.mjs.
func TestIntl(t *testing.T) {
	t.Parallel()
	// These differences do not count: Node's engine writes a space for U+202F, and
	// direction marks can be missing.
	same := strings.NewReplacer("\u202f", " ", "\u200e", "", "\u200f", "", "\u061c", "")
	var l *locale.Locale
	for line := range strings.Lines(intl) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 3 {
			continue
		}
		if l == nil || l.Tag != f[0] {
			l = load(t, f[0])
		}
		var have string
		if d, err := day.Parse(f[1]); err == nil {
			have = l.Date(d)
		} else if n, err := strconv.Atoi(f[1]); err == nil {
			have = l.Number(n)
		} else {
			t.Fatalf("testdata/intl.txt: bad line %q", line)
		}
		if same.Replace(have) != same.Replace(f[2]) {
			t.Errorf("%s: %s\nhave %q\nwant %q", f[0], f[1], have, f[2])
		}
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		tag  string
		n    int
		want string
	}{
		{"en", 0, "0"},
		{"en", 999, "999"},
		{"en", 1000, "1,000"},
		{"en", -1234, "-1,234"},
		{"en-IN", 1234567, "12,34,567"},
		{"de", 1234567, "1.234.567"},
		{"de-CH", 12345, "12'345"},
		{"fr", 12345, "12\u202f345"},
		{"es", 1234, "1234"},
		{"es", 12345, "12.345"},
		{"es-MX", 1234, "1,234"},
		{"pl", 1234, "1234"},
		{"ar-EG", 12345, "١٢٬٣٤٥"},
		{"qaa", 12345, "12345"},
	} {
		if have := load(t, test.tag).Number(test.n); have != test.want {
			t.Errorf("%s: Number(%d)\nhave %q\nwant %q", test.tag, test.n, have, test.want)
		}
	}
}

func TestDir(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ tag, want string }{
		{"en", "ltr"}, {"ja", "ltr"}, {"tr", "ltr"}, {"qaa", "ltr"}, {"ku", "ltr"}, {"pa", "ltr"}, {"az", "ltr"},
		{"ar", "rtl"}, {"ar-EG", "rtl"}, {"he", "rtl"}, {"iw", "rtl"}, {"fa", "rtl"}, {"ur", "rtl"}, {"yi", "rtl"},
		{"ps", "rtl"}, {"ckb", "rtl"}, {"dv", "rtl"}, {"syr", "rtl"}, {"nqo", "rtl"}, {"pa-PK", "rtl"}, {"az-IR", "rtl"},
		{"az-Arab", "rtl"}, {"ar-Latn", "ltr"}, {"ff-Adlm", "rtl"},
	} {
		if have := load(t, test.tag).Dir; have != test.want {
			t.Errorf("%s: Dir is %s, want %s", test.tag, have, test.want)
		}
	}
}

func BenchmarkDate(b *testing.B) {
	l, _ := locale.Load("en-GB", source.In("privgen.toml"), nil)
	for b.Loop() {
		l.Date(day.Day{Year: 2026, Month: 1, Dom: 1})
	}
}
