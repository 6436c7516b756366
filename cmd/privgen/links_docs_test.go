package main

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Every link to a file in the documents leads to an existing file and heading. A page of
// docs/ links to every page of docs/.
func TestDocsLinks(t *testing.T) {
	t.Parallel()
	var pages []string
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md", "internal/*.md", "internal/*/*.md"} {
		list, err := filepath.Glob(filepath.Join(repo, pattern))
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, list...)
	}
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	linked := map[string]bool{filepath.Join(repo, "docs", "README.md"): true}
	for _, page := range pages {
		for _, m := range link.FindAllStringSubmatch(prose(t, page), -1) {
			u, err := url.Parse(m[1])
			if err != nil || u.IsAbs() {
				continue
			}
			to := page
			if u.Path != "" {
				to = filepath.Join(filepath.Dir(page), filepath.FromSlash(u.Path))
			}
			info, err := os.Stat(to)
			switch {
			case err != nil:
				t.Errorf("%s: the link %s leads nowhere", page, m[1])
			case info.IsDir():
			case u.Fragment != "" && !slices.Contains(headings(t, to), u.Fragment):
				t.Errorf("%s: the link %s leads to no heading of %s: %v", page, m[1], to, headings(t, to))
			case strings.HasPrefix(page, filepath.Join(repo, "docs")):
				linked[to] = true
			}
		}
	}
	for _, page := range pages {
		if strings.HasPrefix(page, filepath.Join(repo, "docs")) && !linked[page] {
			t.Errorf("no page of docs/ links to %s; name it in docs/README.md", page)
		}
	}
}

// prose returns a page without its code, whose links are examples.
func prose(t *testing.T, page string) string {
	t.Helper()
	raw, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	between, _ := fences(string(raw))
	return regexp.MustCompile("`+[^`\n]*`*").ReplaceAllString(strings.Join(between, ""), "")
}

// headings returns the ids that repository hosts create for the headings of a page.
func headings(t *testing.T, page string) []string {
	t.Helper()
	raw, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	drop := regexp.MustCompile(`[^\p{L}\p{N} _-]`)
	var ids []string
	between, _ := fences(string(raw))
	for line := range strings.Lines(strings.Join(between, "")) {
		if text, ok := strings.CutPrefix(strings.TrimLeft(line, "#"), " "); ok && strings.HasPrefix(line, "#") {
			id := drop.ReplaceAllString(strings.ToLower(strings.TrimSpace(text)), "")
			ids = append(ids, strings.ReplaceAll(id, " ", "-"))
		}
	}
	return ids
}
