package record

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/normal"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/source"
)

// most is the number of texts of a policy with the same mistake that are named one by
// one. They usually have one cause, and nobody reads a list of hundreds.
const most = 5

// A Site has what Check needs of a site.
type Site struct {
	Library *policy.Library
	Zone    *time.Location

	// Address returns the path of a version's page, relative to the URL of the site.
	Address func(slug, version, lang string) string

	Files      func(t *policy.Text) []string     // files that a text shows or links to, as in Stamp.Files; or nil
	Earlier    func(name string) ([]byte, error) // reads an earlier text; if nil, none is checked
	About      []Field                           // what readers see of the site besides its policies
	LanguageAt func(p *policy.Policy) source.Pos // position of the setting for the language of a policy; or nil
	Config     string                            // the config's file

	// Exists reports whether a file exists. It is nil for a site without other
	// problems. On other sites, a missing version may exist and not be loaded.
	Exists func(name string) bool

	// Published returns the index.md that the last build wrote at a permalink's path, or
	// nil. If it has the released text, problems name the words that changed.
	Published func(address string) []byte
}

// EntryOf returns the entry of a text as it is now.
func (s *Site) EntryOf(t *policy.Text) (*Entry, error) {
	b, err := s.Library.Body(t)
	if err != nil {
		return nil, err
	}
	return s.EntryWith(t, b), nil
}

// EntryWith returns the entry of a text whose body is b.
func (s *Site) EntryWith(t *policy.Text, b *markdown.Body) *Entry {
	v := t.Version
	e := &Entry{
		Key:     Key{v.Policy.Slug, v.ID, t.Lang},
		Stamp:   s.StampOf(t),
		Address: s.Address(v.Policy.Slug, v.ID, t.Lang),
		Digest:  t.Normal,
		Reads:   b.Reading(),
	}
	e.SetClauses(PrintsOf(b))
	return e
}

// Check compares every text of a site with the record. If a text reads the same as
// the recorded one, Check sets its Normal to the recorded digest. Judge checks texts
// that are not in the record.
func (r *Record) Check(s *Site) source.Problems {
	c := &check{Site: s, record: r, seen: make(map[*Entry]bool, r.Len()), languages: map[*policy.Policy]bool{}}
	for _, p := range s.Library.Policies {
		c.policy(p)
	}
	c.gone()
	return c.problems
}

type check struct {
	*Site
	record    *Record
	seen      map[*Entry]bool
	languages map[*policy.Policy]bool // policies with a problem moved-language
	problems  source.Problems
}

func (c *check) policy(p *policy.Policy) {
	var changed, moved, lost wrongs
	for _, v := range p.Versions {
		for _, t := range v.Texts {
			e := c.record.Find(t)
			if e == nil {
				continue
			}
			if c.seen[e] = true; c.Library.Doubts(t.File) {
				continue
			}
			stamp := c.StampOf(t)
			since := movedSince(&stamp, e, c.record.old)
			if t.Normal != e.Digest && c.sameText(t, e) {
				t.Normal = e.Digest
			}
			if t.Normal != e.Digest {
				changed.add(t, func() *source.Problem { return c.changed(t, e, since) })
			} else if len(since) > 0 && !c.saidOf(v, t, since) {
				moved.add(t, func() *source.Problem { return c.moved(t, e, since) })
			}
			c.earlier(t, e)
			if is := c.Address(e.Policy, e.Version, t.Lang); is != e.Address {
				lost.add(t, func() *source.Problem {
					return source.NewProblem(source.In(t.File), "moved-address",
						fmt.Sprintf("the page of %v is at %q; it was released at %q, which would be a dead link",
							e.Key, is, e.Address),
						"a published URL must stay; did the language of the site change? put it back in privgen.toml")
				})
			}
		}
	}
	for _, w := range []struct {
		wrongs
		code, what, do string
	}{
		{changed, "changed-text", "the wording of %d more texts of %q is not the one that was released: %s",
			"so many at once usually have one cause: a script, a shared clause, an editor; undo that"},
		{moved, "moved-stamp", "the stamps of %d more texts of %q are not those that were released: %s",
			"so many at once usually have one cause: a script, the time_zone in privgen.toml; undo that"},
		{lost, "moved-address", "%d more texts of %q have other URLs than those at which they were released: %s",
			"so many at once usually have one cause: the language in privgen.toml; put it back"},
	} {
		c.problems = append(c.problems, w.named...)
		if n := len(w.more); n > 0 {
			what := fmt.Sprintf(w.what, n, p.Slug, span(w.more))
			c.problems = append(c.problems, source.NewProblem(source.In(p.File), w.code, what, w.do))
		}
	}
}

