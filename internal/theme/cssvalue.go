package theme

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/lazyregexp"
)

// This file decides which strings are colors and lengths. Values of settings
// are written into a style sheet, so only a color or a length is allowed; other
// forms of CSS, such as calc(), are not.

// namedColors lists the color names of CSS Color 4 with their values.
//
//go:embed colors.txt
var namedColors string

// named returns the value of a color's name in hexadecimal.
func named(s string) (string, bool) {
	words := strings.Fields(namedColors)
	if i := slices.Index(words, s); i >= 0 && i%2 == 0 {
		return words[i+1], true
	}
	return "", false
}

const (
	cssNumber = `-?(?:\d+(?:\.\d+)?|\.\d+)`
	cssPart   = `(?:none|` + cssNumber + `(?:%|deg|grad|rad|turn)?)` // of a color function
)

var (
	hexColor      = lazyregexp.New(`^#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$`)
	colorFunction = lazyregexp.New(`^(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch)\([ ,/]*(?:` + cssPart + `[ ,/]+){2,3}` +
		cssPart + `[ ,/]*\)$`)
	cssLength = lazyregexp.New(`^(?:0|` + cssNumber + `(?:px|rem|em|ex|ch|lh|rlh|ic|cap|vw|vh|vi|vb|vmin|vmax|svw|svh|` +
		`lvw|lvh|dvw|dvh|cm|mm|q|in|pt|pc|%))$`)
)

func isColor(s string) bool {
	s = strings.ToLower(s)
	_, known := named(s)
	_, _, pair := colorPair(s)
	return known || pair || s == "transparent" || s == "currentcolor" || hexColor().MatchString(s) ||
		colorFunction().MatchString(s)
}

// colorPair returns the colors of light-dark(A, B); both can have commas in parentheses.
func colorPair(s string) (light, dark string, ok bool) {
	pair, ok := strings.CutPrefix(s, "light-dark(")
	pair, closed := strings.CutSuffix(pair, ")")
	for i := range len(pair) {
		light, dark := strings.TrimSpace(pair[:i]), strings.TrimSpace(pair[i+1:])
		if ok && closed && pair[i] == ',' && !strings.Contains(pair, "light-dark") && isColor(light) && isColor(dark) {
			return light, dark, true
		}
	}
	return "", "", false
}

func isLength(s string) bool { return cssLength().MatchString(strings.ToLower(s)) }
