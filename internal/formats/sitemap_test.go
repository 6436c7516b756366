package formats_test

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/formats"
)

// A site with more pages than a sitemap may list has an index of several.
func TestSitemapIndex(t *testing.T) {
	t.Parallel()
	const root = "https://acme.example/legal/"
	var want []string
	for i := range 100_001 {
		want = append(want, fmt.Sprintf("%spolicy/%06d/?a&b", root, i))
	}
	for _, c := range []struct {
		name        string
		pages, size int
		files       int
	}{
		{"none", 0, 50_000_000, 1},
		{"as many as fit", 50_000, 50_000_000, 1},
		{"one more", 50_001, 50_000_000, 3},
		{"twice as many, and one", 100_001, 50_000_000, 4},
		{"too large", 100, 1_000, 0},
	} {
		var pages []formats.URL
		for _, u := range want[:c.pages] {
			pages = append(pages, formats.URL{Loc: u})
		}
		files := formats.SitemapsOf(root, pages, 50_000, c.size)
		if c.files > 0 && len(files) != c.files || c.files == 0 && len(files) < 3 {
			t.Errorf("%s: %d files", c.name, len(files))
		}
		type entry struct {
			Loc string `xml:"loc"`
		}
		var have, listed []string
		for i, f := range files {
			var set struct {
				XMLName  xml.Name
				URLs     []entry `xml:"url"`
				Sitemaps []entry `xml:"sitemap"`
			}
			if err := xml.Unmarshal([]byte(f.Content), &set); err != nil {
				t.Fatal(c.name, err)
			}
			index := i == 0 && len(files) > 1
			if set.XMLName.Space != "http://www.sitemaps.org/schemas/sitemap/0.9" ||
				index != (set.XMLName.Local == "sitemapindex") || index == (set.XMLName.Local == "urlset") {
				t.Errorf("%s: %s is a %v", c.name, f.Path, set.XMLName)
			}
			if len(set.URLs) > 50_000 || !index && len(f.Content) > c.size {
				t.Errorf("%s: %s has %d URLs and %d bytes", c.name, f.Path, len(set.URLs), len(f.Content))
			}
			for _, u := range set.URLs {
				have = append(have, u.Loc)
			}
			for _, u := range set.Sitemaps {
				listed = append(listed, strings.TrimPrefix(u.Loc, root))
			}
		}
		if !slices.Equal(have, want[:c.pages]) {
			t.Errorf("%s: the sitemaps list %d of %d pages", c.name, len(have), c.pages)
		}
		var names []string
		for _, f := range files[1:] {
			names = append(names, f.Path)
		}
		if files[0].Path != "sitemap.xml" || !slices.Equal(listed, names) {
			t.Errorf("%s: the index lists %q, and the files are %q", c.name, listed, names)
		}
	}
}
