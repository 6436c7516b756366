package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/measure"
	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/release"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

const buildHelp = `Usage:
  privgen build [flags]

Writes the site to its output folder. Only changed pages are rendered. If the
site has problems, nothing is written, and all problems are printed with their
positions. Files that privgen did not write are left alone.

Flags:
  --config FILE      the config file (default: the nearest privgen.toml)
  --out DIR          write to this folder instead of the one in the config
  --at DAY           build as of a day (2026-01-31) or an instant
                     (2026-01-31T09:00:00+01:00). The default is the
                     config's day, SOURCE_DATE_EPOCH, or now
  --base-url URL     use this URL instead of base_url in the config
  --json             print the report, or the problems, as JSON
  --quiet            print problems only
  --timings          print what each phase used: time, memory, collections
  --cpuprofile FILE  write a CPU profile for: go tool pprof FILE
  --memprofile FILE  write a profile of memory
  --help             show this

Example:
  privgen build --at 2027-01-01 --out preview
`

// A building is one run of build.
type building struct {
	*program
	config, out, at, baseURL string
	quiet                    bool
	started                  time.Time
	note                     string // the consequence of problems
	profile                  measure.Profile
	measured                 *measure.Phases
}

func buildCommand(p *program) *cobra.Command {
	b := &building{program: p, note: "nothing was written"}
	c := command{Use: "build", help: buildHelp, args: arguments(), run: b.measure, flags: []any{
		"config", &b.config, "out", &b.out, "at", &b.at, "base-url", &b.baseURL, "json", &p.json, "quiet", &b.quiet,
		"timings", &b.profile.Timings, "cpuprofile", &b.profile.CPU, "memprofile", &b.profile.Heap}}
	return c.cobra()
}

func (b *building) measure(ctx context.Context, args []string) error {
	for _, name := range []string{b.profile.CPU, b.profile.Heap} {
		if err := writable(name); name != "" && err != nil {
			return err
		}
	}
	m, end, err := b.profile.Start(b.err)
	if err != nil {
		return err
	}
	b.measured = m
	b.measured.Phase("load")
	return errors.Join(b.run(ctx, args), end())
}

func (b *building) run(ctx context.Context, _ []string) error {
	b.started = time.Now()
	if p, ok := errors.AsType[*source.Problem](config.CheckBaseURL(b.baseURL)); ok && b.baseURL != "" {
		return source.Usage("--base-url: "+p.What, p.Do)
	}
	files, dir, name, err := openSite(b.config)
	if err != nil {
		return err
	}
	defer files.Close()
	outName, at, list := outputOf(files, name, b.out)
	if list != nil { // there are more than those of the config
		if _, err := load(site.Input{Files: files, Config: name, Each: sideBySide}); err != nil {
			if found, ok := errors.AsType[*problems](err); ok {
				found.note = b.note
			}
			return err
		}
		return &problems{list, b.note}
	}
	place := cmp.Or(b.out, filepath.Join(dir, filepath.FromSlash(outName)))
	out, problem, err := disk.OpenOutput(disk.Place{Site: dir, Out: place, At: at, Program: programID()})
	if problem != nil && b.out != "" && problem.File == at.File {
		return source.Usage("--out: "+problem.What, problem.Do)
	}
	if problem != nil {
		return one(problem, b.note)
	}
	if err != nil {
		return err
	}
	defer out.Close()
	b.note = "nothing was written to " + cmp.Or(b.out, outName)
	r, err := b.write(ctx, site.Input{Files: files, Config: name, BaseURL: b.baseURL}, out, dir, outName)
	if err != nil || b.quiet {
		return err
	}
	if b.json {
		return printJSON(b.program.out, r)
	}
	r.print(b.program.out)
	return nil
}

// write loads the site and writes it to its output folder.
func (b *building) write(ctx context.Context, in site.Input, out *disk.Output, dir, outName string) (*buildReport,
	error) {
	progress := b.newProgress(b.quiet, b.started)
	defer progress.clear()
	in.Each = progress.each
	s, cache, err := loadAgain(in, out, dir)
	if found, ok := errors.AsType[*problems](err); ok {
		found.note = b.note
	}
	if err == nil && s.Config.Output.Folder != outName {
		err = fmt.Errorf("read %s: %w", in.Config, policy.ErrChanged)
	}
	if err != nil {
		return nil, err
	}
	now, err := moment(b.at, s)
	if err != nil {
		return nil, err
	}
	list, err := checkDays(s, b.at)
	if err := failed(list, err, b.note); err != nil {
		return nil, err
	}
	b.measured.Phase("plan")
	written, list, err := out.Write(ctx, pages.Plan(s, now), disk.Options{
		Phase:    b.measured.Phase,
		Progress: func(done, total int) { progress.show("rendering page", done, total) },
		Cache:    cache.Save,
	})
	if len(list) > 0 {
		return nil, &problems{list.OncePerPlace(), b.note}
	}
	if errors.Is(err, policy.ErrChanged) {
		// The next run must not use what this one cached.
		err = errors.Join(err, out.DropCache())
	}
	if err != nil {
		return nil, environmentOrProblem(err)
	}
	return newReport(s, now, written, cmp.Or(b.out, path.Join(filepath.ToSlash(dir), outName)),
		time.Since(b.started)), nil
}

