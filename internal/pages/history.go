package pages

import (
	"cmp"
	"encoding/hex"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/formats"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/theme"
)

// This file has the history of a policy for programs: versions.json, which has
// what is known of every version, and links.json, a link set (RFC 9264) with the
// relations between its pages (RFC 5829). Each policy has both once, beside its
// page in the site's language.
//
// The link set has no relations of Memento (RFC 7089): timemap.link has them, for
// the page of the policy in each language.

// histories fills versions.json and links.json.
type histories struct {
	*linker
	describe    *describer
	relations   *relations
	comparisons *comparer
}

// A long history is divided by year, so that no file is too large for a browser or
// for a host: versions.json and links.json then have the newest versions.
const (
	mostTexts   = 400 // more texts make a history long
	newestParts = 100 // how many versions the first file of a long history has
)

// A historyPart is a file of a history, with the versions from one to another.
type historyPart struct {
	dir      string // its path
	from, to int    // indexes
	whole    bool   // the first file
}

// parts returns the files of a policy's history: the first, then those of the
// years if it is long, newest first.
func (hi *histories) parts(st *status) []historyPart {
	n, texts := len(st.Versions), 0
	for _, v := range st.Versions {
		texts += len(v.Texts)
	}
	all := []historyPart{{hi.paths.Policy(st.Policy, hi.paths.Default), 0, n, true}}
	if texts <= mostTexts {
		return all
	}
	all[0].from = max(0, min(n-newestParts, st.InForce))
	for i := n - 1; i >= 0; i-- {
		dir := hi.paths.Year(st.Policy, hi.paths.Default, st.Versions[i].Begin.In(hi.zone).Format("2006"))
		if last := &all[len(all)-1]; !last.whole && last.dir == dir {
			last.from = i
		} else {
			all = append(all, historyPart{dir, i, i + 1, false})
		}
	}
	return all
}

// of returns a file of a policy's history. The files of the years, if there are
// any, belong to the first.
func (hi *histories) of(st *status, part historyPart, years []historyPart) (formats.History, error) {
	h := formats.History{
		Schema:   formats.HistorySchema,
		Policy:   st.Policy.Slug,
		Kind:     st.Policy.Settings.Kind,
		Language: st.Policy.Language,
		Titles:   hi.titles(st),
		URL:      hi.paths.URL(hi.paths.Policy(st.Policy, hi.paths.Default)),
		Archive:  hi.paths.URL(hi.paths.Archive(st.Policy, hi.paths.Default)),
		TimeZone: hi.zone.String(),

		MaterialSince: materialSince(st),
	}
	for i := part.to - 1; i >= part.from; i-- {
		v, err := hi.version(st, i)
		if err != nil {
			return h, err
		}
		h.Versions = append(h.Versions, v)
	}
	if part.whole {
		for _, year := range years {
			h.Parts = append(h.Parts, hi.paths.URL(year.dir+"versions.json"))
		}
	} else {
		h.Whole = hi.paths.URL(hi.paths.Policy(st.Policy, hi.paths.Default) + "versions.json")
	}
	if st.Ended {
		h.Withdrawn = day.On(st.Policy.Settings.Withdrawn).String()
	}
	return h, nil
}

func (hi *histories) version(st *status, i int) (formats.HistoryVersion, error) {
	v := st.Versions[i]
	m := &v.FrontMatter
	out := formats.HistoryVersion{
		ID:        v.ID,
		Label:     m.Label,
		State:     string(st.State(i)),
		Effective: m.Effective.String(),
		Updated:   day.On(v.Updated(hi.zone)).String(),
		Published: m.Published.String(),
		Reviewed:  day.On(m.Reviewed).String(),
		Withdrawn: day.On(m.Withdrawn).String(),
		Summary:   m.Summary,
		Changes:   m.Changes,
		Material:  m.Material,
		Source:    m.Source,
		Archived:  m.Archived,
		Commit:    m.Commit,
		Dated:     m.Dated,
		Generated: m.Generated,
	}
	if state := st.State(i); state == policy.Superseded || state == policy.Withdrawn && i == st.InForce {
		out.Until = hi.describe.until(st, i).String()
	}
	for _, t := range v.Texts {
		text, err := hi.text(st, i, t)
		if err != nil {
			return out, err
		}
		out.Texts = append(out.Texts, text)
	}
	return out, nil
}

