package pages

import (
	"maps"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/tree"
)

// A keyer computes the keys of entries: digests of what a page shows.
type keyer struct {
	*linker
	frame tree.Key // of what every page depends on: the site, and what its frame shows of the policies
}

// ofHistory returns the key of pages that show all versions of a policy and their states.
func (ky *keyer) ofHistory(kind string, st *status) tree.Key {
	key := tree.NewHash(kind).Key(ky.frame).Key(st.key)
	for i := range st.Versions {
		key.Key(st.versionKeys[i]).Text(string(st.State(i))).Bool(st.redlines[pair{i - 1, i}]).
			Bool(ky.drawsSince(st, i))
	}
	return key.Sum()
}

// ofFeed adds what a feed or an archive of it shows of versions to a key.
func (ky *keyer) ofFeed(h *tree.Hash, places []place, archive bool) {
	for n, at := range places {
		st := at.st
		h.Key(st.key).Texts(st.Policy.Settings.Formerly...).Bool(st.redlines[pair{at.i - 1, at.i}])
		for i := max(0, at.i-1); i <= at.i; i++ {
			h.Key(st.versionKeys[i])
			for _, t := range st.Versions[i].Texts {
				if !archive && n < mostMarked { // it is shown with its links
					h.Key(ky.ofRefs(t))
				}
			}
		}
	}
}

// ready computes the keys of a policy, once.
func (ky *keyer) ready(st *status) *status {
	st.once.Do(func() {
		st.key = ky.ofPolicy(st.Policy)
		st.shared = sharedLabels(st.Versions)
		st.redlines = pairsOf(&ky.config.Redlines, st.Versions)
		for _, v := range st.Versions {
			st.versionKeys = append(st.versionKeys, ky.ofVersion(v))
		}
		for i := range st.Versions {
			st.arounds = append(st.arounds, st.keyAround(i))
		}
	})
	return st
}

// ofFrame returns the key of what every page depends on: the site, and what the
// frame of a page shows of the policies.
func (ky *keyer) ofFrame(site tree.Key) tree.Key {
	h := tree.NewHash("plan").Key(site)
	for _, pol := range ky.now.policies {
		h.Text(pol.Slug).Text(pol.Settings.Kind).Texts(pol.Languages()...)
		for _, lang := range ky.now.languages() {
			h.Text(pol.Title(lang))
		}
	}
	return h.Sum()
}

// ofPolicy returns the key of what all pages of a policy depend on besides the
// site: its settings and languages.
func (ky *keyer) ofPolicy(pol *policy.Policy) tree.Key {
	set := pol.Settings
	h := tree.NewHash("settings").Texts(pol.Slug, set.Title, set.Kind, set.Description, set.Group, pol.Language,
		pol.Rules.HTML, pol.Rules.DeadLinks, pol.Rules.Images, set.Withdrawn.String(), set.Why, set.Successor).
		Bool(pol.Rules.Former).Texts(pol.Languages()...)
	for _, lang := range ky.now.languages() {
		h.Text(pol.Title(lang)).Text(pol.Description(lang))
	}
	return h.Sum()
}

// ofVersion returns the key of a version: its id, its dates, and each text with
// its front matter.
func (ky *keyer) ofVersion(v *policy.Version) tree.Key {
	h := tree.NewHash("version").Text(v.ID)
	for _, t := range v.Texts {
		m := &t.FrontMatter
		h.Texts(t.Lang, m.Effective.String(), m.Updated.String(), m.Published.String(), m.Reviewed.String(),
			m.Label, m.Summary, m.Source, m.Archived, m.Commit, m.Dated, m.Withdrawn.String()).Bool(m.Generated).
			Texts(m.Changes...).Bool(m.Material).Bytes(t.Digest[:])
		for _, alias := range slices.Sorted(maps.Keys(m.Aliases)) {
			h.Texts(alias, m.Aliases[alias])
		}
	}
	ky.released.addTo(h, v)
	return h.Sum()
}

// ofRefs returns the key of where a text's links to other files lead.
func (ky *keyer) ofRefs(t *policy.Text) tree.Key {
	if len(t.Refs) == 0 {
		return tree.Key{}
	}
	h := tree.NewHash("refs")
	for _, r := range t.Refs {
		address, ok := ky.address(t, r.Dest)
		h.Text(address).Bool(ok)
	}
	return h.Sum()
}

func (ky *keyer) ofRedline(kind string, st *status, m *marked) tree.Key {
	return tree.NewHash(kind).Key(ky.frame).Key(st.key).Texts(m.after.Lang, m.canonical).Bool(m.at.after >= st.InForce).
		Key(st.arounds[m.at.before]).Key(st.arounds[m.at.after]).Key(ky.ofRefs(m.before)).Key(ky.ofRefs(m.after)).
		Bool(st.shared[labelOf(m.before)]).Bool(st.shared[labelOf(m.after)]).Text(ky.ofTrace(st, m.at.before)).
		Bool(st.redlines[pair{m.at.before - 1, m.at.before}]).Bool(st.redlines[pair{m.at.after, m.at.after + 1}]).Sum()
}

// ofTrace returns the key of all versions up to the i-th: of the history of the
// clauses in its text.
func (ky *keyer) ofTrace(st *status, i int) string {
	if !ky.traces {
		return ""
	}
	var b strings.Builder
	for n := range i + 1 {
		b.Write(st.versionKeys[n][:])
	}
	return b.String()
}
