package view_test

import (
	"fmt"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/redline/view"
)

const (
	exampleBefore = "# Terms\n\n## 1. Returns\n\nSend it back within 30 days. See [our list](https://a.example/).\n"
	exampleAfter  = "# Terms\n\n## 1. Returns\n\nSend it back within 14 days. See [our list](https://b.example/).\n"
)

func ExampleText() {
	p := markdown.NewRenderer(1 << 20)
	r := redline.Compare(take(p, exampleBefore), take(p, exampleAfter))
	fmt.Printf("%s", view.Text(nil, r, false))
	// Output:
	// # Terms
	//
	// ## 1. Returns
	// Send it back within [-30-] {+14+} days. See our list (link https://a.example/ → https://b.example/).
}

func ExampleHTML() {
	p := markdown.NewRenderer(1 << 20)
	r := redline.Compare(take(p, "We answer within 30 days.\n"), take(p, "We answer within 14 days.\n"))
	html, _ := view.HTML(nil, r, &view.RenderOptions{Insertion: "inserted", InsertionEnd: "end"})
	fmt.Printf("%s", html)
	// Output:
	// <p>We answer within <del>30</del><span data-added> </span><ins data-say="inserted" data-said="end">14</ins> days.</p>
}

func ExampleNewReport() {
	p := markdown.NewRenderer(1 << 20)
	r := redline.Compare(take(p, "1. One.\n2. Two.\n"), take(p, "4. One.\n5. Two.\n"))
	fmt.Println(view.Summary(r))
	fmt.Println(view.NewReport(r).Extent.ListNumbers)
	// Output:
	// 1 clause changed, 1 list number changed
	// 1
}
