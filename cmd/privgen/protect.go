package main

import (
	"fmt"
	"io"

	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/site"
)

// A recordReport is what of a site is protected by its record.
type recordReport struct {
	Protected int      `json:"protected"` // texts in the record
	Missing   []string `json:"missing"`   // texts that are not in it yet: policy version (language)

	none bool // there is no record
}

func recordOf(s *site.Site) recordReport {
	protected, missing := s.Protection()
	r := recordReport{Protected: protected, Missing: []string{}, none: s.Record() == nil}
	for _, t := range missing {
		r.Missing = append(r.Missing, record.Key{Policy: t.Version.Policy.Slug, Version: t.Version.ID, Lang: t.Lang}.String())
	}
	return r
}

// mostMissing is how many texts the report names that are not in the record.
const mostMissing = 5

func (r *recordReport) print(w io.Writer) {
	switch n := len(r.Missing); {
	case r.none:
		fmt.Fprintf(w, "nothing is protected yet: there is no %s; make it with: privgen lock\n", record.File)
	case n > 0:
		fmt.Fprintln(w, "not in the record yet, so not protected; take them in with: privgen lock")
		for _, name := range r.Missing[:min(n, mostMissing)] {
			fmt.Fprintf(w, "  %s\n", name)
		}
		if n > mostMissing {
			fmt.Fprintf(w, "  and %d more\n", n-mostMissing)
		}
	}
}
