package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

const lockHelp = `Usage:
  privgen lock [POLICY...] [flags]

Records versions that were written by hand, or that are older than the lock
file, in privgen.lock: from then on a build refuses to change what readers see
of them: the text, dates, label, summary, images and URL. What would be
recorded is shown first. Drafts are not part of it. What readers see beside
the texts (titles, the end of a policy) is recorded too, and may change: a
change is reported until it is recorded.

Flags:
  --check          record nothing; exit with 1 when a text is not recorded
  --against FILE   also fail when this lock file lacks what an earlier one
                   has; - reads it from standard input
  --upgrade        write a lock file of format 1 in format 2
  --remove VERSION record that a version of POLICY was taken off the site;
                   needs --reason
  --reason TEXT    why a version takes effect sooner than its notice period
  --dry-run        show what would be recorded, and write nothing
  --yes            do not ask
  --config FILE    the config; without it, the nearest privgen.toml
  --json           print it as JSON
  --help           show this

Example:
  privgen lock --check
`

type lockFlags struct {
	config, reason, against, remove string
	check, upgrade, dryRun, yes     bool
}

func (p *program) lockCommand() *cobra.Command {
	var f lockFlags
	c := &cobra.Command{
		Use:  "lock [POLICY...]",
		RunE: func(c *cobra.Command, args []string) error { return p.lock(c.Context(), args, f) },
	}
	c.Flags().BoolVar(&f.check, "check", false, "")
	c.Flags().StringVar(&f.against, "against", "", "")
	c.Flags().BoolVar(&f.upgrade, "upgrade", false, "")
	c.Flags().StringVar(&f.remove, "remove", "", "")
	c.Flags().StringVar(&f.reason, "reason", "", "")
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, "")
	c.Flags().BoolVar(&f.yes, "yes", false, "")
	c.Flags().StringVar(&f.config, "config", "", "")
	c.Flags().BoolVar(&p.json, "json", false, "")
	c.ValidArgsFunction = func(_ *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		return slugs(f.config), cobra.ShellCompDirectiveNoFileComp
	}
	setHelp(c, lockHelp)
	return c
}

// A locking is one run of lock.
type locking struct {
	*program
	lockFlags
	dir   string
	site  *site.Site
	now   time.Time
	today day.Day
}

func (p *program) lock(ctx context.Context, names []string, f lockFlags) error {
	if f.against != "" && !f.check {
		return &usageError{"--against compares, and records nothing", "add --check"}
	}
	files, dir, name, err := openSite(f.config)
	if err != nil {
		return err
	}
	defer files.Close()
	l := &locking{program: p, lockFlags: f, dir: dir}
	l.site, err = load(site.Input{Files: files, Config: name, Unheld: f.remove != "", Each: sideBySide})
	if err != nil {
		return err
	}
	if l.now, err = moment("", l.site); err != nil {
		return err
	}
	l.today = day.Of(l.now, l.site.Config.Zone())
	for _, slug := range names {
		if f.remove != "" {
			continue // its folder may be gone
		}
		if _, _, err := policyOf(l.site, []string{slug}); err != nil {
			return err
		}
	}
	if list, err := checkDays(l.site, ""); err != nil || len(list) > 0 {
		return cmp.Or[error](err, &problems{list, "nothing was written to " + record.File})
	}
	switch {
	case f.upgrade:
		return l.upgradeFile(ctx)
	case f.remove != "":
		return l.removeVersion(ctx, names)
	}
	missing := slices.DeleteFunc(l.site.Record().Missing(l.site.Library), func(t *policy.Text) bool {
		return len(names) > 0 && !slices.Contains(names, t.Version.Policy.Slug)
	})
	if f.check {
		return l.checkFile(missing)
	}
	if err := needFormat2(l.site); err != nil {
		return err
	}
	return l.record(ctx, missing)
}

