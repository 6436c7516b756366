package main

import (
	"cmp"
	"fmt"
	"sync"

	"github.com/privgen/privgen/internal/imports/history"
	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/source"
)

// summaries describes what changed from one imported text to the next. It is safe
// for concurrent use.
type summaries struct {
	lang     string // of the site
	renderer *markdown.Renderer

	mu      sync.Mutex
	locales map[string]*locale.Locale
}

// newSummaries returns nil if no summaries are wanted.
func newSummaries(lang string, wanted bool) *summaries {
	if !wanted {
		return nil
	}
	return &summaries{lang: lang, renderer: markdown.NewRenderer(16 << 20), locales: map[string]*locale.Locale{}}
}

// of returns the summary of a version, or "" for the first one.
func (s *summaries) of(v *history.Version, text []byte) (string, error) {
	if s == nil || v.Before == nil || v.Carried {
		return "", nil
	}
	before, err := v.Before.Bytes()
	if err != nil {
		return "", err
	}
	a, b := s.take(v.Before.File, before), s.take(v.File, text)
	if a == nil || b == nil {
		return "", nil // a build reports what is wrong with it
	}
	l := s.locale(cmp.Or(v.Lang, v.Detected, s.lang))
	if l == nil {
		return "", nil
	}
	return pages.Summary(redline.Compare(a, b), l), nil
}

func (s *summaries) take(name string, text []byte) *markdown.Body {
	f, problem := source.Parse(name, text)
	if problem != nil {
		return nil
	}
	body, _ := s.renderer.Parse(f, 0, allRules)
	return body
}

// locale returns the words of a language, or nil if there are none.
func (s *summaries) locale(tag string) *locale.Locale {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, ok := s.locales[tag]
	if !ok {
		var list source.Problems
		if l, list = locale.Load(tag, source.In(fmt.Sprintf("language %s", tag)), nil); list != nil {
			l = nil
		}
		s.locales[tag] = l
	}
	return l
}
