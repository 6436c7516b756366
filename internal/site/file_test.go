package site_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

// problemsOf returns the problems of a site, a line each: code, file, and what is wrong.
func problemsOf(in site.Input) (list []string) {
	_, problems := site.Load(in)
	for _, p := range problems {
		list = append(list, p.Code+" "+p.File+": "+p.What)
	}
	return list
}

func TestStatic(t *testing.T) {
	t.Parallel()
	s := load(t, input("static/favicon.ico", "icon", "static/.well-known/security.txt", "Contact: mailto:a@example.com\n",
		"static/.gitkeep", "x", "static/doc/Paper.PDF", "%PDF", "static/notes", "text",
		"content/terms/2026-02-01.md", "# Terms\n\n[Paper](https://example.com/legal/doc/Paper.PDF)\n"))
	for name, want := range map[string]string{
		"static/favicon.ico": "favicon.ico image/x-icon", "static/.well-known/security.txt": ".well-known/security.txt text/plain; charset=utf-8",
		"static/doc/Paper.PDF": "doc/Paper.PDF application/pdf", "static/notes": "notes application/octet-stream",
	} {
		if a := s.Files[name]; a.Path+" "+a.Media != want || !a.Static {
			t.Errorf("%s: have %+v, want %s", name, a, want)
		}
	}
	if n := len(s.Files); n != 5 { // with the seal
		t.Errorf("have %d files", n)
	}
	for name, want := range map[string]string{
		"static":             "bad-asset static: this is a file, and no folder",
		"static/.env":        `bad-asset static/.env: ".env" is hidden, and hidden files are not published`,
		"static/.git/config": `bad-asset static/.git: ".git" is hidden, and hidden files are not published`,
		"static/a?b":         `bad-asset static/a?b: the name "a?b" cannot be one on every system`,
		"static/doc/NUL.txt": `bad-asset static/doc/NUL.txt: no file on Windows can have the name "NUL.txt"`,
		"static/Assets/a":    `path-taken static/Assets/a: the site has "Assets" already: it is for a page or file that privgen writes`,
		"static/terms/a":     `path-taken static/terms/a: the site has "terms" already: it is for the policy in content/terms/policy.toml`,
		"static/de":          `path-taken static/de: the site has "de" already: it is for pages in this language, such as that of content/privacy`,
	} {
		if have := problemsOf(input(name, "x")); !slices.Equal(have, []string{want}) {
			t.Errorf("%s: have %q\nwant %q", name, have, want)
		}
	}
	in := input("static/pipe", "x")
	in.Files.(fstest.MapFS)["static/pipe"].Mode = fs.ModeNamedPipe
	if have := problemsOf(in); len(have) != 1 || !strings.HasSuffix(have[0], "this is not a regular file") {
		t.Errorf("a pipe: have %q", have)
	}
}

func TestPictures(t *testing.T) {
	t.Parallel()
	const svg = `<svg xmlns="http://www.w3.org/2000/svg"/>`
	with := func(keys string, changes ...string) site.Input {
		return input(append([]string{"privgen.toml", strings.Replace(config, "policies", keys+"\npolicies", 1)}, changes...)...)
	}
	s := load(t, with("logo = \"static/My Logo.svg\"\nicon = \"content/privacy/seal.png\"", "static/My Logo.svg", svg))
	if a := s.Files["content/privacy/seal.png"]; !strings.HasPrefix(a.Path, "assets/seal.") {
		t.Errorf("have %+v", a)
	}
	if s.Key == load(t, input("static/My Logo.svg", svg)).Key {
		t.Error("the pictures are not part of the key of every page")
	}
	for keys, want := range map[string]string{
		`logo = "../logo.svg"`:      `bad-asset privgen.toml: "../logo.svg" is not a path of a file in static or content`,
		`logo_dark = "static/.svg"`: `bad-asset privgen.toml: "static/.svg" is not a path of a file in static or content`,
		`icon = "static/none.ico"`:  `no-such-file privgen.toml: the file "static/none.ico" cannot be read: there is no such file`,
		`icon = "static/a.txt"`:     `bad-asset privgen.toml: "static/a.txt" is not a picture that browsers show`,
		`logo = "static/a.svg"`: `active-content privgen.toml: the file "static/a.svg" can run code in readers' browsers: ` +
			`it has the element <script>`,
	} {
		have := problemsOf(with(keys, "static/a.txt", "x", "static/a.svg", "<svg><script/></svg>"))
		if !slices.Equal(have, []string{want}) {
			t.Errorf("%s: have %q\nwant %q", keys, have, want)
		}
	}
	if have := problemsOf(input("content/privacy/AUX.png", "x", "content/terms/2026-02-01.md", "![a](../privacy/AUX.png)\n")); len(have) != 1 ||
		!strings.HasPrefix(have[0], "bad-asset content/privacy/AUX.png: no file on Windows") {
		t.Errorf("have %q", have)
	}
}

