package main

import (
	"context"
	"slices"

	"github.com/privgen/privgen/internal/imports/naming"
	"github.com/privgen/privgen/internal/imports/snapshots"
	"github.com/privgen/privgen/internal/site"
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
                    their markup; the plan lists them. Extracted texts with
                    regular lines need no flag
  --lines           make no headings of lines
  --select CSS      the element of pages that has the text, if the wrong one
                    is found
  --address URL     the URL of the pages, for links, if they do not have it
  --effective DAY   the date of files without a date
  --as SLUG         all files are versions of this one policy, whatever their
                    names
  --date BASIS      snapshot: the day of the snapshot; stamp: the date that
                    the text states; default: the date from which the text
                    says that it applies, or else the day of the snapshot
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
		flags: []any{"select", &r.choices.Select, "address", &r.choices.Address, "effective", &r.flags.Effective,
			"headings", &r.choices.Headings, "lines", &r.choices.Lines, "date", &r.choices.Date, "as", &r.choices.As}}
}

// snapshots imports files that each have one text, or only web pages.
func (r *importRun) snapshots(ctx context.Context, args []string, pages bool) error {
	o, err := r.start(args[0])
	if err != nil {
		return err
	}
	defer r.dest.close()
	files, unread, err := snapshots.Files(args, pages)
	if err != nil {
		return err
	}
	files = slices.DeleteFunc(files, func(f snapshots.File) bool { return naming.Matches(r.choices.Exclude, f.Name) })
	c := &r.choices
	found, err := snapshots.Find(ctx, files, snapshots.Search{Headings: c.Headings, Lines: c.Lines, Page: r.page(),
		Check: site.CheckSlug, Pages: pages, Progress: r.show, When: c.Effective, Language: r.language(),
		Names: c.Names, As: c.As})
	r.progress.Clear()
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
