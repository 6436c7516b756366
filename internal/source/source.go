// Package source has files with positions, and the mistakes found in them.
//
// Its two fundamental types are File, a text as the user wrote it, and Problem,
// a user's mistake with a position in a file and a fix.
//
// # Texts
//
// Parse converts the bytes of a file to a File: valid UTF-8 without a byte
// order mark and with line feeds only, however it was stored. Bytes that are
// not UTF-8, a NUL byte, or more than MaxSize bytes are a Problem. Every offset
// of a File has a position. The positions of an assembled text are those of the
// files it was assembled from; see Span.
//
// # Positions
//
// A Pos is what editors and people can find: a path relative to the site with
// forward slashes, a line, and a column, both from 1. Columns count characters
// (Unicode code points), not bytes, because legal texts have many non-ASCII
// characters.
//
// # Problems
//
// A Problem always has both what is wrong and what to do. No other error carries
// what to do. NewProblem creates one of a file, Usage one of a command line,
// Refuse one of a deploy, and Fix one of the environment. Its code is stable, so
// scripts can match it. Each code has a script in cmd/privgen/testdata/script with a
// site that provokes it. Problems are collected, sorted by position, and
// printed once:
//
//	privgen.toml:4:1: unknown key "titel" in [site]
//		did you mean "title"?
package source

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/privgen/privgen/internal/visible"
)

// MaxSize is the largest size of a text in bytes. It is four times the longest
// known policy (948 KB), and Markdown of this size still renders quickly.
const MaxSize = 4 << 20

// A File is a text with a name. It does not change after Parse, so several
// goroutines can read it.
type File struct {
	Name  string // relative to the site, with forward slashes
	Text  []byte // valid UTF-8, line feeds only, no byte order mark
	Spans []Span // where each part of an assembled text was written, in order; else nil
}

// A Span is a part of an assembled text, with the position at which it was
// written. It ends where the next one starts.
type Span struct {
	Start int   // offset in the assembled text
	From  *File // the file it comes from
	At    int   // offset in From
	Fixed bool  // all bytes of the span have the position At; otherwise the span continues From's text
}

// Parse converts the bytes of a file to a File. It keeps raw if nothing has to
// be normalized; the caller must not change raw afterwards. The problem, if
// any, is at the first position at which raw is not a text.
func Parse(name string, raw []byte) (*File, *Problem) {
	if len(raw) > MaxSize {
		return nil, TooLarge(name, int64(len(raw)))
	}
	text := bytes.TrimPrefix(raw, []byte("\uFEFF"))
	alone := -1 // the first carriage return without a line feed
	if bytes.IndexByte(text, '\r') >= 0 {
		text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
		alone = bytes.IndexByte(text, '\r')
		text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	}
	f := &File{Name: name, Text: text}
	if alone >= 0 && strings.HasSuffix(name, ".toml") {
		// In TOML it does not end a line. Some editors show it as one, and others do not.
		return nil, NewProblem(f.Pos(alone), "bad-toml", "the text has a carriage return without a line feed",
			"write the line anew, or save the file with the line endings of your system")
	}
	if i := bytes.IndexByte(text, 0); i >= 0 {
		return nil, NewProblem(f.Pos(i), "not-text", "the text has a NUL byte",
			"this looks like a binary file, or like UTF-16; save it as UTF-8 text")
	}
	if !utf8.Valid(text) {
		i := 0
		for i < len(text) {
			r, n := utf8.DecodeRune(text[i:])
			if r == utf8.RuneError && n == 1 {
				break
			}
			i += n
		}
		return nil, NewProblem(f.Pos(i), "not-utf8", fmt.Sprintf("the byte 0x%02X is not UTF-8", text[i]),
			"save the file as UTF-8, for example with: iconv -f WINDOWS-1252 -t UTF-8")
	}
	return f, nil
}

// TooLarge returns the problem of a file of more than MaxSize bytes.
func TooLarge(name string, size int64) *Problem {
	return NewProblem(In(name), "too-large", fmt.Sprintf("the file has %d MB; a text may have at most %d MB",
		(size+1<<20-1)>>20, MaxSize>>20),
		"split the text into several policies, or remove what is not text")
}

// Pos returns the position of the byte at offset; an offset past the end is the
// end. In an assembled text it is the position at which that byte was written,
// perhaps in another file.
func (f *File) Pos(offset int) Pos {
	if i := sort.Search(len(f.Spans), func(i int) bool { return f.Spans[i].Start > offset }) - 1; i >= 0 {
		s := f.Spans[i]
		if !s.Fixed {
			s.At += min(offset, len(f.Text)) - s.Start
		}
		return s.From.Pos(s.At)
	}
	before := f.Text[:max(0, min(offset, len(f.Text)))]
	start := bytes.LastIndexByte(before, '\n') + 1
	return Pos{f.Name, bytes.Count(before, []byte("\n")) + 1, utf8.RuneCount(before[start:]) + 1}
}

// Line returns the text of a line, counted from 1, without its line feed. It
// returns "" for a line that does not exist.
func (f *File) Line(n int) string {
	i := 0
	for line := range bytes.Lines(f.Text) {
		if i++; i == n {
			return string(bytes.TrimSuffix(line, []byte("\n")))
		}
	}
	return ""
}

// A Pos is a position in a file.
type Pos struct {
	File string `json:"file"`
	Line int    `json:"line"` // from 1
	Col  int    `json:"col"`  // from 1, in characters
}

// In returns the position of a file as a whole: its first character.
func In(file string) Pos { return Pos{file, 1, 1} }

