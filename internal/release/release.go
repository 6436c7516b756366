// Package release has the rules for releases, for the lock file, and for
// corrections.
//
// Its two fundamental types are Release, a version that is ready to be written,
// and Lock, a change of the lock file. Functions take a loaded site and return the
// files to write, what to show first, and problems. They write nothing:
//
//	r, problems, err := release.New(s, release.Request{Policy: p, Files: files, Today: today})
//	// show r, ask for confirmation
//	disk.Commit(dir, disk.Change{Create: r.Files, Replace: r.Lock.Replace()})
//
// A problem is a mistake in a file of the site. If there are problems, nothing may
// be written. An error is a *source.Problem without a position if the request is
// wrong, or else an error of reading files.
//
// # Release
//
// New releases the draft of a policy with its translations. The version has the
// draft's resolved text, so that later changes of values and shared clauses do not
// change it. Its front matter is the draft's, with the changes of the request.
// The id is the day on which it takes effect, with a number if the policy has a
// version with that id. These are problems:
//
//   - the wording is that of the version before, apart from its dates: empty-change
//   - it takes effect before the version before: earlier-day
//   - its last update or review is in the future: future-stamp
//   - its last update is before that of the version before: stale-stamp
//   - a material change has no summary, or the summary is that of the version
//     before: missing-summary
//   - it takes effect before the notice period ends, without a reason: short-notice
//   - a required translation is missing: no-translation
//   - a text has placeholders outside of code: placeholder
//   - links to a clause of the version before would break: gone-clause
//
// Aliases of the version before that still have a target are carried over.
//
// # Lock
//
// Record records missing texts. If the version before is recorded, it checks the
// text, which was written by hand, like a release; old histories are recorded
// without these checks. Check returns a problem for each text that is not
// recorded. Lost returns problems if the lock file lacks facts of an earlier one.
// Upgrade converts a lock file of format 1. Remove records that a version was
// removed from the site. None of them removes a recorded fact.
//
// # Correct
//
// Correct records that the wording or stamp of a released text changed, with the
// day and a reason. The earlier text is kept in a file beside the version. All
// corrections of a text together may change 5 words, or one in 50 in a text of
// more than 250 words, and at most 100: more is a new version.
package release

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/duty"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/normal"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
)

// A Request is what the user wants to release. The fields from Effective to Material
// replace the front matter of the draft, unless they are empty.
type Request struct {
	Policy *policy.Policy // loaded with its draft
	Files  fs.FS          // the site's folder
	Today  day.Day

	Effective string // a day, or an instant with an offset
	Updated   string // a day
	Label     string
	Summary   string
	Changes   []string
	Material  bool

	Reason string // why the notice period is not kept; recorded
}

// A Release is a version that is ready to be written.
type Release struct {
	Policy      *policy.Policy
	ID          string
	Before      *policy.Version    // the newest version that was not withdrawn before it took effect, or nil
	Draft       *policy.Version    // with the dates of the release
	FrontMatter policy.FrontMatter // of the authoritative text
	Files       map[string][]byte
	// Untranslated lists the languages of the policy that the draft lacks.
	Untranslated []string
	Term         *duty.Term // the notice that it needs, or nil if no rule is about it
	Lock         Lock       // the first added entry is that of the authoritative text

	request   Request
	site      *site.Site
	unchanged bool // the wording is that of Before, apart from its dates
	problems  source.Problems
}

// New checks the draft of a policy and returns it as a version. With problems, which
// are reasons not to release it, the Release is nil.
func New(s *site.Site, req Request) (*Release, source.Problems, error) {
	r := &Release{Policy: req.Policy, site: s, request: req, Files: map[string][]byte{}}
	if err := r.find(); err != nil {
		return nil, nil, err
	}
	if err := r.date(); err != nil {
		return nil, nil, err
	}
	if list := needFormat2(s); list != nil {
		return nil, list, nil
	}
	list, err := r.settle()
	if err != nil {
		return nil, nil, err
	}
	r.problems = list
	folder := path.Join(site.Content, r.Policy.Slug)
	if r.ID, err = freeID(req.Files, s.Record(), folder, r.FrontMatter.Effective.In(s.Config.Zone())); err != nil {
		return nil, nil, err
	}
	if err := r.check(); err != nil || len(r.problems) > 0 {
		return nil, r.problems, err
	}
	return r, nil, r.write()
}

// find finds the draft and the version before it.
func (r *Release) find() error {
	pol := r.Policy
	r.Draft = pol.Draft
	if r.Draft == nil {
		do := "start one with: privgen new " + pol.Slug + " --draft"
		if pol.File == path.Join(site.Content, pol.Slug+".md") {
			do = (&Start{Files: r.request.Files, Slug: pol.Slug}).Unfold(r.site.Config.Zone()) +
				"\nthen start a draft with: privgen new " + pol.Slug + " --draft"
		}
		return source.Usage(fmt.Sprintf("the policy %s has no draft", pol.Slug), do)
	}
	r.Before = pol.Newest()
	if !pol.End.IsZero() {
		return source.Usage(fmt.Sprintf("the policy %s is withdrawn on %s", pol.Slug, pol.Settings.Withdrawn),
			"to continue it, remove withdrawn from its policy.toml")
	}
	return nil
}

