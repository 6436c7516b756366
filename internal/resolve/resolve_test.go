package resolve_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/privgen/privgen/internal/resolve"
	"github.com/privgen/privgen/internal/source"
)

var values = map[string]any{
	"site.title": "Policies", "organization.name": "Acme & Sons Ltd", "organization.phone": "",
	"organization.address": "1 Lane\nTown", "organization.url": "https://acme.example/a_b(c)",
	"values.yes": true, "values.no": false, "values.n": int64(3), "values.region": "eu",
	"values.markup": "A*B* [x]", "values.year": "2026", "values.item": "- item",
	"values.long": map[string]any{"en": "ten years", "de": "zehn Jahre"},
	"values.only": map[string]any{"fr": "dix ans"},
}

// files are the clauses and tables of the tests.
var files = map[string]string{
	"_clauses/contact.md":    "## Contact {#contact}\n\nWrite to us.\n",
	"_clauses/contact.de.md": "## Kontakt {#contact}\n\nSchreiben Sie uns.\n",
	"_clauses/bare.md":       "One line.",
	"_clauses/two.md":        "\n\nFirst.\n\n- a\n  - b\n\n\n",
	"_clauses/items.md":      "- two\n- three\n",
	"_clauses/deep.md":       "Intro.\n\n# Post\n\n### By letter\n",
	"_clauses/setext.md":     "Post\n----\n\nText.\n",
	"_clauses/arg.md":        "+++\nparameters = [\"email\", \"days\"]\n[defaults]\ndays = \"3*\"\n+++\nWrite to {{email}}{{if days}} within {{days}}{{end}}.\n",
	"_clauses/crlf.md":       "One.\r\n\r\nTwo.\r\n",
	"_clauses/loop.md":       "See {{clause loop2}}.\n",
	"_clauses/loop2.md":      "Or {{clause loop}}.\n",
	"_clauses/unused.md":     "+++\nparameters = [\"who\"]\n+++\nText.\n",
	"_clauses/nested.md":     "## Nested\n\n{{clause contact}}\n",
	"_clauses/last.md":       "Text.\n\n{{if values.no}}\nMore.\n{{end}}\n",
	"_clauses/flag.md":       "{{if values.no}}\nNothing.\n{{end}}\n",
	"_data/cookies.toml": `markdown = ["provider"]
[columns]
name = "Name"
provider = "Provider"
essential = { en = "Essential", de = "Notwendig" }
days = "Days"
[[cookies]]
name = "b|c"
provider = "[Acme](https://acme.example/)"
essential = true
days = 30
[[cookies]]
name = "a_"
essential = false
days = 4
`,
	"_data/none.toml":  "[columns]\nname = \"Name\"\n",
	"_data/plain.toml": "[[plain]]\nlegal_name = \"X\"\nadded = 2026-01-31\n",
	"_data/wrong.toml": "[[cookie]]\nname = 1\n",
}

