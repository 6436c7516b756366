package record

import (
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/source"
)

// This file records what readers see besides the texts. It may change, but each
// change is reported until it is recorded.

// FeedIDs is the field of the site with the prefix of the ids in feeds, which must stay
// the same when the site moves to another host.
const FeedIDs = "feed_ids"

// siteName is the word for the policy in facts about the site.
const siteName = "-"

// A Change is a difference between what readers see besides the texts and what was
// recorded about it.
type Change struct {
	Policy string     // the slug; empty for the site
	Moved             // without a field, nothing was recorded yet
	At     source.Pos // the file with the setting
}

func (c Change) String() string {
	who := c.Policy
	if who == "" {
		who = "the site"
	}
	switch {
	case c.Field == "":
		return who + ": title, language and dates are not recorded yet"
	case c.Field == FeedIDs && c.Was == "":
		return who + ": the ids in feeds are not recorded yet; " +
			"if base_url has changed, first write its former host as tag_authority"
	case strings.HasPrefix(c.Was+c.Is, "["):
		return who + ": " + strings.ReplaceAll(c.Moved.String(), "released", "recorded")
	}
	return who + ": " + c.Field + " is " + short(c.Is, "not given") +
		", and was recorded as " + short(c.Was, "not given")
}

// settingsOf returns what readers see of a policy besides its texts.
func settingsOf(p *policy.Policy) []Field {
	set := &p.Settings
	var titles, reviewed []string
	for tag, t := range set.Translations {
		titles = append(titles, tag+" "+t.Title)
	}
	slices.Sort(titles)
	for _, v := range p.Versions {
		if d := v.FrontMatter.Reviewed; !d.IsZero() {
			reviewed = append(reviewed, v.ID+" "+d.String())
		}
	}
	return []Field{
		{"title", set.Title},
		{"titles", list(titles)},
		{"language", p.Language},
		{"formerly", list(set.Formerly)},
		{"withdrawn", set.Withdrawn.String()},
		{"withdrawn_reason", set.Why},
		{"successor", set.Successor},
		{"reviewed", list(reviewed)},
		{"html", p.Rules.HTML},
		{"dead_links", p.Rules.DeadLinks},
		{"images", p.Rules.Images},
		{"active", p.Rules.Active},
	}
}

// OfSite returns the value that was recorded last in a field of the site, or "".
func OfSite(r *Record, field string) string {
	return valueOf(r.settings[siteName], field)
}

func valueOf(fields []Field, name string) string {
	for _, f := range fields {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

// Changed returns what differs from what was recorded about the site and about the
// policies that have entries.
func (r *Record) Changed(s *Site) []Change {
	if r.Len() == 0 || r.old {
		return nil
	}
	out := r.changed("", siteName, s.About, source.In(s.Config), nil)
	for _, p := range s.Library.Policies {
		if _, ok := begun(r.first, p); ok {
			out = append(out, r.changed(p.Slug, p.Slug, settingsOf(p), source.In(p.File), p.Settings.Formerly)...)
		}
	}
	return out
}

func (r *Record) changed(name, key string, now []Field, at source.Pos, formerly []string) []Change {
	recorded, ok := r.settings[key]
	for i := len(formerly) - 1; !ok && i >= 0; i-- {
		recorded, ok = r.settings[formerly[i]]
	}
	if !ok {
		return []Change{{Policy: name, At: at}}
	}
	var out []Change
	for _, f := range now {
		if was := valueOf(recorded, f.Name); was != f.Value {
			out = append(out, Change{name, Moved{f.Name, was, f.Value}, at})
		}
	}
	return out
}

// RecordSettings records on a day what readers see besides the texts, where it
// differs from what was recorded.
func (r *Record) RecordSettings(s *Site, on day.Day) { r.recordSettings(s, r.Changed(s), on) }

// RecordNewSettings does the same for the site and for each policy whose changes only add to
// what was recorded. Other changes are still reported.
func (r *Record) RecordNewSettings(s *Site, on day.Day) {
	all := r.Changed(s)
	changes := slices.DeleteFunc(slices.Clone(all), func(c Change) bool {
		return slices.ContainsFunc(all, func(o Change) bool { return o.Policy == c.Policy && !o.isNew() })
	})
	r.recordSettings(s, changes, on)
}

// isNew reports whether a change only adds to what was recorded.
func (c Change) isNew() bool {
	switch c.Field {
	case "":
		return true
	case FeedIDs: // older lock files have none
		return c.Was == ""
	case "titles":
		was, _ := unlist(c.Was)
		is, _ := unlist(c.Is)
		return !slices.ContainsFunc(was, func(title string) bool { return !slices.Contains(is, title) })
	}
	return false
}

func (r *Record) recordSettings(s *Site, changes []Change, on day.Day) {
	write := func(key, kind string, now []Field) {
		r.chain.add(Key{key, "-", "-"}, kind, append([]Field{{"on", on.String()}}, now...))
		if r.settings == nil {
			r.settings = map[string][]Field{}
		}
		r.settings[key] = now
		r.seen(on)
	}
	if slices.ContainsFunc(changes, func(c Change) bool { return c.Policy == "" }) {
		write(siteName, "site", s.About)
	}
	for _, p := range s.Library.Policies {
		if slices.ContainsFunc(changes, func(c Change) bool { return c.Policy == p.Slug }) {
			write(p.Slug, "policy", settingsOf(p))
		}
	}
}
