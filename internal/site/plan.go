package site

import (
	"bytes"
	"crypto/sha256"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/tree"
)

// A plan is a site at an instant: which version stands how. Everything that
// draws a page is a method of it.
type plan struct {
	*Site
	key       tree.Key   // of what every page depends on: the site, and what its frame shows of the policies
	standings []standing // of the policies that have a published version, in the site's order
	others    []string   // the languages of what is published, but for the site's own
	entries   []tree.Entry
	traces    bool // the theme shows in which versions clauses changed
}

// A standing is how one policy stands, with the keys of its versions.
type standing struct {
	policy.Standing
	Policy *policy.Policy  // with the published versions alone: what is not published, a draft too, has no title and no language
	draft  *policy.Version // nil when there is none, or it was not loaded
	turn   int             // of its first version; see tree.Entry
	*keys
}

// keys are what entries' keys are made of for one policy, and what takes as
// long to find out. They are made when the first page of the policy is planned.
type keys struct {
	once        sync.Once
	key         tree.Key        // of what all pages of the policy depend on
	versionKeys []tree.Key      // of each version: its front matter and texts
	redlines    map[pair]bool   // those that have a page
	shared      map[string]bool // labels that more than one version has
}

// Plan gives the tree of the site as it stands at an instant. It is pure: the
// same site and the same standings give the same tree, whatever the instant.
func (s *Site) Plan(now time.Time) tree.Tree {
	s.memory.next()
	return s.View(now, Preview{}).Tree()
}

// newPlan begins the plan of an instant: which policies and versions there are.
func (s *Site) newPlan(now time.Time, show Preview) *plan {
	p := &plan{Site: s, traces: s.theme.Settings()["clause_history"] == true}
	var policies []*policy.Policy
	for _, pol := range s.Ordered() {
		now := pol.At(now)
		if show.InForce {
			now.Versions = now.Versions[:now.InForce+1]
		}
		if len(now.Versions) == 0 {
			continue
		}
		public := *pol
		public.Versions, public.Draft = now.Versions, nil
		policies = append(policies, &public)
		p.standings = append(p.standings, standing{Standing: now, Policy: &public, draft: pol.Draft, keys: &keys{}})
	}
	p.others = s.otherLanguages(policies)
	p.key = p.frameKey()
	turns := 0
	for i := range p.standings {
		st := &p.standings[i]
		st.turn, turns = turns, turns+len(st.Versions)
	}
	return p
}

// ready makes the keys of a policy, once.
func (p *plan) ready(st *standing) *standing {
	st.once.Do(func() {
		st.key = p.policyKey(st.Policy)
		st.shared = sharedLabels(st.Versions)
		st.redlines = p.pairs(st.Versions)
		for _, v := range st.Versions {
			st.versionKeys = append(st.versionKeys, p.versionKey(v))
		}
	})
	return st
}

// languages gives the languages that pages are in, the site's own first.
func (p *plan) languages() []string { return append([]string{p.language}, p.others...) }

// frameKey is the key of what every page depends on: the site, and what the
// frame of a page shows of the policies.
func (p *plan) frameKey() tree.Key {
	h := tree.NewHash("plan").Key(p.Site.key)
	for i := range p.standings {
		pol := p.standings[i].Policy
		h.Text(pol.Slug).Text(pol.Settings.Kind).Texts(pol.Languages()...)
		for _, lang := range p.languages() {
			h.Text(pol.Title(lang))
		}
	}
	return h.Sum()
}

func (p *plan) add(path, media string, stage tree.Stage, key tree.Key, draw drawing) {
	p.addAt(0, path, media, stage, key, draw)
}

// addAt adds what is best drawn at a turn: that of the version whose text it shows.
func (p *plan) addAt(turn int, path, media string, stage tree.Stage, key tree.Key, draw drawing) {
	p.entries = append(p.entries, tree.Entry{Path: path, Type: media, Key: key, Stage: stage, Turn: turn, Render: func(b *bytes.Buffer) error {
		if err := draw(b); err != nil {
			return err
		}
		return p.Library.Err() // a link may lead elsewhere than it should
	}})
}

