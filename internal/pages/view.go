package pages

import (
	"strings"
	"sync"
	"time"

	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/tree"
)

// A View is a site at an instant. It plans the entries of a policy when the
// first of them is requested, so one page of a large site does not wait for the
// others. It may be used by several goroutines.
type View struct {
	plan   *plan
	parts  map[string]*part // by slug, former ones too
	all    []*part
	shared *part // entries of no policy that depend on few facts about policies
	lists  *part // entries of no policy that depend on all policies: home, feeds, the sitemap
}

// A part of a tree, planned once.
type part struct {
	once sync.Once
	plan func(p *plan)
	tree tree.Tree
}

// A Preview selects what a View shows in addition to what a build writes, or omits.
type Preview struct {
	Drafts  bool // pages of drafts, where the site was loaded with them
	InForce bool // nothing that takes effect later
}

// NewView returns a view of a site at an instant, with nothing planned yet. With
// the zero Preview it has the entries of Plan.
func NewView(s *site.Site, now time.Time, show Preview) *View {
	v := &View{plan: newPlan(s, now, show), parts: map[string]*part{}}
	for _, st := range v.plan.now.statuses {
		one := &part{plan: func(p *plan) {
			p.keys.ready(st)
			p.planPolicy(st)
			p.planFormats(st)
			p.planHistory(st)
			p.planFormer(st)
			if show.Drafts && st.draft != nil {
				p.planDraft(st, st.draft)
			}
		}}
		v.all = append(v.all, one)
		for _, slug := range append([]string{st.Policy.Slug}, st.Policy.Settings.Formerly...) {
			v.parts[slug] = one
		}
	}
	if show.Drafts {
		v.addDrafts()
	}
	v.shared = &part{plan: func(p *plan) {
		p.planAssets()
		p.planNotFound()
		p.planHost()
	}}
	v.lists = &part{plan: func(p *plan) {
		p.planHome()
		p.planPolicies()
		p.planFeed()
		p.planSitemap()
	}}
	v.all = append(v.all, v.shared, v.lists)
	return v
}

// addDrafts adds the policies that have only a draft.
func (v *View) addDrafts() {
	for _, pol := range v.plan.library.Policies {
		if pol.Draft == nil || v.parts[pol.Slug] != nil {
			continue
		}
		none := &status{Status: policy.Status{InForce: -1}, Policy: pol}
		one := &part{plan: func(p *plan) { p.planDraft(none, none.Policy.Draft) }}
		v.all = append(v.all, one)
		v.parts[pol.Slug] = one
	}
}

// planned returns the entries of a part.
func (v *View) planned(one *part) tree.Tree {
	one.once.Do(func() {
		own := *v.plan
		one.plan(&own)
		one.tree, own.entries = tree.New(own.entries), nil // the render functions keep the plan in memory
	})
	return one.tree
}

// Find returns the entry at a path, or nil.
func (v *View) Find(path string) *tree.Entry {
	rest := path
	for lang := range v.plan.locales {
		if below, ok := strings.CutPrefix(path, lang+"/"); ok {
			rest = below
		}
	}
	slug, _, nested := strings.Cut(rest, "/")
	if one := v.parts[slug]; one != nil && nested {
		return v.planned(one).Find(path)
	}
	switch rest {
	case "index.html", "policies.json", "llms.txt", "feed.atom", "feed.json":
		return v.planned(v.lists).Find(path)
	}
	if strings.HasPrefix(rest, "sitemap") && !nested || slug == "archive" { // sitemap-2.xml, archive/feed-1/feed.atom
		return v.planned(v.lists).Find(path)
	}
	return v.planned(v.shared).Find(path)
}

// Tree plans and returns all entries.
func (v *View) Tree() tree.Tree {
	var parts [][]tree.Entry
	for _, one := range v.all {
		parts = append(parts, v.planned(one))
	}
	return tree.New(parts...)
}

// PageOf returns the path of the page that shows a file of the site: the page of
// the policy for its policy.toml and for the version in force, otherwise the
// permalink of the version or draft. It reports false for files that no page
// shows.
func (v *View) PageOf(file string) (path string, ok bool) {
	for _, st := range v.plan.now.statuses {
		if st.Policy.File == file {
			return v.plan.paths.Policy(st.Policy, v.plan.paths.Default), true
		}
	}
	for _, pol := range v.plan.library.Policies {
		for t := range pol.Texts() {
			if t.File != file {
				continue
			}
			st := v.plan.now.of(pol)
			if st != nil && t.Version == st.Versions[st.shown()] {
				return v.plan.paths.Policy(pol, t.Lang), true
			}
			path = v.plan.paths.Text(t)
			return path, v.Find(path+"index.html") != nil
		}
	}
	return "", false
}

// Drafts returns the paths of the pages of drafts, in the order of the policies.
func (v *View) Drafts() []string {
	var out []string
	for _, pol := range v.plan.library.Policies {
		if pol.Draft == nil {
			continue
		}
		if path := v.plan.paths.Text(pol.Draft.Authoritative()); v.Find(path+"index.html") != nil {
			out = append(out, path)
		}
	}
	return out
}

// Drawn returns the number of entries of a policy that differ from those of an
// earlier view.
func (v *View) Drawn(earlier *View, slug string) int {
	now, was := v.parts[slug], earlier.parts[slug]
	if now == nil {
		return 0
	}
	if was == nil {
		return len(v.planned(now))
	}
	n := 0
	before := earlier.planned(was)
	for _, e := range v.planned(now) {
		if old := before.Find(e.Path); old == nil || old.Key != e.Key {
			n++
		}
	}
	return n
}
