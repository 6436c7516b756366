// Package status reports on a loaded site at an instant, for people and as JSON.
//
// Its two fundamental types are Report, the status of a site, and Build, the result
// of a build.
//
// # Translations
//
// A translation is compared with its original clause by clause, by what does not
// depend on the language: ids, the rows and columns of tables, dates, and numbers.
// Clauses belong together by id, or by order if the translation's ids are made from
// its headings. Numbers that are often written as words, such as thirty, may
// be missing on one side.
package status

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/redline/view"
	"github.com/privgen/privgen/internal/release"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

// A Report is the status of a site at an instant. As JSON it is the result of
// privgen status --json: members may be added to it, but none is renamed.
type Report struct {
	At       string         `json:"at"` // the instant, in the site's zone
	Policies []Policy       `json:"policies"`
	Next     *Change        `json:"next"` // null if no change is scheduled
	Record   release.Status `json:"record"`
}

// A Policy is the status of a policy.
type Policy struct {
	Site         string          `json:"-"` // of a report about several sites
	Slug         string          `json:"slug"`
	Title        string          `json:"title"`
	Versions     int             `json:"versions"` // published by the instant
	InForce      *Version        `json:"in_force"` // null if there is none
	Upcoming     []Version       `json:"upcoming"`
	Withdrawn    string          `json:"withdrawn,omitempty"` // the day on which the policy ended
	Draft        *Draft          `json:"draft"`               // null if there is none
	Translations []Translation   `json:"translations"`
	Unrecorded   []string        `json:"unrecorded"` // files of texts that the lock file lacks; none without a lock file
	Next         *Change         `json:"next"`
	Review       *Review         `json:"review,omitempty"` // if a rule asks for reviews
	Duties       source.Problems `json:"duties"`           // short notices, reviews that are due soon, parallel releases
	Open         source.Problems `json:"open"`             // placeholders, dead links, and problems of the draft

	unlocked bool // the site has no lock file, in a report about several sites
}

// A Version is a version in force or upcoming.
type Version struct {
	ID        string `json:"version"`
	Effective string `json:"effective"`
	Days      int    `json:"days"`                  // until it takes effect; 0 in force
	Required  int    `json:"notice_days,omitempty"` // whole days of notice that the rules ask for

	Notice *Notice `json:"notice,omitempty"` // of an upcoming version, if a rule is about it
}

// A Draft is what the draft of the next version changes.
type Draft struct {
	Against string   `json:"against,omitempty"` // the version it is compared with; none for a first draft
	Clauses int      `json:"clauses"`           // how many changed
	Added   int      `json:"words_added"`
	Removed int      `json:"words_removed"`
	Same    bool     `json:"same"`             // the same text as that version
	Broken  bool     `json:"broken"`           // it has problems, so it was not compared; they are in open
	Langs   []string `json:"languages"`        // the authoritative one first
	Notice  *Notice  `json:"notice,omitempty"` // if it were released today, and a rule is about it
}

// The states of a translation.
const (
	translated = "translated" // the version has this translation
	older      = "older"      // an earlier version has it
	missing    = "missing"    // no version has it, although it is required
	unchanged  = "unchanged"  // of a draft: as in the version before, while the original changed
)

// A Translation is the status of a version, or the draft, in a language other than
// the authoritative one.
type Translation struct {
	Version     string       `json:"version"` // draft for the draft
	Lang        string       `json:"lang"`
	Status      string       `json:"status"`         // translated, older, missing, or unchanged
	Last        string       `json:"last,omitempty"` // the newest version that has it, if this one does not
	Differences []Difference `json:"differences,omitempty"`
}

// Load loads a site with its drafts. It omits a draft with problems, and returns them in
// open; the site itself must have none. With changed, released texts may differ from the
// lock file: these problems are in open, too.
func Load(in site.Input, changed bool) (s *site.Site, open, problems source.Problems) {
	broken := map[string]bool{}
	in.Drafts = func(slug string) bool { return !broken[slug] }
	for {
		s, problems = site.Load(in)
		found := len(broken)
		for _, p := range problems {
			dir, _ := path.Split(p.File)
			if slug := path.Base(dir); isDraft(p) && path.Dir(path.Clean(dir)) == site.Content {
				open, broken[slug] = append(open, p), true
			}
		}
		other := func(p *source.Problem) bool { return p.Code != "changed-text" }
		if changed && !in.SkipRecord && len(problems) > 0 && !slices.ContainsFunc(problems, other) {
			open, in.SkipRecord = append(open, problems...), true
			continue
		}
		if len(problems) == 0 || len(broken) == found {
			return s, open.Sort(), problems
		}
	}
}

func isDraft(p *source.Problem) bool { return strings.HasPrefix(path.Base(p.File), "draft.") }

