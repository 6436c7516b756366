package theme

import (
	"slices"
	"strings"
)

// This file decides which strings are colors and lengths. Values of settings
// are written into a style sheet, so only a color or a length is allowed; other
// forms of CSS, such as calc(), are not.

// namedColors lists the color names of CSS Color 4.
const namedColors = ` aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet
brown burlywood cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan darkblue darkcyan
darkgoldenrod
darkgray darkgreen darkgrey darkkhaki darkmagenta darkolivegreen darkorange darkorchid darkred darksalmon darkseagreen
darkslateblue darkslategray darkslategrey darkturquoise darkviolet deeppink deepskyblue dimgray dimgrey dodgerblue
firebrick floralwhite forestgreen fuchsia gainsboro ghostwhite gold goldenrod gray green greenyellow grey honeydew
hotpink indianred indigo ivory khaki lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan
lightgoldenrodyellow lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen lightskyblue lightslategray
lightslategrey lightsteelblue lightyellow lime limegreen linen magenta maroon mediumaquamarine mediumblue mediumorchid
mediumpurple mediumseagreen mediumslateblue mediumspringgreen mediumturquoise mediumvioletred midnightblue mintcream
mistyrose moccasin navajowhite navy oldlace olive olivedrab orange orangered orchid palegoldenrod palegreen
paleturquoise palevioletred papayawhip peachpuff peru pink plum powderblue purple rebeccapurple red rosybrown royalblue
saddlebrown salmon sandybrown seagreen seashell sienna silver skyblue slateblue slategray slategrey snow springgreen
steelblue tan teal thistle tomato turquoise violet wheat white whitesmoke yellow yellowgreen transparent currentcolor `

func isColor(s string) bool {
	s = strings.ToLower(s)
	if hex, ok := strings.CutPrefix(s, "#"); ok {
		return slices.Contains([]int{3, 4, 6, 8}, len(hex)) && strings.Trim(hex, "0123456789abcdef") == ""
	}
	name, args, ok := strings.Cut(s, "(")
	if !ok {
		return s != "" && slices.Contains(strings.Fields(namedColors), s)
	}
	args, ok = strings.CutSuffix(args, ")")
	if !ok {
		return false
	}
	if name == "light-dark" {
		return isColorPair(args)
	}
	if !slices.Contains([]string{"rgb", "rgba", "hsl", "hsla", "hwb", "lab", "lch", "oklab", "oklch"}, name) {
		return false
	}
	parts := strings.FieldsFunc(args, func(r rune) bool { return r == ' ' || r == ',' || r == '/' })
	for _, p := range parts {
		if p != "none" && !isNumber(p, "", "%", "deg", "grad", "rad", "turn") {
			return false
		}
	}
	return len(parts) == 3 || len(parts) == 4
}

// isColorPair reports whether s is A, B; both can have commas in parentheses.
func isColorPair(s string) bool {
	for i := range len(s) {
		if s[i] != ',' {
			continue
		}
		a, b := strings.TrimSpace(s[:i]), strings.TrimSpace(s[i+1:])
		if !strings.Contains(a, "light-dark") && !strings.Contains(b, "light-dark") && isColor(a) && isColor(b) {
			return true
		}
	}
	return false
}

func isLength(s string) bool {
	return s == "0" || isNumber(strings.ToLower(s), "px", "rem", "em", "ex", "ch", "lh", "rlh", "ic", "cap", "vw",
		"vh", "vi", "vb",
		"vmin", "vmax", "svw", "svh", "lvw", "lvh", "dvw", "dvh", "cm", "mm", "q", "in", "pt", "pc", "%")
}

// isNumber reports whether s is a number followed by one of the units.
func isNumber(s string, units ...string) bool {
	s = strings.TrimPrefix(s, "-")
	whole := len(s) - len(strings.TrimLeft(s, "0123456789"))
	rest, digits := s[whole:], whole
	if fraction, ok := strings.CutPrefix(rest, "."); ok {
		rest = strings.TrimLeft(fraction, "0123456789")
		n := len(fraction) - len(rest)
		if n == 0 {
			return false
		}
		digits += n
	}
	return digits > 0 && slices.Contains(units, rest)
}