func TestLinksOfConfig(t *testing.T) {
	t.Parallel()
	links := config + "[[header]]\ntext = \"A\"\nhref = \"/legal/terms/\"\n[[footer]]\ntext = \"B\"\nhref = \"/legal/term/\"\n" +
		"[[languages.de.footer]]\ntext = \"C\"\nhref = \"/legal/de/agb/\"\n"
	want := []string{`dead-link privgen.toml: the link to "/legal/term/" leads nowhere`,
		`dead-link privgen.toml: the link to "/legal/de/agb/" leads nowhere`}
	if have := problemsOf(input("privgen.toml", links)); !slices.Equal(have, want) {
		t.Errorf("have %q\nwant %q", have, want)
	}
}

// A beside is the folder of a site with a shared folder beside it.
type beside struct {
	fstest.MapFS
	shared fstest.MapFS
}

func (b beside) Shared(name string, at source.Pos) (fs.FS, *source.Problem) {
	if name != "../library" {
		return nil, source.NewProblem(at, "bad-shared", "there is none", "write another")
	}
	return b.shared, nil
}

func TestShared(t *testing.T) {
	t.Parallel()
	const shared = "[shared]\npath = \"../library\"\n"
	with := func(changes ...string) site.Input {
		in := input(append([]string{"privgen.toml", config + shared,
			"content/privacy/2026-01-01.md", "{{clause contact}}\n\n{{clause fees}}\n", "content/_clauses/fees.md", "Ten euros.\n"}, changes...)...)
		in.Files = beside{in.Files.(fstest.MapFS), fstest.MapFS{
			"_clauses/contact.md": {Data: []byte("Write to us.\n")}, "_clauses/fees.md": {Data: []byte("Nine euros.\n")},
			"themes/house/theme.toml": {Data: []byte("name = \"house\"\n")}, "words/de.toml": {Data: []byte("archive = \"Ablage\"\n")},
		}}
		return in
	}
	s := load(t, with())
	b, err := s.Library.Body(s.Library.Policy("privacy").Versions[1].Authoritative())
	if err != nil || string(b.Markdown()) != "Write to us.\n\nTen euros.\n" { // a site's own clause comes first
		t.Errorf("have %q, %v", b.Markdown(), err)
	}
	if s.Key == load(t, with("templates/words/de.toml", "archive = \"Archiv\"\n")).Key {
		t.Error("a site's own words do not come before the shared ones")
	}
	load(t, with("privgen.toml", config+shared+"[theme]\nname = \"house\"\n"))
	for _, test := range []struct {
		change [2]string
		want   string
	}{
		{[2]string{"privgen.toml", config + "[shared]\npath = \"../other\"\n"}, "bad-shared privgen.toml: there is none"},
		{[2]string{"privgen.toml", config + shared + "[theme]\nname = \"huose\"\n"},
			`no-such-theme privgen.toml: there is no theme "huose"`},
		{[2]string{"content/privacy/2026-01-01.md", "{{clause contcat}}\n"},
			`no-such-clause content/privacy/2026-01-01.md: there is no clause "contcat"`},
	} {
		if have := problemsOf(with(test.change[:]...)); !slices.Equal(have, []string{test.want}) {
			t.Errorf("have %q\nwant %q", have, test.want)
		}
	}
	in := with("content/privacy/2025-01-01.md", "{{clause contact}}\n")
	in.Files.(beside).shared["_clauses/contact.md"].Data = []byte("[Here](nowhere.md)\n")
	have := problemsOf(in)
	if want := `dead-link ../library/_clauses/contact.md: the link to "nowhere.md" leads nowhere`; !slices.Equal(have, []string{want}) {
		t.Errorf("a problem in a shared clause: have %q\nwant %q", have, want)
	}
	in = input("privgen.toml", config+shared)
	if have := problemsOf(in); len(have) != 1 || !strings.Contains(have[0], "cannot be read here") {
		t.Errorf("files without a shared folder: have %q", have)
	}
}