// Of returns the status of the named policies of a site, or of all. Open has problems
// that did not stop the load, see Load.
func Of(s *site.Site, now time.Time, slugs []string, open source.Problems) (*Report, error) {
	r := &Report{At: now.In(s.Config.Zone()).Format(time.RFC3339), Policies: []Policy{}, Next: Next(s, now),
		Record: release.StatusOf(s, now)}
	var unrecorded []*policy.Text
	if s.Record() != nil {
		_, unrecorded = s.Protection()
	}
	all := s.Ordered()
	for _, slug := range s.Library.Unpublished {
		all = append(all, &policy.Policy{Slug: slug, Language: s.Config.Site.Language})
	}
	for _, p := range all {
		if len(slugs) > 0 && !slices.Contains(slugs, p.Slug) {
			continue
		}
		o := observer{site: s, p: p, now: now, Policy: Policy{Slug: p.Slug, Title: p.Title(p.Language),
			Upcoming: []Version{}, Translations: []Translation{}, Unrecorded: []string{}, Open: source.Problems{},
			Duties: source.Problems{}}}
		for _, t := range unrecorded {
			if t.Version.Policy == p {
				o.Unrecorded = append(o.Unrecorded, t.File)
			}
		}
		for _, one := range open {
			about := one.File
			if len(one.List) == 1 { // the text that a shared clause changed
				about = one.List[0]
			}
			if about != path.Join(site.Content, p.Slug+".md") && path.Base(path.Dir(about)) != p.Slug {
				continue
			}
			o.Open = append(o.Open, one)
			if isDraft(one) {
				o.Draft = &Draft{Broken: true, Langs: []string{p.Language}}
			}
		}
		if err := o.observe(); err != nil {
			return nil, err
		}
		r.Policies = append(r.Policies, o.Policy)
	}
	return r, nil
}

// An observer finds the status of one policy.
type observer struct {
	Policy
	site *site.Site
	p    *policy.Policy
	now  time.Time
}

func (o *observer) observe() error {
	st := o.p.At(o.now)
	o.Versions = len(st.Versions)
	if st.Ended {
		o.Withdrawn = o.p.Settings.Withdrawn.String()
	}
	var shown []*policy.Version
	if v := st.Current(); v != nil && !st.Ended {
		shown = append(shown, v)
		o.InForce = &Version{ID: v.ID, Effective: v.Effective().String()}
	}
	zone := o.site.Config.Zone()
	today := day.Of(o.now, zone)
	for i, v := range st.Versions {
		if st.State(i) == policy.Upcoming {
			shown = append(shown, v)
			n := noticeOf(o.site, v, o.now)
			o.Upcoming = append(o.Upcoming, Version{v.ID, v.Effective().String(), today.Until(v.Effective().In(zone)),
				n.required(), n})
			o.duty(n.problem(v))
		}
	}
	if v := st.Current(); v != nil {
		o.Review = reviewOf(o.site, o.p, o.now)
		o.duty(o.Review.problem(v))
	}
	o.duty(o.parallel())
	if t, v, ok := o.p.Next(o.now); ok {
		o.Policy.Next = changeOf(t, v, zone)
	}
	if o.p.Draft != nil {
		if err := o.draft(); err != nil {
			return err
		}
		shown = append(shown, o.p.Draft)
	}
	for _, v := range shown {
		if err := o.version(v); err != nil {
			return err
		}
	}
	return nil
}

// duty adds a problem to the duties, unless it is nil.
func (o *observer) duty(p *source.Problem) {
	if p != nil {
		o.Duties = append(o.Duties, p)
	}
}

// draft compares the draft with the newest version.
func (o *observer) draft() error {
	d := &Draft{Notice: draftNotice(o.site, o.p, o.now), Langs: o.p.Draft.Languages()}
	o.Draft = d
	before := o.p.Newest()
	if before == nil {
		return nil
	}
	a, err := o.site.Library.Body(before.Authoritative())
	if err != nil {
		return err
	}
	b, err := o.site.Library.Body(o.p.Draft.Authoritative())
	if err != nil {
		return err
	}
	r := redline.Compare(a, b)
	e := r.Extent
	d.Against, d.Same = before.ID, markdown.Same(a, b)
	d.Clauses, d.Added, d.Removed = len(view.NewReport(r).Clauses), e.WordsAdded, e.WordsRemoved
	return nil
}

// version adds what is open in a version or the draft, and its translations.
func (o *observer) version(v *policy.Version) error {
	bodies := map[string]*markdown.Body{}
	for _, t := range v.Texts {
		b, err := o.site.Library.Body(t)
		if err != nil {
			return err
		}
		bodies[t.Lang] = b
		o.Open = append(o.Open, b.Placeholders()...)
		for _, ref := range t.Refs {
			if _, ok := o.site.Library.Resolve(t, ref.Dest); !ok && !ref.Image {
				o.Open = append(o.Open, source.NewProblem(ref.Pos, "dead-link",
					fmt.Sprintf("the link to %q leads nowhere, and is shown as plain text", ref.Dest),
					"correct the link in the next version, or remove it"))
			}
		}
	}
	languages := append(o.p.Languages(), o.p.Settings.Required...)
	slices.Sort(languages)
	for _, lang := range slices.Compact(languages) {
		if lang == o.p.Language {
			continue
		}
		one := Translation{Version: v.ID, Lang: lang, Status: translated}
		if t := v.In(lang); t == nil {
			one.Status, one.Last = o.untranslated(v, lang)
		} else {
			one.Differences = outOfStep(bodies[v.Authoritative().Lang], bodies[lang], v.Authoritative().Lang, lang)
			if before := o.p.Newest(); v == o.p.Draft && before != nil && before.In(lang) != nil && !o.Draft.Same &&
				o.site.Library.Same(before.In(lang), t) {
				one.Status = unchanged
			}
		}
		o.Translations = append(o.Translations, one)
	}
	return nil
}

// untranslated returns the status of a language that a version lacks, and the newest
// version that has it.
func (o *observer) untranslated(v *policy.Version, lang string) (status, last string) {
	before := o.p.Versions
	if i := slices.Index(before, v); i >= 0 {
		before = before[:i]
	}
	for _, w := range slices.Backward(before) {
		if w.In(lang) != nil {
			return older, w.ID
		}
	}
	return missing, ""
}
