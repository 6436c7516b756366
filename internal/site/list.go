package site

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/lang"
)

// This file lists policies, versions, and languages for shell completion. It reads only
// the names of files, so it is quick, and works if the site has problems.

// Names lists policies, versions, and languages by the names of a site's files.
type Names struct{ Files fs.FS }

// Slugs returns the slugs of the policies.
func (n Names) Slugs() (list []string) {
	entries, _ := fs.ReadDir(n.Files, Content) // without a folder, there is nothing to complete
	for _, e := range entries {
		slug := strings.TrimSuffix(e.Name(), ".md")
		if CheckSlug(slug) == nil && (e.IsDir() || slug != e.Name()) {
			list = append(list, slug)
		}
	}
	return list
}

// Versions returns the ids of a policy's versions, oldest first, and draft for its
// draft.
func (n Names) Versions(slug string) []string {
	ids, _ := n.split(slug)
	return ids
}

// Languages returns the languages in the names of the texts.
func (n Names) Languages() (all []string) {
	for _, slug := range n.Slugs() {
		_, languages := n.split(slug)
		all = append(all, languages...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// split returns the ids and the languages in the names of a policy's files.
func (n Names) split(slug string) (ids, languages []string) {
	entries, _ := fs.ReadDir(n.Files, path.Join(Content, slug))
	for _, e := range entries {
		id, ok := strings.CutSuffix(e.Name(), ".md")
		if !ok || e.IsDir() || strings.HasPrefix(id, ".") || strings.HasPrefix(id, "_") {
			continue
		}
		if i := strings.LastIndexByte(id, '.'); i >= 0 && lang.Tag(id[i+1:]) != "" {
			id, languages = id[:i], append(languages, id[i+1:])
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, languages
}
