// Package notice writes what an organization sends to people about a new version:
// an e-mail as plain text and as HTML, the text of a banner, a release note, and a
// document to keep. Nothing is sent.
//
// Its two fundamental types are Notice, a version with what changed in it, in one
// language, and Form, one of the forms in which it is written.
//
// # Mail
//
// Mail clients know little HTML: no style sheet, no class, no color that depends on
// the screen. Styles are in attributes, with colors for light and dark
// backgrounds. Clients cut mails off, Gmail after 102 KB, so a mail has the words
// of the changes, not the whole text, and at most maxMail bytes of them.
//
// # The document
//
// The document is one HTML file that needs nothing else: the dates, the digest, the
// text, and the redline from the version before. Images of the text are in it.
// It can serve as a durable medium (Directive 2011/83/EU, Article 2 (10)).
package notice

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/redline/view"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

// A Form is a form in which a notice is written.
type Form string

// The forms of a notice.
const (
	Mail     Form = "mail"     // an e-mail as plain text, with its subject in the first line
	HTMLMail Form = "html"     // the same e-mail as HTML
	Banner   Form = "banner"   // one line with a URL
	Note     Form = "note"     // Markdown for release notes
	Document Form = "document" // one HTML file with everything, to keep
)

// Forms returns all forms.
func Forms() []Form { return []Form{Mail, HTMLMail, Banner, Note, Document} }

// A Notice is what is said about a version in one language.
type Notice struct {
	site          *site.Site
	addresses     func(t *policy.Text) func(dest string) (string, bool)
	text, before  *policy.Text // before is nil for a first version
	words         *locale.Locale
	redline       *redline.Redline // nil without before
	changes       []view.Change
	title         string // of the policy
	date          string // on which the version takes effect, in words
	upcoming      bool
	url, compared string // of the text and of the redline
}

// New returns the notice of a version in a language, as of an instant. The version
// must have a text in it.
func New(s *site.Site, v *policy.Version, lang string, now time.Time) (*Notice, error) {
	t := v.In(lang)
	if t == nil {
		return nil, source.Usage(fmt.Sprintf("%s %s has no text in %q", v.Policy.Slug, v.ID, lang),
			"choose one of "+strings.Join(languages(v), ", "))
	}
	l := s.Locales[lang]
	title := strings.Join(strings.Fields(v.Policy.Title(lang)), " ") // it is in a mail's subject, which is one line
	n := &Notice{site: s, addresses: pages.Addresses(s, now), text: t, words: l, title: title,
		date: l.Date(v.Effective().In(s.Config.Zone())), upcoming: v.Begin.After(now),
		url: s.Paths.URL(s.Paths.Text(t))}
	if n.before = before(v, lang); n.before == nil {
		return n, nil
	}
	old, err := s.Library.Body(n.before)
	if err != nil {
		return nil, err
	}
	new, err := s.Library.Body(t)
	if err != nil {
		return nil, err
	}
	n.redline = redline.Compare(old, new)
	set := n.options()
	set.Change = func(c view.Change) { n.changes = append(n.changes, c) }
	view.HTML(nil, n.redline, set)
	if s.Config.Redlines.Pairs != "none" {
		n.compared = s.Paths.URL(s.Paths.Redline(n.before, t))
	}
	return n, nil
}

// languages returns the languages of a version.
func languages(v *policy.Version) (out []string) {
	for _, t := range v.Texts {
		out = append(out, t.Lang)
	}
	return out
}

// before returns the text in the same language of the version before one, or nil.
// A version that never takes effect is before none.
func before(v *policy.Version, lang string) *policy.Text {
	all := v.Policy.Versions
	for i := slices.Index(all, v) - 1; i >= 0; i-- {
		if all[i].Withdrawn.IsZero() {
			return all[i].In(lang)
		}
	}
	return nil
}

// options returns the options for a redline in which links lead to the site.
func (n *Notice) options() *view.RenderOptions {
	set := pages.WordsOf(&n.words.Words)
	set.Unchanged, set.PreviousChange, set.NextChange = "", "", ""
	set.Address, set.Before = n.addresses(n.text), n.addresses(n.before)
	return set
}

// Write returns the notice in a form.
func (n *Notice) Write(f Form) ([]byte, error) {
	switch f {
	case Mail:
		return n.mail(), nil
	case HTMLMail:
		return n.htmlMail(), nil
	case Banner:
		return fmt.Appendf(nil, "%s: %s %s\n", n.title, n.sentence(), n.url), nil
	case Note:
		return n.note(), nil
	case Document:
		return n.document()
	}
	var names []string
	for _, f := range Forms() {
		names = append(names, string(f))
	}
	return nil, source.Usage(fmt.Sprintf("there is no form %q", f), "choose one of "+strings.Join(names, ", "))
}

