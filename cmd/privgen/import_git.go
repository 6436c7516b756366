package main

import (
	"context"

	"github.com/privgen/privgen/internal/imports/git"
	"github.com/privgen/privgen/internal/site"
)

func importGit(r *importRun) command {
	return command{Use: "git REPO [PATHS...]",
		args: atLeastOne("REPO, a working copy, a bare repository or a bundle"),
		run:  func(ctx context.Context, args []string) error { return r.git(ctx, args[0], args[1:], false) },
		flags: []any{"branch", &r.choices.Branch, "date", &r.choices.Date, "set", &r.flags.Set, "join", &r.flags.Join,
			"select", &r.choices.Select, "address", &r.choices.Address}}
}

func importArchive(r *importRun) command {
	return command{Use: "archive REPO",
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
