package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/imports/git"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

const correctHelp = `Usage:
  privgen correct POLICY VERSION --reason TEXT [flags]

Records an editorial correction of a version that was released: a typo, a dead
link, a day that was typed wrong. First correct the version's file, then run
this. The version's page, the archive and the feeds show when it was corrected
and why, for good. The earlier text is kept beside the version, published, and
compared with the corrected one. The day is the day of the build: today,
unless SOURCE_DATE_EPOCH or the config's day says otherwise.

What changes its readers' rights or duties is no correction: write it into a
draft and release it. A correction may change 5 words, or one in 50 in a text
of more than 250 words, and never more than 100, all corrections of the
version together.

Flags:
  --reason TEXT    why, in a sentence for the version's readers
  --earlier FILE   the text as it was, where neither the output folder nor git
                   has it
  --lang TAG       correct the text in this language only
  --dry-run        show what would be recorded, and write nothing
  --yes            do not ask
  --config FILE    the config; without it, the nearest privgen.toml
  --json           print it as JSON
  --help           show this

Example:
  privgen correct privacy 2026-04-01 --reason "A digit was wrong." --dry-run
`

type correctFlags struct {
	config, reason, earlier, lang string
	dryRun, yes                   bool
}

func (p *program) correctCommand() *cobra.Command {
	var f correctFlags
	c := &cobra.Command{
		Use:  "correct POLICY VERSION",
		Args: arguments("POLICY", "VERSION"),
		RunE: func(c *cobra.Command, args []string) error { return p.correct(c.Context(), args[0], args[1], f) },
	}
	c.Flags().StringVar(&f.reason, "reason", "", "")
	c.Flags().StringVar(&f.earlier, "earlier", "", "")
	c.Flags().StringVar(&f.lang, "lang", "", "")
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, "")
	c.Flags().BoolVar(&f.yes, "yes", false, "")
	c.Flags().StringVar(&f.config, "config", "", "")
	c.Flags().BoolVar(&p.json, "json", false, "")
	c.ValidArgsFunction = func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return slugs(f.config), cobra.ShellCompDirectiveNoFileComp
	}
	setHelp(c, correctHelp)
	return c
}

// checkReason refuses a reason that says nothing.
func checkReason(reason string) error {
	letters := map[rune]bool{}
	n := 0
	for _, r := range strings.ToLower(reason) {
		if unicode.IsLetter(r) {
			letters[r] = true
			n++
		}
	}
	if n >= 4 && len(letters) >= 3 || n >= 2 && unicode.In(slices.Collect(maps.Keys(letters))[0], unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana) {
		return nil
	}
	what := fmt.Sprintf("the reason %q says nothing", reason)
	if strings.TrimSpace(reason) == "" {
		what = "nothing says why"
	}
	return &usageError{what, "say it to the readers: --reason \"The telephone number had two digits swapped.\""}
}

// A correcting is one run of correct.
type correcting struct {
	correctFlags
	dir   string
	site  *site.Site
	today day.Day
	files map[string][]byte // the earlier texts, by the files that keep them
}

func (p *program) correct(ctx context.Context, slug, id string, f correctFlags) error {
	if err := checkReason(f.reason); err != nil {
		return err
	}
	files, dir, name, err := openSite(f.config)
	if err != nil {
		return err
	}
	defer files.Close()
	s, err := load(site.Input{Files: files, Config: name, Unheld: true, Each: sideBySide})
	if err != nil {
		return err
	}
	list, err := checkDays(s, "")
	if err == nil && len(list) > 0 {
		err = &problems{list, "nothing was recorded"}
	}
	if err != nil {
		return err
	}
	if err := needFormat2(s); err != nil {
		return err
	}
	now, err := moment("", s)
	if err != nil {
		return err
	}
	c := &correcting{correctFlags: f, dir: dir, site: s, today: day.Of(now, s.Config.Zone()), files: map[string][]byte{}}
	texts, err := released(s, slug, id, f.lang)
	if err != nil {
		return err
	}
	var found []correctedText
	for _, t := range texts {
		one, changed, err := c.text(ctx, t)
		if err != nil {
			return err
		}
		if changed {
			found = append(found, one)
		}
	}
	if len(found) == 0 {
		return &usageError{fmt.Sprintf("%s %s is as it was released, so there is nothing to correct", slug, id), "correct its file first: " + texts[0].File}
	}
	return p.recordCorrections(ctx, c, found)
}

