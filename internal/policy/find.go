package policy

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/resolve"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
	"golang.org/x/text/language"
)

// A policyFiles has the files found for one policy.
type policyFiles struct {
	slug   string
	dir    string // its folder, or empty for the short form
	toml   string // its policy.toml, or empty
	short  string // the file of the short form, or empty
	files  []*versionFile
	draft  bool    // a draft was found, whether it is read or not
	kept   *Policy // the policy of the last load, if it is unchanged
	unsure bool    // its settings have a problem
	wrong  bool    // another file has a problem

	settings Settings
	places   *toml.Places // of the settings; nil without policy.toml
	language string
	rules    markdown.Rules
	own      map[string]any // the policy's own values, which take precedence over those of the site
}

// A versionFile is a file of a version in one language.
type versionFile struct {
	name     string
	id, lang string // from the name; lang is empty for the authoritative language
	of       *policyFiles
	info     fs.FileInfo

	matter   FrontMatter
	facts    Facts
	sum      [sha256.Size]byte  // of the file
	print    source.Fingerprint // of the file, if it has one
	uses     []resolve.Use      // what its text depends on besides the file
	problems source.Problems
	failed   bool // it cannot be part of a version
	unsure   bool // its front matter has a problem, so a date may be missing
}

func (l *loader) sorted() []*policyFiles {
	return slices.SortedFunc(maps.Values(l.policies),
		func(a, b *policyFiles) int { return strings.Compare(a.slug, b.slug) })
}

// find finds policies and the files of their versions.
func (l *loader) find() {
	entries, err := fs.ReadDir(l.fsys, l.Folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		l.problems = append(l.problems, source.ReadProblem(l.Folder, err))
		return
	}
	if len(entries) == 0 {
		l.problem(source.In(l.Folder), "no-policies", fmt.Sprintf("the folder %q has no policies", l.Folder),
			"start one with: privgen new privacy")
		return
	}
	for _, e := range entries {
		name := path.Join(l.Folder, e.Name())
		if skip(e.Name()) || l.keep(e) {
			continue
		}
		info, ok := l.stat(name, e)
		if !ok {
			continue
		}
		switch stem, isText := strings.CutSuffix(e.Name(), ".md"); {
		case info.IsDir():
			s := l.policyFiles(e.Name(), name)
			l.findVersions(s, name)
		case isText:
			slug, lang := splitLanguage(stem)
			s := l.policyFiles(slug, name)
			if lang == "" {
				s.short = name
			}
			l.add(s, &versionFile{name: name, lang: lang, info: info})
		}
	}
	if len(l.policies) == 0 && len(l.problems) == 0 {
		l.problem(source.In(l.Folder), "no-policies", fmt.Sprintf("the folder %q has no policies", l.Folder),
			"start one with: privgen new privacy")
	}
}

// skip reports whether a name is not that of a policy or a version: a hidden file,
// shared clauses or data, a backup file of an editor.
func skip(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || strings.HasSuffix(name, "~") ||
		strings.HasPrefix(name, "#")
}

func (l *loader) stat(name string, e fs.DirEntry) (fs.FileInfo, bool) {
	info, err := e.Info()
	if err == nil && e.Type()&fs.ModeSymlink != 0 {
		info, err = fs.Stat(l.fsys, name)
	}
	if err != nil {
		l.problems = append(l.problems, source.ReadProblem(name, err))
	}
	return info, err == nil
}

// policyFiles returns the entry for the files of one policy, which it creates if necessary.
func (l *loader) policyFiles(slug, name string) *policyFiles {
	s := l.policies[slug]
	if s == nil {
		if p := CheckSlug(source.In(name), "name", slug, l.Reserved); p != nil {
			l.problems = append(l.problems, p)
		}
		s = &policyFiles{slug: slug}
		l.policies[slug] = s
	}
	return s
}

func (l *loader) add(s *policyFiles, f *versionFile) {
	f.of = s
	s.files = append(s.files, f)
	l.files = append(l.files, f)
}

func (l *loader) findVersions(s *policyFiles, dir string) {
	s.dir = dir
	refuse := func(p *source.Problem) (refused bool) {
		if p != nil {
			l.problems, s.wrong = append(l.problems, p), true
		}
		return p != nil
	}
	entries, err := fs.ReadDir(l.fsys, dir)
	if err != nil {
		refuse(source.ReadProblem(dir, err))
		return
	}
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		stem, isText := strings.CutSuffix(e.Name(), ".md")
		id, lang := splitLanguage(stem)
		switch {
		case e.Name() == "policy.toml":
			s.toml = name
		case skip(e.Name()):
		case e.IsDir() && !isText:
			refuse(inFolder(l.fsys, name))
		case !isText:
			refuse(notRead(l.fsys, name, entries))
		case id == draftID && (l.Drafts == nil || !l.Drafts(s.slug)):
			s.draft = true
		case id != draftID && refuse(CheckSlug(source.In(name), "version", id, reservedIDs)):
		default:
			s.draft = s.draft || id == draftID
			info, ok := l.stat(name, e)
			if !ok {
				s.wrong = true
				continue
			}
			l.add(s, &versionFile{name: name, id: id, lang: lang, info: info})
		}
	}
}

// unread reports whether a policy has only a draft, which the caller did not request.
func (l *loader) unread(s *policyFiles) bool { return s.draft && len(s.files) == 0 && !s.wrong }

// splitLanguage splits the stem of a file's name into a name and a language tag:
// 2026-01-01.pt-BR. If its last part is not a language, it belongs to the name.
func splitLanguage(stem string) (name, lang string) {
	i := strings.LastIndexByte(stem, '.')
	if i <= 0 || !isLanguage(stem[i+1:]) {
		return stem, ""
	}
	return stem[:i], stem[i+1:]
}

func isLanguage(tag string) bool {
	if len(tag) < 2 || tag[0] >= '0' && tag[0] <= '9' {
		return false
	}
	_, err := language.Parse(tag)
	return err == nil
}
