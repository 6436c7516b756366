package corpus

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Read calls each for every version in a git bundle, in the order of the commits.
// It omits states that are blank, not text, or equal to the state before of the
// same document. Each can keep the text's bytes.
func Read(bundle string, each func(Version)) error {
	repo, err := os.MkdirTemp("", "privgen-corpus-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(repo)
	if _, err := git("clone", "-q", "--bare", bundle, repo); err != nil {
		return err
	}
	states, err := list(repo)
	if err != nil {
		return err
	}
	var blobs bytes.Buffer
	for _, s := range states {
		fmt.Fprintln(&blobs, s.blob)
	}
	cat := exec.Command("git", "-C", repo, "cat-file", "--batch", "--buffer")
	cat.Stdin = &blobs
	out, err := cat.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cat.Start(); err != nil {
		return err
	}
	err = readTexts(states, bufio.NewReaderSize(out, 1<<20), each)
	if err != nil {
		_ = cat.Process.Kill() // it blocks until its output is read
		_ = cat.Wait()
		return fmt.Errorf("read %s: %w", bundle, err)
	}
	return cat.Wait()
}

// readTexts reads the texts of the states, and calls each for those that Read
// does not omit.
func readTexts(states []state, r *bufio.Reader, each func(Version)) error {
	seen := map[string]int{}
	last := map[string][]byte{}
	for _, s := range states {
		text, err := blob(r)
		if err != nil {
			return err
		}
		if len(bytes.TrimSpace(text)) == 0 || !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 ||
			bytes.Equal(text, last[s.document]) {
			continue
		}
		last[s.document] = text
		key, id := s.document+" "+s.date, s.date
		if seen[key]++; seen[key] > 1 {
			id += "." + strconv.Itoa(seen[key])
		}
		each(Version{s.document, id, text})
	}
	return nil
}

type state struct{ document, date, blob string }

var notSlug = regexp.MustCompile(`[^a-z0-9]+`)

// list returns the states in the histories of the branches, oldest first. It
// follows first parents only.
func list(repo string) ([]state, error) {
	raw, err := git("-C", repo, "log", "--first-parent", "--reverse", "--raw", "-z", "--no-renames", "--no-abbrev",
		"--format=%x01%ad", "--date=short", "--branches")
	if err != nil {
		return nil, err
	}
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
	return out, nil
}

func blob(r *bufio.Reader) ([]byte, error) {
	head, err := r.ReadString('\n')
	if err != nil {
		return nil, err
	}
	fields := strings.Fields(head)
	n, err := strconv.Atoi(fields[len(fields)-1])
	if err != nil {
		return nil, err
	}
	text := make([]byte, n+1)
	_, err = io.ReadFull(r, text)
	return text[:n], err
}

func git(args ...string) ([]byte, error) {
	cmd := exec.Command("git", args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("git %s: %w", strings.Join(args, " "), err)
	}
	return out, nil
}
