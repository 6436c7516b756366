package theme

import (
	"bytes"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/css"

	"github.com/privgen/privgen/internal/source"
)

// This file tokenizes style sheets: to convert the names in url() to the paths
// of assets in the site, to reject references to other hosts, and to check that
// all brackets are closed, because the sheets are joined.

// A sheet is a style sheet of a layer.
type sheet struct {
	*source.File
	name string // within the folder of assets

	open     []opened
	imports  bool       // an @import was read, and its URL was not
	tokens   []cssToken // without white space and comments
	problems source.Problems
}

// An opened is an open bracket.
type opened struct {
	with   string // { ( [ or the name of a function with (
	offset int
}

func (s *sheet) say(offset int, code, what, do string) {
	s.problems = append(s.problems, source.NewProblem(s.Pos(offset), code, what, do))
}

// rewrite returns the text, in which paths replace the names of assets.
func (s *sheet) rewrite(paths map[string]string) ([]byte, source.Problems) {
	lexer := css.NewLexer(parse.NewInputBytes(bytes.Clone(s.Text)))
	var out bytes.Buffer
	for offset := 0; ; {
		typ, text := lexer.Next()
		if typ == css.ErrorToken || s.tooMuch(offset) {
			break
		}
		write := text
		switch typ {
		case css.WhitespaceToken:
		case css.URLToken, css.StringToken:
			if s.imports {
				s.refuseImport(string(text), offset)
				break
			}
			if typ == css.StringToken {
				if s.inImages() {
					write = s.url(string(text), offset, paths, "%s")
				}
				break
			}
			write = s.url(strings.Trim(string(text[4:len(text)-1]), " \t\n\r\f"), offset, paths, "url(%s)")
		case css.AtKeywordToken:
			switch strings.ToLower(string(text)) {
			case "@import":
				s.imports = true
			case "@charset":
				s.say(offset, "bad-css",
					"style sheets are joined into one in UTF-8, so they cannot choose a character set",
					"save the file as UTF-8 and remove the @charset")
			}
		case css.FunctionToken, css.LeftBraceToken, css.LeftParenthesisToken, css.LeftBracketToken:
			s.open = append(s.open, opened{strings.ToLower(string(text)), offset})
		case css.RightBraceToken, css.RightParenthesisToken, css.RightBracketToken:
			s.close(text[0], offset)
		case css.BadStringToken:
			s.say(offset, "bad-css", "this text is not closed in its line",
				"close it with the quote that it begins with")
		case css.BadURLToken:
			s.say(offset, "bad-css", "this url() cannot be read", `put the URL in quotes: url("...")`)
		case css.CommentToken:
			if len(text) < 4 || !bytes.HasSuffix(text, []byte("*/")) {
				s.say(offset, "bad-css", "this comment is not closed", "close it with */")
			}
		}
		if typ != css.WhitespaceToken && typ != css.CommentToken {
			s.tokens = append(s.tokens, cssToken{typ, string(text), offset})
		}
		offset += len(text)
		out.Write(write)
	}
	for _, o := range s.open {
		if len(s.problems) >= maxSheetProblems {
			break
		}
		s.say(o.offset, "bad-css", fmt.Sprintf("%q is not closed", o.with),
			fmt.Sprintf("add the missing %q", string(other(o.with))))
	}
	return out.Bytes(), s.problems
}

// The limits of a style sheet. Parsers take more than linear time for nested
// blocks, and so do reports of a hundred thousand problems.
const (
	maxNested        = 64
	maxSheetProblems = 100 // the others are reported when these are fixed
)

// tooMuch reports whether to ignore the rest of a sheet.
func (s *sheet) tooMuch(offset int) bool {
	if len(s.open) > maxNested {
		s.say(offset, "bad-css", fmt.Sprintf("brackets are nested more than %d deep here", maxNested),
			"close them, or write fewer")
		s.open = nil
		return true
	}
	return len(s.problems) >= maxSheetProblems
}

// inImages reports whether a string at the current position is a URL, as in
// image-set() and src().
func (s *sheet) inImages() bool {
	if len(s.open) == 0 {
		return false
	}
	with := s.open[len(s.open)-1].with
	return with == "image-set(" || with == "-webkit-image-set(" || with == "src(" || with == "url("
}

// refuseImport reports the URL after an @import.
func (s *sheet) refuseImport(address string, offset int) {
	s.imports = false
	if strings.Contains(address, ":") || strings.Contains(address, "//") {
		s.say(offset, "third-party", "this @import would load from another host",
			"remove it, and put a copy of the file into the folder assets")
		return
	}
	s.say(offset, "bad-css", "style sheets are joined into one, so they cannot import another",
		"put the file into the folder assets, where it is joined by itself, and remove the @import")
}

func other(open string) byte {
	switch open[len(open)-1] {
	case '{':
		return '}'
	case '[':
		return ']'
	}
	return ')'
}

func (s *sheet) close(b byte, offset int) {
	if n := len(s.open); n > 0 && other(s.open[n-1].with) == b {
		s.open = s.open[:n-1]
		return
	}
	if i := slices.IndexFunc(s.open, func(o opened) bool { return other(o.with) == b }); i >= 0 {
		o := s.open[len(s.open)-1]
		s.say(o.offset, "bad-css", fmt.Sprintf("%q is not closed", o.with),
			fmt.Sprintf("add the missing %q", string(other(o.with))))
		for other(s.open[len(s.open)-1].with) != b {
			s.open = s.open[:len(s.open)-1]
		}
		s.open = s.open[:len(s.open)-1]
		return
	}
	s.say(offset, "bad-css", fmt.Sprintf("%q closes nothing", string(b)), "remove it")
}

// url converts a reference in a style sheet, with or without quotes, to that in
// the joined sheet.
func (s *sheet) url(written string, offset int, paths map[string]string, form string) []byte {
	ref := written
	if n := len(ref); n > 1 && (ref[0] == '"' || ref[0] == '\'') {
		ref = ref[1 : n-1]
	}
	keep := fmt.Appendf(nil, form, written)
	lower := strings.ToLower(ref)
	switch {
	case strings.HasPrefix(ref, "#"):
		return keep
	case strings.HasPrefix(lower, "data:"):
		s.say(offset, "third-party",
			"this url() contains its data, which the site's Content-Security-Policy blocks",
			`put the data into a file in the folder assets and write its name: url("picture.svg")`)
		return keep
	case strings.Contains(ref, ":") || strings.HasPrefix(ref, "//") || strings.Contains(ref, `\`):
		s.say(offset, "third-party", fmt.Sprintf("url(%q) would load from another host", ref),
			`put a copy of the file into the folder assets and write its name: url("`+
				path.Base(strings.ReplaceAll(ref, `\`, ""))+`")`)
		return keep
	}
	name, fragment, _ := strings.Cut(ref, "#")
	name, _, _ = strings.Cut(name, "?")
	if fragment != "" {
		fragment = "#" + fragment
	}
	to := paths[path.Join(path.Dir(s.name), name)]
	if to == "" || strings.HasPrefix(ref, "/") {
		s.say(offset, "no-such-asset", fmt.Sprintf("there is no asset %q", ref),
			suggest(ref, slices.Sorted(maps.Keys(paths)), "there are",
				"put the file into the folder assets of the theme"))
		return keep
	}
	// The joined sheet is in assets; this one may be in a folder below it.
	return fmt.Appendf(nil, form, `"`+strings.TrimPrefix(to, "assets/")+fragment+`"`)
}
