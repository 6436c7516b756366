// Package lazyregexp compiles regular expressions when they are first used.
//
// The packages that parse texts have more than a hundred expressions. To compile all of
// them at the start of the program would take longer than many of its commands.
package lazyregexp

import (
	"regexp"
	"sync"
)

// New returns a function that compiles expr on its first call and returns the
// same expression on each call. It panics if expr does not compile.
func New(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
