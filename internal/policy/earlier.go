package policy

import (
	"fmt"
	"io/fs"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/source"
)

// This file reads the texts that corrections replaced. Each is kept in a file
// beside that of its version, as plain Markdown without front matter.

// Earlier returns a text as it was before a correction, from the file that keeps
// it. It belongs to the same version, and Body reads it like any other.
func (l *Library) Earlier(t *Text, name string) (*Text, error) {
	raw, err := fs.ReadFile(l.fsys, name)
	if err != nil {
		return nil, err
	}
	f, b, err := l.earlier(t, name, raw)
	if err != nil {
		return nil, err
	}
	m := t.Matter
	m.Tags, m.Aliases = "keep", nil
	return &Text{Version: t.Version, Lang: t.Lang, File: name, Matter: m, Facts: factsOf(f, 0, b)}, nil
}

// EarlierBody parses a text that may become an earlier text of a version.
func (l *Library) EarlierBody(t *Text, name string, raw []byte) (*markdown.Body, error) {
	_, b, err := l.earlier(t, name, raw)
	return b, err
}

func (l *Library) earlier(t *Text, name string, raw []byte) (*source.File, *markdown.Body, error) {
	f, problem := source.Parse(name, raw)
	if problem != nil {
		return nil, nil, fmt.Errorf("%v", problem)
	}
	b, _ := l.renderer.Parse(f, 0, t.Version.Policy.Rules)
	return f, b, nil
}
