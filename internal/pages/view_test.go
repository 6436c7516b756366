package pages_test

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/tree"
)

// viewed loads a site of files, after an earlier one if there is one.
func viewed(t *testing.T, files fstest.MapFS, last *site.Site, changed ...string) *site.Site {
	t.Helper()
	in := site.Input{Files: files, Templates: os.DirFS("../../templates"), Themes: os.DirFS("../../themes"), Drafts: func(string) bool { return true }, Last: last, Changed: policy.Changes{}}
	for _, name := range changed {
		in.Changed[name] = true
	}
	s, problems := site.Load(in)
	if problems != nil {
		t.Fatal(problems)
	}
	return s
}

func viewSite() fstest.MapFS {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	return fstest.MapFS{
		"privgen.toml":                     file("[site]\ntitle = \"Fernhill\"\nbase_url = \"https://legal.fernhill.example/\"\nlanguage = \"en\"\n[organization]\nname = \"Fernhill\"\n"),
		"content/privacy/policy.toml":      file("formerly = [\"private\"]\n"),
		"content/privacy/2025-01-01.md":    file("# Privacy\n\nOne. [Terms](../terms.md#a)\n"),
		"content/privacy/2026-01-01.md":    file("# Privacy\n\nTwo.\n"),
		"content/privacy/2026-01-01.de.md": file("# Datenschutz\n\nZwei.\n"),
		"content/privacy/2027-01-01.md":    file("# Privacy\n\nThree.\n"),
		"content/privacy/draft.md":         file("# Privacy\n\nFour.\n"),
		"content/terms.md":                 file("+++\neffective = 2025-01-01\n+++\n# Terms\n\n## A\n\nBe kind.\n"),
		"content/new/draft.fr.md":          file("# Nouveau\n"),
		"content/new/draft.md":             file("# New\n"),
	}
}

func viewDay() time.Time { return time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC) }

// A view finds what a plan has, and beside it what is asked for.
func TestView(t *testing.T) {
	t.Parallel()
	s := viewed(t, viewSite(), nil)
	plan := pages.Plan(s, viewDay())
	view := pages.NewView(s, viewDay(), pages.Preview{})
	sameTrees(t, view.Tree(), plan)
	fresh := pages.NewView(s, viewDay(), pages.Preview{})
	for _, e := range plan {
		if got := fresh.Find(e.Path); got == nil || got.Key != e.Key {
			t.Errorf("%s is not found", e.Path)
		}
	}
	for _, path := range []string{"privacy/draft/index.html", "new/draft/index.html", "privacy/2028-01-01/index.html", "nothing", "de/nothing/index.html", ""} {
		if fresh.Find(path) != nil {
			t.Errorf("%q is found", path)
		}
	}
	drafts := pages.NewView(s, viewDay(), pages.Preview{Drafts: true})
	for _, e := range plan {
		if e.Path == "index.html" || e.Path == "de/index.html" {
			continue // the home page lists drafts
		}
		if got := drafts.Find(e.Path); got == nil || got.Key != e.Key {
			t.Errorf("with drafts, %s is another", e.Path)
		}
	}
	for path, words := range map[string]string{
		"index.html": `href="/new/draft/"`, "de/index.html": `href="/new/draft/"`,
		"privacy/draft/index.html": "This is a draft.", "privacy/redline/2026-01-01..draft/index.html": "<ins", "privacy/draft/index.md": "Four.",
		"new/draft/index.html": "This is a draft.", "fr/new/draft/index.html": "Ceci est un projet.",
	} {
		var b bytes.Buffer
		if e := drafts.Find(path); e == nil {
			t.Errorf("%s is not found", path)
		} else if err := e.Render(&b); err != nil || !bytes.Contains(b.Bytes(), []byte(words)) {
			t.Errorf("%s does not say %q (%v):\n%s", path, words, err, &b)
		}
	}
	if got := drafts.Drafts(); len(got) != 2 || got[0] != "new/draft/" || got[1] != "privacy/draft/" {
		t.Errorf("the drafts are %q", got)
	}
	binding := pages.NewView(s, viewDay(), pages.Preview{InForce: true})
	if binding.Find("privacy/2027-01-01/index.html") != nil || binding.Find("privacy/2026-01-01/index.html") == nil {
		t.Error("what is in force is not what is shown")
	}
	for file, want := range map[string]string{
		"content/privacy/2026-01-01.md": "privacy/", "content/privacy/2026-01-01.de.md": "de/privacy/", "content/privacy/2025-01-01.md": "privacy/2025-01-01/",
		"content/privacy/draft.md": "privacy/draft/", "content/privacy/policy.toml": "privacy/", "content/terms.md": "terms/", "content/nothing.md": "",
	} {
		if got, ok := drafts.PageOf(file); got != want || ok != (want != "") {
			t.Errorf("%s is shown at %q, want %q", file, got, want)
		}
	}
}