func (hi *histories) text(st *status, i int, t *policy.Text) (formats.HistoryText, error) {
	path := hi.paths.Text(t)
	out := formats.HistoryText{
		Lang:   t.Lang,
		Title:  cmp.Or(t.Facts.Title, st.Policy.Title(t.Lang)),
		URL:    hi.paths.URL(path),
		SHA256: hex.EncodeToString(t.Normal[:]),
	}
	if t != t.Version.Authoritative() {
		out.Summary, out.Changes = t.FrontMatter.Summary, t.FrontMatter.Changes
	}
	if hi.config.Output.Writes("markdown") {
		out.Markdown = hi.paths.URL(path + "index.md")
	}
	if hi.config.Output.Writes("text") {
		out.Text = hi.paths.URL(path + "index.txt")
	}
	for i, c := range hi.released.corrections(t) {
		one := formats.HistoryCorrection{Date: c.Day.String(), Reason: c.Reason, Was: hex.EncodeToString(c.Was[:])}
		if hi.earlierHref(t, i+1) != "" {
			one.URL = hi.paths.URL(hi.paths.Earlier(t, i+1))
		}
		out.Corrections = append(out.Corrections, one)
	}
	out.Recorded = hi.released.late(t).String()
	if hi.drawsSince(st, i) && st.Versions[st.InForce].In(t.Lang) != nil {
		out.Since = hi.paths.URL(hi.paths.Since(t))
	}
	for j := range i {
		if st.redlines[pair{j, i}] && hi.config.Redlines.Pairs == "all" && st.Versions[j].In(t.Lang) != nil {
			if out.Redlines == nil {
				out.Redlines = map[string]string{}
			}
			out.Redlines[st.Versions[j].ID] = hi.paths.URL(hi.paths.Redline(st.Versions[j].In(t.Lang), t))
		}
	}
	if i == 0 || st.Versions[i-1].In(t.Lang) == nil {
		return out, nil
	}
	if path := hi.redlinePath(st, pair{i - 1, i}, t.Lang); path != "" {
		out.Redline = hi.paths.URL(path)
	}
	e, err := hi.comparisons.extent(st, i, t.Lang)
	if err != nil {
		return out, err
	}
	out.Extent = &formats.HistoryExtent{
		ClausesChanged: e.ClausesChanged, ClausesAdded: e.ClausesAdded, ClausesRemoved: e.ClausesRemoved,
		ClausesMoved: e.ClausesMoved, WordsAdded: e.WordsAdded, WordsRemoved: e.WordsRemoved, WordsMoved: e.WordsMoved,
		Restructured: e.WordsRestructured, Links: e.Links, Images: e.Images, ListNumbers: e.ListNumbers,
		Markup: e.Styles,
	}
	return out, nil
}

// linksOf returns the links of a policy's pages: those of the pages in force,
// and those of the permalinks of a file's versions. Permalinks have one more here,
// to the next version: the pages themselves never change.
func (hi *histories) linksOf(st *status, part historyPart, years []historyPart) []formats.LinkContext {
	var out []formats.LinkContext
	shown := st.shown()
	for _, lang := range hi.paths.Languages(st.Policy) {
		if !part.whole {
			break
		}
		t := hi.paths.TextFor(st.Versions[shown], lang)
		c := newLinkContext(hi.paths.URL(hi.paths.Policy(st.Policy, lang)), hi.relations.ofPolicy(st, shown, t, lang))
		for _, year := range years {
			c.LinkSets = append(c.LinkSets,
				formats.LinkTarget{Href: hi.paths.URL(year.dir + "links.json"), Type: typeLinks})
		}
		out = append(out, c)
	}
	for i := part.to - 1; i >= part.from; i-- {
		for _, t := range st.Versions[i].Texts {
			relations := hi.relations.ofVersion(st, i, t)
			if i+1 < len(st.Versions) {
				next := hi.paths.TextFor(st.Versions[i+1], t.Lang)
				relations = append(relations, hi.relations.to("successor-version", hi.paths.Text(next)))
			}
			out = append(out, newLinkContext(hi.paths.URL(hi.paths.Text(t)), relations))
		}
	}
	return out
}

func newLinkContext(anchor string, relations []theme.Relation) formats.LinkContext {
	c := formats.LinkContext{Anchor: anchor}
	of := map[string]*[]formats.LinkTarget{
		"version-history": &c.History, "latest-version": &c.Latest,
		"predecessor-version": &c.Predecessor, "successor-version": &c.Successor, "alternate": &c.Alternate,
	}
	for _, r := range relations {
		list := of[r.Rel]
		// A page is no alternate of itself, x-default is no language, and the
		// link set need not lead to itself: these are for pages only.
		if list == nil || r.Rel == "alternate" && (r.Href == anchor || r.Hreflang == "x-default") {
			continue
		}
		target := formats.LinkTarget{Href: r.Href, Type: r.Type, Title: r.Title}
		if r.Hreflang != "" {
			target.Hreflang = []string{r.Hreflang}
		}
		*list = append(*list, target)
	}
	return c
}