// text corrects one text, if it is not as it was released.
func (c *correcting) text(ctx context.Context, t *policy.Text) (one correctedText, changed bool, err error) {
	rec, v := c.site.Record(), t.Version
	e := rec.Find(t)
	b, err := c.site.Library.Body(t)
	if err != nil {
		return one, false, err
	}
	now, err := c.site.ByRecord().EntryOf(t)
	if err != nil {
		return one, false, err
	}
	one = correctedText{Policy: v.Policy.Slug, Version: v.ID, Lang: t.Lang, Was: fmt.Sprintf("%x", e.Digest), Is: fmt.Sprintf("%x", now.Digest), Clauses: []string{}, Stamp: []string{}}
	if n := len(e.Corrections); n > 0 && c.today.Compare(e.Corrections[n-1].Day) < 0 {
		return one, false, &usageError{fmt.Sprintf("%v was corrected on %s already, after %s", e.Key, e.Corrections[n-1].Day, c.today), "check the clock, or SOURCE_DATE_EPOCH"}
	}
	if e.Digest != now.Digest {
		for _, d := range e.Differences(b) {
			one.Clauses = append(one.Clauses, d.String())
		}
		if one.Earlier, err = c.keepEarlier(ctx, t, e, b); err != nil {
			return one, false, err
		}
	}
	for _, m := range now.Since(&e.Stamp) {
		one.Stamp = append(one.Stamp, m.String())
	}
	return one, rec.Correct(e, now, c.today, c.reason), nil
}

// keepEarlier finds the text as it was, holds the correction to its bounds, and
// returns the file that will keep the text.
func (c *correcting) keepEarlier(ctx context.Context, t *policy.Text, e *record.Entry, is *markdown.Body) (string, error) {
	raw, err := c.findEarlier(ctx, t, e)
	if err != nil && c.dryRun && c.earlier == "" {
		return "", nil // what it is missing, the run without --dry-run says
	}
	if err != nil {
		return "", err
	}
	n := len(e.Corrections) + 1
	name := record.EarlierFile(t.File, n)
	c.files[name] = raw
	// All corrections together are held to the bounds: a text is not rewritten in steps.
	for i, one := range e.Corrections {
		if one.Was != one.Is && !one.Lost {
			first := record.EarlierFile(t.File, i+1)
			if raw, err = c.site.Library.ReadFile(first); err != nil {
				return "", err
			}
			break
		}
	}
	was, err := c.site.Library.EarlierBody(t, name, raw)
	if err != nil {
		return "", err
	}
	extent := redline.Compare(was, is).Extent
	changed, most := max(extent.WordsAdded, extent.WordsRemoved)+extent.WordsMoved, mostCorrected(extent.WordsBefore)
	if changed <= most {
		return name, nil
	}
	return "", one(source.NewProblem(source.In(t.File), "large-correction",
		fmt.Sprintf("since its release the text has gained %s and lost %s of %d; corrections may change %d", count(extent.WordsAdded, "word"), count(extent.WordsRemoved, "word"), extent.WordsBefore, most),
		fmt.Sprintf("this is a new version: put the text back (git checkout %s),\nwrite the change into a draft and: privgen release %s --effective DAY", t.File, t.Version.Policy.Slug)), "nothing was recorded")
}

// mostCorrected is how many words of a text corrections may add or remove.
func mostCorrected(words int) int { return min(100, max(5, words/50)) }

// findEarlier finds a text as it was recorded: in the file that the user names, or
// where a build, a deploy to a folder or a commit left it.
func (c *correcting) findEarlier(ctx context.Context, t *policy.Text, e *record.Entry) ([]byte, error) {
	page := filepath.FromSlash(e.Address + "index.md")
	places := []string{filepath.Join(c.dir, filepath.FromSlash(c.site.Config.Output.Folder), page)}
	for _, d := range c.site.Config.Deploy {
		if d.Scheme() == "file" && !strings.Contains(d.To, "://") {
			places = append(places, filepath.Join(c.dir, filepath.FromSlash(d.To), page))
		}
	}
	if c.earlier != "" {
		places = []string{c.earlier}
	}
	for _, name := range places {
		raw, err := os.ReadFile(name)
		if err != nil && c.earlier != "" {
			return nil, &usageError{fmt.Sprintf("there is no file %q", c.earlier), "name a file with the text as it was"}
		}
		if text := recordedText(raw, e); err == nil && text != nil {
			return text, nil
		}
	}
	if c.earlier != "" {
		return nil, &usageError{fmt.Sprintf("%s is not the text of %v as it was recorded", c.earlier, e.Key),
			fmt.Sprintf("its SHA-256 has to be %x, as that of the site's %sindex.md", e.Digest, e.Address)}
	}
	if repo, err := git.Open(ctx, c.dir, ""); err == nil {
		defer repo.Close()
		if raw, err := repo.FindFile(ctx, t.File, func(raw []byte) bool { return recordedText(raw, e) != nil }); err == nil && raw != nil {
			return recordedText(raw, e), nil
		}
	}
	return nil, &usageError{fmt.Sprintf("the text of %v as it was is neither in the output folder nor in git, and readers are shown what a correction changes", e.Key),
		fmt.Sprintf("put the file back, run privgen build, and correct it again;\nor save %s and name it: --earlier FILE", c.site.Config.URL(e.Address+"index.md"))}
}

