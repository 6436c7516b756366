package history

import (
	"fmt"
	"strings"
	"testing"
)

func TestSketch(t *testing.T) {
	t.Parallel()
	words := func(from, to int) []byte {
		var b strings.Builder
		for i := from; i < to; i++ {
			fmt.Fprintf(&b, "word%d ", i*7919%100003)
		}
		return []byte(b.String())
	}
	for _, c := range []struct {
		name     string
		a, b     []byte
		from, to float64
	}{
		{"itself", words(0, 5000), words(0, 5000), 1, 1},
		{"half of it", words(0, 4000), words(0, 8000), 0.38, 0.62},
		{"a third in common", words(0, 4000), words(2000, 6000), 0.23, 0.44},
		{"nothing", words(0, 4000), words(5000, 9000), 0, 0.01},
		{"a few words", []byte("not found"), []byte("not found"), 1, 1},
		{"other few words", []byte("not found"), []byte("no page"), 0, 0},
		{"no spaces", []byte("我们不保留任何信息也不会告诉别人"), []byte("我们不保留任何信息也不会告诉您"), 0.5, 0.95},
		{"letters apart in case and marks", []byte("We keep nothing, and tell you so."), []byte("we keep **nothing** and tell you so"), 1, 1},
	} {
		if have := sketchOf(c.a).like(sketchOf(c.b)); have < c.from || have > c.to {
			t.Errorf("%s: %.2f, want %.2f to %.2f", c.name, have, c.from, c.to)
		}
	}
}
