package git

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/imports/history"
	"github.com/privgen/privgen/internal/source"
)

// A repository is a repository that a test fills.
type repository struct {
	t   *testing.T
	dir string
}

func newRepository(t *testing.T) *repository {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	r := &repository{t, filepath.Join(t.TempDir(), "repo")}
	r.git("", "init", "-q", "-b", "main", r.dir)
	return r
}

// git runs git with a date as the time of commits.
func (r *repository) git(date string, args ...string) {
	r.t.Helper()
	c := exec.Command("git", args...)
	if date != "" {
		c.Dir = r.dir
	}
	at := date + "T10:00:00Z"
	c.Env = append(os.Environ(), "GIT_AUTHOR_DATE="+at, "GIT_COMMITTER_DATE="+at, "GIT_CONFIG_GLOBAL="+os.DevNull,
		"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=maintenance.auto", "GIT_CONFIG_VALUE_0=false", // otherwise a process after each commit
		"GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@fernhill.example", "GIT_COMMITTER_NAME=A", "GIT_COMMITTER_EMAIL=a@fernhill.example")
	if out, err := c.CombinedOutput(); err != nil {
		r.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

// commit writes files, removes those with an empty text, and commits.
func (r *repository) commit(date, message string, nameText ...string) {
	r.t.Helper()
	for i := 0; i < len(nameText); i += 2 {
		file := filepath.Join(r.dir, filepath.FromSlash(nameText[i]))
		err := os.MkdirAll(filepath.Dir(file), 0o777)
		if nameText[i+1] == "" {
			err = os.Remove(file)
		} else if err == nil {
			err = os.WriteFile(file, []byte(nameText[i+1]), 0o666)
		}
		if err != nil {
			r.t.Fatal(err)
		}
	}
	r.git(date, "add", "-A")
	r.git(date, "commit", "-q", "-m", message)
}

// search opens the repository or bundle at a path and finds its documents.
func search(t *testing.T, name, branch string, s Search) (*Found, error) {
	t.Helper()
	s.Check = func(string) *source.Problem { return nil }
	s.Progress = func(string, int, int) {}
	r, err := Open(t.Context(), name, branch)
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	f, err := r.Find(t.Context(), s)
	if err == nil {
		t.Cleanup(f.Close)
	}
	return f, err
}

// summary returns documents as text: the slug, and each state with its language,
// date, first line, and tag; then the states that were left out.
func summary(t *testing.T, f *Found) string {
	t.Helper()
	var lines []string
	for _, d := range f.Documents {
		line := d.Slug + " " + d.Kind + ":"
		for i := range d.States {
			text, err := d.States[i].Bytes()
			if err != nil {
				t.Fatal(err)
			}
			s := &d.States[i]
			first, _, _ := strings.Cut(string(text), "\n")
			line += fmt.Sprintf(" %s[%s]%s%s", s.Day(), first, s.Lang, s.Tag)
		}
		for _, o := range d.LeftOut {
			line += " -" + string(o.Reason)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "; ")
}

const legal = "You agree to these terms and our privacy policy. We collect personal data with your consent."

func TestFind(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.commit("2024-01-01", "one", "legal/privacy.md", "1 "+legal, "legal/team.md", "We like hills.", "README.md", "x")
	r.git("2024-01-02", "tag", "v1")
	r.commit("2024-02-01", "two", "legal/privacy.md", "---\ntitle: Data\neffective: 2024-02-03\n---\n2 "+legal)
	r.commit("2024-02-02", "German", "legal/privacy.de.md", "Wir")
	r.git("2024-03-01", "mv", "legal/privacy.md", "legal/data-privacy.md")
	r.git("2024-03-01", "mv", "legal/privacy.de.md", "legal/data-privacy.de.md")
	r.commit("2024-03-01", "renamed")
	r.commit("2024-04-01", "removed for a while", "legal/data-privacy.md", "")
	r.commit("2024-05-01", "back, as another text", "legal/data-privacy.md", "3 "+legal, "legal/old-terms.md", legal)
	r.commit("2024-06-01", "no terms", "legal/old-terms.md", "")
	f, err := search(t, r.dir, "", Search{Language: "en"})
	if err != nil {
		t.Fatal(err)
	}
	want := "data-privacy privacy: 2024-01-01[1 " + legal + "]v1 2024-02-03[2 " + legal + "] 2024-02-03[2 " + legal + "]" +
		" 2024-05-01[3 " + legal + "] 2024-02-02[Wir]de 2024-03-01[Wir]de -gone"
	if have := summary(t, f); have != want {
		t.Errorf("have %s\nwant %s", have, want)
	}
	if f.Documents[0].Title != "Data" {
		t.Errorf("the title is %q, want that of the front matter", f.Documents[0].Title)
	}
	for _, note := range []string{"do not read like policies; to import one, name it [legal/team.md: 0 phrases of policies in 3 words]", "were removed; to import one, name it [legal/old-terms.md (until 2024-06-01)"} {
		if !slices.ContainsFunc(f.Notes, func(n history.Note) bool { return strings.Contains(fmt.Sprint(n), note) }) {
			t.Errorf("no note says %q: %v", note, f.Notes)
		}
	}
	if !f.Named("legal/privacy.md") || f.Named("legal/team.md") {
		t.Error("Named knows the earlier name of a document, and no other files")
	}
}

// A bundle has the same history as its repository, and the user can name a branch.
func TestBundle(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.commit("2024-01-01", "one", "privacy.md", "1 "+legal)
	r.git("2024-01-01", "tag", "v1")
	r.git("2024-01-02", "checkout", "-q", "-b", "next")
	r.commit("2024-02-01", "two", "privacy.md", "2 "+legal)
	r.git("2024-02-01", "checkout", "-q", "main")
	bundle := filepath.Join(t.TempDir(), "all.bundle")
	r.git("2024-02-01", "bundle", "create", "-q", bundle, "--all")
	for branch, want := range map[string]string{
		"":     "privacy privacy: 2024-01-01[1 " + legal + "]v1",
		"next": "privacy privacy: 2024-01-01[1 " + legal + "]v1 2024-02-01[2 " + legal + "]",
	} {
		for _, from := range []string{bundle, r.dir} {
			f, err := search(t, from, branch, Search{})
			if err != nil {
				t.Fatal(err)
			}
			if have := summary(t, f); have != want {
				t.Errorf("%s, branch %q:\nhave %s\nwant %s", from, branch, have, want)
			}
		}
	}
}

func TestArchive(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.commit("2024-01-01", "First record of Shop\n\nrecorded from snapshot https://snap.example/1.", "Shop/Terms of Service.md", legal, "README.md", "x")
	r.commit("2024-01-02", "too large", "Shop/Terms of Service.md", strings.Repeat("x", source.MaxSize+1))
	f, err := search(t, r.dir, "", Search{Archive: true, Names: map[string]string{"Shop/Terms of Service.md": "shop"}})
	if err != nil {
		t.Fatal(err)
	}
	if have, want := summary(t, f), "shop terms: 2024-01-01["+legal+"] -too large"; have != want {
		t.Errorf("have %s\nwant %s", have, want)
	}
	d := f.Documents[0]
	if d.Title != "Shop Terms of Service" || d.Group != "Shop" || d.States[0].Archived != "https://snap.example/1" {
		t.Errorf("have title %q, group %q, archived copy %q", d.Title, d.Group, d.States[0].Archived)
	}
}

func TestMergesAndPatterns(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.commit("2024-01-01", "one", "docs/a/terms.txt", "1", "docs/b.md", "1")
	r.git("2024-01-02", "checkout", "-q", "-b", "work")
	r.commit("2024-01-03", "two", "docs/a/terms.txt", "2")
	r.commit("2024-01-04", "three", "docs/a/terms.txt", "3")
	r.git("2024-01-05", "checkout", "-q", "main")
	r.git("2024-01-05", "merge", "-q", "--no-ff", "-m", "merged", "work")
	f, err := search(t, filepath.Join(r.dir, "docs"), "", Search{Paths: []string{"a/*.txt"}})
	if err != nil {
		t.Fatal(err)
	}
	if have, want := summary(t, f), "terms terms: 2024-01-01[1] 2024-01-05[3]"; have != want {
		t.Errorf("have %s\nwant %s", have, want)
	}
	if f.Commits != 2 {
		t.Errorf("%d commits, want 2: a merge is one", f.Commits)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	empty := filepath.Join(t.TempDir(), "empty")
	r.git("", "init", "-q", empty)
	r.commit("2024-01-01", "one", "docs/hills.md", "We like hills.", "versions/2024-01-01.md", legal)
	outside := t.TempDir()
	file := filepath.Join(outside, "a.md")
	damaged := filepath.Join(outside, "a.bundle")
	for name, text := range map[string]string{file: "x", damaged: "# v2 git bundle\nnothing"} {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	part := filepath.Join(outside, "part.bundle")
	r.commit("2024-02-01", "two", "docs/hills.md", "We like hills and valleys.")
	r.git("2024-02-01", "bundle", "create", "-q", part, "HEAD~1..main")
	for _, test := range []struct {
		name, branch string
		s            Search
		want         string
	}{
		{"https://git.example/shop.git", "", Search{}, "is a URL"},
		{filepath.Join(outside, "none"), "", Search{}, "there is no file or folder"},
		{file, "", Search{}, "is not a git bundle"},
		{damaged, "", Search{}, "is damaged"},
		{part, "", Search{}, "has only a part of a history"},
		{outside, "", Search{}, "is not in a git repository"},
		{empty, "", Search{}, "has no commit yet"},
		{r.dir, "other", Search{}, `has no branch, tag or commit "other"`},
		{r.dir, "", Search{Paths: []string{"Hills.md"}}, `no commit has the path "Hills.md"`},
		{filepath.Join(r.dir, "docs"), "", Search{}, "looks like a policy"},
		{r.dir, "", Search{Archive: true, Paths: []string{"none"}}, "no commit has the path"},
	} {
		_, err := search(t, test.name, test.branch, test.s)
		problem := (*source.Problem)(nil)
		if !errors.As(err, &problem) || !strings.Contains(problem.What, test.want) || problem.Do == "" {
			t.Errorf("%s %q %v: have %v, want %q and what to do", test.name, test.branch, test.s.Paths, err, test.want)
		}
	}
}

// A search that the user interrupts ends with the context's error.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.commit("2024-01-01", "one", "privacy.md", legal)
	opened, err := Open(t.Context(), r.dir, "")
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	ctx, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	if _, err := opened.Find(ctx, Search{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("have %v, want the error of the context", err)
	}
}
