package history

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"unicode"
)

// Gather chooses the versions of documents. It reads every text once; tick is
// called after each, with how many there are.
func Gather(ctx context.Context, docs []*Document, o Options, tick func(done, total int)) ([]*Chosen, error) {
	total, done := 0, 0
	for _, d := range docs {
		total += len(d.States)
	}
	var list []*Chosen
	for _, d := range docs {
		c := &Chosen{Document: d, ByLang: map[string][]*Choice{}}
		for _, lang := range languagesOf(d) {
			kept, out, err := Choose(ctx, d, lang, o, func() { done++; tick(done, total) })
			if err != nil {
				return nil, err
			}
			c.ByLang[lang], c.LeftOut = kept, append(c.LeftOut, out...)
		}
		if d.Language == "" {
			d.Language = mostly(c.ByLang[""])
		}
		if err := c.title(); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}

func languagesOf(d *Document) []string {
	langs := []string{""}
	for i := range d.States {
		if !slices.Contains(langs, d.States[i].Lang) {
			langs = append(langs, d.States[i].Lang)
		}
	}
	return langs
}

// mostly gives the language that most of the texts are in; nothing when there
// is none of which that can be said.
func mostly(list []*Choice) string {
	count := map[string]int{}
	for _, c := range list {
		count[c.Lang]++
	}
	for lang, n := range count {
		if n*2 > len(list) {
			return lang
		}
	}
	return ""
}

// Language gives the language that most of the documents are in; nothing where
// that cannot be told.
func Language(docs []*Chosen) string {
	count := map[string]int{}
	best := ""
	for _, c := range docs {
		lang := c.Document.Language
		if count[lang]++; lang != "" && (count[lang] > count[best] || best == "" || count[lang] == count[best] && lang < best) {
			best = lang
		}
	}
	return best
}

// title gives the document a name where neither its source nor its newest text
// has one: the file's name, as words.
func (c *Chosen) title() error {
	d, own := c.Document, c.ByLang[""]
	if d.Title != "" || len(own) == 0 {
		return nil
	}
	text, err := own[len(own)-1].Bytes()
	if err != nil {
		return err
	}
	if line, _, _ := bytes.Cut(bytes.TrimLeft(text, "\n\r "), []byte("\n")); bytes.HasPrefix(line, []byte("# ")) {
		return nil // the page takes it from there, also when it changes
	}
	words := []rune(strings.ReplaceAll(d.Slug, "-", " "))
	words[0] = unicode.ToUpper(words[0])
	d.Title = string(words)
	return nil
}
