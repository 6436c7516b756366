// Package notice writes what an organization sends to people about a new version:
// an e-mail as plain text and as HTML, the text of a banner, a release note, and a
// document to keep. Nothing is sent.
//
// Its two fundamental types are Notice, a version and its changes in one language,
// and Form, one of the forms in which it is written.
//
// # Mail
//
// Mail clients support little HTML: no style sheet, no class, no color that depends on
// the screen. So styles are in attributes, and a mark has both a text and a background
// color. Clients cut mails off, Gmail after 102 KB. So a mail has only the passages with
// changes (see view.Styled), and ends with a link if there are too many. The plain text
// has the same passages.
//
// # Templates
//
// Each form is written by a template in the folder notice of the site's templates, of the
// theme, or of the base, with the data of theme.Message.
//
// # The document
//
// The document is one HTML file that loads no others. It has the dates, the digest, the
// text with its images, and the redline from the previous version.
// It can serve as a durable medium (Directive 2011/83/EU, Article 2 (10)).
package notice

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"regexp"
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
	"github.com/privgen/privgen/internal/theme"
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

// A Notice describes a version and its changes in one language.
type Notice struct {
	site          *site.Site
	addresses     func(t *policy.Text) func(dest string) (string, bool)
	text, before  *policy.Text // before is nil for a first version
	words         *locale.Locale
	redline       *redline.Redline // nil without before
	title         string           // of the policy
	date          string           // on which the version takes effect, as on pages
	upcoming      bool
	url, compared string // of the text and of the redline
}

// New returns the notice of a version in a language, as of an instant. The version
// must have a text in it.
func New(s *site.Site, v *policy.Version, lang string, now time.Time) (*Notice, error) {
	t := v.In(lang)
	if t == nil {
		return nil, source.Usage(fmt.Sprintf("%s %s has no text in %q", v.Policy.Slug, v.ID, lang),
			"choose one of "+strings.Join(v.Languages(), ", "))
	}
	l := s.Locales[lang]
	title := strings.Join(strings.Fields(v.Policy.Title(lang)), " ") // a mail's subject is one line
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
	if s.Config.Redlines.Pairs != "none" {
		n.compared = s.Paths.URL(s.Paths.Redline(n.before, t))
	}
	return n, nil
}

// before returns the text of the previous version in the same language, or nil. It
// skips versions that were withdrawn before they took effect.
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

// Write returns the notice in a form, written by the form's template.
func (n *Notice) Write(f Form) ([]byte, error) {
	m := n.message()
	switch f {
	case Mail:
		return n.site.Theme.Message("mail.txt", n.withClauses(m))
	case HTMLMail:
		return n.htmlMail(m)
	case Banner:
		return n.site.Theme.Message("banner.txt", m)
	case Note:
		return n.site.Theme.Message("note.md", escaped(m))
	case Document:
		return n.document(m)
	}
	return nil, source.Usage(fmt.Sprintf("there is no form %q", f),
		fmt.Sprintf("choose one of %s, %s, %s, %s, %s", Mail, HTMLMail, Banner, Note, Document))
}

// message returns the data that all forms of the notice share.
func (n *Notice) message() *theme.Message {
	v, o := n.text.Version, &n.site.Config.Organization
	m := &theme.Message{Lang: n.text.Lang, Dir: n.words.Dir, Policy: n.title,
		Version: cmp.Or(v.FrontMatter.Label, v.ID), Sentence: n.sentence(),
		Upcoming: n.upcoming, Material: v.FrontMatter.Material, Heading: n.heading(),
		URL: n.url, Words: &n.words.Words,
		Organization: theme.Organization{Name: o.Name, URL: o.URL, Email: o.Email, Phone: o.Phone}}
	if o.Address != "" {
		m.Organization.Address = strings.Split(strings.TrimSpace(o.Address), "\n")
	}
	m.Summary, m.Changes = n.summary()
	m.Links, m.Stamp = n.links(), n.stamp()
	return m
}

