package main

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"

	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/release"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

// This file starts drafts.

// newDraft writes the draft of a policy's next version: the text in force, the
// text of a file, or a text to fill in if the policy has no version.
func (p *program) newDraft(files *disk.Site, dir, config, slug string, exists bool, f newFlags) error {
	if f.effective != "" {
		return source.Usage("a draft has no effective date yet",
			"omit --effective; set the date when you release the draft")
	}
	folder := path.Join(site.Content, slug)
	made := map[string][]byte{}
	main := path.Join(folder, "draft.md")
	if _, err := fs.Stat(files, main); err == nil {
		return source.Usage(fmt.Sprintf("there is already a draft: %s", main),
			"edit that one, or move it to another folder")
	}
	switch {
	case f.from != "":
		text, err := readText(f.from)
		if err != nil {
			return err
		}
		made[main] = text
	case exists:
		var err error
		if made, err = nextDraft(files, config, slug); err != nil {
			return err
		}
	}
	if len(made) == 0 {
		made[main] = fmt.Appendf(nil, startText, cmp.Or(f.title, titleOf(slug)))
	}
	if !exists {
		made[path.Join(folder, "policy.toml")] = fmt.Appendf(nil, "title = %q\nkind = %q\n",
			cmp.Or(f.title, titleOf(slug)), kindOf(slug))
	}
	if err := disk.Create(dir, made); err != nil {
		return created(err)
	}
	fmt.Fprintf(p.out, "%s\n", filepath.Join(dir, filepath.FromSlash(main)))
	return nil
}

// nextDraft returns the files of a policy's next draft. There are none if the
// policy has no version.
func nextDraft(files *disk.Site, config, slug string) (map[string][]byte, error) {
	s, err := loadSite(files, config, "", sideBySide)
	if err != nil {
		return nil, err
	}
	pol := s.Library.Policy(slug)
	if pol == nil {
		return map[string][]byte{}, nil
	}
	now, err := moment("", s)
	if err != nil {
		return nil, err
	}
	made, list, err := release.DraftOf(files, pol, now)
	return made, failed(list, err, "nothing was written")
}

// readText reads the text of a file, without its front matter.
func readText(name string) ([]byte, error) {
	file, err := readFrom(name)
	if err != nil {
		return nil, err
	}
	if _, list := policy.ReadFrontMatter(file); list != nil {
		return nil, &problems{list, "nothing was written"}
	}
	return release.TextOf(file), nil
}
