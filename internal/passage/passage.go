// Package passage finds the versions of a policy that have a passage, and the text of a
// clause in a version.
//
// Its two fundamental types are History, the versions that have a passage, and
// Clause, the text of a clause.
//
// A passage is a sequence of words. Upper and lower case, punctuation, markup, line ends, and
// the place in the text do not count. So the history of a passage continues if its clause
// moved, or if words around it changed.
package passage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
)

// A History is the versions of a policy that have a passage, in one language.
type History struct {
	Policy  string   `json:"policy"`
	Lang    string   `json:"lang"`
	Phrase  string   `json:"phrase"`
	Spans   []Span   `json:"spans"`             // the oldest first
	Without []string `json:"without,omitempty"` // versions without a text in the language, which are not searched

	Withdrawn []string `json:"withdrawn,omitempty"` // ids of versions with it that were withdrawn before they took effect

	Nearest *Near `json:"nearest,omitempty"` // without spans: the most similar passage, of the newest version that has it
}

// A Span is consecutive versions with the passage. Versions that were withdrawn
// before they took effect do not count.
type Span struct {
	Since  Version `json:"since"`            // the first version with it
	Until  string  `json:"until,omitempty"`  // when a version without it took effect, or the policy ended
	Gone   string  `json:"gone,omitempty"`   // the id of the first version without it
	State  string  `json:"state"`            // of the last version with it, as in versions.json
	Places []Place `json:"places"`           // the clauses that have it, in the order of their first versions
	Before *Near   `json:"before,omitempty"` // the most similar passage of the version before
	After  *Near   `json:"after,omitempty"`  // the most similar passage of the version after

	Versions []string `json:"versions"` // ids of the versions with it
}

// A Version is the first version of a span.
type Version struct {
	ID        string `json:"id"`
	Effective string `json:"effective"`
	URL       string `json:"url"` // the permalink, with the clause
}

// A Place is a clause that has the passage.
type Place struct {
	Clause   string   `json:"clause"` // its id; empty before the first heading
	Title    string   `json:"title"`
	Versions []string `json:"versions"` // ids
}

// A Near is a passage with similar words.
type Near struct {
	Version string `json:"version"`
	Clause  string `json:"clause"`
	Text    string `json:"text"`  // the paragraph, item, or cell that has it
	Share   int    `json:"share"` // the percentage of the phrase's letters that are in words of it
}

// A found is a passage in one version.
type found struct {
	v      *policy.Version
	state  policy.State
	places []*clauseWords
}

// A search looks for a phrase in the texts of a policy.
type search struct {
	site   *site.Site
	st     policy.Status
	lang   string
	phrase []string
}

// Search returns the history of a phrase in a policy with the status st. Without a language,
// it searches the policy's languages, the authoritative one first, and returns the first
// history with a result. Without any, it returns the one with the most similar passage.
func Search(s *site.Site, p *policy.Policy, st policy.Status, lang, phrase string) (*History, error) {
	words := wordsOf(phrase)
	if len(words) == 0 {
		return nil, source.Usage(fmt.Sprintf("%q has no words", phrase), "quote some words of the text")
	}
	langs := p.Languages()
	if lang != "" {
		if !slices.Contains(langs, lang) {
			return nil, source.Usage(fmt.Sprintf("%s has no text in %q", p.Slug, lang),
				"its languages are "+strings.Join(langs, ", "))
		}
		langs = []string{lang}
	}
	var first *History
	for _, lang := range langs {
		se := &search{site: s, st: st, lang: lang, phrase: words}
		h, err := se.history()
		if err != nil {
			return nil, err
		}
		h.Policy, h.Phrase = p.Slug, phrase
		if len(h.Spans)+len(h.Withdrawn) > 0 {
			return h, nil
		}
		if first == nil || h.Nearest != nil && (first.Nearest == nil || h.Nearest.Share > first.Nearest.Share) {
			first = h
		}
	}
	return first, nil
}

