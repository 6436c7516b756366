// Package measure sets how much memory a build uses before it collects garbage, and
// measures the time and memory of commands.
//
// Its two fundamental types are Profile, what to measure, and Phases, which prints
// the time and memory of each phase of a command.
package measure

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"runtime/pprof"
	"time"
)

// A Profile is what to measure.
type Profile struct {
	CPU, Heap string // files for pprof, or empty
	Timings   bool   // print phases
}

// Phases prints what the phases of a command use. Nil prints nothing.
type Phases struct {
	w      io.Writer
	name   string    // of the current phase, or empty
	start  resources // of the current phase
	begin  resources // of the command
	header bool
}

// resources are the resources that the process has used since it started.
type resources struct {
	at        time.Time
	cpu       time.Duration
	allocated uint64
	objects   uint64
	cycles    uint64
}

func resourcesNow() resources {
	s := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}, {Name: "/gc/heap/allocs:objects"},
		{Name: "/gc/cycles/total:gc-cycles"}}
	metrics.Read(s)
	return resources{time.Now(), cpuTime(), s[0].Value.Uint64(), s[1].Value.Uint64(), s[2].Value.Uint64()}
}

// Start begins to measure. Call the returned function at the end: it prints the last
// phase and the totals to w, and writes the profiles. The Phases are nil without Timings.
func (f Profile) Start(w io.Writer) (*Phases, func() error, error) {
	var m *Phases
	if f.Timings {
		now := resourcesNow()
		m = &Phases{w: w, begin: now, start: now}
	}
	var cpu *os.File
	if f.CPU != "" {
		var err error
		if cpu, err = os.Create(f.CPU); err != nil {
			return nil, nil, err
		}
		if err := pprof.StartCPUProfile(cpu); err != nil {
			return nil, nil, errors.Join(err, cpu.Close())
		}
	}
	return m, func() error {
		m.end()
		var err error
		if cpu != nil {
			pprof.StopCPUProfile()
			err = cpu.Close()
		}
		if f.Heap != "" {
			err = errors.Join(err, writeHeapProfile(f.Heap))
		}
		return err
	}, nil
}

// writeHeapProfile writes a profile of live memory and of allocations since the start.
func writeHeapProfile(name string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	runtime.GC()
	return errors.Join(pprof.WriteHeapProfile(f), f.Close())
}

// Phase prints the current phase and begins the next.
func (m *Phases) Phase(name string) {
	if m == nil {
		return
	}
	now := resourcesNow()
	if m.name != "" {
		m.line(m.name, m.start, now)
	}
	m.name, m.start = name, now
}

func (m *Phases) line(name string, from, to resources) {
	if !m.header {
		m.header = true
		fmt.Fprintf(m.w, "%-10s %10s %10s %12s %12s %6s\n",
			"phase", "wall ms", "cpu ms", "allocated KB", "objects", "GCs")
	}
	fmt.Fprintf(m.w, "%-10s %10.1f %10.1f %12d %12d %6d\n", name, milliseconds(to.at.Sub(from.at)),
		milliseconds(to.cpu-from.cpu), (to.allocated-from.allocated)>>10, to.objects-from.objects,
		to.cycles-from.cycles)
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// end prints the last phase, the totals, and what the runtime used.
func (m *Phases) end() {
	if m == nil {
		return
	}
	m.Phase("")
	m.line("total", m.begin, resourcesNow())
	s := []metrics.Sample{{Name: "/cpu/classes/gc/total:cpu-seconds"}, {Name: "/cpu/classes/total:cpu-seconds"},
		{Name: "/cpu/classes/idle:cpu-seconds"}, {Name: "/memory/classes/total:bytes"}, {Name: "/gc/heap/live:bytes"}}
	metrics.Read(s)
	share := 0.0
	if busy := s[1].Value.Float64() - s[2].Value.Float64(); busy > 0 {
		share = 100 * s[0].Value.Float64() / busy
	}
	limit := "none"
	if n := debug.SetMemoryLimit(-1); n < math.MaxInt64 {
		limit = fmt.Sprintf("%d MiB", n>>20)
	}
	fmt.Fprintf(m.w, "garbage collection: %.0f%% of CPU time; memory: %d MiB mapped, %d MiB live, limit %s\n",
		share, s[3].Value.Uint64()>>20, s[4].Value.Uint64()>>20, limit)
}
