package pages

import (
	"bytes"
	"fmt"
	"html"
	"html/template"
	"strings"

	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/theme"
)

// This file shows at the end of each clause of a policy's page in which versions it
// changed, if the theme's setting clause_history is true. It follows a clause back
// from version to version through their comparisons, to the version that added it.
// The cache has these comparisons, so a page computes none.

// A mention is a version in which a clause changed.
type mention struct {
	version int    // index
	id      string // of the clause in that version
	added   bool
}

// mentions returns the versions in which the clauses of a text changed, newest
// first, by the ids of the clauses in it.
func (co *comparer) mentions(st *status, i int, t *policy.Text, ids map[string]bool) (map[string][]mention, error) {
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
		known, err := co.known(before, after)
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

// mostMentions is how many versions are listed for a clause. The archive has all.
const mostMentions = 5

// trace adds at the end of each clause of a text, before the next heading, the
// versions in which it changed.
func (do *documents) trace(to *theme.Text, st *status, i int, t *policy.Text, lang string) error {
	if !do.traces {
		return nil
	}
	body, err := do.library.Body(t)
	if err != nil {
		return err
	}
	mentions, err := do.comparisons.mentions(st, i, t, body.IDs())
	if err != nil {
		return err
	}
	var out bytes.Buffer
	tell := func(id string) { do.writeMentions(&out, st, t, mentions[id], do.locales[lang]) }
	begins := map[string]bool{} // ids of headings that begin a clause
	for _, c := range body.Clauses() {
		begins[c.ID] = c.Level > 0
	}
	id, _, _ := nextHeading(string(to.Heading))
	rest, notes := string(to.Body), ""
	if i := strings.LastIndex(rest, `<section class="footnotes"`); i >= 0 {
		rest, notes = rest[:i], rest[i:]
	}
	for {
		next, at, end := nextHeading(rest)
		if end == 0 {
			break
		}
		if begins[next] {
			out.WriteString(rest[:at])
			tell(id)
			id, rest, end = next, rest[at:], end-at
		}
		out.WriteString(rest[:end])
		rest = rest[end:]
	}
	out.WriteString(rest)
	tell(id)
	out.WriteString(notes)
	to.Body = template.HTML(out.String())
	return nil
}

// nextHeading returns the id of the next heading that has one, and where it
// begins and ends. Without one, the end is 0.
func nextHeading(set string) (id string, at, end int) {
	for from := 0; ; {
		i := strings.Index(set[from:], "<h")
		if i < 0 {
			return "", 0, 0
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
			return html.UnescapeString(id), from - len("<h"), from + close + len("</h1>")
		}
	}
}

func (do *documents) writeMentions(b *bytes.Buffer, st *status, t *policy.Text, list []mention, l *locale.Locale) {
	if len(list) == 0 {
		return
	}
	lang := ""
	if l.Tag != t.Lang {
		lang = fmt.Sprintf(` lang="%s" dir="%s"`, l.Tag, l.Dir)
	}
	fmt.Fprintf(b, "\n<p class=\"clause-history\" data-added%s><span class=\"label\">%s</span> ", lang,
		escape(l.Words.ClauseHistory))
	for i, m := range list[:min(len(list), mostMentions)] {
		if i > 0 {
			b.WriteString(" · ")
		}
		before, after := st.Versions[m.version-1].In(t.Lang), st.Versions[m.version].In(t.Lang)
		date := do.describe.date(after.Version.Effective(), l)
		name := date.Text
		if n := after.Version.Number(); n > 1 {
			name += " (" + l.Number(n) + ")"
		}
		fmt.Fprintf(b, `<a href="%s">%s</a>`,
			escape(do.paths.Href(do.paths.Redline(before, after))+site.Fragment(m.id)), escape(name))
		if m.added {
			fmt.Fprintf(b, " (%s)", escape(l.Words.Added))
		}
	}
	if len(list) > mostMentions {
		fmt.Fprintf(b, ` · <a href="%s" aria-label="%s">…</a>`,
			escape(do.paths.Href(do.paths.Archive(st.Policy, l.Tag))), escape(l.Words.Archive))
	}
	b.WriteString("</p>\n")
}
