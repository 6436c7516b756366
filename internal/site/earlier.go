package site

import (
	"fmt"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/tree"
)

// This file plans what a correction leaves behind: below the permalink of a
// corrected text there is, for ever, each text that a correction replaced, and
// what that changed:
//
//	/privacy/2026-01-01/earlier/1/           from the first text to the one that replaced it
//	/privacy/2026-01-01/earlier/1/index.md   the first text

// An earlierText is a text that a correction replaced.
type earlierText struct {
	*policy.Text
	n int // of the correction, from 1
}

// loadEarlier reads the earlier texts of a site that agrees with its record.
func (s *Site) loadEarlier() (problems source.Problems) {
	s.earlier = map[*policy.Text][]earlierText{}
	for _, p := range s.Library.Policies {
		for _, v := range p.Versions {
			for _, t := range v.Texts {
				for i, c := range s.corrections(t) {
					if c.Lost || c.Was == c.Is {
						continue
					}
					name := record.EarlierFile(t.File, i+1)
					old, err := s.Library.Earlier(t, name)
					if err != nil {
						problems = append(problems, source.ReadProblem(name, err))
						continue
					}
					s.earlier[t] = append(s.earlier[t], earlierText{old, i + 1})
				}
			}
		}
	}
	return problems
}

func (s *Site) earlierPath(t *policy.Text, n int) string {
	return s.textPath(t) + fmt.Sprintf("earlier/%d/", n)
}

// earlierHref returns the address of what a correction changed, or nothing where
// the earlier text was not kept.
func (p *plan) earlierHref(t *policy.Text, n int) string {
	for _, e := range p.earlier[t] {
		if e.n == n {
			return p.href(p.earlierPath(t, n))
		}
	}
	return ""
}

func (p *plan) planEarlier(st *standing) {
	for i, v := range st.Versions {
		for _, t := range v.Texts {
			for j, e := range p.earlier[t] {
				after := t
				if j+1 < len(p.earlier[t]) {
					after = p.earlier[t][j+1].Text
				}
				path := p.earlierPath(t, e.n)
				m := &marked{at: pair{i, i}, before: e.Text, after: after, path: path, canonical: path, correction: e.n}
				p.memory.want(e.Text, after)
				key := tree.NewHash("earlier").Key(p.redlineKey("earlier", st, m)).Bytes(e.Digest[:]).Bytes(after.Digest[:])
				first := len(p.entries)
				p.addAt(st.turn+i, file(path), typeHTML, tree.Leaf, key.Sum(), p.drawRedline(st, m))
				p.keepBoth(st.Policy.Slug, e.Text, after)
				p.planTexts(path, st.turn+i, tree.Leaf, e.Text)
				for k := range p.entries[first:] {
					p.entries[first+k].Keeps = fmt.Sprintf("%s/%s/earlier/%d", st.Policy.Slug, v.ID, e.n)
				}
			}
		}
	}
}

// correctedName is the name of a version after one of its corrections.
func (p *plan) correctedName(t *policy.Text, name string, n int, l *locale.Locale) string {
	c := p.corrections(t)
	if n < 1 || n > len(c) {
		return name
	}
	return name + " (" + l.Words.Corrected + " " + l.Date(c[n-1].Day) + ")"
}

// late returns the day on which a text was added to a history that was recorded
// before, or the zero Day.
func (s *Site) late(t *policy.Text) day.Day {
	if s.record.Len() == 0 {
		return day.Day{}
	}
	d, _ := s.record.Late(t, s.zone)
	return d
}
