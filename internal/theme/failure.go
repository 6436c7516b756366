package theme

import (
	"errors"
	"fmt"
	"html/template"
	"strconv"
	"strings"

	"github.com/privgen/privgen/internal/source"
)

// failed returns the problem of a render error.
func (t *Theme) failed(kind string, err error) *source.Problem {
	k := kindOf(kind)
	page, what := t.set.blocks[k.file()], k.what
	if endless := strings.Contains(err.Error(), "exceeded maximum template depth"); endless || err == errEndless ||
		err == errMuch {
		if endless {
			err = errEndless
		}
		return source.NewProblem(t.culprit(k, "range "), "endless-template",
			fmt.Sprintf("the template %v, on %s", err, what),
			"let each {{range}} go through a list of the page, and no block use itself")
	}
	if e, ok := errors.AsType[*template.Error](err); ok {
		return t.misplaced(k, e)
	}
	at, said := t.locate(page, err.Error())
	what = fmt.Sprintf("the template stops here on %s: %s", what, plain(said))
	return source.NewProblem(at, "template-failed", what, failureWayOut(said))
}

// misplaced returns the problem of an error that html/template reports for a whole
// page: a value or a block in an ambiguous HTML context.
func (t *Theme) misplaced(k kind, e *template.Error) *source.Problem {
	at := t.culprit(k, "")
	name, _, _ := strings.Cut(e.Name, "$htmltemplate_")
	if b := t.set.blocks[name]; b != nil && e.Node != nil {
		at = b.pos(e.Node.Position())
	}
	// The rest describes an internal state of html/template.
	what, _, _ := strings.Cut(e.Description, ": {")
	if what == "ends in a non-text context" {
		what = k.what + " ends within a tag, a quote or a comment"
	}
	return source.NewProblem(at, "bad-template", what,
		"close every tag and every quote in the block that opens it, in each branch of an {{if}} or {{range}}, "+
			"and put values between tags or in quotes")
}

// locate parses the position in an error of text/template:
//
//	template: FILE:LINE:COL: executing "BLOCK" at <ACTION>: MESSAGE
//
// where COL counts bytes, from 0.
func (t *Theme) locate(page *block, message string) (source.Pos, string) {
	rest := strings.TrimPrefix(message, "template: ")
	for name, f := range t.set.files {
		after, ok := strings.CutPrefix(rest, name+":")
		if !ok {
			continue
		}
		parts := strings.SplitN(after, ":", 3)
		if len(parts) < 3 {
			break
		}
		line, _ := strconv.Atoi(parts[0])
		col, _ := strconv.Atoi(parts[1])
		said := parts[2]
		if i := strings.Index(said, " at <"); i >= 0 {
			if j := strings.Index(said[i:], ">: "); j >= 0 {
				said = said[i+j+len(">: "):]
			}
		}
		at := source.Pos{File: name, Line: max(line, 1), Col: 1}
		if text := f.Line(at.Line); col <= len(text) {
			at.Col = len([]rune(text[:col])) + 1
		}
		return at, said
	}
	return page.start(), rest
}

// plain converts a message of text/template to plain words.
func plain(said string) string {
	if i := strings.LastIndex(said, "error calling "); i >= 0 {
		said = said[i+len("error calling "):]
	}
	if _, field, ok := strings.Cut(said, "nil pointer evaluating "); ok {
		if i := strings.LastIndexByte(field, '.'); i >= 0 {
			return fmt.Sprintf("there is nothing that could have a %q", field[i+1:])
		}
	}
	said = strings.TrimPrefix(said, "index: ")
	return strings.NewReplacer("*theme.", "", "theme.", "", "reflect: ", "").Replace(said)
}

func failureWayOut(said string) string {
	switch {
	case strings.Contains(said, "nil pointer"):
		return "not every page has it; put it between {{with}} and {{end}}, as in {{with .Previous}}{{.Name}}{{end}}"
	case strings.Contains(said, "out of range"), strings.Contains(said, "out of bounds"):
		return "ask first how long the list is, as in {{if gt (len .Versions) 1}}"
	case strings.Contains(said, errLong.Error()):
		return "write the parts one after the other, not as one text"
	}
	return "put it between {{if}} and {{end}} so that it is drawn only where it can be"
}
