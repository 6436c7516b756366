package main

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/privgen/privgen/internal/deploy"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/status"
	"github.com/privgen/privgen/internal/terminal"
)

// This file prints what deploy plans and does: as text for people, and as events for
// programs, one JSON object in each line.

// printRefused prints the reasons for which a deploy or another command was refused.
func (p *program) printRefused(found *problems) {
	switch {
	case p.json && !p.deploys:
		terminal.PrintJSON(p.out, map[string]any{"problems": found.list})
		return
	case p.json:
		_ = p.event(map[string]any{"event": "refused", "refusals": found.list})
		return
	}
	for _, r := range found.list {
		fmt.Fprintf(p.err, "privgen: %v\n", r)
		first := r.List[:min(len(r.List), 10)]
		for _, line := range first {
			fmt.Fprintf(p.err, "\t  %s\n", line)
		}
		if n := len(r.List) - len(first); n > 0 {
			fmt.Fprintf(p.err, "\t  and %d more\n", n)
		}
	}
	if p.deploys {
		fmt.Fprintln(p.err, "\nnothing was deployed")
	}
}

// event prints an event for programs. New members can be added to events, but none is
// renamed.
func (p *program) event(v any) error {
	return terminal.WriteJSON(p.out, v, "")
}

// showPlan prints a plan for people.
func (d *deploying) showPlan(p *deploy.Plan) {
	place := d.target.To
	if d.target.Scheme() == "file" {
		place = filepath.ToSlash(place)
	}
	fmt.Fprint(d.out, p.Text(place))
	status.List(d.out, "there already, and taken over as it is", p.Adopted, len(p.Adopted))
	status.List(d.out, "not in the site any more, but stays there", p.Stays, len(p.Stays))
	status.List(d.out, "not put there by privgen, and left alone", p.Foreign, len(p.Foreign))
	if !d.target.Invalidate.None() {
		status.List(d.out, "purged from caches", p.Invalidate, len(p.Invalidate))
	}
	fmt.Fprintf(d.out, "%s\n", p.Summary())
	d.advise(p)
}

// advise prints notes about what the target cannot do.
func (d *deploying) advise(p *deploy.Plan) {
	for _, a := range p.Advice {
		fmt.Fprintf(d.out, "note: %s\n", a)
	}
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
	// Programs may wait for the first line, so it does not change.
	fmt.Fprintf(d.out, "deployed %s to %s: %s (%.2f s)\n", source.Count(p.Objects, "object"), d.target.Name,
		p.Summary(), took)
	for _, a := range p.Allowed {
		fmt.Fprintf(d.out, "  %s was changed after it was published: %s\n", a.Version, a.Reason)
	}
	status.List(d.out, "not put there by privgen, and left alone", p.Foreign, len(p.Foreign))
	d.advise(p)
	return nil
}
