package history

import (
	"bytes"
	"crypto/sha256"
	"path"
	"strings"
)

// This file makes links from one imported text to another lead to its policy. In
// the source they lead to a file or a page of another site.

// A linker knows the policies by their sources.
type linker map[string]string // the slug by normalized path or URL; empty: several have it

func newLinker(docs []*Document) linker {
	l := linker{}
	for _, d := range docs {
		for i := range d.States {
			if key := placeOf(d.States[i].Source); key != "" {
				if slug, ok := l[key]; ok && slug != d.Slug {
					l[key] = ""
				} else {
					l[key] = d.Slug
				}
			}
		}
	}
	return l
}

// placeOf returns what the paths and URLs of one text share: content/terms, of
// content/terms/index.md and /content/terms/.
func placeOf(s string) string {
	if _, rest, ok := strings.Cut(s, "://"); ok {
		s = "//" + strings.TrimPrefix(rest, "www.")
	}
	s, _, _ = strings.Cut(s, "#")
	s, _, _ = strings.Cut(s, "?")
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
func (l linker) find(dest, from string) string {
	if strings.Contains(dest, "://") {
		return l[placeOf(dest)]
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
	if slug, ok := l[key]; ok {
		return slug
	}
	found := ""
	for place, slug := range l { // the site's pages are in a folder of the repository
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

// rewrite returns a text of a policy in which links to policies lead to them, with
// the number of these links and of those that lead to other places of the source.
func (l linker) rewrite(text []byte, slug, from string) (out []byte, linked, left int) {
	return replaceLinks(text, func(dest string) string {
		other := l.find(dest, from)
		switch {
		case strings.HasPrefix(dest, "#"):
		case other == slug && strings.Contains(dest, "#"):
			return dest[strings.IndexByte(dest, '#'):]
		case other != "":
			linked++
			return "../" + other + ".md"
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

// withoutLinks returns the digest of a text without the destinations of its links,
// which depend on what was imported with it.
func withoutLinks(text []byte) digest {
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	return sha256.Sum256(replaceLinks(text, func(string) string { return "" }))
}
