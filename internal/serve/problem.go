package serve

import (
	"fmt"
	"html"
	"net/http"
	"strings"

	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/visible"
)

// This file shows problems, above a page and instead of one.

// problemsHTML returns problems as a part of a page. If pageStays is true, the part
// is shown above the last page without problems.
func problemsHTML(list []Problem, pageStays bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<h1>%s</h1>\n", source.Count(len(list), "problem"))
	if pageStays {
		b.WriteString("<p>Showing the last successful build. The page updates when the problems are fixed.</p>\n")
	} else {
		b.WriteString("<p>There is nothing to show until the site can be built. This page updates by itself.</p>\n")
	}
	b.WriteString("<ol>\n")
	for _, p := range list {
		fmt.Fprintf(&b, "<li><p class=\"place\">%s</p>\n<p class=\"what\">%s</p>\n",
			html.EscapeString(p.Pos.String()), shown(p.What))
		if strings.TrimSpace(p.Text) != "" {
			fmt.Fprintf(&b, "<pre>%s</pre>\n", excerpt(p.Text, p.Line, p.Col))
		}
		fmt.Fprintf(&b, "<p class=\"do\">%s</p></li>\n",
			strings.ReplaceAll(html.EscapeString(visible.Text(p.Do)), "\n", "<br>"))
	}
	b.WriteString("</ol>\n")
	return b.String()
}

// around is how many characters of a long line are shown on either side of the
// position.
const around = 60

// excerpt returns a line with its number, or the part around a column if it is
// long, and marks the column.
func excerpt(line string, number, col int) string {
	runes := []rune(line)
	at := min(max(col-1, 0), len(runes))
	from, to := max(0, at-around), min(len(runes), at+around)
	before, after := string(runes[from:at]), string(runes[at:to])
	if from > 0 {
		before = "…" + before
	}
	if to < len(runes) {
		after += "…"
	}
	word, rest := after, ""
	if i := strings.IndexAny(after, " \t"); i > 0 {
		word, rest = after[:i], after[i:]
	}
	if word == "" {
		word = " "
	}
	return fmt.Sprintf("<span>%d</span> %s<mark>%s</mark>%s", number, shown(before), shown(word), shown(rest))
}

// shown returns text as HTML that shows invisible characters.
func shown(s string) string { return html.EscapeString(visible.Line(s)) }

// serveFailure answers for an entry that cannot be rendered.
func (s *Server) serveFailure(w http.ResponseWriter, r *http.Request, state State, err error) {
	body := problemsHTML(state.Problems, false)
	if p := source.ProblemOf(err); p != nil {
		body = problemsHTML([]Problem{{Problem: p}}, false)
	} else if len(state.Problems) == 0 {
		body = fmt.Sprintf("<h1>This page cannot be shown</h1>\n<p class=\"what\">%s</p>\n<p class=\"do\">Save "+
			"the file again, or start <code>privgen serve</code> again.</p>\n",
			html.EscapeString(err.Error()))
	}
	s.serveInstead(w, r, body)
}

// serveInstead answers with problems instead of a page.
func (s *Server) serveInstead(w http.ResponseWriter, r *http.Request, body string) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy",
		allow("default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", s.nonce))
	page := `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>privgen: problems</title>
<link rel="stylesheet" href="` + liveRoot + `live.css">
</head>
<body>
<main class="alone" data-privgen-problems>
` + body + `</main>
</body>
</html>
`
	if s.Live {
		page = string(s.enliven([]byte(page), ""))
	}
	w.WriteHeader(http.StatusInternalServerError)
	if r.Method != http.MethodHead {
		fmt.Fprint(w, page)
	}
}
