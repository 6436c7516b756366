package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/net/html"

	"github.com/privgen/privgen/internal/corpus"
	"github.com/privgen/privgen/internal/lazyregexp"
)

// This file builds published policies of real companies, if they are available, and
// checks the pages without code of privgen. The words of the Markdown, found with a
// few regular expressions, must be the words of the page's article, each once and in
// order.

const corpusConfig = `[site]
title = "Policies of others"
base_url = "https://corpus.example/"

[organization]
name = "Corpus"
`

// asPublished has rules for texts that were published and cannot be changed.
const asPublished = "[markdown]\nhtml = \"sanitize\"\ndead_links = \"keep\"\nimages = \"link\"\n"

func TestWayback(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob(filepath.Join(corpus.Dir(t), "wayback", "*", "*.md"))
	if err != nil || len(names) == 0 {
		t.Skip("no snapshots of the Wayback Machine here")
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "privgen.toml"), corpusConfig)
	texts := map[string]string{}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		company := filepath.Base(filepath.Dir(name))
		slug, day := strings.TrimSuffix(company, ".com"), strings.TrimSuffix(filepath.Base(name), ".md")
		matter := fmt.Sprintf("+++\neffective = %s\nsource = \"https://web.archive.org/web/*/%s\"\n+++\n", day, company)
		write(t, filepath.Join(dir, "content", slug, day+".md"), matter+string(raw))
		texts[slug+"/"+day] = string(raw)
	}
	report := mustBuild(t, "--config", dir, "--at", "2026-06-01")
	t.Log(report)
	read := reading{}
	for address, text := range texts {
		read.sameWords(t, text, filepath.Join(dir, "public", filepath.FromSlash(address), "index.html"))
	}
}

func TestLongHistory(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("short: 492 versions of a long policy are left out")
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "privgen.toml"), corpusConfig)
	// By default, one in four of its 492 versions; .ci/laws builds all.
	texts, n, every := map[string]string{}, 0, 4
	if os.Getenv("PRIVGEN_ALL_PAIRS") != "" {
		every = 1
	}
	corpus.Bundle(t, "pga-versions", func(v corpus.Version) {
		if v.Document != "facebook-privacy-policy" {
			return
		}
		if n++; n%every != 0 {
			return
		}
		texts[v.ID] = string(v.Text)
		write(t, filepath.Join(dir, "content", "facebook", v.ID+".md"), "+++\n+++\n"+string(v.Text))
	})
	write(t, filepath.Join(dir, "content", "facebook", "policy.toml"), asPublished)
	began := time.Now()
	report := mustBuild(t, "--config", dir, "--at", "2026-06-01")
	t.Logf("%d versions in %v\n%s", len(texts), time.Since(began), report)
	if !strings.Contains(report, fmt.Sprintf("%d versions", len(texts))) || n < 400 {
		t.Errorf("%d versions became\n%s", len(texts), report)
	}
	read := reading{}
	for i, id := range slices.Sorted(maps.Keys(texts)) {
		if every > 1 && i%2 > 0 {
			continue // a half is enough by default
		}
		read.sameWords(t, texts[id], filepath.Join(dir, "public/facebook", id, "index.html"))
	}
	began = time.Now()
	if again := mustBuild(t, "--config", dir, "--at", "2026-06-01"); !strings.Contains(again, ": 0 written, ") {
		t.Errorf("built again: %s", again)
	}
	t.Logf("built again in %v", time.Since(began))
}

// sameWords checks that a page has the words of its source.
func (r reading) sameWords(t *testing.T, markdown, page string) {
	t.Helper()
	f, err := os.Open(page)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	doc, err := html.Parse(f)
	if err != nil {
		t.Fatal(err)
	}
	var shown strings.Builder
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && n.Data == "article" {
			words(&shown, n)
		}
	}
	want, got := r.words(markdown), split(shown.String())
	for i := range min(len(want), len(got)) {
		if want[i] != got[i] {
			t.Errorf("%s: word %d of the source is %q, on the page %q\nsource: %q\npage:   %q", page, i+1, want[i], got[i], around(want, i), around(got, i))
			return
		}
	}
	if len(want) != len(got) || len(want) == 0 {
		t.Errorf("%s: the source has %d words, the page %d", page, len(want), len(got))
	}
}

func around(list []string, i int) []string { return list[max(0, i-5):min(len(list), i+6)] }

// words writes the text of an element, without added elements.
func words(b *strings.Builder, n *html.Node) {
	for c := range n.ChildNodes() {
		switch {
		case c.Type == html.TextNode:
			b.WriteString(c.Data)
		case c.Type == html.ElementNode:
			for _, a := range c.Attr {
				if a.Key == "data-added" {
					goto next
				}
			}
			space := ""
			if !inline[c.Data] {
				space = "\n"
			}
			b.WriteString(space)
			words(b, c)
			b.WriteString(space)
		}
	next:
	}
}

var inline = map[string]bool{"a": true, "em": true, "strong": true, "code": true, "del": true, "span": true, "b": true, "i": true, "u": true, "sup": true, "sub": true}

func split(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) })
}

// marks are the marks of Markdown, which readers do not see.
var marks = []struct {
	pattern func() *regexp.Regexp
	with    string
}{
	{lazyregexp.New(`(?m)^ {0,3}(?:[-*_] *){3,}$`), ""},                                                      // rules
	{lazyregexp.New(`!?\[((?:[^\[\]\n]|\n[^\[\]\n]|\\.)*)\]\((?:[^()\s]|\([^()]*\))*(?: "[^"]*")?\)`), "$1"}, // links and images
	{lazyregexp.New(`(?m)^([ >\t]*)(?:[-*+]|\d{1,9}[.)])[ \t]+`), "$1"},                                      // list items
	{lazyregexp.New(`(?m)^[ >\t]*#{1,6} `), ""},                                                              // headings
	{lazyregexp.New(`(?i)<br */?>`), "\n"},                                                                   // the only tag that Markdown needs
	{lazyregexp.New(`\\(\W)`), "$1"},                                                                         // escapes
	{lazyregexp.New(`\*+|~~`), ""},                                                                           // emphasis; split ignores _
}

// A reading caches the words of each Markdown paragraph, because the versions of a
// policy share most paragraphs.
type reading map[string][]string

func (r reading) words(markdown string) (all []string) {
	for part := range strings.SplitSeq(markdown, "\n\n") {
		list, ok := r[part]
		if !ok {
			text := part
			for range 2 { // links contain images, items contain items
				for _, m := range marks {
					text = m.pattern().ReplaceAllString(text, m.with)
				}
			}
			list = split(html.UnescapeString(text))
			r[part] = list
		}
		all = append(all, list...)
	}
	return all
}
