package view_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/redline/view"
)

var (
	tableRow = regexp.MustCompile(`(?s)<tr>\n<td>\n(.*?)</td>\n<td>\n(.*?)</td>\n</tr>\n`)
	tag      = regexp.MustCompile(`<[^>]*>`)
)

// Each side of a table has the words, the list numbers, the structure, and the marks of its
// own text.
func TestTable(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, before, after string
		rows                [][2]string
	}{
		{
			"words", "## Term\n\nWe keep it for 30 days.\n\n## Rest\n\nNothing.\n", "## Term\n\nWe keep it for 14 days.\n\n## Rest\n\nNothing.\n",
			[][2]string{{
				"<h2>Term</h2>\n<p>We keep it for <del>30</del> days.</p>\n",
				"<h2 id=\"term\">Term</h2>\n<p>We keep it for <ins>14</ins> days.</p>\n",
			}},
		},
		{
			"Korean", "## 제1조 (보관)\n\n기록을 5년간 보관합니다.\n", "## 제1조 (보관)\n\n기록을 3년간 보관합니다.\n",
			[][2]string{{
				"<h2>제1조 (보관)</h2>\n<p>기록을 <del>5년간</del> 보관합니다.</p>\n",
				"<h2 id=\"보관\">제1조 (보관)</h2>\n<p>기록을 <ins>3년간</ins> 보관합니다.</p>\n",
			}},
		},
		{
			"a clause that only has another number", "## 제1조 (목적)\n\n목적입니다.\n\n## 제2조 (보관)\n\n기록을 보관합니다.\n",
			"## 제1조 (목적)\n\n목적입니다.\n\n## 제2조 (정의)\n\n정의입니다.\n\n## 제3조 (보관)\n\n기록을 보관합니다.\n",
			[][2]string{
				{"<p>(added)</p>\n", "<h2 id=\"정의\" data-mark=\"ins\"><ins>제2조 (정의)</ins></h2>\n<p data-mark=\"ins\"><ins>정의입니다.</ins></p>\n"},
				{"<h2><del data-number>제2조</del> (보관)</h2>\n<p>…</p>\n", "<h2 id=\"보관\"><ins data-number>제3조</ins> (보관)</h2>\n<p>…</p>\n"},
			},
		},
		{
			"a clause that is new, and one that is gone", "## A\n\nOne two three.\n\n## B\n\nFour five six.\n", "## A\n\nOne two three.\n\n## C\n\nSeven eight.\n",
			[][2]string{
				{"<h2 data-mark=\"del\"><del>B</del></h2>\n<p data-mark=\"del\"><del>Four five six.</del></p>\n", "<p>(removed)</p>\n"},
				{"<p>(added)</p>\n", "<h2 id=\"c\" data-mark=\"ins\"><ins>C</ins></h2>\n<p data-mark=\"ins\"><ins>Seven eight.</ins></p>\n"},
			},
		},
		{
			"list numbers", "3. Names\n4. Addresses\n5. Telephone numbers\n", "3. Names\n4. Mail addresses of users\n5. Addresses\n6. Telephone numbers\n",
			[][2]string{{
				"<ol start=\"3\">\n<li value=\"3\">Names\n</li>\n\n<li value=\"4\">Addresses\n</li>\n<li value=\"5\">Telephone numbers\n</li>\n</ol>\n",
				"<ol start=\"3\">\n<li>Names\n</li>\n<li data-mark=\"ins\"><ins>Mail addresses of users</ins>\n</li>\n<li>Addresses\n</li>\n<li>Telephone numbers\n</li>\n</ol>\n",
			}},
		},
		{
			"another kind of list", "1. Names and words\n2. Addresses\n", "- Names and numbers\n- Addresses\n",
			[][2]string{{
				"<ol>\n<li value=\"1\">Names and <del>words</del>\n</li>\n<li value=\"2\">Addresses\n</li>\n</ol>\n",
				"<ul data-was=\"ol\">\n<li>Names and <ins>numbers</ins>\n</li>\n<li>Addresses\n</li>\n</ul>\n",
			}},
		},
		{
			"what is far from a change", "One.\n\nTwo.\n\nThree.\n\nFour is here.\n\nFive.\n", "One.\n\nTwo.\n\nThree.\n\nFour was here.\n\nFive.\n",
			[][2]string{{
				"<p>…</p>\n<p>Three.</p>\n<p>Four <del>is</del> here.</p>\n<p>Five.</p>\n",
				"<p>…</p>\n<p>Three.</p>\n<p>Four <ins>was</ins> here.</p>\n<p>Five.</p>\n",
			}},
		},
		{"only a link", "See [it](https://a.example/).\n", "See [it](https://b.example/).\n", nil},
		{"nothing", "One.\n", "One.\n", nil},
	} {
		p := markdown.NewRenderer(1 << 20)
		r := redline.Compare(take(p, c.before), take(p, c.after))
		table := string(view.Table(nil, r, options, &view.TableOptions{Before: "B<", After: "A", Added: "added", Removed: "removed"}))
		if !strings.HasPrefix(table, "<table class=\"versions\">\n<thead>\n<tr><th scope=\"col\">B&lt;</th><th scope=\"col\">A</th></tr>\n") {
			t.Errorf("%s: it begins with %s", c.name, table)
		}
		var have [][2]string
		for _, m := range tableRow.FindAllStringSubmatch(table, -1) {
			have = append(have, [2]string{m[1], m[2]})
		}
		if len(have) != len(c.rows) {
			t.Errorf("%s: %d rows, want %d:\n%s", c.name, len(have), len(c.rows), table)
			continue
		}
		for i := range have {
			if have[i] != c.rows[i] {
				t.Errorf("%s: row %d\nhave %q\nwant %q", c.name, i, have[i], c.rows[i])
			}
		}
	}
}

