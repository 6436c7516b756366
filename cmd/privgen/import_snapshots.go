package main

import (
	"context"
	"slices"

	"github.com/privgen/privgen/internal/imports/naming"
	"github.com/privgen/privgen/internal/imports/snapshots"
	"github.com/privgen/privgen/internal/site"
)

func importSnapshots(r *importRun) command {
	return command{Use: "snapshots FILES|FOLDER...",
		args: atLeastOne("FILES|FOLDER, the snapshots"),
		run:  func(ctx context.Context, args []string) error { return r.snapshots(ctx, args, false) },
		flags: []any{"select", &r.choices.Select, "address", &r.choices.Address, "effective", &r.flags.Effective,
			"headings", &r.choices.Headings, "lines", &r.choices.Lines, "date", &r.choices.Date, "as", &r.choices.As}}
}

func importHTML(r *importRun) command {
	return command{Use: "html FILES|FOLDER...", args: atLeastOne("FILES|FOLDER, the saved pages"),
		run: func(ctx context.Context, args []string) error { return r.snapshots(ctx, args, true) },
		flags: []any{"select", &r.choices.Select, "address", &r.choices.Address, "effective", &r.flags.Effective,
			"headings", &r.choices.Headings}}
}

// snapshots imports files that each have one text, or only web pages.
func (r *importRun) snapshots(ctx context.Context, args []string, pages bool) error {
	o, err := r.start(args[0])
	if err != nil {
		return err
	}
	defer r.dest.close()
	files, notes, unread, err := snapshots.Files(args, pages)
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
	if err := r.carryOut(ctx, found.Documents, o, append(found.Notes, notes...)); err != nil || len(wrong) == 0 {
		return err
	}
	return &problems{wrong, "look at these files; the report lists all texts that were imported"}
}
