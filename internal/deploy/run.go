package deploy

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/store"
	"github.com/privgen/privgen/internal/tree"
)

// A Deploy uploads a site to a store: call Plan, then Push with the plan.
type Deploy struct {
	Options
	Site    string // the URL of the site
	Program string // identifies the program that renders it
	Tree    tree.Tree
	Store   store.Store
	Recheck bool // read every object, and render every entry

	Record *record.Record // the site's privgen.lock; nil if there is none

	Progress func(doing string, done, total int)

	survey *Survey
	wanted *Wanted
}

// Close removes the rendered bytes.
func (d *Deploy) Close() {
	if d.wanted != nil {
		d.wanted.Close()
	}
}

func (d *Deploy) progress(doing string) func(done, total int) {
	return func(done, total int) { d.Progress(doing, done, total) }
}

// Draw renders the site without requests to the store. If pages have problems, it
// returns them and no Wanted.
func (d *Deploy) Draw(ctx context.Context) (*Wanted, source.Problems, error) {
	var last *Manifest
	if d.survey != nil && !d.Recheck {
		last = d.survey.Last
	}
	w, wrong, err := draw(ctx, d.Tree, last, Wanted{Site: d.Site, Program: d.Program, Record: d.Record.Ends()}, "",
		d.progress("rendering page"))
	var list source.Problems
	for _, e := range wrong {
		if p := source.ProblemOf(e); p != nil {
			list = append(list, p)
		} else if err == nil {
			err = e
		}
	}
	d.wanted = w
	return w, list, err
}

// Plan surveys the store and compares it with the site.
func (d *Deploy) Plan(ctx context.Context) (*Plan, source.Problems, error) {
	v, err := look(ctx, d.Store, d.Recheck)
	if err != nil {
		return nil, nil, err
	}
	d.survey = v
	if d.Back != 0 {
		m, err := v.Earlier(ctx, d.Store, max(0, d.Back))
		if err != nil {
			return nil, nil, err
		}
		d.Back, d.wanted = m.Number, m.Wanted()
	} else if _, list, err := d.Draw(ctx); err != nil || len(list) > 0 {
		return nil, list, err
	} else if v.Last != nil {
		d.Lost = d.Record.Lacks(v.Last.Record)
	}
	if err := v.Compare(ctx, d.Store, d.wanted, d.progress("reading object")); err != nil {
		return nil, nil, err
	}
	d.Released = promises(d.Record)
	if d.MaxRemovals < 0 {
		d.MaxRemovals = len(v.listed)
	}
	can := d.Store.Abilities()
	plan := v.Plan(d.wanted, can, d.Options)
	if plan.Base == 0 {
		plan.Advice, err = d.wanted.Advice(can)
	}
	if can.Private {
		plan.Advice = append(plan.Advice, "a web server that runs as another user cannot read new files, because of "+
			"the umask 077: run umask 022 before privgen deploy, and chmod -R a+rX on the target's folder once")
	}
	return plan, nil, err
}

// AllowChange allows a change of a published version. An empty reason means that of the
// last correction in the record.
func (d *Deploy) AllowChange(version, reason string) error {
	a := Allowance{Version: strings.Trim(version, "/"), Reason: strings.TrimSpace(reason)}
	for _, r := range promises(d.Record) {
		if a.Reason == "" && r.Version == a.Version {
			a.Reason = r.Corrected
		}
	}
	if a.Reason == "" {
		return source.Usage("--allow-change needs a reason", "say why, for those who ask later: --reason \"...\"")
	}
	d.Allow = append(d.Allow, a)
	return nil
}

// Restore copies the rollback and the allowances of a saved plan to d, and reports
// whether the plan replaces objects that privgen did not put there.
func (d *Deploy) Restore(saved *Plan) (adopts bool) {
	d.Back = saved.Back
	for _, a := range saved.Allowed {
		if !slices.ContainsFunc(d.Allow, func(b Allowance) bool { return a.Version == b.Version }) {
			d.Allow = append(d.Allow, a)
		}
	}
	return slices.ContainsFunc(saved.Steps, func(s Step) bool { return s.Adopts })
}

// Push carries out a plan of d, which must have no refusals.
func (d *Deploy) Push(ctx context.Context, p *Plan, g Pushing) error {
	return pushPlan(ctx, d.Store, d.survey, d.wanted, p, g)
}

// mostSteps is how many steps of a kind are printed for people.
const mostSteps = 25

// Text returns a plan for people. Place is the location of the target.
func (p *Plan) Text(place string) string {
	var b strings.Builder
	after := "the first deploy"
	if p.Base > 0 {
		after = fmt.Sprintf("deploy %d", p.Base+1)
	}
	if p.Back > 0 {
		after += fmt.Sprintf(", back to deploy %d", p.Back)
	}
	fmt.Fprintf(&b, "plan for %s (%s): %s\n", p.Target, place, after)
	shown := map[Action]int{}
	for _, s := range p.Steps {
		if shown[s.Action]++; shown[s.Action] <= mostSteps {
			fmt.Fprintf(&b, "  %-7s  %s  (%s; %s)\n", s.Action, s.Path, Bytes(s.Size), s.Why)
		}
	}
	for _, a := range []Action{add, change, headers, remove} {
		if n := shown[a] - mostSteps; n > 0 {
			fmt.Fprintf(&b, "  %-7s  and %d more (--json lists all)\n", a, n)
		}
	}
	return b.String()
}

// Summary returns one line about what a plan does.
func (p *Plan) Summary() string {
	n := map[Action]int{}
	for _, s := range p.Steps {
		n[s.Action]++
	}
	out := fmt.Sprintf("%d added, %d changed", n[add], n[change])
	if n[headers] > 0 {
		out += fmt.Sprintf(", %d with other headers", n[headers])
	}
	return out + fmt.Sprintf(", %d removed, %d unchanged; %s", n[remove], p.Objects-n[add]-n[change]-n[headers],
		Bytes(p.Sends()))
}

// Sends returns how many bytes a push sends.
func (p *Plan) Sends() (bytes int64) {
	for _, s := range p.Steps {
		if s.Action == add || s.Action == change {
			bytes += s.Size
		}
	}
	return bytes
}

// Bytes returns a number of bytes in English: "7 B", "1.2 KB".
func Bytes(n int64) string {
	if n < 1000 {
		return fmt.Sprintf("%d B", n)
	}
	size, units := float64(n)/1e3, []string{"KB", "MB", "GB"}
	for size >= 1000 && len(units) > 1 {
		size, units = size/1e3, units[1:]
	}
	return fmt.Sprintf("%.1f %s", size, units[0])
}
