package resolve

import (
	"bytes"
	"strings"

	"github.com/privgen/privgen/internal/source"
)

// A writer collects a resolved text with the positions of its stretches.
type writer struct {
	out    []byte
	spans  []source.Span
	prefix string // the prefix of lines in the current quote or item
	level  int    // of the last heading
	seam   bool   // a line was removed here: two blank lines become one
	apart  bool   // a block ended here: a blank line must follow
	full   bool   // the text has become too long, and nothing more is written
}

// verbatim writes a stretch of a file.
func (w *writer) verbatim(f *source.File, start, end int) {
	for start < end && !w.full {
		stop := end
		if w.prefix != "" {
			if i := bytes.IndexByte(f.Text[start:end], '\n'); i >= 0 {
				stop = start + i + 1
			}
		}
		w.begin(f, start, f.Text[start])
		w.put(source.Span{From: f, At: start}, f.Text[start:stop])
		start = stop
	}
}

// fixed writes a text whose bytes all have one position of a file.
func (w *writer) fixed(f *source.File, at int, text string) {
	for line := range strings.Lines(text) {
		w.begin(f, at, line[0])
		w.put(source.Span{From: f, At: at, Fixed: true}, []byte(line))
	}
}

// begin writes the prefix of a line if one begins here. It puts a backslash before a
// brace that would form a tag with a brace of another stretch.
func (w *writer) begin(f *source.File, at int, next byte) {
	n := len(w.out)
	switch {
	case n > 0 && w.out[n-1] == '\n' && w.prefix != "":
		prefix := w.prefix
		if next == '\n' {
			prefix = strings.TrimRight(prefix, " ")
		}
		w.put(source.Span{From: f, At: at, Fixed: true}, []byte(prefix))
	case next == '{' && n > 0 && w.out[n-1] == '{' && !w.continues(source.Span{From: f, At: at}):
		w.put(source.Span{From: f, At: at, Fixed: true}, []byte(`\`))
	}
}

// continues reports whether a stretch begins where the last one ends.
func (w *writer) continues(s source.Span) bool {
	if len(w.spans) == 0 {
		return false
	}
	last := w.spans[len(w.spans)-1]
	if !last.Fixed {
		last.At += len(w.out) - last.Start
	}
	return last.From == s.From && last.At == s.At && last.Fixed == s.Fixed
}

func (w *writer) put(s source.Span, text []byte) {
	if len(text) == 0 || w.full {
		return
	}
	if len(w.out)+len(text) > source.MaxSize {
		w.full = true
		return
	}
	if !w.continues(s) {
		s.Start = len(w.out)
		w.spans = append(w.spans, s)
	}
	w.out = append(w.out, text...)
}

// trim removes line feeds at the end of the output, down to an offset.
func (w *writer) trim(from int) {
	to := len(w.out)
	for to > from && w.out[to-1] == '\n' {
		to--
	}
	w.out = w.out[:to]
	for n := len(w.spans); n > 0 && w.spans[n-1].Start >= to; n-- {
		w.spans = w.spans[:n-1]
	}
}

// longLine is how many bytes of a line are examined: longer than the lines that people
// write, and short enough to examine for every tag.
const longLine = 1 << 13

// line returns the line that is being written, but nothing before the offset from.
func (w *writer) line(from int) []byte {
	from = max(from, len(w.out)-longLine)
	return w.out[from+bytes.LastIndexByte(w.out[from:], '\n')+1:]
}

// lastLine returns the line before the one that is being written, without its line feed
// and nothing before the offset from.
func (w *writer) lastLine(from int) []byte {
	end := len(w.out) - len(w.line(from))
	if end <= from {
		return nil
	}
	from = max(from, end-longLine)
	return w.out[from+bytes.LastIndexByte(w.out[from:end-1], '\n')+1 : end-1]
}
