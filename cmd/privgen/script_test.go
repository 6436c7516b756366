package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/disk"
	"github.com/rogpeppe/go-internal/testscript"
)

// This file runs the stories of testdata/script. The README there documents their
// additional commands.

var update = flag.Bool("update", false, "write what is printed into the files that stories compare it with")

// lean is the environment of the processes that stories start. There are many short
// ones, and garbage collection took an eighth of their time.
var lean = []string{"GOGC=400", "GOMEMLIMIT=400MiB"}

// TestMain makes the test binary run as privgen if a story starts that command.
func TestMain(m *testing.M) {
	// Most tests wait half of their time for a process, a disk, or a server, so more
	// of them run in parallel than there are processors. A flag -parallel overrides it.
	if err := flag.Set("test.parallel", strconv.Itoa(3*runtime.GOMAXPROCS(0))); err != nil {
		panic(err)
	}
	testscript.Main(m, map[string]func(){"privgen": main})
}

func TestScript(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			// 2026-06-01 in UTC, so no story depends on the current day.
			e.Setenv("SOURCE_DATE_EPOCH", "1780272000")
			// Otherwise, with -race, every process sleeps a second before it ends.
			e.Setenv("GORACE", "atexit_sleep_ms=0")
			e.Vars = append(e.Vars, lean...)
			return nil
		},
		Condition: func(cond string) (bool, error) {
			switch cond {
			case "root":
				return os.Geteuid() == 0, nil
			case "mount":
				return canMount(), nil
			}
			return false, fmt.Errorf("there is no condition %q", cond)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":    exits,
			"json":     inJSON,
			"sum":      sum,
			"bytes":    writeBytes,
			"large":    large,
			"long":     long,
			"commit":   commit,
			"host":     host,
			"sample":   sample,
			"part":     part,
			"edit":     edit,
			"retime":   retime,
			"document": document,
			"age":      age,
			"fresh":    newcomer,
		},
	})
}

// exits CODE PROGRAM ARGS... runs a program, which must end with the code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGS...")
	}
	code := 0
	err := ts.Exec(args[1], args[2:]...)
	if e := new(exec.ExitError); errors.As(err, &e) {
		code = e.ExitCode()
	} else {
		ts.Check(err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("the exit code is %d, want %s", code, args[0])
	}
}

// json FILE PATH VALUE checks a value in a JSON file, at a path such as
// policies.0.slug. The value of a list or object is its length; that of a missing
// value is -.
func inJSON(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: json FILE PATH VALUE")
	}
	var v any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &v))
	for _, step := range strings.Split(args[1], ".") {
		switch at := v.(type) {
		case map[string]any:
			if step != "" {
				var ok bool
				if v, ok = at[step]; !ok {
					v = "-"
				}
			}
		case []any:
			if i, err := strconv.Atoi(step); err == nil && i < len(at) {
				v = at[i]
			} else if step != "" {
				v = "-"
			}
		default:
			ts.Fatalf("nothing is called %q in %v", step, v)
		}
	}
	switch at := v.(type) {
	case map[string]any:
		v = len(at)
	case []any:
		v = len(at)
	}
	if got := fmt.Sprint(v); got != args[2] {
		ts.Fatalf("%s is %q, want %q", args[1], got, args[2])
	}
}

// sum DIR prints the digest of every file in a folder, as sha256sum does. For a folder
// that does not exist, it prints nothing.
func sum(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: sum DIR")
	}
	files, err := contents(ts.MkAbs(args[0]))
	ts.Check(err)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(ts.Stdout(), "%x  %s\n", sha256.Sum256([]byte(files[name])), name)
	}
}

// bytes FILE TEXT writes a file with bytes that a story cannot contain. TEXT has the
// escapes of a Go literal, such as \x00.
func writeBytes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: bytes FILE TEXT")
	}
	text, err := strconv.Unquote(`"` + strings.ReplaceAll(args[1], `"`, `\"`) + `"`)
	ts.Check(err)
	ts.Check(os.MkdirAll(filepath.Dir(ts.MkAbs(args[0])), 0o777))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o666))
}

// large FILE MEGABYTES extends or creates a file without writing its content.
func large(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: large FILE MEGABYTES")
	}
	mb, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	f, err := os.OpenFile(ts.MkAbs(args[0]), os.O_WRONLY|os.O_CREATE, 0o666)
	ts.Check(err)
	ts.Check(f.Truncate(mb << 20))
	ts.Check(f.Close())
}

// long FILE writes a policy of 60 KB.
func long(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: long FILE")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Repeat("We keep nothing, and nothing of that.\n\n", 1600)), 0o666))
}

