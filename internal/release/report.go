package release

import (
	"fmt"
	"io"
	"strings"

	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

// A LockReport is the report of lock, for people and programs.
type LockReport struct {
	Protected int          `json:"protected"`         // texts in the lock file
	Taken     []lockedText `json:"taken"`             // texts that were, or would be, recorded
	Changed   []string     `json:"changed,omitempty"` // recorded changes of what readers see besides the texts
	Written   bool         `json:"written"`
}

type lockedText struct {
	Policy    string `json:"policy"`
	Version   string `json:"version"`
	Lang      string `json:"lang"`
	Effective string `json:"effective"`
	Updated   string `json:"updated"`
	Address   string `json:"address"`
	SHA256    string `json:"sha256"`
}

// Report returns what a change records, for people and programs. protected is the
// number of texts in the lock file before.
func (l *Lock) Report(protected int) *LockReport {
	r := &LockReport{Protected: protected, Taken: []lockedText{}, Changed: l.Changed}
	for _, e := range l.Added {
		r.Taken = append(r.Taken, lockedText{e.Policy, e.Version, e.Lang, e.Effective.String(), e.Updated.String(),
			e.Address, fmt.Sprintf("%x", e.Digest)})
	}
	return r
}

// mostLocked is the maximum number of texts that Print lists.
const mostLocked = 40

// Print prints the report for people.
func (r *LockReport) Print(w io.Writer) {
	for _, one := range r.Changed {
		fmt.Fprintf(w, "changed since it was recorded: %s\n", one)
	}
	if len(r.Taken) == 0 && len(r.Changed) > 0 {
		return
	}
	if len(r.Taken) == 0 {
		fmt.Fprintf(w, "nothing to record; %s protected\n", source.Count(r.Protected, "text"))
		return
	}
	fmt.Fprintln(w, "not in the lock file yet:")
	for i, t := range r.Taken {
		if i == mostLocked {
			fmt.Fprintf(w, "  and %s more\n", source.Count(len(r.Taken)-i, "text"))
			break
		}
		fmt.Fprintf(w, "  %s %s (%s)  effective %s, updated %s  %s\n",
			t.Policy, t.Version, t.Lang, t.Effective, t.Updated, t.SHA256[:12])
	}
}

// Fallbacks describes for people what readers see in the languages that the draft lacks,
// and how to translate it; released is whether the draft is released already.
func (r *Release) Fallbacks(released bool) string {
	if len(r.Untranslated) == 0 {
		return ""
	}
	var b strings.Builder
	day := r.Lock.Added[0].Effective
	for _, lang := range r.Untranslated {
		last := ""
		for _, v := range r.Policy.Versions {
			if v.In(lang) != nil && v.Withdrawn.IsZero() {
				last = ", and a link to " + v.ID + ", the last version in " + lang
			}
		}
		fmt.Fprintf(&b, "no translation into %s: from %s, its page shows this text in %s, a notice that it is not "+
			"translated yet%s\n", lang, day, r.Policy.Language, last)
	}
	slug, first := r.Policy.Slug, r.Untranslated[0]
	if released {
		fmt.Fprintf(&b, "to translate it: write %s/%s/%s.%s.md, and record it with: privgen lock %s\n", site.Content,
			slug, r.ID, first, slug)
	} else {
		fmt.Fprintf(&b, "to translate it first: privgen new %s --draft --language %s\n", slug, first)
	}
	return b.String()
}