// date sets the front matter of the version: the draft's, with the changes of the request.
func (r *Release) date() error {
	req, m, zone := &r.request, r.Draft.FrontMatter, r.site.Config.Zone()
	m.Withdrawn = day.Day{}
	if req.Effective != "" {
		d, err := record.ParseDate(req.Effective)
		if err != nil {
			return source.Usage(fmt.Sprintf("--effective %s: %v", req.Effective, err),
				"write a day: --effective 2027-01-31")
		}
		m.Effective = d
	}
	if m.Effective.IsZero() {
		return source.Usage("the day on which the version takes effect is missing", "add it: --effective 2027-01-31")
	}
	if _, ok := m.Effective.Begin(zone); !ok {
		return source.Usage(fmt.Sprintf("%s does not exist in %s: the zone's clocks skipped it", m.Effective, zone),
			"choose the day before or after")
	}
	if req.Updated != "" {
		d, err := day.Parse(req.Updated)
		if err != nil {
			return source.Usage(fmt.Sprintf("--updated %s: %v", req.Updated, err), "write a day: --updated 2026-12-15")
		}
		m.Updated = d
	}
	if m.Updated.IsZero() && m.Effective.In(zone) != req.Today {
		m.Updated = req.Today
	}
	m.Label, m.Summary = cmp.Or(req.Label, m.Label), cmp.Or(req.Summary, m.Summary)
	if len(req.Changes) > 0 {
		m.Changes = req.Changes
	}
	m.Material = m.Material || req.Material
	r.FrontMatter = m
	return nil
}

// settle resolves the draft's texts with the dates of the release. A draft is unchanged
// if, with the dates of the version before, it has the wording of that version.
func (r *Release) settle() (source.Problems, error) {
	draft := r.Draft
	v, list, err := r.site.Library.Settle(draft, r.FrontMatter)
	if err != nil || len(list) > 0 {
		return list, err
	}
	r.Draft = v
	if r.Before != nil {
		as, list, err := r.site.Library.Settle(draft, r.Before.FrontMatter)
		if err != nil {
			return nil, err
		}
		r.unchanged = len(list) == 0 && r.site.Library.Same(as.Authoritative(), r.Before.Authoritative())
	}
	for _, lang := range r.Policy.Languages() {
		if v.In(lang) == nil {
			r.Untranslated = append(r.Untranslated, lang)
		}
	}
	return nil, nil
}

func (r *Release) problem(at source.Pos, code, what, do string) {
	r.problems = append(r.problems, source.NewProblem(at, code, what, do))
}

// check adds a problem for every reason not to release the draft.
func (r *Release) check() error {
	if u := r.FrontMatter.Updated; u.Compare(r.request.Today) > 0 {
		r.problem(r.site.Library.Place(r.Draft.Authoritative(), "updated"), "future-stamp",
			fmt.Sprintf("the version would say that it was last updated on %s, and today is %s", u, r.request.Today),
			"omit updated to use the current date")
	}
	if d := r.FrontMatter.Reviewed; d.Compare(r.request.Today) > 0 {
		r.problem(r.site.Library.Place(r.Draft.Authoritative(), "reviewed"), "future-stamp",
			fmt.Sprintf("the version would say that it was reviewed on %s, and today is %s", d, r.request.Today),
			"write the day on which the text was reviewed last, or remove the key")
	}
	for _, t := range r.Draft.Texts {
		b, err := r.site.Library.Body(t)
		if err != nil {
			return err
		}
		r.problems = append(r.problems, b.Placeholders()...)
		if old := r.textBefore(t); old != nil {
			gone, err := goneClauses(r.site, old, t)
			if err != nil {
				return err
			}
			r.problems = append(r.problems, gone...)
		}
	}
	draft := r.Draft.Authoritative()
	for _, lang := range r.Policy.Settings.Required {
		if r.Draft.In(lang) == nil {
			r.problem(source.In(r.Policy.File), "no-translation",
				fmt.Sprintf("the draft of %s has no translation into %s", r.Policy.Slug, lang),
				fmt.Sprintf("start it with: privgen new %s --draft --language %s\n"+
					"or remove %q from required_translations", r.Policy.Slug, lang, lang))
		}
	}
	if r.FrontMatter.Material && r.FrontMatter.Summary == "" {
		r.problem(source.In(draft.File), "missing-summary", "the change is material and has no summary for readers",
			"describe it in a sentence or two: --summary \"...\"")
	}
	if r.Before != nil {
		r.checkBefore()
	}
	return nil
}

