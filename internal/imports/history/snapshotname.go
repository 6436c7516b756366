package history

import (
	"bytes"
	"net/url"
	"path"
	"strconv"
	"strings"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/imports/dates"
	"github.com/privgen/privgen/internal/imports/webpage"
)

// This file reads what stands around snapshots: dates in names, the first line
// of the Princeton-Leuven corpus, and addresses of the Wayback Machine.

// namedDate is a date in a name: 2016-05-12, 20160512, 20160512123456, and,
// when there is no day, 2016-05.
var namedDate = pattern(`(?:^|[^0-9])(((?:19|20)\d\d)([-_.]?)(\d\d)(?:[-_.]?(\d\d)(?:[T_-]?\d{4}(?:\d\d)?Z?)?)?)(?:$|[^0-9])`)

// dateInName gives the day that a path tells, from the file's name up through
// its folders; month tells that the day is only the first of a month.
func dateInName(file string) (d day.Day, month bool) {
	parts := strings.Split(strings.TrimSuffix(file, path.Ext(file)), "/")
	for i := len(parts) - 1; i >= 0; i-- {
		if m := namedDate().FindStringSubmatch(parts[i]); m != nil {
			y, _ := strconv.Atoi(m[2]) // digits
			mon, _ := strconv.Atoi(m[4])
			dom, _ := strconv.Atoi(m[5])
			if m[5] == "" {
				if m[3] == "" {
					continue // 201605 may be any number
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

// withoutDate gives a path without its ending and without dates: what the
// snapshots of one document share.
func withoutDate(file string) (stem string, d day.Day, month bool) {
	d, month = dateInName(file)
	ext := path.Ext(file)
	if namedDate().MatchString(path.Base(file)) && len(ext) > 5 {
		ext = "" // 2016.05.12
	}
	var parts []string
	for _, p := range strings.Split(strings.TrimSuffix(file, ext), "/") {
		bare := p
		if m := namedDate().FindStringSubmatchIndex(p); m != nil && (m[10] >= 0 || m[6] < m[7]) {
			from, to := m[2], m[3]
			bare = strings.Trim(p[:from], "-_. ")
			if rest := strings.Trim(p[to:], "-_. "); rest != "" && bare != "" {
				bare += "-" + rest
			} else {
				bare += rest
			}
		}
		parts = append(parts, bare)
	}
	last := len(parts) - 1
	if parts[last] == "" {
		parts[last] = "index"
	}
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "/"), d, month
}

// isPage reports whether a file is a page: by its name, or by how it begins.
func isPage(file string, raw []byte) bool {
	switch strings.ToLower(path.Ext(file)) {
	case ".html", ".htm", ".xhtml":
		return true
	case ".md", ".markdown", ".mdown":
		return false
	}
	begin := bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(raw[:min(len(raw), 512)], []byte("\uFEFF"))))
	return bytes.HasPrefix(begin, []byte("<!doctype html")) || bytes.HasPrefix(begin, []byte("<html"))
}

// IsSnapshot reports whether a file of a folder can be a snapshot, by its name.
func IsSnapshot(file string, pages bool) bool {
	switch strings.ToLower(path.Ext(file)) {
	case ".html", ".htm", ".xhtml":
		return true
	case ".md", ".markdown", ".mdown", ".txt":
		return !pages
	}
	return false
}

var waybackLink = pattern(`(\]\(<?|\]:\s+<?|<)(https?://web\.archive\.org/web/\d{4,14}(?:[a-z]{2}_)?/https?(?::|%3[Aa])/[^\s)>]*)`)

// leadBack writes the links of a text that lead into the Wayback Machine as
// they led before it took them. It gives the number of them.
func leadBack(text []byte) ([]byte, int) {
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

// takeQuote takes the quoted first line off a text that tells where it was
// taken from, as the Princeton-Leuven corpus has it: a quote with a link into
// the Wayback Machine. A quote without one is the text's own.
func (one *shot) takeQuote(text []byte) []byte {
	rest := bytes.TrimLeft(text, "\r\n")
	if !bytes.HasPrefix(rest, []byte(">")) {
		return text
	}
	end := 0
	for end < len(rest) && rest[end] == '>' {
		i := bytes.IndexByte(rest[end:], '\n')
		if i < 0 {
			end = len(rest)
			break
		}
		end += i + 1
	}
	for _, m := range waybackLink().FindAllSubmatch(rest[:end], -1) {
		if w, ok := webpage.ParseWayback(string(m[2])); ok && !w.Day.IsZero() {
			one.archived = string(m[2])
			one.source = w.Original
			return bytes.TrimLeft(rest[end:], "\r\n")
		}
	}
	return text
}

// hostOf gives the host of an address without www, or nothing.
func hostOf(address string) string {
	u := webpage.ParseURL(address)
	if u == nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}

// placeOf gives what two addresses of one page share, whatever the scheme.
func placeOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	return hostOf(address) + strings.TrimSuffix(strings.ToLower(u.EscapedPath()), "/") + "?" + u.RawQuery
}

// joinAddresses gives snapshots of one address the same stem, that of the first
// of them; and parts those of one stem that come from several hosts.
func joinAddresses(shots []*shot) {
	hosts := map[string]map[string]bool{}
	for _, one := range shots {
		if hosts[one.stem] == nil {
			hosts[one.stem] = map[string]bool{}
		}
		if h := hostOf(one.source); h != "" {
			hosts[one.stem][h] = true
		}
	}
	for _, one := range shots {
		if h := hostOf(one.source); h != "" && len(hosts[one.stem]) > 1 {
			one.stem = path.Join(path.Dir(one.stem), h, path.Base(one.stem))
		}
	}
	first := map[string]string{}
	for _, one := range shots {
		place := placeOf(one.source)
		if place == "" {
			continue
		}
		if stem, ok := first[place]; ok {
			one.stem = stem
		} else {
			first[place] = one.stem
		}
	}
}
