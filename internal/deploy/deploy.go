// Package deploy brings a tree to a host, without ever breaking what was
// promised, and verifies what stands there.
//
// Its two fundamental types are Survey, what is on a store, and Plan, what has
// to be done to the store so that it holds the site.
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
package deploy

import (
	"fmt"

	"github.com/privgen/privgen/internal/store"
)

// describe returns what readers see of an object beside its bytes, and what
// tells a promise.
func describe(o store.Object) [4]string { return [4]string{o.Type, o.Cache, o.Keeps, o.Text} }

func failed(op, name string, err error) error { return fmt.Errorf("%s %s: %w", op, name, err) }