// locked returns the lock file of a site on a day.
func locked(t *testing.T, s *site.Site, on day.Day) *record.Record {
	t.Helper()
	r, by := &record.Record{}, s.ByRecord()
	for _, text := range r.Missing(s.Library) {
		e, err := by.EntryOf(text)
		if err != nil {
			t.Fatal(err)
		}
		r.Add(e, on)
	}
	r.RecordSettings(by, on)
	return r
}

func TestRecord(t *testing.T) {
	t.Parallel()
	on := day.Day{Year: 2026, Month: 3, Dom: 1}
	r := locked(t, load(t, input()), on)
	lock := string(r.Bytes())
	s := load(t, input("privgen.lock", lock))
	if n, missing := s.Protection(); n != 5 || len(missing) != 0 || s.Record().Newest() != on {
		t.Errorf("have %d protected, %d not", n, len(missing))
	}
	changed := []string{"privgen.lock", lock, "content/terms/2026-02-01.md", "# Terms\n\nYours.\n"}
	if have := problemsOf(input(changed...)); len(have) != 1 || !strings.HasSuffix(have[0], `"Terms" changed (2 words before and after)`) {
		t.Errorf("a text that was changed: have %q", have)
	}
	published := append(changed, "public/terms/2026-02-01/index.md", "# Terms\n\nOurs.\n")
	if have := problemsOf(input(published...)); len(have) != 1 || !strings.HasSuffix(have[0], `in "Terms", "Ours." is now "Yours."`) {
		t.Errorf("one that was published: have %q", have)
	}
	picture := []string{"privgen.lock", lock, "content/privacy/seal.png", "\x89PNG2"}
	if have := problemsOf(input(picture...)); len(have) != 1 || !strings.Contains(have[0], "content/privacy/2025-01-01.md") {
		t.Errorf("a picture that was changed: have %q", have)
	}
	skip := input(changed...)
	skip.SkipRecord = true
	load(t, skip)

	// A correction keeps the earlier text.
	corrected := load(t, skip)
	text := corrected.Library.Policy("terms").Versions[0].Authoritative()
	now, err := corrected.ByRecord().EntryOf(text)
	if err != nil || !r.Correct(r.Find(text), now, day.Day{Year: 2026, Month: 4, Dom: 1}, "a word was wrong") {
		t.Fatal("not corrected", err)
	}
	changed[1] = string(r.Bytes())
	earlier := record.EarlierFile(text.File, 1)
	s = load(t, input(append(changed, earlier, "# Terms\n\nOurs.\n")...))
	text = s.Library.Policy("terms").Versions[0].Authoritative()
	if list := s.Earlier[text]; len(list) != 1 || list[0].N != 1 || list[0].File != earlier {
		t.Errorf("have %+v", list)
	}
	if have := problemsOf(input(changed...)); len(have) != 1 || !strings.Contains(have[0], earlier) {
		t.Errorf("an earlier text that is gone: have %q", have)
	}

	// The site cannot be older than its lock file.
	old := load(t, input("privgen.lock", lock, "privgen.toml", strings.Replace(config, "policies", "day = 2026-02-28\npolicies", 1)))
	if p := old.CheckDay(); p == nil || p.Code != "earlier-build" {
		t.Errorf("have %v", p)
	}
}
