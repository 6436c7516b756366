package resolve

import (
	"bytes"
	"strings"

	"github.com/privgen/privgen/internal/source"
)

// A writer collects a resolved text with the places of its stretches.
type writer struct {
	out    []byte
	spans  []source.Span
	prefix string // what a line begins with in the quote or item that we are in
	level  int    // of the last heading
	seam   bool   // a line was removed here: two blank lines become one
	apart  bool   // a block ended here: a blank line has to follow
	full   bool   // the text has become too long; nothing is written any more
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

// fixed writes a text that stands for one place of a file.
func (w *writer) fixed(f *source.File, at int, text string) {
	for line := range strings.Lines(text) {
		w.begin(f, at, line[0])
		w.put(source.Span{From: f, At: at, Fixed: true}, []byte(line))
	}
}

// begin writes what a line begins with, when one begins here; and keeps two
// braces that come together from becoming a tag.
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

// continues reports whether a stretch goes on where the last one ends.
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

// trim removes blank lines at the end of what was written from an offset
// on, and the line feed before them.
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

// longLine is how much of a line is looked at, in bytes: more than people
// write, and little enough to look at it for every tag.
const longLine = 1 << 13

// line returns the content of the line that is being written, from offset on.
func (w *writer) line(from int) []byte {
	from = max(from, len(w.out)-longLine)
	return w.out[from+bytes.LastIndexByte(w.out[from:], '\n')+1:]
}

// lastLine returns the line before the one that is being written.
func (w *writer) lastLine(from int) []byte {
	end := len(w.out) - len(w.line(from))
	if end <= from {
		return nil
	}
	from = max(from, end-longLine)
	return w.out[from+bytes.LastIndexByte(w.out[from:end-1], '\n')+1 : end-1]
}
