package release

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

// A Start is a policy, a version, or a draft that is started.
type Start struct {
	Files    fs.FS // the site's folder
	Slug     string
	Title    string // of a new policy; by default it follows from the slug
	Language string // of a new policy or a translation; empty for the site's or the policy's own
}

// Dated returns a text with the date on which it takes effect, and that date: the
// one in its front matter, or else when.
func (s *Start) Dated(file *source.File, matter policy.FrontMatter, when day.Day) ([]byte, day.Day) {
	if !matter.Effective.IsZero() {
		return file.Text, matter.Effective.In(time.UTC)
	}
	text := fmt.Appendf(nil, "+++\neffective = %s\n", when)
	if rest, has := bytes.CutPrefix(file.Text, []byte("+++\n")); has {
		return append(text, rest...), when
	}
	return append(append(text, "+++\n\n"...), file.Text...), when
}

// Text returns the text of a policy to fill in. It cannot be released before all
// of its placeholders are replaced.
func (s *Start) Text() []byte { return fmt.Appendf(nil, startText, cmp.Or(s.Title, titleOf(s.Slug))) }

// Settings returns the policy.toml of a new policy.
func (s *Start) Settings() []byte {
	b := fmt.Appendf(nil, "title = %q\nkind = %q\n", cmp.Or(s.Title, titleOf(s.Slug)), kindOf(s.Slug))
	if s.Language != "" {
		b = fmt.Appendf(b, "language = %q\n", s.Language)
	}
	return b
}

// FreeID returns the id of a new version that takes effect on a day.
func (s *Start) FreeID(when day.Day) (string, error) {
	return freeID(s.Files, path.Join(site.Content, s.Slug), when)
}

const startText = `# %s

## Who we are

[[Name and address of your organization, and how to reach it]]

## What this policy is about

[[What it covers, and what it does not]]

## Your rights

[[What readers can ask for, and how]]

## Changes to this policy

[[How readers learn of a new version]]
`

func titleOf(slug string) string {
	words := strings.ReplaceAll(slug, "-", " ")
	switch slug {
	case "privacy":
		words = "privacy policy"
	case "cookies":
		words = "cookie policy"
	case "terms":
		words = "terms of service"
	}
	return strings.ToUpper(words[:1]) + words[1:]
}

func kindOf(slug string) string {
	for _, kind := range []string{"privacy", "cookies", "terms"} {
		if strings.Contains(slug, strings.TrimSuffix(kind, "s")) {
			return kind
		}
	}
	return "other"
}
