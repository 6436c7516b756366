// Bench measures privgen as a whole process, next to a baseline, and prints the
// results as a Markdown table.
//
// usage: go run ./bench [flags]
//
//	--versions N     versions of the site (10000); growth and single use up to 4 times as many
//	--rounds N       how often everything is measured (5)
//	--corpora DIR    real histories: a folder with git bundles; without it, generated ones
//	--only WHAT      some of build,growth,single,sample,page
//	--hugo FILE      Hugo, to compare with; without it, the hugo on the path, if there is one
//	--dir DIR        working folder, which must not exist (a new temporary folder);
//	                 it needs 500 KB for each version and round, and is removed at the
//	                 end. In a file system in memory, such as /dev/shm/bench, no disk is
//	                 measured, and figures vary less
//
// The compared programs run in turns, A B A B, and each ratio compares runs of one
// round, so a slow phase of the machine affects both. Figures are medians
// of all rounds, ratios have their minimum and maximum; memory is the peak
// resident size of the worst round. CPU is user and system time together.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// A bench is one run of this program.
type bench struct {
	versions, rounds int
	corpora          string // may be empty
	repo             string // the repository
	hugo             string // may be empty
	dir              string // the working folder
	privgen          string
	outputs          int // number of output folders; see fresh
}

// measures lists what can be measured, in the order of the table.
var measures = []struct {
	name string
	take func(*bench) ([]row, error)
}{
	{"build", (*bench).build},
	{"growth", (*bench).growth},
	{"single", (*bench).single},
	{"sample", (*bench).sample},
	{"page", (*bench).page},
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run() error {
	var b bench
	flag.IntVar(&b.versions, "versions", 10_000, "")
	flag.IntVar(&b.rounds, "rounds", 5, "")
	flag.StringVar(&b.corpora, "corpora", "", "")
	only := flag.String("only", "build,growth,single,sample,page", "")
	flag.StringVar(&b.hugo, "hugo", "", "")
	flag.StringVar(&b.dir, "dir", "", "")
	flag.Parse()
	if flag.NArg() > 0 {
		return errors.New("it takes flags only; see the top of bench/main.go")
	}
	var err error
	if b.repo, err = repository(); err != nil {
		return err
	}
	if b.hugo == "" {
		b.hugo, _ = exec.LookPath("hugo") // without it, its rows are missing
	}
	if b.dir == "" {
		if b.dir, err = os.MkdirTemp("", "privgen-bench-"); err != nil {
			return err
		}
	} else if err = os.Mkdir(b.dir, 0o777); err != nil {
		return err // never empty an existing folder
	}
	defer os.RemoveAll(b.dir)
	if err := b.compile(); err != nil {
		return err
	}
	var rows []row
	for _, m := range measures {
		if !slices.Contains(strings.Split(*only, ","), m.name) {
			continue
		}
		more, err := m.take(&b)
		if err != nil {
			return err
		}
		rows = append(rows, more...)
	}
	fmt.Printf("`go run ./bench%s`, on %s; load %s.\n\n", arguments(), machine(), load())
	printTable(rows)
	return nil
}

// repository returns the folder of the module that contains the working
// directory.
func repository() (string, error) {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("go env GOMOD: %w", err)
	}
	return filepath.Dir(strings.TrimSpace(string(out))), nil
}

// compile builds the programs to run.
func (b *bench) compile() error {
	for name, pkg := range map[string]string{"privgen": "./cmd/privgen", "floor": "./bench/floor",
		"site": "./bench/site"} {
		c := exec.Command("go", "build", "-trimpath", "-o", filepath.Join(b.dir, name), pkg)
		c.Dir, c.Env, c.Stderr = b.repo, append(os.Environ(), "CGO_ENABLED=0"), os.Stderr
		if err := c.Run(); err != nil {
			return fmt.Errorf("go build %s: %w", pkg, err)
		}
	}
	b.privgen = filepath.Join(b.dir, "privgen")
	return nil
}

// makeSite creates a site with n versions in a folder, and prints its size.
func (b *bench) makeSite(name string, n int, more ...string) (dir string, err error) {
	dir = filepath.Join(b.dir, name)
	if _, err := os.Stat(dir); err == nil {
		return dir, nil // created by an earlier measurement
	}
	args := append(more, "--versions", fmt.Sprint(n), "--corpora", b.corpora, dir)
	c := exec.Command(filepath.Join(b.dir, "site"), args...)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		return "", fmt.Errorf("making a site: %w", err)
	}
	b.say("%s: %s", name, strings.TrimSpace(string(out)))
	return dir, readAll(dir)
}

func (b *bench) say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
}

// arguments returns the flags of this run, without those that name folders of
// this machine.
func arguments() string {
	var b strings.Builder
	flag.Visit(func(f *flag.Flag) {
		switch f.Name {
		case "dir", "hugo":
		case "corpora":
			b.WriteString(" --corpora DIR")
		default:
			fmt.Fprintf(&b, " --%s %s", f.Name, f.Value)
		}
	})
	return b.String()
}
