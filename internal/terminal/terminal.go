// Package terminal writes to the terminal, and asks the user there.
//
// Its two fundamental types are Screen, a writer that shows control characters as
// code points, and Progress, a line that shows how far a long run is. Titles, paths,
// server errors, and texts may come from anybody, and could control a terminal. So the
// program wraps both its outputs in a Screen, and no command has to do it. Pipes get the
// same output, because CI logs are terminals, too.
package terminal

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf16"

	"github.com/privgen/privgen/internal/visible"
)

// A Screen is a writer that shows control characters and what cannot be seen as
// code points; see visible.Text.
type Screen struct{ io.Writer }

func (s Screen) Write(p []byte) (int, error) {
	if _, err := io.WriteString(s.Writer, visible.Text(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Behind returns the writer behind a screen, for the program's colors and progress
// lines. Everything else that is written to it must have no invisible characters.
func Behind(w io.Writer) io.Writer {
	if s, ok := w.(Screen); ok {
		return s.Writer
	}
	return w
}

// Document returns the writer for a document: a program receives every byte, and a
// terminal shows invisible characters.
func Document(w io.Writer) io.Writer {
	if IsTerminal(w) {
		return w
	}
	return Behind(w)
}

// PrintJSON prints v as indented JSON.
func PrintJSON(w io.Writer, v any) error { return WriteJSON(w, v, "  ") }

// WriteJSON writes v as JSON in which no string holds a character that would
// have to be made visible: those are escaped, so that programs read them as
// they are.
func WriteJSON(w io.Writer, v any, indent string) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	if err := e.Encode(v); err != nil {
		return err
	}
	text := b.String()
	if visible.Text(text) != text {
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

// Indented returns the text of an error with all lines but the first indented,
// so that what a server said does not look like a line of the program.
func Indented(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\n\t", "\n"), "\n", "\n\t")
}

// IsTerminal reports whether a writer is a terminal that a person looks at.
func IsTerminal(w io.Writer) bool {
	f, ok := Behind(w).(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	if null, problem := os.Stat(os.DevNull); err == nil && problem == nil && os.SameFile(info, null) {
		return false
	}
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
}

// Colored reports whether marks are shown by colors, unless the user wants none.
func Colored(w io.Writer, plain bool) bool {
	return !plain && IsTerminal(w) && os.Getenv("NO_COLOR") == ""
}

// Ask asks the user at the terminal, and reports whether the answer was yes.
// The end of the input means no. The error is that of the context: an interrupt
// ends the waiting.
func Ask(ctx context.Context, w io.Writer, question string) (yes bool, err error) {
	fmt.Fprintf(w, "%s [y/N] ", question)
	line, err := ReadLine(ctx, w, bufio.NewReader(os.Stdin))
	if ctx.Err() != nil {
		return false, err
	}
	answer := strings.ToLower(line)
	return answer == "y" || answer == "yes", nil
}

// ReadLine reads an answer without the space around it. If the context ends the waiting,
// it ends the line on w and returns the error of the context.
func ReadLine(ctx context.Context, w io.Writer, in *bufio.Reader) (string, error) {
	var line string
	var err error
	read := make(chan struct{})
	go func() {
		line, err = in.ReadString('\n')
		close(read)
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(w)
		return "", ctx.Err()
	case <-read:
		return strings.TrimSpace(line), err
	}
}
