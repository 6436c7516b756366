package complete

import "strings"

// Words returns the words of a passage, as they are compared, separated by spaces.
func Words(stretch string) string {
	var b strings.Builder
	cutWords(stretch, func(from, to int) {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(stretch[from:to])
	})
	return b.String()
}
