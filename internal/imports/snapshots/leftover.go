package snapshots

import (
	"slices"
	"strings"
	"unicode"
)

// leftovers are lines that web pages leave behind in copied texts: labels of
// buttons and menus, and names of languages. In lower case.
var leftovers = strings.Split(`copy link|link copied|copied|share|share this page|print|print this page|print page|`+
	`download|download pdf|menu|search|close|back|back to top|top|home|skip to content|skip to main content|`+
	`table of contents|contents|on this page|in this article|jump to|read more|learn more|show more|show less|see more|`+
	`expand all|collapse all|next|previous|related information|related articles|related links|was this helpful?|`+
	`was this page helpful?|was this article helpful?|log in|sign in|sign up|subscribe|get started|follow us|change log|`+
	`user experience|user experiences|cookie settings|accept all|english|english (us)|english (uk)|deutsch|français|`+
	`español|italiano|português|português (brasil)|nederlands|svenska|dansk|norsk|suomi|polski|čeština|magyar|română|`+
	`türkçe|ελληνικά|русский|українська|العربية|עברית|हिन्दी|ไทย|tiếng việt|bahasa indonesia|日本語|한국어|中文|简体中文|繁體中文`, "|")

// isLeftover reports whether a line is not part of the text.
func isLeftover(s string) bool {
	letters, small := strings.ContainsFunc(s, unicode.IsLetter), strings.ContainsFunc(s, unicode.IsLower)
	code := !small && !strings.Contains(s, " ") && strings.ContainsFunc(s, unicode.IsDigit)
	return !letters || code || slices.Contains(leftovers, strings.ToLower(strings.TrimSuffix(s, ":")))
}