func testResolver() *resolve.Resolver {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys["content/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	return resolve.New(resolve.Options{Files: fsys, Clauses: "content/_clauses", Data: "content/_data", Language: "en", Values: values})
}

// resolved returns a resolved text, or its problems.
func resolved(t testing.TB, lang, text string) string {
	t.Helper()
	f, problem := source.Parse("content/x/draft.md", []byte(text))
	if problem != nil {
		return problem.String()
	}
	out, problems := testResolver().Resolve(f, 0, resolve.Reader{Lang: lang, Own: map[string]any{"values.own": "mine"}})
	if problems != nil {
		var b strings.Builder
		for _, p := range problems {
			fmt.Fprintf(&b, "%s [%s]\n", p, p.Code)
		}
		return b.String()
	}
	check(t, out)
	return string(out.File.Text)
}

// check checks that the positions of a resolved text match its words, and that it
// resolves to itself.
func check(t testing.TB, out *resolve.Text) {
	t.Helper()
	f := out.File
	for i, s := range f.Spans {
		end := len(f.Text)
		if i+1 < len(f.Spans) {
			end = f.Spans[i+1].Start
		}
		if s.Start >= end || i == 0 && s.Start != 0 {
			t.Fatalf("span %d begins at %d and ends at %d", i, s.Start, end)
		}
		if s.At > len(s.From.Text) || !s.Fixed && string(s.From.Text[s.At:s.At+end-s.Start]) != string(f.Text[s.Start:end]) {
			t.Fatalf("span %d says %q, the text %q", i, s.From.Text[s.At:], f.Text[s.Start:end])
		}
	}
	again := &source.File{Name: f.Name, Text: f.Text}
	twice, problems := testResolver().Resolve(again, 0, resolve.Reader{Lang: "en"})
	if problems != nil {
		t.Fatalf("a resolved text has problems: %v\n%s", problems[0], f.Text)
	}
	if string(twice.File.Text) != string(f.Text) || twice.Uses != nil {
		t.Fatalf("resolving twice makes\n%s\nof\n%s", twice.File.Text, f.Text)
	}
}

var cases = []struct{ name, in, want string }{
	{"a value", "We are {{organization.name}}.\n", "We are Acme & Sons Ltd.\n"},
	{"a value in two languages", "{{ values.long }}, {{values.own}}\n", "ten years, mine\n"},
	{"markup in a value", "{{values.markup}}\n", "A\\*B\\* \\[x\\]\n"},
	{"a value in an address", "[x]({{organization.url}}) <{{organization.url}}>\n", "[x](https://acme.example/a_b%28c%29) <https://acme.example/a_b%28c%29>\n"},
	{"a value at the beginning of a line", "{{values.item}}\n\n- {{values.item}}\n", "\\- item\n\n- \\- item\n"},
	{"a number that would begin a list", "{{values.year}}. That is it.\n", "&#50;026. That is it.\n"},
	{"line breaks", "{{organization.address}}\n\n> {{organization.address}}\n\n## {{organization.address}}\n\n| {{organization.address}} |\n",
		"1 Lane\\\nTown\n\n> 1 Lane\\\n> Town\n\n## 1 Lane, Town\n\n| 1 Lane, Town |\n"},
	{"true and a number", "{{values.yes}} {{values.n}}\n", "Yes 3\n"},
	{"a condition in a line", "We {{if values.no}}sell{{else}}keep{{end}} data.\n", "We keep data.\n"},
	{"a condition of lines", "a\n\n{{if values.no}}\nb\n{{end}}\n\nc\n", "a\n\nc\n"},
	{"a condition that holds", "a\n\n{{if values.yes}}\nb\n{{end}}\n\nc\n", "a\n\nb\n\nc\n"},
	{"a condition in a list", "- a\n{{if values.no}}\n- b\n{{end}}\n- c\n", "- a\n- c\n"},
	{"a condition in a quote", "> a\n> {{if values.yes}}\n> b\n> {{end}}\n", "> a\n> b\n"},
	{"else if", "{{if values.no}}\na\n{{else if values.region is \"eu\"}}\nb\n{{else}}\nc\n{{end}}\n", "b\n"},
	{"not", "{{if not organization.phone}}none{{end}}{{if values.region is not \"us\"}}!{{end}}{{if values.yes is \"true\"}}?{{end}}\n", "none!?\n"},
	{"a table that is there", "{{if data.cookies}}some{{end}}{{if data.none}}none{{end}}\n", "some\n"},
	{"a literal tag", "Write \\{{organization.name}} and `{{x}}`.\n\n```\n{{y}}\n```\n\n    {{z}}\n", "Write \\{{organization.name}} and `{{x}}`.\n\n```\n{{y}}\n```\n\n    {{z}}\n"},
	{"code that a quote or an item ends", "> ```\n> {{x}}\n\n{{values.n}}\n\n- ```\n  {{x}}\n\n{{values.n}}\n", "> ```\n> {{x}}\n\n3\n\n- ```\n  {{x}}\n\n3\n"},
	{"code that holds what looks like its end", "```\n- ```\n{{x}}\n```\n{{values.n}}\n", "```\n- ```\n{{x}}\n```\n3\n"},
	{"a tag after an unmatched backtick", "a ` b {{values.n}}\n\n` c\n", "a ` b 3\n\n` c\n"},
	{"code in an item by its indent", "- Item:\n\n      {{not.a.tag}}\n\n  {{values.n}}\n", "- Item:\n\n      {{not.a.tag}}\n\n  3\n"},
	{"a fence of tildes holds a line of backticks", "~~~\n```\n{{x}}\n~~~\n\n{{values.n}}\n", "~~~\n```\n{{x}}\n~~~\n\n3\n"},
	{"code in a footnote", "a[^1]\n\n[^1]: b\n\n        {{x}}\n\n{{values.n}}\n", "a[^1]\n\n[^1]: b\n\n        {{x}}\n\n3\n"},
	{"a tag in an item that is indented", "- a\n\n    {{values.n}}\n", "- a\n\n    3\n"},
	{"a clause", "# P\n\n## A\n\n{{clause contact}}\n\n## B\n", "# P\n\n## A\n\n## Contact {#contact}\n\nWrite to us.\n\n## B\n"},
	{"a clause below a title", "# P\n\n{{clause nested}}\n", "# P\n\n## Nested\n\n## Contact {#contact}\n\nWrite to us.\n"},
	{"a clause of a deeper level", "# P\n\n### A\n\n{{clause contact}}\n{{clause contact level=4}}\n", "# P\n\n### A\n\n### Contact {#contact}\n\nWrite to us.\n\n#### Contact {#contact}\n\nWrite to us.\n"},
	{"a clause with headings of its own", "## A\n\n{{clause deep}}\n", "## A\n\nIntro.\n\n### Post\n\n##### By letter\n"},
	{"a heading by the line below it", "### A\n\n{{clause setext}}\n", "### A\n\n### Post\n\n\nText.\n"},
	{"a clause without a line feed", "{{clause bare}}\nMore.\n", "One line.\n\nMore.\n"},
	{"clauses one after the other", "Before.\n{{clause bare}}\n{{clause bare}}\nAfter.", "Before.\n\nOne line.\n\nOne line.\n\nAfter."},
	{"a clause in an item", "- {{clause two}}\n- b\n", "- First.\n\n  - a\n    - b\n- b\n"},
	{"a clause in a quote", "> {{clause two}}\n", "> First.\n>\n> - a\n>   - b\n"},
	{"a clause of items", "- one\n{{clause items}}\n- four\n", "- one\n- two\n- three\n- four\n"},
	{"a clause within a line", "So: {{clause bare}} And on.\n", "So: One line. And on.\n"},
	{"parameters", "{{clause arg email=\"a*b@c.example\"}}\n\n{{clause arg email=organization.name days=\"\"}}\n", "Write to a\\*b@c.example within 3\\*.\n\nWrite to Acme & Sons Ltd.\n"},
	{"a clause with carriage returns", "{{clause crlf}}\r\n", "One.\n\nTwo.\n"},
	{"a clause in a condition in one line", "a\n\n{{if values.yes}}{{clause two}}{{end}}\n\nb\n", "a\n\nFirst.\n\n- a\n  - b\n\nb\n"},
	{"a clause that comes to nothing", "a\n\n{{clause flag}}\n\nb\n", "a\n\nb\n"},
	{"a condition at the end of a clause, and of a text", "{{clause last}}\n\nb\n\n{{if values.no}}\nc\n{{end}}\n", "Text.\n\nb\n"},
	{"a table", "We use:\n{{table cookies}}\nThat is all.\n", "We use:\n\n| Name | Provider | Essential | Days |\n| --- | --- | --- | --- |\n| b\\|c | [Acme](https://acme.example/) | Yes | 30 |\n| a\\_ |  | No | 4 |\n\nThat is all.\n"},
	{"a table that is chosen", "{{table cookies columns=\"days, name\" sort=\"days\"}}\n", "| Days | Name |\n| --- | --- |\n| 4 | a\\_ |\n| 30 | b\\|c |\n"},
	{"rows that are chosen", "{{table cookies columns=\"name\" where=\"not essential\"}}\n", "| Name |\n| --- |\n| a\\_ |\n"},
	{"rows by a text", "- x\n\n  {{table cookies columns=\"name\" where=\"name is a_\"}}\n", "- x\n\n  | Name |\n  | --- |\n  | a\\_ |\n"},
	{"a table without headings", "{{table plain}}\n", "| Legal name | Added |\n| --- | --- |\n| X | 2026-01-31 |\n"},
	{"an empty table", "a\n\n{{table none empty=\"None.\"}}\n", "a\n\nNone.\n"},
	{"a tag over two lines", "a {{organization.name\n}} b {{clause bare}}\n", "a Acme & Sons Ltd b One line.\n"},
}

func TestResolve(t *testing.T) {
	t.Parallel()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if have := resolved(t, "en", c.in); have != c.want {
				t.Errorf("have\n%s\nwant\n%s", have, c.want)
			}
		})
	}
}

