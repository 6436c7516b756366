package corpus

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// stream returns a history for git fast-import. Each commit is a day of January 2024, a
// path, and its text.
func stream(commits ...[3]string) string {
	var b strings.Builder
	for _, c := range commits {
		day, path, text := c[0], c[1], c[2]
		fmt.Fprintf(&b, "commit refs/heads/main\ncommitter A <a@fernhill.example> %s Jan 2024 12:00:00 +0000\n"+
			"data 1\nx\n", day)
		fmt.Fprintf(&b, "M 644 inline %q\ndata %d\n%s\n", path, len(text), text)
	}
	return b.String()
}

// writeBundle writes a bundle with a history into a folder.
func writeBundle(t *testing.T, dir, history string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	repo := t.TempDir()
	for _, args := range [][]string{{"init", "-q", "--bare", repo},
		{"-C", repo, "fast-import", "--quiet", "--date-format=rfc2822"},
		{"-C", repo, "bundle", "create", "-q", filepath.Join(dir, "shop.bundle"), "--all"}} {
		c := exec.Command("git", args...)
		c.Stdin = strings.NewReader(history)
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
}

// Bundle reads the versions of two documents, and omits states that are not text or
// change nothing.
func TestBundle(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PRIVGEN_CORPORA", dir)
	writeBundle(t, dir, stream(
		[3]string{"1", "Shop/Privacy Policy.md", "One.\n"},
		[3]string{"1", "Shop/Privacy Policy.md", "Two.\n"},
		[3]string{"2", "Shop/Terms.md", "Terms.\n"},
		[3]string{"2", "README.md", "A collection.\n"},
		[3]string{"2", "Shop/logo.png", "PNG"},
		[3]string{"3", "Shop/Privacy Policy.md", "\n"},
		[3]string{"4", "Shop/Privacy Policy.md", "Two.\n"},
		[3]string{"5", "Shop/Privacy Policy.md", "\xff\n"},
		[3]string{"6", "Shop/Privacy Policy.md", "Three.\n"},
	))
	var have []string
	Bundle(t, "shop", func(v Version) {
		have = append(have, fmt.Sprintf("%s %s %s", v.Document, v.ID, strings.TrimSpace(string(v.Text))))
	})
	want := []string{"shop-privacy-policy 2024-01-01 One.", "shop-privacy-policy 2024-01-01.2 Two.",
		"shop-terms 2024-01-02 Terms.", "shop-privacy-policy 2024-01-06 Three."}
	if !slices.Equal(have, want) {
		t.Errorf("have %q\nwant %q", have, want)
	}
}

func TestReadFails(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "no.bundle")
	if err := os.WriteFile(file, []byte("no bundle"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := Read(file, func(Version) { t.Error("it has a version") }); err == nil {
		t.Error("a file that is no bundle was read")
	}
}

// Dir finds the folder beside the repository, or skips the test with a message.
func TestDir(t *testing.T) {
	t.Setenv("PRIVGEN_CORPORA", "")
	dir := Dir(t)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() || filepath.Base(dir) != "corpora" {
		t.Errorf("have %s, %v", dir, err)
	}
}
