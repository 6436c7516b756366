package redline_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/redline/view"
)

// If words were only added, no word is marked or counted as removed. If words were only
// removed, none is marked or counted as added.
func TestAdditionsAreNoReplacements(t *testing.T) {
	t.Parallel()
	countries := strings.Fields("Albania Austria Belgium Brazil Bulgaria Canada Chile Croatia Cyprus Denmark Egypt Estonia " +
		"Finland France Germany Ghana Greece India Iran Italy Japan Kenya Latvia Malta Mexico Nepal Norway Peru Poland Spain")
	sentence := "we tell you by mail before these terms change so that nobody can be surprised when a new rule begins to hold"
	chinese := "我们在更改本条款之前会通过电子邮件通知您以便您了解新的规则"
	thai := "เราจะแจ้งให้คุณทราบทางอีเมลก่อนที่จะเปลี่ยนแปลงข้อกำหนดเหล่านี้"
	r := rand.New(rand.NewPCG(14, 2))
	pick := func(items []string, share float64) []string {
		var out []string
		for i, s := range items {
			if i == 0 || r.Float64() < share {
				out = append(out, s)
			}
		}
		return out
	}
	for i := range 400 {
		share := 0.2 + 0.7*r.Float64()
		var before, after string
		switch i % 5 {
		case 0:
			before = "It is offered in " + strings.Join(pick(countries, share), ", ") + " and Yemen."
			after = "It is offered in " + strings.Join(countries, ", ") + " and Yemen."
		case 1:
			before = strings.Join(pick(strings.Fields(sentence), share), " ") + "."
			after = sentence + "."
		case 2:
			before, after = strings.Join(pick(strings.Split(chinese, ""), share), "")+"。", chinese+"。"
		case 3:
			words := strings.Split(thai, "เ")
			before, after = strings.Join(pick(words, share), "เ"), thai
		case 4:
			before = "- " + strings.Join(pick(countries, share), "\n- ")
			after = "- " + strings.Join(countries, "\n- ")
		}
		p := markdown.NewRenderer(1 << 16)
		a, b := take(p, before+"\n"), take(p, after+"\n")
		for _, way := range []struct {
			old, new *markdown.Body
			mark     string
		}{{a, b, "<del"}, {b, a, "<ins"}} {
			c := redline.Compare(way.old, way.new)
			html, _ := view.HTML(nil, c, setting)
			lost := c.Extent.WordsRemoved
			if way.mark == "<ins" {
				lost = c.Extent.WordsAdded
			}
			if strings.Contains(string(html), way.mark) || lost > 0 {
				t.Errorf("%s in\n%s\n%s\n%s", way.mark, before, after, view.Text(nil, c, false))
			}
			if s := lawful(t, way.old, way.new, c); s != "" {
				t.Error(s)
			}
		}
	}
}

// In a table of any length, an added column, swapped columns, or a changed cell in every row
// is all that is marked.
func TestLargeTables(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(14, 6))
	cell := func(n int) string {
		var words []string
		for range n {
			words = append(words, fmt.Sprintf("w%d", r.IntN(300)))
		}
		return strings.Join(words, " ")
	}
	for _, rows := range []int{40, 400, 800} {
		var before, wider, swapped, edited strings.Builder
		row := func(cells ...string) string { return "| " + strings.Join(cells, " | ") + " |\n" }
		for _, head := range [][]string{{"Name", "Reason", "Kept"}, {"---", "---", "---"}} {
			before.WriteString(row(head...))
			edited.WriteString(row(head...))
			wider.WriteString(row(head[0], head[0], head[1], head[2]))
			swapped.WriteString(row(head[0], head[2], head[1]))
		}
		for range rows {
			a, b, c := cell(3), cell(4), cell(3)
			before.WriteString(row(a, b, c))
			wider.WriteString(row(a, cell(2), b, c))
			swapped.WriteString(row(a, c, b))
			edited.WriteString(row(a, b, c+" new"))
		}
		p := markdown.NewRenderer(1 << 24)
		old := take(p, before.String())
		for _, want := range []struct {
			name, text     string
			added, removed int
			moved, styles  int
		}{
			{"a column more", wider.String(), 2*rows + 1, 0, 0, 0},
			{"columns swapped", swapped.String(), 0, 0, 3*rows + 1, 0},
			{"a word in each row", edited.String(), rows, 0, 0, 0},
		} {
			now := take(p, want.text)
			c := redline.Compare(old, now)
			e := c.Extent
			if e.WordsAdded != want.added || e.WordsRemoved != want.removed || e.WordsMoved != want.moved || e.Styles != want.styles {
				t.Errorf("%d rows, %s: %+v", rows, want.name, e)
			}
			if s := lawful(t, old, now, c); s != "" {
				t.Errorf("%d rows, %s: %s", rows, want.name, s)
			}
		}
	}
}

