package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/imports/snapshots"
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
                    in the file's front matter or name, or the one that
                    the text states, else today
  --title TITLE     the policy's title (default: derived from the slug)
  --config FILE     the config file (default: the nearest privgen.toml)
  --help            show this

Example:
  privgen new privacy --from old/privacy-2023.md --effective 2023-05-25
`

// A creating is one run of new.
type creating struct {
	*program
	from, effective, config string
	draft                   bool

	release.Start
	folder string
	exists bool // the policy's folder
	zone   *time.Location
}

func newCommand(p *program) *cobra.Command {
	n := &creating{program: p}
	c := command{Use: "new SLUG", help: newHelp, run: n.run, complete: slugs(&n.config, 1),
		args: arguments("SLUG, the policy's name in addresses, such as privacy"), flags: []any{"from", &n.from,
			"draft", &n.draft, "effective", &n.effective, "title", &n.Title, "config", &n.config}}
	return c.cobra()
}

func (n *creating) run(_ context.Context, args []string) error {
	n.Slug, n.folder = args[0], path.Join(site.Content, args[0])
	if problem := site.CheckSlug(n.Slug); problem != nil {
		return source.Usage(problem.What, problem.Do)
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
	n.zone = c.Zone()
	create := n.version
	if n.draft {
		create = n.newDraft
	}
	main, made, err := create()
	if err != nil {
		return err
	}
	if len(made) == 0 {
		made[main] = n.Text()
	}
	if !n.exists {
		made[path.Join(n.folder, "policy.toml")] = n.Settings()
	}
	if err := disk.Create(dir, made); err != nil {
		return failed(nil, err, "nothing was written")
	}
	fmt.Fprintf(n.out, "%s\n", filepath.Join(dir, filepath.FromSlash(main)))
	return nil
}

// version returns the file of a new version, and its name.
func (n *creating) version() (main string, made map[string][]byte, err error) {
	if n.exists && n.from == "" {
		return "", nil, source.Usage(fmt.Sprintf("the policy %q already exists in %s", n.Slug, n.folder),
			"to add a version, name its text: --from FILE\nto start the next version: --draft")
	}
	now, err := present()
	if err != nil {
		return "", nil, err
	}
	text, when, err := n.firstText(day.Of(now, n.zone))
	if err != nil {
		return "", nil, err
	}
	id, err := n.FreeID(when)
	if err != nil {
		return "", nil, failed(nil, err, "")
	}
	main = path.Join(n.folder, id+".md")
	return main, map[string][]byte{main: text}, nil
}

// newDraft returns the files of the draft of the next version, and the name of
// the main one: the text in force, or the text of a file. There are none if the
// text is to be filled in.
func (n *creating) newDraft() (main string, made map[string][]byte, err error) {
	if n.effective != "" {
		return "", nil, source.Usage("a draft has no effective date yet",
			"omit --effective; set the date when you release the draft")
	}
	made = map[string][]byte{}
	main = path.Join(n.folder, "draft.md")
	if _, err := fs.Stat(n.Files, main); err == nil {
		return "", nil, source.Usage(fmt.Sprintf("there is already a draft: %s", main),
			"edit that one, or move it to another folder")
	}
	if n.from != "" {
		file, _, err := readFrom(n.from)
		if err != nil {
			return "", nil, err
		}
		made[main] = release.TextOf(file)
		return main, made, nil
	}
	if !n.exists {
		return main, made, nil
	}
	s, err := open(n.config, "", site.Input{})
	if err != nil {
		return "", nil, err
	}
	defer s.Close()
	if pol := s.Library.Policy(n.Slug); pol != nil {
		var list source.Problems
		made, list, err = n.Draft(pol, s.now)
		err = failed(list, err, "nothing was written")
	}
	return main, made, err
}

// firstText returns the file of a version, and the date on which it takes
// effect. The file has the user's text with the required front matter, or a
// text to fill in.
func (n *creating) firstText(today day.Day) ([]byte, day.Day, error) {
	when := today
	if n.effective != "" {
		d, err := dayFlag("--effective", n.effective)
		if err != nil {
			return nil, when, err
		}
		when = d
	}
	if n.from == "" {
		text, _ := n.Dated(&source.File{Text: n.Text()}, policy.FrontMatter{}, when)
		return text, when, nil
	}
	file, matter, err := readFrom(n.from)
	if err != nil {
		return nil, when, err
	}
	if n.effective == "" {
		if d, _ := snapshots.DateOf(filepath.Base(n.from), file.Text, ""); !d.IsZero() {
			when = d
		}
	}
	if !matter.Effective.IsZero() && n.effective != "" {
		return nil, when, source.Usage(fmt.Sprintf("%s already has an effective date", n.from),
			"omit --effective, or change the file's front matter")
	}
	text, when := n.Dated(file, matter, when)
	return text, when, nil
}

// readFrom reads the file that holds the user's text, and its front matter.
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
