package terminal_test

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

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
