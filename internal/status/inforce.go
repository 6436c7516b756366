package status

import (
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/privgen/privgen/internal/passage"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

// A Term is the time during which a version is in force.
type Term struct {
	Version   string     `json:"version"`
	Label     string     `json:"label,omitempty"`
	Effective string     `json:"effective"`       // when it begins: a day or an instant
	Until     string     `json:"until,omitempty"` // when it ends: the day or instant on which the next version takes effect, or the day on which the policy ends
	Texts     []TermText `json:"texts"`           // the authoritative text, then its translations by language

	Clause *passage.Clause `json:"clause,omitempty"` // the requested clause
}

// A TermText is a text of a version.
type TermText struct {
	Lang   string `json:"lang"`
	URL    string `json:"url"`    // the permalink
	SHA256 string `json:"sha256"` // as in versions.json and the lock file
}

// Terms returns which versions of a policy are in force between two instants, the
// oldest first: more than one if a version takes effect in between. It uses the
// versions that are published now, even if one was published after it took effect.
// Versions that never take effect have no term.
func Terms(s *site.Site, p *policy.Policy, now, from, to time.Time) []Term {
	st := p.At(now)
	out := []Term{}
	for i, v := range st.Versions {
		if !v.Withdrawn.IsZero() || !v.Begin.Before(to) {
			continue
		}
		t := Term{Version: v.ID, Label: v.FrontMatter.Label, Effective: v.FrontMatter.Effective.String()}
		end := p.End
		if next := st.After(i); next != nil && (end.IsZero() || next.Begin.Before(end)) {
			end, t.Until = next.Begin, next.FrontMatter.Effective.String()
		} else if !end.IsZero() {
			t.Until = p.Settings.Withdrawn.String()
		}
		if !end.IsZero() && (!end.After(from) || !end.After(v.Begin)) {
			continue
		}
		for _, text := range v.Texts {
			t.Texts = append(t.Texts,
				TermText{text.Lang, s.Paths.URL(s.Paths.Text(text)), hex.EncodeToString(text.Normal[:])})
		}
		out = append(out, t)
	}
	return out
}

// Print prints a term of a policy with the first of its texts.
func (t *Term) Print(w io.Writer, slug string) error {
	until, clause := "", ""
	if t.Until != "" {
		until = " until " + t.Until
	}
	if t.Clause != nil {
		clause = "\n" + t.Clause.Markdown
	}
	_, err := fmt.Fprintf(w, "%s %s  from %s%s\n  %s\n  sha256 %s\n%s", slug, t.Version, t.Effective, until,
		t.Texts[0].URL, t.Texts[0].SHA256, clause)
	return err
}

// Only removes all texts of a term of a policy but the one in a language, or the
// authoritative one if lang is empty. If id is not empty, it adds that clause.
func (t *Term) Only(s *site.Site, p *policy.Policy, id, lang string) (err error) {
	v := p.Version(t.Version)
	text := v.Authoritative()
	if lang != "" {
		if text = v.In(lang); text == nil {
			return source.Usage(fmt.Sprintf("version %s has no text in %q", v.ID, lang),
				"omit --lang for the authoritative text")
		}
	}
	t.Texts = slices.DeleteFunc(t.Texts, func(one TermText) bool { return one.Lang != text.Lang })
	if id != "" {
		if t.Clause, err = passage.ClauseOf(s, text, id); err == nil {
			t.Texts[0].URL += site.Fragment(t.Clause.ID)
		}
	}
	return err
}
