package terminal_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/privgen/privgen/internal/terminal"
)

// hostile is what somebody would write into a title, a name or an answer to
// take over a terminal, and what no reader would see.
const hostile = "a\x1b]0;owned\a\x1b[2J\u009b31m\b\x7f\u202Egpj.\u2066x\u200By"

// shown fails when what was printed holds a character that a terminal obeys or
// a reader cannot see.
func shown(t *testing.T, what, printed string) {
	t.Helper()
	for _, r := range "\x1b\a\b\r\x7f\u009b\u202E\u2066\u200B\uFFFD" {
		if i := strings.IndexRune(printed, r); i >= 0 {
			t.Errorf("%s prints %U:\n%q", what, r, printed[max(0, i-60):min(len(printed), i+60)])
			return
		}
	}
}

// What is escaped for a terminal is what programs read.
func TestJSON(t *testing.T) {
	t.Parallel()
	for _, want := range []string{hostile, "Löschung 🏴\U000E0067\U000E007F 👩\u200D👧", "plain", "\u2028\U000E0001"} {
		var b bytes.Buffer
		if err := terminal.PrintJSON(terminal.Screen{Writer: &b}, map[string]string{want: want}); err != nil {
			t.Fatal(err)
		}
		shown(t, "JSON", b.String())
		var have map[string]string
		if err := json.Unmarshal(b.Bytes(), &have); err != nil || have[want] != want {
			t.Errorf("%q is read as %q (%v)", want, have, err)
		}
	}
}

// A text on its way to a program keeps every byte.
func TestDocument(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	io.WriteString(terminal.Document(terminal.Screen{Writer: &b}), hostile)
	if b.String() != hostile {
		t.Errorf("have %q", b.String())
	}
	file, err := os.Create(filepath.Join(t.TempDir(), "text.md"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	io.WriteString(terminal.Document(terminal.Screen{Writer: file}), hostile)
	if have, _ := os.ReadFile(file.Name()); string(have) != hostile {
		t.Errorf("have %q", have)
	}
}

// Where nobody looks, there are no colors and no progress lines.
func TestNoTerminal(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	g := terminal.NewProgress(&b, false, time.Now().Add(-time.Minute))
	g.Show("rendering page", 3, 400)
	g.Clear()
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	if b.Len() > 0 || terminal.Colored(&b, false) || terminal.IsTerminal(null) {
		t.Errorf("printed %q", b.String())
	}
}

// What a server said is no line of the program.
func TestIndented(t *testing.T) {
	t.Parallel()
	if have := terminal.Indented("it fails\n\tdo this\nroot# "); have != "it fails\n\tdo this\n\troot# " {
		t.Errorf("have %q", have)
	}
}

// What is waited for is printed from time to time.
func TestWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var loud, quiet bytes.Buffer
		say, hush := terminal.Waiting(&loud, false), terminal.Waiting(&quiet, true)
		for _, what := range []string{"one", "two", "three", "four"} {
			say(what)
			hush(what)
			time.Sleep(5 * time.Second)
		}
		if loud.String() != "one\nfour\n" || quiet.Len() > 0 {
			t.Errorf("have %q and, of a quiet run, %q", loud.String(), quiet.String())
		}
	})
}

// Only yes is yes: not who goes away, and not a program without an answer.
func TestAsk(t *testing.T) {
	stdin := os.Stdin
	defer func() { os.Stdin = stdin }()
	for answer, want := range map[string]bool{"y\n": true, " YES \n": true, "yes": true, "n\n": false, "\n": false, "": false, "yesterday\n": false} {
		in, out, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(out, answer)
		out.Close()
		os.Stdin = in
		var b bytes.Buffer
		have, err := terminal.Ask(t.Context(), &b, "Deploy?")
		in.Close()
		if have != want || err != nil || b.String() != "Deploy? [y/N] " {
			t.Errorf("%q: have %v, %v after %q", answer, have, err, b.String())
		}
	}
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	os.Stdin = in
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var b bytes.Buffer
	if yes, err := terminal.Ask(ctx, &b, "Deploy?"); yes || !errors.Is(err, context.Canceled) || b.String() != "Deploy? [y/N] \n" {
		t.Errorf("an interrupt: %v, %v, %q", yes, err, b.String())
	}
	out.Close() // ends the reading
}
