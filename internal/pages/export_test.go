package pages

import (
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/site"
)

// ComparedAgain compares two texts, loses what the cache has of them, and compares
// them again, as does a page that needs a comparison before another has stored it.
func ComparedAgain(s *site.Site, before, after *policy.Text) (first, again redline.Verdict, err error) {
	co := &comparer{linker: &linker{&base{library: s.Library, cache: &site.Cache{}}}}
	one, err := co.known(before, after)
	if err != nil {
		return 0, 0, err
	}
	co.cache = &site.Cache{}
	two, err := co.known(before, after)
	return one.Verdict, two.Verdict, err
}
