package theme

import (
	"math"
	"testing"
)

func TestRatio(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		color, on string
		want      float64 // by the formula of WCAG 2
	}{
		{"#000", "#ffffff", 21}, {"white", "#fff", 1}, {"#767676", "white", 4.54}, {"rgb(0 0 255)", "white", 8.59},
		{"hsl(0 100% 50%)", "white", 3.99}, {"oklch(0.628 0.2577 29.23)", "white", 3.99}, {"rgb(100%, 0%, 0%)", "black", 5.25},
		{"light-dark(rgb(0, 0, 0), white)", "white", 21},
	} {
		c, ok := parseColor(test.color, true)
		on, known := parseColor(test.on, true)
		if have := ratio(c, on); !ok || !known || math.Abs(have-test.want) > .011 {
			t.Errorf("%s on %s: have %.3f, want %.2f", test.color, test.on, have, test.want)
		}
	}
	for _, s := range []string{"#ffffff80", "currentcolor", "lab(50% 0 0)", "rgb(0 0 0 / 50%)", "hsl(1turn 0% 0%)"} {
		if c, ok := parseColor(s, true); ok {
			t.Errorf("%s is measured as %v", s, c)
		}
	}
}

// The suggested color has enough contrast, and little more if the written color
// has too little.
func TestNearest(t *testing.T) {
	t.Parallel()
	white, _ := parseColor("white", true)
	dark, _ := parseColor("#131517", true)
	for _, name := range []string{"#eee", "yellow", "deepskyblue", "#0b57a4", "navy", "#f00", "black"} {
		c, _ := parseColor(name, true)
		for _, on := range []color{white, dark} {
			hex, ok := nearest(c, []color{on})
			near, _ := parseColor(hex, true)
			if r := ratio(near, on); !ok || r < leastContrast || ratio(c, on) < leastContrast && r > leastContrast+.2 {
				t.Errorf("%s on %s: have %s with a contrast of %.2f", name, on.hex(), hex, r)
			}
		}
	}
}
