package site

import (
	"cmp"
	"strings"

	"github.com/privgen/privgen/internal/policy"
)

// This file decides what need not be loaded again when few files changed. A
// changed path outside the known folders may be the target of a symlink; then
// everything is loaded.

// kept returns the last site if Load can reuse parts of it, or nil.
func (in Input) kept() *Site {
	if in.Last == nil || in.Changed.Touch(cmp.Or(in.Config, ConfigFile)) {
		return nil
	}
	for name := range in.Changed {
		if !in.within(name, Content) && !in.within(name, Templates) && !in.within(name, Themes) {
			return nil
		}
	}
	if in.Last.Config.Shared.Path != "" {
		return nil // Changed does not have the files of the shared folder
	}
	return in.Last
}

// looks reports whether the theme or the templates may have changed.
func (in Input) looks() bool {
	for name := range in.Changed {
		if !in.within(name, Content) {
			return true
		}
	}
	return false
}

func (in Input) within(name, dir string) bool {
	return name == dir || strings.HasPrefix(name, dir+"/")
}

// library returns the policies of the last site, or nil.
func (s *Site) library() *policy.Library {
	if s == nil {
		return nil
	}
	return s.Library
}
