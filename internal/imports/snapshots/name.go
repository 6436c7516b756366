package snapshots

import (
	"bytes"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/imports/dates"
	"github.com/privgen/privgen/internal/imports/naming"
	"github.com/privgen/privgen/internal/imports/webpage"
	"github.com/privgen/privgen/internal/lazyregexp"
)

// This file reads what surrounds a text: dates in file names, the first line of
// the Princeton-Leuven corpus, and URLs of the Wayback Machine.

// namedDate matches a date in a name: 2016-05-12, 20160512, 20160512123456, and
// 2016-05.
var namedDate = lazyregexp.New(`(?:^|[^0-9])(((?:19|20)\d\d)([-_.]?)(\d\d)` +
	`(?:[-_.]?(\d\d)(?:[T_-]?\d{4}(?:\d\d)?Z?)?)?)(?:$|[^0-9])`)

// dateInName returns the date in a path: in the file's name, or else in the
// innermost folder that has one. If monthOnly, the day is the first of the month.
func dateInName(file string) (d day.Day, monthOnly bool) {
	parts := strings.Split(strings.TrimSuffix(file, path.Ext(file)), "/")
	for i := len(parts) - 1; i >= 0; i-- {
		if m := namedDate().FindStringSubmatch(parts[i]); m != nil {
			y, _ := strconv.Atoi(m[2]) // digits
			mon, _ := strconv.Atoi(m[4])
			dom, _ := strconv.Atoi(m[5])
			if m[5] == "" {
				if m[3] == "" {
					continue // 201605 can be any number
				}
				dom = 1
			}
			if d, ok := dates.Civil(y, mon, dom); ok {
				return d, m[5] == ""
			}
		}
	}
	return day.Day{}, false
}

// withoutDate returns a path without its extension and without dates.
func withoutDate(file string) string {
	ext := path.Ext(file)
	if namedDate().MatchString(path.Base(file)) && len(ext) > 5 {
		ext = "" // 2016.05.12
	}
	var parts []string
	for _, p := range strings.Split(strings.TrimSuffix(file, ext), "/") {
		bare := p
		if m := namedDate().FindStringSubmatchIndex(p); m != nil && (m[10] >= 0 || m[6] < m[7]) {
			const around = "-_. "
			bare = strings.Trim(strings.Trim(p[:m[2]], around)+"-"+strings.Trim(p[m[3]:], around), "-")
		}
		parts = append(parts, bare)
	}
	if last := len(parts) - 1; parts[last] == "" {
		parts[last] = "index"
	}
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), "/")
}

// isWebPage reports whether a file is HTML, by its name or its first bytes.
func isWebPage(file string, raw []byte) bool {
	switch strings.ToLower(path.Ext(file)) {
	case ".md", ".markdown", ".mdown":
		return false
	}
	if naming.IsWebPage(file) {
		return true
	}
	begin := bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(raw[:min(len(raw), 512)], []byte("\uFEFF"))))
	return bytes.HasPrefix(begin, []byte("<!doctype html")) || bytes.HasPrefix(begin, []byte("<html"))
}

// accepts reports whether a file in a folder can be a snapshot, by its name. If
// pages, only HTML files can.
func accepts(file string, pages bool) bool {
	return naming.IsWebPage(file) || !pages && naming.IsText(file)
}

// waybackLink matches the opening of a link in Markdown and its URL in the Wayback
// Machine.
var waybackLink = lazyregexp.New(`(\]\(<?|\]:\s+<?|<)` +
	`(https?://web\.archive\.org/web/\d{4,14}(?:[a-z]{2}_)?/https?(?::|%3[Aa])/[^\s)>]*)`)

// restoreLinks returns a text in which links into the Wayback Machine have their
// original URLs, and their number.
func restoreLinks(text []byte) ([]byte, int) {
	n := 0
	out := waybackLink().ReplaceAllFunc(text, func(m []byte) []byte {
		parts := waybackLink().FindSubmatch(m)
		w, ok := webpage.ParseWayback(string(parts[2]))
		if !ok {
			return m
		}
		n++
		return append(bytes.Clone(parts[1]), w.Original...)
	})
	return out, n
}

// takeQuote returns a text without the block quote at its start that links to the
// Wayback Machine, as in the Princeton-Leuven corpus, and records that source. A
// quote without such a link is part of the text.
func (one *snapshot) takeQuote(text []byte) []byte {
	rest := bytes.TrimLeft(text, "\r\n")
	end := 0
	for line := range bytes.Lines(rest) {
		if line[0] != '>' {
			break
		}
		end += len(line)
	}
	for _, m := range waybackLink().FindAllSubmatch(rest[:end], -1) {
		if w, ok := webpage.ParseWayback(string(m[2])); ok && !w.Day.IsZero() {
			one.archived, one.source, one.quoted = string(m[2]), w.Original, true
			return bytes.TrimLeft(rest[end:], "\r\n")
		}
	}
	return text
}
