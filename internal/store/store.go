// Package store reads and writes objects in a folder, on an SSH host, or in a bucket of
// S3, Google Cloud Storage, or Azure Blob Storage.
//
// Its two fundamental types are Store, which holds objects under paths, and Object. Open
// returns the Store of a target of privgen.toml.
//
// # Differences between stores
//
// Abilities describes what a kind of store can do: whether it keeps headers and metadata,
// honors conditions, and how large objects can be. A caller reads it to plan. Folders
// and SSH hosts keep bytes only; their tag is made of size and modification time.
//
// # Retries and silence
//
// Open returns a WithRetry. It repeats a request after a Temporary error up to six times,
// and cancels one on which nothing was sent or received for about a minute. WithWaiting
// sets a function that is called when a request takes long. Clock is the source of time;
// tests have their own.
//
// # Credentials
//
// Drivers use the credentials of the provider's own programs: the environment, their
// files, the role of the machine. Those of Azure are sent only to Azure's hosts, to this
// machine, and to a host that the user's environment names.
//
// # Writing a driver
//
// A driver is a type that implements Store, in a file that has the only import of its
// client. Open selects it by the scheme of the target's URL. A driver must
//
//   - return errors that wrap fs.ErrNotExist for an object that does not exist,
//     ErrTaken for a condition that does not hold, and Temporary errors for what may
//     succeed later; WithRetry retries, so a client's own retries are turned off
//   - put an object completely or not at all
//   - be safe for concurrent use
//   - never put a credential into an error
//
// storeKeepsWord in the tests checks every driver.
package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// A Store holds objects under paths such as privacy/index.html.
type Store interface {
	// Abilities returns what the store can do.
	Abilities() Abilities

	// List calls each for every object, in any order, with Path, Size and Tag,
	// until it returns an error, which List returns. It includes the
	// objects below .privgen/. It may list an object twice.
	List(ctx context.Context, each func(Object) error) error

	// Get opens an object and returns what is known about it; the caller closes it.
	Get(ctx context.Context, path string) (io.ReadCloser, Object, error)

	// Put stores size bytes of body under o.Path with o's headers, and returns
	// the new Tag, or "" if it is not known. It reads the body from its
	// beginning, and may be called again with the same body.
	Put(ctx context.Context, o Object, body *io.SectionReader, when Condition) (tag string, err error)

	// Copy makes o.Path an object with the bytes of another and o's headers.
	// From may be the path itself, to change headers.
	Copy(ctx context.Context, from string, o Object) (tag string, err error)

	// Delete removes an object. WithRetry returns no error for one that does not
	// exist.
	Delete(ctx context.Context, path string) error
}

// A Condition must hold for a Put. The zero Condition always holds. Only stores with
// the ability Conditional honor it.
type Condition struct {
	Absent bool   // only when nothing is there
	Tag    string // only when the object there has this tag
}

// setOn adds the condition to the headers of a request.
func (c Condition) setOn(h http.Header) {
	if c.Absent {
		h.Set("If-None-Match", "*")
	} else if c.Tag != "" {
		h.Set("If-Match", `"`+c.Tag+`"`)
	}
}

// Abilities are what a kind of store can do.
type Abilities struct {
	Name        string // as messages name the kind: "S3", "folder"
	Headers     bool   // keeps Content-Type, Cache-Control and metadata
	Conditional bool   // Put honors a Condition
	MD5Tags     bool   // a tag is the MD5 digest of the bytes, as a rule
	MaxObjects  int    // how many objects it may hold; 0 is no limit known
	MaxBytes    int64  // how large an object may be; 0 is no limit known
	Workers     int    // the best number of concurrent requests
	Private     bool   // nobody else on the machine can read what is written
}

// An Object is a file on a store, or one that should be there.
type Object struct {
	Path  string
	Size  int64
	Tag   string // what changes when the bytes do: an ETag; empty when not known
	SHA   string // SHA-256 of the bytes in hexadecimal; empty when not known
	Type  string // Content-Type
	Cache string // Cache-Control
	Keeps string // the version that it belongs to permanently: privacy/2026-01-01; see tree.Entry
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

// failed adds the operation and the object's name to an error. It returns nil for nil.
func failed(op, name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %s: %w", op, name, err)
}
