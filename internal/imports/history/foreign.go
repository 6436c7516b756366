package history

import (
	"bytes"
	"github.com/privgen/privgen/internal/imports/webpage"
	"html"
	"regexp"
	"strings"
)

// This file reads what a file of a repository holds: Markdown, a page, and the
// tags of the program that makes a site of them.

// A content is what a file holds.
type content struct {
	front   Front
	text    []byte // Markdown
	changed string // as in State
}

// textIn reads a file by its name. The error is an *Unfit where it holds no
// text.
func (s Search) textIn(name string, raw []byte) (content, error) {
	text, from, err := Decode(raw)
	if err != nil {
		return content{}, err
	}
	c := content{changed: from}
	c.front, c.text = SplitMatter(text)
	if !pageFile(name) {
		c.text = s.fill(c.text, func(words string) string { return words })
		return c, nil
	}
	text = s.fill(c.text, html.EscapeString)
	text, tags := withoutStatements(text)
	c.changed, c.text = "HTML", nil
	if tags > 0 {
		c.changed += ", without " + counted(tags, "tag") + " of its template"
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return c, nil // a blank file
	}
	page, problem := webpage.Read(name, text, s.Page)
	if problem != nil {
		if problem.Code == "empty-page" {
			return c, nil
		}
		return content{}, &Unfit{NotText, problem.What}
	}
	c.text = page.Text
	if c.front.Title == "" && !bytes.HasPrefix(page.Text, []byte("# ")) {
		c.front.Title = page.Title
	}
	return c, nil
}

var (
	// inserted is a tag that another program replaces with words, as Jekyll,
	// Hugo, Jinja and many others write it.
	inserted = pattern(`\{\{-?\s*([^{}]*?)\s*-?\}\}`)
	// statement is a tag that gives no words itself.
	statement = pattern(`(?s)\{%.*?%\}|\{#.*?#\}|<%.*?%>|<\?php.*?(?:\?>|$)|<\?=.*?\?>`)
)

// fill writes the words that the user gave for tags.
func (s Search) fill(text []byte, as func(string) string) []byte {
	if len(s.Set) == 0 || !bytes.Contains(text, []byte("{{")) {
		return text
	}
	return inserted().ReplaceAllFunc(text, func(tag []byte) []byte {
		if words, ok := s.Set[string(inserted().FindSubmatch(tag)[1])]; ok {
			return []byte(as(words))
		}
		return tag
	})
}

// withoutStatements takes the tags out of a page that are no words of it.
func withoutStatements(page []byte) ([]byte, int) {
	n := 0
	return statement().ReplaceAllFunc(page, func([]byte) []byte { n++; return nil }), n
}

// tagsIn gives the tags of another program that a text holds, each once.
func tagsIn(text []byte) (tags []string) {
	if !bytes.Contains(text, []byte("{{")) && !bytes.Contains(text, []byte("{%")) {
		return nil
	}
	seen := map[string]bool{}
	for _, re := range []*regexp.Regexp{inserted(), statement()} {
		for _, m := range re.FindAll(text, -1) {
			if tag := strings.Join(strings.Fields(string(m)), " "); !seen[tag] && len(tag) < 80 {
				seen[tag] = true
				tags = append(tags, tag)
			}
		}
	}
	return tags
}
