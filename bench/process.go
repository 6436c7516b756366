package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A cost is what a process took.
type cost struct {
	cpu, wall time.Duration
	peak      float64 // MiB; 0 where the system does not say
}

// A series is the costs of one command, a round each.
type series []cost

// do runs a command and adds what it took.
func (s *series) do(dir, name string, args ...string) error {
	c := exec.Command(name, args...)
	var said bytes.Buffer
	c.Dir, c.Stderr = dir, &said
	start := time.Now()
	err := c.Run()
	wall := time.Since(start)
	if err != nil {
		return fmt.Errorf("%s %s: %w\n%s", filepath.Base(name), strings.Join(args, " "), err, &said)
	}
	*s = append(*s, cost{c.ProcessState.UserTime() + c.ProcessState.SystemTime(), wall, peak(c.ProcessState)})
	return nil
}

// A spread is a median with the least and the most.
type spread struct{ least, median, most float64 }

func spreadOf(values []float64) spread {
	if len(values) == 0 {
		return spread{}
	}
	v := slices.Sorted(slices.Values(values))
	n := len(v)
	return spread{v[0], (v[(n-1)/2] + v[n/2]) / 2, v[n-1]}
}

func (s series) of(f func(cost) float64) spread {
	var values []float64
	for _, c := range s {
		values = append(values, f(c))
	}
	return spreadOf(values)
}

func cpu(c cost) float64    { return c.cpu.Seconds() }
func wall(c cost) float64   { return c.wall.Seconds() }
func memory(c cost) float64 { return c.peak }

// per gives the ratios of two series, round by round. Where one was measured
// several times a round, its costs are divided by the other's of that round.
func (s series) per(other series, f func(cost) float64) spread {
	var values []float64
	for i := range max(len(s), len(other)) {
		if len(s) == 0 || len(other) == 0 {
			break
		}
		a, b := s[i*len(s)/max(len(s), len(other))], other[i*len(other)/max(len(s), len(other))]
		values = append(values, f(a)/f(b))
	}
	return spreadOf(values)
}

// readAll reads the files of a folder, so that whoever runs first does not pay
// for the disk.
func readAll(dir string) error {
	return filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		_, err = io.Copy(io.Discard, f)
		return err
	})
}

// settle lets the system write down what it holds back, so that it does not do
// so while the next one is measured, and waits a while for others to be done.
func settle() {
	_ = exec.Command("sync").Run() // where there is none, there is none
	for range 120 {
		busy, all := ticks()
		time.Sleep(time.Second)
		if busyThen, allThen := ticks(); (busyThen-busy)*20 <= allThen-all {
			return
		}
	}
}

// ticks gives how much of its time the machine was busy, and how much time
// that is of, in a unit of its own; zeros where it does not say.
func ticks() (busy, all int) {
	b, _ := os.ReadFile("/proc/stat")
	first, _, _ := strings.Cut(string(b), "\n")
	for i, field := range strings.Fields(first) {
		n, err := strconv.Atoi(field)
		if err != nil || i > 8 { // its name; what virtual machines had is counted already
			continue
		}
		all += n
		if i != 4 && i != 5 { // idle, and waiting for the disk
			busy += n
		}
	}
	return busy, all
}

// machine says what this runs on.
func machine() string {
	model := runtime.GOARCH
	b, _ := os.ReadFile("/proc/cpuinfo") // elsewhere the architecture has to do
	for line := range strings.Lines(string(b)) {
		if key, value, _ := strings.Cut(line, ":"); strings.TrimSpace(key) == "model name" {
			model = strings.TrimSpace(value)
			break
		}
	}
	return fmt.Sprintf("%d cores (%s), %s, %s, %s", runtime.NumCPU(), model, runtime.GOOS, runtime.Version(), time.Now().Format("2 January 2006"))
}

// load gives the load of the machine in the last minute.
func load() string {
	b, _ := os.ReadFile("/proc/loadavg")
	first, _, _ := strings.Cut(string(b), " ")
	return cmp.Or(first, "unknown")
}
