package pages

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/theme"
)

// This file lists policies by group, for a home page with hundreds of them.

// mostLatest is how many of the latest changes a home page lists.
const mostLatest = 10

// listPolicies fills in the policies of the home page, in the site's order.
// Groups are in the order of their first policies.
func (li *lists) listPolicies(page *theme.Home, lang string) {
	l := li.locales[lang]
	at, ids := map[string]int{}, map[string]bool{}
	for _, st := range li.now.statuses {
		e := li.entry(st, lang)
		name := st.Policy.Settings.Group
		if name == "" {
			page.Policies = append(page.Policies, e)
			continue
		}
		k, ok := at[name]
		if !ok {
			k = len(page.Groups)
			at[name] = k
			page.Groups = append(page.Groups, theme.PolicyGroup{ID: groupID(name, ids), Name: name})
		}
		page.Groups[k].Policies = append(page.Groups[k].Policies, e)
	}
	for _, pol := range li.now.drafts {
		draft := li.draft(pol, lang)
		page.Policies = append(page.Policies, theme.PolicyEntry{Slug: pol.Slug, Title: pol.Title(lang),
			Lang: foreign(pol.TitleLanguage(lang), lang), Description: pol.Description(lang), Draft: draft,
			Href: draft.Href, Words: &l.Words})
	}
	for i := range page.Groups {
		page.Groups[i].Count = l.Number(len(page.Groups[i].Policies))
	}
	if len(page.Groups) > 0 {
		page.Latest = li.latest(lang)
	}
}

// draft returns what the home page of a preview shows of a policy's draft.
func (li *lists) draft(pol *policy.Policy, lang string) *theme.Version {
	t, w := li.paths.TextFor(pol.Draft, lang), &li.locales[lang].Words
	return &theme.Version{ID: pol.Draft.ID, Name: w.Draft, State: "draft", StateName: w.Draft,
		Href: li.paths.Href(li.paths.Text(t)), Lang: t.Lang, Words: w}
}

// groupID returns an id made from the name of a group, so that a link to it
// leads to the same group when others are added. Names that differ only in
// punctuation get a number.
func groupID(name string, taken map[string]bool) string {
	words := strings.FieldsFunc(strings.ToLower(name),
		func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
	base := "pg:group-" + strings.Join(words, "-")
	id := base
	for n := 2; taken[id]; n++ {
		id = fmt.Sprintf("%s-%d", base, n)
	}
	taken[id] = true
	return id
}

// latest returns the versions that took effect last, over all policies, without
// first versions.
func (li *lists) latest(lang string) []theme.Latest {
	var list []place
	for _, st := range li.now.statuses {
		for i := st.InForce; i > 0 && i > st.InForce-mostLatest; i-- {
			list = append(list, place{st, i})
		}
	}
	slices.SortStableFunc(list, func(a, b place) int {
		return b.st.Versions[b.i].Begin.Compare(a.st.Versions[a.i].Begin)
	})
	var out []theme.Latest
	for _, c := range list[:min(len(list), mostLatest)] {
		pol := c.st.Policy
		v := li.describe.version(c.st, c.i, lang)
		v.Redline = li.redlineHref(c.st, pair{c.i - 1, c.i}, lang)
		out = append(out, theme.Latest{
			Policy: pol.Title(lang), Lang: foreign(pol.TitleLanguage(lang), lang),
			Href: li.paths.Href(li.paths.Policy(pol, li.paths.Language(pol, lang))), Version: v,
		})
	}
	return out
}

// shortTitle removes the name of a group from the start of a title, if enough is left.
func shortTitle(title, group string) string {
	rest, ok := strings.CutPrefix(title, group)
	rest = strings.TrimLeft(rest, " :–-")
	if group == "" || !ok || utf8.RuneCountInString(rest) < 3 {
		return title
	}
	return rest
}
