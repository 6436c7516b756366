package pages

import (
	"slices"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/theme"
)

// notices makes the notices above a text.
type notices struct {
	*linker
	describe *describer
}

// ofDraft returns the notice that a draft binds nobody, with a link to what it changes.
func (no *notices) ofDraft(with *status, at pair, t *policy.Text) []theme.Notice {
	l := no.locales[t.Lang]
	n := notice("upcoming", l.Words.DraftNotice, nil)
	if href := no.redlineHref(with, at, t.Lang); href != "" {
		n.Text = append(n.Text, theme.Part{Text: " "}, theme.Part{Text: l.Words.Redline, Href: href})
	}
	return []theme.Notice{n}
}

// ofPolicy returns the notices above the text on the page of a policy.
func (no *notices) ofPolicy(st *status, i int, t *policy.Text, lang string) []theme.Notice {
	l := no.locales[lang]
	var out []theme.Notice
	if st.Ended && st.InForce >= 0 {
		out = append(out, no.ended(st, lang)...)
	} else if st.InForce < 0 {
		out = append(out, notice("upcoming", l.Words.NotYetNotice, map[string]theme.Part{
			"date": datePart(no.describe.date(st.Versions[i].Effective(), l)),
			"link": no.archive(st, lang),
		}))
	} else if up := st.Upcoming(); up != nil {
		out = append(out, notice("upcoming", l.Words.UpcomingNotice, map[string]theme.Part{
			"date": datePart(no.describe.date(up.Effective(), l)),
			"link": no.part(l.Words.UpcomingLink, no.paths.Text(no.paths.TextFor(up, lang))),
		}))
		if href := no.redlineHref(st, pair{i, slices.Index(st.Versions, up)}, lang); href != "" {
			n := &out[len(out)-1]
			n.Text = append(n.Text, theme.Part{Text: " · "}, theme.Part{Text: l.Words.Redline, Href: href})
		}
	}
	out = append(out, frame(l)...)
	if t.Lang != lang {
		return append(out, no.untranslated(st, i, t, lang))
	}
	return append(out, no.translation(t)...)
}

// frame returns the notice that the words around a text are in another language.
func frame(l *locale.Locale) []theme.Notice {
	if l.Words.Frame == "" {
		return nil
	}
	return []theme.Notice{notice("untranslated", l.Words.Frame, nil)}
}

// untranslated returns the notice that the text is not in the page's language,
// with a link to the last version that is.
func (no *notices) untranslated(st *status, i int, t *policy.Text, lang string) theme.Notice {
	l := no.locales[lang]
	link := no.archive(st, lang)
	for ; i >= 0; i-- {
		if old := st.Versions[i].In(lang); old != nil {
			link = no.part(fillText(l.Words.UntranslatedLink, "{version}", no.describe.name(old, l)),
				no.paths.Text(old))
			break
		}
	}
	own := no.locales[t.Lang]
	return notice("untranslated", l.Words.UntranslatedNotice, map[string]theme.Part{
		"language": {Text: own.Name, Lang: t.Lang}, "link": link,
	})
}

func (no *notices) translation(t *policy.Text) []theme.Notice {
	original := t.Version.Authoritative()
	if t == original {
		return nil
	}
	l := no.locales[t.Lang]
	return []theme.Notice{notice("translation", l.Words.TranslationNotice, map[string]theme.Part{
		"language": {Text: no.locales[original.Lang].Name, Lang: original.Lang},
		"link":     no.part(l.Words.TranslationLink, no.paths.Text(original)),
	})}
}

// ofVersion returns the notices above the text on a permalink.
func (no *notices) ofVersion(st *status, i int, t *policy.Text) []theme.Notice {
	l := no.locales[t.Lang]
	inForce := no.part(l.Words.InForceLink, no.paths.Policy(st.Policy, t.Lang))
	var out []theme.Notice
	switch st.State(i) {
	case policy.Superseded:
		out = append(out, notice("superseded", l.Words.SupersededNotice, map[string]theme.Part{
			"date": datePart(no.describe.date(no.describe.until(st, i), l)), "link": inForce,
		}))
	case policy.Withdrawn:
		if i == st.InForce {
			out = append(out, no.ended(st, t.Lang)...)
			break
		}
		out = append(out, notice("superseded", l.Words.NeverNotice, map[string]theme.Part{
			"date": datePart(no.describe.date(day.On(t.Version.FrontMatter.Withdrawn), l)), "link": inForce,
		}))
	case policy.Upcoming:
		if st.InForce < 0 {
			inForce = no.archive(st, t.Lang)
		}
		out = append(out, notice("upcoming", l.Words.NotYetNotice, map[string]theme.Part{
			"date": datePart(no.describe.date(st.Versions[i].Effective(), l)), "link": inForce,
		}))
	}
	return append(append(out, frame(l)...), no.translation(t)...)
}

func notice(kind, words string, fill map[string]theme.Part) theme.Notice {
	return theme.Notice{Kind: kind, Text: sentence(words, fill)}
}

// archive returns the link to the archive of a policy.
func (no *notices) archive(st *status, lang string) theme.Part {
	return no.part(no.locales[lang].Words.Archive, no.paths.Archive(st.Policy, lang))
}

func datePart(d theme.Date) theme.Part { return theme.Part{Text: d.Text, Datetime: d.Datetime} }

// ended returns the notices above the last text of a policy that ended.
func (no *notices) ended(st *status, lang string) []theme.Notice {
	l := no.locales[lang]
	link := no.archive(st, lang)
	set := &st.Policy.Settings
	if to := no.library.Policy(set.Successor); to != nil && no.now.of(to) != nil {
		link = no.part(fillText(l.Words.SuccessorLink, "{policy}", to.Title(lang)),
			no.paths.Policy(to, no.paths.Language(to, lang)))
	}
	out := notice("superseded", l.Words.EndedNotice,
		map[string]theme.Part{"date": datePart(no.describe.date(day.On(set.Withdrawn), l)), "link": link})
	if set.Why != "" {
		why := theme.Part{Text: set.Why}
		if lang != st.Policy.Language {
			why.Lang = st.Policy.Language
		}
		at := slices.IndexFunc(out.Text, func(p theme.Part) bool { return p.Href != "" })
		out.Text = slices.Insert(out.Text, at, why, theme.Part{Text: " "})
	}
	return []theme.Notice{out}
}
