// Package store reads and writes objects in a folder, on a host, or in a bucket.
//
// Its two fundamental types are Store, a place that holds objects under paths,
// and Object, one of them. Open returns the Store of a target of the config.
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
package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
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

	Link   bool // it is a symbolic link, in a folder
	Marked bool // its metadata names the digest that its bytes have: privgen put it there
}

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

// OwnFolder is the folder of a store that holds what privgen keeps beside the site.
const OwnFolder = ".privgen/"

// Digest returns the SHA-256 digest of bytes in hexadecimal, as in Object.SHA.
func Digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
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
