package dates_test

import (
	"reflect"
	"testing"

	"github.com/privgen/privgen/internal/imports/dates"
)

// Find returns the same with a cache as without one, whatever other texts it was used
// for.
func TestCache(t *testing.T) {
	t.Parallel()
	cache := dates.Cache{}
	texts := []string{
		"# Privacy\n\nLast updated: March 3, 2024\n\nWe keep little.\n\nEffective date: May 1, 2024\n",
		"# Privacy\n\nLast updated: June 3, 2025\n\nWe keep little.\n\nMay 1, 2024\n",
		"# Terms\n\nLast updated:\n\nMarch 3, 2024\n\nWe keep little.\n\nUpdated\n",
	}
	for range 2 {
		for _, text := range texts {
			have, want := dates.Find([]byte(text), "en", cache), dates.Find([]byte(text), "en", nil)
			if !reflect.DeepEqual(have, want) {
				t.Errorf("%q: have %+v, want %+v", text, have, want)
			}
		}
	}
	if len(cache) == 0 {
		t.Error("the cache was not used")
	}
}
