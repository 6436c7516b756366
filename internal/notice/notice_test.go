package notice_test

import (
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/net/html"

	"github.com/privgen/privgen/internal/notice"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

const config = `[site]
title = "Acme"
base_url = "https://acme.example/legal/"

[organization]
name = "Acme & <Sons>"
email = "legal@acme.example"
`

var now = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// acme has a version in force, an upcoming one, and one in between that was withdrawn
// before it took effect.
func acme() map[string]string {
	return map[string]string{
		"content/terms/2024-01-01.md": "# Terms\n\n## Returns\n\nSend it back within 30 days. See [rights](#rights).\n\n## Rights\n\nYou have some.\n",
		"content/terms/2026-02-01.md": "+++\nwithdrawn = 2026-01-15\n+++\n\n# Terms\n\n## Returns\n\nNever.\n\n## Rights\n\nYou have none.\n",
		"content/terms/2026-07-01.md": "+++\nsummary = \"Less * time & <more> rights.\"\nchanges = [\"Returns: 14 days\"]\nlabel = \"2\"\n+++\n\n" +
			"# Terms\n\n![A *plan*](plan.png)\n\n## Returns\n\nSend it back within 14 days. See [rights](#rights), [our cookies](../cookies.md) and [theirs](https://b.example/).\n\n## Rights\n\nYou have some.\n",
		"content/terms/2026-07-01.de.md": "+++\nsummary = \"Weniger Zeit.\"\n+++\n\n# Bedingungen\n\n## Rückgabe {#returns}\n\nBinnen 14 Tagen.\n\n## Rechte {#rights}\n\nEinige.\n",
		"content/terms/2024-01-01.de.md": "# Bedingungen\n\n## Rückgabe {#returns}\n\nBinnen 30 Tagen.\n\n## Rechte {#rights}\n\nEinige.\n",
		"content/terms/plan.png":         "PNG",
		"content/cookies/2024-01-01.md":  "# Cookies\n\nOne.\n",
	}
}

func load(t *testing.T, files map[string]string) *site.Site {
	t.Helper()
	fsys := fstest.MapFS{"privgen.toml": {Data: []byte(config)}}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	s, problems := site.Load(site.Input{Files: fsys, Templates: os.DirFS("../../templates"), Themes: os.DirFS("../../themes")})
	if problems != nil {
		t.Fatal(problems)
	}
	return s
}

func write(t *testing.T, s *site.Site, policy, version, lang string, form notice.Form) string {
	t.Helper()
	n, err := notice.New(s, s.Library.Policy(policy).Version(version), lang, now)
	if err != nil {
		t.Fatal(err)
	}
	out, err := n.Write(form)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestForms(t *testing.T) {
	t.Parallel()
	s := load(t, acme())
	for _, one := range []struct {
		version, lang string
		form          notice.Form
		want          []string
	}{
		{"2026-07-01", "en", notice.Mail, []string{"Terms: A new version takes effect on July 1, 2026.\n\nAcme & <Sons>\n\nLess * time & <more> rights.\n\n- Returns: 14 days\n", "What changes on July 1, 2026\n\nTerms\n  {+A plan+}\n\nReturns\n  Send it back within [-30-] {+14+} days. See rights{+, our cookies and theirs+}.\n\nRights\n  You have some.\n",
			"https://acme.example/legal/terms/2026-07-01/\n", "https://acme.example/legal/terms/redline/2024-01-01..2026-07-01/\n", "legal@acme.example\n"}},
		{"2024-01-01", "en", notice.Mail, []string{"Terms: Effective January 1, 2024\n"}},
		{"2026-07-01", "de", notice.Mail, []string{"Bedingungen: Am 1. Juli 2026 tritt eine neue Fassung in Kraft.\n", "Weniger Zeit.", "https://acme.example/legal/de/terms/2026-07-01/"}},
		{"2026-07-01", "en", notice.Banner, []string{"Terms: A new version takes effect on July 1, 2026. https://acme.example/legal/terms/2026-07-01/\n"}},
		{"2026-07-01", "en", notice.Note, []string{"## Terms 2\n", `Less \* time & \<more> rights.`, "- Returns: 14 days\n", "[See what changed](<https://acme.example/legal/terms/redline/2024-01-01..2026-07-01/>)"}},
		{"2026-07-01", "en", notice.HTMLMail, []string{"Acme &amp; &lt;Sons&gt;", "Less * time &amp; &lt;more&gt; rights.", "What changes on July 1, 2026", ">30</del>", ">14</ins>", `<h2 style="font-size:19px;line-height:1.3">Returns</h2>`}},
		{"2026-07-01", "de", notice.HTMLMail, []string{`<html lang="de" dir="ltr">`, ">30</del>", ">14</ins>", "Was sich am 1. Juli 2026 ändert"}},
		{"2026-07-01", "en", notice.Document, []string{"Send it back within 14 days.", `<h2 id="returns">Returns</h2>`, `src="data:image/png;base64,UE5H"`,
			`<a href="https://acme.example/legal/cookies/">our cookies</a>`, "What changes on July 1, 2026", hex.EncodeToString(digest(s, "terms", "2026-07-01"))}},
		{"2024-01-01", "en", notice.Document, []string{"Send it back within 30 days."}},
	} {
		have := write(t, s, "terms", one.version, one.lang, one.form)
		for _, want := range one.want {
			if !strings.Contains(have, want) {
				t.Errorf("%s %s as %s lacks %q:\n%s", one.version, one.lang, one.form, want, have)
			}
		}
	}
}

func digest(s *site.Site, policy, version string) []byte {
	return s.Library.Policy(policy).Version(version).Authoritative().Normal[:]
}

// Without deletions, the document's redline is the new text; without insertions, it is
// the old text. Every id is unique. The document loads no other file.
func TestDocument(t *testing.T) {
	t.Parallel()
	s := load(t, acme())
	doc, err := html.Parse(strings.NewReader(write(t, s, "terms", "2026-07-01", "en", notice.Document)))
	if err != nil {
		t.Fatal(err)
	}
	var articles []*html.Node
	ids := map[string]int{}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Data == "article" {
			articles = append(articles, n)
		}
		for _, a := range n.Attr {
			if a.Key == "id" {
				ids[a.Val]++
			}
			if a.Key == "src" && !strings.HasPrefix(a.Val, "data:") || n.Data == "script" || n.Data == "link" {
				t.Errorf("the document loads %s", a.Val)
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
	for id, n := range ids {
		if n > 1 {
			t.Errorf("%d elements have the id %s", n, id)
		}
	}
	if len(articles) != 2 || ids["returns"] != 1 {
		t.Fatalf("%d articles, ids %v", len(articles), ids)
	}
	const (
		before = "Terms Returns Send it back within 30 days. See rights. Rights You have some."
		after  = "Terms Returns Send it back within 14 days. See rights, our cookies and theirs. Rights You have some."
	)
	if have := words(articles[0], ""); have != after {
		t.Errorf("the text is %q, want %q", have, after)
	}
	if have := words(articles[1], "del"); have != after {
		t.Errorf("without deletions the redline is %q, want %q", have, after)
	}
	if have := words(articles[1], "ins"); have != before {
		t.Errorf("without insertions the redline is %q, want %q", have, before)
	}
}

// words returns the words of a text without the elements of one name, and without
// words that privgen added.
func words(n *html.Node, without string) string {
	var b strings.Builder
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		for _, a := range n.Attr {
			if a.Key == "data-added" || a.Key == "data-mark" && a.Val == without {
				return
			}
		}
		if n.Type == html.ElementNode && n.Data == without {
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		switch n.Data {
		case "p", "h1", "h2", "li":
			b.WriteByte(' ')
		}
	}
	walk(n)
	return strings.Join(strings.Fields(b.String()), " ")
}

// A mail has no style sheet and no class, and is not cut off by mail clients.
func TestMailIsShort(t *testing.T) {
	t.Parallel()
	var was, is strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&was, "## Clause %d\n\nWe keep the data of kind %d for %d days.\n\n", i, i, i)
		fmt.Fprintf(&is, "## Clause %d\n\nWe keep the data of kind %d for %d days.\n\n", i, i, i+1)
	}
	s := load(t, map[string]string{"content/terms/2024-01-01.md": "# Terms\n\n" + was.String(),
		"content/terms/2025-01-01.md": "# Terms\n\n" + is.String()})
	mail := write(t, s, "terms", "2025-01-01", "en", notice.HTMLMail)
	if len(mail) > 100<<10 || !strings.Contains(mail, "&hellip; <a href=\"https://acme.example/legal/terms/redline/2024-01-01..2025-01-01/\">") {
		t.Errorf("the mail has %d bytes, and ends with %s", len(mail), mail[max(0, len(mail)-400):])
	}
	for _, no := range []string{"class=", "<style", "var(", "<script", "light-dark"} {
		if strings.Contains(mail, no) {
			t.Errorf("the mail has %q", no)
		}
	}
}

// Without deletions, a mail has passages of the new text; without insertions, those of
// the old text. This holds in every language.
func TestMailKeepsTheLaws(t *testing.T) {
	t.Parallel()
	s := load(t, acme())
	for _, c := range []struct{ lang, before, after string }{
		{"en", "Terms Returns Send it back within 30 days. See rights. Rights You have some.",
			"Terms Returns Send it back within 14 days. See rights, our cookies and theirs. Rights You have some."},
		{"de", "Bedingungen Rückgabe Binnen 30 Tagen. Rechte Einige.", "Bedingungen Rückgabe Binnen 14 Tagen. Rechte Einige."},
	} {
		doc, err := html.Parse(strings.NewReader(write(t, s, "terms", "2026-07-01", c.lang, notice.HTMLMail)))
		if err != nil {
			t.Fatal(err)
		}
		for without, want := range map[string]string{"ins": c.before, "del": c.after} {
			if have := words(doc, without); !strings.Contains(have, want) {
				t.Errorf("%s without %s: %q lacks %q", c.lang, without, have, want)
			}
		}
	}
}

// The site's template replaces that of privgen. A problem has the position of the
// mistake in it.
func TestTemplates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file, text string
		form       notice.Form
		want       string // the notice, or the beginning of a problem
	}{
		{"banner.txt", "{{.Policy}} & {{.Summary}}\n", notice.Banner, "Terms & Less * time & <more> rights.\n"},
		{"mail.html", "<p title=\"{{.Summary}}\">{{.Summary}}</p>{{range .Changes}}<b>{{.}}</b>{{end}}", notice.HTMLMail,
			"<p title=\"Less * time &amp; &lt;more&gt; rights.\">Less * time &amp; &lt;more&gt; rights.</p><b>Returns: 14 days</b>"},
		{"note.md", "{{template \"n\" .}}{{define \"n\"}}{{.Version}} {{.Summary}}{{end}}", notice.Note, `2 Less \* time & \<more> rights.`},
		{"mail.txt", "One\n{{.Sumary}}\n", notice.Mail, "templates/notice/mail.txt:2:3: a message has no field \"Sumary\"\n\tdid you mean \"Summary\"?"},
		{"mail.txt", "One\n{{if .Summary}}\n", notice.Mail, "templates/notice/mail.txt:3:1: unexpected EOF"},
		{"mail.txt", "One {{lower .Policy}}\n", notice.Mail, "templates/notice/mail.txt:1:7: there is no function \"lower\""},
		{"mail.txt", "{{index .Changes 7}}\n", notice.Mail, "templates/notice/mail.txt:1:3: the template stops here: "},
		{"mail.txt", "{{define \"x\"}}One{{end}}", notice.Mail, "templates/notice/mail.txt:1:1: the template of a notice has no output"},
		{"mail.html", "<p title=\"{{.Summary}}>", notice.HTMLMail, "templates/notice/mail.html:1:1: the template stops here: "},
		{"mail.html", "{{define \"x\"}}{{template \"x\" .}}{{end}}{{template \"x\" .}}", notice.HTMLMail, "templates/notice/mail.html:1:"},
		{"mial.txt", "One", notice.Mail, "templates/notice/mial.txt:1:1: no notice uses this file\n\tdid you mean \"mail.txt\"?"},
	} {
		files := acme()
		files["templates/notice/"+c.file] = c.text
		s := load(t, files)
		n, err := notice.New(s, s.Library.Policy("terms").Version("2026-07-01"), "en", now)
		if err != nil {
			t.Fatal(err)
		}
		out, err := n.Write(c.form)
		have := string(out)
		if err != nil {
			have = err.Error()
			if p := source.ProblemOf(err); p != nil {
				have = p.String()
			}
		}
		if err == nil && have != c.want || !strings.HasPrefix(have, c.want) {
			t.Errorf("%s %q:\nhave %q\nwant %q", c.file, c.text, have, c.want)
		}
	}
}

