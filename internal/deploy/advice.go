package deploy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/store"
)

// Advice returns which headers and redirects of the site's _headers and _redirects
// a store does not serve, with the fix. No store reads these files.
func (w *Wanted) Advice(can store.Abilities) ([]string, error) {
	var out []string
	headers, err := w.Text("_headers")
	if err != nil {
		return nil, err
	}
	asked := headersOf(headers)
	if !can.Headers {
		asked["Content-Type"], asked["Cache-Control"] = "", ""
	}
	if names := strings.Join(slices.Sorted(maps.Keys(asked)), ", "); names != "" {
		format := "%s keeps no headers: the server has to send %s, as _headers has them"
		if can.Headers {
			format = "%s does not send %s: set them where readers come in, as _headers has them"
		}
		out = append(out, fmt.Sprintf(format, can.Name, names))
	}
	redirects, err := w.Text("_redirects")
	if err != nil {
		return nil, err
	}
	if n := strings.Count(redirects, "\n"); n > 0 {
		out = append(out, fmt.Sprintf("%s follows no _redirects (%d): pages at former names lead on by themselves, "+
			"feeds are there twice; for nginx, Caddy, and Apache there is privgen redirects", can.Name, n))
	}
	return out, nil
}
