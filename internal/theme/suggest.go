package theme

import (
	"strings"

	"github.com/privgen/privgen/internal/toml"
)

// suggest returns the fix for an unknown name: the one that was probably meant,
// else all names. The lead says what they are: "it has".
func suggest(name string, there []string, lead, none string) string {
	if len(there) == 0 {
		return none
	}
	return toml.Suggest(name, there, "%q", lead+" "+strings.Join(there, ", "))
}