// The plain mail has the numbers of lists and the cells of tables, but no marks around
// spaces.
func TestPlainMail(t *testing.T) {
	t.Parallel()
	files := acme()
	files["content/terms/2024-01-01.md"] = "We keep data.\n\n# Terms\n\n## Fees\n\n3. One fee\n4. Two fees\n\n   paid late\n\n- a\n\n| What | Days |\n| --- | --- |\n| Data | 10 |\n"
	files["content/terms/2026-07-01.md"] = "We keep some data.\n\n# Terms\n\n## Fees and costs\n\n3. One small fee\n4. Two fees\n\n   paid early\n\n- b\n\n| What | Days |\n| --- | --- |\n| Data | 20 |\n"
	const want = "\nWhat changes on July 1, 2026\n\nBeginning\n  We keep {+some+} data.\n\nTerms\n\nFees {+and costs+}\n  3. One {+small+} fee\n  4. Two fees\n" +
		"  paid [-late-] {+early+}\n  - [-a-]\n  - {+b+}\n  What | Days\n  Data | [-10-] {+20+}\n"
	if have := write(t, load(t, files), "terms", "2026-07-01", "en", notice.Mail); !strings.Contains(have, want) {
		t.Errorf("have %s\nwant %s", have, want)
	}
}

// The example in the manual is a valid template.
func TestManual(t *testing.T) {
	t.Parallel()
	manual, err := os.ReadFile("../../docs/notices.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(manual), "```text\nDear customer")
	example, _, _ = strings.Cut(example, "```\n")
	files := acme()
	files["templates/notice/mail.txt"] = "Dear customer" + example
	const want = "Dear customer,\n\nour Terms will change. A new version takes effect on July 1, 2026.\n\n* Returns: 14 days\n\n" +
		"Read it before then: https://acme.example/legal/terms/2026-07-01/\n"
	if have := write(t, load(t, files), "terms", "2026-07-01", "en", notice.Mail); !strings.HasPrefix(have, want) {
		t.Errorf("have %q\nwant %q", have, want)
	}
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	s := load(t, acme())
	if _, err := notice.New(s, s.Library.Policy("terms").Version("2026-07-01"), "fr", now); err == nil || !strings.Contains(err.Error(), "choose one of en, de") {
		t.Errorf("a language that it has not: %v", err)
	}
	n, err := notice.New(s, s.Library.Policy("terms").Version("2026-07-01"), "en", now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.Write("pdf"); err == nil || !strings.Contains(err.Error(), "choose one of mail, html, banner, note, document") {
		t.Errorf("a form that there is not: %v", err)
	}
}
