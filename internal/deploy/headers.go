package deploy

import (
	"mime"
	"slices"
	"strings"
)

// This file compares headers, and reads the rules of _headers.

// otherType returns the kind of finding for a Content-Type that is not the wanted one,
// or "" if they differ at most in letter case and spaces. A missing charset, and a more
// general type that programs read in the same way, are less serious than another type
// or charset.
func otherType(have, want string) string {
	if have == "" {
		have = "application/octet-stream" // as RFC 9110, 8.3, says
	}
	a, p, err := mime.ParseMediaType(have)
	b, q, err2 := mime.ParseMediaType(want)
	charset := strings.EqualFold(p["charset"], q["charset"])
	switch {
	case err != nil || err2 != nil || !charset && p["charset"] != "" && q["charset"] != "":
		return "type"
	case a == b && charset:
		return ""
	case a == b:
		return "charset"
	case b != "text/html" && (a == general(b) || general(a) == general(b)):
		return "general"
	}
	return "type"
}

// general returns the type that programs use in place of one that they do not know: that
// of its suffix (RFC 6839), or plain text for Markdown (RFC 2046, 4.1.4).
func general(t string) string {
	switch {
	case strings.HasSuffix(t, "+json"):
		return "application/json"
	case strings.HasSuffix(t, "+xml"), t == "text/xml":
		return "application/xml"
	case t == "text/markdown":
		return "text/plain"
	case t == "application/link-format": // few hosts know the extension
		return "application/octet-stream"
	}
	return t
}

// sameCache reports whether two Cache-Control headers have the same directives.
func sameCache(have, want string) bool {
	set := func(s string) string {
		parts := strings.Split(strings.ToLower(s), ",")
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		slices.Sort(parts)
		return strings.Join(parts, ",")
	}
	return set(have) == set(want)
}

// headersOf returns the headers that our _headers file sets for every page.
func headersOf(text string) map[string]string {
	out := map[string]string{}
	first, every := true, false
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, " ") {
			every, first = first && strings.HasSuffix(strings.TrimSpace(line), "*"), false
			continue
		}
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ": "); ok && every {
			out[name] = value
		}
	}
	return out
}
