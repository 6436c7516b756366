package pages

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/theme"
)

// glance returns the short versions of a text's clauses, which a theme can show
// together above the text. The HTML is that of the text below its title.
func glance(text []byte, body *markdown.Body) (out []theme.Glance) {
	if !bytes.Contains(text, []byte(`<aside class="summary"`)) {
		return nil
	}
	titles := map[string]string{}
	for _, c := range body.Clauses() {
		titles[c.ID] = c.Title
	}
	clause, within, added := "", false, 0
	var line strings.Builder
	flush := func() {
		if words := strings.Join(strings.Fields(line.String()), " "); words != "" && within && clause != "" {
			last := &out[len(out)-1]
			last.Lines = append(last.Lines, words)
		}
		line.Reset()
	}
	// The HTML is the renderer's: every element is closed.
	for z := html.NewTokenizer(bytes.NewReader(text)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return out
		case html.StartTagToken:
			t := z.Token()
			id, _ := attribute(t, "id")
			class, _ := attribute(t, "class")
			switch _, marked := attribute(t, "data-added"); {
			case added > 0 || t.Data == "span" && marked:
				added++
			case len(t.Data) == 2 && t.Data[0] == 'h' && titles[id] != "":
				clause = id
			case t.Data == "aside" && class == "summary":
				if within = true; clause != "" {
					out = append(out, theme.Glance{ID: clause, Title: titles[clause]})
				}
			case t.Data == "br" || t.Data == "p" || t.Data == "li":
				flush()
			}
		case html.EndTagToken:
			switch t := z.Token(); {
			case added > 0:
				added--
			case t.Data == "p" || t.Data == "li":
				flush()
			case t.Data == "aside":
				flush()
				within = false
			}
		case html.TextToken:
			if within && added == 0 {
				line.Write(z.Text())
			}
		}
	}
}

func attribute(t html.Token, key string) (value string, ok bool) {
	for _, a := range t.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}
