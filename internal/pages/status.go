package pages

import (
	"sync"
	"time"

	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/tree"
)

// An instant is the status of a site's policies at one instant.
type instant struct {
	paths    site.Paths
	statuses []*status // of the policies that have a published version, in the site's order
	bySlug   map[string]*status
	policies []*policy.Policy // the same policies
	others   []string         // the languages of what is published, except the site's own
	drafts   []*policy.Policy // in a preview: those with only a draft
}

// A status is the status of one policy, with the keys of its versions.
type status struct {
	policy.Status
	Policy *policy.Policy  // with the published versions only: drafts and others add no title and no language
	draft  *policy.Version // nil without a draft, or if it was not loaded
	turn   int             // of its newest version; see tree.Entry and turnOf

	// The inputs of the keys of its entries, and what costs as much to find. They are
	// made when the first page of the policy is planned: see keyer.ready.
	once        sync.Once
	key         tree.Key        // of what all pages of the policy depend on
	versionKeys []tree.Key      // of each version: its front matter and texts
	arounds     []tree.Key      // of each version: see keyAround
	redlines    map[pair]bool   // those that have a page
	shared      map[string]bool // labels that more than one version has
}

// newInstant returns the status of a site's policies, without their keys.
func newInstant(s *site.Site, at time.Time, show Preview) *instant {
	in := &instant{paths: s.Paths, bySlug: map[string]*status{}}
	turns := 1
	for _, pol := range s.Ordered() {
		now := pol.At(at)
		if show.InForce {
			now.Versions = now.Versions[:now.InForce+1]
		}
		if len(now.Versions) == 0 {
			if show.Drafts && pol.Draft != nil {
				in.drafts = append(in.drafts, pol)
			}
			continue
		}
		public := *pol
		public.Versions, public.Draft = now.Versions, nil
		in.policies = append(in.policies, &public)
		st := &status{Status: now, Policy: &public, draft: pol.Draft, turn: turns}
		in.bySlug[pol.Slug] = st
		in.statuses = append(in.statuses, st)
		turns += len(now.Versions)
	}
	in.others = s.Paths.Others(in.policies)
	return in
}

// turnOf returns the turn of the i-th version. The newest is last, and after it come the
// lists and feeds, which show how much changed, and what changed in the newest.
func (st *status) turnOf(i int) int { return st.turn + len(st.Versions) - 1 - i }

// shown returns the index of the version that the policy's page shows: the one
// in force, or before that the first to take effect.
func (st *status) shown() int { return max(0, st.InForce) }

// of returns the status of a policy, or nil if there is none, or no published version of it.
func (in *instant) of(pol *policy.Policy) *status {
	if pol == nil {
		return nil
	}
	return in.bySlug[pol.Slug]
}

// home returns the policy with a slug if it has pages in a language: the home
// page shows it instead of the list. Otherwise it returns nil.
func (in *instant) home(slug, lang string) *status {
	if st := in.bySlug[slug]; st != nil && in.paths.Has(st.Policy, lang) {
		return st
	}
	return nil
}

// languages returns the languages of the pages, the site's own first.
func (in *instant) languages() []string { return append([]string{in.paths.Default}, in.others...) }

// keyAround returns the key of a version, its state, and its neighbors: what a page
// that shows it depends on.
func (st *status) keyAround(i int) tree.Key {
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

// sharedLabels returns the labels that more than one version has.
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
