package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/imports/snapshots"
	"github.com/privgen/privgen/internal/imports/webpage"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

const importSnapshotsHelp = `Usage:
  privgen import snapshots FILES|FOLDER... [flags]

Makes a version of each snapshot of a text: Markdown files and saved pages
with a date in the name (2016-05-12, 20160512123456), in the front matter, or
in a quoted first line with a link to the Wayback Machine. Files whose names
differ only in the date, or that come from one URL, become one policy. Links
to the Wayback Machine are replaced with the original URLs.

Flags:
  --headings        make headings of short lines that are headings except for
                    their markup; the plan lists them
  --select CSS      the element of pages that has the text, if the wrong one
                    is found
  --address URL     the URL of the pages, for links, if they do not have it
  --effective DAY   the date of files without a date
  --date BASIS      snapshot: the day of the snapshot (default); stamp: the
                    date that the text states, if it has one
` + importTargetHelp + `  --group HOW       one version per day, week, stamp or N-hours: the last text
                    of each group
` + importChoiceHelp + importReportHelp + `
Example:
  privgen import snapshots old-policies --out legal --headings
`

// snapshotFlags are the flags of imports from files.
type snapshotFlags struct {
	importFlags
	selector, address, effective, date string
	headings                           bool
	names                              []string
}

func (f *snapshotFlags) add(p *program, c *cobra.Command) {
	f.importFlags.add(p, c)
	c.Flags().StringVar(&f.selector, "select", "", "")
	c.Flags().StringVar(&f.address, "address", "", "")
	c.Flags().StringVar(&f.effective, "effective", "", "")
	c.Flags().StringArrayVar(&f.names, "name", nil, "")
	c.Flags().BoolVar(&f.headings, "headings", false, "")
	c.ValidArgsFunction = completeFiles
}

func (p *program) importSnapshotsCommand() *cobra.Command {
	var f snapshotFlags
	c := &cobra.Command{
		Use:  "snapshots FILES|FOLDER...",
		Args: someFiles("FILES|FOLDER, the snapshots"),
		RunE: func(c *cobra.Command, args []string) error {
			return p.importSnapshots(c.Context(), args, f, false)
		},
	}
	f.add(p, c)
	c.Flags().StringVar(&f.date, "date", "", "")
	setHelp(c, importSnapshotsHelp)
	return c
}

// someFiles requires at least one file.
func someFiles(what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return source.Usage("missing: "+what, "run: "+c.CommandPath()+" --help")
		}
		return nil
	}
}

// search parses the flags that say how snapshots are read.
func (f *snapshotFlags) search() (s snapshots.Search, err error) {
	s = snapshots.Search{Headings: f.headings, Page: webpage.Options{Select: f.selector, Address: f.address},
		Names: map[string]string{}, Check: site.CheckSlug}
	if f.effective != "" {
		if s.When, err = day.Parse(f.effective); err != nil {
			return s, source.Usage(fmt.Sprintf("--effective %s: %v", f.effective, err),
				"write a day: --effective 2026-01-31")

		}
	}
	if err := checkAddress(f.address); err != nil {
		return s, err
	}
	s.Names, err = slugNames(f.names)
	return s, err
}

// checkAddress checks that the flag --address is a URL or empty.
func checkAddress(s string) error {
	if s != "" && !strings.HasPrefix(s, "https://") && !strings.HasPrefix(s, "http://") {
		return source.Usage(fmt.Sprintf("--address %s is not the URL of a page", s),
			"write it with its scheme: --address https://www.example.com/privacy")

	}
	return nil
}

// slugNames parses the flag --name.
func slugNames(flags []string) (map[string]string, error) {
	names := map[string]string{}
	for _, one := range flags {
		file, slug, ok := strings.Cut(one, "=")
		if !ok {
			return nil, source.Usage(fmt.Sprintf("--name %s has no slug", one),
				"write --name legal/datenschutz.md=privacy")

		}
		if problem := site.CheckSlug(slug); problem != nil {
			return nil, source.Usage("--name: "+problem.What, problem.Do)
		}
		names[filepath.ToSlash(file)] = slug
	}
	return names, nil
}

