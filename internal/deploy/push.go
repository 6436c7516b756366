package deploy

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// A Pushing is what a push is given beside the plan.
type Pushing struct {
	Now        string                     // the moment, RFC 3339 in UTC, for the manifest
	Keep       int                        // how many manifests are kept
	Invalidate Emptying                   // empties caches; may be nil
	Done       func(s *Step, bytes int64) // called after each step, never twice at once; may be nil
}

// push is one Push under way.
type push struct {
	Pushing
	s    Store
	v    *Survey
	w    *Wanted
	p    *Plan
	m    *Manifest // what will be there
	mu   sync.Mutex
	tags map[string]string // by path, of what was put
}

// Push does what a plan says. Cut off anywhere, it is completed by planning
// and pushing again. The plan must have no refusals, and the store must not be
// changed by another push: see Lock.
func Push(ctx context.Context, s Store, v *Survey, w *Wanted, p *Plan, g Pushing) error {
	if len(p.Refusals) > 0 {
		panic("privgen: internal error: pushing a plan that is refused")
	}
	u := &push{Pushing: g, s: s, v: v, w: w, p: p, tags: map[string]string{}}
	u.manifest()
	if len(p.Steps) == 0 && v.Last != nil && v.pending == nil {
		// Readers see what they saw; only what is remembered of it may differ.
		u.m.Number, u.m.At, u.m.Kept, u.m.Back = v.Last.Number, v.Last.At, v.Last.Kept, v.Last.Back
		if u.m.equal(v.Last) {
			return nil
		}
		_, err := putBytes(ctx, s, manifestPath, u.m.Encode(), Condition{})
		return err
	}
	if err := u.prepare(ctx); err != nil {
		return err
	}
	for first := 0; first < len(p.Steps); {
		next := first + 1
		for next < len(p.Steps) && p.Steps[next].phase() == p.Steps[first].phase() {
			next++
		}
		steps := p.Steps[first:next]
		err := each(ctx, s.Abilities().Workers, len(steps), func(ctx context.Context, i int) error { return u.step(ctx, &steps[i]) })
		if err != nil {
			return err
		}
		first = next
	}
	return u.finish(ctx)
}

// manifest makes what will be there.
func (u *push) manifest() {
	u.m = &Manifest{Form: manifestForm, Number: u.p.Base + 1, At: u.Now, Site: u.w.Site, Program: u.w.Program, Back: u.p.Back, Record: u.w.Record,
		Items: slices.Clone(u.w.Items), Kept: map[string]int{}}
	if u.v.Last != nil {
		maps.Copy(u.m.Kept, u.v.Last.Kept)
		u.m.Allowed = maps.Clone(u.v.Last.Allowed)
		if u.p.Back > 0 {
			u.m.Record = u.v.Last.Record // what was recorded since stays recorded
		}
	}
	for _, a := range u.p.Allowed {
		if u.m.Allowed == nil {
			u.m.Allowed = map[string]string{}
		}
		u.m.Allowed[a.Version] = a.Reason
	}
	for i := range u.m.Items {
		u.m.Items[i].Tag = u.v.listed[u.m.Items[i].Path].tag
	}
	u.m.Items = append(u.m.Items, u.p.carried...)
	slices.SortFunc(u.m.Items, func(a, b Item) int { return strings.Compare(a.Path, b.Path) })
}

// prepare keeps what is needed to go back, and says what is coming.
func (u *push) prepare(ctx context.Context) error {
	if last := u.v.Last; last != nil && len(u.p.Allowed) == 0 {
		at := deployPath(last.Number)
		if !u.v.own[at] {
			if _, err := u.s.Copy(ctx, manifestPath, Object{Path: at, Type: "application/octet-stream", Cache: "no-store"}); err != nil {
				return failed("write", at, err)
			}
		}
	}
	pending := *u.m
	pending.Items, pending.Stale = nil, u.p.Invalidate
	predict := u.s.Abilities().MD5Tags
	for i := range u.p.Steps {
		if at := u.p.Steps[i].item; at >= 0 {
			item := u.w.Items[at]
			if !predict {
				item.Tag = ""
			}
			pending.Items = append(pending.Items, item)
		}
	}
	if u.v.pending != nil { // what an earlier push put there is still ours
		for _, item := range u.v.pending.Items {
			if _, ok := u.v.listed[item.Path]; ok {
				pending.Items = append(pending.Items, item)
			}
		}
	}
	slices.SortStableFunc(pending.Items, func(a, b Item) int { return strings.Compare(a.Path, b.Path) })
	if _, err := putBytes(ctx, u.s, pendingPath, pending.Encode(), Condition{}); err != nil {
		return err
	}
	return u.save(ctx)
}

