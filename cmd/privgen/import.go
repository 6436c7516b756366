package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/imports/choices"
	"github.com/privgen/privgen/internal/imports/history"
	"github.com/privgen/privgen/internal/imports/naming"
	"github.com/privgen/privgen/internal/imports/report"
	"github.com/privgen/privgen/internal/imports/webpage"
	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/starter"
	"github.com/privgen/privgen/internal/terminal"
)

func importCommand(p *program) *cobra.Command {
	c := parent("import", "import")
	for _, create := range []func(r *importRun) command{importGit, importArchive, importSnapshots, importHTML} {
		r := &importRun{program: p}
		one := create(r)
		one.complete = anyFile
		r.kind, _, _ = strings.Cut(one.Use, " ")
		to, f := &r.choices, &r.flags
		one.flags = append(one.flags, "out", &r.into, "config", &r.config, "group", &to.Group,
			"since", &f.Since, "until", &f.Until, "keep-all", &to.KeepAll, "name", &f.Names,
			"exclude", &to.Exclude, "language", &to.Language, "summaries", &to.Summaries, "save", &r.save,
			"dry-run", &r.dryRun, "yes", &r.yes, "verbose", &r.verbose, "quiet", &r.quiet, "json", &p.json)
		sub := one.cobra()
		// These fail only for a flag that does not exist.
		_ = sub.RegisterFlagCompletionFunc("date", oneOf(choices.Bases[r.kind]...))
		_ = sub.RegisterFlagCompletionFunc("group", oneOf("day", "week", "tag", "stamp", "24-hours"))
		c.AddCommand(sub)
	}
	return c
}

// An importRun is one import, from documents to files.
type importRun struct {
	*program
	choices choices.Choices
	flags   choices.Flags

	into, config                      string
	dryRun, yes, verbose, quiet, save bool

	kind     string // git, archive, snapshots, or html
	from     string // the name of the source, for people and for import.toml
	given    bool   // there are choices that import.toml does not have
	kept     []byte // import.toml with all choices
	notes    []history.Note
	dest     *destination
	progress *terminal.Progress
	started  time.Time
	commits  int

	doing string    // the activity in the progress line
	begun time.Time // when it started
}

// options returns the choices about versions.
func (r *importRun) options() (o history.Options, err error) {
	o.Group, _ = history.ParseGrouping(r.choices.Group) // already checked
	o.KeepAll, o.Since, o.Until = r.choices.KeepAll, r.choices.Since, r.choices.Until
	o.Stated, o.Made = r.choices.Date == "stamp", r.choices.Date != "" && r.choices.Date != "stamp"
	o.Now, err = present()
	return o, err
}

// A destination is the site to write to: an existing one, or a new one.
type destination struct {
	dir    string
	config string     // the name of the config in dir
	files  *disk.Site // nil: the folder does not exist yet
	fresh  bool       // there is no config yet; the import writes one
	lang   string     // of the site; empty: the language of most texts
	rules  markdown.Rules
	file   *choices.File
}

func (d *destination) close() {
	if d.files != nil {
		d.files.Close()
	}
}

// has reports whether the site has a file.
func (d *destination) has(name string) bool {
	if d.files == nil {
		return false
	}
	_, err := fs.Stat(d.files, name)
	return err == nil
}

// site returns the destination for a plan.
func (d *destination) site() history.Site {
	s := history.Site{Content: site.Content, Language: d.lang, Rules: d.rules,
		Ignored: func(file string) bool { return naming.Matches(d.file.Exclude, file) }}
	if d.files != nil {
		s.Files = d.files
	}
	return s
}

