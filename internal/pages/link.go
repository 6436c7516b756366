package pages

import (
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/theme"
)

// A linker finds the pages that texts, lists, and notices link to.
type linker struct{ *base }

// earlierHref returns the URL path of the page that shows what a correction changed,
// or "" if the earlier text was not kept.
func (ln *linker) earlierHref(t *policy.Text, n int) string {
	for _, e := range ln.earlier[t] {
		if e.N == n {
			return ln.paths.Href(ln.paths.Earlier(t, n))
		}
	}
	return ""
}

// link returns a link to a path in the site.
func (ln *linker) link(text, path string) theme.Link {
	return theme.Link{Text: text, Href: template.URL(ln.paths.Href(path))}
}

// part returns a part of a sentence that is a link to a path in the site.
func (ln *linker) part(text, path string) theme.Part {
	return theme.Part{Text: text, Href: ln.paths.Href(path)}
}

// renderOptions returns what differs between the pages that show a text.
func (ln *linker) renderOptions(t *policy.Text, w *locale.Words) *markdown.RenderOptions {
	set := wordsOfText(w)
	set.Address = func(dest string) (string, bool) { return ln.address(t, dest) }
	set.Aliases = t.FrontMatter.Aliases
	return &set
}

// Addresses returns, for each text, a function with the absolute URLs of what the
// text links to by its path; false for what the site does not have at the instant.
func Addresses(s *site.Site, now time.Time) func(t *policy.Text) func(dest string) (string, bool) {
	return (&linker{newBase(s, now, Preview{})}).absolute
}

// origin returns the URL of the site's host, without a slash at the end.
func origin(p site.Paths) string { return strings.TrimSuffix(p.Root, p.Base) }

// absolute returns address with absolute URLs.
func (ln *linker) absolute(t *policy.Text) func(dest string) (string, bool) {
	return func(dest string) (string, bool) {
		a, ok := ln.address(t, dest)
		if strings.HasPrefix(a, "/") && !strings.HasPrefix(a, "//") {
			a = origin(ln.paths) + a
		}
		return a, ok
	}
}

// address returns the URL of what a text links to by its path.
func (ln *linker) address(t *policy.Text, dest string) (string, bool) {
	to, ok := ln.library.Resolve(t, dest)
	if !ok {
		return "", false
	}
	switch {
	case to.Elsewhere:
		return dest, true
	case to.Page != "":
		return ln.paths.Href(to.Page[1:]) + site.Fragment(to.Clause), true
	case to.Policy == nil:
		f, ok := ln.files[to.File]
		return ln.paths.Href(f.Path), ok
	}
	lang := to.Lang
	if lang == "" {
		lang = t.Lang
	}
	st := ln.now.of(to.Policy)
	if st == nil || to.Version != nil && !slices.Contains(st.Versions, to.Version) {
		return "", false // not published yet
	}
	if to.Version != nil {
		return ln.paths.Href(ln.paths.Text(ln.paths.TextFor(to.Version, lang))) + site.Fragment(to.Clause), true
	}
	page := ln.paths.Href(ln.paths.Policy(to.Policy, ln.paths.Language(st.Policy, lang)))
	if to.Clause == "" || ln.library.Has(ln.paths.TextFor(st.Versions[st.shown()], lang), to.Clause) {
		return page + site.Fragment(to.Clause), true
	}
	// The clause is gone from the version in force: lead to where it last was.
	if v := ln.library.Newest(st.Versions, to.Clause, lang); v != nil {
		return ln.paths.Href(ln.paths.Text(ln.paths.TextFor(v, lang))) + site.Fragment(to.Clause), true
	}
	return page, true
}

// both returns the texts that a redline compares for a reader of lang: in that
// language, otherwise in the site's, otherwise in the authoritative one.
func (ln *linker) both(st *status, at pair, lang string) (before, after *policy.Text) {
	a, b := st.Versions[at.before], st.Versions[at.after]
	for _, lang := range []string{lang, ln.paths.Default} {
		if x, y := a.In(lang), b.In(lang); x != nil && y != nil {
			return x, y
		}
	}
	return a.Authoritative(), b.Authoritative()
}

// redlinePath returns the path of a redline for a reader of lang, or nothing if
// the site has none.
func (ln *linker) redlinePath(st *status, at pair, lang string) string {
	if !st.redlines[at] {
		return ""
	}
	return ln.paths.Redline(ln.both(st, at, lang))
}

// redlineHref returns the same as a URL path on the host.
func (ln *linker) redlineHref(st *status, at pair, lang string) string {
	if path := ln.redlinePath(st, at, lang); path != "" {
		return ln.paths.Href(path)
	}
	return ""
}

// since returns the URL path of the page that compares the i-th version with the one
// in force, for a reader of lang, or "" if no such page is rendered.
func (ln *linker) since(st *status, i int, lang string) string {
	if !ln.drawsSince(st, i) {
		return ""
	}
	before, _ := ln.both(st, pair{i, st.InForce}, lang)
	return ln.paths.Href(ln.paths.Since(before))
}

// drawsSince reports whether the comparison of the i-th version with the one in
// force is rendered, at least in the authoritative language.
func (ln *linker) drawsSince(st *status, i int) bool {
	c := ln.config.Redlines
	return c.Pairs != "none" && i < st.InForce && i >= st.InForce-c.AgainstCurrent
}
