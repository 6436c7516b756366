package main

import (
	"fmt"
	"sync"
	"time"

	"github.com/privgen/privgen/internal/deploy"
	"github.com/privgen/privgen/internal/source"
)

// This file prints what deploy plans and does: for people in words, for
// programs as events, a JSON object a line.

// printRefused prints why a deploy did not take place.
func (p *program) printRefused(found *problems) {
	if p.json {
		_ = p.event(map[string]any{"event": "refused", "refusals": found.list})
		return
	}
	for _, r := range found.list {
		fmt.Fprintf(p.err, "privgen: %v\n", r)
		for i, line := range r.List {
			if i == 10 {
				fmt.Fprintf(p.err, "\t  and %d more\n", len(r.List)-i)
				break
			}
			fmt.Fprintf(p.err, "\t  %s\n", line)
		}
	}
	fmt.Fprintln(p.err, "\nnothing was deployed")
}

// event prints an event. Events are for programs: members may be added to
// them, but none is renamed.
func (p *program) event(v any) error {
	return writeJSON(p.out, v, "")
}

// mostSteps is how many steps of a kind are printed for people.
const mostSteps = 25

// showPlan prints a plan for people.
func (d *deploying) showPlan(p *deploy.Plan) {
	after := "the first deploy"
	if p.Base > 0 {
		after = fmt.Sprintf("deploy %d", p.Base+1)
	}
	if p.Back > 0 {
		after += fmt.Sprintf(", back to deploy %d", p.Back)
	}
	fmt.Fprintf(d.out, "plan for %s (%s): %s\n", d.target.Name, d.place(), after)
	shown := map[deploy.Action]int{}
	for _, s := range p.Steps {
		if shown[s.Action]++; shown[s.Action] <= mostSteps {
			fmt.Fprintf(d.out, "  %-7s  %s  (%s; %s)\n", s.Action, s.Path, size(s.Size), s.Why)
		}
	}
	for _, a := range []deploy.Action{deploy.Add, deploy.Change, deploy.Headers, deploy.Remove} {
		if n := shown[a] - mostSteps; n > 0 {
			fmt.Fprintf(d.out, "  %-7s  and %d more (--json lists all)\n", a, n)
		}
	}
	list(d.out, "there already, and taken over as it is", p.Adopted, len(p.Adopted))
	list(d.out, "not in the site any more, but stays there", p.Stays, len(p.Stays))
	list(d.out, "not put there by privgen, and left alone", p.Foreign, len(p.Foreign))
	if !d.target.Invalidate.None() {
		list(d.out, "caches are told to forget", p.Invalidate, len(p.Invalidate))
	}
	fmt.Fprintf(d.out, "%s\n", summary(p))
	d.advise(p)
}

// advise prints what the target cannot give.
func (d *deploying) advise(p *deploy.Plan) {
	for _, a := range p.Advice {
		fmt.Fprintf(d.out, "note: %s\n", a)
	}
}

// summary returns one line about what a plan does.
func summary(p *deploy.Plan) string {
	n, bytes := map[deploy.Action]int{}, int64(0)
	for _, s := range p.Steps {
		n[s.Action]++
		if s.Action == deploy.Add || s.Action == deploy.Change {
			bytes += s.Size
		}
	}
	out := fmt.Sprintf("%d added, %d changed", n[deploy.Add], n[deploy.Change])
	if n[deploy.Headers] > 0 {
		out += fmt.Sprintf(", %d with other headers", n[deploy.Headers])
	}
	return out + fmt.Sprintf(", %d removed, %d unchanged; %s", n[deploy.Remove],
		p.Objects-n[deploy.Add]-n[deploy.Change]-n[deploy.Headers], size(bytes))
}

// report prints what was done.
func (d *deploying) report(p *deploy.Plan, sent int64) error {
	took := time.Since(d.started).Seconds()
	if d.json {
		return d.event(map[string]any{"event": "done", "target": d.target.Name, "objects": p.Objects,
			"steps": len(p.Steps),
			"bytes": sent, "invalidated": len(p.Invalidate), "foreign": len(p.Foreign), "seconds": took})
	}
	if d.quiet {
		return nil
	}
	// The first line is what other programs may wait for; it does not change.
	fmt.Fprintf(d.out, "deployed %s to %s: %s (%.2f s)\n", source.Count(p.Objects, "object"), d.target.Name,
		summary(p), took)
	for _, a := range p.Allowed {
		fmt.Fprintf(d.out, "  %s was changed after it was published: %s\n", a.Version, a.Reason)
	}
	list(d.out, "not put there by privgen, and left alone", p.Foreign, len(p.Foreign))
	d.advise(p)
	return nil
}

// pushing shows how far a push is, and how long it may still take.
func (g *progress) pushing(started time.Time, done, total int, sent, bytes int64) {
	if g.w == nil || time.Since(g.started) < time.Second {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if time.Since(g.last) < 100*time.Millisecond {
		return
	}
	g.last = time.Now()
	left := time.Duration(float64(time.Since(started)) / float64(done) * float64(total-done)).Round(time.Second)
	fmt.Fprintf(g.w, "\r\x1b[Kobject %d of %d, %s of %s, %v left", done, total, size(sent), size(bytes), left)
}

// waitingTime is how often it is printed what is being waited for.
const waitingTime = 15 * time.Second

// waiting returns a function that prints what a deploy or verify waits for: as
// lines, since it is not forgotten when the waiting ends, and not too many.
func (p *program) waiting(quiet bool) func(what string) {
	var mu sync.Mutex
	var last time.Time
	return func(what string) {
		mu.Lock()
		defer mu.Unlock()
		if quiet || time.Since(last) < waitingTime-time.Second {
			return
		}
		last = time.Now()
		fmt.Fprintf(p.err, "%s%s\n", map[bool]string{true: "\r\x1b[K"}[isTerminal(p.err)], what)
	}
}

// size writes a number of bytes for people.
func size(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 1000*1000:
		return fmt.Sprintf("%.1f KB", float64(n)/1e3)
	case n < 1000*1000*1000:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}