// destination opens the site to write to.
func (f *importRun) destination() (*destination, error) {
	if f.into != "" && f.config != "" {
		return nil, source.Usage("--out and --config both name the site", "omit one of them")
	}
	d := &destination{dir: f.into, config: site.ConfigFile, file: &choices.File{}}
	if err := writable(f.into); err != nil {
		return nil, err
	}
	if f.into == "" {
		var err error
		if d.dir, d.config, err = findSite(f.config); err != nil {
			if f.config == "" {
				return nil, source.Usage("there is no privgen.toml in this folder or above",
					"name the folder of a site to write to or to start: --out DIR")
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
		return nil, source.Usage(fmt.Sprintf("--out %s is a file", f.into), "name a folder")
	}
	if d.files, err = disk.OpenSite(d.dir); err != nil {
		return nil, failed(nil, err, "")
	}
	if err := d.readChoices(); err != nil {
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

// show prints the progress and, after two seconds, the time left.
func (r *importRun) show(doing string, done, total int) {
	if doing != r.doing {
		r.doing, r.begun = doing, time.Now()
	}
	words := doing
	if took := time.Since(r.begun); took > 2*time.Second && done > 0 {
		left := took * time.Duration(total-done) / time.Duration(done)
		words = fmt.Sprintf("%v left, %s", left.Round(time.Second), doing)
	}
	r.progress.Show(words, done, total)
}

// start parses the flags, opens the site to write to, and adds the choices of its
// import.toml for the source. The caller closes the site.
func (r *importRun) start(from string) (o history.Options, err error) {
	r.started = time.Now()
	abs, err := filepath.Abs(from)
	if err != nil {
		return o, err
	}
	r.from = filepath.Base(abs)
	name := strings.TrimSuffix(strings.TrimSuffix(r.from, ".git"), ".bundle")
	if err := r.flags.Parse(&r.choices); err != nil {
		return o, err
	}
	if path, what, do := r.choices.Check(r.kind, site.CheckSlug); path != nil {
		return o, source.Usage("--"+strings.TrimSuffix(path[0], "s")+": "+what, do)
	}
	r.progress = terminal.NewProgress(r.err, r.quiet || r.json, r.started)
	if r.dest, err = r.destination(); err != nil {
		return o, err
	}
	base, others := r.dest.file.Of(r.kind, name)
	if is := base.Describe(); is != "" {
		r.notes = append(r.notes, history.Note{Text: fmt.Sprintf("from %s: %s", choices.Name, is)})
	} else if len(others) > 0 {
		r.notes = append(r.notes, history.Note{Decide: true, Text: fmt.Sprintf(
			"%s has no choices for %s %s; it has some for %s", choices.Name, r.kind, name, strings.Join(others, ", "))})
	}
	r.choices = r.choices.Over(base)
	var problem *source.Problem
	r.kept, r.given, problem = r.dest.file.With(r.kind, name, r.choices)
	if problem != nil && r.save {
		err = &problems{source.Problems{problem}, "nothing was written"}
	}
	if r.dest.fresh {
		r.dest.lang = r.choices.Language
	}
	if err == nil {
		o, err = r.options()
	}
	if err != nil {
		r.dest.close()
	}
	return o, err
}

// language returns the language of the original texts, or "" if it is unknown.
func (r *importRun) language() string { return cmp.Or(r.choices.Language, r.dest.lang) }

// page returns the options for reading web pages.
func (r *importRun) page() webpage.Options {
	return webpage.Options{Select: r.choices.Select, Address: r.choices.Address}
}

// checkNames checks that each file in a --name flag is imported.
func (r *importRun) checkNames(named func(file string) bool, again string) error {
	for name := range r.choices.Names {
		if !named(name) {
			return source.Usage(fmt.Sprintf("--name %s: this file is not imported", name),
				"write its path as in the plan: "+again+" --dry-run --verbose")
		}
	}
	return nil
}

// carryOut plans the versions of documents, prints the plan, and writes its files. Notes
// come from the reader of the source.
func (r *importRun) carryOut(ctx context.Context, docs []*history.Document, o history.Options,
	notes []history.Note) error {
	for _, d := range docs {
		d.Language = cmp.Or(d.Language, r.choices.Language)
	}
	target := r.dest.site()
	if r.dest.fresh {
		target.Rules = allRules
	}
	o.Progress = func(done, total int) { r.show("reading text", done, total) }
	plan, err := history.NewPlan(ctx, docs, target, o)
	r.progress.Clear()
	if err != nil {
		return failed(nil, err, "")
	}
	r.dest.lang = plan.Language
	for _, f := range r.stopgaps(plan) {
		notes = append(notes, history.Note{Decide: true, Text: "privgen has no words in the language of " + f.name +
			"; what is around these texts is in the site's language until you translate that file"})
	}
	plan.Notes = slices.Concat(r.notes, notes, plan.Notes)
	v := report.New(plan, r.from, r.commits, r.dest.dir, r.dest.fresh)
	if !r.json && !r.quiet {
		v.Print(r.out, r.verbose)
	}
	var lost error
	if len(plan.Problems) > 0 {
		lost = &problems{plan.Problems, "the site does not have all texts of the source as they are"}
	}
	if r.dryRun {
		return cmp.Or(r.done(v, wroteNothing), lost)
	}
	if v.New == 0 {
		return cmp.Or(r.saveChoices(), r.done(v, "there is nothing new to write"), lost)
	}
	if ok, err := r.agreed(ctx, v); err != nil || !ok {
		return err
	}
	if err := r.write(ctx, plan); err != nil {
		return err
	}
	if err := r.saveChoices(); err != nil {
		return err
	}
	problem := r.check(v)
	return cmp.Or(r.done(v, ""), problem, lost)
}

// allRules are the Markdown rules in the config of a new site, so its policies need not
// set them.
var allRules = markdown.Rules{HTML: "sanitize", DeadLinks: "keep", Images: "link"}

// agreed asks for confirmation if the program runs on a terminal. Otherwise it
// returns true: an import changes no existing file.
func (r *importRun) agreed(ctx context.Context, v *report.Report) (bool, error) {
	if r.yes || r.json || r.quiet || !terminal.IsTerminal(r.out) {
		return true, nil
	}
	if info, err := os.Stdin.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return true, nil
	}
	agreed, err := terminal.Ask(ctx, r.err, fmt.Sprintf("write %s to %s?", source.Count(v.New, "file"), r.dest.dir))
	switch {
	case err != nil:
		return false, errors.New("stopped; nothing was written")
	case agreed:
		return true, nil
	}
	fmt.Fprintln(r.out, "nothing was written")
	return false, nil
}

// write writes the files of a plan.
func (r *importRun) write(ctx context.Context, plan *history.Plan) error {
	var files []planned
	if r.dest.fresh {
		for _, f := range r.startFiles(plan) {
			if f.name == site.ConfigFile || !r.dest.has(f.name) {
				files = append(files, f)
			}
		}
	}
	files = append(files, r.stopgaps(plan)...)
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
	summaries := pages.NewSummarizer(allRules)
	var mu sync.Mutex
	written := 0
	err := disk.Add(ctx, r.dest.dir, first, len(files), func(i int) (string, []byte, error) {
		b, err := r.content(&files[i], summaries)
		return files[i].name, b, err
	}, func() {
		mu.Lock()
		defer mu.Unlock()
		written++
		r.show("writing file", written, len(files))
	})
	r.progress.Clear()
	if err == nil {
		return nil
	}
	again := fmt.Sprintf("%d of %s written, each of them complete; run the same command again to write the rest",
		written, source.Count(len(files), "file"))
	if problem := disk.Explain(err); problem != nil {
		return one(problem, again)
	}
	if errors.Is(err, context.Canceled) {
		return errors.New("stopped; " + again)
	}
	return source.Fix(err, again)
}

// A planned file has bytes, or the text of a version.
type planned struct {
	name    string
	bytes   []byte
	version *history.Version
}

// content returns the bytes of a planned file.
func (r *importRun) content(f *planned, summaries *pages.Summarizer) ([]byte, error) {
	v := f.version
	if v == nil {
		return f.bytes, nil
	}
	text, err := v.Bytes()
	summary := ""
	if err == nil && r.choices.Summaries && v.Before != nil {
		var before []byte
		if before, err = v.Before.Bytes(); err == nil {
			summary = summaries.Summary(before, text, cmp.Or(v.Lang, v.Detected, r.dest.lang))
		}
	}
	if err != nil {
		return nil, err
	}
	return append(v.FrontMatter(summary), text...), nil
}

// stopgaps returns a file of words for each language that privgen has no words for.
// Without it, one text in such a language would stop every build.
func (r *importRun) stopgaps(plan *history.Plan) (list []planned) {
	var languages []string
	for _, p := range plan.Policies {
		languages = append(append(languages, p.Language), slices.Sorted(maps.Keys(p.Titles))...)
		for _, v := range p.Versions {
			languages = append(languages, v.Lang)
		}
	}
	seen := map[string]bool{"": true}
	for _, language := range languages {
		name := "templates/words/" + language + ".toml"
		if seen[language] || r.dest.has(name) {
			continue
		}
		seen[language] = true
		if b := locale.Stopgap(language, r.dest.lang); b != nil {
			list = append(list, planned{name: name, bytes: b})
		}
	}
	return list
}

// startFiles returns the files of a new site, apart from its policies.
func (r *importRun) startFiles(plan *history.Plan) []planned {
	host := strings.TrimSuffix(r.from, filepath.Ext(r.from))
	owner := starter.Site{Title: "Policies: " + host, Organization: host}
	return []planned{
		{name: "privgen.schema.json", bytes: schema()},
		{name: ".gitignore", bytes: []byte(starter.Ignored)},
		{name: site.ConfigFile, bytes: append(owner.Config(r.dest.lang, ""), plan.Table()...)},
	}
}

// done prints the report and the next step. If nothing was written, why is the reason.
func (r *importRun) done(v *report.Report, why string) error {
	v.Seconds, v.Written = time.Since(r.started).Seconds(), why == ""
	if r.json {
		return terminal.PrintJSON(r.out, v)
	}
	if r.quiet {
		return nil
	}
	if r.given {
		say := "to keep these choices for the next import, add --save"
		if r.save {
			say = fmt.Sprintf("these choices %s kept in %s",
				map[bool]string{true: "would be", false: "are"}[r.dryRun], choices.Name)
		}
		fmt.Fprintln(r.out, say)
	}
	if why != "" {
		fmt.Fprintln(r.out, why)
		if r.dryRun || v.Versions == 0 {
			return nil
		}
	} else {
		builds := map[bool]string{true: "; the site builds"}[v.Builds]
		fmt.Fprintf(r.out, "wrote %s to %s (%.1f s)%s\n", v.Wrote(), r.dest.dir, v.Seconds, builds)
	}
	if r.dest.fresh {
		fmt.Fprintf(r.out, "write your name and the site's URL into %s\n", filepath.Join(r.dest.dir, site.ConfigFile))
	}
	cd := ""
	if abs, err := filepath.Abs(r.dest.dir); err == nil {
		if here, err := os.Getwd(); err == nil && abs != here {
			cd = "cd " + r.dest.dir + " && "
		}
	}
	if v.Written && !v.Builds {
		fmt.Fprintf(r.out, "the site does not build yet; fix the problems below, and then run: %sprivgen build\n", cd)
		return nil
	}
	fmt.Fprintf(r.out, "next: %sprivgen build\n", cd)
	return nil
}
