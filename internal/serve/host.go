package serve

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// This file parses the two files with which a site configures a host, _headers
// and _redirects, as Cloudflare Pages and Netlify do.

// A headerRule sets headers for the paths that match a pattern.
type headerRule struct {
	pattern string
	set     [][2]string
	remove  []string
}

// A redirect leads from the paths that match a pattern to a path or URL.
type redirect struct {
	from, to string
	status   int
}

// parseHeaders parses a _headers file: a pattern on a separate line, then
// indented headers. "! Name" removes a header of an earlier rule.
func parseHeaders(text string) []headerRule {
	var rules []headerRule
	for line := range strings.Lines(text) {
		trimmed := strings.TrimSpace(line)
		if trimmed == "" || strings.HasPrefix(trimmed, "#") {
			continue
		}
		if line[0] != ' ' && line[0] != '\t' {
			rules = append(rules, headerRule{pattern: trimmed})
			continue
		}
		if len(rules) == 0 {
			continue
		}
		r := &rules[len(rules)-1]
		if name, ok := strings.CutPrefix(trimmed, "!"); ok {
			r.remove = append(r.remove, strings.TrimSpace(name))
		} else if name, value, ok := strings.Cut(trimmed, ":"); ok {
			r.set = append(r.set, [2]string{strings.TrimSpace(name), strings.TrimSpace(value)})
		}
	}
	return rules
}

// applyHeaders sets the headers for a path. If several rules set a header, the
// values are joined, as hosts do; a header that the server set is replaced.
func applyHeaders(rules []headerRule, path string, h http.Header) {
	ours := map[string]bool{}
	for _, r := range rules {
		if _, ok := match(r.pattern, path); !ok {
			continue
		}
		for _, name := range r.remove {
			h.Del(name)
		}
		for _, pair := range r.set {
			name := http.CanonicalHeaderKey(pair[0])
			if ours[name] && h.Get(name) != "" {
				h.Set(name, h.Get(name)+", "+pair[1])
			} else {
				h.Set(name, pair[1])
			}
			ours[name] = true
		}
	}
}

// parseRedirects parses a _redirects file: from, to, and status on each line.
// It skips lines of another form.
func parseRedirects(text string) []redirect {
	var rules []redirect
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) < 2 || strings.HasPrefix(words[0], "#") {
			continue
		}
		status, err := http.StatusFound, error(nil)
		if len(words) > 2 {
			status, err = strconv.Atoi(words[2])
		}
		if err == nil && slices.Contains([]int{301, 302, 303, 307, 308}, status) {
			rules = append(rules, redirect{words[0], words[1], status})
		}
	}
	return rules
}

// lead returns the target of a path by the first rule that matches.
func lead(rules []redirect, path string) (to string, status int, ok bool) {
	for _, r := range rules {
		values, ok := match(r.from, path)
		if !ok {
			continue
		}
		to := r.to
		for name, value := range values {
			to = strings.ReplaceAll(to, ":"+name, value)
		}
		return to, r.status, true
	}
	return "", 0, false
}

// match matches a path against a pattern: * matches anything, and :name a part
// between two slashes. It returns what each matched; * has the name splat.
func match(pattern, path string) (values map[string]string, ok bool) {
	values = map[string]string{}
	for pattern != "" {
		switch {
		case pattern[0] == '*':
			rest := pattern[1:]
			if len(rest) > len(path) || !strings.HasSuffix(path, rest) {
				return nil, false
			}
			values["splat"] = path[:len(path)-len(rest)]
			return values, true
		case pattern[0] == ':' && len(pattern) > 1 && pattern[1] != '/':
			name, rest := cutAt(pattern[1:])
			value, after := cutAt(path)
			if value == "" {
				return nil, false
			}
			values[name] = value
			pattern, path = rest, after
		case path == "" || path[0] != pattern[0]:
			return nil, false
		default:
			pattern, path = pattern[1:], path[1:]
		}
	}
	return values, path == ""
}

// cutAt cuts before the first slash.
func cutAt(s string) (before, rest string) {
	if i := strings.IndexByte(s, '/'); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}
