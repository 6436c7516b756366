package release

import (
	"fmt"
	"slices"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

// A Lock is a change of the lock file.
type Lock struct {
	Added     []*record.Entry // texts
	Removed   []*record.Entry // texts that were removed from the site
	Changed   []string        // changes of what readers see besides the texts, which are recorded
	Protected int             // texts in the new lock file

	bytes []byte
}

// Replace returns the new lock file by its name.
func (l *Lock) Replace() map[string][]byte { return map[string][]byte{record.File: l.bytes} }

func (l *Lock) set(rec *record.Record) { l.bytes, l.Protected = rec.Bytes(), rec.Len() }

// lockOf returns a copy of the site's lock file, which is empty if there is none.
func lockOf(s *site.Site) *record.Record {
	if s.Record() == nil {
		return &record.Record{}
	}
	rec, list := record.Parse(s.Record().Bytes())
	if len(list) > 0 {
		panic("privgen: internal error: the lock file cannot be parsed again: " + list[0].String())
	}
	return rec
}

// needFormat2 returns a problem if the lock file has format 1, which is not written.
func needFormat2(s *site.Site) source.Problems {
	if !s.Record().Old() {
		return nil
	}
	return source.Problems{source.NewProblem(source.In(record.File), "old-record",
		"the lock file has format 1, and only format 2 is written", "upgrade it first: privgen lock --upgrade")}
}

// missing returns the texts that the lock file lacks, of the policies with these slugs,
// or of all if there are none.
func missing(s *site.Site, slugs []string) []*policy.Text {
	return slices.DeleteFunc(s.Record().Missing(s.Library), func(t *policy.Text) bool {
		return len(slugs) > 0 && !slices.Contains(slugs, t.Version.Policy.Slug)
	})
}

// Record records the texts that the lock file lacks, of the policies with these slugs,
// or of all if there are none. It also records what readers see besides the texts. The
// reason, or "", is why versions take effect before their notice period ends.
func Record(s *site.Site, slugs []string, reason string, today day.Day) (*Lock, source.Problems, error) {
	if list := needFormat2(s); list != nil {
		return nil, list, nil
	}
	texts := missing(s, slugs)
	if list, err := checkByHand(s, texts, today, reason); err != nil || len(list) > 0 {
		return nil, list, err
	}
	l := &Lock{Changed: changesOf(s)}
	by, rec := s.ByRecord(), lockOf(s)
	for _, t := range texts {
		e, err := by.EntryOf(t)
		if err != nil {
			return nil, nil, err
		}
		if reason != "" && noticeOf(s, t, today) != nil {
			e.Reason = reason
		}
		rec.Add(e, today)
		l.Added = append(l.Added, e)
	}
	rec.RecordSettings(by, today)
	l.set(rec)
	return l, nil, nil
}

// Check returns a problem for each text that the lock file lacks, or one for a policy
// with many, of the policies with these slugs, or of all if there are none. A lock file
// of format 1 is a problem, too.
func Check(s *site.Site, slugs []string) source.Problems {
	list := notRecorded(missing(s, slugs))
	if s.Record().Old() {
		list = append(list, source.NewProblem(source.In(record.File), "old-record",
			"the lock file has format 1, which protects less than format 2", "upgrade it: privgen lock --upgrade"))
	}
	return list
}

// mostNamed is the maximum number of texts of one policy that notRecorded names.
const mostNamed = 5

func notRecorded(texts []*policy.Text) source.Problems {
	var list source.Problems
	perPolicy := map[*policy.Policy]int{}
	for _, t := range texts {
		perPolicy[t.Version.Policy]++
	}
	counted := map[*policy.Policy]bool{}
	for _, t := range texts {
		p := t.Version.Policy
		switch n := perPolicy[p]; {
		case n <= mostNamed:
			list = append(list, source.NewProblem(source.In(t.File), "not-recorded",
				fmt.Sprintf("%s %s (%s) is not in the lock file", p.Slug, t.Version.ID, t.Lang),
				"record it: privgen lock "+p.Slug))
		case !counted[p]:
			counted[p] = true
			list = append(list, source.NewProblem(source.In(p.File), "not-recorded",
				fmt.Sprintf("%d texts of %s are not in the lock file", n, p.Slug),
				"record them: privgen lock "+p.Slug))
		}
	}
	return list
}

// Lost returns a problem for each of the last facts of an earlier lock file, or for each
// entry of one of format 1, that the site's lock file lacks. name is that of the earlier
// file.
func Lost(s *site.Site, name string, earlier *record.Record) source.Problems {
	if earlier.Old() {
		return s.Record().LacksOld(earlier)
	}
	var list source.Problems
	for _, sum := range s.Record().Lacks(earlier.Ends()) {
		list = append(list, source.NewProblem(source.In(record.File), "lost-record",
			fmt.Sprintf("the line of %s with the sum %.12s... is not in this lock file", name, sum),
			"a recorded line must not be removed; put it back: "+earlier.Line(sum)))
	}
	return list
}

// Upgrade converts a lock file of format 1 to format 2. It returns nil if the file
// has format 2.
func Upgrade(s *site.Site, today day.Day) (*Lock, error) {
	switch {
	case s.Record() == nil:
		return nil, source.Usage("there is no "+record.File+" to upgrade", "create it with: privgen lock")
	case !s.Record().Old():
		return nil, nil
	}
	rec, err := s.Record().Upgrade(s.ByRecord(), today)
	if err != nil {
		return nil, err
	}
	l := &Lock{}
	l.set(rec)
	return l, nil
}

// Remove records that a version whose files are gone was removed from the site. The
// site must be loaded without checking its texts against the lock file.
func Remove(s *site.Site, slug, version, reason string, today day.Day) (*Lock, source.Problems, error) {
	if err := CheckReason(reason); err != nil {
		return nil, nil, err
	}
	if list := needFormat2(s); list != nil {
		return nil, list, nil
	}
	l, rec := &Lock{}, lockOf(s)
	for _, e := range rec.Gone(s.ByRecord()) {
		if e.Policy == slug && e.Version == version {
			rec.Remove(e, today, reason)
			l.Removed = append(l.Removed, e)
		}
	}
	if len(l.Removed) == 0 {
		return nil, nil, source.Usage(fmt.Sprintf("no recorded text of %s %s is gone", slug, version),
			"remove its files first; what is still on the site is not removed")
	}
	l.set(rec)
	return l, nil, nil
}

// checkByHand checks versions written by hand like a release, if the version before
// is recorded. It accepts old histories.
func checkByHand(s *site.Site, texts []*policy.Text, today day.Day, reason string) (source.Problems, error) {
	var list source.Problems
	for _, t := range texts {
		v := t.Version
		if u := v.FrontMatter.Updated; t == v.Authoritative() && u.Compare(today) > 0 {
			list = append(list, source.NewProblem(s.Library.Place(t, "updated"), "future-stamp",
				fmt.Sprintf("the version says that it was last updated on %s, and today is %s", u, today),
				"write the day on which the text was changed, or remove the key"))
		}
		i := slices.Index(v.Policy.Versions, v)
		if i == 0 {
			continue
		}
		before := v.Policy.Versions[i-1].In(t.Lang)
		if before == nil || s.Record().Find(before) == nil {
			continue
		}
		gone, err := goneClauses(s, before, t)
		if err != nil {
			return nil, err
		}
		list = append(list, gone...)
		if t == v.Authoritative() && reason == "" {
			if problem := noticeOf(s, t, today); problem != nil {
				list = append(list, problem)
			}
		}
	}
	return list, nil
}

// noticeOf returns the problem of a short notice, if the version has not taken effect
// before today; or nil.
func noticeOf(s *site.Site, t *policy.Text, today day.Day) *source.Problem {
	term, _ := TermOf(s, t.Version, today)
	if term == nil || term.Effective.Compare(today) < 0 {
		return nil
	}
	return shortNotice(t.Version.Policy, source.In(t.File), term)
}
