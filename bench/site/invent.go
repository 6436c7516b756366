package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// This file generates texts with the statistics of real histories. The medians are
// about 25 KB for a version and ten versions for a document, both with a long tail.
// Two of a hundred blocks change from one version to the next, and a third of the
// changes are links. One in ten versions restores the one before the last, and one
// in twenty is a rewrite.

// invent returns documents with n versions in all, at most each of a document.
func invent(n, each int) []document {
	var list []document
	for n > 0 {
		r := rand.New(rand.NewPCG(2026, uint64(len(list))))
		w := &writer{r}
		most := min(n, each, int(max(1, min(500, math.Exp(2.3+1.4*r.NormFloat64())))))
		d := document{slug: fmt.Sprintf("policy-%04d", len(list))}
		blocks := w.text(int(max(2_000, min(300_000, math.Exp(10.1+r.NormFloat64())))))
		day := time.Date(2018, 1, 1+r.IntN(700), 0, 0, 0, 0, time.UTC)
		var before [][]string
		for i := range most {
			if i > 0 {
				before = append(before, blocks)
				blocks = w.change(before)
				day = day.AddDate(0, 0, 1+r.IntN(max(1, 2_500/most)))
			}
			d.versions = append(d.versions, version{day.Format(time.DateOnly),
				[]byte(strings.Join(blocks, "\n\n") + "\n")})
		}
		list = append(list, d)
		n -= most
	}
	return list
}

// A writer writes random text in the form of a policy.
type writer struct{ *rand.Rand }

// change returns the blocks of the next version.
func (w *writer) change(before [][]string) []string {
	now := slices.Clone(before[len(before)-1])
	switch w.IntN(20) {
	case 0: // a rewrite
		return w.text(len(strings.Join(now, "\n\n")))
	case 1, 2: // the version before the last
		return before[max(0, len(before)-2)]
	}
	for range 1 + len(now)/50 {
		i := w.IntN(len(now))
		switch w.IntN(6) {
		case 0, 1:
			now[i] += " " + w.link()
		case 2:
			now = slices.Insert(now, i, w.paragraph())
		case 3:
			now = slices.Delete(now, i, min(len(now), i+len(now)/60))
		default:
			words := strings.Split(now[i], " ")
			words[len(words)-1] = w.word()
			now[i] = strings.Join(words, " ")
		}
	}
	return now
}

// text returns the blocks of a text of about size bytes.
func (w *writer) text(size int) []string {
	blocks := []string{"# " + w.words(3)}
	for n := 0; n < size; n += len(blocks[len(blocks)-1]) + 2 {
		switch w.IntN(12) {
		case 0, 1:
			blocks = append(blocks, "## "+w.words(2+w.IntN(5)))
		case 2, 3:
			blocks = append(blocks, w.items())
		case 4:
			if w.IntN(4) == 0 {
				blocks = append(blocks, w.table())
			}
		default:
			blocks = append(blocks, w.paragraph())
		}
	}
	return blocks
}

func (w *writer) paragraph() string {
	var b strings.Builder
	for i := range 1 + w.IntN(6) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.words(8 + w.IntN(25)))
		switch w.IntN(8) {
		case 0:
			b.WriteString(" " + w.link())
		case 1:
			b.WriteString(" **" + w.words(2) + "**")
		}
		b.WriteByte('.')
	}
	return b.String()
}

func (w *writer) items() string {
	var lines []string
	for range 3 + w.IntN(6) {
		lines = append(lines, "*   "+w.words(5+w.IntN(20)))
	}
	return strings.Join(lines, "\n")
}

func (w *writer) table() string {
	lines := []string{"| " + w.word() + " | " + w.word() + " |", "|---|---|"}
	for range 3 + w.IntN(10) {
		lines = append(lines, "| "+w.words(2)+" | "+w.words(8)+" |")
	}
	return strings.Join(lines, "\n")
}

func (w *writer) link() string {
	return fmt.Sprintf("[%s](https://www.example.com/%s?id=%x)", w.words(2), w.word(), w.Uint32())
}

func (w *writer) words(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = w.word()
	}
	return strings.ToUpper(list[0][:1]) + list[0][1:] + strings.TrimSuffix(" "+strings.Join(list[1:], " "), " ")
}

// word returns one of about 8,000 words, short ones more often.
func (w *writer) word() string {
	syllables := []string{"da", "ta", "pri", "va", "cy", "no", "ti", "ce", "con", "sent", "ser", "vi", "re", "tain",
		"ac", "count", "in", "for", "us", "er"}
	var b strings.Builder
	for range 1 + w.IntN(3) {
		b.WriteString(syllables[w.IntN(len(syllables))])
	}
	return b.String()
}
