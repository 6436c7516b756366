package theme

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/privgen/privgen/internal/source"
)

// This file measures the contrast of colors as WCAG 2 defines it. A theme
// declares with contrast = [...] on which colors a setting must be readable.

const leastContrast = 4.5

// A color has linear light in red, green, and blue, from 0 to 1.
type color [3]float64

// readable checks the contrast of a setting to the colors it is shown on. Colors
// that privgen cannot convert are not measured. If the site sets only the
// background, the position is that of the background, because a site cannot edit
// the theme's default.
func (s *Setting) readable(settings map[string]*Setting, set map[string]any) *source.Problem {
	text, ok := s.value.(string)
	if !ok || len(s.Contrast) == 0 {
		return nil
	}
	pos, write := s.at, "write"
	var on []color
	var names []string
	for _, name := range s.Contrast {
		if other := settings[name]; other != nil {
			if set[s.Name] == nil && set[name] != nil {
				pos, write = other.at, "write "+s.Name+" ="
			}
			name, _ = other.value.(string)
		}
		if c, ok := parseColor(name, true); ok {
			on, names = append(on, c), append(names, name)
		}
	}
	if len(on) == 0 {
		return nil
	}
	c, ok := parseColor(text, luminance(on[0]) > .5)
	if !ok {
		return nil
	}
	worst := slices.IndexFunc(on, func(b color) bool { return ratio(c, b) == least(c, on) })
	if least(c, on) >= leastContrast {
		return nil
	}
	do := "choose another color"
	if near, ok := nearest(c, on); ok {
		do = fmt.Sprintf("%s %q, the nearest color that works", write, near)
	}
	return source.NewProblem(pos, "low-contrast", fmt.Sprintf(
		"the setting %q is %s, which has a contrast of %.2f to %s; text needs %.1f", s.Name, text,
		math.Floor(100*least(c, on))/100, names[worst], leastContrast), do)
}

func least(c color, on []color) float64 {
	out := math.Inf(1)
	for _, b := range on {
		out = min(out, ratio(c, b))
	}
	return out
}

// ratio returns the contrast of two colors: 1 to 21.
func ratio(a, b color) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + .05) / (min(x, y) + .05)
}

func luminance(c color) float64 { return .2126*c[0] + .7152*c[1] + .0722*c[2] }

// nearest returns the color of the same hue whose lightness is nearest to that
// of c and that has enough contrast.
func nearest(c color, on []color) (string, bool) {
	lab := c.oklab()
	for step := 1; step <= 1000; step++ {
		for _, l := range []float64{lab[0] - float64(step)/1000, lab[0] + float64(step)/1000} {
			if l < 0 || l > 1 {
				continue
			}
			hex := fromOklab([3]float64{l, lab[1], lab[2]}).hex()
			if shown, _ := parseColor(hex, true); least(shown, on) >= leastContrast {
				return hex, true
			}
		}
	}
	return "", false
}

// parseColor parses an opaque color. For light-dark(A, B) it returns A if light is
// true, otherwise B.
func parseColor(s string, light bool) (color, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	if hex, ok := named(s); ok {
		s = "#" + hex
	}
	if hex, ok := strings.CutPrefix(s, "#"); ok {
		if len(hex) == 3 {
			hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
		}
		n, err := strconv.ParseUint(hex, 16, 32)
		if len(hex) != 6 || err != nil {
			return color{}, false
		}
		return fromSRGB(float64(n>>16)/255, float64(n>>8&0xff)/255, float64(n&0xff)/255), true
	}
	if inLight, inDark, ok := colorPair(s); ok && light {
		return parseColor(inLight, light)
	} else if ok {
		return parseColor(inDark, light)
	}
	name, args, _ := strings.Cut(strings.TrimSuffix(s, ")"), "(")
	v, ok := numbers(args)
	if !ok {
		return color{}, false
	}
	switch name {
	case "rgb", "rgba":
		return fromSRGB(v[0].of(255), v[1].of(255), v[2].of(255)), true
	case "hsl", "hsla":
		return fromHSL(v[0].n, v[1].of(100), v[2].of(100)), true
	case "oklch":
		sin, cos := math.Sincos(v[2].n * math.Pi / 180)
		chroma := v[1].of(1)
		if v[1].percent {
			chroma *= .4
		}
		return fromOklab([3]float64{v[0].of(1), chroma * cos, chroma * sin}), true
	}
	return color{}, false
}

// A quantity is a number of a color function, or a percentage.
type quantity struct {
	n       float64
	percent bool
}

// of returns the quantity as a fraction of the whole.
func (q quantity) of(whole float64) float64 {
	if q.percent {
		return q.n / 100
	}
	return q.n / whole
}

// numbers parses three numbers. A fourth, the opacity, and units of angles other
// than deg are not accepted.
func numbers(args string) ([3]quantity, bool) {
	var out [3]quantity
	parts := strings.FieldsFunc(args, func(r rune) bool { return r == ' ' || r == ',' || r == '/' })
	if len(parts) != 3 {
		return out, false
	}
	for i, p := range parts {
		digits, percent := strings.CutSuffix(p, "%")
		n, err := strconv.ParseFloat(strings.TrimSuffix(digits, "deg"), 64)
		if err != nil {
			return out, false
		}
		out[i] = quantity{n, percent}
	}
	return out, true
}

func fromSRGB(r, g, b float64) color {
	c := color{r, g, b}
	for i, v := range c {
		if v = min(max(v, 0), 1); v <= .04045 {
			c[i] = v / 12.92
		} else {
			c[i] = math.Pow((v+.055)/1.055, 2.4)
		}
	}
	return c
}

func fromHSL(h, s, l float64) color {
	f := func(n float64) float64 {
		k := math.Mod(math.Mod(n+h/30, 12)+12, 12)
		return l - s*min(l, 1-l)*max(-1, min(k-3, 9-k, 1))
	}
	return fromSRGB(f(0), f(8), f(4))
}

// hex returns the color as #rrggbb, clipped to sRGB.
func (c color) hex() string {
	out := "#"
	for _, v := range c {
		if v = min(max(v, 0), 1); v <= .0031308 {
			v *= 12.92
		} else {
			v = 1.055*math.Pow(v, 1/2.4) - .055
		}
		out += fmt.Sprintf("%02x", int(math.Round(255*v)))
	}
	return out
}

// oklab and fromOklab convert to and from Oklab (CSS Color 4), in which lightness
// is independent of the hue.
func (c color) oklab() [3]float64 {
	l := math.Cbrt(.4122214708*c[0] + .5363325363*c[1] + .0514459929*c[2])
	m := math.Cbrt(.2119034982*c[0] + .6806995451*c[1] + .1073969566*c[2])
	s := math.Cbrt(.0883024619*c[0] + .2817188376*c[1] + .6299787005*c[2])
	return [3]float64{
		.2104542553*l + .7936177850*m - .0040720468*s,
		1.9779984951*l - 2.4285922050*m + .4505937099*s,
		.0259040371*l + .7827717662*m - .8086757660*s,
	}
}

func fromOklab(lab [3]float64) color {
	cube := func(x float64) float64 { return x * x * x }
	l := cube(lab[0] + .3963377774*lab[1] + .2158037573*lab[2])
	m := cube(lab[0] - .1055613458*lab[1] - .0638541728*lab[2])
	s := cube(lab[0] - .0894841775*lab[1] - 1.2914855480*lab[2])
	return color{
		4.0767416621*l - 3.3077115913*m + .2309699292*s,
		-1.2684380046*l + 2.6097574011*m - .3413193965*s,
		-.0041960863*l - .7034186147*m + 1.7076147010*s,
	}
}
