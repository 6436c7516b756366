package formats_test

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/formats"
)

// A site with more pages than fit into a sitemap has an index of several.
func TestSitemapIndex(t *testing.T) {
	t.Parallel()
	const root = "https://acme.example/legal/"
	var want []string
	for i := range 20_001 {
		want = append(want, fmt.Sprintf("%spolicy/%06d/?a&b", root, i))
	}
	for pages, most := range map[int]int{0: 1, 1000: 1, 20_001: 4} {
		var list []formats.URL
		for _, u := range want[:pages] {
			list = append(list, formats.URL{Loc: u, LastMod: "2026-01-01"})
		}
		files := formats.Sitemaps(root, list)
		if len(files) != most {
			t.Errorf("%d pages: %d files, want %d", pages, len(files), most)
		}
		type entry struct {
			Loc     string `xml:"loc"`
			LastMod string `xml:"lastmod"`
		}
		var have, listed []string
		for i, f := range files {
			var set struct {
				XMLName  xml.Name
				URLs     []entry `xml:"url"`
				Sitemaps []entry `xml:"sitemap"`
			}
			if err := xml.Unmarshal([]byte(f.Content), &set); err != nil {
				t.Fatal(pages, err)
			}
			index := i == 0 && len(files) > 1
			if set.XMLName.Space != "http://www.sitemaps.org/schemas/sitemap/0.9" ||
				index != (set.XMLName.Local == "sitemapindex") || index == (set.XMLName.Local == "urlset") {
				t.Errorf("%d pages: %s is a %v", pages, f.Path, set.XMLName)
			}
			if len(set.URLs) > 50_000 || len(f.Content) > 1_000_000 {
				t.Errorf("%d pages: %s has %d URLs and %d bytes", pages, f.Path, len(set.URLs), len(f.Content))
			}
			for _, u := range set.URLs {
				if have = append(have, u.Loc); u.LastMod != "2026-01-01" {
					t.Errorf("%s was modified on %q", u.Loc, u.LastMod)
				}
			}
			for _, u := range set.Sitemaps {
				listed = append(listed, strings.TrimPrefix(u.Loc, root))
			}
		}
		if !slices.Equal(have, want[:pages]) {
			t.Errorf("the sitemaps list %d of %d pages", len(have), pages)
		}
		var names []string
		for _, f := range files[1:] {
			names = append(names, f.Path)
		}
		if files[0].Path != "sitemap.xml" || !slices.Equal(listed, names) {
			t.Errorf("%d pages: the index lists %q, and the files are %q", pages, listed, names)
		}
	}
}
