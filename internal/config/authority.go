package config

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/privgen/privgen/internal/day"
)

// This file defines the prefix of the ids in feeds. An id must not change when
// the site moves, so it is not a URL but a tag URI (RFC 4151):
//
//	tag:AUTHORITY,DATE:policy/privacy/en/2026-01-01
//
// The authority is a host or an e-mail address, and the date is a day at whose
// beginning the site's owner controlled it. Hosts change owners, so both
// together identify the owner permanently.

// authorityYear is the date of the default authority. It cannot be the date of
// the build, because ids must not change from year to year.
const authorityYear = "2026"

// TagAuthority returns the authority and the date with which the ids in feeds
// begin: example.com,2026. The default authority is the site's host, unless the lock file
// has another (see KeepTagAuthority).
func (c *Config) TagAuthority() string {
	if c.Site.TagAuthority != "" {
		return c.Site.TagAuthority
	}
	host := ""
	if u, err := url.Parse(c.Site.BaseURL); err == nil {
		host = strings.ToLower(u.Hostname())
	}
	// An IP address, or the name of a host in a private network, may be no valid
	// name in the RFC.
	host = strings.Map(func(r rune) rune {
		if strings.ContainsRune(lower+digits+"-.", r) {
			return r
		}
		return '-'
	}, host)
	var parts []string
	for part := range strings.SplitSeq(host, ".") {
		if part = strings.Trim(part, "-"); part != "" {
			parts = append(parts, part)
		}
	}
	if parts == nil {
		parts = []string{"localhost"}
	}
	return strings.Join(parts, ".") + "," + authorityYear
}

// KeepTagAuthority sets the prefix to the one recorded when the first feed was published,
// because the host of base_url may have changed since. It does nothing if the config has a
// prefix or the recorded one is not valid.
func (c *Config) KeepTagAuthority(recorded string) {
	if c.Site.TagAuthority == "" && recorded != "" && authority(recorded) == nil {
		c.Site.TagAuthority = recorded
	}
}

// authority returns what is wrong with an authority and its date, or nil.
func authority(s string) *fault {
	name, date, dated := strings.Cut(s, ",")
	user, host, mail := strings.Cut(name, "@")
	if !mail {
		user, host = "", name
	}
	what := fmt.Sprintf("%q cannot begin an id", s)
	switch {
	case !dnsName(host) || mail && !tagUser(user):
		do := "write your host or e-mail address in lower case, and a year at whose beginning you already " +
			`controlled it: "example.com,2026"`
		if u, err := url.Parse(name); err == nil && dnsName(strings.ToLower(u.Hostname())) {
			do = fmt.Sprintf("write the host alone: %q", strings.ToLower(u.Hostname())+","+authorityDate(date))
		} else if lower := strings.ToLower(name); lower != name && authority(lower+","+authorityYear) == nil {
			do = fmt.Sprintf("write it in lower case: %q", lower+","+authorityDate(date))
		}
		return &fault{what, do}
	case !dated:
		return &fault{fmt.Sprintf("%q has no date, and hosts change hands", s),
			fmt.Sprintf("add a year at whose beginning it was yours already: %q", name+","+authorityYear)}
	case !tagDate(date):
		return &fault{fmt.Sprintf("%q is not the date of an authority", date),
			fmt.Sprintf("write a year, or a day such as 2026-01-31, at whose beginning it was yours already: %q",
				name+","+authorityYear)}
	}
	return nil
}

func authorityDate(date string) string {
	if tagDate(date) {
		return date
	}
	return authorityYear
}

// dnsName reports whether s is a DNSname of RFC 4151 in lower case. Ids are compared
// byte by byte.
func dnsName(s string) bool {
	for part := range strings.SplitSeq(s, ".") {
		if part == "" || part[0] == '-' || part[len(part)-1] == '-' || !only(part, lower+digits+"-") {
			return false
		}
	}
	return true
}

// tagUser reports whether s can be before the @ of an emailAddress of RFC 4151.
func tagUser(s string) bool { return s != "" && only(s, lower+digits+"-._") }

// tagDate reports whether s is a date of RFC 4151: a year, a month, or a day.
func tagDate(s string) bool {
	switch len(s) {
	case 4:
		s += "-01-01"
	case 7:
		s += "-01"
	}
	d, err := day.Parse(s)
	return err == nil && d.Year > 0
}
