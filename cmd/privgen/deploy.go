package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/deploy"
	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/release"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/status"
	"github.com/privgen/privgen/internal/store"
	"github.com/privgen/privgen/internal/terminal"
)

// A deploying is one run of deploy.
type deploying struct {
	*program
	config, planFile, reason, rollback    string
	allow                                 []string
	plan, dry, yes, adopt, recheck, quiet bool
	breakLock                             bool

	deploy.Deploy
	saved    *deploy.Plan // the plan to apply, or nil
	site     *openedSite
	target   *config.Deploy
	started  time.Time
	progress *terminal.Progress
}

func deployCommand(p *program) *cobra.Command {
	d := &deploying{program: p}
	create := command{Use: "deploy [NAME | PLANFILE]", args: atMost(1), complete: targets, run: d.run,
		flags: []any{"plan", &d.plan, "plan-file", &d.planFile, "dry-run", &d.dry, "yes", &d.yes, "adopt", &d.adopt,
			"allow-change", &d.allow, "reason", &d.reason, "break-lock", &d.breakLock, "recheck", &d.recheck,
			"rollback", &d.rollback, "config", &d.config, "json", &p.json, "quiet", &d.quiet}}
	c := create.cobra()
	c.Flags().Lookup("rollback").NoOptDefVal = "last"
	return c
}