func (p Pos) String() string { return fmt.Sprintf("%s:%d:%d", visible.Line(p.File), p.Line, p.Col) }

// A Class is what has to change before a command can succeed. The program looks
// up its exit code by the class.
type Class int

const (
	InSite      Class = iota // a file of the site
	Refused                  // a deploy, which must not take place as it is
	InCommand                // the command line
	Environment              // the machine, the network, or another program
)

// A Problem is a user's mistake: where, what, and what to do.
type Problem struct {
	Code  string   `json:"code"` // stable, such as "unknown-key"
	Pos            // the zero Pos if no file is the cause
	What  string   `json:"what"` // lower case, no final period
	Do    string   `json:"do"`   // an imperative or a question; may have several lines
	List  []string `json:"-"`    // what it is about, sorted
	Class Class    `json:"-"`
	Cause error    `json:"-"` // the error that it is about, or nil
}

// NewProblem returns a Problem of a site. It panics if code, what, or do is
// empty, because a mistake without a fix is a mistake of ours.
func NewProblem(at Pos, code, what, do string) *Problem {
	if code == "" || what == "" || do == "" {
		panic("privgen: internal error: a problem without code, sentence, or fix: " + code + what + do)
	}
	return &Problem{Code: code, Pos: at, What: what, Do: do}
}

// Usage returns the problem of a wrong command line. It has no position and no
// code.
func Usage(what, do string) *Problem { return &Problem{What: what, Do: do, Class: InCommand} }

// Refuse returns the problem of a deploy that must not take place as it is.
// Nothing was changed. The code is stable; list is what it is about, sorted.
func Refuse(code, what, do string, list ...string) *Problem {
	return &Problem{Code: code, What: what, Do: do, List: list, Class: Refused}
}

// Fix returns the problem of an environment error that the user can fix. It
// wraps err. If err has a fix already, the problem has both.
func Fix(err error, do string) error {
	what, first, has := strings.Cut(err.Error(), "\n\t")
	if has {
		do = strings.ReplaceAll(first, "\n\t", "\n") + "\n" + do
	}
	return &Problem{What: what, Do: do, Class: Environment, Cause: err}
}

// MarshalJSON writes the fields of a problem that has a position. One without a
// position has its code as "kind", and its list.
func (p *Problem) MarshalJSON() ([]byte, error) {
	type plain Problem
	if p.Pos != (Pos{}) {
		return json.Marshal((*plain)(p))
	}
	return json.Marshal(struct {
		Kind string   `json:"kind"`
		What string   `json:"what"`
		Do   string   `json:"do"`
		List []string `json:"list,omitempty"`
	}{p.Code, p.What, p.Do, p.List})
}

// Unwrap returns the error that a problem is about, or nil.
func (p *Problem) Unwrap() error { return p.Cause }

// Error returns what String returns, so that a Problem can be returned as an error.
func (p *Problem) Error() string { return p.String() }

// String returns the problem as it is printed, without a final line feed. A
// problem without a position begins with what is wrong.
func (p *Problem) String() string {
	at := ""
	if p.Pos != (Pos{}) {
		at = p.Pos.String() + ": "
	}
	return at + visible.Line(p.What) + "\n\t" + strings.ReplaceAll(visible.Text(p.Do), "\n", "\n\t")
}

// Problems are the mistakes found in one run. Nil means that there are none.
type Problems []*Problem

// Sort puts the problems in the order in which they are printed, by file, line,
// and column, and removes duplicates.
func (ps Problems) Sort() Problems {
	slices.SortStableFunc(ps, func(a, b *Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line, a.Col-b.Col, strings.Compare(a.What, b.What))
	})
	return slices.CompactFunc(ps, (*Problem).same)
}

func (p *Problem) same(q *Problem) bool {
	return p.Pos == q.Pos && p.Code == q.Code && p.What == q.What && p.Do == q.Do
}

// OncePerPlace sorts problems and drops those with the position and code of
// another, because many kinds of pages can use a failing template.
func (ps Problems) OncePerPlace() Problems {
	type place struct {
		Pos
		code string
	}
	seen := map[place]bool{}
	return slices.DeleteFunc(ps.Sort(), func(p *Problem) bool {
		at := place{p.Pos, p.Code}
		defer func() { seen[at] = true }()
		return seen[at]
	})
}

// Files returns the number of files that have problems.
func (ps Problems) Files() int {
	seen := map[string]bool{}
	for _, p := range ps {
		seen[p.File] = true
	}
	return len(seen)
}

// ProblemOf returns the problem of a site that an error is or wraps, or nil.
func ProblemOf(err error) *Problem {
	p, ok := errors.AsType[*Problem](err)
	for ok && p.Class != InSite {
		p, ok = errors.AsType[*Problem](p.Cause)
	}
	return p
}

// ReadProblem returns the problem of a site's file that cannot be read: the
// cause, and what the user can do about it.
func ReadProblem(name string, err error) *Problem {
	if p := ProblemOf(err); p != nil {
		return p
	}
	switch {
	case errors.Is(err, fs.ErrPermission):
		return NewProblem(In(name), "unreadable", "the file may not be read",
			"give yourself the right to read it: chmod u+r "+name)
	case errors.Is(err, fs.ErrNotExist):
		return NewProblem(In(name), "no-such-file", "there is no such file",
			"write the file, or remove what leads to it")
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return NewProblem(In(name), "unreadable", "the file cannot be read: "+err.Error(),
		"if another program has it open, close it there; then run the command again")
}
