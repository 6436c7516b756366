package archtest_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// This file has the rules for text: doc comments, words, and the length of lines.

// textRules lists the rules for text.
var textRules = []rule{
	{"doc comments begin with the declared name", misnamedDocs},
	{"functions return and report", givingDocs},
	{"links in doc comments lead to a declaration", deadDocLinks},
	{"comments, messages, and documents use plain words", bannedWords},
	{"lines have at most 120 columns", longLines},
}

// A documented is a declaration with its doc comment.
type documented struct {
	names   []string // more than one for var a, b int
	doc     *ast.CommentGroup
	results bool // whether it is a function with results
}

// documentation returns the declarations of a file that have a doc comment. A
// comment above a group of constants or variables is about the group.
func documentation(f *file) (all []documented) {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			all = append(all, documented{[]string{d.Name.Name}, d.Doc, d.Type.Results != nil})
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					all = append(all, documented{[]string{s.Name.Name}, s.Doc, false})
					if !d.Lparen.IsValid() {
						all = append(all, documented{[]string{s.Name.Name}, d.Doc, false})
					}
				case *ast.ValueSpec:
					if d.Lparen.IsValid() {
						continue
					}
					var names []string
					for _, n := range s.Names {
						names = append(names, n.Name)
					}
					all = append(all, documented{names, d.Doc, false})
				}
			}
		}
	}
	return slices.DeleteFunc(all, func(d documented) bool {
		return d.doc == nil || d.doc.Text() == "" || slices.Contains(d.names, "_")
	})
}

// firstWords returns the words of a doc comment after an article.
func firstWords(d documented) []string {
	words := strings.Fields(d.doc.Text())
	if len(words) > 1 && slices.Contains([]string{"A", "An", "The"}, words[0]) {
		words = words[1:]
	}
	return words
}

func misnamedDocs(r *repo) (complaints []string) {
	for _, f := range r.code() {
		for _, d := range documentation(f) {
			first := strings.TrimRight(firstWords(d)[0], ",:;")
			first = strings.TrimSuffix(first, "'s")
			if !slices.Contains(d.names, first) {
				complaints = append(complaints, r.at(d.doc.Pos(), "the doc comment of %s begins with %q; begin with %s",
					d.names[0], first, d.names[0]))
			}
		}
	}
	return complaints
}

// givingDocs returns doc comments whose verb is not one of Go's doc comments.
func givingDocs(r *repo) (complaints []string) {
	for _, f := range r.code() {
		for _, d := range documentation(f) {
			words := firstWords(d)
			if len(words) < 3 {
				continue
			}
			verb := words[1]
			if slices.Contains([]string{"gives", "tells", "says"}, verb) || verb == "makes" && d.results && slices.Contains([]string{"a", "an"}, words[2]) {
				complaints = append(complaints, r.at(d.doc.Pos(), "%s %s; write returns, reports whether, creates, or converts", d.names[0], verb))
			}
		}
	}
	return complaints
}

// docLink matches [Name], [Type.Name], [pkg.Name], and [pkg.Type.Name].
var docLink = regexp.MustCompile(`(?:^|[\s(])\[\*?((?:[a-z]\w*\.)?[A-Z]\w*(?:\.\w+)?)\](?:[\s,.;:)']|$)`)

// deadDocLinks returns doc links to names that no package of the repository
// declares. Names of other packages are not checked.
func deadDocLinks(r *repo) (complaints []string) {
	declared := declaredNames(r)
	for _, f := range r.code() {
		groups := []*ast.CommentGroup{f.Doc}
		for _, d := range documentation(f) {
			groups = append(groups, d.doc)
		}
		for _, g := range groups {
			for line := range strings.SplitSeq(g.Text(), "\n") {
				if strings.HasPrefix(line, "\t") {
					continue // preformatted
				}
				for _, m := range docLink.FindAllStringSubmatch(line, -1) {
					pkg, name, qualified := strings.Cut(m[1], ".")
					if !qualified || token.IsExported(pkg) {
						pkg, name = f.Name.Name, m[1]
					}
					if names := declared[pkg]; names != nil && !names[name] {
						complaints = append(complaints, r.at(g.Pos(), "[%s] is not declared; name what is", m[1]))
					}
				}
			}
		}
	}
	return complaints
}

// declaredNames returns the names that each package declares, by the package's name:
// Type, Type.Field, Type.Method, Function.
func declaredNames(r *repo) map[string]map[string]bool {
	declared := map[string]map[string]bool{}
	for _, f := range r.code() {
		names := declared[f.Name.Name]
		if names == nil {
			names = map[string]bool{}
			declared[f.Name.Name] = names
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				name := d.Name.Name
				if d.Recv != nil {
					t := d.Recv.List[0].Type
					if g, ok := t.(*ast.IndexExpr); ok {
						t = g.X
					}
					name = called(t) + "." + name
				}
				names[name] = true
			case *ast.GenDecl:
				declareSpecs(d, names)
			}
		}
	}
	return declared
}

