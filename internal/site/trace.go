package site

import (
	"bytes"
	"fmt"
	"html"
	"html/template"
	"strings"

	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/theme"
)

// This file says under the headings of a policy's page in which versions each
// clause changed, if the theme has a setting clause_history and it is true. A
// clause is followed back from version to version as their redlines have it: to
// where it stood and what it was called before, until it was new. What that takes
// is remembered of each redline, so that a page costs no comparison.

// A trace is what a redline says of a clause of the later text.
type trace struct {
	ID, OldID string // OldID is empty if the clause is new
	Changed   bool   // words of it, or of its heading
}

// tracesOf gives those of the clauses that changed, or were called otherwise. A
// clause that went and came back elsewhere under its id is the same clause, as it
// is to whoever links to it.
func tracesOf(r *redline.Redline) []trace {
	gone := map[string]bool{}
	for _, c := range r.Clauses {
		if c.State.Has(redline.Removed) && c.OldID != "" {
			gone[c.OldID] = true
		}
	}
	var out []trace
	for _, c := range r.Clauses {
		changed := c.State&(redline.TextChanged|redline.Renamed|redline.Added) != 0
		if c.ID == "" || c.State.Has(redline.Removed) || !changed && c.ID == c.OldID {
			continue
		}
		old := c.OldID
		if c.State.Has(redline.Added) && gone[c.ID] {
			old = c.ID
		}
		// Copies, or what is remembered would hold on to the texts.
		t := trace{ID: strings.Clone(c.ID), Changed: changed}
		if t.OldID = t.ID; old != c.ID {
			t.OldID = strings.Clone(old)
		}
		out = append(out, t)
	}
	return out
}

// A mention is a version in which a clause changed.
type mention struct {
	version int    // index
	id      string // of the clause in that version
	added   bool
}

// mentions gives the versions in which the clauses of a text changed, the newest
// first, by the ids that the clauses have in it.
func (p *plan) mentions(st *standing, i int, t *policy.Text, ids map[string]bool) (map[string][]mention, error) {
	out := map[string][]mention{}
	now := make(map[string]string, len(ids)) // by the id in the version that we are at, that in t
	for id := range ids {
		now[id] = id
	}
	for ; i > 0 && len(now) > 0; i-- {
		before, after := st.Versions[i-1].In(t.Lang), st.Versions[i].In(t.Lang)
		if before == nil || after == nil || !st.redlines[pair{i - 1, i}] {
			break
		}
		known, err := p.learned(before, after)
		if err != nil {
			return nil, err
		}
		was := map[string]string{}
		for _, c := range known.Clauses {
			id, ok := now[c.ID]
			if !ok {
				continue
			}
			delete(now, c.ID)
			if c.Changed {
				out[id] = append(out[id], mention{i, c.ID, c.OldID == ""})
			}
			if c.OldID != "" {
				was[c.OldID] = id
			}
		}
		for old, id := range was {
			now[old] = id
		}
	}
	return out, nil
}

// mostMentions is how many versions stand under a heading. The archive has all.
const mostMentions = 5

// trace puts under each heading of a text in which versions its clause changed;
// what stands under the title is said where the rest begins.
func (p *plan) trace(to *theme.Text, st *standing, i int, t *policy.Text, lang string) error {
	if !p.traces {
		return nil
	}
	body, err := p.Library.Body(t)
	if err != nil {
		return err
	}
	mentions, err := p.mentions(st, i, t, body.IDs())
	if err != nil {
		return err
	}
	var out bytes.Buffer
	tell := func(id string) { p.writeMentions(&out, st, t, mentions[id], p.locales[lang]) }
	id, _ := nextHeading(string(to.Heading))
	tell(id)
	rest := string(to.Body)
	for {
		id, end := nextHeading(rest)
		if end == 0 {
			break
		}
		out.WriteString(rest[:end])
		rest = rest[end:]
		tell(id)
	}
	out.WriteString(rest)
	to.Body = template.HTML(out.String())
	return nil
}

// nextHeading finds a heading with an id, and where it ends. Without one, the
// end is 0.
func nextHeading(set string) (id string, end int) {
	for from := 0; ; {
		i := strings.Index(set[from:], "<h")
		if i < 0 {
			return "", 0
		}
		from += i + len("<h")
		rest := set[from:]
		if rest == "" || rest[0] < '1' || rest[0] > '6' {
			continue
		}
		name, ok := strings.CutPrefix(rest[1:], ` id="`)
		id, _, closed := strings.Cut(name, `"`)
		close := strings.Index(rest, "</h"+rest[:1]+">")
		if ok && closed && close >= 0 {
			return html.UnescapeString(id), from + close + len("</h1>")
		}
	}
}

func (p *plan) writeMentions(b *bytes.Buffer, st *standing, t *policy.Text, list []mention, l *locale.Locale) {
	if len(list) == 0 {
		return
	}
	lang := ""
	if l.Tag != t.Lang {
		lang = fmt.Sprintf(` lang="%s" dir="%s"`, l.Tag, l.Dir)
	}
	fmt.Fprintf(b, "\n<p class=\"clause-history\" data-added%s><span class=\"label\">%s</span> ", lang, escape(l.Words.ClauseHistory))
	for i, m := range list[:min(len(list), mostMentions)] {
		if i > 0 {
			b.WriteString(" · ")
		}
		before, after := st.Versions[m.version-1].In(t.Lang), st.Versions[m.version].In(t.Lang)
		date := p.date(after.Version.Effective(), l)
		name := date.Text
		if n := after.Version.Number(); n > 1 {
			name += " (" + l.Number(n) + ")"
		}
		fmt.Fprintf(b, `<a href="%s">%s</a>`, escape(p.href(p.redlinePath(before, after))+fragment(m.id)), escape(name))
		if m.added {
			fmt.Fprintf(b, " (%s)", escape(l.Words.Added))
		}
	}
	if len(list) > mostMentions {
		fmt.Fprintf(b, ` · <a href="%s" aria-label="%s">…</a>`, escape(p.href(p.archivePath(st.Policy, l.Tag))), escape(l.Words.Archive))
	}
	b.WriteString("</p>\n")
}

// traceKey is the key of all versions up to the i-th: what the clauses of its
// text went through.
func (p *plan) traceKey(st *standing, i int) string {
	if !p.traces {
		return ""
	}
	var b strings.Builder
	for n := range i + 1 {
		b.Write(st.keys[n][:])
	}
	return b.String()
}
