package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/imports/history"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/site"
)

const importHelp = `Usage:
  privgen import git REPO [PATHS...]   from the history of a git repository
  privgen import archive REPO          from a collection of recorded terms
  privgen import snapshots FOLDER      from files that each hold a past text
  privgen import html FILE|FOLDER      from saved pages

Brings the history that you already have: each past text becomes a version
with its date. It shows first what it would write, and never changes a file
that is there, so it can be run again when there is more. A version that you
deleted comes back then, unless .importignore in the site's folder names it.

Flags:
  --help    show this, or the help of an import

Example:
  privgen import git ../website --out legal --dry-run
`

func (p *program) importCommand() *cobra.Command {
	c := &cobra.Command{
		Use:  "import",
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return c.Help()
			}
			return &usageError{fmt.Sprintf("there is no import %q", args[0]), "run: privgen import --help"}
		},
	}
	setHelp(c, importHelp)
	c.AddCommand(p.importGitCommand(), p.importArchiveCommand(), p.importSnapshotsCommand(), p.importHTMLCommand())
	return c
}

// importFlags are the flags that all imports have.
type importFlags struct {
	into, config, group, since, until    string
	dryRun, yes, verbose, quiet, keepAll bool
	summaries                            bool
}

func (f *importFlags) add(p *program, c *cobra.Command) {
	c.Flags().StringVar(&f.into, "out", "", "")
	c.Flags().StringVar(&f.config, "config", "", "")
	c.Flags().StringVar(&f.group, "group", "", "")
	c.Flags().StringVar(&f.since, "since", "", "")
	c.Flags().StringVar(&f.until, "until", "", "")
	c.Flags().BoolVar(&f.keepAll, "keep-all", false, "")
	c.Flags().BoolVar(&f.summaries, "summaries", false, "")
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, "")
	c.Flags().BoolVar(&f.yes, "yes", false, "")
	c.Flags().BoolVar(&f.verbose, "verbose", false, "")
	c.Flags().BoolVar(&f.quiet, "quiet", false, "")
	c.Flags().BoolVar(&p.json, "json", false, "")
}

// options reads what the flags say about which states become versions.
func (f *importFlags) options() (o history.Options, err error) {
	o.KeepAll = f.keepAll
	group, ok := history.ParseGrouping(f.group)
	if !ok {
		return o, &usageError{fmt.Sprintf("--group %s: there is no such grouping", f.group), "write day, week, tag, stamp or a number of hours: --group 6-hours"}
	}
	o.Group = group
	for _, one := range []struct {
		flag, said string
		day        *day.Day
	}{{"--since", f.since, &o.Since}, {"--until", f.until, &o.Until}} {
		if one.said == "" {
			continue
		}
		if *one.day, err = day.Parse(one.said); err != nil {
			return o, &usageError{fmt.Sprintf("%s %s: %v", one.flag, one.said, err), "write a day: " + one.flag + " 2024-01-31"}
		}
	}
	if !o.Since.IsZero() && !o.Until.IsZero() && o.Until.Compare(o.Since) < 0 {
		return o, &usageError{fmt.Sprintf("--until %s is before --since %s", f.until, f.since), "exchange the two days"}
	}
	o.Now, err = present()
	return o, err
}

// A destination is the site that is imported into: one that is there, or one
// that the import starts.
type destination struct {
	dir    string
	config string     // the config's name in dir
	files  *disk.Site // nil: there is no such folder yet
	fresh  bool       // there is no config yet; the import writes one
	lang   string     // of the site; empty: as the texts are
	rules  markdown.Rules
	ignore []string // patterns of version files that are not wanted
}

func (d *destination) close() {
	if d.files != nil {
		d.files.Close()
	}
}

// site gives what a plan has to know of the destination.
func (d *destination) site() history.Site {
	s := history.Site{Content: site.Content, Language: d.lang, Rules: d.rules, Ignored: d.ignored}
	if d.files != nil {
		s.Files = d.files
	}
	return s
}

