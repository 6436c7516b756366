package pages

import (
	"sync"

	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/source"
)

// A Summarizer describes what changed from one text to the next, before there is
// a site with them. Several goroutines can use it.
type Summarizer struct {
	renderer *markdown.Renderer
	rules    markdown.Rules

	mu      sync.Mutex
	locales map[string]*locale.Locale
}

// NewSummarizer returns a Summarizer of texts with these rules.
func NewSummarizer(rules markdown.Rules) *Summarizer {
	return &Summarizer{renderer: markdown.NewRenderer(16 << 20), rules: rules, locales: map[string]*locale.Locale{}}
}

// Summary returns what Summary returns for two texts in a language. It is empty
// for a text that cannot be read and for a language without words: a build
// reports what is wrong.
func (s *Summarizer) Summary(before, after []byte, lang string) string {
	a, b, l := s.parse(before), s.parse(after), s.locale(lang)
	if a == nil || b == nil || l == nil {
		return ""
	}
	return Summary(redline.Compare(a, b), l)
}

func (s *Summarizer) parse(text []byte) *markdown.Body {
	f, problem := source.Parse("text", text)
	if problem != nil {
		return nil
	}
	body, _ := s.renderer.Parse(f, 0, s.rules)
	return body
}

func (s *Summarizer) locale(tag string) *locale.Locale {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, ok := s.locales[tag]
	if !ok {
		l, _ = locale.Load(tag, source.In("language "+tag), nil) // nil with problems
		s.locales[tag] = l
	}
	return l
}