// sameText reports whether a text whose digest differs from the recorded one is the
// same to its readers: for example, only its lines were rewrapped.
func (c *check) sameText(t *policy.Text, e *Entry) bool {
	b, err := c.Library.Body(t)
	return err == nil && e.Reads != "" && b.Reading() == e.Reads
}

// saidOf reports whether a translation's stamp has the same changes as its original's,
// for which there is a problem already.
func (c *check) saidOf(v *policy.Version, t *policy.Text, since []Moved) bool {
	original := v.Authoritative()
	if t == original {
		return false
	}
	e := c.record.Find(original)
	if e == nil {
		return false
	}
	stamp := c.StampOf(original)
	return slices.Equal(movedSince(&stamp, e, c.record.old), since)
}

// wrongs are texts with the same mistake.
type wrongs struct {
	named source.Problems
	more  []string // ids of versions
}

func (w *wrongs) add(t *policy.Text, name func() *source.Problem) {
	if len(w.named) < most {
		w.named = append(w.named, name())
		return
	}
	w.more = append(w.more, t.Version.ID)
}

func span(ids []string) string {
	ids = slices.Compact(ids)
	if len(ids) <= 3 {
		return strings.Join(ids, ", ")
	}
	return ids[0] + " to " + ids[len(ids)-1]
}

// changed returns the problem of a text that is not the one that was released.
func (c *check) changed(t *policy.Text, e *Entry, since []Moved) *source.Problem {
	at := source.In(t.File)
	where := ""
	if b, err := c.Library.Body(t); err == nil {
		diffs := e.Differences(b, c.released(t, e))
		var parts []string
		for _, d := range diffs[:min(len(diffs), 3)] {
			parts = append(parts, d.String())
		}
		if len(diffs) > 0 {
			at = b.Pos(diffs[0].Offset)
			where = ": " + strings.Join(parts, "; ")
		}
		if n := len(diffs) - len(parts); n > 0 {
			where += fmt.Sprintf("; and %d more", n)
		}
	}
	if len(since) > 0 {
		where += "; its front matter or its files changed, too: " + sentence(since)
	}
	p := source.NewProblem(at, "changed-text",
		fmt.Sprintf("the wording of %v is not the one that was released%s", e.Key, where),
		c.wayOutOfText(t))
	p.List = []string{t.File} // the change may be in the file of a shared clause
	return p
}

// released returns the released text, if the output of the last build has it, or nil.
func (c *check) released(t *policy.Text, e *Entry) *markdown.Body {
	if c.Published == nil {
		return nil
	}
	text := normal.Form(normal.SkipHead(c.Published(e.Address)))
	if sha256.Sum256(text) != e.Digest {
		return nil
	}
	b, _ := c.Library.EarlierBody(t, e.Address+"index.md", text)
	return b
}

// wayOutOfText returns the fix for a text that is not the one that was released.
func (c *check) wayOutOfText(t *policy.Text) string {
	if !c.Library.Includes(t) {
		return wayOut(t, "the words", " --lang "+t.Lang)
	}
	return "if a value, a shared clause, or a table that it includes changed: privgen draft --all\n" +
		wayOut(t, "the words", " --lang "+t.Lang)
}

// moved returns the problem of a stamp that is not the one that was released.
func (c *check) moved(t *policy.Text, e *Entry, since []Moved) *source.Problem {
	at, do := c.Library.Place(t, since[0].Field), wayOut(t, since[0].Field, "")
	if since[0].Field == "withdrawn" {
		do = strings.Replace(do, "if it fixes a typo", "if this version will not take effect", 1)
	}
	if name, ok := changedFile(since[0]); ok {
		for _, r := range t.Refs {
			if to, found := c.Library.Resolve(t, r.Dest); found && r.Dest == name {
				at = r.Pos
				do = strings.Replace(do, "put files back: git checkout "+t.File,
					"put the file back: git checkout "+to.File, 1)
			}
		}
	}
	return source.NewProblem(at, "moved-stamp",
		fmt.Sprintf("what is said of %v is not what was released, and its wording did not change: %s",
			e.Key, sentence(since)), do)
}

// changedFile returns the first file of a changed field files that is not the one that
// was released.
func changedFile(m Moved) (string, bool) {
	if m.Field != "files" {
		return "", false
	}
	was, _ := unlist(m.Was)
	is, _ := unlist(m.Is)
	for _, one := range is {
		if !slices.Contains(was, one) {
			return nameOf(one), true
		}
	}
	return "", false
}

func sentence(since []Moved) string {
	var parts []string
	for _, m := range since {
		parts = append(parts, m.String())
	}
	return strings.Join(parts, "; ")
}

// EarlierFile returns the name of the file that keeps the text before the n-th
// correction of a version's file, from 1.
func EarlierFile(file string, n int) string {
	dir, base := path.Split(file)
	return fmt.Sprintf("%s_%s.corrected-%d.md", dir, strings.TrimSuffix(base, ".md"), n)
}

