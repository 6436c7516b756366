package release

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

// This file starts drafts.

// Draft returns the files of the next draft of a policy: the texts of the version
// in force at an instant, or of the newest if none is. They are copied as they
// were written, with their values and shared clauses.
func (s *Start) Draft(p *policy.Policy, now time.Time) (map[string][]byte, source.Problems, error) {
	v := p.At(now).Current()
	if v == nil {
		v = p.Versions[len(p.Versions)-1]
	}
	made := map[string][]byte{}
	for _, t := range v.Texts {
		name := "draft.md"
		if t != v.Authoritative() {
			name = "draft." + t.Lang + ".md"
		}
		raw, err := fs.ReadFile(s.Files, t.File)
		if err != nil {
			return nil, nil, err
		}
		file, problem := source.Parse(t.File, raw)
		if problem != nil {
			return nil, source.Problems{problem}, nil
		}
		text := TextOf(file)
		if t.FrontMatter.Tags == "keep" {
			text = append([]byte("+++\ntags = \"keep\"\n+++\n\n"), text...)
		}
		made[path.Join(site.Content, p.Slug, name)] = text
	}
	return made, nil, nil
}

// TextOf returns the text of a file without its front matter, which can be parsed.
func TextOf(file *source.File) []byte {
	start, _ := policy.TextStart(file)
	return bytes.TrimLeft(file.Text[start:], "\n")
}

// Unfold returns the commands that make a folder of a policy in the short form,
// which is one file and its translations.
func (s *Start) Unfold(zone *time.Location) string {
	folder := path.Join(site.Content, s.Slug)
	id := "DATE"
	if raw, err := fs.ReadFile(s.Files, folder+".md"); err == nil {
		if f, problem := source.Parse(folder+".md", raw); problem == nil {
			if m, _ := policy.ReadFrontMatter(f); !m.Effective.IsZero() {
				id = m.Effective.In(zone).String()
			}
		}
	}
	do := "make a folder of it: mkdir " + folder
	names, _ := fs.Glob(s.Files, folder+".*md") // the pattern is a slug, which has no signs of patterns
	for _, name := range names {
		do += fmt.Sprintf(" && mv %s %s/%s%s", name, folder, id, strings.TrimPrefix(name, folder))
	}
	return do
}
