package policy

import (
	"io/fs"
	"path"
	"strings"
)

// This file decides which policies are not loaded again: those without a changed
// file. Links and names between policies are checked each time.

// Changes are paths of a site, with forward slashes, that were changed, created,
// or removed. A folder includes everything that is or was in it.
type Changes map[string]bool

// Touch reports whether a path, or a folder that contains it, was changed.
func (c Changes) Touch(name string) bool {
	if len(c) == 0 {
		return false
	}
	for ; name != "."; name = path.Dir(name) {
		if c[name] {
			return true
		}
	}
	return c["."]
}

// keep adds the policy of a directory entry as it was loaded the last time, and
// reports whether it can be kept.
func (l *loader) keep(e fs.DirEntry) bool {
	slug := l.slugOf(path.Join(l.Folder, e.Name()))
	if e.IsDir() && slug != e.Name() || !l.keeps(slug) {
		return false
	}
	l.policies[slug] = &policyFiles{slug: slug, kept: l.Last.Policy(slug)}
	return true
}

// keeps reports whether the policy with a slug is unchanged since the last load.
func (l *loader) keeps(slug string) bool {
	return l.Last != nil && !l.touches(slug) && l.Last.Policy(slug) != nil
}

// touches reports whether a changed file belongs to the policy with a slug, or is shared.
func (l *loader) touches(slug string) bool {
	if l.touched == nil {
		l.touched = map[string]bool{}
		for name := range l.Changed {
			l.touched[l.slugOf(name)] = true
		}
	}
	return l.touched[slug] || l.touched[""]
}

// slugOf returns the slug of the policy that a file belongs to: the name of its
// folder, or its own. It is empty for files that are shared or not in the folder
// of policies.
func (l *loader) slugOf(name string) string {
	rel, ok := strings.CutPrefix(name, l.Folder+"/")
	if !ok || strings.HasPrefix(rel, "_") {
		return ""
	}
	dir, _, nested := strings.Cut(rel, "/")
	if stem, isText := strings.CutSuffix(dir, ".md"); isText && !nested {
		slug, _ := splitLanguage(stem)
		return slug
	}
	return dir
}

// keepClauses copies from the last library the clause ids of the texts of kept policies.
func (l *loader) keepClauses(lib *Library) {
	if l.Last == nil {
		return
	}
	l.Last.mu.Lock()
	defer l.Last.mu.Unlock()
	for t, ids := range l.Last.ids {
		if s := l.policies[t.Version.Policy.Slug]; s != nil && s.kept == t.Version.Policy {
			lib.ids[t] = ids
		}
	}
}