// earlier reports earlier texts that are missing or changed.
func (c *check) earlier(t *policy.Text, e *Entry) {
	if c.Earlier == nil {
		return
	}
	for i, one := range e.Corrections {
		if one.Lost || one.Was == one.Is {
			continue
		}
		name := EarlierFile(t.File, i+1)
		raw, err := c.Earlier(name)
		if err == nil && sha256.Sum256(normal.Form(raw)) == one.Was {
			continue
		}
		what := fmt.Sprintf("the text of %v from before its correction of %s is gone", e.Key, one.Day)
		if err == nil {
			what = fmt.Sprintf("this is not the text of %v from before its correction of %s", e.Key, one.Day)
		}
		c.problems = append(c.problems, source.NewProblem(source.In(name), "lost-earlier", what,
			"readers see what a correction changed; put the file back: git checkout "+name))
	}
}

func wayOut(t *policy.Text, what, lang string) string {
	v := t.Version
	if len(v.Texts) == 1 {
		lang = ""
	}
	return fmt.Sprintf("put %s back: git checkout %s\n"+
		"to publish the change, write it into a draft and: privgen release %s --effective DAY\n"+
		"if it fixes a typo: privgen correct %s %s%s --reason \"...\"",
		what, t.File, v.Policy.Slug, v.Policy.Slug, v.ID, lang)
}

// gone reports recorded texts that are not on the site anymore.
func (c *check) gone() {
	gone := map[string][]*Entry{} // by policy
	for _, e := range c.record.Entries() {
		p := c.Library.Named(e.Policy)
		if !c.seen[e] && e.Removed == nil && !c.hidden(p, e) && (p == nil || !c.renamed(p, e)) {
			gone[e.Policy] = append(gone[e.Policy], e)
		}
	}
	add := func(e *Entry, what, do string) {
		c.problems = append(c.problems, source.NewProblem(e.at(), "gone-version", what, do))
	}
	for _, slug := range slices.Sorted(maps.Keys(gone)) {
		list, p := gone[slug], c.Library.Named(slug)
		var ids []string
		for _, e := range list {
			ids = append(ids, e.Version)
		}
		if p == nil {
			add(list[0],
				fmt.Sprintf("the policy %q was released and is gone, and with it the pages of %s", slug, span(ids)),
				fmt.Sprintf("if it was renamed, write in its new policy.toml: formerly = [%q]\n"+
					"else put the folder back: git checkout HEAD -- content/%[1]s\n"+
					"if it ended, put the folder back and write in its policy.toml: withdrawn = DAY", slug))
			continue
		}
		for _, e := range list[:min(len(list), most)] {
			add(e, fmt.Sprintf("%v was released and is gone, and with it the page %s", e.Key, e.Address),
				fmt.Sprintf("put the file back: %s\n"+
					"a published URL must stay; if a court orders you to remove it, record that:\n"+
					"privgen lock %s --remove %s --reason \"...\"", file(p, e), p.Slug, e.Version))
		}
		if n := len(list) - most; n > 0 {
			add(list[0], fmt.Sprintf("%d more texts of %q were released and are gone: %s", n, slug, span(ids[most:])),
				"put the files back: git checkout content")
		}
	}
}

// hidden reports whether the text of an entry may exist and not be loaded because of
// another problem.
func (c *check) hidden(p *policy.Policy, e *Entry) bool {
	switch {
	case c.Exists == nil:
		return false
	case p == nil:
		return c.Library.Doubts("") || c.Exists("content/"+e.Policy) || c.Exists("content/"+e.Policy+".md")
	}
	return c.Library.Doubts(p.Slug) || c.Exists(file(p, e))
}

// Gone returns the entries of texts that are not on the site and not recorded as removed.
func (r *Record) Gone(s *Site) []*Entry {
	seen := map[*Entry]bool{}
	for _, p := range s.Library.Policies {
		for t := range p.Texts() {
			seen[r.Find(t)] = true
		}
	}
	return slices.DeleteFunc(r.Entries(), func(e *Entry) bool { return seen[e] || e.Removed != nil })
}

// LacksOld returns a problem for each entry of a record of format 1 that this record does
// not have with the same path, and now or before a correction with the same digest, dates,
// and label.
func (r *Record) LacksOld(old *Record) source.Problems {
	var out source.Problems
	lost := func(e *Entry, what string) {
		out = append(out, source.NewProblem(source.In(File), "lost-record",
			fmt.Sprintf("%v was recorded %s, and this lock file does not have it", e.Key, what), restore))
	}
	for _, e := range old.Entries() {
		var now *Entry
		if r != nil {
			now = r.entries[e.Key]
		}
		if now == nil || now.Address != e.Address || now.Digest != e.Digest &&
			!slices.ContainsFunc(now.Corrections, func(c Correction) bool { return c.Was == e.Digest }) {
			lost(e, fmt.Sprintf("with the digest %.12x", e.Digest))
			continue
		}
		for _, m := range movedSince(&now.Stamp, e, true) {
			switch {
			case slices.ContainsFunc(now.Corrections, func(c Correction) bool { return c.moved(m.Field, m.Was) }):
			case m.Was == "":
				lost(e, "without "+m.Field)
			default:
				lost(e, fmt.Sprintf("with %s=%s", m.Field, m.Was))
			}
		}
	}
	return out
}

