package pages

import "github.com/privgen/privgen/internal/site"

// Sitemaps returns the names and contents of the sitemaps for URLs.
func Sitemaps(root string, urls []string, most, size int) (files [][2]string) {
	var entries []urlEntry
	for _, u := range urls {
		entries = append(entries, urlEntry{loc: u})
	}
	for _, f := range sitemaps(site.Paths{Root: root}, entries, most, size) {
		files = append(files, [2]string{f.path, f.content})
	}
	return files
}