// targets completes to the targets of the nearest config.
func targets(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	var names []string
	if len(args) == 0 {
		if files, _, name, err := openSite(""); err == nil {
			defer files.Close()
			c, _ := site.ReadConfig(files, name)
			names = targetNames(c)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

func targetNames(c *config.Config) (names []string) {
	for _, d := range c.Deploy {
		names = append(names, d.Name)
	}
	return names
}

const notDeployed = "nothing was deployed"

func (d *deploying) run(ctx context.Context, args []string) (err error) {
	// A deploy waits for the network, so it has time to collect garbage; CI machines
	// have little memory.
	defer debug.SetGCPercent(debug.SetGCPercent(40))
	d.started, d.deploys = time.Now(), true
	if err := d.checkFlags(); err != nil {
		return err
	}
	d.progress = terminal.NewProgress(d.err, d.quiet || d.json, d.started)
	defer d.progress.Clear()
	d.site, err = openChecked(d.config, notDeployed, site.Input{Each: d.progress.Reading(sideBySide)})
	if err != nil {
		return err
	}
	defer d.site.Close()
	if problem := d.site.Config.PlaceholderURL(); problem != nil {
		return one(problem, notDeployed)
	}
	d.Deploy = deployOf(d.site, d.progress)
	defer d.Close()
	if err := d.allowances(); err != nil {
		return err
	}
	if err := d.warn(); err != nil {
		return err
	}
	arg := strings.Join(args, "")
	if d.target, d.saved, err = chooseTarget(d.site.Config, arg); err != nil {
		return err
	}
	if d.saved != nil {
		if d.plan || d.planFile != "" || d.dry || d.rollback != "" {
			return source.Usage("a saved plan is applied as it is", "run: privgen deploy "+arg)
		}
		d.yes = true // the user has seen in the plan what it removes
		d.adopt = d.Restore(d.saved) || d.adopt
	}
	if err := checkTarget(d.site.Config, d.target, d.site.dir); err != nil {
		return err
	}
	d.setOptions()
	if d.dry {
		return d.dryRun(ctx)
	}
	ctx = store.WithWaiting(ctx, terminal.Waiting(d.err, d.quiet))
	if d.Store, err = openTarget(ctx, d.site.Config, d.target, d.site.dir); err != nil {
		return err
	}
	if d.plan || d.planFile != "" {
		return d.printPlan(ctx)
	}
	return d.push(ctx)
}

// deployOf returns the deploy of a site.
func deployOf(s *openedSite, g *terminal.Progress) deploy.Deploy {
	return deploy.Deploy{Site: s.Config.Site.BaseURL, Program: programID(), Tree: pages.Plan(s.Site, s.now),
		Record: s.Record(), Progress: func(doing string, done, total int) {
			if g.Show(doing, done, total); done == total {
				g.Clear()
			}
		}}
}

// setOptions sets the options of the plan from the flags and the config.
func (d *deploying) setOptions() {
	d.Target, d.Address, d.Adopt, d.Recheck = d.target.Name, d.target.To, d.adopt, d.recheck
	d.Keep, d.MaxRemovals = d.target.Keep, d.target.MaxRemovals
	if d.yes {
		d.MaxRemovals = -1
	}
}

// targetFolder returns the path of a target that is a folder, or "".
func targetFolder(t *config.Deploy, dir string) string {
	folder := filepath.FromSlash(strings.TrimPrefix(t.To, "file://"))
	switch {
	case t.Scheme() != "file":
		return ""
	case filepath.IsAbs(folder):
		return folder
	}
	return filepath.Join(dir, folder)
}

// checkTarget refuses a target that is one of the site's own folders, however its path
// is written.
func checkTarget(c *config.Config, t *config.Deploy, dir string) error {
	folder := targetFolder(t, dir)
	paths := []string{dir, folder}
	for i, p := range paths {
		if p, err := filepath.Abs(p); err == nil {
			paths[i] = p
		}
		if p, err := filepath.EvalSymlinks(paths[i]); err == nil {
			paths[i] = p
		}
	}
	own, err := filepath.Rel(paths[0], paths[1])
	if folder == "" || err != nil || !config.Owns(c, filepath.ToSlash(own)) {
		return nil
	}
	what := "the folder %q is one of the site's own, with its sources or the output of a build"
	if filepath.Base(own) == ".." {
		what = "the folder %q contains the site's own, with its sources"
	}
	return badTarget(c, t, "to", fmt.Sprintf(what, t.To), "write a separate folder, such as \"../www\"")
}

// badTarget returns the error of a target, at the position of a key in its table.
func badTarget(c *config.Config, t *config.Deploy, key, what, do string) error {
	i := slices.IndexFunc(c.Deploy, func(d config.Deploy) bool { return d.Name == t.Name })
	return one(source.NewProblem(c.At("deploy", strconv.Itoa(i), key), "bad-target", what, do), notDeployed)
}

// openTarget opens a target of the config. It refuses a folder that a symlink of the
// site leads to, because the site may come from a stranger.
func openTarget(ctx context.Context, c *config.Config, t *config.Deploy, dir string) (store.Store, error) {
	if folder := targetFolder(t, dir); folder != "" {
		if link := disk.LinkTo(dir, folder); link != "" {
			return nil, badTarget(c, t, "to",
				fmt.Sprintf("%q is a symlink, and privgen does not deploy through one of the site's", link),
				"write the folder that it leads to, such as \"../www\"")
		}
	}
	s, err := store.Open(ctx, t, dir, os.Getenv)
	if p, ok := errors.AsType[*source.Problem](err); ok && p.Code == "endpoint" && t.Endpoint != "" {
		return nil, badTarget(c, t, "endpoint", p.What, p.Do)
	}
	return s, err
}

func (d *deploying) checkFlags() error {
	switch {
	case d.reason != "" && len(d.allow) == 0:
		return source.Usage("--reason needs --allow-change", "name the version too: --allow-change privacy/2026-01-01")
	case d.planFile != "" && writable(d.planFile) != nil:
		return writable(d.planFile)
	case d.dry && (d.plan || d.planFile != ""):
		return source.Usage("--dry-run does not contact the target, and a plan has to", "use one of the two flags")
	}
	if n, err := strconv.Atoi(d.rollback); d.rollback != "" && d.rollback != "last" && (err != nil || n < 1) {
		return source.Usage(fmt.Sprintf("--rollback=%s: a deploy has a number", d.rollback),
			"write --rollback=12, or --rollback for the one before the last")
	}
	return nil
}

// allowances sets the deploy for a rollback, and the allowed changes.
func (d *deploying) allowances() error {
	if d.Back, _ = strconv.Atoi(d.rollback); d.rollback == "last" {
		d.Back = -1
	}
	for _, version := range d.allow {
		if err := d.AllowChange(version, d.reason); err != nil {
			return err
		}
	}
	return nil
}

// chooseTarget returns the target that the argument names, or the saved plan in a file
// and its target.
func chooseTarget(c *config.Config, arg string) (*config.Deploy, *deploy.Plan, error) {
	names := strings.Join(targetNames(c), ", ")
	switch {
	case len(c.Deploy) == 0:
		return nil, nil, source.Usage("the config has no target to deploy to",
			"add to privgen.toml:\n[[deploy]]\nname = \"production\"\nto = \"s3://bucket\"")
	case arg == "" && len(c.Deploy) == 1:
		return &c.Deploy[0], nil, nil
	case arg == "":
		return nil, nil, source.Usage("the config has several targets", "name one of them: "+names)
	}
	if t := c.Target(arg); t != nil {
		return t, nil, nil
	}
	raw, err := os.ReadFile(arg)
	if err != nil {
		return nil, nil, source.Usage(fmt.Sprintf("there is neither a target nor a file %q", arg),
			"the config has the targets "+names)
	}
	plan := &deploy.Plan{}
	if err := json.Unmarshal(raw, plan); err != nil || plan.Target == "" {
		return nil, nil, source.Usage(fmt.Sprintf("%s is not a plan", arg),
			"make one with: privgen deploy --plan-file "+arg)
	}
	t := c.Target(plan.Target)
	if t == nil {
		return nil, nil, source.Usage(fmt.Sprintf("the plan is for the target %q, which the config does not have",
			plan.Target), "it has "+names)
	}
	return t, plan, nil
}

// dryRun renders the site and prints its size, without contacting the target.
func (d *deploying) dryRun(ctx context.Context) error {
	w, list, err := d.Draw(ctx)
	if err := failed(list.OncePerPlace(), err, notDeployed); err != nil {
		return err
	}
	if d.json {
		return d.event(map[string]any{"event": "dry-run", "target": d.target.Name, "objects": len(w.Items),
			"bytes": w.Bytes, "items": w.Items})
	}
	if !d.quiet {
		fmt.Fprintf(d.out, "the site has %s, %s; %s was not contacted\n", source.Count(len(w.Items), "object"),
			deploy.Bytes(w.Bytes), d.target.Name)
	}
	return nil
}

// makePlan surveys the target and compares it with the site.
func (d *deploying) makePlan(ctx context.Context) (*deploy.Plan, error) {
	plan, list, err := d.Plan(ctx)
	return plan, failed(list.OncePerPlace(), err, notDeployed)
}

// warn prints which texts the lock file does not protect.
func (d *deploying) warn() error {
	r := release.StatusOf(d.site.Site, d.site.now)
	text := r.Text()
	switch {
	case d.quiet || text == "":
		return nil
	case d.json:
		return d.event(map[string]any{"event": "record", "record": r})
	}
	fmt.Fprint(d.err, text)
	return nil
}

// printPlan prints a plan, and saves it if --plan-file is set.
func (d *deploying) printPlan(ctx context.Context) error {
	plan, err := d.makePlan(ctx)
	if err != nil {
		return err
	}
	if d.planFile != "" {
		raw, err := json.MarshalIndent(plan, "", "  ")
		if err != nil {
			panic("privgen: internal error: writing a plan: " + err.Error())
		}
		if err := os.WriteFile(d.planFile, append(raw, '\n'), 0o666); err != nil {
			return err
		}
	}
	if d.json {
		if err := d.event(map[string]any{"event": "plan", "plan": plan}); err != nil {
			return err
		}
	} else if !d.quiet {
		d.showPlan(plan)
	}
	if len(plan.Refusals) > 0 {
		return &problems{list: plan.Refusals}
	}
	return nil
}

// push takes the lock, plans, and pushes.
func (d *deploying) push(ctx context.Context) (err error) {
	lock, held, err := deploy.TakeLock(ctx, d.Store, store.SystemClock(), d.breakLock)
	if err != nil {
		return err
	}
	if lock.Took != "" && !d.quiet {
		d.progress.Clear()
		fmt.Fprintf(d.err, "privgen: took over the lock of another deploy (%s)\n", lock.Took)
	}
	defer func() {
		// Free the lock even after an interrupt, so that the next deploy need not wait.
		after, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
		defer cancel()
		if e := lock.Free(after); err == nil {
			err = e
		}
		if errors.Is(err, context.Canceled) {
			err = errors.New("stopped; the site on the target is whole, and the next deploy completes it")
		}
	}()
	plan, err := d.makePlan(held)
	if err != nil {
		return err
	}
	if d.saved != nil {
		if moved := plan.Moved(d.saved); len(moved) > 0 {
			return source.Refuse("moved", "the plan is out of date", "make a new one with --plan-file",
				moved...)
		}
	}
	if d.json {
		if err := d.event(map[string]any{"event": "plan", "plan": plan}); err != nil {
			return err
		}
	}
	if len(plan.Refusals) == 1 && plan.Refusals[0].Code == "removals" && agreed(ctx, d.program, plan.Refusals[0]) {
		plan.Refusals = nil
	}
	if len(plan.Refusals) > 0 {
		return &problems{list: plan.Refusals}
	}
	pushed, done, sent, total := time.Now(), 0, int64(0), plan.Sends()
	empty, err := deploy.Invalidator(&d.target.Invalidate, cmp.Or(d.target.URL, plan.Site), os.Getenv)
	if err != nil {
		return err
	}
	err = d.Push(held, plan, deploy.Pushing{
		Now: time.Now().UTC().Format(time.RFC3339), Keep: d.target.Keep, Lock: lock, Invalidate: empty,
		Done: func(s *deploy.Step, n int64) {
			done, sent = done+1, sent+n
			if d.json {
				_ = d.event(map[string]any{"event": "step", "action": s.Action, "path": s.Path, "bytes": n})
				return
			}
			left := time.Duration(float64(time.Since(pushed)) / float64(done) * float64(len(plan.Steps)-done))
			d.progress.Line("object %d of %d, %s of %s, %v left", done, len(plan.Steps), deploy.Bytes(sent),
				deploy.Bytes(total), left.Round(time.Second))
		},
	})
	d.progress.Clear()
	if p := disk.Explain(err); p != nil {
		return one(p, "the deploy is not complete")
	}
	if err != nil {
		return err
	}
	return d.report(plan, sent)
}

// agreed asks whether to remove the objects of a refusal. Without a terminal, the answer
// is no.
func agreed(ctx context.Context, p *program, r *source.Problem) bool {
	if p.json || !terminal.IsTerminal(os.Stdin) || !terminal.IsTerminal(p.err) {
		return false
	}
	fmt.Fprintf(p.err, "%s:\n", r.What)
	status.List(p.err, "they are", r.List, len(r.List))
	yes, _ := terminal.Ask(ctx, p.err, "remove them?")
	return yes
}