// Columns with short cells are paired by their headings and positions.
func TestShortCells(t *testing.T) {
	t.Parallel()
	const rows = 200
	table := func(head string, cells func(i int) string) string {
		var b strings.Builder
		fmt.Fprintf(&b, "| Name | %s |\n|---|%s\n", head, strings.Repeat("---|", strings.Count(head, "|")+1))
		for i := range rows {
			fmt.Fprintf(&b, "| plan %d | %s |\n", i, cells(i))
		}
		return b.String()
	}
	option := func(yes bool) string {
		if yes {
			return "Yes"
		}
		return "No"
	}
	options := func(i int) string { return option(i%10 < 6) + " | " + option(i%10 >= 5) }
	// Each column of others has the words of the other one.
	others := func(i int) string { return option(i%10 < 5) + " | " + option(i%10 >= 4) }
	for _, c := range []struct {
		name, old, now string
		added, removed int
	}{
		{
			"a column is new, and all others changed",
			table("Price", func(i int) string { return fmt.Sprint(1000 + i) }),
			table("Tax | Price", func(i int) string { return fmt.Sprint("none | ", 2000+i) }),
			2*rows + 1, rows,
		},
		{"options changed", table("A | B", options), table("A | B", others), rows / 5, rows / 5},
		{"options and headings changed", table("A | B", options), table("C | D", others), rows/5 + 2, rows/5 + 2},
	} {
		p := markdown.NewRenderer(1 << 24)
		r := redline.Compare(take(p, c.old), take(p, c.now))
		if e := r.Extent; e.WordsAdded != c.added || e.WordsRemoved != c.removed {
			t.Errorf("%s: %+v, want %d added and %d removed", c.name, e, c.added, c.removed)
		}
		if shown := view.Text(nil, r, false); bytes.Contains(shown, []byte("moved")) {
			t.Errorf("%s: columns moved: %.80s", c.name, shown)
		}
	}
}

// In a long list whose words are all in many items, an item whose words were reordered is
// the same item.
func TestCommonWords(t *testing.T) {
	t.Parallel()
	words := strings.Fields("data service mail phone name contract account law")
	var before, after strings.Builder
	after.WriteString("- data, law\n")
	for i := range words {
		for j := range i {
			for k := range j {
				fmt.Fprintf(&before, "- %s, %s, %s\n", words[i], words[j], words[k])
				fmt.Fprintf(&after, "- %s, %s, %s\n", words[j], words[k], words[i])
			}
		}
	}
	p := markdown.NewRenderer(1 << 20)
	r := redline.Compare(take(p, before.String()), take(p, after.String()))
	if r.Verdict == redline.Rewritten {
		t.Error("the list is shown as rewritten")
	}
	if s := string(view.Text(nil, r, false)); !strings.Contains(s, "\n- [-mail,-]service, data{+, mail+}\n") {
		t.Errorf("items are not compared: %.200s", s)
	}
}

// No tag divides a grapheme cluster.
func TestMarksKeepGraphemes(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{
		{"The 👨‍👩‍👧 plan", "The 👨‍👩‍👦 plan"}, {"a 👍🏽 b", "a 👍🏿 b"}, {"go 🇩🇪🇫🇷", "go 🇩🇰🇫🇷"}, {"key 1️⃣ here", "key 2️⃣ here"},
		{"한국어 조항", "한국에 조항"}, {"नमस्ते दुनिया", "नमस्कार दुनिया"}, {"cafe\u0301s open", "cafe\u0300s open"},
	} {
		p := markdown.NewRenderer(1 << 16)
		a, b := take(p, c[0]+"\n"), take(p, c[1]+"\n")
		r := redline.Compare(a, b)
		html, _ := view.HTML(nil, r, plainSetting)
		if s := cuts(string(html)); s != "" {
			t.Errorf("%q to %q: a sign is divided at %q in %s", c[0], c[1], s, html)
		}
		if strings.Contains(string(html), "U+") {
			t.Errorf("%q to %q: a code point is named in %s", c[0], c[1], html)
		}
	}
}

// cuts returns the text around a tag that divides a grapheme cluster, or "".
func cuts(page string) string {
	for i := 0; i < len(page); i++ {
		if page[i] != '<' {
			continue
		}
		end := i + strings.IndexByte(page[i:], '>') + 1
		if end < len(page) && page[end] >= 0x80 && i > 0 && page[i-1] != '>' {
			if r, _ := utf8.DecodeRuneInString(page[end:]); unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Mc, r) || r == '\u200D' {
				return page[max(0, i-10):min(len(page), end+10)]
			}
		}
		i = end - 1
	}
	return ""
}
