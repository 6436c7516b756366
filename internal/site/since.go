package site

import (
	"bytes"

	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/theme"
	"github.com/privgen/privgen/internal/tree"
)

// This file plans the pages that show what changed from a superseded version to
// the one in force, whichever that is: an address that names the version in
// force would be gone when another takes its place. Every text of a superseded
// version has such an address for ever. Where nothing is drawn there, because
// too many versions have come since or the version in force is not translated,
// the page says so and leads on.

// sincePath is the page of what changed from a text to the version in force.
func (s *Site) sincePath(before *policy.Text) string {
	return s.policyPath(before.Version.Policy, before.Lang) + "redline/" + before.Version.ID + "..in-force/"
}

// since gives the address of the page that shows what changed from the i-th
// version to the one in force for somebody who reads lang, or nothing where no
// such page is drawn.
func (p *plan) since(st *standing, i int, lang string) string {
	if !p.drawsSince(st, i) {
		return ""
	}
	before, _ := p.both(st, pair{i, st.InForce}, lang)
	return p.href(p.sincePath(before))
}

// drawsSince reports whether what changed from the i-th version to the one in
// force is drawn, at least in the authoritative language.
func (p *plan) drawsSince(st *standing, i int) bool {
	c := p.Config.Redlines
	return c.Pairs != "none" && i < st.InForce && i >= st.InForce-c.AgainstCurrent
}

func (p *plan) planSince(st *standing) {
	if p.Config.Redlines.Pairs == "none" {
		return
	}
	for i := range max(0, st.InForce) {
		for _, before := range st.Versions[i].Texts {
			at := pair{i, st.InForce}
			path := p.sincePath(before)
			m := &marked{at: at, before: before, after: st.Versions[at.after].In(before.Lang), path: path, canonical: path, inForce: true}
			if m.after == nil || !p.drawsSince(st, i) {
				key := tree.NewHash("unmarked").Key(p.key).Key(st.key).Text(before.Lang).Key(st.around(i)).
					Bool(st.shared[labelOf(before)]).Bool(st.redlines[pair{i, i + 1}])
				p.addAt(st.turn+i, file(path), typeHTML, tree.Leaf, key.Sum(), p.drawUnmarked(st, m))
				continue
			}
			if st.redlines[at] {
				m.canonical = p.redlinePath(m.before, m.after)
			}
			p.memory.want(m.before, m.after)
			p.addAt(st.turn+i, file(path), typeHTML, tree.Leaf, p.redlineKey("since", st, m), p.drawRedline(st, m))
		}
	}
}

// drawUnmarked draws the page at the address of a redline that is not drawn.
// Nothing on it is of the version in force, so it stays as it is when another
// takes its place.
func (p *plan) drawUnmarked(st *standing, m *marked) drawing {
	return func(b *bytes.Buffer) error {
		lang := m.before.Lang
		page := theme.Unmarked{
			Frame:   p.frame("unmarked", lang, m.path, st.Policy),
			Slug:    st.Policy.Slug,
			Name:    st.Policy.Title(lang),
			Href:    p.href(p.policyPath(st.Policy, lang)),
			Archive: p.href(p.archivePath(st.Policy, lang)),
			Before:  p.version(st, m.at.before, lang),
			Next:    p.redlineLink(st, pair{m.at.before, m.at.before + 1}, lang),
		}
		m := *m
		m.after = nil
		p.redlineFrame(&page.Frame, st, &m, page.Name)
		return p.theme.Render(b, "unmarked", &page)
	}
}