// destination finds the site that is imported into.
func (f *importFlags) destination() (*destination, error) {
	if f.into != "" && f.config != "" {
		return nil, &usageError{"--out and --config both say where the site is", "leave one of them away"}
	}
	d := &destination{dir: f.into, config: site.ConfigFile}
	if f.into == "" {
		var err error
		if d.dir, d.config, err = findSite(f.config); err != nil {
			if f.config == "" {
				return nil, &usageError{"there is no privgen.toml here or above", "name the folder of a site to bring the history into, or to start: --out DIR"}
			}
			return nil, err
		}
	}
	info, err := os.Stat(d.dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.fresh = true
		return d, nil
	case err != nil:
		return nil, err
	case !info.IsDir():
		return nil, &usageError{fmt.Sprintf("--out %s is a file", f.into), "name a folder"}
	}
	if d.files, err = disk.OpenSite(d.dir); err != nil {
		return nil, worldOrProblem(err)
	}
	if err := d.readIgnore(); err != nil {
		d.close()
		return nil, err
	}
	if _, err := fs.Stat(d.files, d.config); errors.Is(err, fs.ErrNotExist) {
		d.fresh = true
		return d, nil
	}
	c, list := site.ReadConfig(d.files, d.config)
	if list != nil {
		d.close()
		return nil, &problems{list, "nothing was written"}
	}
	d.lang = c.Site.Language
	d.rules = markdown.Rules{HTML: c.Markdown.HTML, DeadLinks: c.Markdown.DeadLinks, Images: c.Markdown.Images}
	return d, nil
}

// An intakeRun is one import, from documents to files.
type intakeRun struct {
	*program
	importFlags
	from     string // what is imported, for people
	dest     *destination
	progress *progress
	started  time.Time
	commits  int

	doing string    // what the progress line tells
	since time.Time // and since when it is done
}

// show says how far it is, and how long it will take.
func (r *intakeRun) show(doing string, done, total int) {
	if doing != r.doing {
		r.doing, r.since = doing, time.Now()
	}
	words := doing
	if took := time.Since(r.since); took > 2*time.Second && done > 0 {
		words = fmt.Sprintf("%v left, %s", (took * time.Duration(total-done) / time.Duration(done)).Round(time.Second), doing)
	}
	r.progress.show(words, done, total)
}

func (p *program) startImport(f importFlags, from string) (*intakeRun, history.Options, error) {
	o, err := f.options()
	if err != nil {
		return nil, o, err
	}
	dest, err := f.destination()
	if err != nil {
		return nil, o, err
	}
	r := &intakeRun{program: p, importFlags: f, from: from, dest: dest, started: time.Now()}
	r.progress = p.progress(f.quiet, r.started)
	return r, o, nil
}

// carryOut chooses versions among the states of documents, shows the plan, and
// writes it. Notes are what the reader of the source has to say.
func (r *intakeRun) carryOut(ctx context.Context, docs []*history.Document, o history.Options, notes []string) error {
	target := r.dest.site()
	if r.dest.fresh {
		target.Rules = allRules
	}
	o.Progress = func(done, total int) { r.show("reading text", done, total) }
	plan, err := history.NewPlan(ctx, docs, target, o)
	r.progress.clear()
	if err != nil {
		return refusal(worldOrProblem(err))
	}
	r.dest.lang = plan.Language
	plan.Notes = append(notes, plan.Notes...)
	v := newImportView(r, plan)
	if !r.json && !r.quiet {
		v.print(r.out, r.verbose)
	}
	if r.dryRun {
		return r.done(v, "nothing was written: this was --dry-run")
	}
	if v.New == 0 {
		return r.done(v, "there is nothing new to write")
	}
	if ok, err := r.agreed(ctx, v); err != nil || !ok {
		return err
	}
	if err := r.write(ctx, plan, v); err != nil {
		return err
	}
	problem := r.check(v)
	if err := r.done(v, ""); err != nil {
		return err
	}
	return problem
}

// allRules are those that the config of a site says which an import starts; a
// policy has not to say them again.
var allRules = markdown.Rules{HTML: "sanitize", DeadLinks: "keep", Images: "link"}

// refusal words the errors of an import as the program's.
func refusal(err error) error {
	var r *history.Refusal
	if errors.As(err, &r) {
		return &usageError{r.What, r.Do}
	}
	return err
}

// ask asks a person whether to go on. Where nobody sits, there is nobody to
// ask, and nothing that is there is changed anyway.
func (r *intakeRun) agreed(ctx context.Context, v *importView) (bool, error) {
	if r.yes || r.json || r.quiet || !isTerminal(r.out) {
		return true, nil
	}
	if info, err := os.Stdin.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return true, nil
	}
	agreed, err := r.program.ask(ctx, fmt.Sprintf("write %s to %s?", count(v.New, "file"), r.dest.dir))
	switch {
	case err != nil:
		return false, &stopped{"stopped; nothing was written"}
	case agreed:
		return true, nil
	}
	fmt.Fprintln(r.out, "nothing was written")
	return false, nil
}

// stopped is the error of a run that was interrupted, with its own words.
type stopped struct{ words string }

func (s *stopped) Error() string { return s.words }

