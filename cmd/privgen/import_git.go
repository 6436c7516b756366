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
	"github.com/privgen/privgen/internal/source"
)

const importGitHelp = `Usage:
  privgen import git REPO [PATHS...] [flags]

Makes a version of each change of a text in a git history. REPO is a working
copy or a folder in it, a bare repository or a bundle. PATHS are files,
folders and patterns, such as 'legal/**/*.md'; without them, policies are
found by name and text. Renamed files are followed; privacy.de.md and
de/privacy.md become translations. A merge is one change, on the day of the
merge. HTML files and templates are read as privgen import html reads pages.

These are left out, each with its reason: blank texts, texts that were
reverted within three days, and other texts or languages that lasted up to
two weeks. Existing files are never changed: your edits stay.

Flags:
` + importTargetHelp + `  --branch NAME     the branch to read; the default is the one checked out
  --date BASIS      author: the commit's date (default); stamp: the date that
                    the text states, if it has one
  --group HOW       one version per day, week, tag, stamp or N-hours: the last
                    text of each group
` + importChoiceHelp + `  --set TAG=WORDS   replace {{ TAG }} by words; may be repeated. Other tags
                    stay as they are
  --select CSS      the element of HTML files that has the text, if the wrong
                    one is found
  --address URL     the URL of the HTML files, for their links
` + importReportHelp + `
Example:
  privgen import git ../website legal/privacy.md --out legal --group day
`

const importArchiveHelp = `Usage:
  privgen import archive REPO [flags]

Makes a site of a collection of recorded terms in the format of Open Terms
Archive: a git repository or a bundle with a folder for each service and a
Markdown file for each document. Each document becomes a policy, and the home
page lists them by service.

Flags:
` + importTargetHelp + `  --branch NAME     the branch to read; the default is the one checked out
  --date BASIS      author: the day of the record (default); stamp: the date
                    that the text states, if it has one
  --group HOW       one version per day, week, tag, stamp or N-hours: the last
                    text of each group
` + importChoiceHelp + importReportHelp + `
Example:
  privgen import archive versions.bundle --out archive --group week
`

// gitFlags are the flags of imports from a git history.
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
				return source.Usage("missing: REPO, a working copy, a bare repository or a bundle",
					"run: privgen import git --help")

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
	// These fail only for a flag that does not exist.
	_ = c.RegisterFlagCompletionFunc("date", complete("author", "stamp"))
	_ = c.RegisterFlagCompletionFunc("group", complete("day", "week", "tag", "stamp", "24-hours"))
}

// search parses the flags that choose documents.
func (f *gitFlags) search(paths []string, archive bool) (git.Search, error) {
	s := git.Search{Paths: paths, Archive: archive, Set: map[string]string{}}
	s.Page = webpage.Options{Select: f.selector, Address: f.address}
	for _, one := range f.set {
		tag, words, ok := strings.Cut(one, "=")
		tag = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(tag), "{{"), "}}"))
		if !ok || tag == "" {
			return s, source.Usage(fmt.Sprintf("--set %s has no words", one),
				"write --set 'site.name=Fernhill Instruments' for {{ site.name }}")

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
		return source.Usage(fmt.Sprintf("--date %s: there is no such basis", f.date), "write author or stamp")
	}
	opened, err := git.Open(ctx, repo, f.branch)
	if err != nil {
		return err
	}
	defer opened.Close()
	r.from = opened.Name
	search.Language, search.Check, search.Progress = r.dest.lang, site.CheckSlug, r.show
	found, err := opened.Find(ctx, search)
	r.progress.clear()
	if err != nil {
		return err
	}
	defer found.Close()
	for name := range search.Names {
		if !found.Named(name) {
			return source.Usage(fmt.Sprintf("--name %s: this file is not imported", name),
				"write its path as in the plan: privgen import git "+repo+" --dry-run --verbose")

		}
	}
	r.commits = found.Commits
	return r.carryOut(ctx, found.Documents, o, found.Notes)
}
