package pages

import (
	"slices"

	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/theme"
)

// relations makes the links between pages that programs follow: version
// navigation (RFC 5829), translations (hreflang), feeds, and link sets.
type relations struct {
	*linker
	frames *frames
}

// to returns a link to a path in the site.
func (re *relations) to(rel, path string) theme.Relation {
	return theme.Relation{Rel: rel, Href: re.paths.URL(path)}
}

// otherRedline returns the path of a redline in the language of another text of
// the version before.
func (re *relations) otherRedline(m *marked, before *policy.Text) string {
	if m.inForce {
		return re.paths.Since(before)
	}
	if m.correction > 0 {
		return m.path
	}
	return re.paths.Redline(before, m.after.Version.In(before.Lang))
}

// ofRedline returns links to the history, and to the same redline in the
// languages of both versions.
func (re *relations) ofRedline(st *status, m *marked) []theme.Relation {
	out := append([]theme.Relation{re.to("version-history", re.paths.Archive(st.Policy, m.before.Lang))},
		re.feeds(st, m.before.Lang)...)
	if m.after == nil || m.canonical != m.path || m.correction > 0 {
		return out
	}
	langs := slices.DeleteFunc(m.after.Version.Languages(),
		func(lang string) bool { return m.before.Version.In(lang) == nil })
	return append(out, re.alternates(langs, m.before.Version.Authoritative().Lang, func(lang string) string {
		return re.otherRedline(m, m.before.Version.In(lang))
	})...)
}

// ofPolicy returns the links of the page in force. Its latest version is the
// permalink of the version that it shows; one that takes effect later is the
// successor of that version (RFC 5829, section 3).
func (re *relations) ofPolicy(st *status, i int, t *policy.Text, lang string) []theme.Relation {
	out := []theme.Relation{
		re.to("version-history", re.paths.Archive(st.Policy, lang)),
		re.to("latest-version", re.paths.Text(t)),
	}
	if i > 0 {
		out = append(out, re.to("predecessor-version", re.paths.Text(re.paths.TextFor(st.Versions[i-1], lang))))
	}
	if i+1 < len(st.Versions) {
		out = append(out, re.to("successor-version", re.paths.Text(re.paths.TextFor(st.Versions[i+1], lang))))
	}
	if t.Lang == lang {
		out = append(out, re.translations(t.Version,
			func(t *policy.Text) string { return re.paths.Policy(st.Policy, t.Lang) })...)
	}
	return append(out, re.ofHistory(st, lang)...)
}

// ofVersion returns the links of a permalink. It has no successor, since that would
// change a permanent page. The link set has it.
func (re *relations) ofVersion(st *status, i int, t *policy.Text) []theme.Relation {
	out := []theme.Relation{
		re.to("version-history", re.paths.Archive(st.Policy, t.Lang)),
		re.to("latest-version", re.paths.Policy(st.Policy, t.Lang)),
	}
	if i > 0 {
		out = append(out, re.to("predecessor-version", re.paths.Text(re.paths.TextFor(st.Versions[i-1], t.Lang))))
	}
	out = append(out, re.translations(t.Version, re.paths.Text)...)
	if re.config.Output.Writes("json") && i <= st.InForce && t.Version.Withdrawn.IsZero() {
		out = append(out, re.to("original", re.paths.Policy(st.Policy, t.Lang)), re.timeMap(st, t.Lang))
	}
	return out
}

// timeMap returns the link to when the page of a policy had which version.
func (re *relations) timeMap(st *status, lang string) theme.Relation {
	return theme.Relation{Rel: "timemap", Type: typeTimeMap, Href: re.paths.URL(re.paths.TimeMap(st.Policy, lang))}
}

// feeds returns the links to the feeds of a policy.
func (re *relations) feeds(st *status, lang string) []theme.Relation {
	if !re.config.Output.Writes("feed") {
		return nil
	}
	title, dir := st.Policy.Title(lang), re.paths.Policy(st.Policy, lang)
	return []theme.Relation{
		{Rel: "alternate", Type: typeAtom, Title: title, Href: re.paths.URL(dir + "feed.atom")},
		{Rel: "alternate", Type: typeJSONFeed, Title: title, Href: re.paths.URL(dir + "feed.json")},
	}
}

// translations returns links to the texts of one version in all its languages.
func (re *relations) translations(v *policy.Version, path func(*policy.Text) string) []theme.Relation {
	return re.alternates(v.Languages(), v.Authoritative().Lang, func(lang string) string { return path(v.In(lang)) })
}

// alternates returns links to a page in its languages, if there are several, and
// for all other readers to that in one of them.
func (re *relations) alternates(langs []string, other string, path func(lang string) string) []theme.Relation {
	if len(langs) < 2 {
		return nil
	}
	var out []theme.Relation
	for _, lang := range langs {
		out = append(out, theme.Relation{Rel: "alternate", Hreflang: lang, Href: re.paths.URL(path(lang))})
	}
	return append(out, theme.Relation{Rel: "alternate", Hreflang: "x-default", Href: re.paths.URL(path(other))})
}

func (re *relations) ofArchive(st *status, lang string) []theme.Relation {
	out := re.alternates(re.paths.Languages(st.Policy), re.paths.Default,
		func(lang string) string { return re.paths.Archive(st.Policy, lang) })
	return append(out, re.ofHistory(st, lang)...)
}

func (re *relations) ofHome(lang string) []theme.Relation {
	out := re.alternates(re.now.languages(), re.paths.Default, re.paths.Prefix)
	if re.config.Output.Writes("feed") && len(re.now.statuses) > 0 {
		out = append(out, theme.Relation{Rel: "alternate", Type: typeAtom, Title: re.frames.site(lang, nil).Title,
			Href: re.paths.URL("feed.atom")})
	}
	return out
}

// ofHistory returns links to the history of a policy for programs.
func (re *relations) ofHistory(st *status, lang string) []theme.Relation {
	var out []theme.Relation
	if re.config.Output.Writes("json") {
		out = append(out, theme.Relation{Rel: "linkset", Type: typeLinks,
			Href: re.paths.URL(re.paths.Policy(st.Policy, re.paths.Default) + "links.json")})
		if st.InForce >= 0 {
			out = append(out, re.timeMap(st, lang))
		}
	}
	return append(out, re.feeds(st, lang)...)
}
