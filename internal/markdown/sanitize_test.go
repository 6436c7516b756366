package markdown

import "testing"

// Sanitizing keeps the marks of what the renderer added.
func TestSanitizeKeepsMarks(t *testing.T) {
	t.Parallel()
	for _, mark := range []string{`<span id="old" data-added=""></span>`, `<a data-added="" href="#x">#</a>`} {
		if have, _ := sanitize([]byte(mark), 0, 0); string(have) != mark {
			t.Errorf("%s becomes %s", mark, have)
		}
	}
}
