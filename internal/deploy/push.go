package deploy

import (
	"cmp"
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/store"
)

// A Pushing has the parameters of a push other than the plan.
type Pushing struct {
	Now  string // the time for the manifest, RFC 3339 in UTC
	Keep int    // how many manifests are kept
	Lock *Lock  // the store's lock; nil only in tests

	// Invalidate removes paths from caches; it may be nil.
	Invalidate func(ctx context.Context, paths []string) error

	// Done is called after each step, never concurrently; it may be nil.
	Done func(s *Step, bytes int64)
}

// push is one Push under way.
type push struct {
	Pushing
	s    store.Store
	v    *Survey
	w    *Wanted
	p    *Plan
	m    *Manifest // the new one
	mu   sync.Mutex
	tags map[string]string // of the objects written, by path

	conditional bool // each write depends on the object that it replaces
}

// This file carries out a plan. It must not disturb another deploy that took the
// lock, so it confirms the lock before each change (see lock.go). If the store has
// conditional writes, an object replaces only the one that the survey found, and the
// manifest only the one that the plan was made for. So a write that is delayed for
// longer than lockTime changes nothing that another deploy wrote. It can still replace
// a page that the other deploy did not change; the next deploy repairs it. Or it can
// add a page that the other does not have; no page links to it, and plans list it as
// foreign. Removals and copies have no condition.

// pushPlan carries out a plan, which must have no refusals. After an interruption, plan
// and push again to complete it.
func pushPlan(ctx context.Context, s store.Store, v *Survey, w *Wanted, p *Plan, g Pushing) error {
	if len(p.Refusals) > 0 {
		panic("privgen: internal error: pushing a plan that is refused")
	}
	u := &push{Pushing: g, s: s, v: v, w: w, p: p, tags: map[string]string{}, conditional: s.Abilities().Conditional}
	if g.Lock != nil {
		u.s, u.conditional = g.Lock.fence(s), g.Lock.conditional
	}
	return g.Lock.why(u.all(ctx))
}

// all carries out the whole plan.
func (u *push) all(ctx context.Context) error {
	s, v, p := u.s, u.v, u.p
	u.manifest()
	if len(p.Steps) == 0 && v.Last != nil && v.pending == nil {
		// Readers see no difference; only the manifest may differ.
		u.m.Number, u.m.At, u.m.Kept, u.m.Back = v.Last.Number, v.Last.At, v.Last.Kept, v.Last.Back
		if u.m.equal(v.Last) {
			return nil
		}
		return u.putManifest(ctx)
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
		if err := u.confirm(ctx); err != nil {
			return err
		}
		err := store.Each(ctx, s.Abilities().Workers, len(steps),
			func(ctx context.Context, i int) error { return u.step(ctx, &steps[i]) })
		if err != nil {
			return err
		}
		first = next
	}
	return u.finish(ctx)
}

// manifest builds the new manifest.
func (u *push) manifest() {
	u.m = &Manifest{Form: manifestForm, Number: u.p.Base + 1, At: u.Now, Site: u.w.Site, Program: u.w.Program,
		Back: u.p.Back, Record: u.w.Record,
		Items: slices.Clone(u.w.Items), Kept: map[string]int{}}
	if u.v.Last != nil {
		maps.Copy(u.m.Kept, u.v.Last.Kept)
		u.m.Changed = u.v.Last.Changed
		if u.p.Back > 0 {
			u.m.Record = u.v.Last.Record // what was recorded since stays recorded
		}
	}
	for _, a := range u.p.Allowed {
		u.m.Changed = once(append(slices.Clone(u.m.Changed), a.Version))
	}
	for i := range u.m.Items {
		u.m.Items[i].Tag = u.v.listed[u.m.Items[i].Path].tag
	}
	u.m.Items = append(u.m.Items, u.p.carried...)
	sortByPath(u.m.Items)
}

// confirm checks by a request that the lock is ours.
func (u *push) confirm(ctx context.Context) error {
	if u.Lock == nil {
		return nil
	}
	return u.Lock.confirm(ctx, 0)
}

// putManifest replaces the manifest that the plan was made for. It returns errOverlap if
// another deploy has replaced that one.
func (u *push) putManifest(ctx context.Context) error {
	if err := u.confirm(ctx); err != nil {
		return err
	}
	b := u.m.Encode()
	when := store.Condition{}
	if u.conditional {
		if when.Tag = u.v.tag; when.Tag == "" {
			when.Absent = true
		}
	} else if _, tag, err := fetchManifest(ctx, u.s, manifestPath); err != nil || tag != u.v.tag {
		return cmp.Or(err, errOverlap)
	}
	_, err := putBytes(ctx, u.s, manifestPath, b, when)
	if errors.Is(err, store.ErrTaken) {
		// A retry finds its own manifest if only the first response was lost.
		o, look := readObject(ctx, u.s, manifestPath, false)
		if look != nil {
			return look
		}
		if err = nil; o.SHA != store.Digest(b) {
			err = errOverlap
		}
	}
	return err
}

var errOverlap = source.Fix(errors.New("another deploy ended while this one was under way; this one stopped before it wrote "+
	"its manifest"),
	"deploy again if the site should be as it is here")

