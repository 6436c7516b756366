// Package deploy brings a tree to a host, without ever breaking what was
// promised, and verifies what stands there.
//
// Its two fundamental types are Store, a place that holds objects under paths,
// and Plan, what has to be done to a store so that it holds the site.
//
// # What a deploy does
//
//	Wanted   the site: an object for each entry of the tree, with digest and
//	         headers; drawn once, and only where the key is not the one that
//	         was deployed last time
//	Survey   the store: one manifest read, one listing; what they disagree on
//	         is read itself
//	MakePlan the difference: steps with reasons, and what stands in the way
//	Push     the steps, in an order in which the site is whole at every moment
//
// # What is kept on the store
//
// Beside the site, under .privgen/:
//
//	.privgen/manifest.gz        what was deployed last: see Manifest
//	.privgen/deploys/N.gz       the manifests of the last deploys, for rollback
//	.privgen/pending.gz         what a push under way is about to put there
//	.privgen/kept/SHA256        bytes that a deploy replaced, for rollback
//	.privgen/replaced/PATH      what somebody else had put at an address of ours
//	.privgen/lock               that somebody deploys just now; see lock.go
//
// The manifest makes a deploy of an unchanged site one read and one listing.
// It is trusted for an object only when the listing shows the very tag (an
// ETag) that the store gave when the object was put; else the object is read.
// A lost manifest is not a lost site: everything is read, and what has the
// bytes and headers that it should is adopted.
//
// # Order
//
// Pages link to one another, so what is new comes before what leads there; new
// pages may lead to each other, but nothing leads to them yet:
//
//  1. pending.gz says what is coming: whoever finds it after a deploy that was
//     cut off knows these objects for ours
//  2. what is new, stage by stage: assets, leaves, lists, the home page
//  3. what changed, stage by stage in the same order
//  4. what goes, in the opposite order
//  5. the new manifest, and then pending.gz goes
//
// Each step waits for the one before it; within a step objects go side by
// side. Cut off anywhere and run again, a deploy ends in the same state.
//
// # Promises
//
// An entry with Keeps belongs to a released version: a permalink, a redline, a
// text. Its look may change with the theme. Its text may not: a deploy that
// would change the digest of a promised text, or lose a version that was
// deployed, or overwrite at such an address what somebody else put there,
// stops, unless the version is named with a reason (Allowance). The manifest
// remembers the version, and not the reason: everybody may read it. A redline or format that the site does not make any more
// while its version is still there stays on the store, and so do the assets
// that it needs. Assets go when none of the kept manifests names them: pages
// in the caches of browsers still ask for them.
//
// Objects that privgen did not put there are left alone and listed. One that
// stands at an address of the site stops the deploy, unless it has the bytes
// that would be put there, or the user says Adopt; then it is kept under
// .privgen/replaced/.
//
// # Rollback
//
// What is replaced or removed is copied to .privgen/kept/ first, for as long
// as a kept manifest needs it. A rollback puts back the objects of an earlier
// manifest; versions released since, and all assets, stay. A deploy with an
// Allowance keeps nothing, and takes away what was kept before: a text that had
// to go does not lie around, and there is no way back to it.
//
// # Writing a driver
//
// A driver is a file with a type that is a Store; Open knows it by the scheme
// of its address. It holds the only import of its client. It has to
//
//   - give errors that wrap fs.ErrNotExist for what is not there, ErrTaken for
//     a condition that does not hold, and Temporary errors for what may be
//     tried again; the engine retries, so a client's own retries are turned off
//   - put objects whole or not at all
//   - be safe for several goroutines
//   - never put a credential into an error
//
// TestStores in bucket_test.go holds every driver to this.
package deploy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// A Store holds objects under paths such as privacy/index.html.
type Store interface {
	// Abilities says what the store can do.
	Abilities() Abilities

	// List calls each for every object, in any order, with Path, Size and Tag,
	// until it returns an error, which List returns. It includes what lies
	// under .privgen/. An object may be given twice.
	List(ctx context.Context, each func(Object) error) error

	// Get opens an object and gives what is known of it; the caller closes it.
	Get(ctx context.Context, path string) (io.ReadCloser, Object, error)

	// Put stores size bytes of body under o.Path with o's headers, and gives
	// the new Tag, or none where it is not known. It reads the body from its
	// beginning, and may be called again with the same body.
	Put(ctx context.Context, o Object, body *io.SectionReader, when Condition) (tag string, err error)

	// Copy makes o.Path an object with the bytes of another and o's headers.
	// From may be the path itself, to change headers.
	Copy(ctx context.Context, from string, o Object) (tag string, err error)

	// Delete removes an object. One that is not there is no error.
	Delete(ctx context.Context, path string) error
}

