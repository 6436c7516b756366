package release

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/normal"
	"github.com/privgen/privgen/internal/policy"
)

// This file writes the files of released versions.

// versionText returns a version's file: its front matter, and its text in normal
// form.
func versionText(m *policy.FrontMatter, text []byte) []byte {
	b := bytes.NewBufferString("+++\n")
	date := func(key, value string) {
		if value != "" {
			fmt.Fprintf(b, "%s = %s\n", key, value)
		}
	}
	words := func(key, value string) {
		if value != "" {
			fmt.Fprintf(b, "%s = %s\n", key, inTOML(value))
		}
	}
	list := func(key string, values []string) {
		switch {
		case len(values) == 1:
			fmt.Fprintf(b, "%s = [%s]\n", key, inTOML(values[0]))
		case len(values) > 1:
			fmt.Fprintf(b, "%s = [\n", key)
			for _, v := range values {
				fmt.Fprintf(b, "  %s,\n", inTOML(v))
			}
			b.WriteString("]\n")
		}
	}
	date("effective", m.Effective.String())
	date("updated", m.Updated.String())
	date("published", m.Published.String())
	date("reviewed", m.Reviewed.String())
	words("label", m.Label)
	words("summary", m.Summary)
	list("changes", m.Changes)
	if m.Material {
		b.WriteString("material = true\n")
	}
	words("source", m.Source)
	list("removed_clauses", m.Removed)
	if len(m.Aliases) > 0 {
		b.WriteString("\n[aliases]\n")
		for _, alias := range slices.Sorted(maps.Keys(m.Aliases)) {
			fmt.Fprintf(b, "%s = %s\n", inTOML(alias), inTOML(m.Aliases[alias]))
		}
	}
	if b.Len() == len("+++\n") {
		b.Reset()
	} else {
		b.WriteString("+++\n\n")
	}
	b.Write(normal.Form(text))
	return b.Bytes()
}

// inTOML returns a basic string of TOML. JSON has the same escapes, except that it
// does not escape U+007F.
func inTOML(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic("privgen: internal error: " + err.Error())
	}
	return strings.ReplaceAll(strings.TrimSuffix(b.String(), "\n"), "\x7f", `\u007F`)
}
