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

func ExampleText() {
	p := markdown.NewRenderer(1 << 20)
	r := redline.Compare(take(p, exampleBefore), take(p, exampleAfter))
	fmt.Printf("%s", redline.Text(nil, r, false))
	// Output:
	// # Terms
	//
	// ## 1. Returns
	// Send it back within [-30-] {+14+} days. See our list (link https://a.example/ → https://b.example/).
}

func ExampleHTML() {
	p := markdown.NewRenderer(1 << 20)
	r := redline.Compare(take(p, "We answer within 30 days.\n"), take(p, "We answer within 14 days.\n"))
	html, _ := redline.HTML(nil, r, &redline.RenderOptions{Insertion: "inserted", InsertionEnd: "end"})
	fmt.Printf("%s", html)
	// Output:
	// <p>We answer within <del>30</del><span data-added> </span><ins data-say="inserted" data-said="end">14</ins> days.</p>
}

func ExampleNewReport() {
	p := markdown.NewRenderer(1 << 20)
	r := redline.Compare(take(p, "1. One.\n2. Two.\n"), take(p, "4. One.\n5. Two.\n"))
	fmt.Println(redline.Summary(r))
	fmt.Println(redline.NewReport(r).Extent.ListNumbers)
	// Output:
	// 1 clause changed, 1 list number changed
	// 1
}