// The links of drafts resolve, even if a policy has only a draft.
func TestDraftsLeadSomewhere(t *testing.T) {
	t.Parallel()
	v := pages.NewView(viewed(t, viewSite(), nil), viewDay(), pages.Preview{Drafts: true})
	links := regexp.MustCompile(`(?:href|src)="/([^"#]*)`)
	for _, path := range []string{"privacy/draft/", "new/draft/", "fr/new/draft/", "privacy/redline/2026-01-01..draft/"} {
		var b bytes.Buffer
		if err := v.Find(path + "index.html").Render(&b); err != nil {
			t.Fatal(err)
		}
		if other := map[string]string{"new/draft/": "/fr/new/draft/", "fr/new/draft/": "/new/draft/"}[path]; other != "" && !strings.Contains(b.String(), `<a href="`+other+`"`) {
			t.Errorf("%s does not lead to its translation %s", path, other)
		}
		found := links.FindAllSubmatch(b.Bytes(), -1)
		if len(found) == 0 {
			t.Errorf("%s leads nowhere", path)
		}
		for _, m := range found {
			to := string(m[1])
			if to == "" || strings.HasSuffix(to, "/") {
				to += "index.html"
			}
			if v.Find(to) == nil {
				t.Errorf("%s leads to %s, which is not there", path, to)
			}
		}
	}
}

// The draft of a policy that ended is compared with its last version, which is
// not said to be in force.
func TestDraftAfterTheEnd(t *testing.T) {
	t.Parallel()
	files := viewSite()
	delete(files, "content/privacy/2027-01-01.md")
	files["content/privacy/policy.toml"] = &fstest.MapFile{Data: []byte("withdrawn = 2026-05-01\n")}
	v := pages.NewView(viewed(t, files, nil), viewDay(), pages.Preview{Drafts: true})
	var b bytes.Buffer
	e := v.Find("privacy/redline/2026-01-01..draft/index.html")
	if e == nil {
		t.Fatal("there is no redline of the draft")
	}
	if err := e.Render(&b); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "in force") || strings.Contains(b.String(), "In force") {
		t.Errorf("something is said to be in force:\n%s", &b)
	}
}

func sameTrees(t *testing.T, got, want tree.Tree) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d entries, want %d", len(got), len(want))
	}
	for i := range min(len(got), len(want)) {
		if got[i].Path != want[i].Path || got[i].Key != want[i].Key {
			t.Fatalf("%s (%v), want %s (%v)", got[i].Path, got[i].Key, want[i].Path, want[i].Key)
		}
	}
}

// What is loaded after a change is what is loaded afresh.
func TestLoadAgain(t *testing.T) {
	t.Parallel()
	files := viewSite()
	last := viewed(t, files, nil)
	change := func(text string, names ...string) {
		t.Helper()
		for _, name := range names {
			if delete(files, name); text != "" {
				files[name] = &fstest.MapFile{Data: []byte(text)}
			}
		}
		again, fresh := viewed(t, files, last, names...), viewed(t, files, nil)
		sameTrees(t, pages.NewView(again, viewDay(), pages.Preview{Drafts: true}).Tree(), pages.NewView(fresh, viewDay(), pages.Preview{Drafts: true}).Tree())
		last = again
	}
	change("# Privacy\n\nChanged.\n", "content/privacy/2026-01-01.md")
	change("# Privacy\n\nNew.\n", "content/privacy/2026-02-01.md", "content/other/2026-02-01.md")
	change("# Datenschutz\n", "content/privacy/2025-01-01.de.md")
	change("", "content/privacy/2026-02-01.md")
	change("", "content/other/2026-02-01.md")
	change("title = \"Terms of use\"\n", "content/privacy/policy.toml")
	change("+++\neffective = 2025-02-01\n+++\n# Terms\n\n## A\n\nBe kinder.\n", "content/terms.md")
	change("p { color: red }\n", "templates/assets/own.css")
	change("[site]\ntitle = \"Other\"\nbase_url = \"https://legal.fernhill.example/\"\nlanguage = \"en\"\n[organization]\nname = \"Fernhill\"\n", "privgen.toml")
	change("", "content/new/draft.md", "content/new/draft.fr.md")
}
