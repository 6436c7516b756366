package main

import (
	"context"

	"github.com/privgen/privgen/internal/imports/git"
	"github.com/privgen/privgen/internal/site"
)

const importGitHelp = `Usage:
  privgen import git REPO [PATHS...] [flags]

Makes a version of each change of a text in a git history. REPO is a working
copy or a folder in it, a bare repository or a bundle. PATHS are files,
folders and patterns, such as 'legal/**/*.md'; without them, policies are
found by name and text. Renamed files are followed; privacy.de.md and
de/privacy.md become translations. A merge is one change, on the day of the
merge. HTML files and templates are read as privgen import html reads pages.

Left out, each with its reason: blank texts, texts that were reverted within
three days, and other texts that lasted up to two weeks.

Flags:
` + importTargetHelp + `  --branch NAME     the branch to read; the default is the one checked out
  --date BASIS      author: the commit's date; stamp: the date that the text
                    states; default: the date from which the text says that
                    it applies, or else the commit's date
  --group HOW       one version per day, week, tag, stamp or N-hours: the last
                    text of each group
` + importChoiceHelp + `  --join OLD=NEW    OLD is the past of NEW, another file; may be repeated
  --set TAG=WORDS   replace {{ TAG }} by words; may be repeated. Other tags
                    stay as they are
  --select CSS      the element of HTML files that has the text
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
  --date BASIS      author: the day of the record; stamp: the date that the
                    text states; default: the date from which the text says
                    that it applies, or else the day of the record
  --group HOW       one version per day, week, tag, stamp or N-hours: the last
                    text of each group
` + importChoiceHelp + importReportHelp + `
Example:
  privgen import archive versions.bundle --out archive --group week
`

func importGit(r *importRun) command {
	return command{Use: "git REPO [PATHS...]", help: importGitHelp,
		args: atLeastOne("REPO, a working copy, a bare repository or a bundle"),
		run:  func(ctx context.Context, args []string) error { return r.git(ctx, args[0], args[1:], false) },
		flags: []any{"branch", &r.choices.Branch, "date", &r.choices.Date, "set", &r.flags.Set, "join", &r.flags.Join,
			"select", &r.choices.Select, "address", &r.choices.Address}}
}

func importArchive(r *importRun) command {
	return command{Use: "archive REPO", help: importArchiveHelp,
		args:  arguments("REPO, a repository or a bundle of recorded terms"),
		run:   func(ctx context.Context, args []string) error { return r.git(ctx, args[0], nil, true) },
		flags: []any{"branch", &r.choices.Branch, "date", &r.choices.Date}}
}

// git imports documents of a git repository.
func (r *importRun) git(ctx context.Context, repo string, paths []string, archive bool) error {
	r.choices.Paths = paths
	o, err := r.start(repo)
	if err != nil {
		return err
	}
	defer r.dest.close()
	opened, err := git.Open(ctx, repo, r.choices.Branch)
	if err != nil {
		return err
	}
	defer opened.Close()
	imported, err := r.dest.site().Imported()
	if err != nil {
		return failed(nil, err, "")
	}
	c := &r.choices
	found, err := opened.Find(ctx, git.Search{Imported: imported, Join: c.Join, Paths: c.Paths, Archive: archive,
		Exclude: c.Exclude, Set: c.Set, Page: r.page(), Names: c.Names, Language: r.language(), Check: site.CheckSlug,
		Progress: r.show})
	r.progress.Clear()
	if err != nil {
		return err
	}
	defer found.Close()
	if err := r.checkNames(found.Named, "privgen import git "+repo); err != nil {
		return err
	}
	r.commits = found.Commits
	return r.carryOut(ctx, found.Documents, o, found.Notes)
}
