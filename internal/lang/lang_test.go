package lang_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/lang"
)

// texts returns texts about data of a shop's customers, by language tag. Many languages
// have a second one in legal language.
func texts(t *testing.T) map[string][]string {
	t.Helper()
	raw, err := os.ReadFile("testdata/texts.txt")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string][]string{}
	for line := range strings.Lines(string(raw)) {
		tag, text, _ := strings.Cut(line, " ")
		texts[tag] = append(texts[tag], text)
	}
	return texts
}

func TestDetect(t *testing.T) {
	t.Parallel()
	for want, list := range texts(t) {
		for _, text := range list {
			if have := lang.Detect([]byte("# 1. A\n\n" + text)); have != want {
				t.Errorf("Detect(%.40q...) = %q, want %q", text, have, want)
			}
		}
	}
}

func TestDetectUnknown(t *testing.T) {
	t.Parallel()
	texts := texts(t)
	for _, text := range []string{
		"", "12 34 56", "Privacy", "Fernhill Instruments, 7 Mill Lane, Fernhill",
		texts["en"][0] + texts["de"][0] + texts["fr"][0],       // mixed
		"Մենք պահում ենք ձեր տվյալները, քանի դեռ ունեք հաշիվ։", // Armenian, which is unknown
	} {
		if have := lang.Detect([]byte(text)); have != "" {
			t.Errorf("Detect(%.40q) = %q, want none", text, have)
		}
	}
}

// Every language of package locale is detected.
func TestDetectKnowsLocales(t *testing.T) {
	t.Parallel()
	files, err := os.ReadDir("../locale/words")
	if err != nil {
		t.Fatal(err)
	}
	texts := texts(t)
	for _, f := range files {
		tag := strings.TrimSuffix(f.Name(), ".toml")
		if base := lang.Base(tag); texts[base] == nil && tag != "nb" { // nb is detected as no
			t.Errorf("no text in %s: add one here, and its function words", base)
		}
	}
}

func TestTag(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"de": "de", "DE": "de", "de_DE": "de-DE", "pt-br": "pt-BR", "zh_Hant_TW": "zh-Hant-TW", "iw": "he",
		"us": "", "v2": "", "eu": "eu", "terms": "", "en-translation": "", "en-": "", "": "",
	} {
		if have := lang.Tag(s); have != want {
			t.Errorf("Tag(%q) = %q, want %q", s, have, want)
		}
	}
}

func ExampleDetect() {
	fmt.Println(lang.Detect([]byte("Wir sagen Ihnen, was wir mit den Daten tun, und geben sie nicht weiter.")))
	// Output: de
}

func TestDigit(t *testing.T) {
	t.Parallel()
	for r, want := range map[rune]int{'0': 0, '7': 7, '٣': 3, '९': 9, '０': 0, '𝟎': 0, '𝟗': 9, '𝟘': 0, '𝟚': 2, '𝟿': 9} {
		if have, ok := lang.Digit(r); !ok || have != want {
			t.Errorf("%c: have %d, %t", r, have, ok)
		}
	}
	if _, ok := lang.Digit('Ⅷ'); ok {
		t.Error("a Roman number is no digit")
	}
}

func TestSpacelessWord(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]bool{"規約": true, "ข้อ": true, "ひらがな": true, "조항": false, "terms": false, "": false} {
		if have := lang.SpacelessWord(word); have != want {
			t.Errorf("%q: have %t", word, have)
		}
	}
}