// Problems have positions and fixes.
func TestProblems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"a {{organisation.name}}\n", "content/x/draft.md:1:5: there is no value \"organisation.name\"\n\tdid you mean organization.name? [no-such-value]\n"},
		{"{{organization.fax}}\n", "content/x/draft.md:1:3: there is no value \"organization.fax\"\n\tthe values are: organization.address, organization.name, organization.phone, organization.url, site.title, values.item, values.long, values.markup, values.n, values.no, values.only, values.own ... [no-such-value]\n"},
		{"{{long}}\n", "content/x/draft.md:1:3: there is no value \"long\"\n\tdid you mean values.long? [no-such-value]\n"},
		{"{{contact}}\n", "content/x/draft.md:1:3: there is no value \"contact\"\n\tthere is a clause of this name: write {{clause contact}} [no-such-value]\n"},
		{"{{values.only}}\n", "content/x/draft.md:1:3: the value values.only has no text in \"en\"\n\tit has one in fr; add one: en = \"...\" [missing-translation]\n"},
		{"{{organization.phone}}\n", "content/x/draft.md:1:3: the value organization.phone is empty\n\twrite phone in [organization] of privgen.toml, or write {{if organization.phone}} before it and {{end}} after it [empty-value]\n"},
		{"ä {{if values.yes}}\n", "content/x/draft.md:1:3: the condition that begins here has no end\n\twrite {{end}} after what depends on it [open-condition]\n"},
		{"a\n{{end}}\n", "content/x/draft.md:2:1: this {{end}} belongs to no condition\n\tremove it, or write the {{if NAME}} that it belongs to [open-condition]\n"},
		{"{{if values.yes}}a{{else}}b{{else}}c{{end}}\n", "content/x/draft.md:1:28: this {{else}} belongs to no condition\n\tremove it, or write the {{if NAME}} that it belongs to [open-condition]\n"},
		{"{{#each}}\n", "content/x/draft.md:1:1: \"{{\" begins a tag here, and none follows\n\twrite one, such as {{organization.name}}, {{clause contact}} or {{if values.eu}};\n\twhere braces are meant, put a backslash before them: \\{{ [bad-tag]\n"},
		{"{{values.yes\n\n}}\n", "content/x/draft.md:1:1: \"{{\" begins a tag here, and none follows\n\twrite one, such as {{organization.name}}, {{clause contact}} or {{if values.eu}};\n\twhere braces are meant, put a backslash before them: \\{{ [bad-tag]\n"},
		{"{{clase contact}}\n", "content/x/draft.md:1:3: \"clase\" cannot be here\n\tdid you mean {{clause ...}}? [bad-tag]\n"},
		{"{{clause contakt}}\n", "content/x/draft.md:1:1: there is no clause \"contakt\"\n\tdid you mean {{clause contact}}? [no-such-clause]\n"},
		{"{{clause ../../privgen}}\n", "content/x/draft.md:1:12: \"/\" cannot be in a tag\n\ta tag is made of names and texts in quotation marks, and ends with }} [bad-tag]\n"},
		{"{{clause \"../contact\"}}\n", "content/x/draft.md:1:1: there is no clause \"../contact\"\n\tdid you mean {{clause contact}}? [no-such-clause]\n"},
		{"{{clause loop}}\n", "content/_clauses/loop2.md:1:4: the clause loop includes itself: loop → loop2 → loop\n\tremove one of these tags [endless-clause]\n"},
		{"{{clause arg}}\n", "content/x/draft.md:1:1: the clause arg needs the parameter email\n\twrite {{clause arg email=\"...\"}}, or give it a default in content/_clauses/arg.md [wrong-parameter]\n"},
		{"{{clause arg emial=\"x\" email=\"y\"}}\n", "content/x/draft.md:1:14: the clause arg has no parameter \"emial\"\n\tdid you mean email? [wrong-parameter]\n"},
		{"{{clause unused who=\"x\"}}\n", "content/_clauses/unused.md:2:15: the parameter who is not used in the clause\n\twrite {{who}} where it belongs, or remove it from the list [wrong-parameter]\n"},
		{"a {{clause two}} b\n", "content/x/draft.md:1:3: the clause two is more than a paragraph, and is within a line\n\tput {{clause two}} on a separate line [bad-tag]\n"},
		{"{{table cookis}}\n", "content/x/draft.md:1:1: there is no table \"cookis\"\n\tdid you mean cookies? [no-such-table]\n"},
		{"{{table cookies columns=\"nam\"}}\n", "content/x/draft.md:1:17: the table cookies has no column \"nam\"\n\tdid you mean name? [no-such-column]\n"},
		{"{{table none}}\n", "content/x/draft.md:1:1: the table none has no rows here\n\tsay what to write then: {{table none ... empty=\"We use none.\"}} [no-rows]\n"},
		{"{{table wrong}}\n", "content/_data/wrong.toml:1:3: unknown table [[cookie]]\n\tthe keys here are markdown, columns and wrong [unknown-key]\n"},
	} {
		if have := resolved(t, "en", c.in); have != c.want {
			t.Errorf("%s\nhave %s\nwant %s", c.in, have, c.want)
		}
	}
}
