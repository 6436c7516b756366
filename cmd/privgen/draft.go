package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

// This file starts drafts.

// newDraft writes the draft of a policy's next version: of the text in force,
// of a file, or of a text to fill in when there is no policy yet.
func (p *program) newDraft(files *disk.Site, dir, config, slug string, exists bool, f newFlags) error {
	if f.effective != "" {
		return &usageError{"a draft takes effect on no day yet", "leave --effective away; the day is named when the draft is released"}
	}
	folder := path.Join(site.Content, slug)
	made := map[string][]byte{}
	main := path.Join(folder, "draft.md")
	if _, err := fs.Stat(files, main); err == nil {
		return &usageError{fmt.Sprintf("there is a draft already: %s", main), "work on that one, or move it away"}
	}
	switch {
	case f.from != "":
		text, err := readText(f.from)
		if err != nil {
			return err
		}
		made[main] = text
	case exists:
		if err := draftOf(files, config, slug, folder, made); err != nil {
			return err
		}
	}
	if len(made) == 0 {
		made[main] = fmt.Appendf(nil, startText, cmp.Or(f.title, titleOf(slug)))
	}
	if !exists {
		made[path.Join(folder, "policy.toml")] = fmt.Appendf(nil, "title = %q\nkind = %q\n", cmp.Or(f.title, titleOf(slug)), kindOf(slug))
	}
	if err := disk.Create(dir, made); err != nil {
		return created(err)
	}
	fmt.Fprintf(p.out, "%s\n", filepath.Join(dir, filepath.FromSlash(main)))
	return nil
}

// readText reads the text of a file, after its front matter.
func readText(name string) ([]byte, error) {
	file, err := readFrom(name)
	if err != nil {
		return nil, err
	}
	if _, list := policy.ReadMatter(file); list != nil {
		return nil, &problems{list, "nothing was written"}
	}
	return textOf(file), nil
}

// textOf gives the text of a file of which the front matter was read already.
func textOf(file *source.File) []byte {
	start, _ := policy.TextStart(file)
	return bytes.TrimLeft(file.Text[start:], "\n")
}

// draftOf puts the texts of the version in force, or else of the newest, where
// the draft stands. They are copied as they were written: what they use, they
// go on using.
func draftOf(files *disk.Site, config, slug, folder string, made map[string][]byte) error {
	s, err := loadSite(files, config, "", sideBySide)
	if err != nil {
		return err
	}
	pol := s.Library.Policy(slug)
	if pol == nil {
		return nil // there is a folder, and no version in it
	}
	now, err := moment("", s)
	if err != nil {
		return err
	}
	v := pol.At(now).Current()
	if v == nil {
		v = pol.Versions[len(pol.Versions)-1]
	}
	for _, t := range v.Texts {
		name := "draft.md"
		if t != v.Authoritative() {
			name = "draft." + t.Lang + ".md"
		}
		raw, err := fs.ReadFile(files, t.File)
		if err != nil {
			return worldOrProblem(err)
		}
		file, problem := source.Parse(t.File, raw)
		if problem != nil {
			return one(problem, "nothing was written")
		}
		text := textOf(file)
		if t.Matter.Tags == "keep" {
			text = append([]byte("+++\ntags = \"keep\"\n+++\n\n"), text...)
		}
		made[path.Join(folder, name)] = text
	}
	return nil
}

// unfold tells how to make a folder of a policy that is in the short form.
func unfold(files *disk.Site, slug string, zone *time.Location) string {
	folder := path.Join(site.Content, slug)
	id := "DATE"
	if raw, err := fs.ReadFile(files, folder+".md"); err == nil {
		if f, problem := source.Parse(folder+".md", raw); problem == nil {
			if m, _ := policy.ReadMatter(f); !m.Effective.IsZero() {
				id = m.Effective.In(zone).String()
			}
		}
	}
	do := "make a folder of it: mkdir " + folder
	names, _ := fs.Glob(files, folder+".*md") // the pattern is a slug, which has no signs of patterns
	for _, name := range names {
		do += fmt.Sprintf(" && mv %s %s/%s%s", name, folder, id, strings.TrimPrefix(name, folder))
	}
	return do
}
