package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/measure"
	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/status"
	"github.com/privgen/privgen/internal/terminal"
)

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
	c := command{Use: "build [DIR...]", run: b.measure, complete: anyFolder, flags: []any{
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
	return errors.Join(b.runAll(ctx, args), end())
}

func (b *building) runAll(ctx context.Context, dirs []string) error {
	if len(dirs) > 1 && (b.out != "" || b.baseURL != "") {
		return source.Usage("--out and --base-url are for one site", "name one folder, or omit them")
	}
	return b.inSites(dirs, b.config, func(p *program, config string) error {
		one := *b
		one.program, one.config = p, config
		if len(dirs) > 1 {
			one.measured = nil // phases run side by side
		}
		return one.run(ctx)
	})
}

func (b *building) run(ctx context.Context) error {
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
			return noted(err, b.note)
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
		return terminal.PrintJSON(b.program.out, r)
	}
	r.Print(b.program.out)
	if state := out.Beside(); state != "" {
		fmt.Fprintf(b.program.out, "the output is on another disk: its state is in %s\n",
			state)
	}
	return nil
}

// write loads the site and writes it to its output folder.
func (b *building) write(ctx context.Context, in site.Input, out *disk.Output, dir, outName string) (*status.Build,
	error) {
	progress := terminal.NewProgress(b.err, b.quiet || b.json, b.started)
	defer progress.Clear()
	in.Each = progress.Reading(sideBySide)
	s, cache, err := loadAgain(withDays(in, b.at), out, dir)
	if err == nil && s.Config.Output.Folder != outName {
		err = fmt.Errorf("read %s: %w", in.Config, policy.ErrChanged)
	}
	if err != nil {
		return nil, noted(err, b.note)
	}
	now, err := moment(b.at, s)
	if err != nil {
		return nil, err
	}
	b.measured.Phase("plan")
	planned := pages.Plan(s, now)
	measure.UseMemory()
	written, list, err := out.Write(ctx, planned, disk.Options{
		Phase:    b.measured.Phase,
		Progress: func(done, total int) { progress.Show("rendering page", done, total) },
		Cache:    cache.Save,
	})
	if len(list) > 0 {
		return nil, &problems{list.OncePerPlace(), b.note}
	}
	if errors.Is(err, policy.ErrChanged) {
		// The next run must not use the cache of this one.
		err = errors.Join(err, out.DropCache())
	}
	if err != nil {
		return nil, failed(nil, err, "")
	}
	r := status.OfBuild(s, now)
	r.Output, r.Seconds = cmp.Or(b.out, path.Join(filepath.ToSlash(dir), outName)), time.Since(b.started).Seconds()
	r.Files, r.Written = written.Total, len(written.Written)
	r.Unchanged, r.Removed = written.Unchanged(), len(written.Removed)
	r.Kept, r.Foreign, r.Foreigners, r.Restored = written.Kept, written.Foreign, written.Foreigners, written.Restored
	return r, nil
}

// loadAgain loads a site with the cache of the last build, and returns the cache for
// the build to save.
func loadAgain(in site.Input, out *disk.Output, dir string) (*site.Site, *site.Cache, error) {
	// A fifth for rendered blocks: a build of 1,000 versions parses nothing twice.
	in.Renderer = markdown.NewRenderer(int(min(measure.UseMemory(), 1<<30) / 5))
	in.Cache, in.Fingerprint = &site.Cache{}, disk.Fingerprints(dir, out.Opened())
	// Without a valid cache, the load takes longer.
	_ = in.Cache.UnmarshalBinary(out.Cache())
	s, err := load(in)
	measure.UseMemory()
	if found := new(problems); errors.As(err, &found) &&
		slices.ContainsFunc(found.list, func(p *source.Problem) bool { return p.Code == "unreadable" }) {
		return nil, nil, errors.Join(err, out.DropCache()) // an unreadable text may differ from the cache
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
