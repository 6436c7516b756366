package markdown

import "testing"

// TestPlainWords checks that the fast path of cutChunk finds the same words as first.
func TestPlainWords(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"a", "Data", "www", "tel", "https", "don"} {
		for _, mark := range []string{"", ".", ",", ";", ":", "!", "?", ")"} {
			have := cutChunk(nil, " ", word+mark, nil)
			n, kind := first(word+mark, addressEnd(word+mark))
			if have[0].Text != (word + mark)[:n] || have[0].Kind != kind || have[0].Gap != " " {
				t.Errorf("%s%s: the first word is %+v, and not %s", word, mark, have[0], (word + mark)[:n])
			}
			if len(have) != 1+len(mark) || mark != "" && (have[1].Text != mark || have[1].Kind != Mark || have[1].Gap != "") {
				t.Errorf("%s%s: have %+v", word, mark, have)
			}
		}
	}
}
