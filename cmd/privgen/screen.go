package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"

	"github.com/privgen/privgen/internal/source"
)

// This file writes to the terminal. Titles, paths, errors
// of servers and the texts themselves may come from anybody, and a terminal
// obeys what it is sent: run wraps both outputs in a screen, so that no command
// has to do it. Pipes get the same, since CI logs are terminals as well.

// A screen is a writer that shows control characters and what cannot be seen as
// code points; see source.Visible.
type screen struct{ w io.Writer }

func (s *screen) Write(p []byte) (int, error) {
	if _, err := io.WriteString(s.w, source.Visible(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// behind returns the writer behind a screen, for the program's colors and
// progress lines. Everything else that is written to it has to be visible.
func behind(w io.Writer) io.Writer {
	if s, ok := w.(*screen); ok {
		return s.w
	}
	return w
}

// document returns the writer for a document that was requested as it is: byte
// for byte for a program, made visible on a terminal.
func document(w io.Writer) io.Writer {
	if isTerminal(w) {
		return w
	}
	return behind(w)
}

// printJSON prints v as indented JSON.
func printJSON(w io.Writer, v any) error { return writeJSON(w, v, "  ") }

// writeJSON writes v as JSON in which no string holds a character that would
// have to be made visible: those are escaped, so that programs read them as
// they are.
func writeJSON(w io.Writer, v any, indent string) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	if err := e.Encode(v); err != nil {
		return err
	}
	text := b.String()
	if source.Visible(text) != text {
		text = escapedJSON(text)
	}
	_, err := io.WriteString(w, text)
	return err
}

// escapedJSON escapes everything in a JSON text that is not printable ASCII.
func escapedJSON(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r == '\n' || r >= ' ' && r <= '~' {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}

// indented returns the text of an error with all lines but the first indented,
// so that what a server said does not look like a line of the program.
func indented(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\n\t", "\n"), "\n", "\n\t")
}
