package textfile

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/privgen/privgen/internal/lazyregexp"
)

// This file implements the template tags of Jekyll, Hugo, Jinja, ERB, and PHP.

var (
	// output matches a tag that a template engine replaces with words.
	output = lazyregexp.New(`\{\{-?\s*([^{}]*?)\s*-?\}\}`)
	// statement matches any other tag: a statement, a comment, or code.
	statement = lazyregexp.New(`(?s)\{%.*?%\}|\{#.*?#\}|<%.*?%>|<\?php.*?(?:\?>|$)|<\?=.*?\?>`)
)

// ReplaceTags returns a text in which each tag in double braces whose content is a
// key of words is replaced with the escaped value.
func ReplaceTags(text []byte, words map[string]string, escape func(string) string) []byte {
	if len(words) == 0 || !bytes.Contains(text, []byte("{{")) {
		return text
	}
	return output().ReplaceAllFunc(text, func(tag []byte) []byte {
		if s, ok := words[string(output().FindSubmatch(tag)[1])]; ok {
			return []byte(escape(s))
		}
		return tag
	})
}

// RemoveStatements returns an HTML page without the statements, comments, and code
// of its template, and their number.
func RemoveStatements(page []byte) ([]byte, int) {
	n := 0
	return statement().ReplaceAllFunc(page, func([]byte) []byte { n++; return nil }), n
}

// Tags returns the template tags in a text, each once. Very long ones are
// omitted.
func Tags(text []byte) (tags []string) {
	if !bytes.Contains(text, []byte("{{")) && !bytes.Contains(text, []byte("{%")) {
		return nil
	}
	seen := map[string]bool{}
	for _, re := range []*regexp.Regexp{output(), statement()} {
		for _, m := range re.FindAll(text, -1) {
			if tag := strings.Join(strings.Fields(string(m)), " "); !seen[tag] && len(tag) < 80 {
				seen[tag] = true
				tags = append(tags, tag)
			}
		}
	}
	return tags
}
