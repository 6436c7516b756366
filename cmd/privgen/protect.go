package main

import (
	"fmt"
	"io"
	"os"

	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/release"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

// withDays returns an input whose Check is checkDays. It ignores the error of checkDays,
// because openBy and build call moment, which returns the same error.
func withDays(in site.Input, at string) site.Input {
	in.Check = func(s *site.Site) source.Problems {
		list, _ := checkDays(s, at)
		return list
	}
	return in
}

// checkDays checks what depends on the day, always for the current day. It checks
// nothing for a build as of an earlier day, whose texts were accepted then.
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

// lostSince returns problems for entries that an earlier lock file has and this one
// lacks. The earlier one is in a file or standard input (-).
func lostSince(s *site.Site, name string) (source.Problems, error) {
	var raw []byte
	var err error
	if name == "-" {
		raw, err = io.ReadAll(os.Stdin)
	} else if raw, err = os.ReadFile(name); err != nil {
		err = source.Usage(fmt.Sprintf("there is no file %q", name),
			fmt.Sprintf("name an earlier %[1]s, or - for standard input: git show main:%[1]s | privgen lock "+
				"--check --against -", record.File))
	}
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
