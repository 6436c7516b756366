package policy

import (
	"fmt"
	"io/fs"
	"strings"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/normal"
	"github.com/privgen/privgen/internal/resolve"
	"github.com/privgen/privgen/internal/source"
)

// A textReader reads the texts of version files. Load, Library.Body, and
// Library.Settle all use it, so they see the same text. It is safe for concurrent
// use.
type textReader struct {
	fsys     fs.FS
	resolver *resolve.Resolver
	renderer *markdown.Renderer
}

// A parsedText is the text of a version file, resolved and parsed.
type parsedText struct {
	file  *source.File // resolved
	start int          // offset in file at which the text begins
	uses  []resolve.Use
	body  *markdown.Body
}

// open reads a file and checks that it is text. The error is one of reading.
func (r *textReader) open(name string) (*source.File, *source.Problem, error) {
	raw, err := fs.ReadFile(r.fsys, name)
	if err != nil {
		return nil, nil, err
	}
	f, problem := source.Parse(name, raw)
	return f, problem, nil
}

// parse resolves and parses the text that begins at an offset of a file. If a tag
// has a problem, the text is nil.
func (r *textReader) parse(f *source.File, start int, who resolve.Reader, rules markdown.Rules) (*parsedText,
	source.Problems) {
	text, problems := r.resolver.Resolve(f, start, who)
	if problems != nil {
		return nil, problems
	}
	body, problems := r.renderer.Parse(text.File, start, rules)
	return &parsedText{text.File, start, text.Uses, body}, problems
}

// facts returns the facts that a library keeps about the text.
func (t *parsedText) facts() Facts {
	normal, whole := normal.Digest(t.file.Text[t.start:])
	return Facts{Digest: whole, Normal: normal, Title: strings.TrimSpace(t.body.Title()), Refs: t.body.Refs()}
}

// body reads a text again. The error is one of reading, or ErrChanged.
func (r *textReader) body(t *Text) (*markdown.Body, error) {
	f, problem, err := r.open(t.File)
	if err != nil {
		return nil, err
	}
	if problem != nil {
		return nil, fmt.Errorf("%v", problem)
	}
	_, _, start, _ := splitFrontMatter(f)
	who := resolve.Reader{Lang: t.Lang, Own: t.Version.own, Keep: t.FrontMatter.Tags == "keep"}
	text, problems := r.resolver.Resolve(f, start, who)
	if problems != nil {
		return nil, fmt.Errorf("%v", problems[0])
	}
	if _, whole := normal.Digest(text.File.Text[start:]); whole != t.Digest {
		return nil, fmt.Errorf("read %s: %w", t.File, ErrChanged)
	}
	return r.renderer.Again(text.File, start, t.FrontMatter.rules(t.Version.Policy.Rules)), nil
}
