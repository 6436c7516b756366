package deploy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// A Finding is something that is not as it should be.
type Finding struct {
	Kind string `json:"kind"` // one of gravity
	Path string `json:"path"`
	What string `json:"what"`
	More int    `json:"more,omitempty"` // how many other paths it was found of
}

// gravity lists the kinds of findings, the most serious first. From "leads" on they
// are advice.
var gravity = []string{"changed", "missing", "failed", "foreign", "redirect", "soft-404", "type", "leads",
	"not-found", "general", "charset", "header", "cache"}

// Advice reports whether a finding is only advice: readers get the right content.
func (f Finding) Advice() bool {
	return slices.Index(gravity, f.Kind) >= slices.Index(gravity, "leads")
}

// findings collects the findings of several goroutines.
type findings struct {
	mu   sync.Mutex
	list []Finding
}

func (f *findings) add(kind, path, format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = append(f.list, Finding{Kind: kind, Path: path, What: fmt.Sprintf(format, args...)})
}

func (f *findings) sorted() []Finding {
	slices.SortStableFunc(f.list, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(slices.Index(gravity, a.Kind), slices.Index(gravity, b.Kind)),
			strings.Compare(a.Path, b.Path), strings.Compare(a.What, b.What))
	})
	return f.list
}
