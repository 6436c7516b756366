package release

import "testing"

// A string of a front matter is written so that TOML parses the same string.
func TestInTOML(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`ten "years"`:      `"ten \"years\""`,
		"a\\b\tc":          `"a\\b\tc"`,
		"<b> & é \u2028":   `"<b> & é \u2028"`,
		"two\nlines\x7f":   `"two\nlines\u007F"`,
		"control \x01 now": `"control \u0001 now"`,
	} {
		if have := inTOML(text); have != want {
			t.Errorf("%q becomes %s, want %s", text, have, want)
		}
	}
}
