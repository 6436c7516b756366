package deploy

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/store"
	"github.com/privgen/privgen/internal/tree"
)

// A Survey is what a deploy knows about a store: its manifest, its listing,
// and the objects that were read because the two disagree.
type Survey struct {
	Last    *Manifest // of the last deploy that was completed, or nil
	pending *Manifest // of one that was not, or nil
	tag     string    // of the object of Last

	listed map[string]listing      // all objects, without those in .privgen/
	own    map[string]bool         // what lies under .privgen/
	read   map[string]store.Object // objects that were read, with their true digest
	found  map[string]*Item        // of these, the ones that only their metadata shows to be ours
	links  []string                // symbolic links, where a store has them
	strict bool                    // trust no tag
}

// A listing is an object in the store's listing.
type listing struct {
	size int64
	tag  string
}

// look reads the manifests and lists the store, once. With strict, Compare will
// trust no tag and read every object.
func look(ctx context.Context, s store.Store, strict bool) (*Survey, error) {
	v := &Survey{listed: map[string]listing{}, own: map[string]bool{}, read: map[string]store.Object{},
		found: map[string]*Item{}, strict: strict}
	var err error
	if v.Last, v.tag, err = fetchManifest(ctx, s, manifestPath); err != nil {
		return nil, err
	}
	if v.pending, _, err = fetchManifest(ctx, s, pendingPath); err != nil {
		return nil, err
	}
	err = s.List(ctx, func(o store.Object) error {
		if o.Link {
			v.links = append(v.links, o.Path)
		}
		if strings.HasPrefix(o.Path, store.OwnFolder) {
			v.own[o.Path] = true
			return nil
		}
		// The manifest has most of these strings: share their memory.
		if i := v.Last.find(o.Path); i != nil {
			o.Path = i.Path
			if i.Tag == o.Tag {
				o.Tag = i.Tag
			}
		}
		v.listed[o.Path] = listing{o.Size, o.Tag}
		return nil
	})
	if err != nil {
		return nil, failed("list", "the objects", err)
	}
	return v, nil
}

// claims returns what manifests say about a path, the completed one first.
func (v *Survey) claims(path string) []*Item {
	var out []*Item
	if i := v.Last.find(path); i != nil {
		out = append(out, i)
	}
	if v.pending != nil {
		at, _ := slices.BinarySearchFunc(v.pending.Items, path, comparePath)
		for ; at < len(v.pending.Items) && v.pending.Items[at].Path == path; at++ {
			out = append(out, &v.pending.Items[at])
		}
	}
	return out
}

// vouched returns the item of a manifest whose tag and size the listing shows, or nil.
func (v *Survey) vouched(path string) *Item {
	o, ok := v.listed[path]
	if !ok || v.strict || o.tag == "" {
		return nil
	}
	for _, i := range v.claims(path) {
		if i.Tag == o.tag && i.Size == o.size {
			return i
		}
	}
	return nil
}

// Compare reads the objects at paths of the site or of an earlier deploy that are
// not known by their tags. If there is no manifest, but an object has our metadata,
// the manifest was lost; then Compare reads all objects to find the others.
func (v *Survey) Compare(ctx context.Context, s store.Store, w *Wanted, progress func(done, total int)) error {
	var doubtful, unknown []string
	others := v.others()
	for path := range v.listed {
		switch asked := w.find(path) >= 0 || len(v.claims(path)) > 0; {
		case slices.Contains(v.links, path): // is not followed; see checkLinks
		case asked && v.vouched(path) == nil:
			doubtful = append(doubtful, path)
		case !asked && !below(path, others):
			unknown = append(unknown, path)
		}
	}
	if err := v.readAll(ctx, s, doubtful, false, progress); err != nil {
		return err
	}
	if v.Last != nil || !slices.ContainsFunc(doubtful, func(path string) bool { return v.read[path].Marked }) {
		return nil
	}
	if err := v.readAll(ctx, s, unknown, true, progress); err != nil {
		return err
	}
	for _, path := range unknown {
		if o, ok := v.read[path]; ok && o.Marked {
			v.found[path] = itemOf(o)
		}
	}
	return nil
}

// readAll reads objects concurrently. With foreign, it reads only those whose metadata
// names a digest.
func (v *Survey) readAll(ctx context.Context, s store.Store, paths []string, foreign bool,
	progress func(done, total int)) error {
	slices.Sort(paths)
	var mu sync.Mutex
	done := 0
	return store.Each(ctx, s.Abilities().Workers, len(paths), func(ctx context.Context, n int) error {
		o, err := readObject(ctx, s, paths[n], foreign)
		mu.Lock()
		defer mu.Unlock()
		if errors.Is(err, fs.ErrNotExist) { // gone since it was listed
			delete(v.listed, paths[n])
			return nil
		}
		if err != nil {
			return err
		}
		v.read[o.Path] = o
		if done++; progress != nil {
			progress(done, len(paths))
		}
		return nil
	})
}

// others returns the folders that contain another site: they have their own
// .privgen/.
func (v *Survey) others() map[string]bool {
	out := map[string]bool{}
	for path := range v.listed {
		if folder, _, ok := strings.Cut(path, "/"+store.OwnFolder); ok {
			out[folder] = true
		}
	}
	return out
}

