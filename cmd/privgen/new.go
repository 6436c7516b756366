package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/release"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

const newHelp = `Usage:
  privgen new SLUG [flags]

Starts a policy in content/SLUG, with a text to fill in or with an existing
Markdown text. For an existing policy, --from adds a version, and --draft
starts the draft of the next version from the text in force. Drafts are never
in build output. Existing files are never changed.

Flags:
  --from FILE       use the text of this file
  --draft           write a draft, with its translations if there are any
  --effective DAY   the day on which it takes effect. The default is the day
                    in the file's front matter or name, else today
  --title TITLE     the policy's title (default: derived from the slug)
  --config FILE     the config file (default: the nearest privgen.toml)
  --help            show this

Example:
  privgen new privacy --from old/privacy-2023.md --effective 2023-05-25
`

type newFlags struct {
	from, effective, title, config string
	draft                          bool
}

func (p *program) newCommand() *cobra.Command {
	var f newFlags
	c := &cobra.Command{
		Use:  "new SLUG",
		Args: arguments("SLUG, the policy's name in addresses, such as privacy"),
		RunE: func(_ *cobra.Command, args []string) error { return p.new(args[0], f) },
	}
	c.Flags().StringVar(&f.from, "from", "", "")
	c.Flags().BoolVar(&f.draft, "draft", false, "")
	c.Flags().StringVar(&f.effective, "effective", "", "")
	c.Flags().StringVar(&f.title, "title", "", "")
	c.Flags().StringVar(&f.config, "config", "", "")
	c.ValidArgsFunction = func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return slugs(f.config), cobra.ShellCompDirectiveNoFileComp
	}
	setHelp(c, newHelp)
	return c
}

// slugs returns the existing policies, for shell completion. It returns nil
// without a site.
func slugs(config string) (list []string) {
	dir, _, err := findSite(config)
	if err != nil {
		return nil
	}
	entries, _ := os.ReadDir(filepath.Join(dir, site.Content)) // nothing to complete is no error
	for _, e := range entries {
		slug := strings.TrimSuffix(e.Name(), ".md")
		if site.CheckSlug(slug) == nil && (e.IsDir() || slug != e.Name()) {
			list = append(list, slug)
		}
	}
	return list
}

func (p *program) new(slug string, f newFlags) error {
	if problem := site.CheckSlug(slug); problem != nil {
		return source.Usage(problem.What, problem.Do)
	}
	files, dir, name, err := openSite(f.config)
	if err != nil {
		return err
	}
	defer files.Close()
	c, list := site.ReadConfig(files, name)
	if list != nil {
		return &problems{list, "nothing was written"}
	}
	folder := path.Join(site.Content, slug)
	if _, err := fs.Stat(files, folder+".md"); err == nil {
		return source.Usage(fmt.Sprintf("%s.md is a policy in the short form, which has only one version", folder),
			release.Unfold(files, slug, c.Zone()))
	}
	_, statErr := fs.Stat(files, folder)
	exists := statErr == nil
	if f.draft {
		return p.newDraft(files, dir, name, slug, exists, f)
	}
	if exists && f.from == "" {
		return source.Usage(fmt.Sprintf("the policy %q already exists in %s", slug, folder),
			"to add a version, name its text: --from FILE\nto start the next version: --draft")
	}
	now, err := present()
	if err != nil {
		return err
	}
	text, when, err := firstText(f, slug, day.Of(now, c.Zone()))
	if err != nil {
		return err
	}
	id, err := release.FreeID(files, folder, when)
	if err != nil {
		return environmentOrProblem(err)
	}
	made := map[string][]byte{path.Join(folder, id+".md"): text}
	if !exists {
		made[path.Join(folder, "policy.toml")] = fmt.Appendf(nil, "title = %q\nkind = %q\n",
			cmp.Or(f.title, titleOf(slug)), kindOf(slug))
	}
	if err := disk.Create(dir, made); err != nil {
		return created(err)
	}
	fmt.Fprintf(p.out, "%s\n", filepath.Join(dir, filepath.FromSlash(folder), id+".md"))
	return nil
}

// firstText returns the file of a version, and the date on which it takes
// effect. The file has the user's text with the required front matter, or a
// text to fill in.
func firstText(f newFlags, slug string, today day.Day) ([]byte, day.Day, error) {
	when := today
	if f.effective != "" {
		d, err := day.Parse(f.effective)
		if err != nil {
			return nil, when, source.Usage(fmt.Sprintf("--effective %s: %v", f.effective, err),
				"write a day: --effective 2026-01-31")
		}
		when = d
	}
	if f.from == "" {
		return fmt.Appendf(nil, "+++\neffective = %s\n+++\n\n"+startText, when, cmp.Or(f.title, titleOf(slug))), when,
			nil
	}
	file, err := readFrom(f.from)
	if err != nil {
		return nil, when, err
	}
	if f.effective == "" {
		if d, err := day.Parse(strings.TrimSuffix(filepath.Base(f.from), filepath.Ext(f.from))); err == nil {
			when = d
		}
	}
	matter, list := policy.ReadFrontMatter(file)
	switch {
	case list != nil:
		return nil, when, &problems{list, "nothing was written"}
	case !matter.Effective.IsZero() && f.effective != "":
		return nil, when, source.Usage(fmt.Sprintf("%s already has an effective date", f.from),
			"omit --effective, or change the file's front matter")
	case !matter.Effective.IsZero():
		return file.Text, matter.Effective.In(time.UTC), nil
	case bytes.HasPrefix(file.Text, []byte("+++\n")):
		return append(fmt.Appendf(nil, "+++\neffective = %s\n", when), file.Text[len("+++\n"):]...), when, nil
	}
	return append(fmt.Appendf(nil, "+++\neffective = %s\n+++\n\n", when), file.Text...), when, nil
}

// readFrom reads the file that holds the user's text.
func readFrom(name string) (*source.File, error) {
	raw, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, source.Usage(fmt.Sprintf("there is no file %q", name),
			"name the Markdown file with the policy's text")
	}
	if err != nil {
		return nil, err
	}
	file, problem := source.Parse(filepath.ToSlash(name), raw)
	if problem != nil {
		return nil, one(problem, "nothing was written")
	}
	return file, nil
}

const startText = `# %s

## Who we are

Name and address of the organization, and how to reach it.

## What this policy is about

What it covers, and what it does not.

## Your rights

What readers can ask for, and how.

## Changes to this policy

How readers learn of a new version.
`

func titleOf(slug string) string {
	words := strings.ReplaceAll(slug, "-", " ")
	switch slug {
	case "privacy":
		words = "privacy policy"
	case "cookies":
		words = "cookie policy"
	case "terms":
		words = "terms of service"
	}
	return strings.ToUpper(words[:1]) + words[1:]
}

func kindOf(slug string) string {
	for _, kind := range []string{"privacy", "cookies", "terms"} {
		if strings.Contains(slug, strings.TrimSuffix(kind, "s")) {
			return kind
		}
	}
	return "other"
}