// more returns the link to the changes that a notice omits, or nil without any.
func (n *Notice) more(left int) *theme.Part {
	if left == 0 {
		return nil
	}
	words := n.words.Words.OneChange
	if left > 1 {
		words = strings.ReplaceAll(n.words.Words.ManyChanges, "{n}", n.words.Number(left))
	}
	return &theme.Part{Text: words + ": " + n.words.Words.Redline, Href: cmp.Or(n.compared, n.url)}
}

// marked returns the passages that changed, in at most most bytes, and a link to the
// changes that it omits.
func (n *Notice) marked(most int) ([]byte, *theme.Part) {
	if n.redline == nil {
		return nil, nil
	}
	set := *n.options()
	set.Unchanged, set.Permalink, set.Fragment = n.words.Words.Unchanged, n.url, site.Fragment
	marked, left := view.Styled(n.redline, set, most)
	return marked, n.more(left)
}

// withClauses adds the passages that changed, by clause, as plain text.
func (n *Notice) withClauses(m *theme.Message) *theme.Message {
	marked, more := n.marked(maxMarked)
	m.Clauses, m.More = plain(marked, n.words.Words.Beginning), more
	return m
}

// sentence returns the sentence or label that states when the version takes effect.
func (n *Notice) sentence() string {
	w := &n.words.Words
	if n.upcoming {
		return strings.TrimSpace(strings.NewReplacer("{date}", n.date, "{link}", "").Replace(w.UpcomingNotice))
	}
	return w.Effective + " " + n.date
}

// heading returns the heading above the changes.
func (n *Notice) heading() string {
	w := n.words.Words.ChangedOn
	if n.upcoming {
		w = n.words.Words.ChangesOn
	}
	return strings.ReplaceAll(w, "{date}", n.date)
}

// summary returns the author's summary and list of changes: those of the text,
// otherwise those of its version if the text is authoritative. It omits a summary
// that was generated from counts.
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
func (n *Notice) links() []theme.Part {
	w := &n.words.Words
	label := n.title
	if n.upcoming {
		label = w.UpcomingLink
	}
	out := []theme.Part{{Text: label, Href: n.url}}
	if n.compared != "" {
		out = append(out, theme.Part{Text: w.Redline, Href: n.compared})
	}
	archive := n.site.Paths.Archive(n.text.Version.Policy, n.text.Lang)
	return append(out, theme.Part{Text: w.Archive, Href: n.site.Paths.URL(archive)})
}

// escaped returns a message whose texts are escaped for Markdown.
func escaped(m *theme.Message) *theme.Message {
	texts := []*string{&m.Policy, &m.Version, &m.Sentence, &m.Summary, &m.Heading, &m.Organization.Name}
	m.Changes = slices.Clone(m.Changes)
	for i := range m.Changes {
		texts = append(texts, &m.Changes[i])
	}
	for i := range m.Links {
		texts = append(texts, &m.Links[i].Text)
	}
	for _, s := range texts {
		*s = special.ReplaceAllString(*s, `\$0`)
	}
	return m
}

// special matches the characters that have a meaning in Markdown.
var special = regexp.MustCompile("[\\\\*_\\[\\]<`~#|]")

// stamp returns the dates of the version and its digest, each with its label.
func (n *Notice) stamp() (out []theme.MessagePart) {
	w, zone, m := &n.words.Words, n.site.Config.Zone(), &n.text.Version.FrontMatter
	for _, line := range [][2]string{{w.Effective, n.date}, {w.Version, m.Label},
		{w.Updated, n.words.Date(n.text.Version.Updated(zone))}, {w.Published, n.words.Date(m.Published.In(zone))},
		{"SHA-256", hex.EncodeToString(n.text.Normal[:])}, {"URL", n.url}} {
		if line[1] != "" {
			out = append(out, theme.MessagePart{Title: line[0], Lines: line[1:]})
		}
	}
	return out
}
