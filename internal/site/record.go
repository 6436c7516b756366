package site

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/source"
)

// This file compares the site with its lock file.

// loadRecord reads privgen.lock, if there is one, and checks the texts against it. If
// the site is not sound, it reports only problems that the others cannot cause.
func (s *Site) loadRecord(in Input, sound bool) source.Problems {
	raw, err := fs.ReadFile(in.Files, record.File)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return source.Problems{source.ReadProblem(record.File, err)}
	}
	var problems source.Problems
	if s.record, problems = record.Parse(raw); len(problems) > 0 {
		return problems
	}
	s.Config.KeepTagAuthority(record.OfSite(s.record, record.FeedIDs))
	if s.Library == nil || in.SkipRecord {
		return nil
	}
	by := s.ByRecord()
	by.Published = func(address string) []byte {
		raw, _ := fs.ReadFile(in.Files, path.Join(s.Config.Output.Folder, address, "index.md"))
		return raw
	}
	if !sound {
		by.Exists = func(name string) bool { _, err := fs.Stat(in.Files, name); return err == nil }
	}
	if problems = append(s.record.Check(by), s.record.Judge(by)...); len(problems) > 0 {
		return problems
	}
	return s.loadEarlier()
}

// Record returns what was released, or nil without a lock file. The caller must
// not change it.
func (s *Site) Record() *record.Record { return s.record }

// ByRecord returns the site in the form that package record compares.
func (s *Site) ByRecord() *record.Site {
	about := []record.Field{
		{Name: "title", Value: s.Config.Site.Title}, {Name: "organization", Value: s.Config.Organization.Name},
		{Name: "time_zone", Value: s.zone.String()}, {Name: record.FeedIDs, Value: s.Config.TagAuthority()},
	}
	return &record.Site{
		Library: s.Library, Zone: s.zone, Files: s.filesOf, Earlier: s.Library.ReadFile, About: about,
		Config: s.Config.At("site").File,
		Address: func(slug, version, lang string) string {
			return path.Join(s.Paths.Prefix(lang), slug, version) + "/"
		},
		LanguageAt: func(p *policy.Policy) source.Pos {
			if p.Settings.Language != "" {
				return source.In(p.File)
			}
			return s.Config.At("site", "language")
		},
	}
}

// Protection returns how many texts the lock file protects, and the texts that
// are not in it yet.
func (s *Site) Protection() (protected int, missing []*policy.Text) {
	missing = s.record.Missing(s.Library)
	return s.record.Len(), missing
}

// CheckStamps checks stamps that depend on the day of the build. No version was
// reviewed in the future. None was updated in the future, unless it takes effect on
// that day or later. Dates that it accepts on a day, it accepts on every later day.
func (s *Site) CheckStamps(now time.Time) source.Problems {
	var problems source.Problems
	today := day.Of(now, s.zone)
	for _, p := range s.Library.Policies {
		for _, v := range p.Versions {
			m := &v.FrontMatter
			if m.Updated.Compare(today) > 0 && m.Updated.Compare(m.Effective.In(s.zone)) > 0 {
				problems = append(problems,
					source.NewProblem(s.Library.Place(v.Authoritative(), "updated"), "future-stamp",
						fmt.Sprintf("the version says that it was last updated on %s, "+
							"and takes effect on %s; today is %s",
							m.Updated, m.Effective, today),
						"write the day on which the text was changed, or remove the key"))
			}
			if m.Reviewed.Compare(today) > 0 {
				problems = append(problems,
					source.NewProblem(s.Library.Place(v.Authoritative(), "reviewed"), "future-stamp",
						fmt.Sprintf("the version says that it was reviewed on %s, and today is %s", m.Reviewed, today),
						"write the day on which the text was reviewed last, or remove the key"))
			}
		}
	}
	return problems
}

// CheckDay checks the day that the config sets: the site cannot be older than
// its lock file.
func (s *Site) CheckDay() *source.Problem {
	d := s.Config.Site.Day
	if d.IsZero() || d.In(s.zone).Compare(s.record.Newest()) >= 0 {
		return nil
	}
	return source.NewProblem(s.Config.At("site", "day"), "earlier-build",
		fmt.Sprintf("the site is built as of %s, and its lock file has what was recorded on %s", d, s.record.Newest()),
		fmt.Sprintf("write day = %s or later; to look at the site as it was, use: privgen build --at %s",
			s.record.Newest(), d))
}

// An Earlier is the text that a correction replaced.
type Earlier struct {
	*policy.Text
	N int // number of the correction, from 1
}

// loadEarlier reads the earlier texts of corrected ones. The site must agree with its
// lock file.
func (s *Site) loadEarlier() (problems source.Problems) {
	s.Earlier = map[*policy.Text][]Earlier{}
	for _, p := range s.Library.Policies {
		for t := range p.Texts() {
			e := s.record.Find(t)
			if e == nil {
				continue
			}
			for i, c := range e.Corrections {
				if c.Lost || c.Was == c.Is {
					continue
				}
				name := record.EarlierFile(t.File, i+1)
				old, err := s.Library.Earlier(t, name)
				if err != nil {
					problems = append(problems, source.ReadProblem(name, err))
					continue
				}
				s.Earlier[t] = append(s.Earlier[t], Earlier{old, i + 1})
			}
		}
	}
	return problems
}
