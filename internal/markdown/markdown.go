// Package markdown renders the text of a version: Markdown in; clauses, HTML, and plain
// text out.
//
// Its two fundamental types are Body, a parsed text, and Renderer, which creates one.
//
// # Clauses
//
// A clause is a heading and the text under it, up to the next heading; every byte of a text
// belongs to exactly one clause. Its id is the one that the author wrote, {#retention}, or
// is derived from the heading's words without their number, so that a new number changes
// no URL. Ids are unique in a text.
//
// A heading is shown one level below the heading that contains it: if a text goes from
// level two to level four, the page shows level three. The clause keeps the written level.
//
// # Markdown
//
// Package syntax parses it. Raw HTML is a problem, except <br>, which tables need; Rules
// can allow more.
//
// # Blocks
//
// A text is divided into blocks that can be rendered separately. The Renderer caches
// blocks, so text that many versions share is rendered once. A block has holes for what
// differs between the pages that show it: the ids of headings, URLs of links within the
// site, and the program's own words.
package markdown

import (
	"cmp"
	"slices"
	"strings"
)

// Rules define what texts may contain: the table [markdown] of a privgen.toml,
// and of a policy.toml for its policy. The zero value of each rule is the
// strict one.
type Rules struct {
	HTML      string `toml:"html" enum:"refuse,sanitize" doc:"Whether HTML in a text is a problem (refuse, the default) or is published without what could do harm (sanitize)."`
	DeadLinks string `toml:"dead_links" enum:"refuse,keep" doc:"Whether a dead link is a problem (refuse, the default) or is shown as plain text (keep): for texts that may no longer be changed."`
	Images    string `toml:"images" enum:"refuse,link" doc:"Whether an image on another host is a problem (refuse, the default) or becomes a link to it (link). Pages never load anything from another host."`
	Mistakes  string `toml:"mistakes" enum:"refuse,keep" doc:"Whether a mistake in Markdown, such as a table row with too many cells or a reference to nothing, is a problem (refuse, the default) or is rendered as it is (keep): for texts that may no longer be changed. A version can set it in its front matter."`
	Root      string // the URL of the site, with a slash at the end; links below it are Refs
	Former    bool   // headings keep the ids that they had before clause numbers were told from quantities
	Active    string `toml:"active_files" enum:"refuse,publish" doc:"Whether a linked file that can run code in readers' browsers with the rights of the site's host is a problem (refuse, the default) or is published (publish): pages, scripts, and SVG images with scripts, event handlers, or URLs of other hosts."`
}

// Over returns the rules m. Those that m does not set are taken from site.
func (m Rules) Over(site Rules) Rules {
	m.HTML = cmp.Or(m.HTML, site.HTML)
	m.DeadLinks = cmp.Or(m.DeadLinks, site.DeadLinks)
	m.Images = cmp.Or(m.Images, site.Images)
	m.Active = cmp.Or(m.Active, site.Active)
	m.Mistakes = cmp.Or(m.Mistakes, site.Mistakes)
	m.Root = site.Root
	return m
}

// Own returns the path of the site that a URL leads to: from the root of its host,
// or in full. If it leads to the host, but not below the site's path, inside is
// false, and the path is that of the host. It reports false for any other link.
func (m Rules) Own(dest string) (name string, inside, ok bool) {
	if i := strings.IndexAny(dest, "?#"); i >= 0 {
		dest = dest[:i]
	}
	_, root, _ := strings.Cut(m.Root, "//")
	host, base, _ := strings.Cut(root, "/")
	scheme, rest, full := strings.Cut(dest, "//")
	if full = full && slices.Contains([]string{"", "http:", "https:"}, strings.ToLower(scheme)); full {
		var there string
		if there, dest, _ = strings.Cut(rest, "/"); m.Root == "" || !strings.EqualFold(there, host) {
			return "", false, false
		}
	} else if dest, ok = strings.CutPrefix(dest, "/"); !ok {
		return "", false, false
	}
	if name, inside = strings.CutPrefix(dest, base); inside {
		return name, true, true
	}
	if dest+"/" == base {
		return "", true, true
	}
	return dest, false, !full
}