// If no block is omitted, a side has all words of its text, including words that moved, were
// divided or restructured, or are in tables.
func TestTableWords(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{
		{"One two three four five six seven eight. Nine ten.\n", "One two three four five six seven eight.\n\nNine eleven.\n"},
		{"- Photos of yours and the place where each was taken\n- Messages to other members with date and time\n", "- Messages to other members with date and hour\n- Photos of yours and the place where each was taken\n"},
		{"| A | B |\n|---|---|\n| one | two |\n| three | four |\n", "| A | C | B |\n|---|---|---|\n| one | new | two |\n| three | words | four |\n"},
		{"It costs 5 euros in all shops.\n", "> It costs 6 euros in all shops.\n"},
		{"<b>Bold</b> and `a<b` and \"quotes\" of 5.\n", "<b>Bold</b> and `a<c` and \"quotes\" of 6.\n"},
		{"- one\n- two\n- three\n", "one more\n\ntwo\n\nthree\n"},
	} {
		p := markdown.NewRenderer(1 << 20)
		before, after := take(p, c[0]), take(p, c[1])
		table := string(view.Table(nil, redline.Compare(before, after), options, &view.TableOptions{}))
		var sides [2]string
		for _, m := range tableRow.FindAllStringSubmatch(nested(table), -1) {
			sides[0], sides[1] = sides[0]+m[1], sides[1]+m[2]
		}
		for i, b := range []*markdown.Body{before, after} {
			html, _ := b.HTML(nil, &options.RenderOptions)
			if have, want := bare(sides[i]), bare(string(html)); have != want {
				t.Errorf("%q, side %d: %q, want %q", c, i, have, want)
			}
		}
	}
}

// nested renames the rows and cells of tables within a table.
func nested(table string) string {
	var out strings.Builder
	deep := 0
	for line := range strings.Lines(table) {
		deep += strings.Count(line, "<table")
		if deep > 1 {
			line = strings.NewReplacer("<tr", "<x", "</tr", "</x", "<td", "<x", "</td", "</x").Replace(line)
		}
		deep -= strings.Count(line, "</table")
		out.WriteString(line)
	}
	return out.String()
}

// bare returns the words of HTML without spaces between them.
func bare(html string) string {
	return strings.Join(strings.Fields(tag.ReplaceAllString(html, " ")), "")
}
