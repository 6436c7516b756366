package normal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Head returns the front matter of an index.md: a block of YAML between lines of three
// hyphens. The fields are names and values in turn; fields with an empty value are omitted.
// Each value is a JSON string on one line, so that a program can read it without YAML.
func Head(fields ...string) string {
	var b strings.Builder
	b.WriteString("---\n")
	for ; len(fields) > 1; fields = fields[2:] {
		if fields[1] != "" {
			fmt.Fprintf(&b, "%s: %s\n", fields[0], quoted(fields[1]))
		}
	}
	b.WriteString("---\n")
	return b.String()
}

// SkipHead returns a text without the block of YAML at its beginning, which index.md and
// the files of other tools have. Without such a block, it returns text.
func SkipHead(text []byte) []byte {
	const fence = "---\n"
	head, rest, ok := bytes.Cut(text, []byte("\n"+fence))
	if !ok || !bytes.HasPrefix(head, []byte(fence)) || !bytes.Contains(head, []byte(":")) || head[len(fence)] == '\n' {
		return text
	}
	return rest
}

// quoted returns a value as a JSON string that is valid YAML, too. It escapes the characters
// that YAML calls unprintable, and U+0085 (next line), which ends a line in YAML 1.1.
func quoted(value string) string {
	var b, out strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		panic(err) // encoding a string cannot fail
	}
	for _, r := range strings.TrimSuffix(b.String(), "\n") {
		if r >= 0x7f && r < 0xa0 || r == 0xfeff || r == 0xfffe || r == 0xffff {
			fmt.Fprintf(&out, `\u%04x`, r)
		} else {
			out.WriteRune(r)
		}
	}
	return out.String()
}
