package release

import (
	"fmt"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/site"
)

// A Status is what the lock file protects of a site.
type Status struct {
	Protected int      `json:"protected"`          // texts in the lock file
	Missing   []string `json:"missing"`            // texts that it lacks: policy version (language)
	Changed   []string `json:"changed,omitempty"`  // changes of what readers see besides the texts, not recorded
	Format    int      `json:"format,omitempty"`   // 1 if the lock file has that format and protects less
	Earlier   string   `json:"recorded,omitempty"` // the last recorded day, if the build is as of an earlier one
	None      bool     `json:"-"`                  // there is no lock file
}

// StatusOf returns the status of a site that is built as of an instant.
func StatusOf(s *site.Site, now time.Time) Status {
	protected, texts := s.Protection()
	r := Status{Protected: protected, Missing: []string{}, None: s.Record() == nil, Changed: changesOf(s)}
	for _, t := range texts {
		key := record.Key{Policy: t.Version.Policy.Slug, Version: t.Version.ID, Lang: t.Lang}
		r.Missing = append(r.Missing, key.String())
	}
	if s.Record().Old() {
		r.Format = 1
	}
	if newest := s.Record().Newest(); !newest.IsZero() && day.Of(now, s.Config.Zone()).Compare(newest) < 0 {
		r.Earlier = newest.String()
	}
	return r
}

// mostMissing is the maximum number of texts, and of changes, that Text names.
const mostMissing = 5

// Text describes for people what the lock file does not protect. It returns "" if the
// lock file protects everything.
func (s *Status) Text() string {
	var b strings.Builder
	named := func(what string, list []string) {
		if len(list) == 0 {
			return
		}
		fmt.Fprintln(&b, what)
		for _, one := range list[:min(len(list), mostMissing)] {
			fmt.Fprintf(&b, "  %s\n", one)
		}
		if n := len(list) - mostMissing; n > 0 {
			fmt.Fprintf(&b, "  and %d more\n", n)
		}
	}
	if s.None {
		return fmt.Sprintf("nothing is protected yet: there is no %s; create it with: privgen lock\n", record.File)
	}
	named("not in the lock file yet, so not protected; record them with: privgen lock", s.Missing)
	named("changed since it was recorded; record it with: privgen lock", s.Changed)
	if s.Format == 1 {
		fmt.Fprintf(&b, "%s has format 1, which protects less than format 2; upgrade it with: privgen lock --upgrade\n",
			record.File)
	}
	if s.Earlier != "" {
		fmt.Fprintf(&b, "the site is built as of a day before %s, on which something was recorded in %s\n",
			s.Earlier, record.File)
	}
	return b.String()
}

// changesOf returns the changes of what readers see besides the texts since they were
// recorded.
func changesOf(s *site.Site) (out []string) {
	for _, c := range s.Record().Changed(s.ByRecord()) {
		out = append(out, c.String())
	}
	return out
}
