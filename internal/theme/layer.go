package theme

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template/parse"

	"github.com/privgen/privgen/internal/source"
)

// This file combines the template files of the base, the theme, and the site.
// It uses package parse instead of html/template. So the position of every block
// is known, and every file is parsed even if another has a mistake. The check
// looks up functions later, and reports the position of an unknown one.

// A layer is one of the three folders of a theme.
type layer struct {
	files  fs.FS  // nil if there is none
	dir    string // the folder of templates in files
	name   string // the name of files in messages: themes/plain
	assets string // the folder of assets in files
}

// A file is a template file that no later layer replaced.
type file struct {
	*source.File        // its name is the one in messages
	name         string // policy.html
	layer        int
}

// A block is a named template: a {{define}}, or the rest of a file under the
// file's name.
type block struct {
	name string
	tree *parse.Tree
	file *file
	body bool // the rest of a file
}

// pos returns the position of an offset in the block's file.
func (b *block) pos(offset parse.Pos) source.Pos { return b.file.Pos(int(offset)) }

// start returns the position at which the block is defined.
func (b *block) start() source.Pos { return b.file.Pos(b.offset()) }

func (b *block) offset() int {
	if b.body {
		return 0
	}
	define := regexp.MustCompile(`\{\{-?\s*(?:define|block)\s+` + regexp.QuoteMeta(strconv.Quote(b.name)))
	if at := define.FindIndex(b.file.Text); at != nil {
		return at[0]
	}
	return int(b.tree.Root.Pos)
}

// reach returns the blocks that a block can call, itself first.
func (s *set) reach(name string) (blocks []*block) {
	seen := map[string]bool{}
	var enter func(name string)
	enter = func(name string) {
		if b := s.blocks[name]; b != nil && !seen[name] {
			seen[name] = true
			blocks = append(blocks, b)
			eachNode(b.tree.Root, func(n parse.Node) {
				if call, ok := n.(*parse.TemplateNode); ok {
					enter(call.Name)
				}
			})
		}
	}
	enter(name)
	return blocks
}

// draws reports whether a page uses a block.
func (s *set) draws(name string) bool {
	return slices.ContainsFunc(kinds(), func(k kind) bool {
		return slices.Contains(s.reach(k.file()), s.blocks[name])
	})
}

// A set has all blocks that are not replaced.
type set struct {
	files  map[string]*file  // by the name in messages
	blocks map[string]*block // by name
	lost   map[string]string // blocks of replaced files, and the files that replaced them
}

// readSet reads the template files of all layers.
func readSet(layers []layer) (*set, source.Problems) {
	s := &set{files: map[string]*file{}, blocks: map[string]*block{}, lost: map[string]string{}}
	var problems source.Problems
	byName := map[string]*file{}
	replaced := map[*file]*file{}
	var order []*file
	for i, l := range layers {
		files, ps := l.templates(i)
		problems = append(problems, ps...)
		for _, f := range files {
			if old := byName[f.name]; old != nil {
				if bytes.Equal(old.Text, f.Text) {
					// An equal copy is ignored, so a theme's blocks still replace
					// the original. In privgen's own repository, the site's
					// templates are the base.
					continue
				}
				replaced[old] = f
			}
			byName[f.name] = f
			order = append(order, f)
		}
	}
	for _, f := range order {
		blocks, p := f.parse()
		if by := replaced[f]; by != nil {
			for _, b := range blocks {
				s.lost[b.name] = by.Name
			}
			continue // mistakes in a replaced file do not matter
		}
		if p != nil {
			problems = append(problems, p)
		}
		s.files[f.Name] = f
		problems = append(problems, s.add(blocks)...)
	}
	return s, problems
}

func (s *set) add(blocks map[string]*block) (problems source.Problems) {
	for _, name := range slices.Sorted(maps.Keys(blocks)) {
		b := blocks[name]
		if old := s.blocks[name]; old != nil && old.file.layer == b.file.layer && !b.body {
			problems = append(problems, source.NewProblem(b.start(), "bad-template",
				fmt.Sprintf("the block %q is also defined in %v", name, old.start()), "remove one of them"))
			continue
		}
		s.blocks[name] = b
	}
	return problems
}

