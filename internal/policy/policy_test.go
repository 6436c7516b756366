package policy_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/source"
)

// files returns a site of files: pairs of a name and a text.
func files(list ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(list); i += 2 {
		fsys[list[i]] = &fstest.MapFile{Data: []byte(list[i+1]), ModTime: time.Unix(1000, 0)}
	}
	return fsys
}

// loadFS loads a site that has no problems.
func loadFS(t *testing.T, fsys fstest.MapFS, o policy.Options) *policy.Library {
	t.Helper()
	o.Folder, o.Language, o.Zone, o.Renderer = "content", "en", time.UTC, markdown.NewRenderer(1<<16)
	lib, problems := policy.Load(fsys, o)
	if problems != nil {
		t.Fatal(problems)
	}
	return lib
}

// digests returns the texts of a library, each with its title and digest.
func digests(lib *policy.Library) string {
	var b strings.Builder
	for _, p := range lib.Policies {
		fmt.Fprintf(&b, "%s %q\n", p.Slug, p.Title("en"))
		for t := range p.Texts() {
			fmt.Fprintf(&b, "  %s %s %q %x\n", t.File, t.Lang, t.Title, t.Digest)
		}
	}
	return b.String()
}

func TestTitles(t *testing.T) {
	t.Parallel()
	lib := loadFS(t, files(
		"content/privacy/policy.toml", "title = \"Privacy\"\ndescription = \"What we keep.\"\n[translations.de]\ntitle = \"Datenschutz\"\ndescription = \"Was wir speichern.\"\n",
		"content/privacy/2026-01-01.md", "# Our privacy policy\n",
		"content/privacy/2026-01-01.de.md", "# Erklärung\n",
		"content/privacy/2026-01-01.fr.md", "# Confidentialité\n",
		"content/terms-of_use.md", "+++\neffective = 2026-01-01\n+++\nNo heading.\n",
		"content/cookies/draft.md", "# Cookies\n",
	), policy.Options{Drafts: everyDraft})
	for _, test := range []struct{ slug, lang, title, in, description string }{
		{"privacy", "en", "Privacy", "en", "What we keep."},
		{"privacy", "de", "Datenschutz", "de", "Was wir speichern."},
		{"privacy", "fr", "Confidentialité", "fr", ""},
		{"privacy", "it", "Privacy", "en", ""},
		{"terms-of_use", "en", "Terms of use", "en", ""},
		{"cookies", "en", "Cookies", "en", ""},
	} {
		p := lib.Policy(test.slug)
		if p.Title(test.lang) != test.title || p.TitleLanguage(test.lang) != test.in || p.Description(test.lang) != test.description {
			t.Errorf("%s in %s: have %q in %s, %q", test.slug, test.lang, p.Title(test.lang), p.TitleLanguage(test.lang), p.Description(test.lang))
		}
	}
	if have, want := lib.Policy("privacy").Languages(), []string{"en", "de", "fr"}; !slices.Equal(have, want) {
		t.Errorf("have %v, want %v", have, want)
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	lib := loadFS(t, files(
		"content/privacy/policy.toml", "withdrawn = 2026-10-01\n",
		"content/privacy/2026-01-01.md", "One.\n",
		"content/privacy/2026-02-01.md", "+++\nwithdrawn = 2026-01-15\n+++\nNever.\n",
		"content/privacy/2026-03-01.md", "+++\nupdated = 2026-02-20\npublished = 2026-02-01\n+++\nThree.\n",
		"content/privacy/2026-03-01.2.md", "+++\neffective = 2026-04-01\n+++\nFour.\n",
		"content/terms/2026-05-01.md", "Terms.\n",
	), policy.Options{})
	p := lib.Policy("privacy")
	for _, test := range []struct{ at, states, current, upcoming, next string }{
		{"2025-12-31", "upcoming upcoming upcoming", "", "2026-01-01", "2026-01-01"},
		{"2026-01-10", "in-force upcoming upcoming", "2026-01-01", "2026-03-01.2", "2026-02-01"},
		{"2026-02-10", "in-force withdrawn upcoming upcoming", "2026-01-01", "2026-03-01", "2026-03-01"},
		{"2026-03-10", "superseded withdrawn in-force upcoming", "2026-03-01", "2026-03-01.2", "2026-03-01.2"},
		{"2026-09-10", "superseded withdrawn superseded in-force", "2026-03-01.2", "", "2026-03-01.2"},
		{"2026-10-10", "superseded withdrawn superseded withdrawn", "", "", ""},
	} {
		now, err := time.Parse("2006-01-02", test.at)
		if err != nil {
			t.Fatal(err)
		}
		st := p.At(now)
		var states []string
		for i := range st.Versions {
			states = append(states, string(st.State(i)))
		}
		_, next, _ := p.Next(now)
		if strings.Join(states, " ") != test.states || id(st.Current()) != test.current || id(st.Upcoming()) != test.upcoming || id(next) != test.next {
			t.Errorf("%s: have %q, current %q, upcoming %q, next %q", test.at, strings.Join(states, " "), id(st.Current()), id(st.Upcoming()), id(next))
		}
	}
	if v := p.Version("2026-03-01"); v.Updated(time.UTC).String() != "2026-02-20" || v.Number() != 1 {
		t.Errorf("have %v, %d", v.Updated(time.UTC), v.Number())
	}
	if v := p.Version("2026-03-01.2"); v.Updated(time.UTC).String() != "2026-04-01" || v.Number() != 2 {
		t.Errorf("have %v, %d", v.Updated(time.UTC), v.Number())
	}
}

func id(v *policy.Version) string {
	if v == nil {
		return ""
	}
	return v.ID
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	fsys := files("content/privacy/2026-01-01.md", "+++\nlabel = \"3\"\n+++\nOne.\n", "content/privacy/seal.png", "\x89PNG")
	lib := loadFS(t, fsys, policy.Options{})
	text := lib.Policy("privacy").Versions[0].Authoritative()
	if have := lib.Place(text, "label").String(); have != "content/privacy/2026-01-01.md:2:9" {
		t.Errorf("have %s", have)
	}
	if have := lib.Place(text, "updated").String(); have != "content/privacy/2026-01-01.md:1:1" {
		t.Errorf("a key that is not there: have %s", have)
	}
	if b, err := lib.ReadFile("content/privacy/seal.png"); err != nil || string(b) != "\x89PNG" {
		t.Errorf("have %q, %v", b, err)
	}
	f, _ := source.Parse("x.md", fsys["content/privacy/2026-01-01.md"].Data)
	if m, problems := policy.ReadFrontMatter(f); m.Label != "3" || problems != nil {
		t.Errorf("have %+v, %v", m, problems)
	}
	if at, problem := policy.TextStart(f); problem != nil || string(f.Text[at:]) != "One.\n" {
		t.Errorf("have %d, %v", at, problem)
	}
	if p := policy.CheckSlug(source.In("content/a"), "name", "Über uns", nil); p == nil || p.Code != "bad-name" {
		t.Errorf("have %v", p)
	}
}