// loadAgain loads a site with the cache of the last build, for the build that
// updates it.
func loadAgain(in site.Input, out *disk.Output, dir string) (*site.Site, *site.Cache, error) {
	measure.UseMemory()
	in.Cache, in.Fingerprint = &site.Cache{}, disk.Fingerprints(dir, out.Opened())
	// A cache that cannot be read is dropped.
	_ = in.Cache.UnmarshalBinary(out.Cache())
	s, err := load(in)
	measure.UseMemory()
	if found := new(problems); errors.As(err, &found) &&
		slices.ContainsFunc(found.list, func(p *source.Problem) bool { return p.Code == "unreadable" }) {
		return nil, nil, errors.Join(err, out.DropCache()) // a text might differ from the cache
	}
	return s, in.Cache, err
}

// outputOf reads only the output folder from the config, so that the cache of
// the last build is available before the site is loaded.
func outputOf(files *disk.Site, name, flag string) (out string, at source.Pos, list source.Problems) {
	c, list := site.ReadConfig(files, name)
	if list != nil {
		return "", at, list
	}
	if flag != "" {
		return c.Output.Folder, source.In(flag), nil
	}
	return c.Output.Folder, c.At("output", "folder"), nil
}

// A buildReport is the result of a build, for people and for programs.
type buildReport struct {
	Output    string         `json:"output"`
	Files     int            `json:"files"`
	Written   int            `json:"written"`
	Unchanged int            `json:"unchanged"`
	Removed   int            `json:"removed"`
	Seconds   float64        `json:"seconds"`
	At        string         `json:"at"` // the instant as of which the site was built
	Policies  []policyReport `json:"policies"`
	Next      *nextReport    `json:"next"` // null if there is none
	Record    release.Status `json:"record"`
	Drafts    []string       `json:"drafts,omitempty"` // slugs of policies that have only a draft, and are not published
	Kept      []string       `json:"kept,omitempty"`
	Foreign   []string       `json:"foreign,omitempty"`
	Restored  []string       `json:"restored,omitempty"`
	// Former names that _redirects does not cover in full, because hosts limit its rules.
	Unredirected []string `json:"unredirected,omitempty"`

	foreigners int
	bytes      int64
}

type policyReport struct {
	Slug      string `json:"slug"`
	InForce   string `json:"in_force,omitempty"` // the version's id
	Since     string `json:"since,omitempty"`
	Upcoming  string `json:"upcoming,omitempty"`
	From      string `json:"from,omitempty"`
	Withdrawn string `json:"withdrawn,omitempty"` // the day on which the policy ended
	Versions  int    `json:"versions"`
	LeftOut   int    `json:"redlines_left_out,omitempty"` // because of the config's limit
}

func newReport(s *site.Site, now time.Time, w disk.Report, out string, took time.Duration) *buildReport {
	r := &buildReport{
		Output: out, Files: w.Total, Written: len(w.Written), Unchanged: w.Unchanged(), Removed: len(w.Removed),
		Seconds: took.Seconds(), At: now.In(s.Config.Zone()).Format(time.RFC3339),
		Kept: w.Kept, Foreign: w.Foreign, foreigners: w.Foreigners, Restored: w.Restored, bytes: w.Bytes,
		Next: nextOf(s, now), Drafts: s.Library.Unpublished, Unredirected: pages.Unredirected(s, now),
	}
	r.Record = release.StatusOf(s, now)
	for _, p := range s.Ordered() {
		st := p.At(now)
		one := policyReport{Slug: p.Slug, Versions: len(st.Versions), LeftOut: pages.LeftOut(&s.Config.Redlines, st)}
		if st.Ended {
			one.Withdrawn = p.Settings.Withdrawn.String()
		}
		if v := st.Current(); v != nil {
			one.InForce, one.Since = v.ID, v.Effective().String()
		}
		if v := st.Upcoming(); v != nil {
			one.Upcoming, one.From = v.ID, v.Effective().String()
		}
		r.Policies = append(r.Policies, one)
	}
	return r
}

