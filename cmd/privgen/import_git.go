package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/imports/git"
	"github.com/privgen/privgen/internal/imports/webpage"
	"github.com/privgen/privgen/internal/site"
)

const importGitHelp = `Usage:
  privgen import git REPO [PATHS...] [flags]

Makes a version of each change of a text in a git history. REPO is a working
copy, a folder in one, a bare repository or a bundle. Without PATHS, policies
are found by their names and words; PATHS are files, folders and patterns,
such as 'legal/**/*.md'. Renamed files are followed; privacy.de.md and
de/privacy.md become translations. A merge is one change, on its own day.
HTML files, also templates, are read as privgen import html reads pages.

Left out, each with its reason: blank texts; those that were taken back within
three days; those that were another text or in another language for up to two
weeks. Files that are there are never changed: what you edit stays.

Flags:
  --out DIR         the site to write to, or to start; without it, the nearest
  --config FILE     the config of the site, if it is not the nearest
  --branch NAME     the branch to read; without it, the one checked out
  --date BASIS      author: the commit's date (the default); stamp: the date
                    that the text says, where it says one
  --group HOW       one version a day, week, tag, stamp or N-hours; the last
                    text of a group stands for it
  --since DAY       leave out what stood before a day
  --until DAY       leave out what came after a day
  --keep-all        keep broken texts and those that were taken back
  --name PATH=SLUG  name a policy; may be given several times
  --set TAG=WORDS   write words for {{ TAG }}; may be given several times.
                    Other tags stay as they are
  --select CSS      what to take of HTML files, where the guess is wrong
  --address URL     where the HTML files were on the web, for their links
  --summaries       write how much changed as the summary of each version
  --dry-run         only show what would be written
  --yes             do not ask
  --verbose         show every policy, and everything that is left out
  --quiet           show problems only
  --json            print the report as JSON
  --help            show this

Example:
  privgen import git ../website legal/privacy.md --out legal --group day
`

const importArchiveHelp = `Usage:
  privgen import archive REPO [flags]

Makes a site of a collection of recorded terms, as Open Terms Archive keeps
them: a git repository, or a bundle of one, with a folder for each service and
a Markdown text for each of its documents. Each document becomes a policy, and
the home page lists them by service.

Flags:
  --out DIR         the site to write to, or to start; without it, the nearest
  --config FILE     the config of the site, if it is not the nearest
  --branch NAME     the branch to read; without it, the one checked out
  --date BASIS      author: the day of the record (the default); stamp: the
                    date that the text says, where it says one
  --group HOW       one version a day, week, tag, stamp or N-hours; the last
                    text of a group stands for it
  --since DAY       leave out what stood before a day
  --until DAY       leave out what came after a day
  --keep-all        keep broken texts and those that were taken back
  --name PATH=SLUG  name a policy; may be given several times
  --summaries       write how much changed as the summary of each version
  --dry-run         only show what would be written
  --yes             do not ask
  --verbose         show every policy, and everything that is left out
  --quiet           show problems only
  --json            print the report as JSON
  --help            show this

Example:
  privgen import archive versions.bundle --out archive --group week
`

// gitFlags are those of imports from a history.
type gitFlags struct {
	importFlags
	branch, date, selector, address string
	names, set                      []string
}

func (p *program) importGitCommand() *cobra.Command {
	var f gitFlags
	c := &cobra.Command{
		Use: "git REPO [PATHS...]",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return &usageError{"missing: REPO, a working copy, a bare repository or a bundle", "run: privgen import git --help"}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			return p.importGit(c.Context(), args[0], args[1:], f, false)
		},
	}
	f.add(p, c)
	c.Flags().StringArrayVar(&f.set, "set", nil, "")
	c.Flags().StringVar(&f.selector, "select", "", "")
	c.Flags().StringVar(&f.address, "address", "", "")
	c.ValidArgsFunction = completeFiles
	setHelp(c, importGitHelp)
	return c
}

func (p *program) importArchiveCommand() *cobra.Command {
	var f gitFlags
	c := &cobra.Command{
		Use:  "archive REPO",
		Args: arguments("REPO, a repository or a bundle of recorded terms"),
		RunE: func(c *cobra.Command, args []string) error {
			return p.importGit(c.Context(), args[0], nil, f, true)
		},
	}
	f.add(p, c)
	c.ValidArgsFunction = completeFiles
	setHelp(c, importArchiveHelp)
	return c
}

func completeFiles(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveDefault
}

func (f *gitFlags) add(p *program, c *cobra.Command) {
	f.importFlags.add(p, c)
	c.Flags().StringVar(&f.branch, "branch", "", "")
	c.Flags().StringVar(&f.date, "date", "", "")
	c.Flags().StringArrayVar(&f.names, "name", nil, "")
	complete := func(words ...string) func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return words, cobra.ShellCompDirectiveNoFileComp
		}
	}
	_ = c.RegisterFlagCompletionFunc("date", complete("author", "stamp"))                          // fails for a flag that is not there
	_ = c.RegisterFlagCompletionFunc("group", complete("day", "week", "tag", "stamp", "24-hours")) // as above
}

// search reads what the flags say about which files are documents.
func (f *gitFlags) search(paths []string, archive bool) (git.Search, error) {
	s := git.Search{Paths: paths, Archive: archive, Page: webpage.Options{Select: f.selector, Address: f.address}, Set: map[string]string{}}
	for _, one := range f.set {
		tag, words, ok := strings.Cut(one, "=")
		tag = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(tag), "{{"), "}}"))
		if !ok || tag == "" {
			return s, &usageError{fmt.Sprintf("--set %s does not say which words to write", one), "write --set 'site.name=Fernhill Instruments' for {{ site.name }}"}
		}
		s.Set[tag] = words
	}
	if err := checkAddress(f.address); err != nil {
		return s, err
	}
	var err error
	s.Names, err = slugNames(f.names)
	return s, err
}

func (p *program) importGit(ctx context.Context, repo string, paths []string, f gitFlags, archive bool) error {
	search, err := f.search(paths, archive)
	if err != nil {
		return err
	}
	r, o, err := p.startImport(f.importFlags, filepath.Base(repo))
	if err != nil {
		return err
	}
	defer r.dest.close()
	if o.Stated = f.date == "stamp"; f.date != "" && f.date != "author" && !o.Stated {
		return &usageError{fmt.Sprintf("--date %s: there is no such basis", f.date), "write author or stamp"}
	}
	opened, err := git.Open(ctx, repo, f.branch)
	if err != nil {
		return refusal(err)
	}
	defer opened.Close()
	r.from = opened.Name
	search.Language, search.Check, search.Progress = r.dest.lang, site.CheckSlug, r.show
	found, err := opened.Find(ctx, search)
	r.progress.clear()
	if err != nil {
		return refusal(err)
	}
	defer found.Close()
	for name := range search.Names {
		if !found.Named(name) {
			return &usageError{fmt.Sprintf("--name %s: this file is none of those that are imported", name), "write its path as it stands in the plan: privgen import git " + repo + " --dry-run --verbose"}
		}
	}
	r.commits = found.Commits
	return r.carryOut(ctx, found.Documents, o, found.Notes)
}