// below reports whether a path lies in one of some folders.
func below(name string, folders map[string]bool) bool {
	if len(folders) == 0 {
		return false
	}
	for ; name != "."; name = path.Dir(name) {
		if folders[name] {
			return true
		}
	}
	return false
}

// itemOf reconstructs the item of an object in a lost manifest from its metadata.
func itemOf(o store.Object) *Item {
	stage := tree.List
	switch {
	case o.Keeps != "":
		stage = tree.Leaf
	case strings.Contains(o.Cache, "immutable"):
		stage = tree.Asset
	}
	return &Item{Path: o.Path, SHA: o.SHA, Size: o.Size, Type: o.Type, Cache: o.Cache, Keeps: o.Keeps, Text: o.Text,
		Tag: o.Tag, Stage: int(stage)}
}

// readObject reads an object to the end, to compute its digest. With foreign, it does
// so only if the metadata of the object names a digest.
func readObject(ctx context.Context, s store.Store, path string, foreign bool) (store.Object, error) {
	var o store.Object
	var n int64
	var asked error // of the request, before the body
	h := sha256.New()
	err := whole(ctx, s, func() error {
		r, said, err := s.Get(ctx, path)
		if o, asked = said, err; err != nil {
			return nil // Get has retried already
		}
		defer r.Close()
		if foreign && o.SHA == "" {
			return nil
		}
		h.Reset()
		n, err = io.Copy(h, r)
		return err
	})
	if err = cmp.Or(asked, err); err != nil {
		return o, failed("read", path, err)
	}
	if foreign && o.SHA == "" {
		o.Path = path
		return o, nil
	}
	said := o.SHA
	o.Path, o.Size, o.SHA = path, n, hex.EncodeToString(h.Sum(nil))
	if o.Marked = said == o.SHA; !o.Marked { // metadata of other bytes does not count
		o.Keeps, o.Text = "", ""
	}
	return o, nil
}

// present returns what is known about the object at a path: its digest and headers,
// whether a deploy of ours put it there, and the item of that deploy. The last result
// is false if there is no object. For stores without headers, the headers are those
// of the manifest.
func (v *Survey) present(path string, a store.Abilities) (o store.Object, by *Item, ours, ok bool) {
	if _, ok := v.listed[path]; !ok {
		return store.Object{}, nil, false, false
	}
	if i := v.vouched(path); i != nil {
		return i.object(), i, true, true
	}
	o = v.read[path]
	for _, i := range v.claims(path) {
		if i.SHA == o.SHA {
			if !a.Headers {
				tag := o.Tag
				o = i.object()
				o.Tag = tag
			}
			return o, i, true, true
		}
	}
	// The manifest may be lost: an object with our metadata is ours.
	return o, v.found[path], o.Marked, true
}

// deploys returns the numbers of the deploys whose manifests are kept, sorted.
func (v *Survey) deploys() []int {
	var out []int
	for path := range v.own {
		name, ok := strings.CutPrefix(path, deploysDir)
		n, err := strconv.Atoi(strings.TrimSuffix(name, ".gz"))
		if ok && err == nil && deployPath(n) == path {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out
}

func deployPath(n int) string { return deploysDir + strconv.Itoa(n) + ".gz" }

// number returns the number of the last deploy, or 0. If the manifest is lost, it uses
// the copies of earlier ones.
func (v *Survey) number() int {
	numbers := append(v.deploys(), 0)
	if v.Last != nil {
		numbers = append(numbers, v.Last.Number)
	}
	return slices.Max(numbers)
}

// foreign returns the paths that neither the site nor a deploy has, sorted.
func (v *Survey) foreign(w *Wanted) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(v.listed)), func(path string) bool {
		return w.find(path) >= 0 || len(v.claims(path)) > 0 || v.found[path] != nil
	})
}

// Earlier reads the manifest of an earlier deploy; number 0 is the one before
// the last.
func (v *Survey) Earlier(ctx context.Context, s store.Store, number int) (*Manifest, error) {
	last := v.number()
	there := slices.DeleteFunc(v.deploys(), func(n int) bool { return n >= last })
	if number == 0 && len(there) > 0 {
		number = there[len(there)-1]
	}
	if !slices.Contains(there, number) {
		do := "there is no earlier deploy to go back to"
		if len(there) > 0 {
			do = fmt.Sprintf("these are kept: %s", strings.Trim(fmt.Sprint(there), "[]"))
		} else if v.Last != nil && len(v.Last.Changed) > 0 {
			do += ": one that changes what was published keeps nothing"
		}
		what := "the deploy before the last is not kept"
		if number != 0 {
			what = fmt.Sprintf("deploy %d is not kept", number)
		}
		return nil, source.Refuse("unknown-deploy", what, do)
	}
	m, _, err := fetchManifest(ctx, s, deployPath(number))
	if err == nil && m == nil {
		err = failed("read", deployPath(number), fs.ErrNotExist)
	}
	return m, err
}

// whole calls do, which reads a body to its end, and repeats it when the body is cut,
// if the store is a WithRetry.
func whole(ctx context.Context, s store.Store, do func() error) error {
	if p, ok := s.(*store.WithRetry); ok {
		return p.Clock.Retry(ctx, do)
	}
	return do()
}
