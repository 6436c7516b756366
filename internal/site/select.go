package site

import (
	"fmt"
	"strings"

	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/source"
)

// This file finds the policy and the versions in a command line.

// PolicyOf returns the requested policy, and the remaining arguments.
func (s *Site) PolicyOf(args []string) (*policy.Policy, []string, error) {
	all := s.Ordered()
	var known []string
	for _, p := range all {
		known = append(known, p.Slug)
	}
	list := "the policies are: " + strings.Join(known, ", ")
	if len(known) == 0 {
		list = "no policy has a version yet; release a draft with: privgen release POLICY --effective DAY"
	}
	if len(args) > 0 {
		if p := s.Library.Policy(args[0]); p != nil {
			return p, args[1:], nil
		}
		if len(args) == 2 || !strings.Contains(args[0], "..") {
			return nil, nil, source.Usage(fmt.Sprintf("there is no policy %q", args[0]), list)
		}
	}
	if len(all) != 1 {
		return nil, nil, source.Usage("missing: POLICY", list)
	}
	return all[0], args, nil
}

// VersionsOf returns the two requested versions. Without a request, they are the version
// in force and the next one, or the draft, or else the last two.
func VersionsOf(p *policy.Policy, st policy.Status, args []string) (before, after *policy.Version, err error) {
	if len(args) == 0 {
		var live []*policy.Version
		i := -1
		for n, v := range st.Versions {
			if v.Withdrawn.IsZero() {
				live = append(live, v)
			}
			if n == st.InForce {
				i = len(live) - 1
			}
		}
		if now := st.Current(); now != nil && st.Upcoming() == nil && p.Draft != nil {
			return now, p.Draft, nil
		}
		if i < 0 || i+1 < len(live) {
			i++
		}
		if len(st.Versions) == 0 && p.Draft != nil {
			return nil, nil, source.Usage(
				fmt.Sprintf("the policy %s has only a draft, so there is nothing to compare", p.Slug),
				"read it with: privgen resolve "+p.Slug)
		}
		if i < 1 {
			return nil, nil, source.Usage(fmt.Sprintf("the policy %s has only one version, so there is nothing to "+
				"compare", p.Slug), "name two files: privgen redline OLD.md NEW.md")
		}
		return live[i-1], live[i], nil
	}
	from, to, ok := strings.Cut(args[0], "..")
	if !ok {
		return nil, nil, source.Usage(fmt.Sprintf("%q is not two versions", args[0]),
			"write their ids with two dots between them: 2024-03-01..2026-01-01")
	}
	if before, err = VersionOf(p, st, from); err != nil {
		return nil, nil, err
	}
	after, err = VersionOf(p, st, to)
	return before, after, err
}

// VersionOf returns the version or draft for an argument: an id, draft, or in-force.
func VersionOf(p *policy.Policy, st policy.Status, id string) (*policy.Version, error) {
	if id == "in-force" {
		if v := st.Current(); v != nil {
			return v, nil
		}
		return nil, source.Usage(fmt.Sprintf("no version of the policy %s is in force", p.Slug),
			"name a version by its id, or write draft if there is one")
	}
	if v := p.Version(id); v != nil {
		return v, nil
	}
	if id == "draft" {
		if p.Draft != nil {
			return p.Draft, nil
		}
		return nil, source.Usage(fmt.Sprintf("the policy %s has no draft", p.Slug),
			"start one with: privgen new "+p.Slug+" --draft")
	}
	var ids []string
	for _, v := range p.Versions[max(0, len(p.Versions)-8):] {
		ids = append(ids, v.ID)
	}
	if len(ids) == 0 {
		return nil, source.Usage(fmt.Sprintf("the policy %s has no version %q", p.Slug, id),
			"it has only a draft: write draft")
	}
	return nil, source.Usage(fmt.Sprintf("the policy %s has no version %q", p.Slug, id),
		"the newest are: "+strings.Join(ids, ", ")+"; or write in-force")
}