// recordedText returns the text of a file, with or without front matter, in its
// normal form, if it is the one that was recorded; else nil.
func recordedText(raw []byte, e *record.Entry) []byte {
	f, problem := source.Parse("earlier", raw)
	if problem != nil {
		return nil
	}
	start, _ := policy.TextStart(f)
	for _, from := range []int{0, start} {
		if text := markdown.Normal(f.Text[from:]); sha256.Sum256(text) == e.Digest {
			return text
		}
	}
	return nil
}

// released finds the texts of a version that are in the record.
func released(s *site.Site, slug, id, lang string) ([]*policy.Text, error) {
	pol, _, err := policyOf(s, []string{slug})
	if err != nil {
		return nil, err
	}
	v, err := versionOf(pol, policy.Standing{InForce: -1}, id)
	if err != nil {
		return nil, err
	}
	var out []*policy.Text
	for _, t := range v.Texts {
		if (lang == "" || t.Lang == lang) && s.Record().Find(t) != nil {
			out = append(out, t)
		}
	}
	switch {
	case lang != "" && v.In(lang) == nil:
		return nil, &usageError{fmt.Sprintf("version %s has no text in %q", id, lang), "leave --lang out to correct all its texts"}
	case len(out) == 0:
		return nil, &usageError{fmt.Sprintf("%s %s is not in the record, so its file may be changed as it is", slug, id), "to protect it from now on: privgen lock " + slug}
	}
	return out, nil
}

// A correctedText is what correct recorded of a text, for programs.
type correctedText struct {
	Policy  string   `json:"policy"`
	Version string   `json:"version"`
	Lang    string   `json:"lang"`
	Was     string   `json:"was"`               // the sha256 until then
	Is      string   `json:"is"`                // and now
	Earlier string   `json:"earlier,omitempty"` // the file that keeps the earlier text, if the wording changed
	Clauses []string `json:"clauses"`           // what changed in the wording
	Stamp   []string `json:"stamp"`             // what changed in the stamp
}

func (p *program) recordCorrections(ctx context.Context, c *correcting, found []correctedText) error {
	report := map[string]any{"day": c.today.String(), "reason": c.reason, "corrected": found, "written": !c.dryRun}
	if !p.json {
		for _, one := range found {
			fmt.Fprintf(p.out, "%s %s (%s), corrected on %s: %s\n", one.Policy, one.Version, one.Lang, c.today, c.reason)
			for _, line := range append(one.Clauses, one.Stamp...) {
				fmt.Fprintf(p.out, "  %s\n", line)
			}
			if one.Was != one.Is && len(one.Clauses) == 0 {
				fmt.Fprintln(p.out, "  the wording changed")
			}
			if one.Earlier != "" {
				fmt.Fprintf(p.out, "  the earlier text is kept in %s\n", one.Earlier)
			}
		}
	}
	if c.dryRun {
		if p.json {
			return printJSON(p.out, report)
		}
		fmt.Fprintln(p.out, "nothing was written, as --dry-run says")
		return nil
	}
	if err := p.confirm(ctx, "Record this as an editorial correction?", c.yes); err != nil {
		return err
	}
	if err := disk.Commit(c.dir, disk.Change{Create: c.files, Replace: map[string][]byte{record.File: c.site.Record().Bytes()}}); err != nil {
		return worldOrProblem(err)
	}
	if p.json {
		return printJSON(p.out, report)
	}
	fmt.Fprintf(p.out, "recorded; commit it: git add %s %s\n", site.Content, record.File)
	return nil
}