// declareSpecs adds what a declaration declares to names.
func declareSpecs(d *ast.GenDecl, names map[string]bool) {
	for _, s := range d.Specs {
		switch s := s.(type) {
		case *ast.ValueSpec:
			for _, n := range s.Names {
				names[n.Name] = true
			}
		case *ast.TypeSpec:
			names[s.Name.Name] = true
			var fields *ast.FieldList
			switch t := s.Type.(type) {
			case *ast.StructType:
				fields = t.Fields
			case *ast.InterfaceType:
				fields = t.Methods
			}
			if fields == nil {
				continue
			}
			for _, field := range fields.List {
				for _, n := range field.Names {
					names[s.Name.Name+"."+n.Name] = true
				}
			}
		}
	}
}

// banned maps regular expressions for words and phrases that are not used to what
// to write.
var banned = map[string]string{
	`gives`:                                "returns, prints, reports, or has",
	`rooms?`:                               "package",
	`houses?|floor plans?`:                 "project, package map",
	`doors?`:                               "allowed import",
	`shelf|shelves`:                        "the files of a policy",
	`strands?|weave[sd]?|weaving|woven`:    "sequence, merge",
	`setters?|sets Markdown`:               "renderer, renders",
	`(?:take|takes|taken|took|taking) in`:  "parse, load",
	`(?:leave|leaves|left|leaving) away`:   "omit, skip",
	`ways? out`:                            "fix",
	`also where|also when|as well as when`: "including when",
	`slips? of the pen`:                    "typo",
	`says nothing`:                         "stays silent, or prints nothing",
	`shall never`:                          "never",
	`in silence`:                           "without an error",
	`is asked for`:                         "is requested",
	`nothing but`:                          "only",
	`stands? (?:there|here|at|on|in|for itself)`:                               "is",
	`(?:stands?|stood) (?:before|behind|under|between|alone|elsewhere|within)`: "is, are, was",
	`(?:take|takes|taking|taken|took) away`:                                    "remove",
	`(?:take|takes|taking) (?:it|them|that) out`:                               "remove",
	`(?:leave|leaves|leaving) \S+ away`:                                        "omit",
	`means? nothing`:                                                           "does not count, has no meaning",
	`in vain`:                                                                  "without a result",
	`of its own`:                                                               "its own, separate",
	`what is there`:                                                            "what exists",
	`is told`:                                                                  "receives",
	`makes? of`:                                                                "converts to",
	`for ever`:                                                                 "forever, permanently",
	`the world`:                                                                "the environment",
	`whoever`:                                                                  "anyone who",
}

// bannedText matches all of banned.
var bannedText = regexp.MustCompile(`(?i)\b(?:` + strings.Join(slices.Sorted(maps.Keys(banned)), "|") + `)\b`)

// writtenFor returns what to write instead of words that bannedText matched.
func writtenFor(words string) string {
	for pattern, want := range banned {
		if regexp.MustCompile(`(?i)^(?:` + pattern + `)$`).MatchString(words) {
			return want
		}
	}
	return "plain words"
}

// bannedWords checks comments, string literals that are sentences, and
// documents.
func bannedWords(r *repo) (complaints []string) {
	for _, f := range r.code() {
		for _, g := range f.Comments {
			for _, c := range g.List {
				for _, w := range bannedText.FindAllString(c.Text, -1) {
					complaints = append(complaints, r.at(c.Pos(), "%q in a comment; write %s", w, writtenFor(w)))
				}
			}
		}
		ast.Inspect(f.File, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, _ := strconv.Unquote(lit.Value) // the parser accepted it
			if !strings.Contains(text, " ") || strings.ContainsAny(text, "<|") {
				return true // not a sentence, or markup, or a regular expression
			}
			for _, w := range bannedText.FindAllString(text, -1) {
				complaints = append(complaints, r.at(lit.Pos(), "%q in a message; write %s", w, writtenFor(w)))
			}
			return true
		})
	}
	for _, name := range r.documents() {
		for i, line := range strings.Split(r.text(name), "\n") {
			if strings.HasPrefix(line, "$ ") {
				continue // a command can name files
			}
			for _, w := range bannedText.FindAllString(line, -1) {
				complaints = append(complaints, fmt.Sprintf("%s:%d: %q; write %s", name, i+1, w, writtenFor(w)))
			}
		}
	}
	return complaints
}

// structTag matches the tag of a struct's field.
var structTag = regexp.MustCompile("`\\w+:\".*\"`")

// longLines returns lines of more than 120 columns, with a tab as four. URLs,
// struct tags, directives, and tables of data are excepted.
func longLines(r *repo) (complaints []string) {
	for _, f := range r.code() {
		table := map[int]bool{}
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.VAR && g.Tok != token.CONST {
				continue
			}
			ast.Inspect(g, func(n ast.Node) bool {
				_, list := n.(*ast.CompositeLit)
				if lit, ok := n.(*ast.BasicLit); list || ok && lit.Kind == token.STRING {
					for i := r.fset.Position(n.Pos()).Line; i <= r.fset.Position(n.End()).Line; i++ {
						table[i] = true
					}
				}
				return true
			})
		}
		for i, line := range strings.Split(string(f.src), "\n") {
			columns := 0
			for _, c := range line {
				if columns++; c == '\t' {
					columns += 3
				}
			}
			if columns > 120 && !table[i+1] && !strings.HasPrefix(line, "//go:") && !strings.Contains(line, "://") && !structTag.MatchString(line) {
				complaints = append(complaints, fmt.Sprintf("%s:%d: %d columns, want at most 120", f.name, i+1, columns))
			}
		}
	}
	return complaints
}
