package site

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/tree"
)

// An Attachment is a file that some text shows or links to, a picture of the config,
// or a static file. Its published name contains its digest, like the names of a
// theme's assets, unless it is static.
type Attachment struct {
	Path   string            // in the tree
	Media  string            // its media type
	Sum    [sha256.Size]byte // of its content when the site was loaded
	Static bool              // it is in the folder static, and its name has no digest
	active string            // the reason why it is active content, or empty
}

// A shownFile is a file that a text shows or links to: the destination in the text, and
// its path in the site.
type shownFile struct{ dest, name string }

// filesOf returns the files that a text shows or links to, in the form of the record:
// the destination in the text and the digest.
func (s *Site) filesOf(t *policy.Text) []string {
	var out []string
	for _, f := range s.shown[t] {
		sum := s.Files[f.name].Sum
		one := f.dest + " " + hex.EncodeToString(sum[:])
		if !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	return out
}

// attach finds the files that texts show or link to.
func (s *Site) attach(in Input, last *Site) source.Problems {
	var problems source.Problems
	s.Files, s.shown = map[string]Attachment{}, map[*policy.Text][]shownFile{}
	for _, p := range s.Library.Policies {
		for t := range p.Texts() {
			for _, r := range t.Refs {
				to, ok := s.Library.Resolve(t, r.Dest)
				if !ok || to.File == "" {
					continue
				}
				s.shown[t] = append(s.shown[t], shownFile{r.Dest, to.File})
				a, problem := s.attachment(to.File, in, last)
				if problem == nil && a.active != "" && p.Rules.Active != "publish" {
					problem = activeProblem(r.Pos, to.File, a.active)
				}
				if problem != nil {
					problems = append(problems, problem)
				}
			}
		}
	}
	return problems
}

// attachment returns a file that a text shows or links to. It reads the file only if
// this load has not, and if the last load has not or the file changed since.
func (s *Site) attachment(name string, in Input, last *Site) (Attachment, *source.Problem) {
	if a, known := s.Files[name]; known {
		return a, nil
	}
	if last != nil && !in.Changed.Touch(name) {
		if a, known := last.Files[name]; known {
			s.Files[name] = a
			return a, nil
		}
	}
	if device := source.Device(path.Base(name)); device != "" {
		return Attachment{}, source.NewProblem(source.In(name), "bad-asset",
			fmt.Sprintf("no file on Windows can have the name %q", device), "rename the file, and the links to it")
	}
	content, err := s.Library.ReadFile(name)
	if err != nil {
		return Attachment{}, source.ReadProblem(name, err)
	}
	sum := sha256.Sum256(content)
	a := Attachment{Path: assetPath(name, sum), Media: mediaType(name), Sum: sum, active: active(name, content)}
	s.Files[name] = a
	return a, nil
}

// loadPictures finds the pictures that [site] names. Their paths are part of the key of
// every page.
func (s *Site) loadPictures(in Input, last *Site, h *tree.Hash) (problems source.Problems) {
	for _, one := range []struct{ key, name string }{
		{"logo", s.Config.Site.Logo}, {"logo_dark", s.Config.Site.LogoDark}, {"icon", s.Config.Site.Icon},
	} {
		if one.name == "" {
			continue
		}
		at := s.Config.At("site", one.key)
		first, rest, _ := strings.Cut(one.name, "/")
		if !fs.ValidPath(one.name) || first != staticFolder && first != Content || strings.Contains("/"+rest, "/.") {
			problems = append(problems, source.NewProblem(at, "bad-asset",
				fmt.Sprintf("%q is not a path of a file in static or content", one.name),
				fmt.Sprintf("put the file in the folder static, and write %s = \"static/%s\"", one.key,
					path.Base(one.name))))
			continue
		}
		a, problem := s.attachment(one.name, in, last)
		switch {
		case problem != nil && problem.Code != "bad-asset":
			problem = source.NewProblem(at, "no-such-file",
				fmt.Sprintf("the file %q cannot be read: %s", one.name, problem.What),
				"put a picture there, or write the path of one in static")
		case problem == nil && !strings.HasPrefix(staticType(one.name), "image/"):
			problem = source.NewProblem(at, "bad-asset",
				fmt.Sprintf("%q is not a picture that browsers show", one.name),
				"name an SVG, PNG, JPEG, WebP, AVIF, GIF, or ICO file")
		case a.active != "" && s.Config.Markdown.Active != "publish":
			problem = activeProblem(at, one.name, a.active)
		}
		if problem != nil {
			problems = append(problems, problem)
		}
		h.Texts(one.key, a.Path)
	}
	return problems
}

func activeProblem(at source.Pos, name, what string) *source.Problem {
	return source.NewProblem(at, "active-content",
		fmt.Sprintf("the file %q can run code in readers' browsers: %s", name, what),
		"link to a picture, a PDF or a text instead, or remove that from the file;\n"+
			"to publish it as it is, write in privgen.toml: [markdown] active_files = \"publish\"")
}

// assetPath returns the path of a file in the tree, which contains its digest.
func assetPath(name string, sum [sha256.Size]byte) string {
	ext := path.Ext(name)
	stem := strings.TrimSuffix(path.Base(name), ext)
	stem = strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, stem), "-")
	if stem == "" {
		stem = "file"
	}
	return "assets/" + stem + "." + hex.EncodeToString(sum[:6]) + strings.ToLower(ext)
}

// mediaTypes are the media types of files that texts show or link to.
var mediaTypes = map[string]string{
	".avif": "image/avif", ".gif": "image/gif", ".jpeg": "image/jpeg", ".jpg": "image/jpeg", ".png": "image/png",
	".svg": "image/svg+xml", ".webp": "image/webp", ".pdf": "application/pdf", ".txt": "text/plain; charset=utf-8", ".csv": "text/csv; charset=utf-8",
	".json": "application/json", ".odt": "application/vnd.oasis.opendocument.text", ".zip": "application/zip",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

func mediaType(name string) string {
	if t, ok := mediaTypes[strings.ToLower(path.Ext(name))]; ok {
		return t
	}
	return "application/octet-stream"
}
