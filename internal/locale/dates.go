package locale

import (
	"sync"

	"golang.org/x/text/language"

	"github.com/privgen/privgen/internal/day"
)

// Dates returns a function that formats days as Date does, in any language.
// Several goroutines can call it.
func Dates() func(d day.Day, lang string) string {
	var mu sync.Mutex
	known := map[string]*Locale{}
	return func(d day.Day, lang string) string {
		mu.Lock()
		l := known[lang]
		if l == nil {
			t, _ := language.Parse(lang)
			l = &Locale{Tag: lang}
			l.setCLDR(t)
			known[lang] = l
		}
		mu.Unlock()
		return l.Date(d)
	}
}