// keep says of the entry that was added last that it shows a version's text for
// ever.
func (p *plan) keep(slug string, t *policy.Text) {
	e := &p.entries[len(p.entries)-1]
	e.Keeps, e.Text = slug+"/"+t.Version.ID, t.Normal // as the record has it
}

// keepBoth says the same of a redline.
func (p *plan) keepBoth(slug string, before, after *policy.Text) {
	e := &p.entries[len(p.entries)-1]
	e.Keeps = slug + "/" + before.Version.ID + ".." + after.Version.ID
	e.Text = sha256.Sum256(append(before.Normal[:], after.Normal[:]...))
}

// The media types of what a site holds. The machine's own tables are not
// asked: they differ from one machine to the next.
const (
	typeHTML     = "text/html; charset=utf-8"
	typeMarkdown = "text/markdown; charset=utf-8"
	typeText     = "text/plain; charset=utf-8"
	typeJSON     = "application/json"
	typeLinks    = "application/linkset+json"
	typeAtom     = "application/atom+xml"
	typeJSONFeed = "application/feed+json"
	typeXML      = "application/xml"
)

// planPolicy plans all pages of a policy.
func (p *plan) planPolicy(st *standing) {
	shown := p.shown(st)
	for _, lang := range p.pageLanguages(st.Policy) {
		key := tree.NewHash("policy").Key(p.key).Key(st.key).Text(lang).Key(st.around(shown)).
			Key(p.refsKey(p.textFor(st.Versions[shown], lang))).
			Bool(st.redlines[pair{shown - 1, shown}]).Bool(st.redlines[pair{shown, shown + 1}]).Text(p.traceKey(st, shown))
		p.add(file(p.policyPath(st.Policy, lang)), typeHTML, tree.List, key.Sum(), p.drawPolicy(st, shown, lang))

		key = tree.NewHash("archive").Key(p.key).Key(st.key).Text(lang)
		for i := range st.Versions {
			key.Key(st.versionKeys[i]).Text(string(st.State(i))).Bool(st.redlines[pair{i - 1, i}]).Text(p.since(st, i, lang))
		}
		p.add(file(p.archivePath(st.Policy, lang)), typeHTML, tree.List, key.Sum(), p.drawArchive(st, lang))
	}
	for i, v := range st.Versions {
		for _, t := range v.Texts {
			key := tree.NewHash("version").Key(p.key).Key(st.key).Text(t.Lang).Key(st.around(i)).Key(p.refsKey(t)).Bool(st.shared[labelOf(t)]).
				Bool(st.redlines[pair{i - 1, i}]).Text(p.since(st, i, t.Lang))
			p.addAt(st.turn+i, file(p.textPath(t)), typeHTML, tree.Leaf, key.Sum(), p.drawVersion(st, i, t))
			p.keep(st.Policy.Slug, t)
		}
	}
	p.planRedlines(st)
	p.planSince(st)
	p.planEarlier(st)
}

// shown is the index of the version that the policy's page shows: the one in
// force, or while there is none the first to take effect.
func (p *plan) shown(st *standing) int { return max(0, st.InForce) }

// around is the key of a version, its state and its neighbors: what a page
// that shows it depends on.
func (st *standing) around(i int) tree.Key {
	h := tree.NewHash("around").Key(st.versionKeys[i]).Text(string(st.State(i)))
	if i > 0 {
		h.Text("before").Key(st.versionKeys[i-1]).Text(string(st.State(i - 1)))
	}
	if i+1 < len(st.Versions) {
		h.Text("after").Key(st.versionKeys[i+1]).Text(string(st.State(i + 1)))
	}
	for j := max(0, i-1); j <= i+1 && j < len(st.Versions); j++ {
		if next := st.After(j); next != nil { // until when it is in force
			h.Text("until").Text(next.Effective().String())
		}
	}
	return h.Sum()
}

