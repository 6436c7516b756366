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

	"github.com/privgen/privgen/internal/imports/snapshots"
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

func importSnapshots(r *importRun) command {
	return command{Use: "snapshots FILES|FOLDER...", help: importSnapshotsHelp,
		args: atLeastOne("FILES|FOLDER, the snapshots"),
		run:  func(ctx context.Context, args []string) error { return r.snapshots(ctx, args, false) },
		flags: []any{"select", &r.selector, "address", &r.address, "effective", &r.effective, "headings", &r.headings,
			"date", &r.date}}
}

// snapshots imports files that each have one text, or only web pages.
func (r *importRun) snapshots(ctx context.Context, args []string, pages bool) error {
	search := snapshots.Search{Headings: r.headings, Page: r.page(), Check: site.CheckSlug, Pages: pages,
		Progress: r.show}
	var err error
	if r.effective != "" {
		if search.When, err = dayFlag("--effective", r.effective); err != nil {
			return err
		}
	}
	o, err := r.start(filepath.Base(filepath.Clean(args[0])))
	if err != nil {
		return err
	}
	defer r.dest.close()
	files, unread, err := snapshotFiles(args, pages)
	if err != nil {
		return err
	}
	search.Language, search.Names = r.dest.lang, r.slugs
	found, err := snapshots.Find(ctx, files, search)
	r.progress.clear()
	if err != nil {
		return err
	}
	wrong := append(unread, found.Problems...)
	if len(found.Documents) == 0 && len(wrong) > 0 {
		return &problems{wrong, "nothing was written"}
	}
	if err := r.checkNames(found.Named, "add"); err != nil {
		return err
	}
	if err := r.carryOut(ctx, found.Documents, o, found.Notes); err != nil || len(wrong) == 0 {
		return err
	}
	return &problems{wrong, "look at these files; the report lists all texts that were imported"}
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
