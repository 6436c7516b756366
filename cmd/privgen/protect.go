package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/release"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

// A recordReport is the status of the lock file, for people and programs.
type recordReport struct{ release.Status }

func recordOf(s *site.Site, now time.Time) recordReport {
	return recordReport{release.StatusOf(s, now)}
}

// warns reports whether print prints anything.
func (r *recordReport) warns() bool {
	return r.None || len(r.Missing)+len(r.Changed) > 0 || r.Format == 1 || r.Earlier != ""
}

// mostMissing is the number of texts and changes that the report names.
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
	if r.None {
		fmt.Fprintf(w, "nothing is protected yet: there is no %s; create it with: privgen lock\n", record.File)
		return
	}
	if len(r.Missing) > 0 {
		named("not in the lock file yet, so not protected; record them with: privgen lock", r.Missing)
	}
	if len(r.Changed) > 0 {
		named("changed since it was recorded; record it with: privgen lock", r.Changed)
	}
	if r.Format == 1 {
		fmt.Fprintf(w, "%s has format 1, which protects less than format 2; upgrade it with: privgen lock --upgrade\n",
			record.File)
	}
	if r.Earlier != "" {
		fmt.Fprintf(w, "the site is built as of a day before %s, on which something was recorded in %s\n",
			r.Earlier, record.File)
	}
}

// checkDays checks what depends on the day: the current day, including for a build
// as of a later one. A build as of an earlier day has what was accepted then.
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

// lostSince returns problems for what an earlier lock file has and this one lacks.
func lostSince(s *site.Site, name string) (source.Problems, error) {
	raw, err := readAgainst(name)
	if err != nil {
		return nil, err
	}
	old, list := record.Parse(raw)
	if len(list) > 0 {
		return nil, source.Usage(fmt.Sprintf("--against %s:%d: %s", name, list[0].Pos.Line, list[0].What),
			"name an earlier "+record.File)

	}
	return release.Lost(s, name, old), nil
}

// readAgainst reads the file that --against names.
func readAgainst(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(os.Stdin)
	}
	raw, err := os.ReadFile(name)
	if err != nil {
		return nil, source.Usage(fmt.Sprintf("there is no file %q", name),
			fmt.Sprintf("name an earlier %[1]s, or - for standard input: git show main:%[1]s | privgen lock "+
				"--check --against -", record.File))

	}
	return raw, nil
}
