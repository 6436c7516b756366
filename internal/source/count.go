package source

import (
	"fmt"
	"strings"
)

// Count returns a number of things in English, for messages: "1 file",
// "2 policies". The noun is in the singular and has a regular plural.
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if stem, ok := strings.CutSuffix(noun, "y"); ok && !strings.HasSuffix(noun, "day") {
		noun = stem + "ie"
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