// prepare keeps the objects that a rollback needs, and writes the pending
// manifest.
func (u *push) prepare(ctx context.Context) error {
	if last := u.v.Last; last != nil && len(u.p.Allowed) == 0 {
		at := deployPath(last.Number)
		if !u.v.own[at] {
			if _, err := putBytes(ctx, u.s, at, last.Encode(), store.Condition{}); err != nil {
				return err
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
	if u.v.pending != nil { // objects of an interrupted push are still ours
		for _, item := range u.v.pending.Items {
			if _, ok := u.v.listed[item.Path]; ok {
				pending.Items = append(pending.Items, item)
			}
		}
	}
	sortByPath(pending.Items)
	if _, err := putBytes(ctx, u.s, pendingPath, pending.Encode(), store.Condition{}); err != nil {
		return err
	}
	return u.save(ctx)
}

// save copies the objects that will be replaced or removed.
func (u *push) save(ctx context.Context) error {
	saves := map[string]*Step{}
	for i := range u.p.Steps {
		s := &u.p.Steps[i]
		if len(u.p.Allowed) > 0 && strings.HasPrefix(s.save, keptDir) {
			continue // a text that must be removed is not kept anywhere
		}
		if s.save != "" && (!u.v.own[s.save] || strings.HasPrefix(s.save, replacedDir)) {
			saves[s.save] = s
		}
		if d, ok := strings.CutPrefix(s.save, keptDir); ok {
			u.m.Kept[d] = u.p.Base
		}
	}
	to := slices.Sorted(maps.Keys(saves))
	return store.Each(ctx, u.s.Abilities().Workers, len(to), func(ctx context.Context, i int) error {
		from := saves[to[i]].Path
		_, err := u.s.Copy(ctx, from, store.Object{Path: to[i], SHA: saves[to[i]].was,
			Type: "application/octet-stream", Cache: "no-store"})
		return failed("keep a copy of", from, err)
	})
}

// step carries out one step.
func (u *push) step(ctx context.Context, s *Step) error {
	var doing, tag string
	var sent int64
	var err error
	switch {
	case s.Action == remove:
		doing, err = "remove", u.s.Delete(ctx, s.Path)
	case s.Action == headers:
		doing = "set the headers of"
		tag, err = u.s.Copy(ctx, s.Path, u.w.Items[s.item].object())
	case s.from != "":
		doing = "bring back"
		tag, err = u.s.Copy(ctx, s.from, u.w.Items[s.item].object())
	default:
		body, wrong := u.w.body(s.item)
		if wrong != nil {
			return wrong
		}
		doing, sent = "write", s.Size
		tag, err = u.put(ctx, s, body)
	}
	if err != nil {
		return failed(doing, s.Path, err)
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.tags[s.Path] = tag
	if u.Done != nil {
		u.Done(s, sent)
	}
	return nil
}

// put writes an object, and checks that the store has the bytes that were sent.
func (u *push) put(ctx context.Context, s *Step, body *io.SectionReader) (string, error) {
	item, can := &u.w.Items[s.item], u.s.Abilities()
	when := store.Condition{}
	if was, there := u.v.listed[s.Path]; u.conditional && can.Headers { // on a disk, a file is replaced in one step
		if when.Tag = was.tag; !there {
			when.Absent = true
		}
	}
	tag, err := u.s.Put(ctx, item.object(), body, when)
	again := errors.Is(err, store.ErrTaken)
	if err != nil && !again {
		return "", err
	}
	if !again && (!can.MD5Tags || tag == "" || tag == md5Of(body)) {
		return tag, nil
	}
	// A retry finds its own object if only the first response was lost. And the tags of
	// an encrypted bucket may not be MD5 digests.
	if lost := u.confirm(ctx); again && lost != nil {
		return "", lost
	}
	o, err := readObject(ctx, u.s, s.Path, false)
	switch {
	case err != nil:
		return "", err
	case again && (o.SHA != item.SHA || describe(o) != describe(item.object())):
		return "", source.Fix(errors.New("somebody else changed it since this deploy began"),
			"deploy again: the plan is made anew")
	case o.SHA != item.SHA:
		return "", source.Fix(fmt.Errorf("the store has other bytes than were sent (SHA-256 %.12s, not %.12s)",
			o.SHA, item.SHA),
			askOperator)
	case !again && o.Tag != tag:
		return "", source.Fix(fmt.Errorf("the store answered with the ETag %q, and has the object under %q", tag,
			o.Tag),
			askOperator)
	}
	return o.Tag, nil
}

const askOperator = "deploy again; if it happens again, ask the operator of the store or of a proxy before it"

func md5Of(body *io.SectionReader) string {
	h := md5.New()
	if _, err := io.Copy(h, io.NewSectionReader(body, 0, body.Size())); err != nil {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
}

// finish writes the manifest, purges caches, and removes what no kept manifest needs.
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
		if !known { // left by an interrupted push
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
	if err := u.putManifest(ctx); err != nil {
		return err
	}
	if u.Invalidate != nil && len(u.p.Invalidate) > 0 {
		if err := u.Invalidate(ctx, u.p.Invalidate); err != nil {
			return source.Fix(fmt.Errorf("the site is deployed, but caches may still hold what it was before: %w", err),
				"fix it and deploy again: the paths are saved")
		}
	}
	slices.Sort(gone)
	err := store.Each(ctx, u.s.Abilities().Workers, len(gone), func(ctx context.Context, i int) error {
		return failed("remove", gone[i], u.s.Delete(ctx, gone[i]))
	})
	if err != nil {
		return err
	}
	return failed("remove", pendingPath, u.s.Delete(ctx, pendingPath))
}