// commit DATE MESSAGE commits everything in the working directory. Without a repository
// there, it creates one. DATE is the author's and the committer's.
func commit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: commit DATE MESSAGE")
	}
	when := args[0]
	git := func(args ...string) {
		c := exec.Command("git", append([]string{"-c", "user.name=Ann", "-c", "user.email=ann@fernhill.example", "-c", "commit.gpgsign=false"}, args...)...)
		c.Dir = ts.MkAbs(".")
		c.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull, "GIT_AUTHOR_DATE="+when, "GIT_COMMITTER_DATE="+when)
		if out, err := c.CombinedOutput(); err != nil {
			ts.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	if _, err := os.Stat(ts.MkAbs(".git")); err != nil {
		git("init", "-q", "-b", "main")
	}
	git("add", "-A")
	git("commit", "-q", "--allow-empty", "-m", args[1])
}

// sample DIR copies the sample site.
func sample(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: sample DIR")
	}
	ts.Check(copySample(ts.MkAbs(args[0])))
}

// edit FILE OLD NEW replaces the first OLD, which must exist, by NEW.
func edit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: edit FILE OLD NEW")
	}
	name := ts.MkAbs(args[0])
	raw, err := os.ReadFile(name)
	ts.Check(err)
	plain := strings.NewReplacer(`\n`, "\n")
	old, text := plain.Replace(args[1]), plain.Replace(args[2])
	if !strings.Contains(string(raw), old) {
		ts.Fatalf("%s has no %q", args[0], old)
	}
	ts.Check(os.WriteFile(name, []byte(strings.Replace(string(raw), old, text, 1)), 0o666))
}

// retime FILE OLD NEW does the same as edit, and restores the file's modification
// time.
func retime(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: retime FILE OLD NEW")
	}
	name := ts.MkAbs(args[0])
	info, err := os.Stat(name)
	ts.Check(err)
	edit(ts, neg, args)
	ts.Check(os.Chtimes(name, info.ModTime(), info.ModTime()))
}

// newcomer is the command fresh DIR. It copies the folder base to DIR, beside it, and changes to DIR.
func newcomer(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: fresh DIR")
	}
	dir := filepath.Join(ts.Getenv("WORK"), args[0])
	ts.Check(os.CopyFS(dir, os.DirFS(filepath.Join(ts.Getenv("WORK"), "base"))))
	ts.Check(ts.Chdir(dir))
}

// age FILE sets a file's modification time to 2001.
func age(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: age FILE")
	}
	at := time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)
	ts.Check(os.Chtimes(ts.MkAbs(args[0]), at, at))
}

// contents returns the files of a folder by path, with forward slashes.
func contents(dir string) (map[string]string, error) {
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		files[name] = string(raw)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return files, err
}

// privgen runs the program in this process.
func privgen(t testing.TB, args ...string) (code int, out, errOut string) {
	t.Helper()
	var o, e strings.Builder
	code = run(context.Background(), args, &o, &e)
	return code, o.String(), e.String()
}

// mustBuild builds a site in this process.
func mustBuild(t testing.TB, args ...string) string {
	t.Helper()
	code, out, errOut := privgen(t, append([]string{"build"}, args...)...)
	if code != exitDone {
		t.Fatalf("privgen build %s exits with %d\n%s", strings.Join(args, " "), code, errOut)
	}
	return out
}

// part DIR creates a small site from the sample site's texts: a privacy policy with two
// versions and a draft, and a cookie policy.
func part(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: part DIR")
	}
	ts.Check(copyPart(ts.MkAbs(args[0])))
}

func copyPart(dir string) error {
	config := `[site]
title = "Example Ltd: policies"
base_url = "https://legal.fernhill.example/"
language = "en-GB"
time_zone = "Europe/London"

[organization]
name = "Example Ltd"
email = "privacy@fernhill.example"
address = """
1 Example Street
Exampletown"""

[values]
certificate_years = 20
office_hours = "Monday to Friday, 9:00 to 17:00, London time"
`
	files := map[string][]byte{"privgen.toml": []byte(config),
		"content/privacy/policy.toml": []byte("title = \"Privacy policy\"\norder = 1\n")}
	for _, pattern := range []string{"cookies.md", "privacy/2025-02-10.md", "privacy/2026-04-01.md", "privacy/draft.md",
		"_clauses/*.md", "_data/*.toml"} {
		names, err := filepath.Glob(filepath.Join("../../content", pattern))
		if err != nil || len(names) == 0 {
			return fmt.Errorf("the sample has no %s (%w)", pattern, err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			rel, _ := filepath.Rel("../..", name)
			files[filepath.ToSlash(rel)] = text
		}
	}
	return disk.Create(dir, files)
}
