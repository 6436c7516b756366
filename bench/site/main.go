// Site creates a site with many versions, for benchmarks.
//
// usage: site [flags] DIR
//
//	--versions N     number of versions (10000)
//	--each N         maximum number of versions of a policy (a tenth of all, but at least 10)
//	--corpora DIR    real versions, from the git bundles in a folder
//
// Without corpora, the texts are generated: documents with a history of small
// edits, some rewritten, some restored to an earlier text. Equal flags create
// equal sites.
//
// If there are fewer real versions than requested, documents are repeated under
// other slugs, and another letter replaces the e at the end of words, so that few
// paragraphs are equal to existing ones.
//
// It is a separate program, because the memory of a process counts for the
// processes that it starts. So a program that measures others must be small.
package main

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/corpus"
)

// A document is a policy with its history.
type document struct {
	slug     string
	versions []version
}

type version struct {
	id   string
	text []byte
}

func main() {
	n := flag.Int("versions", 10_000, "")
	each := flag.Int("each", 0, "")
	corpora := flag.String("corpora", "", "")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: site [--versions N] [--each N] [--corpora DIR] DIR")
	}
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := makeSite(flag.Arg(0), *n, cmp.Or(*each, max(10, *n/10)), *corpora); err != nil {
		fmt.Fprintln(os.Stderr, "site:", err)
		os.Exit(1)
	}
}

func makeSite(dir string, n, each int, corpora string) error {
	list := invent(n, each)
	if corpora != "" {
		var err error
		if list, err = readBundles(corpora); err != nil {
			return err
		}
	}
	if len(list) == 0 {
		return fmt.Errorf("no versions in %s", corpora)
	}
	list = choose(list, n, each)
	if err := write(dir, list); err != nil {
		return err
	}
	for name, more := range map[string]string{"privgen.toml": "", "plain.toml": plain} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(config+more), 0o666); err != nil {
			return err
		}
	}
	return nil
}

// plain turns off the output that other generators do not have: redlines, and texts
// in other formats.
const plain = `
[redlines]
pairs = "none"

[output]
formats = []
`

const config = `[site]
title = "Policies"
base_url = "https://policies.example/"
language = "en"
day = 2030-01-01

[organization]
name = "Example Archive"

[markdown]
html = "sanitize"
dead_links = "keep"
mistakes = "keep"
images = "link"
`

func readBundles(dir string) ([]document, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.bundle"))
	if err != nil {
		return nil, err
	}
	versions := map[string][]version{} // by slug
	for _, name := range names {
		bundle := strings.TrimSuffix(filepath.Base(name), ".bundle")
		err := corpus.Read(name, func(v corpus.Version) {
			slug := bundle + "-" + v.Document
			versions[slug] = append(versions[slug], version{v.ID, v.Text})
		})
		if err != nil {
			return nil, err
		}
	}
	return collect(versions), nil
}

// collect returns documents in an order that does not depend on their names, so
// that any number of the first is a sample of all.
func collect(versions map[string][]version) []document {
	var list []document
	for slug, of := range versions {
		list = append(list, document{slug, of})
	}
	mixed := func(slug string) uint64 {
		h := fnv.New64a()
		h.Write([]byte(slug))
		// The multiplication mixes the bits: the last letters of a name change only the
		// last bits of the hash.
		return h.Sum64() * 0x9e3779b97f4a7c15
	}
	slices.SortFunc(list, func(a, b document) int {
		return cmp.Or(cmp.Compare(mixed(a.slug), mixed(b.slug)), strings.Compare(a.slug, b.slug))
	})
	return list
}

// choose returns n versions, at most each of a document. It repeats documents if
// necessary.
func choose(list []document, n, each int) []document {
	var out []document
	for round := 0; n > 0; round++ {
		for _, d := range list {
			take := min(n, len(d.versions), each)
			c := document{d.slug, slices.Clone(d.versions[:take])}
			if round > 0 {
				c.slug = fmt.Sprintf("again-%d-%s", round, d.slug)
				for i := range c.versions {
					c.versions[i].text = another(c.versions[i].text, round)
				}
			}
			out = append(out, c)
			if n -= take; n == 0 {
				break
			}
		}
	}
	return out
}

// another returns a text in which a letter of the round replaces every e before a space.
func another(text []byte, round int) []byte {
	letters := []string{"é", "è", "ê", "ë", "ē", "ė", "ę", "ě", "ĕ"}
	letter := letters[(round-1)%len(letters)]
	return bytes.ReplaceAll(text, []byte("e "), []byte(letter+" "))
}

// write writes the texts. They are an hour old, because privgen does not rely
// on the time of a file that was just written.
func write(dir string, list []document) error {
	old := time.Now().Add(-time.Hour)
	versions, size := 0, 0
	for _, d := range list {
		folder := filepath.Join(dir, "content", d.slug)
		if err := os.MkdirAll(folder, 0o777); err != nil {
			return err
		}
		for _, v := range d.versions {
			name := filepath.Join(folder, v.id+".md")
			if err := os.WriteFile(name, v.text, 0o666); err != nil {
				return err
			}
			if err := os.Chtimes(name, old, old); err != nil {
				return err
			}
			versions++
			size += len(v.text)
		}
	}
	fmt.Printf("%d versions of %d documents, %.0f MB\n", versions, len(list), float64(size)/1e6)
	return nil
}