// templates reads the files of a layer, sorted by name.
func (l layer) templates(number int) (files []*file, problems source.Problems) {
	if l.files == nil {
		return nil, nil
	}
	entries, err := fs.ReadDir(l.files, l.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, source.Problems{source.ReadProblem(path.Join(l.name, l.dir), err)}
	}
	for _, e := range entries {
		if e.IsDir() || path.Ext(e.Name()) != ".html" || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		f, p := l.read(e.Name(), number)
		if p != nil {
			problems = append(problems, p)
			continue
		}
		files = append(files, f)
	}
	return files, problems
}

// read reads a template file of a layer.
func (l layer) read(name string, number int) (*file, *source.Problem) {
	shown := path.Join(l.name, l.dir, name)
	raw, err := fs.ReadFile(l.files, path.Join(l.dir, name))
	if err != nil {
		return nil, source.ReadProblem(shown, err)
	}
	f, problem := source.Parse(shown, raw)
	return &file{f, name, number}, problem
}

// parse returns the blocks of a file, as far as it can be parsed.
func (f *file) parse() (map[string]*block, *source.Problem) {
	trees := map[string]*parse.Tree{}
	t := parse.New(f.Name)
	t.Mode = parse.SkipFuncCheck
	_, err := t.Parse(string(f.Text), "", "", trees)
	blocks := map[string]*block{}
	for name, tree := range trees {
		if tree.Root == nil {
			continue
		}
		body := name == f.Name
		if body {
			name = f.name
			tree.Name = name
		}
		blocks[name] = &block{name, tree, f, body}
	}
	if err != nil {
		return blocks, f.syntax(err)
	}
	return blocks, nil
}

// syntax returns the problem of an error of package parse, which has only the
// line: template: NAME:LINE: MESSAGE. The column is that of the token that the
// message quotes, else of the first action in the line.
func (f *file) syntax(err error) *source.Problem {
	rest := strings.TrimPrefix(err.Error(), "template: "+f.Name+":")
	number, what, _ := strings.Cut(rest, ": ")
	line, _ := strconv.Atoi(number)
	at := source.Pos{File: f.Name, Line: max(line, 1), Col: 1}
	text := f.Line(at.Line)
	if n := strings.Count(string(f.Text), "\n") + 1; at.Line > n || (text == "" && at.Line == n) {
		at = f.Pos(len(f.Text))
	}
	column := strings.Index(text, "{{")
	_, rest, _ = strings.Cut(what, `"`)
	if quoted, qerr := strconv.QuotedPrefix(`"` + rest); qerr == nil {
		if token, _ := strconv.Unquote(quoted); token != "" && strings.Contains(text, token) {
			column = strings.LastIndex(text, token)
		}
	}
	if column > 0 {
		at.Col = len([]rune(text[:column])) + 1
	}
	what = strings.ReplaceAll(what, f.Name+":", "line ")
	return source.NewProblem(at, "bad-template", what, wayOut(what))
}

func wayOut(what string) string {
	for _, c := range []struct{ part, do string }{
		{"unexpected EOF", "an {{if}}, {{range}}, {{with}}, {{block}} or {{define}} above has no {{end}}; add it"},
		{"unexpected {{end}}",
			"remove this {{end}}, or add the {{if}}, {{range}}, {{with}}, {{block}} or {{define}} that it ends"},
		{"unexpected {{else}}", "remove this {{else}}; an {{else}} belongs to an {{if}}, {{range}} or {{with}}"},
		{"unclosed action", "close the action with }}"},
		{"unterminated", "close the text with the quote that it begins with"},
		{"undefined variable", "set the variable before, with {{$name := ...}}, in the same block"},
		{"multiple definition", "remove one of the definitions"},
		{"<define>", "a {{define}} cannot be in another block; move it to the end of the file"},
		{"comment", "write a comment as {{/* ... */}}"},
		{"outside {{range}}", "it can only be between {{range}} and its {{end}}"},
		{"missing value", "say what for, as in {{if .Summary}}"},
	} {
		if strings.Contains(what, c.part) {
			return c.do
		}
	}
	return "write it as https://pkg.go.dev/text/template describes actions, such as {{.Title}} or {{range .Policies}} ... {{end}}"
}