// save copies what will be replaced or removed.
func (u *push) save(ctx context.Context) error {
	saves := map[string]*Step{}
	for i := range u.p.Steps {
		s := &u.p.Steps[i]
		if len(u.p.Allowed) > 0 && strings.HasPrefix(s.save, keptDir) {
			continue // a text that had to go is not kept, wherever it stood
		}
		if s.save != "" && (!u.v.own[s.save] || strings.HasPrefix(s.save, replacedDir)) {
			saves[s.save] = s
		}
		if d, ok := strings.CutPrefix(s.save, keptDir); ok {
			u.m.Kept[d] = u.p.Base
		}
	}
	to := slices.Sorted(maps.Keys(saves))
	return each(ctx, u.s.Abilities().Workers, len(to), func(ctx context.Context, i int) error {
		from := saves[to[i]].Path
		if _, err := u.s.Copy(ctx, from, Object{Path: to[i], SHA: saves[to[i]].was, Type: "application/octet-stream", Cache: "no-store"}); err != nil {
			return failed("keep a copy of", from, err)
		}
		return nil
	})
}

// step does one step.
func (u *push) step(ctx context.Context, s *Step) error {
	var tag string
	var sent int64
	var err error
	switch {
	case s.Action == Remove:
		if err = u.s.Delete(ctx, s.Path); err != nil {
			return failed("remove", s.Path, err)
		}
	case s.Action == Headers:
		if tag, err = u.s.Copy(ctx, s.Path, u.w.Items[s.item].object()); err != nil {
			return failed("set the headers of", s.Path, err)
		}
	case s.from != "":
		if tag, err = u.s.Copy(ctx, s.from, u.w.Items[s.item].object()); err != nil {
			return failed("bring back", s.Path, err)
		}
	default:
		body, err := u.w.body(s.item)
		if err != nil {
			return err
		}
		if tag, err = u.s.Put(ctx, u.w.Items[s.item].object(), body, Condition{}); err != nil {
			return failed("write", s.Path, err)
		}
		sent = s.Size
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.tags[s.Path] = tag
	if u.Done != nil {
		u.Done(s, sent)
	}
	return nil
}

// finish writes the manifest, empties caches, and takes away what no manifest
// needs any more.
func (u *push) finish(ctx context.Context) error {
	for path, tag := range u.tags {
		if item := u.m.find(path); item != nil {
			item.Tag = tag
		}
	}
	oldest := u.m.Number - max(1, u.Keep) + 1
	var gone []string
	for path := range u.v.own {
		d, ok := strings.CutPrefix(path, keptDir)
		if !ok {
			continue
		}
		last, known := u.m.Kept[d]
		if !known { // left by a push that was cut off
			last = u.p.Base
			u.m.Kept[d] = last
		}
		if last < oldest || len(u.p.Allowed) > 0 {
			delete(u.m.Kept, d)
			gone = append(gone, path)
		}
	}
	for _, n := range u.v.deploys() {
		if n < oldest || len(u.p.Allowed) > 0 {
			gone = append(gone, deployPath(n))
		}
	}
	if _, err := putBytes(ctx, u.s, manifestPath, u.m.Encode(), Condition{}); err != nil {
		return err
	}
	if u.Invalidate != nil && len(u.p.Invalidate) > 0 {
		if err := u.Invalidate(ctx, u.p.Invalidate); err != nil {
			return fmt.Errorf("the site is deployed, but caches may still hold what it was before: %w\n\tmend it and deploy again: the paths are remembered", err)
		}
	}
	slices.Sort(gone)
	err := each(ctx, u.s.Abilities().Workers, len(gone), func(ctx context.Context, i int) error {
		if err := u.s.Delete(ctx, gone[i]); err != nil {
			return failed("remove", gone[i], err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := u.s.Delete(ctx, pendingPath); err != nil {
		return failed("remove", pendingPath, err)
	}
	return nil
}