// write carries a plan out.
func (r *intakeRun) write(ctx context.Context, plan *history.Plan, v *importView) error {
	var files []planned
	if r.dest.fresh {
		for _, f := range r.startFiles(plan) {
			if r.dest.files != nil {
				if _, err := fs.Stat(r.dest.files, f.name); err == nil && f.name != site.ConfigFile {
					continue
				}
			}
			files = append(files, f)
		}
	}
	first := len(files)
	for _, p := range plan.Policies {
		if p.Settings != nil {
			files = append(files, planned{name: path.Join(site.Content, p.Slug, "policy.toml"), bytes: p.Settings})
			first = len(files)
		}
	}
	for _, p := range plan.Policies {
		for _, one := range p.Versions {
			if one.Status == history.New {
				files = append(files, planned{name: one.File, version: one})
			}
		}
	}
	summaries := newSummaries(r.dest.lang, r.summaries)
	written := 0
	tick := make(chan struct{}, 64)
	shown := make(chan struct{})
	go func() {
		defer close(shown)
		for range tick {
			written++
			r.show("writing file", written, len(files))
		}
	}()
	err := disk.Add(ctx, r.dest.dir, first, len(files), func(i int) (string, []byte, error) {
		b, err := files[i].content(summaries)
		return files[i].name, b, err
	}, func() { tick <- struct{}{} })
	close(tick)
	<-shown
	r.progress.clear()
	if err == nil {
		return nil
	}
	again := fmt.Sprintf("%d of %s written, each of them whole; run the same command again to write the rest", written, count(len(files), "file"))
	if problem := disk.Explain(err); problem != nil {
		return one(problem, again)
	}
	if errors.Is(err, context.Canceled) {
		return &stopped{"stopped; " + again}
	}
	return fmt.Errorf("%w\n\t%s", err, again)
}

// A planned file is written with bytes, or with the text of a version.
type planned struct {
	name    string
	bytes   []byte
	version *history.Version
}

func (f *planned) content(s *summaries) ([]byte, error) {
	if f.version == nil {
		return f.bytes, nil
	}
	text, err := f.version.Bytes()
	if err != nil {
		return nil, err
	}
	summary, err := s.of(f.version, text)
	if err != nil {
		return nil, err
	}
	return append(f.version.FrontMatter(summary), text...), nil
}

// startFiles are those of a new site beside its policies.
func (r *intakeRun) startFiles(plan *history.Plan) []planned {
	host := strings.TrimSuffix(r.from, filepath.Ext(r.from))
	var b strings.Builder
	fmt.Fprintf(&b, importConfig, "Policies: "+host, r.dest.lang, host)
	b.WriteString(plan.Table())
	return []planned{
		{name: "privgen.schema.json", bytes: config.Schema()},
		{name: ".gitignore", bytes: []byte(ignore)},
		{name: site.ConfigFile, bytes: []byte(b.String())},
	}
}

const importConfig = `#:schema ./privgen.schema.json

[site]
title = %q
base_url = "https://legal.example.com/"   # where the site will stand, with a path if it has one
language = %q                            # with a region where dates differ: en-GB
time_zone = "UTC"                         # in which days begin: Europe/London

[organization]
name = %q

[theme]
name = "plain"
`

// done prints the report and what to do next.
func (r *intakeRun) done(v *importView, why string) error {
	v.Seconds, v.Written = time.Since(r.started).Seconds(), why == ""
	if r.json {
		return printJSON(r.out, v)
	}
	if r.quiet {
		return nil
	}
	if why != "" {
		fmt.Fprintln(r.out, why)
		if r.dryRun || v.Versions == 0 {
			return nil
		}
	} else {
		fmt.Fprintf(r.out, "wrote %s to %s (%.1f s)%s\n", v.what(), r.dest.dir, v.Seconds, map[bool]string{true: "; the site builds"}[v.Builds])
	}
	if r.dest.fresh {
		fmt.Fprintf(r.out, "say who you are and where the site will stand, in %s\n", filepath.Join(r.dest.dir, site.ConfigFile))
	}
	cd := ""
	if abs, err := filepath.Abs(r.dest.dir); err == nil {
		if here, err := os.Getwd(); err == nil && abs != here {
			cd = "cd " + r.dest.dir + " && "
		}
	}
	if v.Written && !v.Builds {
		fmt.Fprintf(r.out, "the site does not build yet; mend what is said below, and then run: %sprivgen build\n", cd)
		return nil
	}
	fmt.Fprintf(r.out, "next: %sprivgen build\n", cd)
	return nil
}
