package site

import (
	"bytes"
	"slices"

	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/theme"
	"github.com/privgen/privgen/internal/tree"
)

// This file plans and draws the pages of drafts: the text as its permalink will
// show it, below a notice, and what it changes of the version in force. They
// are in a View that asks for them, and never in what a build writes. No other
// page leads to them, so that all others are as they are built.

// withDraft gives a policy as it stands when its draft were the newest version,
// and the index of the version that the draft is compared with, or -1.
func (p *plan) withDraft(st *standing, draft *policy.Version) (with *standing, base int) {
	pol := *draft.Policy
	pol.Versions, pol.Draft = append(slices.Clone(st.Versions), draft), nil
	with = &standing{Standing: st.Standing, Policy: &pol, keys: &keys{}}
	with.Versions = pol.Versions
	p.ready(with)
	base = st.InForce
	if base < 0 {
		base = len(st.Versions) - 1
	}
	with.redlines = map[pair]bool{}
	if base >= 0 {
		with.redlines[pair{base, len(st.Versions)}] = true
	}
	return with, base
}

// planDraft plans the pages of a policy's draft. The standing is that without
// it, and may have no version.
func (p *plan) planDraft(st *standing, draft *policy.Version) {
	with, base := p.withDraft(st, draft)
	i := len(with.Versions) - 1
	for _, t := range draft.Texts {
		key := tree.NewHash("draft").Key(p.key).Key(with.key).Text(t.Lang).Key(with.around(i)).Key(p.refsKey(t)).Int(base)
		if base >= 0 {
			key.Key(with.around(base))
		}
		p.add(file(p.textPath(t)), typeHTML, tree.Leaf, key.Sum(), p.drawDraft(st, with, pair{base, i}, t))
		p.planTexts(p.textPath(t), 0, tree.Leaf, t)
	}
	p.planRedlines(with)
}

func (p *plan) drawDraft(st, with *standing, at pair, t *policy.Text) drawing {
	return func(b *bytes.Buffer) error {
		l := p.locales[t.Lang]
		page := theme.VersionPage{Frame: p.frame("version", t.Lang, p.textPath(t), st.Policy)}
		page.Title = fillText(l.Words.VersionTitle, "{policy}", with.Policy.Title(t.Lang), "{version}", l.Words.Draft) + " – " + page.Site.Title
		page.Description = t.Matter.Summary
		if !slices.Contains(p.languages(), t.Lang) { // nothing else is in it
			page.Site.Home = p.href(p.prefix(p.language))
		}
		page.Robots = "noindex"
		page.Languages = p.linksIn(languagesOf(t.Version), t.Lang, func(other string) (string, bool) {
			if in := t.Version.In(other); in != nil {
				return p.textPath(in), true
			}
			return "", false
		})
		return p.document(&page.Document, with, at.after, t, t.Lang, func() error {
			page.Document.Version.Redline = p.redlineHref(with, at, t.Lang)
			if len(st.Versions) == 0 {
				page.Document.Href, page.Document.Archive = "", ""
			}
			page.Notices = append(p.draftNotice(with, at, t), p.translationNotice(t)...)
			return p.theme.Render(b, "version", &page)
		})
	}
}

// draftNotice says that the text binds nobody, and leads to what it changes.
func (p *plan) draftNotice(with *standing, at pair, t *policy.Text) []theme.Notice {
	l := p.locales[t.Lang]
	n := notice("upcoming", l.Words.DraftNotice, nil)
	if href := p.redlineHref(with, at, t.Lang); href != "" {
		n.Text = append(n.Text, theme.Part{Text: " "}, theme.Part{Text: l.Words.Redline, Href: href})
	}
	return []theme.Notice{n}
}

// languagesOf gives the languages of a version's texts.
func languagesOf(v *policy.Version) []string {
	var out []string
	for _, t := range v.Texts {
		out = append(out, t.Lang)
	}
	return out
}
