package markdown_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/markdown"
)

// TestMarksWithoutAPartner checks where a mark is a mistake: line, column, and a part of
// what is wrong, or nothing.
func TestMarksWithoutAPartner(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"We keep **nothing.", "1:9 begins bold"},
		{"Wir __löschen alles.", "1:5 begins bold"},
		{"Nous **supprimons", "1:6 begins bold"},
		{"我们 **不会出售", "1:4 begins bold"},
		{"Keep nothing.** Ever.", "1:14 ends bold"},
		{"Nur auf Anfrage** löschen", "1:16 ends bold"},
		{"**\nDroits**", "2:7 ends bold"},
		{"We ~~sell data.", "1:4 begins words that are struck"},
		{"Wir verkaufen~~ Daten.", "1:14 ends words that are struck"},
		{"El plazo es ~~de un mes.", "1:13 begins words that are struck"},
		{"Set `do_not_track in your browser.", "1:5 begins code"},
		{"Der Cookie (`session) läuft ab.", "1:13 begins code"},
		{"Le cookie ``sid` expire.", "1:11 begins code"},
		{"We *never sell data.", "1:4 begins words in italics"},
		{"Wir geben *nichts weiter.", "1:11 begins words in italics"},
		{"No *vendemos datos.", "1:4 begins words in italics"},
		{"| a |\n|---|\n| b *c |", "3:5 begins words in italics"},
		{"Nutzer*innen und Kund*innen haben Rechte.", "1:7 italic"},
		{"Expert*innen,\ndie Sprecher*innen beraten", "1:7 italic"},
		{"L'usager*ère ou le client*e peut", "1:9 italic"},
		{"5*3 or 4*2 days", "1:2 italic"},
		// Correct marks, and signs of notes.
		{"Prices* include tax.\n\n*Not in Norway.", ""},
		{"Preise* enthalten Steuern, Versand** nicht\\*\\*.", "1:35 ends bold"},
		{"Prix * hors taxes", ""},
		{"a * b * c", ""},
		{"\\*innen und Kund\\*innen, \\`x, \\~~y", ""},
		{"Nutzer*innen", ""},
		{"We *never* sell **any** ~~data~~ `x`.", ""},
		{"un*frigging*believable", ""},
		{"我*们 不*会", ""},
		{"3~~5 days, ~/.profile", ""},
		{"don`t", ""},
		{"see https://example.com/~~a", ""},
	} {
		have := ""
		_, problems := parseWith(c.text+"\n", markdown.Rules{})
		for _, p := range problems {
			if p.Code == "broken-markup" || p.Code == "accidental-markup" {
				have += fmt.Sprintf("%d:%d %s; ", p.Line, p.Col, p.What)
			}
		}
		at, what, _ := strings.Cut(c.want, " ")
		if have == "" != (c.want == "") || !strings.HasPrefix(have, at) || !strings.Contains(have, what) {
			t.Errorf("%q\n\thave %q\n\twant %q", c.text, have, c.want)
		}
		if b, problems := parseWith(c.text+"\n", markdown.Rules{Mistakes: "keep"}); b == nil || len(problems) > 0 {
			t.Errorf("%q: with mistakes = keep: %v", c.text, problems)
		}
	}
}

// TestSlips checks where a typing mistake converts a paragraph to another block, or a
// heading has no words.
func TestSlips(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"# A\n\n##\n\nText.":                               "empty-heading 3:1",
		"## ##\n\nTexte.":                                  "empty-heading 1:1",
		"> ###   \n> Wort.":                                "empty-heading 1:3",
		"- #\n- 条款":                                        "empty-heading 1:3",
		"#\n# 제목":                                          "empty-heading 1:1",
		"## {#preise}\n\nText.":                            "empty-heading 1:1",
		"Prices include tax.\n---":                         "accidental-markup 1:1",
		"Nous gardons vos données.\n----":                  "accidental-markup 1:1",
		"개인정보를 판매하지 않습니다.\n---":                            "accidental-markup 1:1",
		"لا نبيع بياناتك الشخصية.\n---":                    "accidental-markup 1:1",
		"> Wir verkaufen keine Daten.\n> ---":              "accidental-markup 1:3",
		"A\n\n    We keep your data for 30 days.":          "accidental-markup 3:5",
		"A\n\n\tNous gardons vos données un mois.":         "accidental-markup 3:2",
		"A\n\n    我们会保留您的个人信息。":                            "accidental-markup 3:5",
		"1. A\n\n        Wir löschen Daten nach 30 Tagen.": "accidental-markup 3:8",
		"Our fees\n---":                                    "",
		"Nous ne vendons pas vos données.\n------------":   "", // an author who underlines all of it means a heading
		"Preise und Gebühren\n===":                         "",
		"A\n\n    x := f(y)":                               "",
		"A.\n\n---\n\nB.":                                  "",
		"```\nWe keep your data.\n```":                     "",
	} {
		have := ""
		_, problems := parseWith(text+"\n", markdown.Rules{})
		for _, p := range problems {
			have += fmt.Sprintf("%s %d:%d", p.Code, p.Line, p.Col)
		}
		if have != want {
			t.Errorf("%q: have %q, want %q", text, have, want)
		}
	}
}

// TestNumbersThatBeginNoList checks which numbers at the beginning of a line are a
// mistake, by line.
func TestNumbersThatBeginNoList(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		line int
	}{
		{"You may:\n3. copy", 2},
		{"Sie dürfen:\n2) kopieren\n3) teilen", 2},
		{"Vous pouvez :\n4. copier", 2},
		{"您可以：\n3. 复制", 2},
		{"> Puede:\n> 7. copiar", 2},
		{"- You may:\n  3. copy", 2},
		{"You may\n3. copy\n4. share", 2},
		{"Wir\nund\n2. er\n3. sie", 3},
		{"You may:\n\n3. copy\n4. share", 0},
		{"You may:\n1. copy\n3. share", 0},
		{"You may:\n3\\. copy", 0},
		{"The number of windows is\n14. The number of doors is 6.", 0},
		{"Am 3. Mai und\n4. Juni gilt", 0},
		{"It is due in\n2026. See above.", 0},
	} {
		have := 0
		_, problems := parseWith(c.text+"\n", markdown.Rules{})
		for _, p := range problems {
			have = p.Line
		}
		if have != c.line {
			t.Errorf("%q: have line %d, want %d: %v", c.text, have, c.line, problems)
		}
	}
}
