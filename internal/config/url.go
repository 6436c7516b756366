package config

import (
	"fmt"
	"net/url"
	"path"
	"strconv"
	"strings"
	"unicode"

	"github.com/privgen/privgen/internal/toml"
)

// Characters of names in URLs.
const (
	lower  = "abcdefghijklmnopqrstuvwxyz"
	upper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits = "0123456789"
)

// only reports whether all characters of s are in characters.
func only(s, characters string) bool { return strings.Trim(s, characters) == "" }

// baseURL returns the normalized URL of a site, and its path. Both end in a slash.
func baseURL(s string) (base, dir string, wrong *fault) {
	u, wrong := webURL(s)
	switch {
	case wrong != nil:
		return "", "", wrong
	case u.RawQuery != "" || u.ForceQuery || strings.Contains(s, "#"):
		end := strings.IndexAny(s, "?#")
		return "", "", &fault{fmt.Sprintf("the URL of a site has no %q", s[end:]), fmt.Sprintf("write %q", s[:end])}
	}
	switch path.Ext(u.Path) {
	case ".html", ".htm", ".php":
		return "", "", &fault{fmt.Sprintf("the URL of a site is a folder, and not the file %q", path.Base(u.Path)),
			fmt.Sprintf("write %q", strings.TrimSuffix(s, path.Base(u.EscapedPath())))}
	}
	clean := path.Clean("/" + u.EscapedPath())
	if clean != "/" {
		clean += "/"
	}
	if given := strings.TrimSuffix(u.EscapedPath(), "/") + "/"; given != clean {
		return "", "", &fault{fmt.Sprintf("the path %q of the URL has steps that lead nowhere", u.Path),
			fmt.Sprintf("write %q", u.Scheme+"://"+u.Host+clean)}
	}
	return u.Scheme + "://" + strings.ToLower(u.Host) + clean, clean, nil
}

// webURL parses an absolute http or https URL.
func webURL(s string) (*url.URL, *fault) {
	u, wrong := parse(s)
	switch {
	case wrong != nil:
		return nil, wrong
	case u.Scheme != "http" && u.Scheme != "https":
		do := "write it in full, with https:// before it"
		if u.Scheme == "" || strings.Contains(u.Scheme, ".") || u.Scheme == "localhost" {
			do = fmt.Sprintf("write %q", "https://"+strings.TrimLeft(s, "/"))
		} else if near := toml.Nearest(u.Scheme, []string{"https", "http"}); near != "" {
			do = fmt.Sprintf("did you mean %q?", near+s[len(u.Scheme):])
		}
		return nil, &fault{fmt.Sprintf("%q is not a URL that begins with https:// or http://", s), do}
	}
	return u, host(s, u)
}

// host returns what is wrong with the host of a URL, or nil.
func host(s string, u *url.URL) *fault {
	port, err := strconv.Atoi(u.Port())
	switch {
	case u.User != nil:
		v := *u
		v.User = nil
		return &fault{fmt.Sprintf("the URL %q has a user's name", v.Redacted()),
			fmt.Sprintf("remove it; everybody can read it: %q", v.String())}
	case u.Hostname() == "":
		return &fault{fmt.Sprintf("the URL %q has no host", s), "write it as https://example.com/"}
	case strings.ContainsFunc(u.Hostname(), func(r rune) bool { return r >= 0x80 }):
		return &fault{fmt.Sprintf("the host %q is not in ASCII", u.Hostname()),
			"write it in Punycode, as a browser copies it from its address bar: https://xn--..."}
	case !only(u.Hostname(), lower+upper+digits+"-._:") ||
		strings.Contains("."+strings.TrimSuffix(u.Hostname(), ".")+".", ".."):
		return &fault{fmt.Sprintf("%q is not the name of a host", u.Hostname()), "write it as https://example.com/"}
	case strings.HasSuffix(u.Host, ":") || u.Port() != "" && (err != nil || port < 1 || port > 65535):
		return &fault{fmt.Sprintf("the URL %q has a port that does not exist", s),
			"remove the port, or write one from 1 to 65535"}
	}
	return nil
}

// parse parses a URL.
func parse(s string) (*url.URL, *fault) {
	if i := strings.IndexFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune(`"<>\^{|}`+"`", r)
	}); i >= 0 {
		r := []rune(s[i:])[0]
		return nil, &fault{fmt.Sprintf("the URL %q has %q, which no URL can have", s, r),
			fmt.Sprintf("remove it, or write %s in its place", url.PathEscape(string(r)))}
	}
	u, err := url.Parse(s)
	if err != nil {
		if before, _, ok := strings.Cut(s, ":"); ok && strings.Contains(before, ".") {
			return &url.URL{}, nil
		}
		return nil, &fault{fmt.Sprintf("%q is not a URL", s), "write it as https://example.com/; a % in it is followed by two hexadecimal digits"}
	}
	return u, nil
}

// href returns what is wrong with the URL of a link in a header or footer, or nil. The
// link is on every page, so its URL must not be relative to a page.
func href(s, base string) *fault {
	u, wrong := parse(s)
	if wrong != nil {
		return wrong
	}
	switch u.Scheme {
	case "http", "https":
		return host(s, u)
	case "mailto", "tel", "sms":
		if u.Opaque == "" {
			return &fault{fmt.Sprintf("%q has nothing after %s:", s, u.Scheme),
				`write it as "mailto:privacy@example.com" or "tel:+4930901820"`}
		}
		return nil
	}
	what := fmt.Sprintf("the link %q does not lead to the same place from every page", s)
	first, _, _ := strings.Cut(s, "/")
	switch {
	case strings.HasPrefix(s, "//"):
		return &fault{what, fmt.Sprintf("write %q", "https:"+s)}
	case s[0] == '/':
		return nil
	case u.Scheme != "" && !strings.Contains(u.Scheme, "."):
		return &fault{fmt.Sprintf("the link %q is neither http, https, mailto, tel, nor sms", s),
			"link to a page that has a URL on the web"}
	case strings.Contains(first, "@"):
		return &fault{what, fmt.Sprintf("write %q", "mailto:"+s)}
	case strings.Contains(strings.Trim(first, "."), "."):
		return &fault{what, fmt.Sprintf("write %q", "https://"+s)}
	}
	whole := path.Join(base, path.Clean("/"+s))
	if strings.HasSuffix(s, "/") {
		whole += "/"
	}
	return &fault{what, fmt.Sprintf("begin it at the root of the host: %q", whole)}
}
