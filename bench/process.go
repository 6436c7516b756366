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
	"strings"
	"time"
)

// A cost is the time and the memory that a process used.
type cost struct {
	cpu, wall time.Duration
	peak      float64 // MiB; 0 if the system does not report it
}

// A series is the costs of one command, one for each round.
type series []cost

// do runs a command and adds its cost.
func (s *series) do(dir, name string, args ...string) error {
	_, err := s.said(dir, name, args...)
	return err
}

// said runs a command, adds its cost, and returns its standard error.
func (s *series) said(dir, name string, args ...string) (string, error) {
	c := exec.Command(name, args...)
	var said bytes.Buffer
	c.Dir, c.Stderr = dir, &said
	start := time.Now()
	err := c.Run()
	wall := time.Since(start)
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", filepath.Base(name), strings.Join(args, " "), err, &said)
	}
	*s = append(*s, cost{c.ProcessState.UserTime() + c.ProcessState.SystemTime(), wall, peak(c.ProcessState)})
	return said.String(), nil
}

// A spread is a median with the minimum and the maximum.
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

// per returns the ratios of two series, round by round. If one was measured
// several times in a round, each is compared with the same cost of the other.
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

// readAll reads the files of a folder into the system's cache, so that the first
// program does not read them from the disk.
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

// settle makes the system write its buffers before the next measurement.
func settle() {
	_ = exec.Command("sync").Run() // it does not exist everywhere
	time.Sleep(time.Second)
}

// machine returns a description of the machine.
func machine() string {
	model := runtime.GOARCH
	b, _ := os.ReadFile("/proc/cpuinfo") // without it, the architecture is enough
	for line := range strings.Lines(string(b)) {
		if key, value, _ := strings.Cut(line, ":"); strings.TrimSpace(key) == "model name" {
			model = strings.TrimSpace(value)
			break
		}
	}
	return fmt.Sprintf("%d cores (%s), %s, %s, %s", runtime.NumCPU(), model, runtime.GOOS, runtime.Version(),
		time.Now().Format("2 January 2006"))
}

// load returns the load of the machine in the last minute.
func load() string {
	b, _ := os.ReadFile("/proc/loadavg")
	first, _, _ := strings.Cut(string(b), " ")
	return cmp.Or(first, "unknown")
}
