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
	if stem, ok := strings.CutSuffix(noun, "y"); ok {
		noun = stem + "ie"
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Bytes returns a number of bytes in English: "7 B", "1.2 KB".
func Bytes(n int64) string {
	if n < 1000 {
		return fmt.Sprintf("%d B", n)
	}
	size, units := float64(n)/1e3, []string{"KB", "MB", "GB"}
	for size >= 1000 && len(units) > 1 {
		size, units = size/1e3, units[1:]
	}
	return fmt.Sprintf("%.1f %s", size, units[0])
}