// history searches the versions, the oldest first.
func (se *search) history() (*History, error) {
	h := &History{Lang: se.lang, Spans: []Span{}}
	var inside []found // in the versions of the current span
	var before *text   // the text of the version before
	var was *Near      // the most similar passage before the span
	for i, v := range se.st.Versions {
		t := v.In(se.lang)
		if t == nil {
			h.Without = append(h.Without, v.ID)
			continue
		}
		body, err := se.site.Library.Body(t)
		if err != nil {
			return nil, err
		}
		now := newText(v.ID, body)
		places := now.find(se.phrase)
		switch {
		case !v.Withdrawn.IsZero():
			if len(places) > 0 {
				h.Withdrawn = append(h.Withdrawn, v.ID)
			}
			continue
		case len(places) > 0:
			if len(inside) == 0 && before != nil {
				was = before.nearest(se.phrase)
			}
			inside = append(inside, found{v, se.st.State(i), places})
		case len(inside) > 0:
			span := se.span(inside, was)
			span.Gone, span.Until, span.After = v.ID, v.FrontMatter.Effective.String(), now.nearest(se.phrase)
			h.Spans, inside, was = append(h.Spans, span), nil, nil
		}
		before = now
		if len(h.Spans)+len(inside) > 0 {
			continue // no similar passage is needed
		}
		if near := now.nearest(se.phrase); near != nil && (h.Nearest == nil || near.Share >= h.Nearest.Share) {
			h.Nearest = near
		}
	}
	if len(inside) > 0 {
		span := se.span(inside, was)
		if last := inside[len(inside)-1]; se.st.Ended {
			span.Until = last.v.Policy.Settings.Withdrawn.String()
		}
		h.Spans = append(h.Spans, span)
	}
	if len(h.Spans) > 0 {
		h.Nearest = nil
	}
	return h, nil
}

func (se *search) span(inside []found, was *Near) Span {
	first := inside[0]
	url := se.site.Paths.URL(se.site.Paths.Text(first.v.In(se.lang))) + site.Fragment(first.places[0].id)
	out := Span{Since: Version{first.v.ID, first.v.FrontMatter.Effective.String(), url}, Before: was,
		State: string(inside[len(inside)-1].state)}
	for _, one := range inside {
		out.Versions = append(out.Versions, one.v.ID)
		for _, c := range one.places {
			i := slices.IndexFunc(out.Places, func(p Place) bool { return p.Clause == c.id })
			if i < 0 {
				i = len(out.Places)
				out.Places = append(out.Places, Place{Clause: c.id})
			}
			p := &out.Places[i]
			p.Title = c.title
			p.Versions = append(p.Versions, one.v.ID)
		}
	}
	return out
}

// A Clause is the text of a clause in a version, with the clauses below it.
type Clause struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Markdown string `json:"markdown"`
}

// ClauseOf returns the clause of a text that has or had an id. If there is none, the error
// has a similar id, a version with the clause, or the list of all ids.
func ClauseOf(s *site.Site, t *policy.Text, id string) (*Clause, error) {
	body, err := s.Library.Body(t)
	if err != nil {
		return nil, err
	}
	now := id
	if known := body.IDs(); !known[id] {
		if now = body.Former()[id]; now == "" {
			now = t.FrontMatter.Aliases[id]
		}
	}
	all := body.Clauses()
	base, text := all[0].Start, body.Markdown()
	var ids []string
	for i, c := range all {
		if c.Level == 0 {
			continue
		}
		ids = append(ids, c.ID)
		if c.ID != now {
			continue
		}
		end := c.End
		for _, below := range all[i+1:] {
			if below.Level <= c.Level {
				break
			}
			end = below.End
		}
		own := strings.TrimSpace(string(text[c.Start-base:end-base])) + "\n"
		return &Clause{ID: c.ID, Title: c.Title, Markdown: own}, nil
	}
	do := "its clauses are " + strings.Join(ids, ", ")
	if near := toml.Nearest(id, ids); near != "" {
		do = fmt.Sprintf("did you mean %q?", near)
	} else if v := s.Library.Newest(t.Version.Policy.Versions, id, t.Lang); v != nil {
		do = fmt.Sprintf("version %s has it: privgen in-force %s --at %s --clause %s", v.ID, v.Policy.Slug,
			v.Effective(), id)
	}
	return nil, source.Refuse("no-clause", fmt.Sprintf("version %s of %s has no clause %q", t.Version.ID,
		t.Version.Policy.Slug, id), do)
}
