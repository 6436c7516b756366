package policy

import (
	"fmt"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/source"
)

// This file reads the texts that corrections replaced. Each is in a file beside
// that of its version, as plain Markdown without front matter.

// Earlier returns a text as it was before a correction, from the file with this
// name. It belongs to the same version, and Body reads it like any other text.
func (l *Library) Earlier(t *Text, name string) (*Text, error) {
	f, problem, err := l.texts.open(name)
	if err != nil {
		return nil, err
	}
	if problem != nil {
		return nil, fmt.Errorf("%v", problem)
	}
	text := l.texts.plain(f, t.Version.Policy.Rules)
	m := t.FrontMatter
	m.Tags, m.Aliases = "keep", nil
	return &Text{Version: t.Version, Lang: t.Lang, File: name, FrontMatter: m, Facts: text.facts()}, nil
}

// EarlierBody parses bytes as an earlier text of a version.
func (l *Library) EarlierBody(t *Text, name string, raw []byte) (*markdown.Body, error) {
	f, problem := source.Parse(name, raw)
	if problem != nil {
		return nil, fmt.Errorf("%v", problem)
	}
	return l.texts.plain(f, t.Version.Policy.Rules).body, nil
}

// plain parses a file that has neither front matter nor tags. Its problems are
// ignored: the text was published.
func (r *textReader) plain(f *source.File, rules markdown.Rules) *parsedText {
	body, _ := r.renderer.Parse(f, 0, rules)
	return &parsedText{file: f, body: body}
}
