package release

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/markdown/lines"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

// This file starts versions and drafts.

// A Start starts a version or a draft.
type Start struct {
	Files    fs.FS // the site's folder
	Slug     string
	Language string // of a translation; empty for the policy's own
}

// Dated returns a file's text with a date in its front matter, and the day of that date.
// If the front matter has no date, it is when.
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

// FreeID returns the id of a new version that takes effect on a day.
func (s *Start) FreeID(when day.Day) (string, error) {
	return freeID(s.Files, nil, path.Join(site.Content, s.Slug), when)
}

// Draft returns the files of the next draft of a policy, and the name of the main
// one. They are copies of the texts of the version in force at an instant, or of the
// newest if none is, with their tags. For another language than the policy's own, the
// main file is the translation into it, and existing files of the draft do not change.
// If the version has no text in the language, the translation has placeholders.
func (s *Start) Draft(p *policy.Policy, now time.Time) (main string, made map[string][]byte, err error) {
	made = map[string][]byte{}
	v := p.At(now).Current()
	if v == nil && len(p.Versions) > 0 {
		v = p.Versions[len(p.Versions)-1]
	}
	translated := s.Language != "" && s.Language != p.Language
	main = s.draftName("")
	if translated {
		main = s.draftName(s.Language)
	}
	if err := s.CheckDraft(main); err != nil {
		return "", nil, err
	}
	if v != nil {
		if made, err = s.copies(v, func(name string) bool { return p.Draft == nil || name == main }); err != nil {
			return "", nil, err
		}
	}
	if translated && made[main] == nil {
		original := p.Draft
		if original == nil {
			original = v
		}
		file, err := s.read(original.Authoritative())
		if err != nil {
			return "", nil, err
		}
		made[main] = toTranslate(file, p.Rules)
	}
	return main, made, nil
}

// copies returns the texts of a version as they were written, by the names of their
// drafts, for the names that are wanted.
func (s *Start) copies(v *policy.Version, wanted func(name string) bool) (map[string][]byte, error) {
	made := map[string][]byte{}
	for _, t := range v.Texts {
		name := s.draftName("")
		if t != v.Authoritative() {
			name = s.draftName(t.Lang)
		}
		if !wanted(name) {
			continue
		}
		file, err := s.read(t)
		if err != nil {
			return nil, err
		}
		text := s.TextOf(file)
		if t.FrontMatter.Tags == "keep" {
			text = append([]byte("+++\ntags = \"keep\"\n+++\n\n"), text...)
		}
		made[name] = text
	}
	return made, nil
}

// CheckDraft returns an error if a draft with this name exists.
func (s *Start) CheckDraft(name string) error {
	if _, err := fs.Stat(s.Files, name); err != nil {
		return nil
	}
	do := "edit that one, or move it to another folder"
	if s.Language == "" {
		do += "\nto translate it: privgen new " + s.Slug + " --draft --language de"
	}
	return source.Usage("there is already a draft: "+name, do)
}

// CheckLanguage returns an error if the language is not a tag in its canonical form,
// which file names and URLs need.
func (s *Start) CheckLanguage() error {
	tag, err := language.Parse(s.Language)
	if s.Language == "" || err == nil && tag.String() == s.Language {
		return nil
	}
	do := "write a BCP 47 tag, such as de, en-GB or zh-Hant"
	if err == nil {
		do = fmt.Sprintf("did you mean %q?", tag)
	}
	return source.Usage(fmt.Sprintf("%q is not a language tag", s.Language), do)
}

// draftName returns the path of the draft, or of its translation into a language.
func (s *Start) draftName(lang string) string {
	if lang != "" {
		lang = "." + lang
	}
	return path.Join(site.Content, s.Slug, "draft"+lang+".md")
}

func (s *Start) read(t *policy.Text) (*source.File, error) {
	raw, err := fs.ReadFile(s.Files, t.File)
	if err != nil {
		return nil, err
	}
	file, problem := source.Parse(t.File, raw)
	if problem != nil {
		return nil, problem
	}
	return file, nil
}

// toTranslate returns a text with a placeholder for each heading, which keeps its
// id, and another before the text of each clause.
func toTranslate(file *source.File, rules markdown.Rules) []byte {
	start, _ := policy.TextStart(file)
	body, _ := markdown.NewRenderer(0).Parse(file, start, rules)
	text := file.Text
	after := map[int]int{} // the ends of headings, by their offsets
	begin := -1
	for _, line := range lines.Of(text[start:]) {
		switch {
		case line.Kind == lines.Heading && begin < 0:
			begin = start + line.Start
		case line.Kind != lines.Heading && line.Kind != lines.Underline:
			begin = -1
		}
		if begin >= 0 {
			after[begin] = start + line.End
		}
		if line.Kind == lines.Heading && !line.Underlined || line.Kind == lines.Underline {
			begin = -1
		}
	}
	plain := strings.NewReplacer("[", "(", "]", ")")
	var out []byte
	for _, c := range body.Clauses() {
		rest := text[c.Start:c.End]
		if end, ok := after[c.Start]; ok {
			out = fmt.Appendf(out, "%s [[%s]] {#%s}\n\n", strings.Repeat("#", c.Level), plain.Replace(c.Title), c.ID)
			rest = text[end:c.End]
		}
		if rest = bytes.TrimLeft(rest, "\n"); len(rest) > 0 {
			out = append(append(out, "[[Translate this passage, then remove this line]]\n\n"...), rest...)
		}
	}
	return out
}

// TextOf returns the text of a file without its front matter, which must be valid.
func (s *Start) TextOf(file *source.File) []byte {
	start, _ := policy.TextStart(file)
	return bytes.TrimLeft(file.Text[start:], "\n")
}

// Unfold returns the commands that convert a policy in the short form, which is one
// file and its translations, to a folder.
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
	names, _ := fs.Glob(s.Files, folder+".*md") // a slug has no characters with a meaning in patterns
	for _, name := range names {
		do += fmt.Sprintf(" && mv %s %s/%s%s", name, folder, id, strings.TrimPrefix(name, folder))
	}
	return do
}