// moved reports whether a correction changed a field of the stamp from a value.
func (c *Correction) moved(field, was string) bool {
	return slices.ContainsFunc(c.Stamp, func(m Moved) bool { return m.Field == field && m.Was == was })
}

// renamed reports whether an entry has no text because the policy's language was
// changed, and adds one problem for the policy.
func (c *check) renamed(p *policy.Policy, e *Entry) bool {
	v := p.Version(e.Version)
	if v == nil || c.record.Find(v.Authoritative()) != nil || v.In(e.Lang) != nil {
		return false
	}
	if !c.languages[p] {
		c.languages[p] = true
		at, where := source.In(c.Config), "[site]"
		if p.Settings.Language != "" {
			at, where = source.In(p.File), "this file"
		}
		if c.LanguageAt != nil {
			at = c.LanguageAt(p)
		}
		c.problems = append(c.problems, source.NewProblem(at, "moved-language",
			fmt.Sprintf("the language of %q is %s here, and its texts were released in %s", p.Slug, p.Language, e.Lang),
			fmt.Sprintf("put it back, in %s: language = %q;\n"+
				"a text in another language is a translation and has its own file: %s.%s.md",
				where, e.Lang, e.Version, p.Language)))
	}
	return true
}

// file returns the name that the file of an entry probably had, in the folder of the
// policy's other versions.
func file(p *policy.Policy, e *Entry) string {
	dir := "content/" + p.Slug
	if len(p.Versions) > 0 {
		if f := p.Versions[0].Authoritative().File; strings.Contains(f, "/") {
			dir = f[:strings.LastIndexByte(f, '/')]
		}
	}
	if e.Lang != p.Language {
		return fmt.Sprintf("%s/%s.%s.md", dir, e.Version, e.Lang)
	}
	return fmt.Sprintf("%s/%s.md", dir, e.Version)
}

// Missing returns the texts that are not in the record, in order.
func (r *Record) Missing(lib *policy.Library) []*policy.Text {
	var out []*policy.Text
	for _, p := range lib.Policies {
		for _, v := range p.Versions {
			for _, t := range v.Texts {
				if r.Find(t) == nil {
					out = append(out, t)
				}
			}
		}
	}
	return out
}

// Judge checks the versions that are not in the record and follow one that is. A
// version must have a new text or a summary. If it has a new text and states the day
// of its last update, that must be later than that of the version before.
func (r *Record) Judge(s *Site) source.Problems {
	var problems source.Problems
	for _, p := range s.Library.Policies {
		for i, v := range p.Versions {
			if i == 0 || s.Library.Doubts(p.Slug) || r.Find(v.Authoritative()) != nil ||
				r.Find(p.Versions[i-1].Authoritative()) == nil {
				continue
			}
			if problem := s.follows(p.Versions[i-1], v); problem != nil {
				problems = append(problems, problem)
			}
		}
	}
	return problems
}

// follows returns the problem of a version that follows another, or nil.
func (s *Site) follows(before, v *policy.Version) *source.Problem {
	a, b := before.Authoritative(), v.Authoritative()
	was := before.Updated(s.Zone)
	same := s.Library.Same(a, b)
	switch {
	case same && v.FrontMatter.Summary == "" && !v.IsDraft():
		return source.NewProblem(source.In(b.File), "same-text",
			fmt.Sprintf("the stamp of %s says %s, and its wording is that of %s", v.ID, v.Effective(), before.ID),
			"if the text was changed, the change is missing here; if it was published again on purpose,\n"+
				"say so to its readers, in the front matter: summary = \"Published again because ...\"")
	case !same && !v.FrontMatter.Updated.IsZero() && v.FrontMatter.Updated.Compare(was) <= 0 &&
		v.Begin.After(before.Begin):
		if v.FrontMatter.Updated == was && before.FrontMatter.Updated.IsZero() {
			return nil
		}
		return source.NewProblem(s.Library.Place(b, "updated"), "stale-stamp",
			fmt.Sprintf("%s says that it was last updated on %s; its wording is not that of %s, "+
				"which was last updated on %s", v.ID, v.FrontMatter.Updated, before.ID, was),
			"write the day on which the text was changed: updated = ..., or remove the key to use the effective date")
	}
	return nil
}
