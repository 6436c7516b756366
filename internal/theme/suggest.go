package theme

import (
	"fmt"
	"strings"

	"github.com/privgen/privgen/internal/toml"
)

// suggest returns the fix for an unknown name: the one that was probably meant,
// else all names. The lead says what they are: "it has".
func suggest(name string, there []string, lead, none string) string {
	if len(there) == 0 {
		return none
	}
	if near := toml.Nearest(name, there); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return lead + " " + strings.Join(there, ", ")
}
