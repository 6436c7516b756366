// Package deploy uploads a tree to a store, and verifies a published site. It never
// changes the text of a released version without permission.
//
// Its two fundamental types are Survey, what is on a store, and Plan, the steps
// after which the store has the site. Package store has the stores themselves.
//
// # What a deploy does
//
//	look     returns a Survey: it reads the manifest and lists the store once.
//	draw     returns Wanted: an object for each entry of the tree, with digest and
//	         headers. It renders only entries with another key than in the last deploy.
//	Compare  reads the objects about which the manifest and the listing disagree.
//	Plan     compares both: it returns steps with reasons, and reasons not to deploy.
//	Push     carries out the steps, in an order in which the site is always complete.
//
// # Files on the store
//
// Next to the site, under .privgen/:
//
//	.privgen/manifest.gz        what was deployed last: see Manifest
//	.privgen/deploys/N.gz       the manifests of the last deploys, for rollback
//	.privgen/pending.gz         the manifest of a deploy that has not ended
//	.privgen/kept/SHA256        bytes that a deploy replaced, for rollback
//	.privgen/replaced/PATH      what somebody else had put at a path of the site
//	.privgen/lock               the lock of the running deploy; see lock.go
//
// With the manifest, a deploy of an unchanged site takes one read and one listing.
// The manifest is used for an object only if the listing shows the tag (an ETag) that
// the store returned when the object was put; other objects are read. If the manifest
// is lost, everything is read, and objects with the right bytes and headers are adopted.
//
// # Order
//
// Pages link to each other, so a new page is uploaded before the pages that link to it.
// New pages can link to each other, since nothing links to them yet:
//
//  1. pending.gz is written. After an interrupted deploy, the next one finds in it
//     which objects are privgen's.
//  2. New objects, stage by stage: assets, leaves, lists, the home page.
//  3. Changed objects, stage by stage in the same order.
//  4. Removals, in the opposite order.
//  5. The new manifest is written, and pending.gz is removed.
//
// Each step waits for the one before it; within a step, objects are uploaded
// concurrently. A deploy that is interrupted anywhere and run again ends in the same
// state.
//
// # Promises
//
// An entry with Keeps belongs to a released version: a permalink, a redline, or a text.
// Its look may change with the theme, but its text may not. Four things need an
// Allowance with a reason. Three name the version: a change of the digest of a released
// text, the loss of a deployed version, and the replacement of an object that somebody
// else put at the path of one. The fourth names privgen.lock: a lock file that lacks
// entries that it had at the last deploy. Otherwise the deploy stops. The manifest has the version
// but not the reason, since anyone can read it.
//
// A redline or format that the site no longer writes stays on the store as long as its
// version is there, together with its assets. Assets are removed when none of the kept
// manifests has them: pages in browsers' caches still request them.
//
// Objects that privgen did not put there are listed and left alone. If one is at a path
// of the site, the deploy stops, unless it has the bytes that would be written, or the
// option Adopt is set; then it is copied to .privgen/replaced/.
//
// # Rollback
//
// What is replaced or removed is copied to .privgen/kept/ first, as long as a kept
// manifest needs it. A rollback restores the objects of an earlier manifest; versions
// released since then, and all assets, stay. A deploy with an Allowance keeps nothing and
// removes what was kept before: a text that had to be removed is not public elsewhere,
// and no rollback restores it.
package deploy

import (
	"fmt"

	"github.com/privgen/privgen/internal/store"
)

// describe returns an object's headers and its promise.
func describe(o store.Object) [4]string { return [4]string{o.Type, o.Cache, o.Keeps, o.Text} }

// failed adds the operation and the object's name to an error. It returns nil for nil.
func failed(op, name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %s: %w", op, name, err)
}
