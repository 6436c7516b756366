package webpage_test

import (
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/imports/webpage"
)

// Tables that are too large for a reader, and whose grid would take all memory, are
// read as text. Without the limits, each of these takes longer than the tests may.
func TestTableBounds(t *testing.T) {
	t.Parallel()
	words := "<p>" + strings.Repeat("words and words ", 50) + "</p>"
	for name, table := range map[string]string{
		"columns":         "<tr>" + strings.Repeat("<td>cell", 50000),
		"cells left out":  "<tr>" + strings.Repeat("<td>cell", 10000) + strings.Repeat("<tr><td>cell", 10000),
		"spanned rows":    strings.Repeat("<tr><td rowspan=1000000000>cell<td>b", 30000),
		"spanned columns": "<tr>" + strings.Repeat("<td colspan=1000000000>cell<td>b", 5000),
		"spanned both":    strings.Repeat("<tr><td rowspan=65534 colspan=1000>cell<td>b", 10000),
	} {
		page, problem := webpage.Read("page.html", []byte(words+"<table>"+table+"</table>"), webpage.Options{})
		if problem != nil {
			t.Errorf("%s: %v", name, problem)
			continue
		}
		if n, want := strings.Count(string(page.Text), "cell"), strings.Count(table, "cell"); n != want {
			t.Errorf("%s: %d of %d cells are in the text", name, n, want)
		}
	}
	page, problem := webpage.Read("page.html", []byte(words+"<table><tr><th>a<th>b<th>c"+strings.Repeat("<tr><td rowspan=2>d<td>e<td>f<tr><td>g<td>h", 500)+"</table>"), webpage.Options{})
	if problem != nil || !strings.Contains(string(page.Text), "| a | b | c |") {
		t.Errorf("a long table is no table: %v", problem)
	}
}
