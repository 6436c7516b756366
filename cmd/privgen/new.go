package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/imports/snapshots"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/release"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/starter"
)

// A creating is one run of new.
type creating struct {
	*program
	from, effective, config string
	draft                   bool

	release.Start
	title  string
	folder string
	exists bool // the policy's folder exists
}

func newCommand(p *program) *cobra.Command {
	n := &creating{program: p}
	c := command{Use: "new SLUG", run: n.run, complete: slugs(&n.config, 1),
		args: arguments("SLUG, the policy's name in URLs, such as privacy"), flags: []any{"draft", &n.draft,
			"language", &n.Language, "from", &n.from, "effective", &n.effective, "title", &n.title,
			"config", &n.config}}
	return c.cobra()
}

func (n *creating) run(_ context.Context, args []string) error {
	n.Slug, n.folder = args[0], path.Join(site.Content, args[0])
	if problem := site.CheckSlug(n.Slug); problem != nil {
		return source.Usage(problem.What, problem.Do)
	}
	if err := n.CheckLanguage(); err != nil {
		return err
	}
	files, dir, name, err := openSite(n.config)
	if err != nil {
		return err
	}
	defer files.Close()
	n.Files = files
	c, list := site.ReadConfig(files, name)
	if list != nil {
		return &problems{list, "nothing was written"}
	}
	if _, err := fs.Stat(files, n.folder+".md"); err == nil {
		return source.Usage(fmt.Sprintf("%s.md is a policy in the short form, which has only one version", n.folder),
			n.Unfold(c.Zone()))
	}
	_, err = fs.Stat(files, n.folder)
	n.exists = err == nil
	create := n.newDraft
	if n.from != "" && !n.draft {
		create = n.version
	}
	main, made, err := create(c)
	if err != nil {
		return err
	}
	if !n.exists {
		first := starter.Policy{Slug: n.Slug, Title: n.title, Language: cmp.Or(n.Language, c.Site.Language)}
		first.Own = first.Language != c.Site.Language
		for name, text := range first.Files() {
			if name != first.Draft() || n.from == "" {
				made[name] = text
			}
		}
	}
	if err := disk.Create(dir, made); err != nil {
		return failed(nil, err, "nothing was written")
	}
	fmt.Fprintf(n.out, "%s\n", filepath.Join(dir, filepath.FromSlash(main)))
	return nil
}

// version returns the name of a new version's file, and the file: the user's text
// with the required front matter.
func (n *creating) version(c *config.Config) (main string, made map[string][]byte, err error) {
	if n.Language != "" {
		return "", nil, source.Usage("--language starts a draft or its translation", "add --draft, or omit --language")
	}
	file, matter, err := readFrom(n.from)
	if err != nil {
		return "", nil, err
	}
	var when day.Day
	switch {
	case n.effective == "":
		when, _ = snapshots.DateOf(filepath.Base(n.from), file.Text, c.Site.Language)
	case !matter.Effective.IsZero():
		return "", nil, source.Usage(fmt.Sprintf("%s already has an effective date", n.from),
			"omit --effective, or change the file's front matter")
	default:
		if when, err = dayFlag("--effective", n.effective); err != nil {
			return "", nil, err
		}
	}
	text, when := n.Dated(file, matter, when)
	if when.IsZero() {
		return "", nil, source.Usage(
			fmt.Sprintf("neither the name of %s nor its text states when it takes effect", n.from),
			"name the day: --effective 2026-01-31\nor start a draft, and choose the day at the release: --draft")
	}
	id, err := n.FreeID(when)
	if err != nil {
		return "", nil, failed(nil, err, "")
	}
	main = path.Join(n.folder, id+".md")
	return main, map[string][]byte{main: text}, nil
}

// newDraft returns the name of a draft's main file, and the files: the text in force,
// its translation, or the text of a file. Without files, run writes a starter text.
func (n *creating) newDraft(*config.Config) (main string, made map[string][]byte, err error) {
	main = path.Join(n.folder, "draft.md")
	switch {
	case n.effective != "":
		return "", nil, source.Usage("a draft has no effective date yet",
			"omit --effective; set the date when you release the draft")
	case n.exists && !n.draft:
		return "", nil, source.Usage(fmt.Sprintf("the policy %q already exists in %s", n.Slug, n.folder),
			"to add a version, name its text: --from FILE\nto start the next version: --draft")
	case n.Language == "" || n.from != "":
		err = n.CheckDraft(main)
	}
	if err != nil {
		return "", nil, err
	}
	if n.from != "" {
		file, _, err := readFrom(n.from)
		if err != nil {
			return "", nil, err
		}
		return main, map[string][]byte{main: n.TextOf(file)}, nil
	}
	if !n.exists {
		return main, map[string][]byte{}, nil
	}
	s, err := openDraft(n.config, "", n.Slug)
	if err != nil {
		return "", nil, err
	}
	defer s.Close()
	pol, _, err := s.PolicyOf([]string{n.Slug})
	if err != nil {
		return "", nil, err
	}
	main, made, err = n.Draft(pol, s.now)
	return main, made, failed(nil, err, "nothing was written")
}

// readFrom reads the file with the user's text, and its front matter.
func readFrom(name string) (*source.File, policy.FrontMatter, error) {
	raw, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		err = source.Usage(fmt.Sprintf("there is no file %q", name),
			"name the Markdown file with the policy's text")
	}
	if err != nil {
		return nil, policy.FrontMatter{}, err
	}
	file, problem := source.Parse(filepath.ToSlash(name), raw)
	if problem != nil {
		return nil, policy.FrontMatter{}, one(problem, "nothing was written")
	}
	matter, list := policy.ReadFrontMatter(file)
	return file, matter, failed(list, nil, "nothing was written")
}
