package disk_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/disk"
)

// This file tests builds that are killed: each file is complete and in the
// ownership list at every moment, and the next build writes exactly the site
// that an undisturbed build writes.

// whole checks the output of a build that was killed while it replaced one site
// with another.
func whole(t *testing.T, dir string, from, to site) {
	t.Helper()
	wholeFiles(t, dir, from, to)
	got := contents(t, dir)
	if got["index.html"] == to["index.html"] && from["index.html"] != to["index.html"] {
		for p, text := range to {
			if got[p] != text {
				t.Errorf("the new home page is there before %s", p)
			}
		}
	}
}

func wholeFiles(t *testing.T, dir string, from, to site) {
	t.Helper()
	got := contents(t, dir)
	for p, text := range got {
		if p == ".privgen" || strings.HasSuffix(p, "/") || strings.Contains(p, ".privgen-tmp~") {
			continue
		}
		if text != from[p] && text != to[p] {
			t.Errorf("%s is neither old nor new: %q", p, text)
		}
		if !strings.Contains(got[".privgen"], "  "+p+"\n") {
			t.Errorf("%s has no owner", p)
		}
	}
}

var errStop = errors.New("stop")

func TestStopAtEveryStep(t *testing.T) {
	t.Parallel()
	want := fresh(t, after)
	for _, c := range []struct {
		name string
		from site
		copy bool // as if the output were on another disk
		by   int
	}{{"first build", nil, false, 2}, {"first build to another disk", nil, true, 3}, {"from another", before, false, 1}, {"to another disk", before, true, 3}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for stop := 0; ; stop += c.by {
				dir := folder(t)
				if c.from != nil {
					write(t, dir, c.from)
				}
				o := open(t, dir, "test")
				if c.copy {
					o.SetRename(func(from, to string) error { return &os.LinkError{Op: "rename", Old: from, New: to, Err: otherDisk} })
				}
				n, last := 0, ""
				o.SetStep(func(name string) error {
					if n++; n > stop { // a killed build does nothing more
						return errStop
					}
					last = name
					return nil
				})
				_, ps, err := o.Write(context.Background(), after.tree(nil), disk.Options{Workers: 1})
				if ps != nil || err != nil && !errors.Is(err, errStop) {
					t.Fatal(ps, err)
				}
				o.Close()
				if err != nil && contents(t, dir)["index.html"] != "" {
					whole(t, dir, c.from, after)
				}
				write(t, dir, after)
				if got := contents(t, dir); !reflect.DeepEqual(got, want) {
					t.Fatalf("stopped after %d steps, after %q, and built again:\nhave %q\nwant %q", stop, last, got, want)
				}
				if _, err := os.Stat(filepath.Join(dir, ".privgen/public/stage")); err == nil {
					t.Errorf("stopped after %q: staging is left", last)
				}
				if err == nil {
					if stop < 15 {
						t.Errorf("there were %d steps only", n)
					}
					break
				}
				if stop%5 > 0 {
					continue
				}
				if r := write(t, dir, after); r.Rendered != 0 {
					t.Errorf("stopped after %q: %d pages are drawn the time after", last, r.Rendered)
				}
			}
		})
	}
}

// A stopped build can be followed by a build of the site before it.
func TestStopAndGoBack(t *testing.T) {
	t.Parallel()
	want := fresh(t, before)
	for stop := 0; stop < 60; stop += 3 {
		dir := folder(t)
		write(t, dir, before)
		o := open(t, dir, "test")
		n := 0
		o.SetStep(func(name string) error {
			if n++; n > stop {
				return errStop
			}
			return nil
		})
		o.Write(context.Background(), after.tree(nil), disk.Options{Workers: 1})
		o.Close()
		write(t, dir, before)
		if got := contents(t, dir); !reflect.DeepEqual(got, want) {
			t.Fatalf("stopped after %d steps:\nhave %q\nwant %q", stop, got, want)
		}
	}
}

// large returns one of two sites that are large enough to be killed in the middle.
func large(n int) site {
	s := site{"index.html": fmt.Sprint("home ", n), fmt.Sprintf("assets/style.%d.css", n): "body{}", "feed.json": fmt.Sprint(n)}
	for i := range 50 {
		s[fmt.Sprintf("p%d/v%d/index.html", i%9, i)] = strings.Repeat(fmt.Sprintf("page %d of site %d\n", i, n*(i%3)), 200)
		s[fmt.Sprintf("p%d/only%d/in%d/index.html", i%9, n, i)] = fmt.Sprint("only in ", n)
	}
	return s
}

const killEnv = "PRIVGEN_TEST_KILL"

// TestKilledBuild is the process that TestKill starts. Otherwise it does nothing.
func TestKilledBuild(t *testing.T) {
	dir := os.Getenv(killEnv)
	if dir == "" {
		return
	}
	dir, n, _ := strings.Cut(dir, ",")
	o, p, err := disk.OpenOutput(disk.Place{Site: dir, Out: filepath.Join(dir, "public"), Program: "test"})
	if p != nil || err != nil {
		fmt.Println(p, err)
		os.Exit(1)
	}
	fmt.Println("begin")
	s := large(1)
	if n == "2" {
		s = large(2)
	}
	_, ps, err := o.Write(context.Background(), s.tree(nil), disk.Options{Workers: 4})
	if ps != nil || err != nil {
		fmt.Println(ps, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func TestKill(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Log("shortened: a second of killing becomes a tenth")
	}
	sites := []site{large(1), large(2)}
	want := []map[string]string{fresh(t, sites[0]), fresh(t, sites[1])}
	dir := folder(t)
	write(t, dir, sites[0])
	budget := 900 * time.Millisecond
	if testing.Short() {
		budget /= 10
	}
	began, killed, done, took, repaired := time.Now(), 0, 0, 30*time.Millisecond, true
	for round := 1; time.Since(began) < budget; round++ {
		to := round % 2
		cmd := exec.Command(os.Args[0], "-test.run=^TestKilledBuild$")
		cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s,%d", killEnv, dir, to+1))
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 100)
		if n, _ := out.Read(b); string(b[:n]) != "begin\n" {
			t.Fatalf("the build says %q", b[:n])
		}
		start := time.Now()
		timer := time.AfterFunc(time.Duration(rand.Int64N(int64(took))), func() { cmd.Process.Kill() })
		if cmd.Wait() != nil {
			killed++
		} else {
			done++
			took = max(time.Millisecond, time.Since(start))
		}
		timer.Stop()
		if repaired {
			whole(t, dir, sites[1-to], sites[to])
		} else {
			wholeFiles(t, dir, sites[1-to], sites[to])
		}
		// Sometimes the next build finds the output of several killed builds.
		if repaired = rand.IntN(3) > 0; repaired {
			write(t, dir, sites[to])
			if got := contents(t, dir); !reflect.DeepEqual(got, want[to]) {
				t.Fatalf("round %d: not the site of an undisturbed build", round)
			}
		}
	}
	t.Logf("%d builds killed, %d ended before", killed, done)
	if killed == 0 {
		t.Error("no build was killed")
	}
}