// A Condition is when a Put takes place. The zero Condition is always. It is
// asked of stores with the ability only.
type Condition struct {
	Absent bool   // only when nothing is there
	Tag    string // only when the object there has this tag
}

// Abilities are what a kind of store can do. They are data: who plans reads
// them, and says what cannot be had.
type Abilities struct {
	Name        string // as messages name the kind: "S3", "folder"
	Headers     bool   // keeps Content-Type, Cache-Control and metadata
	Conditional bool   // Put honors a Condition
	MD5Tags     bool   // a tag is the MD5 digest of the bytes, as a rule
	MaxObjects  int    // how many objects it may hold; 0 is no limit known
	MaxBytes    int64  // how large an object may be; 0 is no limit known
	Workers     int    // how many requests at once are good
}

// An Object is a file on a store, or one that should be there.
type Object struct {
	Path  string
	Size  int64
	Tag   string // what changes when the bytes do: an ETag; empty when not known
	SHA   string // SHA-256 of the bytes in hexadecimal; empty when not known
	Type  string // Content-Type
	Cache string // Cache-Control
	Keeps string // the version that it belongs to for ever: privacy/2026-01-01; see tree.Entry
	Text  string // SHA-256 of that version's text in hexadecimal, where Keeps is set

	link   bool // it is a symbolic link, in a folder
	marked bool // its metadata names the digest that its bytes have: privgen put it there
}

// headers gives what readers see of an object beside its bytes, and what tells
// a promise.
func (o Object) headers() [4]string { return [4]string{o.Type, o.Cache, o.Keeps, o.Text} }

// The names under which Object's fields are kept as metadata on stores that
// have it. They are lower case, since stores fold them.
const (
	metaSHA   = "privgen-sha256"
	metaKeeps = "privgen-keeps"
	metaText  = "privgen-text"
)

func (o Object) metadata() map[string]string {
	m := map[string]string{metaSHA: o.SHA}
	if o.Keeps != "" {
		m[metaKeeps], m[metaText] = o.Keeps, o.Text
	}
	return m
}

// ErrTaken is the error of a Put whose Condition does not hold.
var ErrTaken = errors.New("the object is not as it should be")

// A Temporary is an error after which the same may work: a connection that was
// cut, a server that is busy.
type Temporary struct {
	Err   error
	After time.Duration // how long the store asks to wait; 0 when it does not say
}

func (t *Temporary) Error() string { return t.Err.Error() }
func (t *Temporary) Unwrap() error { return t.Err }

// A Refusal is a deploy that must not take place as it is: nothing was
// changed.
type Refusal struct {
	Kind string   `json:"kind"`           // stable: promise, record, foreign, symlink, removals, moved, busy, limit, allowance, target, endpoint, unknown-deploy
	What string   `json:"what"`           // lower case, no full stop
	Do   string   `json:"do"`             // the way out
	List []string `json:"list,omitempty"` // what it is about, sorted
}

func (r *Refusal) Error() string { return r.What + "\n\t" + r.Do }

func failed(op, name string, err error) error { return fmt.Errorf("%s %s: %w", op, name, err) }