func (p *program) importSnapshots(ctx context.Context, args []string, f snapshotFlags, pages bool) error {
	search, err := f.search()
	if err != nil {
		return err
	}
	search.Pages = pages
	r, o, err := p.startImport(f.importFlags, filepath.Base(filepath.Clean(args[0])))
	if err != nil {
		return err
	}
	defer r.dest.close()
	switch f.date {
	case "", "snapshot":
	case "stamp":
		o.Stated = true
	default:
		return source.Usage(fmt.Sprintf("--date %s: there is no such basis", f.date), "write snapshot or stamp")
	}
	files, unread, err := snapshotFiles(args, pages)
	if err != nil {
		return err
	}
	search.Language, search.Progress = r.dest.lang, r.show
	found, err := snapshots.Find(ctx, files, search)
	r.progress.clear()
	if err != nil {
		return err
	}
	wrong := append(unread, found.Problems...)
	if len(found.Documents) == 0 && len(wrong) > 0 {
		return &problems{wrong, "nothing was written"}
	}
	for name := range search.Names {
		if !found.Named(name) {
			return source.Usage(fmt.Sprintf("--name %s: this file is not imported", name),
				"write its path as in the plan: add --dry-run --verbose")

		}
	}
	if err := r.carryOut(ctx, found.Documents, o, found.Notes); err != nil || len(wrong) == 0 {
		return err
	}
	return &problems{wrong, "these files were left out; the report lists all others"}
}

// snapshotFiles returns the files that the user named, and those in folders that can
// be snapshots. It skips the folders that browsers save with pages.
func snapshotFiles(args []string, pages bool) (out []snapshots.File, unread source.Problems, err error) {
	add := func(file, name string, info fs.FileInfo) {
		read := func() ([]byte, error) { return os.ReadFile(file) }
		out = append(out, snapshots.File{Name: filepath.ToSlash(name), Size: info.Size(), Read: read})
	}
	for _, arg := range args {
		info, err := os.Stat(arg)
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return nil, nil, source.Usage(fmt.Sprintf("there is no file or folder %q", arg),
					"name the files to import, or a folder that holds them")

			}
			return nil, nil, err
		}
		if !info.IsDir() {
			if pages && !snapshots.Accepts(arg, true) {
				return nil, nil, source.Usage(fmt.Sprintf("%s is not an HTML page", arg),
					"for Markdown files run: privgen import snapshots "+arg)

			}
			add(arg, filepath.Clean(arg), info)
			continue
		}
		before := len(out)
		above := filepath.Dir(filepath.Clean(arg))
		if abs, err := filepath.Abs(arg); err == nil && (arg == "." || arg == "..") {
			arg, above = abs, filepath.Dir(abs)
		}
		err = filepath.WalkDir(arg, func(file string, d fs.DirEntry, err error) error {
			if err != nil && file != arg {
				unread = append(unread, source.ReadProblem(filepath.ToSlash(file), err))
				return nil
			}
			if err != nil {
				return err
			}
			beside := d.IsDir() && strings.HasSuffix(d.Name(), "_files")
			if file != arg && (beside || strings.HasPrefix(d.Name(), ".")) {
				if d.IsDir() {
					return fs.SkipDir
				}
				return nil
			}
			if d.Type() == fs.ModeSymlink && snapshots.Accepts(file, pages) {
				unread = append(unread, source.NewProblem(source.In(filepath.ToSlash(file)), "symlink",
					"this is a symlink, and no text of a folder is read through one",
					"put a copy of what it leads to in its place, or name the file itself"))
				return nil
			}
			if !d.Type().IsRegular() || !snapshots.Accepts(file, pages) {
				return nil
			}
			info, err := d.Info()
			if err != nil {
				return err
			}
			name, err := filepath.Rel(above, file)
			if err != nil {
				return err
			}
			add(file, name, info)
			return nil
		})
		if err != nil {
			return nil, nil, err
		}
		if len(out) == before && len(unread) == 0 {
			return nil, nil, source.Usage(fmt.Sprintf("the folder %s has nothing to import", arg),
				"import reads files that end in "+fileEndings(pages))

		}
	}
	slices.SortStableFunc(out, func(a, b snapshots.File) int { return strings.Compare(a.Name, b.Name) })
	return slices.CompactFunc(out, func(a, b snapshots.File) bool { return a.Name == b.Name }), unread, nil
}

func fileEndings(pages bool) string {
	if pages {
		return ".html, .htm or .xhtml"
	}
	return ".md, .markdown, .txt, .html or .htm"
}
