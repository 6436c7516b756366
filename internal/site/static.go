package site

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/privgen/privgen/internal/source"
)

// This file finds the files of the folder static, which are copied to the site
// unchanged. None can have the path of a page or of a file that privgen writes.

// staticFolder is the folder of the files that are copied to the site unchanged.
const staticFolder = "static"

// ownFiles are files that privgen writes at the root of a site, in addition to the
// reserved names.
var ownFiles = []string{"_headers", "_redirects", "policies.json"}

// left are common hidden files, which are skipped without a problem.
var left = []string{".DS_Store", ".gitkeep", ".gitignore", ".gitattributes"}

// findStatic returns the paths of the static files, relative to the folder static,
// and the problems of others. A site without the folder has none.
func findStatic(files fs.FS) (map[string]bool, source.Problems) {
	found := map[string]bool{}
	var problems source.Problems
	fs.WalkDir(files, staticFolder, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type()&fs.ModeSymlink != 0 {
			_, err = fs.Stat(files, name)
		}
		rel := strings.TrimPrefix(strings.TrimPrefix(name, staticFolder), "/")
		switch {
		case name == staticFolder && errors.Is(err, fs.ErrNotExist):
			return fs.SkipAll
		case err != nil:
			problems = append(problems, source.ReadProblem(name, err))
		case rel == "" && !d.IsDir():
			problems = append(problems, source.NewProblem(source.In(name), "bad-asset", "this is a file, and no folder",
				"make a folder of this name, for files that are copied to the site unchanged"))
		case rel == "" || slices.Contains(left, d.Name()) && !d.IsDir():
		case strings.HasPrefix(d.Name(), ".") && rel != ".well-known":
			problems = append(problems, source.NewProblem(source.In(name), "bad-asset",
				fmt.Sprintf("%q is hidden, and hidden files are not published", d.Name()),
				"remove it, or rename it; of hidden folders, only static/.well-known is published"))
		case !d.IsDir() && !d.Type().IsRegular():
			problems = append(problems, source.NewProblem(source.In(name), "bad-asset", "this is not a regular file",
				"put a copy of its content in its place"))
		case strings.ContainsAny(rel, `\:*?"<>|`):
			problems = append(problems, source.NewProblem(source.In(name), "bad-asset",
				fmt.Sprintf("the name %q cannot be one on every system", d.Name()), "rename the file"))
		case source.Device(d.Name()) != "" || strings.HasSuffix(d.Name(), ".") || strings.HasSuffix(d.Name(), " ") ||
			strings.ContainsFunc(d.Name(), unicode.IsControl):
			problems = append(problems, source.NewProblem(source.In(name), "bad-asset",
				fmt.Sprintf("no file on Windows can have the name %q", d.Name()),
				"rename it; Windows keeps names such as con, aux, nul, and com1 for devices, also with an extension,\n"+
					"and no name ends with a dot or a space, or has a control character"))
		case !d.IsDir():
			found[rel] = true
			return nil
		default:
			return nil
		}
		if err == nil && rel == "" || d == nil || !d.IsDir() {
			return nil
		}
		return fs.SkipDir
	})
	return found, problems
}

// loadStatic adds the static files to the files of the site.
func (s *Site) loadStatic(static map[string]bool, last *Site) (problems source.Problems) {
	taken := s.taken()
	for rel := range static {
		name := path.Join(staticFolder, rel)
		first, _, _ := strings.Cut(rel, "/")
		if by := taken[strings.ToLower(first)]; by != "" {
			problems = append(problems, source.NewProblem(source.In(name), "path-taken",
				fmt.Sprintf("the site has %q already: it is for %s", first, by), "rename the file or folder in static"))
			continue
		}
		if last != nil {
			s.Files[name] = last.Files[name]
			continue
		}
		content, err := s.Library.ReadFile(name)
		if err != nil {
			problems = append(problems, source.ReadProblem(name, err))
			continue
		}
		s.Files[name] = Attachment{Path: rel, Media: staticType(rel), Sum: sha256.Sum256(content), Static: true,
			active: active(name, content)}
	}
	return problems
}

// taken returns the names at the root of the site that static files cannot have,
// with their use.
func (s *Site) taken() map[string]string {
	taken := map[string]string{}
	for _, name := range slices.Concat(reserved, ownFiles) {
		taken[name] = "a page or file that privgen writes"
	}
	if s.Config.Output.Writes("llms") {
		taken["llms.txt"] = "a file that privgen writes"
	}
	for _, p := range s.Library.Policies {
		for _, slug := range append([]string{p.Slug}, p.Settings.Formerly...) {
			taken[slug] = "the policy in " + p.File
		}
		for _, lang := range p.Languages() {
			taken[strings.ToLower(lang)] = "pages in this language, such as that of " + p.File
		}
	}
	for _, slug := range s.Library.Unpublished {
		taken[slug] = "the policy in " + path.Join(Content, slug)
	}
	return taken
}

// staticTypes are the media types of static files, in addition to mediaTypes.
var staticTypes = map[string]string{
	".ico": "image/x-icon", ".html": "text/html; charset=utf-8", ".xml": "application/xml", ".css": "text/css; charset=utf-8",
	".js": "text/javascript; charset=utf-8", ".webmanifest": "application/manifest+json", ".woff2": "font/woff2",
	".asc": "text/plain; charset=utf-8", ".md": "text/markdown; charset=utf-8",
}

func staticType(name string) string {
	if t, ok := staticTypes[strings.ToLower(path.Ext(name))]; ok {
		return t
	}
	return mediaType(name)
}
