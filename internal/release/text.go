package release

import (
	"fmt"

	"github.com/privgen/privgen/internal/normal"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/toml"
)

// versionText returns a version's file: its front matter, and its text in normal
// form.
func versionText(m *policy.FrontMatter, text []byte) []byte {
	text = normal.Form(text)
	head := toml.Encode(*m)
	if len(head) == 0 {
		return text
	}
	return fmt.Appendf(nil, "+++\n%s+++\n\n%s", head, text)
}
