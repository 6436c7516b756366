package release

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

// This file drafts policies whose texts include something that changed: a value, a
// shared clause, or a table.

// A Redraft is what such a change means for a policy. The result of privgen draft
// --all --json has it as JSON.
type Redraft struct {
	Policy  string   `json:"policy"`
	Draft   string   `json:"draft"`   // its file
	Written bool     `json:"written"` // the file is new; else the draft was there
	Against string   `json:"against"` // the newest version
	Clauses int      `json:"clauses"` // how many change
	Added   int      `json:"words_added"`
	Removed int      `json:"words_removed"`
	Kept    []string `json:"kept"` // files of versions, which now have their text as it was recorded
}

// A finder finds a text as it was recorded, see Fix.Find.
type finder = func(t *policy.Text, e *record.Entry, is func([]byte) bool) ([]byte, error)

// A redrafting finds the Redraft of one policy.
type redrafting struct {
	Redraft
	start           Start
	site            *site.Site
	find            finder
	recorded        map[*policy.Text][]byte // the texts of Kept
	create, replace map[string][]byte       // files of all policies
}

// Redrafts returns the policies of a site that change because of what their texts
// include, and the files to create and to replace. The Start needs only the site's folder.
// The site must be loaded with drafts and without checking it against the lock file.
func (s *Start) Redrafts(loaded *site.Site, find finder) (found []*Redraft, create, replace map[string][]byte,
	err error) {
	found, create, replace = []*Redraft{}, map[string][]byte{}, map[string][]byte{}
	for _, p := range loaded.Ordered() {
		r := &redrafting{Redraft{Policy: p.Slug, Kept: []string{}}, Start{Files: s.Files, Slug: p.Slug}, loaded, find,
			map[*policy.Text][]byte{}, create, replace}
		changed, err := r.redraft(p)
		if err != nil {
			return nil, nil, nil, err
		}
		if changed {
			found = append(found, &r.Redraft)
		}
	}
	return found, create, replace, nil
}

// redraft finds what changes in a policy because of what its texts include, and reports
// whether anything does. A version whose text changes gets its recorded text, without
// tags, so that it stays what was released. A new draft is a copy of the newest version
// with its tags; an existing draft does not change.
func (r *redrafting) redraft(p *policy.Policy) (bool, error) {
	for t := range p.Texts() {
		if e := r.site.Record().Find(t); e != nil && e.Digest != t.Normal && r.site.Library.Includes(t) {
			if err := r.keep(t, e); err != nil {
				return false, err
			}
		}
	}
	newest := p.Newest()
	if newest == nil {
		return false, nil
	}
	r.Draft, r.Against = r.start.draftName(""), newest.ID
	_, err := fs.Stat(r.start.Files, r.Draft)
	if err == nil && p.Draft == nil && len(r.Kept) == 0 {
		return false, nil // the draft has problems
	}
	if err != nil && slices.ContainsFunc(newest.Texts, func(t *policy.Text) bool { return r.recorded[t] != nil }) {
		made, err := r.start.copies(newest, func(string) bool { return true })
		if err != nil {
			return false, err
		}
		maps.Copy(r.create, made)
		r.Written = true
	}
	err = r.compare(p, newest)
	return r.Clauses > 0 || len(r.Kept) > 0, err
}

// keep replaces the text of a version with the one that was recorded.
func (r *redrafting) keep(t *policy.Text, e *record.Entry) error {
	raw, err := r.find(t, e, func(raw []byte) bool { return recordedText(raw, e) != nil })
	if err != nil {
		return err
	}
	text := recordedText(raw, e)
	if text == nil {
		return source.Usage(
			fmt.Sprintf("the text of %v as it was released is neither in the output folder nor in git", e.Key),
			"put back what its file includes, run privgen build, and change it again")
	}
	if path.Dir(t.File) == site.Content {
		return source.Usage(fmt.Sprintf("%s is a policy in the short form, which has only one version", t.File),
			r.start.Unfold(r.site.Config.Zone()))
	}
	file, err := r.start.read(t)
	if err != nil {
		return err
	}
	matter, _ := policy.TextStart(file)
	head := bytes.TrimRight(file.Text[:matter], "\n")
	if len(head) > 0 {
		head = append(bytes.Clone(head), "\n\n"...)
	}
	r.Kept, r.recorded[t] = append(r.Kept, t.File), text
	r.replace[t.File] = append(head, text...)
	return nil
}

// compare compares the newest version, as it was recorded, with the draft, or without a
// draft with the text that the version has now.
func (r *redrafting) compare(p *policy.Policy, newest *policy.Version) error {
	before := newest.Authoritative()
	after := before
	if p.Draft != nil {
		after = p.Draft.Authoritative()
	}
	is, err := r.site.Library.Body(after)
	if err != nil {
		return err
	}
	var was *markdown.Body
	if text := r.recorded[before]; text != nil {
		was, err = r.site.Library.EarlierBody(before, before.File, text)
	} else {
		was, err = r.site.Library.Body(before)
	}
	if err != nil || markdown.Same(was, is) {
		return err
	}
	x := redline.Compare(was, is)
	for _, c := range x.Clauses {
		if c.State != 0 {
			r.Clauses++
		}
	}
	r.Added, r.Removed = x.Extent.WordsAdded, x.Extent.WordsRemoved
	return nil
}

// Text describes the changes for people.
func (r *Redraft) Text() string {
	draft := "has the change"
	if r.Written {
		draft = "is new"
	}
	out := fmt.Sprintf("%s: %s %s: +%d -%d words in %s, against %s\n", r.Policy, r.Draft, draft, r.Added, r.Removed,
		source.Count(r.Clauses, "clause"), r.Against)
	for _, name := range r.Kept {
		out += fmt.Sprintf("  %s keeps the text that was released\n", name)
	}
	return out
}
