package syntax

// TagEnd returns the length of a tag, with the signs < and > in its attributes.
func TagEnd[T []byte | string](s T) int {
	quote := byte(0)
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"':
			quote = c
		case c == '>':
			return i + 1
		}
	}
	return len(s)
}
