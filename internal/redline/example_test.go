package redline_test

import (
	"fmt"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/redline"
)

const (
	exampleBefore = "# Terms\n\n## 1. Returns\n\nSend it back within 30 days. See [our list](https://a.example/).\n"
	exampleAfter  = "# Terms\n\n## 1. Returns\n\nSend it back within 14 days. See [our list](https://b.example/).\n"
)

func ExampleCompare() {
	p := markdown.NewRenderer(1 << 20)
	r := redline.Compare(take(p, exampleBefore), take(p, exampleAfter))
	fmt.Println(r.Verdict, r.Extent.WordsAdded, r.Extent.WordsRemoved, r.Extent.Links)
	for _, c := range r.Clauses {
		fmt.Println(c.Title, c.State.Names())
	}
	// Output:
	// changed 1 1 1
	// Terms []
	// 1. Returns [changed links]
}
