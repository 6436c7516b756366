package theme

import (
	"strings"

	"github.com/privgen/privgen/internal/toml"
)

// suggest returns the fix for an unknown name: the name that was probably meant,
// otherwise the lead, such as "it has", and all names. Without names, it is none.
func suggest(name string, there []string, lead, none string) string {
	if len(there) == 0 {
		return none
	}
	return toml.Suggest(name, there, "%q", lead+" "+strings.Join(there, ", "))
}
