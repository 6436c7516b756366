package normal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Head returns the head of an index.md, what programs know of the text below it: a
// block of YAML between lines of three hyphens. The fields are names and values in
// turn; one without a value is left out. Each is a line with a JSON string, so that
// a program can read it without YAML, too.
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

// SkipHead returns a text without the block of YAML before it, as index.md and the
// files of other tools have it, if there is one.
func SkipHead(text []byte) []byte {
	const fence = "---\n"
	head, rest, ok := bytes.Cut(text, []byte("\n"+fence))
	if !ok || !bytes.HasPrefix(head, []byte(fence)) || !bytes.Contains(head, []byte(":")) || head[len(fence)] == '\n' {
		return text
	}
	return rest
}

// quoted returns a value as a JSON string that YAML allows, too: what it calls
// unprintable is escaped, and so is next line (U+0085), which ends a line in YAML 1.1.
func quoted(value string) string {
	var b, out strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		panic(err) // a string has no error
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
