package view_test

import (
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/redline/view"
)

// A styled redline has no style sheet, no class, no id, and no link within the page. The
// tests of the laws check the rest.
func TestStyled(t *testing.T) {
	t.Parallel()
	r := compare("# Terms {#terms}\n\n## Returns {#returns}\n\nSend it back within 30 days, see [rights](#rights).\n\n"+
		"1. one\n2. two\n\n## Rights {#rights}\n\n| a | b |\n| - | - |\n| c | d |\n",
		"# Terms {#terms}\n\n## Returns {#returns}\n\nSend it back within 14 days, see [rights](#rights) & more.\n\n"+
			"1. one\n3. two\n\n## Rights {#rights}\n\n| a | b |\n| - | - |\n| c | e |\n")
	set := view.RenderOptions{Permalink: "https://a.example/terms/", Fragment: func(id string) string { return "#" + id }}
	page, left := view.Styled(r, set, 1<<20)
	for _, want := range []string{
		`<del style="background-color:#fbdede;color:#7a1212;text-decoration:line-through">30</del>`,
		`<ins style="background-color:#d7f0dc;color:#0b4a1e;text-decoration:underline">14</ins>`,
		`<a href="https://a.example/terms/#rights">rights</a>`, `&amp; more`, `<td style="border:1px solid #888;`,
		`[2 → 3] `,
	} {
		if !strings.Contains(string(page), want) {
			t.Errorf("it lacks %s:\n%s", want, page)
		}
	}
	for _, no := range []string{"class=", " id=", "var(", `href="#`, "data-sign", "data-moved", "<script", "<style"} {
		if strings.Contains(string(page), no) {
			t.Errorf("it has %s:\n%s", no, page)
		}
	}
	if left != 0 {
		t.Errorf("%d changes are left out", left)
	}

	// A short one ends before a clause, and counts the changes after it.
	short, left := view.Styled(r, set, len(page)-1)
	if left != 1 || !strings.HasPrefix(string(page), string(short)) || !strings.HasPrefix(string(page)[len(short):], "<h2") {
		t.Errorf("%d changes are left out of\n%s", left, short)
	}
	if none, left := view.Styled(r, set, 10); len(none) != 0 || left != 4 {
		t.Errorf("have %q, %d left out", none, left)
	}
	same := compare("# A\n\nOne.\n", "# A\n\nOne.\n")
	if none, left := view.Styled(same, set, 1000); len(none) != 0 || left != 0 {
		t.Errorf("no change: %q, %d left out", none, left)
	}

	// The old place of a move has no link to a change in the page.
	set.Moved = "moved"
	list := "## List\n\nWe keep the address that you gave us for ten years.\n\n"
	mail := "## Mail\n\nAsk us by mail.\n\nWrite to all of us there.\n\n"
	if page, _ := view.Styled(compare("# T\n\n"+list+mail, "# T\n\n"+mail+list), set, 1<<20); len(page) == 0 ||
		strings.Contains(string(page), "#pg:") {
		t.Errorf("it is empty, or leads to a change:\n%s", page)
	}
}
