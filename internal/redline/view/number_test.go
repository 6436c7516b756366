package view_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/redline/view"
)

// If items of an ordered list are omitted, the others keep their numbers.
func TestNumbersBehindGaps(t *testing.T) {
	t.Parallel()
	text := func(word string) string {
		var b strings.Builder
		for i := range 12 {
			w := "here"
			if i == 6 {
				w = word
			}
			fmt.Fprintf(&b, "%d. Item %d is %s with some words that fill it, so that it is long.\n", i+3, i+3, w)
		}
		return b.String()
	}
	r := compare("# T\n\n"+text("here"), "# T\n\n"+text("there"))
	page, _ := view.HTML(nil, r, &view.RenderOptions{Unchanged: "Unchanged", Permalink: "/p/",
		Fragment: func(id string) string { return "#" + id }})
	for _, want := range []string{"<ol start=\"3\">\n<li class=\"gap\" data-gap data-added>Unchanged</li>\n" +
		"<li value=\"8\">Item 8 is here", "<li>Item 9 is <del>here</del>", "<li>Item 10 is here"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("no %q in\n%s", want, page)
		}
	}
	if strings.Contains(string(page), "Item 7") || strings.Contains(string(page), "Item 11") {
		t.Errorf("nothing is left out of\n%s", page)
	}
}
