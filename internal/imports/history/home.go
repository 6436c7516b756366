package history

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/source"
)

// This file finds documents again that were imported under another name: a
// file that is renamed in its repository stays the policy that it was.

// settle gives each document that the site does not have by its slug the slug
// under which an earlier import wrote it, if there is one.
func settle(docs []*Chosen, site Site) error {
	if site.Files == nil {
		return nil
	}
	taken := map[string]bool{}
	var missing []*Chosen
	for _, c := range docs {
		if _, err := fs.Stat(site.Files, path.Join(site.Content, c.Document.Slug)); errors.Is(err, fs.ErrNotExist) {
			missing = append(missing, c)
		} else if err != nil {
			return err
		} else {
			taken[c.Document.Slug] = true
		}
	}
	if len(missing) == 0 {
		return nil
	}
	homes, err := readHomes(site, taken)
	if err != nil {
		return err
	}
	for _, c := range missing {
		for i := range c.Document.States {
			s := &c.Document.States[i]
			if slug := homes[s.Commit+" "+s.Source]; s.Commit != "" && slug != "" && !taken[slug] {
				c.Document.Slug, taken[slug] = slug, true
				break
			}
		}
	}
	return nil
}

// readHomes tells which policy of the site holds the text of a commit. Only
// the beginnings of files are read.
func readHomes(site Site, but map[string]bool) (map[string]string, error) {
	homes := map[string]string{}
	folders, err := fs.ReadDir(site.Files, site.Content)
	if errors.Is(err, fs.ErrNotExist) {
		return homes, nil
	}
	if err != nil {
		return nil, err
	}
	for _, folder := range folders {
		if !folder.IsDir() || but[folder.Name()] {
			continue
		}
		files, err := fs.ReadDir(site.Files, path.Join(site.Content, folder.Name()))
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			if f.IsDir() || !strings.HasSuffix(f.Name(), ".md") {
				continue
			}
			m, err := headOf(site.Files, path.Join(site.Content, folder.Name(), f.Name()))
			if err != nil {
				return nil, err
			}
			if m.Commit != "" {
				homes[m.Commit+" "+m.Source] = folder.Name()
			}
		}
	}
	return homes, nil
}

// headOf reads the front matter at the beginning of a file; one that cannot be
// made out is empty.
func headOf(files fs.FS, name string) (policy.Matter, error) {
	f, err := files.Open(name)
	if err != nil {
		return policy.Matter{}, err
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, 8<<10))
	if err != nil {
		return policy.Matter{}, err
	}
	end := len(head) - len(textOf(head))
	file, problem := source.Parse(name, head[:end])
	if problem != nil {
		return policy.Matter{}, nil
	}
	m, _ := policy.ReadMatter(file) // what is wrong with it, a build says
	return m, nil
}
