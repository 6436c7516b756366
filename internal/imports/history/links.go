package history

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/source"
)

// This file rewrites links from one imported text to another. In the source they
// lead to a file or a URL; in the site they lead to a policy.

// A linker finds policies by the paths and URLs of their sources.
type linker struct {
	slugs map[string]string // by normalized path or URL; empty: several have it
	docs  map[string]*Document
	ids   map[string]map[string]bool // of the newest texts that links with a fragment lead to, by slug

	linked, left int // links in all texts that lead to policies, and to other places of the source
}

// newLinker returns a linker of documents, and makes State.Bytes use it.
func newLinker(docs []*Document) *linker {
	l := &linker{slugs: map[string]string{}, docs: map[string]*Document{}, ids: map[string]map[string]bool{}}
	for _, d := range docs {
		l.docs[d.Slug] = d
		for i := range d.States {
			s := &d.States[i]
			if key := placeOf(s.place()); key != "" {
				if slug, ok := l.slugs[key]; ok && slug != d.Slug {
					l.slugs[key] = ""
				} else {
					l.slugs[key] = d.Slug
				}
			}
			counted := false
			s.link = func(text []byte) []byte {
				out, linked, left := l.rewrite(text, d.Slug, s.place())
				if !counted {
					l.linked, l.left, counted = l.linked+linked, l.left+left, true
				}
				return out
			}
		}
	}
	return l
}

// place returns the path or URL with which other texts link to a state.
func (s *State) place() string { return cmp.Or(s.Source, s.Origin) }

// fragment returns the fragment of a link if the newest text of the policy has that
// id, or "".
func (l *linker) fragment(dest, slug string) string {
	_, id, ok := strings.Cut(dest, "#")
	if !ok {
		return ""
	}
	ids, known := l.ids[slug]
	if !known {
		for _, s := range slices.Backward(l.docs[slug].States) {
			if s.link = nil; s.Lang != "" {
				continue
			}
			if text, err := s.Bytes(); err == nil && len(bytes.TrimSpace(text)) > 0 {
				file := &source.File{Name: s.Origin, Text: text}
				body, _ := markdown.NewRenderer(0).Parse(file, 0, markdown.Rules{HTML: "sanitize", DeadLinks: "keep",
					Images: "link", Mistakes: "keep"})
				if ids = body.IDs(); ids != nil {
					break
				}
			}
		}
		l.ids[slug] = ids
	}
	if ids[id] {
		return "#" + id
	}
	return ""
}

// placeOf returns a path or URL in one form for all ways to write it:
// content/terms for content/terms.html, content/terms/, and content/Terms/index.md.
func placeOf(s string) string {
	if _, rest, ok := strings.Cut(s, "://"); ok {
		s = "//" + strings.TrimPrefix(rest, "www.")
	}
	s, _, _ = strings.Cut(s, "#")
	s, _, _ = strings.Cut(s, "?")
	if plain, err := url.PathUnescape(s); err == nil {
		s = plain
	}
	s = strings.TrimRight(strings.ToLower(s), "/")
	switch ext := path.Ext(s); ext {
	case ".md", ".mdx", ".markdown", ".html", ".htm", ".xhtml", ".txt", ".php":
		s = strings.TrimSuffix(s, ext)
	}
	for _, generic := range []string{"index", "_index", "readme"} {
		if s == generic {
			return ""
		}
		s = strings.TrimSuffix(s, "/"+generic)
	}
	return s
}

// find returns the slug of the policy that a link leads to, or "".
func (l *linker) find(dest, from string) string {
	if strings.Contains(dest, "://") {
		return l.slugs[placeOf(dest)]
	}
	key := strings.Trim(placeOf(dest), "/")
	if !strings.HasPrefix(dest, "/") {
		key = placeOf(path.Join(path.Dir(from), dest))
		for strings.HasPrefix(key, "../") {
			key = key[3:]
		}
	}
	if key == "" || key == "." || strings.Contains(from, "://") {
		return ""
	}
	if slug, ok := l.slugs[key]; ok {
		return slug
	}
	found := ""
	for place, slug := range l.slugs { // the site may be in a folder of the repository
		if strings.HasSuffix(place, "/"+key) || slug == key {
			if slug == "" || found != "" && found != slug {
				return ""
			}
			found = slug
		}
	}
	return found
}

// isElsewhere reports whether a link needs nothing from the source's site.
func isElsewhere(dest string) bool {
	return dest == "" || strings.HasPrefix(dest, "#") || strings.HasPrefix(dest, "//") ||
		strings.HasPrefix(strings.ToLower(dest), "mailto:") || strings.HasPrefix(strings.ToLower(dest), "tel:") ||
		strings.Contains(dest, "://")
}

// rewrite returns a text whose links to imported texts lead to their policies, with
// the numbers of these links and of links to other places of the source.
func (l *linker) rewrite(text []byte, slug, from string) (out []byte, linked, left int) {
	return replaceLinks(text, func(dest string) string {
		other := l.find(dest, from)
		switch {
		case strings.HasPrefix(dest, "#"):
		case other == slug && strings.Contains(dest, "#"):
			return dest[strings.IndexByte(dest, '#'):]
		case other != "":
			linked++
			return "../" + other + ".md" + l.fragment(dest, other)
		case !isElsewhere(dest):
			left++
		}
		return dest
	}), linked, left
}

// replaceLinks replaces the destinations of links in Markdown.
func replaceLinks(text []byte, replace func(dest string) string) []byte {
	var out []byte
	done := 0
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte("]("))
		if i < 0 {
			break
		}
		at += i + 2
		end := bytes.IndexAny(text[at:], ") \t\n<>")
		if end < 0 {
			break
		}
		if dest := string(text[at : at+end]); dest != "" {
			if to := replace(dest); to != dest {
				out = append(append(out, text[done:at]...), to...)
				done = at + end
			}
		}
	}
	if done == 0 {
		return text
	}
	return append(out, text[done:]...)
}

// withoutLinks returns the digest of a text with line feeds only, and without the
// destinations of its links, which depend on what was imported with it.
func withoutLinks(text []byte) digest {
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	return sha256.Sum256(replaceLinks(text, func(string) string { return "" }))
}
