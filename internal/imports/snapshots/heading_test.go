package snapshots

import (
	"slices"
	"strings"
	"testing"
	"unicode"
)

func TestMakeHeadings(t *testing.T) {
	t.Parallel()
	const prose = "We keep what you give us for as long as we need it, and no longer than that."
	for _, test := range []struct{ what, text, want string }{
		{"bold lines", "# Terms\n\n**Keeping**\n\n" + prose + "\n", "# Terms\n\n## Keeping\n\n" + prose + "\n"},
		{"plain lines, at least two", "# Terms\n\nKeeping\n\n" + prose + "\n\nWho are we?\n\n" + prose, "# Terms\n\n## Keeping\n\n" + prose + "\n\n## Who are we?\n\n" + prose},
		{"one plain line", "# Terms\n\nKeeping\n\n" + prose, ""},
		{"numbers", "# Terms\n\n1\\. Keeping\n\n" + prose + "\n\n1.1 In the shop\n\n" + prose, "# Terms\n\n## 1\\. Keeping\n\n" + prose + "\n\n### 1.1 In the shop\n\n" + prose},
		{"capitals", "# Terms\n\nOUR DUTIES\n\n" + prose, "# Terms\n\n## OUR DUTIES\n\n" + prose},
		{"a title", "PRIVACY POLICY\n\n" + prose + "\n\n**Keeping**\n\n" + prose, "# PRIVACY POLICY\n\n" + prose + "\n\n## Keeping\n\n" + prose},
		{"a list with numbers", "# Terms\n\n1. Names\n\n2. Places\n\n3. Dates\n", ""},
		{"a sentence", "# Terms\n\n**We keep little.**\n\n" + prose, ""},
		{"a stamp", "# Terms\n\nUpdated May 12, 2016\n\n" + prose + "\n\n**1 May 2024**\n\n" + prose, ""},
		{"an address", "# Terms\n\nFernhill Instruments\n\n7 Mill Lane\n\nFernhill\n", ""},
		{"short paragraphs", "# Terms\n\nKeeping\n\nWe keep little.\n\nCookies\n\nThere is one.\n", "# Terms\n\n## Keeping\n\nWe keep little.\n\n## Cookies\n\nThere is one.\n"},
		{"short paragraphs without spaces", "# 条款\n\n保存期限\n\n我们保存十年。\n\n您的权利\n\n您可以查询。\n", "# 条款\n\n## 保存期限\n\n我们保存十年。\n\n## 您的权利\n\n您可以查询。\n"},
		{"an address with a company", "# Terms\n\nContact\n\nFernhill Instruments Co. Ltd.\n\nThe Shop\n\nFernhill Inc.\n", ""},
		{"contact lines", "# Terms\n\n**help@fernhill.example**\n\n" + prose + "\n\n**+44 20 7946 0000**\n\n" + prose, ""},
		{"a text that has headings", "# T\n\n## A\n\n## B\n\n## C\n\n**Note**\n\n" + prose, ""},
		{"what a page left", "# T\n\nEnglish\n\n" + prose + "\n\nCopy link\n\n" + prose + "\n\n**404**\n\n" + prose + "\n\nT23AT2P\n\n" + prose, ""},
		{"the same label again and again", "# T\n\n" + strings.Repeat("LABEL\n\n"+prose+"\n\n", 3), ""},
		{"a part of a sentence", "# T\n\n**what is not allowed; and**\n\n**What is not allowed; and**\n\n" + prose, ""},
		{"a block of code", "# T\n\n```\n\n**A**\n\n" + prose + "\n\n```\n", ""},
	} {
		want := test.want
		if want == "" {
			want = test.text
		}
		have, made := makeHeadings([]byte(test.text))
		if string(have) != want {
			t.Errorf("%s:\nhave %q\nwant %q", test.what, have, want)
		}
		if (len(made) > 0) != (want != test.text) {
			t.Errorf("%s: tells of %d headings", test.what, len(made))
		}
		for _, m := range made {
			if line := strings.Split(test.text, "\n")[m.line-1]; !strings.Contains(line, strings.TrimSuffix(m.title, ":")) {
				t.Errorf("%s: line %d is %q, not %q", test.what, m.line, line, m.title)
			}
		}
	}
}

// FuzzMakeHeadings checks that making headings changes no word.
func FuzzMakeHeadings(f *testing.F) {
	f.Add([]byte("**A**\n\nb c d. e\n\n1. X\n\nY"))
	f.Add([]byte("TITLE\r\n\r\ntext that goes on: and on"))
	f.Fuzz(func(t *testing.T, text []byte) {
		have, _ := makeHeadings(text)
		if a, b := bareWords(string(text)), bareWords(string(have)); !slices.Equal(a, b) {
			t.Errorf("have %q\nwant %q", b, a)
		}
	})
}

func bareWords(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// TestIsRegular makes headings without a flag if there is no doubt.
func TestIsRegular(t *testing.T) {
	t.Parallel()
	const prose = "We keep what you give us for as long as we need it, and no longer than that."
	text := func(lines ...string) string { return "# Privacy\n\n" + strings.Join(lines, "\n\n") + "\n" }
	for _, test := range []struct {
		what, text string
		want       bool
	}{
		{"lines above paragraphs", text("Updated May 12, 2016", "Orders", prose, "Cookies", prose, "Rights", prose), true},
		{"numbers", text("1. Orders", prose, "2. Cookies", prose, "3. Rights", prose), true},
		{"bold lines", text("**Bestellungen**", prose, "**Rechte**", prose, "**Cookies**", prose), true},
		{"without spaces", text("保存期限", "我们保存十年。", "您的权利", "您可以查询。", "联系我们", "请写信给我们。"), true},
		{"lines above lists", text("Orders", "* "+prose, "Cookies", "* "+prose, "Rights", "* "+prose), true},
		{"two lines", text("Orders", prose, "Cookies", prose), false},
		{"some headings have markup", text("Orders", prose, "## Cookies", prose, "Rights", prose, "Changes", prose), false},
		{"short lines elsewhere", text("Orders", prose, "Cookies", prose, "Rights", prose, "Fernhill Instruments", "Mill Lane", "Fernhill"), false},
		{"a menu", text("Home", "Shop", "About", "Orders", prose, "Cookies", prose, "Rights", prose), false},
		{"only paragraphs", text(prose, prose, prose), false},
	} {
		_, made := makeHeadings([]byte(test.text))
		if have := isRegular([]byte(test.text), made); have != test.want {
			t.Errorf("%s: have %v, made %v", test.what, have, made)
		}
	}
	quote := "> *From [the Wayback Machine](https://web.archive.org/web/20140210082152id_/http%3A//www.fernhill.example/privacy.html).*\n\n"
	body := text("Orders", prose, "Cookies", prose, "Rights", prose)
	for _, test := range []struct {
		file, text string
		search     Search
		want       int
	}{
		{"in/2014-02-10.md", quote + body, Search{}, 3},
		{"in/2014-02-10.txt", body, Search{}, 3},
		{"in/2014-02-10.md", body, Search{}, 0},
		{"in/2014-02-10.md", body, Search{Headings: true}, 3},
		{"in/2014-02-10.txt", quote + body, Search{Lines: true}, 0},
	} {
		found := find(t, test.search, test.file, test.text)
		have, err := found.Documents[0].States[0].Bytes()
		if n := strings.Count(string(have), "\n## "); err != nil || n != test.want {
			t.Errorf("%s: %d headings, want %d; %v", test.file, n, test.want, err)
		}
	}
}
