package archtest_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// This file has the rule that each thing has one name, in code, messages, and
// documents.

// instead maps words that are not used to the words that are.
var instead = map[string]string{
	"revision": "version", "revisions": "versions",
	"edition": "version", "editions": "versions",
	"section": "clause", "sections": "clauses",
	"manager": "a noun that says what it contains",
}

var word = regexp.MustCompile(`[A-Za-z]+`)

func otherWords(r *repo) (complaints []string) {
	for _, f := range r.code() {
		if f.dir == "internal/archtest" {
			continue
		}
		ast.Inspect(f.File, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				complaints = append(complaints, otherWordsOf(r, n)...)
			case *ast.Ident:
				// Check only declarations: libraries choose their own names.
				if n.Obj == nil || n.Obj.Pos() != n.Pos() {
					return true
				}
				for _, w := range camel(n.Name) {
					if ours := instead[w]; ours != "" {
						complaints = append(complaints, r.at(n.Pos(), "the name %s says %q; write %q", n.Name, w, ours))
					}
				}
			}
			return true
		})
	}
	for _, name := range []string{"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "internal/README.md"} {
		for i, line := range strings.Split(r.text(name), "\n") {
			for _, w := range word.FindAllString(line, -1) {
				if ours := instead[strings.ToLower(w)]; ours != "" {
					complaints = append(complaints, fmt.Sprintf("%s:%d: %q; write %q", name, i+1, w, ours))
				}
			}
		}
	}
	return complaints
}

// otherWordsOf checks a string literal that is a sentence: it has a space and no
// markup, since section is an HTML element.
func otherWordsOf(r *repo, lit *ast.BasicLit) (complaints []string) {
	text, err := strconv.Unquote(lit.Value)
	if lit.Kind != token.STRING || err != nil || !strings.Contains(text, " ") || strings.Contains(text, "<") {
		return nil
	}
	for _, w := range word.FindAllString(text, -1) {
		if ours := instead[strings.ToLower(w)]; ours != "" {
			complaints = append(complaints, r.at(lit.Pos(), "the text says %q; write %q", w, ours))
		}
	}
	return complaints
}

// camel splits an identifier into its words, in lower case.
func camel(name string) []string {
	var b strings.Builder
	before := rune(0)
	for _, c := range name {
		if unicode.IsUpper(c) && unicode.IsLower(before) {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(c))
		before = c
	}
	return strings.FieldsFunc(b.String(), func(c rune) bool { return c == ' ' || c == '_' })
}
