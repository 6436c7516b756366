package site

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/theme"
	"github.com/privgen/privgen/internal/tree"
)

// This file holds the site to what was released.

// loadRecord reads privgen.lock, if there is one, and holds the texts to it.
func (s *Site) loadRecord(in Input) source.Problems {
	raw, err := fs.ReadFile(in.Files, record.File)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return source.Problems{source.ReadProblem(record.File, err)}
	}
	var problems source.Problems
	if s.record, problems = record.Parse(raw); len(problems) > 0 || s.Library == nil || in.Unheld {
		return problems
	}
	by := s.ByRecord()
	if problems = append(s.record.Check(by), s.record.Judge(by)...); len(problems) > 0 {
		return problems
	}
	return s.loadEarlier()
}

// Record gives what was released, or nil when there is no record. It is the
// site's own.
func (s *Site) Record() *record.Record { return s.record }

// ByRecord returns what the record is compared with.
func (s *Site) ByRecord() *record.Site {
	about := []record.Moved{
		{Field: "title", Is: s.Config.Site.Title}, {Field: "organization", Is: s.Config.Organization.Name},
		{Field: "time_zone", Is: s.zone.String()},
	}
	return &record.Site{
		Library: s.Library, Zone: s.zone, Files: s.filesOf, Earlier: s.Library.ReadFile, About: about, Config: s.Config.At("site").File,
		Address: func(slug, version, lang string) string {
			return path.Join(s.prefix(lang), slug, version) + "/"
		},
		LanguageAt: func(p *policy.Policy) source.Pos {
			if p.Settings.Language != "" {
				return source.In(p.File)
			}
			return s.Config.At("site", "language")
		},
	}
}

// Protection gives how many texts the record protects, and those that are not
// in it yet.
func (s *Site) Protection() (protected int, missing []*policy.Text) {
	missing = s.record.Missing(s.Library)
	return s.record.Len(), missing
}

// CheckStamps judges what depends on the day of the build: no text was
// changed on a day that is yet to come, unless it takes effect on that day or later. What it accepts on a day, it accepts on every later day.
func (s *Site) CheckStamps(now time.Time) source.Problems {
	var problems source.Problems
	today := day.Of(now, s.zone)
	for _, p := range s.Library.Policies {
		for _, v := range p.Versions {
			m := &v.Matter
			if m.Updated.Compare(today) > 0 && m.Updated.Compare(m.Effective.In(s.zone)) > 0 {
				problems = append(problems, source.NewProblem(s.Library.Place(v.Authoritative(), "updated"), "future-stamp",
					fmt.Sprintf("the version says that it was last updated on %s, and takes effect on %s; today is %s", m.Updated, m.Effective, today),
					"write the day on which the text was changed, or remove the key"))
			}
		}
	}
	return problems
}

// CheckDay judges the day that the config fixes: the site cannot be older than
// what was recorded of it.
func (s *Site) CheckDay() *source.Problem {
	d := s.Config.Site.Day
	if d.IsZero() || d.In(s.zone).Compare(s.record.Newest()) >= 0 {
		return nil
	}
	return source.NewProblem(s.Config.At("site", "day"), "earlier-build",
		fmt.Sprintf("the site is built as of %s, and its lock file has what was recorded on %s", d, s.record.Newest()),
		fmt.Sprintf("write day = %s or later; to look at the site as it was, use: privgen build --at %s", s.record.Newest(), d))
}

// corrections gives the editorial corrections of a text, the oldest first.
func (s *Site) corrections(t *policy.Text) []record.Correction {
	if e := s.record.Find(t); e != nil {
		return e.Corrections
	}
	return nil
}

// correctionsKey puts the corrections of a version into a key.
func (s *Site) correctionsKey(h *tree.Hash, v *policy.Version) {
	if s.record.Len() == 0 {
		return
	}
	for _, t := range v.Texts {
		for _, c := range s.corrections(t) {
			h.Texts(t.Lang, c.Day.String(), c.Reason).Bool(c.Was == c.Is || c.Lost)
		}
		h.Text(s.late(t).String())
	}
}

// corrected gives the day of the last correction of any of a version's texts,
// or no day.
func (s *Site) corrected(v *policy.Version) (last day.Day) {
	for _, t := range v.Texts {
		for _, c := range s.corrections(t) {
			if c.Day.Compare(last) > 0 {
				last = c.Day
			}
		}
	}
	return last
}

// until gives when a version ceased, or will cease, to be in force; zero when
// that is not known.
func (p *plan) until(st *standing, i int) day.Date {
	if next := st.After(i); next != nil {
		return next.Effective()
	}
	return day.On(st.Policy.Settings.Withdrawn)
}

// endNotices are what the page of a policy that ended says above its last text.
func (p *plan) endNotices(st *standing, lang string) []theme.Notice {
	l := p.locales[lang]
	link := theme.Part{Text: l.Words.Archive, Href: p.href(p.archivePath(st.Policy, lang))}
	set := &st.Policy.Settings
	if to := p.Library.Policy(set.Successor); to != nil && p.standing(to) != nil {
		link = theme.Part{
			Text: fillText(l.Words.SuccessorLink, "{policy}", to.Title(lang)),
			Href: p.href(p.policyPath(to, p.pageLanguage(to, lang))),
		}
	}
	out := notice("superseded", l.Words.EndedNotice, map[string]theme.Part{"date": datePart(p.date(day.On(set.Withdrawn), l)), "link": link})
	if set.Why != "" {
		why := theme.Part{Text: set.Why}
		if lang != st.Policy.Language {
			why.Lang = st.Policy.Language
		}
		at := slices.IndexFunc(out.Text, func(p theme.Part) bool { return p.Href != "" })
		out.Text = slices.Insert(out.Text, at, why, theme.Part{Text: " "})
	}
	return []theme.Notice{out}
}