// sharedLabels gives the labels that more than one version has.
func sharedLabels(versions []*policy.Version) map[string]bool {
	owner, shared := map[string]*policy.Version{}, map[string]bool{}
	for _, v := range versions {
		for _, t := range v.Texts {
			label := labelOf(t)
			if o := owner[label]; label != "" && o != nil && o != v {
				shared[label] = true
			}
			owner[label] = v
		}
	}
	return shared
}

func (p *plan) planHome() {
	key := tree.NewHash("home").Key(p.key)
	for i := range p.standings {
		st := p.ready(&p.standings[i])
		key.Key(st.key).Key(st.around(p.shown(st))).Int(len(st.Versions))
		if st.Policy.Settings.Group != "" {
			for _, k := range st.versionKeys[max(0, st.InForce-mostLatest) : st.InForce+1] {
				key.Key(k)
			}
		}
	}
	for _, lang := range p.languages() {
		p.add(file(p.prefix(lang)), typeHTML, tree.Home, key.Text(lang).Sum(), p.drawHome(lang))
	}
}

func (p *plan) planNotFound() {
	p.add("404.html", typeHTML, tree.List, tree.NewHash("notfound").Key(p.key).Sum(), p.drawNotFound())
}

func (p *plan) planAssets() {
	there := map[string]bool{}
	for _, a := range p.theme.Assets() {
		there[a.Path] = true
		p.add(a.Path, a.Type, tree.Asset, tree.NewHash("asset").Bytes(a.Bytes).Sum(), bytesOf(a.Bytes))
	}
	for _, name := range slices.Sorted(maps.Keys(p.files)) {
		f := p.files[name]
		if there[f.path] {
			continue // the same bytes under the same name, in another folder
		}
		there[f.path] = true
		p.add(f.path, f.media, tree.Asset, tree.NewHash("file").Bytes(f.sum[:]).Sum(), p.drawFile(name))
	}
}

// policyKey is the key of what all pages of a policy depend on beside the
// site: its settings and languages.
func (p *plan) policyKey(pol *policy.Policy) tree.Key {
	set := pol.Settings
	h := tree.NewHash("settings").Texts(pol.Slug, set.Title, set.Kind, set.Description, set.Group, pol.Language,
		pol.Rules.HTML, pol.Rules.DeadLinks, pol.Rules.Images, set.Withdrawn.String(), set.Why, set.Successor).Texts(pol.Languages()...)
	for _, lang := range p.languages() {
		h.Text(pol.Title(lang)).Text(pol.Description(lang))
	}
	return h.Sum()
}

// versionKey is the key of a version: its id, its dates, and each text with
// its front matter.
func (p *plan) versionKey(v *policy.Version) tree.Key {
	h := tree.NewHash("version").Text(v.ID)
	for _, t := range v.Texts {
		m := &t.Matter
		h.Texts(t.Lang, m.Effective.String(), m.Updated.String(), m.Published.String(), m.Reviewed.String(),
			m.Label, m.Summary, m.Source, m.Archived, m.Commit, m.Dated, m.Withdrawn.String()).Bool(m.Generated).Texts(m.Changes...).Bool(m.Material).Bytes(t.Digest[:])
		for _, alias := range slices.Sorted(maps.Keys(m.Aliases)) {
			h.Texts(alias, m.Aliases[alias])
		}
	}
	p.correctionsKey(h, v)
	return h.Sum()
}

// refsKey is the key of where a text's links to other files lead.
func (p *plan) refsKey(t *policy.Text) tree.Key {
	if len(t.Refs) == 0 {
		return tree.Key{}
	}
	h := tree.NewHash("refs")
	for _, r := range t.Refs {
		address, ok := p.address(t, r.Dest)
		h.Text(address).Bool(ok)
	}
	return h.Sum()
}
