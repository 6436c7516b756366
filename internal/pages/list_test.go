package pages_test

import (
	"fmt"
	"strings"
	"testing"
)

// An archive of many versions has a line for each of them, newest first, in the
// section of its year, and each section is linked from the list of years.
func TestYears(t *testing.T) {
	t.Parallel()
	files := []string{}
	for i := range 30 {
		files = append(files, fmt.Sprintf("content/rules/%d-%02d-01.md", 2020+i/12, i%12+1),
			fmt.Sprintf("# Rules\n\nRule %d.\n", i))
	}
	d := drawAll(t, "https://example.com/legal/", plan(t, with(files...)))
	page := d.pages["rules/archive/index.html"]
	var have []string
	for _, section := range all(page, "section", "class", "group") {
		id := attr(find(section, "h2"), "id")
		lines := all(find(section, "ol"), "li")
		first, _, _ := d.lead(t, "rules/archive/index.html", attr(find(lines[0], "a"), "href"))
		have = append(have, fmt.Sprint(id, " ", len(lines), " ", first))
	}
	want := "pg:2022 6 rules/2022-06-01/index.html, pg:2021 12 rules/2021-12-01/index.html, " +
		"pg:2020 12 rules/2020-12-01/index.html"
	if have := strings.Join(have, ", "); have != want {
		t.Errorf("have %s\nwant %s", have, want)
	}
	var links []string
	for _, a := range all(find(page, "nav", "class", "group-index"), "a") {
		links = append(links, words(a))
	}
	if have := strings.Join(links, " "); have != "2022 2021 2020" {
		t.Errorf("have links to %s", have)
	}
}

// A version that takes effect later was not updated on that day yet.
func TestUpcomingWithoutUpdate(t *testing.T) {
	t.Parallel()
	d := drawAll(t, "https://example.com/legal/", plan(t, with("content/privacy/2026-12-25.md",
		"updated = 2026-04-04\n+\n")))
	stamp := words(find(d.pages["privacy/2026-12-25/index.html"], "div", "class", "stamp-line"))
	if !strings.Contains(stamp, "Published 3 June 2026") || strings.Contains(stamp, "Last updated") {
		t.Errorf("have %q", stamp)
	}
}