// mostPolicies is how many policies the report lists for people.
const mostPolicies = 20

func (r *buildReport) print(w io.Writer) {
	// Other programs can depend on the first line; it does not change.
	fmt.Fprintf(w, "built %s in %s: %d written, %d unchanged", source.Count(r.Files, "file"), r.Output,
		r.Written, r.Unchanged)
	if r.Removed > 0 {
		fmt.Fprintf(w, ", %d removed", r.Removed)
	}
	fmt.Fprintf(w, " (%.2f s)\n", r.Seconds)
	width := 0
	for _, p := range r.Policies {
		width = max(width, len(p.Slug))
	}
	for _, slug := range r.Drafts {
		width = max(width, len(slug))
	}
	for i, p := range r.Policies {
		if i == mostPolicies {
			fmt.Fprintf(w, "  and %s more\n", source.Count(len(r.Policies)-i, "policy"))
			break
		}
		fmt.Fprintf(w, "  %-*s  %s, %s%s\n", width, p.Slug, p.standing(),
			source.Count(p.Versions, "version"), p.without())
	}
	for i, slug := range r.Drafts {
		if i == mostPolicies {
			fmt.Fprintf(w, "  and %s more of which there is only a draft\n", source.Count(len(r.Drafts)-i, "policy"))
			break
		}
		fmt.Fprintf(w, "  %-*s  only a draft, not published\n", width, slug)
	}
	fmt.Fprint(w, r.Record.Text())
	if r.Next != nil {
		fmt.Fprintf(w, "next change: %s\n", r.Next.sentence())
	}
	list(w, "changed by somebody since privgen wrote it, and written again", r.Restored, len(r.Restored))
	list(w, "not part of the site any more, but changed by somebody, so left there", r.Kept, len(r.Kept))
	list(w, "not written by privgen, and left alone", r.Foreign, r.foreigners)
	list(w, "former names that _redirects does not cover in full, because hosts read only 100 rules with a wildcard;\n"+
		"the pages under these names lead to the present ones anyway", r.Unredirected, len(r.Unredirected))
}

func (p policyReport) standing() string {
	s := "not in force yet"
	if p.Withdrawn != "" {
		return "withdrawn on " + p.Withdrawn
	}
	if p.InForce != "" {
		s = "in force " + p.InForce
		if p.Since != p.InForce {
			s += " since " + p.Since
		}
	}
	if p.Upcoming != "" {
		s += ", upcoming " + p.Upcoming
	}
	return s
}

// without returns what a policy does not have because of the config's limit.
func (p policyReport) without() string {
	if p.LeftOut == 0 {
		return ""
	}
	return fmt.Sprintf(", %s left out (see limit in [redlines])", source.Count(p.LeftOut, "redline"))
}

func list(w io.Writer, what string, paths []string, n int) {
	if n == 0 {
		return
	}
	fmt.Fprintf(w, "%s:\n", what)
	paths = paths[:min(len(paths), 10)]
	for _, p := range paths {
		fmt.Fprintf(w, "  %s\n", p)
	}
	if n > len(paths) {
		fmt.Fprintf(w, "  and %d more\n", n-len(paths))
	}
}

// A progress line is shown on a terminal once a build takes longer than a
// second.
type progress struct {
	w       io.Writer // nil to print nothing
	started time.Time

	mu   sync.Mutex
	last time.Time
}

func (p *program) newProgress(quiet bool, started time.Time) *progress {
	if quiet || p.json || !isTerminal(p.err) {
		return &progress{}
	}
	return &progress{w: behind(p.err), started: started}
}

// show prints the progress: rendering page 3 of 400.
func (g *progress) show(doing string, done, total int) { g.line("%s %d of %d", doing, done, total) }

// line prints a progress line, if none was printed a moment ago.
func (g *progress) line(format string, args ...any) {
	if g.w == nil || time.Since(g.started) < time.Second {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if time.Since(g.last) >= 100*time.Millisecond {
		g.last = time.Now()
		fmt.Fprintf(g.w, "\r\x1b[K"+format, args...)
	}
}

// each calls do for every i below n on all cores, and shows the progress.
func (g *progress) each(n int, do func(i int)) {
	var done atomic.Int64
	sideBySide(n, func(i int) {
		do(i)
		g.show("reading text", int(done.Add(1)), n)
	})
}

// clear removes the line.
func (g *progress) clear() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.last.IsZero() {
		fmt.Fprint(g.w, "\r\x1b[K")
		g.last = time.Time{}
	}
}