// sentence returns when the version takes effect, in words.
func (n *Notice) sentence() string {
	w := &n.words.Words
	if n.upcoming {
		return strings.TrimSpace(strings.NewReplacer("{date}", n.date, "{link}", "").Replace(w.UpcomingNotice))
	}
	return w.Effective + " " + n.date
}

// heading returns the heading of what changed.
func (n *Notice) heading() string {
	w := n.words.Words.ChangedOn
	if n.upcoming {
		w = n.words.Words.ChangesOn
	}
	return strings.ReplaceAll(w, "{date}", n.date)
}

// summary returns what changed in the author's words: of the text, otherwise of
// its version if that has the same language. A summary that only counts is none.
func (n *Notice) summary() (summary string, points []string) {
	m := &n.text.FrontMatter
	if m.Summary == "" && len(m.Changes) == 0 && n.text == n.text.Version.Authoritative() {
		m = &n.text.Version.FrontMatter
	}
	if m.Generated {
		return "", m.Changes
	}
	return m.Summary, m.Changes
}

// links returns what readers can open, each with its label.
func (n *Notice) links() [][2]string {
	w := &n.words.Words
	label := n.title
	if n.upcoming {
		label = w.UpcomingLink
	}
	out := [][2]string{{label, n.url}}
	if n.compared != "" {
		out = append(out, [2]string{w.Redline, n.compared})
	}
	return append(out, [2]string{w.Archive, n.site.Paths.URL(n.site.Paths.Archive(n.text.Version.Policy, n.text.Lang))})
}

// mail returns an e-mail as plain text. Its first line is the subject.
func (n *Notice) mail() []byte {
	b := fmt.Appendf(nil, "%s: %s\n\n%s\n\n", n.title, n.sentence(), n.site.Config.Organization.Name)
	summary, points := n.summary()
	if summary != "" {
		b = fmt.Appendf(b, "%s\n\n", summary)
	}
	for _, p := range points {
		b = fmt.Appendf(b, "- %s\n", p)
	}
	if len(points) > 0 {
		b = append(b, '\n')
	}
	for _, link := range n.links() {
		b = fmt.Appendf(b, "%s:\n%s\n\n", link[0], link[1])
	}
	o := &n.site.Config.Organization
	for _, line := range []string{o.Email, o.Phone, o.URL} {
		if line != "" {
			b = fmt.Appendf(b, "%s\n", line)
		}
	}
	return b
}

// note returns Markdown for release notes.
func (n *Notice) note() []byte {
	name := n.title
	if label := n.text.Version.FrontMatter.Label; label != "" {
		name += " " + label
	}
	b := fmt.Appendf(nil, "## %s\n\n%s\n\n", escapeMarkdown(name), escapeMarkdown(n.sentence()))
	summary, points := n.summary()
	if summary != "" {
		b = fmt.Appendf(b, "%s\n\n", escapeMarkdown(summary))
	}
	for _, p := range points {
		b = fmt.Appendf(b, "- %s\n", escapeMarkdown(p))
	}
	if len(points) > 0 {
		b = append(b, '\n')
	}
	var links []string
	for _, link := range n.links() {
		links = append(links, fmt.Sprintf("[%s](<%s>)", escapeMarkdown(link[0]), link[1]))
	}
	return append(b, strings.Join(links, " · ")+"\n"...)
}

// escapeMarkdown returns text that Markdown shows as it is.
func escapeMarkdown(s string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, "`", "\\`", "~", `\~`,
		"#", `\#`, "|", `\|`).Replace(s)
}

// stamp returns the dates of the version and its digest, each with its label.
func (n *Notice) stamp() [][2]string {
	w, zone, m := &n.words.Words, n.site.Config.Zone(), &n.text.Version.FrontMatter
	out := [][2]string{{w.Effective, n.date}}
	if m.Label != "" {
		out = append(out, [2]string{w.Version, m.Label})
	}
	out = append(out, [2]string{w.Updated, n.words.Date(n.text.Version.Updated(zone))})
	if !m.Published.IsZero() {
		out = append(out, [2]string{w.Published, n.words.Date(m.Published.In(zone))})
	}
	return append(out, [2]string{"SHA-256", hex.EncodeToString(n.text.Normal[:])}, [2]string{"URL", n.url})
}