// checkFile reports what is not recorded, or was lost.
func (l *locking) checkFile(missing []*policy.Text) error {
	list := notRecorded(missing)
	if l.site.Record().Old() {
		list = append(list, source.NewProblem(source.In(record.File), "old-record", "the lock file has format 1, which protects less than format 2",
			"upgrade it: privgen lock --upgrade"))
	}
	if l.against != "" {
		lost, err := lostSince(l.site, l.against)
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
	r := lockReport{Protected: l.site.Record().Len(), Taken: []lockedText{}, Changed: changesOf(l.site)}
	if l.json {
		return printJSON(l.out, r)
	}
	r.print(l.program)
	if len(r.Changed) > 0 {
		fmt.Fprintf(l.out, "%s protected; if readers may see these changes, record them: privgen lock\n", count(r.Protected, "text"))
	}
	return nil
}

// changesOf returns what readers see beside the texts, and differs from what was
// recorded.
func changesOf(s *site.Site) (out []string) {
	for _, c := range s.Record().Changed(s.ByRecord()) {
		out = append(out, c.String())
	}
	return out
}

// record records the texts that are missing, and what is seen beside them.
func (l *locking) record(ctx context.Context, missing []*policy.Text) error {
	list, err := judgeByHand(l.site, missing, l.today, l.reason)
	if err != nil {
		return err
	}
	if len(list) > 0 {
		return &problems{list, "nothing was written to " + record.File}
	}
	r := lockReport{Protected: l.site.Record().Len(), Taken: []lockedText{}, Changed: changesOf(l.site)}
	by := l.site.ByRecord()
	rec := l.site.Record()
	if rec == nil {
		rec = &record.Record{}
	}
	for _, t := range missing {
		e, err := by.EntryOf(t)
		if err != nil {
			return err
		}
		if l.reason != "" && noticeOf(l.site, t, l.today) != nil {
			e.Reason = l.reason
		}
		rec.Add(e, l.today)
		r.Taken = append(r.Taken, lockedText{e.Policy, e.Version, e.Lang, e.Effective.String(), e.Updated.String(), e.Address, fmt.Sprintf("%x", e.Digest)})
	}
	rec.RecordSettings(by, l.today)
	if !l.json {
		r.print(l.program)
	}
	if len(missing)+len(r.Changed) == 0 || l.dryRun {
		if l.json {
			return printJSON(l.out, r)
		}
		if l.dryRun && len(missing)+len(r.Changed) > 0 {
			fmt.Fprintln(l.out, "nothing was written, as --dry-run says")
		}
		return nil
	}
	question := fmt.Sprintf("Take %s into the record?", count(len(missing), "text"))
	if len(missing) == 0 {
		question = "Record this?"
	}
	if err := l.confirm(ctx, question, l.yes); err != nil {
		return err
	}
	if err := disk.Commit(l.dir, disk.Change{Replace: map[string][]byte{record.File: rec.Bytes()}}); err != nil {
		return worldOrProblem(err)
	}
	r.Protected, r.Written = rec.Len(), true
	if l.json {
		return printJSON(l.out, r)
	}
	fmt.Fprintf(l.out, "%s protected; commit it: git add %s\n", count(rec.Len(), "text"), record.File)
	return nil
}

// upgradeFile writes a lock file of format 1 in format 2, and says what that means.
func (l *locking) upgradeFile(ctx context.Context) error {
	old := l.site.Record()
	if !old.Old() {
		if old == nil {
			return &usageError{"there is no " + record.File + " to upgrade", "make one with: privgen lock"}
		}
		fmt.Fprintf(l.out, "%s has format 2 already\n", record.File)
		return nil
	}
	rec, err := old.Upgrade(l.site.ByRecord(), l.today)
	if err != nil {
		return err
	}
	corrections := 0
	for _, e := range old.Entries() {
		corrections += len(e.Corrections)
	}
	fmt.Fprintf(l.out, `%[1]s protected by format 1: every text, date, label and URL is as it was recorded.
From now on these are protected too, as they are today: summaries, changes, material,
images and linked files, sources, aliases. Whether they changed before today cannot be known.
The day on which each text was recorded is not known: format 2 says "%[2]s or before".
Corrections kept with their days, reasons and digests: %[3]d. Their earlier texts were not kept by format 1.
`, count(old.Len(), "text"), l.today, corrections)
	if n := len(old.Missing(l.site.Library)); n > 0 {
		fmt.Fprintf(l.out, "%s not in the lock file, and not added to it; add them afterwards with: privgen lock\n", count(n, "text"))
	}
	if l.dryRun {
		fmt.Fprintln(l.out, "nothing was written, as --dry-run says")
		return nil
	}
	if err := l.confirm(ctx, "Write "+record.File+" in format 2?", l.yes); err != nil {
		return err
	}
	if err := disk.Commit(l.dir, disk.Change{Replace: map[string][]byte{record.File: rec.Bytes()}}); err != nil {
		return worldOrProblem(err)
	}
	fmt.Fprintf(l.out, "upgraded; commit it: git add %s\n", record.File)
	return nil
}

// removeVersion records that a version is not on the site any more.
func (l *locking) removeVersion(ctx context.Context, names []string) error {
	if len(names) != 1 {
		return &usageError{"--remove needs the policy of the version", "run: privgen lock privacy --remove 2026-01-01 --reason \"...\""}
	}
	if err := checkReason(l.reason); err != nil {
		return err
	}
	if err := needFormat2(l.site); err != nil {
		return err
	}
	var gone []*record.Entry
	for _, e := range l.site.Record().Gone(l.site.ByRecord()) {
		if e.Policy == names[0] && e.Version == l.remove {
			gone = append(gone, e)
		}
	}
	if len(gone) == 0 {
		return &usageError{fmt.Sprintf("no text of %s %s was recorded and is gone", names[0], l.remove), "remove its files first; what is still on the site is not removed"}
	}
	for _, e := range gone {
		fmt.Fprintf(l.out, "%v was taken off the site on %s: %s\n", e.Key, l.today, l.reason)
		l.site.Record().Remove(e, l.today, l.reason)
	}
	if l.dryRun {
		fmt.Fprintln(l.out, "nothing was written, as --dry-run says")
		return nil
	}
	if err := l.confirm(ctx, "Record this?", l.yes); err != nil {
		return err
	}
	if err := disk.Commit(l.dir, disk.Change{Replace: map[string][]byte{record.File: l.site.Record().Bytes()}}); err != nil {
		return worldOrProblem(err)
	}
	fmt.Fprintf(l.out, "recorded; commit it: git add %s %s\n", site.Content, record.File)
	return nil
}

// notRecorded are the problems of texts that --check found; a policy's many are
// one.
func notRecorded(missing []*policy.Text) source.Problems {
	var list source.Problems
	perPolicy := map[*policy.Policy]int{}
	for _, t := range missing {
		perPolicy[t.Version.Policy]++
	}
	said := map[*policy.Policy]bool{}
	for _, t := range missing {
		p := t.Version.Policy
		switch n := perPolicy[p]; {
		case n <= 5:
			list = append(list, source.NewProblem(source.In(t.File), "not-recorded",
				fmt.Sprintf("%s %s (%s) is not in the record", p.Slug, t.Version.ID, t.Lang), "take it in: privgen lock "+p.Slug))
		case !said[p]:
			said[p] = true
			list = append(list, source.NewProblem(source.In(p.File), "not-recorded",
				fmt.Sprintf("%d texts of %s are not in the record", n, p.Slug), "take them in: privgen lock "+p.Slug))
		}
	}
	return list
}

// judgeByHand judges versions that were written by hand as release would, where
// the one before is in the record already. Old histories are taken as they are.
func judgeByHand(s *site.Site, missing []*policy.Text, today day.Day, reason string) (source.Problems, error) {
	var list source.Problems
	rec := s.Record()
	for _, t := range missing {
		v := t.Version
		if u := v.Matter.Updated; t == v.Authoritative() && u.Compare(today) > 0 {
			list = append(list, source.NewProblem(s.Library.Place(t, "updated"), "future-stamp",
				fmt.Sprintf("the version says that it was last updated on %s, and today is %s", u, today), "write the day on which the text was changed, or remove the key"))
		}
		i := slices.Index(v.Policy.Versions, v)
		if i == 0 {
			continue
		}
		before := v.Policy.Versions[i-1].In(t.Lang)
		if before == nil || rec.Find(before) == nil {
			continue
		}
		gone, err := goneClauses(s, before, t)
		if err != nil {
			return nil, err
		}
		list = append(list, gone...)
		b, err := s.Library.Body(t)
		if err != nil {
			return nil, err
		}
		list = append(list, unreplaced(b, t.File)...)
		if t == v.Authoritative() && reason == "" {
			if problem := noticeOf(s, t, today); problem != nil {
				list = append(list, problem)
			}
		}
	}
	return list, nil
}

// noticeOf judges the notice of a version that is still to come.
func noticeOf(s *site.Site, t *policy.Text, today day.Day) *source.Problem {
	zone := s.Config.Zone()
	effective := t.Version.Effective().In(zone)
	if effective.Compare(today) < 0 {
		return nil
	}
	announced := today
	if p := t.Version.Matter.Published; !p.IsZero() {
		announced = p.In(zone)
	}
	return shortNotice(s, t.Version.Policy, source.In(t.File), effective, announced)
}

// A lockReport is what lock did, for programs.
type lockReport struct {
	Protected int          `json:"protected"`         // texts in the record
	Taken     []lockedText `json:"taken"`             // those that were, or would be, taken in
	Changed   []string     `json:"changed,omitempty"` // what readers see beside the texts, and is recorded
	Written   bool         `json:"written"`
}

type lockedText struct {
	Policy    string `json:"policy"`
	Version   string `json:"version"`
	Lang      string `json:"lang"`
	Effective string `json:"effective"`
	Updated   string `json:"updated"`
	Address   string `json:"address"`
	SHA256    string `json:"sha256"`
}

// mostLocked is how many texts lock lists for people.
const mostLocked = 40

func (r *lockReport) print(p *program) {
	for _, one := range r.Changed {
		fmt.Fprintf(p.out, "changed since it was recorded: %s\n", one)
	}
	if len(r.Taken) == 0 && len(r.Changed) > 0 {
		return
	}
	if len(r.Taken) == 0 {
		fmt.Fprintf(p.out, "nothing to take in; %s protected\n", count(r.Protected, "text"))
		return
	}
	fmt.Fprintln(p.out, "not in the record yet:")
	for i, t := range r.Taken {
		if i == mostLocked {
			fmt.Fprintf(p.out, "  and %s more\n", count(len(r.Taken)-i, "text"))
			break
		}
		fmt.Fprintf(p.out, "  %s %s (%s)  effective %s, updated %s  %s\n", t.Policy, t.Version, t.Lang, t.Effective, t.Updated, t.SHA256[:12])
	}
}
