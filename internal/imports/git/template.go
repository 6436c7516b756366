package git

import (
	"bytes"
	"html"
	"strings"

	"github.com/privgen/privgen/internal/imports/naming"
	"github.com/privgen/privgen/internal/imports/textfile"
	"github.com/privgen/privgen/internal/imports/webpage"
	"github.com/privgen/privgen/internal/source"
)

// This file reads the files of a repository: Markdown and HTML, with the template
// tags of the program that generates a site from them.

// A content is the parsed content of a file.
type content struct {
	front   textfile.FrontMatter
	text    []byte // Markdown
	changed string // as in State
	lost    string // as in State
}

// textIn parses a file according to its name. The error is a *textfile.Unfit.
func (s Search) textIn(name string, raw []byte) (content, error) {
	if naming.IsWebPage(name) {
		return s.pageIn(name, raw)
	}
	text, from, err := textfile.Decode(raw)
	if err != nil {
		return content{}, err
	}
	c := content{changed: from}
	c.front, c.text = textfile.Split(text)
	var dialect string
	c.text, dialect = textfile.Plain(c.text, strings.HasSuffix(strings.ToLower(name), ".mdx"))
	c.changed = strings.TrimPrefix(c.changed+", "+dialect, ", ")
	c.changed = strings.TrimSuffix(c.changed, ", ")
	c.text = textfile.ReplaceTags(c.text, s.Set, func(words string) string { return words })
	return c, nil
}

// pageIn parses a web page or its template. The error is a *textfile.Unfit.
func (s Search) pageIn(name string, raw []byte) (content, error) {
	text, problem := webpage.Decode(name, raw)
	if problem != nil {
		return content{}, &textfile.Unfit{Reason: textfile.NotText, Note: problem.What}
	}
	c := content{changed: "HTML"}
	c.front, text = textfile.Split(text)
	text = textfile.ReplaceTags(text, s.Set, html.EscapeString)
	text, tags := textfile.RemoveStatements(text)
	if tags > 0 {
		c.changed += ", without " + source.Count(tags, "tag") + " of its template"
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return c, nil // a blank file
	}
	// The mark says that the text is UTF-8 now, whatever the page declares.
	page, problem := webpage.Read(name, append([]byte("\uFEFF"), text...), s.Page)
	if problem != nil {
		if problem.Code == "empty-page" {
			return c, nil
		}
		return content{}, &textfile.Unfit{Reason: textfile.NotText, Note: problem.What}
	}
	c.text, c.lost = page.Text, page.Lost()
	if c.front.Title == "" && !bytes.HasPrefix(page.Text, []byte("# ")) {
		c.front.Title = page.Title
	}
	return c, nil
}
