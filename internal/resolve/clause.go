package resolve

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
)

// A shared is a file that texts may use: a clause, or a table.
type shared struct {
	name     string
	sum      [32]byte // digest of the text; zero if the file is missing or cannot be parsed
	there    bool     // the file exists
	problems source.Problems
}

// A clause is a parsed shared clause.
type clause struct {
	shared
	matter matter
	doc    *doc
}

// A matter is the front matter of a shared clause.
type matter struct {
	Parameters []string          `toml:"parameters" doc:"What a text that includes the clause has to give."`
	Defaults   map[string]string `toml:"defaults" doc:"What a parameter is when it is not given."`
}

// clause finds the clause that a tag names, in the language of the text.
func (r *run) clause(fr *frame, n *node) *clause {
	name, lang := n.tag.name, r.reader.Lang
	if !isName(name) {
		r.noClause(fr, n)
		return nil
	}
	for _, file := range r.resolver.clauseFiles(name, lang) {
		c := r.resolver.readClause(name, file)
		r.uses["file "+file] = c.sum
		if r.problems = append(r.problems, c.problems...); len(c.problems) > 0 {
			return nil
		}
		if c.there {
			return c
		}
	}
	if slices.Contains(r.resolver.clauseNames(), name) {
		r.problem(fr.file, n.start, "missing-translation", fmt.Sprintf("the clause %s has no text in %q", name, lang),
			fmt.Sprintf("write %s/%s.%s.md", r.resolver.Clauses, name, lang))
		return nil
	}
	r.noClause(fr, n)
	return nil
}

func (r *run) noClause(fr *frame, n *node) {
	names := r.resolver.clauseNames()
	do := fmt.Sprintf("write it: %s/%s.md", r.resolver.Clauses, n.tag.name)
	if !isName(n.tag.name) {
		do = "the name of a clause is made of lower case letters, digits and hyphens, without a path and without .md"
	}
	if len(names) > 0 && isName(n.tag.name) {
		do += ";\nthe clauses are: " + strings.Join(names[:min(len(names), 12)], ", ")
	}
	r.problem(fr.file, n.start, "no-such-clause", fmt.Sprintf("there is no clause %q", n.tag.name),
		toml.Suggest(n.tag.name, names, "{{clause %s}}", do))
}

// clauseFiles returns the files in which a clause may be for a text in a
// language, the best first.
func (s *Resolver) clauseFiles(name, lang string) []string {
	base, _, _ := strings.Cut(lang, "-")
	files := []string{name + "." + lang + ".md"}
	if base != lang {
		files = append(files, name+"."+base+".md")
	}
	if own, _, _ := strings.Cut(s.Language, "-"); own == base {
		files = append(files, name+".md")
	}
	for i := range files {
		files[i] = path.Join(s.Clauses, files[i])
	}
	return files
}

// clauseNames returns the names of the shared clauses.
func (s *Resolver) clauseNames() []string { return s.stems(s.Clauses, ".md") }

// stems returns the names of the files in a folder, without languages.
func (s *Resolver) stems(folder, ext string) []string {
	var names []string
	entries, _ := fs.ReadDir(s.Files, folder) // a missing folder has none
	for _, e := range entries {
		stem, ok := strings.CutSuffix(e.Name(), ext)
		stem, _, _ = strings.Cut(stem, ".")
		if ok && isName(stem) && !slices.Contains(names, stem) {
			names = append(names, stem)
		}
	}
	return names
}

// readClause returns a clause. It reads each file once.
func (s *Resolver) readClause(name, file string) *clause {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.clauses[file]
	if c == nil {
		c = &clause{}
		s.clauses[file] = c
		var f *source.File
		if c.shared, f = s.read(name, file); f != nil {
			c.take(f)
		}
	}
	return c
}

// read reads a file of the resolver. A missing file is not a problem here.
func (s *Resolver) read(name, file string) (shared, *source.File) {
	raw, err := fs.ReadFile(s.Files, file)
	if errors.Is(err, fs.ErrNotExist) {
		return shared{name: name}, nil
	}
	if err != nil {
		return shared{name: name, there: true, problems: source.Problems{source.ReadProblem(file, err)}}, nil
	}
	f, problem := source.Parse(file, raw)
	if problem != nil {
		return shared{name: name, there: true, problems: source.Problems{problem}}, nil
	}
	return shared{name: name, there: true, sum: sha256.Sum256(f.Text)}, f
}

// take parses the file of a clause.
func (c *clause) take(f *source.File) {
	start := 0
	var places *toml.Places
	if from, to, text, ok := toml.FrontMatter(f.Text); ok {
		places, c.problems = toml.Decode(f, from, to, &c.matter)
		start = text
	} else if bytes.HasPrefix(f.Text, []byte("+++\n")) {
		c.problems = append(c.problems, source.NewProblem(source.In(f.Name), "front-matter-open",
			"the front matter that begins here is not closed",
			"write a line of +++ after its last key, before the text"))
		return
	}
	body := bytes.TrimRight(f.Text[start:], " \t\n")
	end := start + len(body)
	if i := bytes.IndexFunc(body, func(r rune) bool { return !unicode.IsSpace(r) }); i >= 0 {
		start += bytes.LastIndexByte(body[:i], '\n') + 1 // blank lines
	} else {
		c.problems = append(c.problems, source.NewProblem(f.Pos(start), "no-text", "the clause has no text",
			"write its text, or remove the file and the tags that include it"))
		return
	}
	doc, problems := parse(f, start, end)
	c.doc, c.problems = doc, append(c.problems, problems...)
	if len(c.problems) == 0 {
		c.declared(places)
	}
}

