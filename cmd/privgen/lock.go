package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/release"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/terminal"
)

// A locking is one run of lock.
type locking struct {
	*program
	config, reason, against, remove string
	check, upgrade, dryRun, yes     bool

	site *openedSite
}

func lockCommand(p *program) *cobra.Command {
	l := &locking{program: p}
	c := command{Use: "lock [POLICY...]", run: l.run, complete: slugs(&l.config, 1<<30), flags: []any{
		"check", &l.check, "against", &l.against, "upgrade", &l.upgrade, "remove", &l.remove, "reason", &l.reason,
		"dry-run", &l.dryRun, "yes", &l.yes, "config", &l.config, "json", &p.json}}
	return c.cobra()
}

func (l *locking) run(ctx context.Context, names []string) (err error) {
	if l.against != "" && !l.check {
		return source.Usage("--against compares, and records nothing", "add --check")
	}
	if l.site, err = openChecked(l.config, nothingLocked, site.Input{SkipRecord: l.remove != ""}); err != nil {
		return err
	}
	defer l.site.Close()
	for _, slug := range names {
		if l.remove != "" {
			continue // its folder may be gone
		}
		if _, _, err := l.site.PolicyOf([]string{slug}); err != nil {
			return err
		}
	}
	switch {
	case l.upgrade:
		return l.upgradeFile(ctx)
	case l.remove != "":
		return l.removeVersion(ctx, names)
	case l.check:
		return l.checkFile(names)
	}
	return l.record(ctx, names)
}

const nothingLocked = "nothing was written to " + record.File

// checkFile reports texts that are not recorded, and with --against, entries that were
// lost.
func (l *locking) checkFile(names []string) error {
	list := release.Check(l.site.Site, names)
	if l.against != "" {
		lost, err := lostSince(l.site.Site, l.against)
		if err != nil {
			return err
		}
		list = append(list, lost...)
	}
	if l.site.Record() == nil && l.against == "" && len(list) == 0 {
		return nil
	}
	if len(list) > 0 {
		return &problems{list, "they are not protected"}
	}
	protecting := release.Lock{Changed: release.StatusOf(l.site.Site, l.site.now).Changed}
	r := protecting.Report(l.site.Record().Len())
	if l.json {
		return terminal.PrintJSON(l.out, r)
	}
	r.Print(l.out)
	if len(r.Changed) > 0 {
		fmt.Fprintf(l.out, "%s protected; if readers may see these changes, record them: privgen lock\n",
			source.Count(r.Protected, "text"))
	}
	return nil
}

// record records the missing texts, and changed settings that readers see.
func (l *locking) record(ctx context.Context, names []string) error {
	change, list, err := release.Record(l.site.Site, names, l.reason, l.site.today)
	if err := failed(list, err, nothingLocked); err != nil {
		return err
	}
	r := change.Report(l.site.Record().Len())
	if !l.json {
		r.Print(l.out)
	}
	done := ""
	if len(r.Taken)+len(r.Changed) > 0 {
		question := fmt.Sprintf("Record %s?", source.Count(len(r.Taken), "text"))
		if len(r.Taken) == 0 {
			question = "Record this?"
		}
		done = fmt.Sprintf("%s protected; commit it: git add %s", source.Count(change.Protected, "text"), record.File)
		if done, err = l.commit(ctx, question, change, done); err != nil {
			return err
		}
		if !l.dryRun {
			r.Protected, r.Written = change.Protected, true
		}
	}
	if l.json {
		return terminal.PrintJSON(l.out, r)
	}
	if done != "" {
		fmt.Fprintln(l.out, done)
	}
	return nil
}

// commit asks for confirmation and writes a lock file, unless this is a dry run. It
// returns what to print: done if it was written.
func (l *locking) commit(ctx context.Context, question string, change *release.Lock, done string) (string, error) {
	if l.dryRun {
		return wroteNothing, nil
	}
	if err := l.confirm(ctx, question, l.yes); err != nil {
		return "", err
	}
	return done, failed(nil, disk.Commit(l.site.dir, disk.Change{Replace: change.Replace()}), "")
}

// upgradeFile prints the consequences, and writes a lock file of format 1 in format 2.
func (l *locking) upgradeFile(ctx context.Context) error {
	change, err := release.Upgrade(l.site.Site, l.site.today)
	if err != nil {
		return err
	}
	if change == nil {
		fmt.Fprintf(l.out, "%s already has format 2\n", record.File)
		return nil
	}
	old, corrections := l.site.Record(), 0
	for _, e := range old.Entries() {
		corrections += len(e.Corrections)
	}
	fmt.Fprintf(l.out, `%[1]s protected by format 1: every text, date, label and URL is as it was recorded.
From now on these are protected too, as they are today: summaries, changes, material,
images and linked files, sources, aliases. Whether they changed before today cannot be known.
The day on which each text was recorded is not known: format 2 says "%[2]s or before".
Corrections kept with their days, reasons and digests: %[3]d. Their earlier texts were not kept by format 1.
`, source.Count(old.Len(), "text"), l.site.today, corrections)
	if n := len(old.Missing(l.site.Library)); n > 0 {
		fmt.Fprintf(l.out, "%s not in the lock file, and not added to it; add them afterwards with: privgen lock\n",
			source.Count(n, "text"))
	}
	done, err := l.commit(ctx, "Write "+record.File+" in format 2?", change,
		"upgraded; commit it: git add "+record.File)
	if err == nil {
		fmt.Fprintln(l.out, done)
	}
	return err
}

// removeVersion records that a version was removed from the site.
func (l *locking) removeVersion(ctx context.Context, names []string) error {
	if len(names) != 1 {
		return source.Usage("--remove needs the policy of the version",
			"run: privgen lock privacy --remove 2026-01-01 --reason \"...\"")
	}
	change, list, err := release.Remove(l.site.Site, names[0], l.remove, l.reason, l.site.today)
	if err := failed(list, err, nothingLocked); err != nil {
		return err
	}
	for _, e := range change.Removed {
		fmt.Fprintf(l.out, "%v was taken off the site on %s: %s\n", e.Key, l.site.today, l.reason)
	}
	done, err := l.commit(ctx, "Record this?", change,
		fmt.Sprintf("recorded; commit it: git add %s %s", site.Content, record.File))
	if err == nil {
		fmt.Fprintln(l.out, done)
	}
	return err
}
