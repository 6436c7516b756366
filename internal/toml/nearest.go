package toml

import (
	"fmt"
	"strings"
)

// Nearest returns the candidate that was probably meant by a word: the one with
// the fewest inserted, removed, replaced, or swapped letters, ignoring case. If
// none is near, it returns the first that begins with the word, or "". Of several
// equally near candidates it returns the first.
func Nearest(word string, among []string) string {
	w := []rune(strings.ToLower(word))
	if len(w) == 0 || len(w) > 100 {
		return ""
	}
	best, least := "", max(1, (len(w)+1)/3)+1
	for _, a := range among {
		if n := distance(w, []rune(strings.ToLower(a)), least); n < least {
			best, least = a, n
		}
	}
	if best == "" && len(w) >= 3 {
		for _, a := range among {
			if strings.HasPrefix(strings.ToLower(a), string(w)) {
				return a
			}
		}
	}
	return best
}

// Suggest returns the fix for an unknown word: a question with the nearest candidate in a
// format such as %q, or otherwise if none is near.
func Suggest(word string, among []string, form, otherwise string) string {
	if near := Nearest(word, among); near != "" {
		return fmt.Sprintf("did you mean "+form+"?", near)
	}
	return otherwise
}

// distance returns the number of edits that convert a to b, including swaps of
// neighbors, or limit if there are that many or more.
func distance(a, b []rune, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	var before []int
	last, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		if before == nil {
			before = make([]int, len(b)+1)
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], limit)
}
