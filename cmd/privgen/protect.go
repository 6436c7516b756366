package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

// A recordReport is what of a site is protected by its lock file.
type recordReport struct {
	Protected int      `json:"protected"`          // texts in the lock file
	Missing   []string `json:"missing"`            // texts that are not in it yet: policy version (language)
	Changed   []string `json:"changed,omitempty"`  // what readers see beside the texts, and differs from what was recorded
	Format    int      `json:"format,omitempty"`   // 1, when the lock file has that format and protects less
	Earlier   string   `json:"recorded,omitempty"` // the last day on which something was recorded, when the build is as of an earlier one

	none bool // there is no lock file
}

func recordOf(s *site.Site, now time.Time) recordReport {
	protected, missing := s.Protection()
	r := recordReport{Protected: protected, Missing: []string{}, none: s.Record() == nil}
	for _, t := range missing {
		r.Missing = append(r.Missing, record.Key{Policy: t.Version.Policy.Slug, Version: t.Version.ID, Lang: t.Lang}.String())
	}
	r.Changed = changesOf(s)
	if s.Record().Old() {
		r.Format = 1
	}
	if newest := s.Record().Newest(); !newest.IsZero() && day.Of(now, s.Config.Zone()).Compare(newest) < 0 {
		r.Earlier = newest.String()
	}
	return r
}

// warns reports whether there is anything to say.
func (r *recordReport) warns() bool {
	return r.none || len(r.Missing)+len(r.Changed) > 0 || r.Format == 1 || r.Earlier != ""
}

// mostMissing is how many texts the report names that are not recorded.
const mostMissing = 5

func (r *recordReport) print(w io.Writer) {
	named := func(what string, list []string) {
		fmt.Fprintln(w, what)
		for _, one := range list[:min(len(list), mostMissing)] {
			fmt.Fprintf(w, "  %s\n", one)
		}
		if n := len(list) - mostMissing; n > 0 {
			fmt.Fprintf(w, "  and %d more\n", n)
		}
	}
	if r.none {
		fmt.Fprintf(w, "nothing is protected yet: there is no %s; make it with: privgen lock\n", record.File)
		return
	}
	if len(r.Missing) > 0 {
		named("not in the record yet, so not protected; take them in with: privgen lock", r.Missing)
	}
	if len(r.Changed) > 0 {
		named("changed since it was recorded; record it with: privgen lock", r.Changed)
	}
	if r.Format == 1 {
		fmt.Fprintf(w, "%s has format 1, which protects less than format 2; upgrade it with: privgen lock --upgrade\n", record.File)
	}
	if r.Earlier != "" {
		fmt.Fprintf(w, "the site is built as of a day before %s, on which something was recorded in %s\n", r.Earlier, record.File)
	}
}

// checkDays judges what depends on the day: on the real one, including for who
// looks ahead with --at. Who looks back sees what was accepted then.
func checkDays(s *site.Site, at string) (source.Problems, error) {
	now, err := moment("", s)
	if err != nil {
		return nil, err
	}
	if at != "" {
		then, err := moment(at, s)
		if err != nil || then.Before(now) {
			return nil, err
		}
		return s.CheckStamps(now), nil
	}
	list := s.CheckStamps(now)
	if p := s.CheckDay(); p != nil {
		list = append(list, p)
	}
	return list, nil
}

// needFormat2 refuses to write to a lock file of format 1.
func needFormat2(s *site.Site) error {
	if !s.Record().Old() {
		return nil
	}
	return one(source.NewProblem(source.In(record.File), "old-record", "the lock file has format 1, and only format 2 is written",
		"upgrade it first: privgen lock --upgrade"), "nothing was recorded")
}

// lostSince finds what an earlier lock file has and this one does not.
func lostSince(s *site.Site, name string) (source.Problems, error) {
	raw, err := readAgainst(name)
	if err != nil {
		return nil, err
	}
	old, list := record.Parse(raw)
	if len(list) > 0 {
		return nil, &usageError{fmt.Sprintf("--against %s:%d: %s", name, list[0].Pos.Line, list[0].What), "name an earlier " + record.File}
	}
	if old.Old() {
		return s.Record().LacksOld(old), nil
	}
	var out source.Problems
	for _, sum := range s.Record().Lacks(old.Ends()) {
		out = append(out, source.NewProblem(source.In(record.File), "lost-record",
			fmt.Sprintf("what was recorded in %s with the sum %.12s... is not in this lock file", name, sum),
			"nothing that was recorded may be removed; put the line back: "+old.Line(sum)))
	}
	return out, nil
}

func readAgainst(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(os.Stdin)
	}
	raw, err := os.ReadFile(name)
	if err != nil {
		return nil, &usageError{fmt.Sprintf("there is no file %q", name), "name an earlier " + record.File + ", or - for standard input: git show main:" + record.File + " | privgen lock --check --against -"}
	}
	return raw, nil
}