// declared checks that each parameter is used, and that each default has a
// parameter.
func (c *clause) declared(places *toml.Places) {
	used := map[string]bool{}
	names(c.doc.nodes, used)
	for i, p := range c.matter.Parameters {
		at := func() source.Pos { return places.Value("parameters", strconv.Itoa(i)) }
		switch {
		case !isName(p) || slices.Contains(keywords, p):
			c.problems = append(c.problems, source.NewProblem(at(), "bad-name",
				fmt.Sprintf("%q cannot be the name of a parameter", p),
				"use lower case letters, digits, hyphens and underscores, such as days; "+
					"if, else, end, clause and table are taken"))
		case p == "level":
			c.problems = append(c.problems, source.NewProblem(at(), "bad-name",
				`"level" cannot be the name of a parameter`,
				"choose another; level says at which level a clause is included"))
		case !used[p]:
			c.problems = append(c.problems, source.NewProblem(at(), "wrong-parameter",
				fmt.Sprintf("the parameter %s is not used in the clause", p),
				fmt.Sprintf("write {{%s}} where it belongs, or remove it from the list", p)))
		}
	}
	for p := range c.matter.Defaults {
		if !slices.Contains(c.matter.Parameters, p) {
			c.problems = append(c.problems, source.NewProblem(places.Key("defaults", p), "wrong-parameter",
				fmt.Sprintf("%s has a default, and is no parameter", p),
				fmt.Sprintf("write it in the list as well: parameters = [..., %q]", p)))
		}
	}
}

// names adds the names of the values that nodes use.
func names(list []node, into map[string]bool) {
	for _, n := range list {
		if n.tag == nil {
			continue
		}
		if n.kind == value || n.tag.test != nil {
			into[n.tag.name] = true
		}
		for _, a := range n.tag.given {
			if !a.quoted {
				into[a.text] = true
			}
		}
		names(n.then, into)
		names(n.els, into)
	}
}

// arguments returns the values of a clause's parameters, and the level that a tag sets,
// or 0.
func (r *run) arguments(fr *frame, n *node, c *clause) (given map[string]Value, level int, ok bool) {
	given, ok = map[string]Value{}, true
	for _, a := range n.tag.given {
		switch {
		case a.name == "level" && !slices.Contains(c.matter.Parameters, "level"):
			var err error
			if level, err = strconv.Atoi(a.text); err != nil || level < 1 || level > 6 {
				r.problem(fr.file, a.at, "wrong-parameter", fmt.Sprintf("%q is not the level of a heading", a.text),
					"write a number from 1 to 6: level=3")
				ok = false
			}
		case !slices.Contains(c.matter.Parameters, a.name):
			do := fmt.Sprintf("the clause has no parameters; to declare it, write parameters = [%q] in the front "+
				"matter of %s", a.name, c.doc.file.Name)
			if list := c.matter.Parameters; len(list) > 0 {
				do = toml.Suggest(a.name, list, "%s", "its parameters are: "+strings.Join(list, ", "))
			}
			r.problem(fr.file, a.at, "wrong-parameter",
				fmt.Sprintf("the clause %s has no parameter %q", c.name, a.name), do)
			ok = false
		case a.quoted:
			given[a.name] = Value{text: a.text, lang: r.reader.Lang}
		default:
			v, there := r.value(fr, a.text, a.at, false)
			given[a.name] = v
			ok = ok && there
		}
	}
	for _, p := range c.matter.Parameters {
		if _, there := given[p]; there {
			continue
		}
		if text, there := c.matter.Defaults[p]; there {
			given[p] = Value{text: text, lang: r.reader.Lang}
		} else if ok {
			r.problem(fr.file, n.start, "wrong-parameter",
				fmt.Sprintf("the clause %s needs the parameter %s", c.name, p),
				fmt.Sprintf("write {{clause %s %s=\"...\"}}, or give it a default in %s", c.name, p, c.doc.file.Name))
			ok = false
		}
	}
	return given, level, ok
}

// sum returns the current digest of what a Use names, or zero if it does not exist.
func (s *Resolver) sum(name string, r Reader) [32]byte {
	what, rest, _ := strings.Cut(name, " ")
	switch {
	case what == "language":
		return sha256.Sum256([]byte(r.Lang))
	case what == "value":
		v, ok, missing := s.value(rest, r)
		if !ok || missing != "" {
			return [32]byte{}
		}
		return sha256.Sum256(v.sum())
	case strings.HasSuffix(rest, ".md"):
		stem, _, _ := strings.Cut(path.Base(rest), ".")
		return s.readClause(stem, rest).sum
	}
	return s.readTable(strings.TrimSuffix(path.Base(rest), ".toml"), rest).sum
}
