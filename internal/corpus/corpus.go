// Package corpus gives tests the published policies of real companies.
//
// Such texts never enter the repository. They are read from outside it: from
// the folder that PRIVGEN_CORPORA names, or ../shared/corpora beside the
// repository. Where there is none, a test that asks for them is skipped, with
// a line that says so.
//
// Its fundamental types are Version, one recorded state of one document, and
// the bundle it is read from: a git repository with a commit a state.
package corpus

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// A Version is one recorded state of a document.
type Version struct {
	Document string // the document's name as a slug: facebook-privacy-policy
	ID       string // the day it was recorded, with a number when it was not the first that day: 2023-05-01.2
	Date     string // the day alone
	Text     []byte
}

// Dir gives the folder with the corpora, or skips the test.
func Dir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("PRIVGEN_CORPORA")
	if dir == "" {
		_, err := os.Stat("go.mod")
		for dir = "."; err != nil && len(dir) < 30; _, err = os.Stat(filepath.Join(dir, "go.mod")) {
			dir = filepath.Join("..", dir)
		}
		dir = filepath.Join(dir, "..", "shared", "corpora")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no corpora of real policies here; set PRIVGEN_CORPORA to try them")
	}
	return dir
}

// Bundle gives the versions of a git bundle to each, document by document as
// they were committed. States that are blank, not UTF-8 or equal to the one
// before are left out. Each must not keep the text's bytes.
func Bundle(t testing.TB, name string, each func(Version)) {
	t.Helper()
	bundle, err := filepath.Abs(filepath.Join(Dir(t), name+".bundle"))
	check(t, err)
	repo := filepath.Join(t.TempDir(), "repo.git")
	git(t, "init", "-q", "--bare", repo)
	git(t, "-C", repo, "fetch", "-q", bundle, "+refs/heads/*:refs/heads/*")
	states := list(t, repo)
	cat := exec.Command("git", "-C", repo, "cat-file", "--batch", "--buffer")
	in, err := cat.StdinPipe()
	check(t, err)
	out, err := cat.StdoutPipe()
	check(t, err)
	check(t, cat.Start())
	go func() {
		w := bufio.NewWriter(in)
		for _, s := range states {
			fmt.Fprintln(w, s.blob)
		}
		w.Flush()
		in.Close()
	}()
	r := bufio.NewReaderSize(out, 1<<20)
	seen := map[string]int{}
	last := map[string][]byte{}
	for _, s := range states {
		text := blob(t, r)
		if len(bytes.TrimSpace(text)) == 0 || !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 || bytes.Equal(text, last[s.document]) {
			continue
		}
		last[s.document] = text
		key := s.document + " " + s.date
		seen[key]++
		id := s.date
		if n := seen[key]; n > 1 {
			id += "." + strconv.Itoa(n)
		}
		each(Version{s.document, id, s.date, text})
	}
	check(t, cat.Wait())
}

type state struct{ document, date, blob string }

var notSlug = regexp.MustCompile(`[^a-z0-9]+`)

// list gives the states of the first parent's history, oldest first.
func list(t testing.TB, repo string) []state {
	raw := git(t, "-C", repo, "log", "--first-parent", "--reverse", "--raw", "-z", "--no-renames", "--no-abbrev",
		"--format=%x01%ad", "--date=short", "--branches")
	var out []state
	for _, commit := range strings.Split(string(raw), "\x01")[1:] {
		fields := strings.Split(commit, "\x00")
		date := strings.TrimSpace(fields[0])
		for i := 1; i+1 < len(fields); i++ {
			meta := strings.Fields(strings.TrimSpace(fields[i]))
			if len(meta) != 5 || meta[0][0] != ':' {
				continue
			}
			path := fields[i+1]
			i++
			if meta[4] == "D" || !strings.HasSuffix(path, ".md") || !strings.Contains(path, "/") {
				continue
			}
			slug := strings.Trim(notSlug.ReplaceAllString(strings.ToLower(strings.TrimSuffix(path, ".md")), "-"), "-")
			out = append(out, state{slug, date, meta[3]})
		}
	}
	return out
}

func blob(t testing.TB, r *bufio.Reader) []byte {
	head, err := r.ReadString('\n')
	check(t, err)
	fields := strings.Fields(head)
	n, err := strconv.Atoi(fields[len(fields)-1])
	check(t, err)
	text := make([]byte, n+1)
	_, err = io.ReadFull(r, text)
	check(t, err)
	return text[:n]
}

func git(t testing.TB, args ...string) []byte {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("git %s: %v", strings.Join(args, " "), err)
	}
	return out
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