// checkBefore compares the draft with the version before, and checks its notice.
func (r *Release) checkBefore() {
	draft, old, zone := r.Draft.Authoritative(), r.Before.Authoritative(), r.site.Config.Zone()
	file := source.In(draft.File)
	if r.unchanged || r.site.Library.Same(old, draft) {
		r.problem(file, "empty-change", fmt.Sprintf("the draft has the same wording as version %s", r.Before.ID),
			fmt.Sprintf("change the draft first; a missing translation needs no release: copy it beside the version,\n"+
				"for example as %s.de.md, and run: privgen lock", strings.TrimSuffix(old.File, ".md")))
	} else if s := r.FrontMatter.Summary; s != "" && s == r.Before.FrontMatter.Summary {
		r.problem(r.site.Library.Place(draft, "summary"), "missing-summary",
			fmt.Sprintf("the summary is the same as that of version %s", r.Before.ID),
			"describe this change: --summary \"...\", or remove the summary from the draft")
	}
	begin, _ := r.FrontMatter.Effective.Begin(zone)
	if begin.Before(r.Before.Begin) {
		before, today := r.Before.Effective().In(zone), r.request.Today
		do := fmt.Sprintf("choose %s or later", before)
		if before.Compare(today) > 0 && r.FrontMatter.Effective.In(zone).Compare(today) >= 0 {
			do += fmt.Sprintf("\nif this change cannot wait, withdraw %s first: write withdrawn = %s in its "+
				"front matter,\nrun privgen correct, release this change, and then that text again", r.Before.ID, today)
		}
		r.problem(file, "earlier-day",
			fmt.Sprintf("the version would take effect on %s, before version %s does",
				r.FrontMatter.Effective, r.Before.ID),
			do)
	}
	is, was := r.FrontMatter.Updated, r.Before.Updated(zone)
	if !r.Before.FrontMatter.Updated.IsZero() && !is.IsZero() && is.Compare(was) < 0 {
		r.problem(file, "stale-stamp",
			fmt.Sprintf("the version would say that it was last updated on %s; version %s says %s",
				is, r.Before.ID, was),
			"omit updated to use the current date")
	}
	r.Term = r.site.Duties(r.Policy).Term(r.FrontMatter.Material, r.request.Today, r.FrontMatter.Effective.In(zone))
	if r.request.Reason == "" {
		if problem := shortNotice(r.Policy, file, r.Term); problem != nil {
			r.problems = append(r.problems, problem)
		}
	}
}

// textBefore returns the text of the version before in the same language, or nil.
func (r *Release) textBefore(t *policy.Text) *policy.Text {
	if r.Before == nil {
		return nil
	}
	return r.Before.In(t.Lang)
}

// write creates the files and the lock file.
func (r *Release) write() error {
	by := r.site.ByRecord()
	for i, t := range r.Draft.Texts {
		b, err := r.site.Library.Body(t)
		if err != nil {
			return err
		}
		m := r.FrontMatter
		name := path.Join(path.Dir(t.File), r.ID+".md")
		if i > 0 {
			// A translation has the dates of its original.
			own := t.FrontMatter
			m = policy.FrontMatter{Label: own.Label, Summary: own.Summary, Generated: own.Generated,
				Changes: own.Changes, Tags: own.Tags, DeadLinks: own.DeadLinks, Mistakes: own.Mistakes}
			name = path.Join(path.Dir(t.File), r.ID+"."+t.Lang+".md")
		}
		m.Removed = t.FrontMatter.Removed
		before := r.textBefore(t)
		var old *markdown.Body
		if before != nil {
			if old, err = r.site.Library.Body(before); err != nil {
				return err
			}
		}
		m.Aliases = carried(before, old, t, b)
		r.Files[name] = versionText(&m, b.Markdown())
		// The draft may lack the dates that are recorded.
		v := *r.Draft
		v.ID, v.FrontMatter = r.ID, r.FrontMatter
		released := *t
		released.Version, released.FrontMatter = &v, m
		e := by.EntryWith(&released, b)
		e.Files, e.Reason = by.Files(t), r.request.Reason
		r.Lock.Added = append(r.Lock.Added, e)
	}
	rec := lockOf(r.site)
	for _, e := range r.Lock.Added {
		rec.Add(e, r.request.Today)
	}
	rec.RecordNewSettings(by, r.request.Today)
	r.Lock.set(rec)
	return nil
}

// versionText returns a version's file: its front matter, and its text in normal
// form.
func versionText(m *policy.FrontMatter, text []byte) []byte {
	text = normal.Form(text)
	head := toml.Encode(*m)
	if len(head) == 0 {
		return text
	}
	return fmt.Appendf(nil, "+++\n%s+++\n\n%s", head, text)
}

// freeID returns the id of a new version that takes effect on a day: the day, with
// a number if the folder or the lock file has a version with that id.
func freeID(files fs.FS, rec *record.Record, folder string, when day.Day) (string, error) {
	id := when.String()
	for n := 2; ; n++ {
		released := func(e *record.Entry) bool { return e.Policy == path.Base(folder) && e.Version == id }
		_, err := fs.Stat(files, path.Join(folder, id+".md"))
		if errors.Is(err, fs.ErrNotExist) && !slices.ContainsFunc(rec.Entries(), released) {
			return id, nil
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		id = fmt.Sprintf("%s.%d", when, n)
	}
}
