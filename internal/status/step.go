package status

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/imports/dates"
	"github.com/privgen/privgen/internal/lang"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/source"
)

// This file compares a translation with its original, clause by clause, by what
// does not depend on the language: ids, tables, dates, and numbers.

// A Difference is a place where a translation is out of step with its original.
type Difference struct {
	source.Pos        // in the translation
	Clause     string `json:"clause,omitempty"` // its id in the original
	What       string `json:"what"`
}

// A clause is a clause of a text in the form that is compared.
type clause struct {
	markdown.Clause
	tables  []string // rows and columns of each: 3 × 2
	dates   []dates.StatedDate
	numbers []string
}

// outOfStep returns where a translation differs from its original.
func outOfStep(original, translation *markdown.Body, lang, into string) (list []Difference) {
	a, b := clausesOf(original, lang), clausesOf(translation, into)
	at := map[string]int{}
	for i, c := range b {
		at[c.ID] = i
	}
	shared := 0
	for _, c := range a {
		if _, ok := at[c.ID]; ok {
			shared++
		}
	}
	byID := shared*2 > len(a) // else the ids are made from the translated headings
	add := func(pos source.Pos, clause, format string, args ...any) {
		list = append(list, Difference{pos, clause, fmt.Sprintf(format, args...)})
	}
	if len(a) != len(b) {
		add(translation.Pos(b[0].Start), "", "the translation has %s, the original %d", source.Count(len(b), "clause"),
			len(a))
	}
	last, found := 0, make([]bool, len(b)) // the counterpart of the clause before; the clauses that are one
	for i, c := range a {
		j, ok := at[c.ID]
		switch {
		case byID && !ok && c.Level == 1 && i < len(b) && b[i].Level == 1:
			j = i // the title of the text, which nothing links to
		case byID && !ok && len(a) == len(b) && a[i].Level == b[i].Level:
			add(translation.Pos(b[i].Start), c.ID, "the clause has the id %q; that of the original is %q",
				b[i].ID, c.ID)
			j = i
		case byID && !ok:
			add(translation.Pos(b[last].Start), c.ID, "after this clause, the clause %q of the original is missing",
				c.ID)
			continue
		case !byID && len(a) != len(b):
			return list // it is not known which belong together
		case !byID:
			j = i
		}
		if j < last {
			add(translation.Pos(b[j].Start), c.ID, "this clause is before %q, in the original after it", b[last].ID)
		}
		last, found[j] = max(last, j), true
		for _, what := range c.differences(b[j]) {
			add(translation.Pos(b[j].Start), c.ID, "%s", what)
		}
	}
	for j, c := range b {
		if !found[j] {
			add(translation.Pos(c.Start), c.ID, "the original has no clause %q", c.ID)
		}
	}
	return list
}

// clausesOf returns the clauses of a text with what is compared.
func clausesOf(b *markdown.Body, lang string) []clause {
	var list []clause
	for _, c := range b.Clauses() {
		list = append(list, clause{Clause: c})
	}
	if len(list) == 0 {
		list = append(list, clause{})
	}
	texts := make([]strings.Builder, len(list))
	i := 0
	begun := list[0].Level == 0
	for _, p := range b.Parts() {
		if p.Kind == markdown.Heading {
			if begun && i+1 < len(list) {
				i++
			}
			begun = true
		}
		list[i].gather(p.Passage, &texts[i])
	}
	for i := range list {
		list[i].read(texts[i].String(), lang)
	}
	return list
}

// gather collects the words and tables of a passage.
func (c *clause) gather(p *markdown.Passage, text *strings.Builder) {
	if p.Kind == markdown.Table {
		rows, cells := 0, 0
		for _, group := range p.Kids {
			rows += len(group.Kids)
			for _, row := range group.Kids {
				cells = max(cells, len(row.Kids))
			}
		}
		c.tables = append(c.tables, fmt.Sprintf("%d × %d", rows, cells))
	}
	for i, w := range p.Words {
		if p.Kind == markdown.Heading && i < p.Number || w.Kind == markdown.Note || w.Kind == markdown.Image {
			continue
		}
		text.WriteString(w.Gap)
		text.WriteString(strings.Map(asciiDigit, w.Text))
	}
	text.WriteByte('\n')
	for _, kid := range p.Kids {
		c.gather(kid, text)
	}
}

// asciiDigit returns a digit of any script as one of ASCII, and everything else as it is.
func asciiDigit(r rune) rune {
	if d, ok := lang.Digit(r); ok {
		return '0' + rune(d)
	}
	return r
}

// number matches a number with the signs that group its digits, and an hour of the
// twelve-hour clock.
var number = regexp.MustCompile(`(?i)(\d+)(?::(\d\d))?\s?([ap])\.?m\b|\d+(?:[.,'’٫٬\x{a0}\x{202f}:]\d+)*`)

// notDigit matches what is left out of a number: languages group digits otherwise.
var notDigit = regexp.MustCompile(`\D`)

// read finds the dates and the numbers of a text.
func (c *clause) read(text, lang string) {
	c.dates = dates.In(text, lang)
	for _, d := range slices.Backward(c.dates) {
		text = text[:d.Start] + " · " + text[d.End:]
	}
	for _, m := range number.FindAllStringSubmatch(text, -1) {
		n := m[0]
		if m[3] != "" { // 2:30 pm is 14:30
			hour, _ := strconv.Atoi(m[1])
			if hour %= 12; strings.EqualFold(m[3], "p") {
				hour += 12
			}
			n = fmt.Sprint(hour, ":", m[2])
		}
		n = strings.TrimSuffix(n, ":00")                               // 9:00 is 9 Uhr
		if len(n) > 1 && n[0] == '0' && (len(n) == 2 || n[2] == ':') { // 09:30 is 9.30
			n = n[1:]
		}
		c.numbers = append(c.numbers, notDigit.ReplaceAllString(n, ""))
	}
}

// differences returns what differs between a clause and its translation.
func (c *clause) differences(t clause) (list []string) {
	if !slices.Equal(c.tables, t.tables) {
		list = append(list, fmt.Sprintf("the tables have other rows or columns: %s; in the original: %s",
			orNone(t.tables), orNone(c.tables)))
	}
	if here, there := without(c.dates, t.dates), without(t.dates, c.dates); len(here)+len(there) > 0 {
		list = append(list, "the dates differ: "+orNone(there)+"; in the original: "+orNone(here))
	}
	here, there := lacking(c.numbers, t.numbers), lacking(t.numbers, c.numbers)
	if strings.Join(here, "") == strings.Join(there, "") { // 10,000 is 10 000
		return list
	}
	if len(here) == 0 || len(there) == 0 { // thirty days
		here, there = slices.DeleteFunc(here, oftenWritten), slices.DeleteFunc(there, oftenWritten)
	}
	if len(here)+len(there) > 0 {
		list = append(list, "the numbers differ: "+orNone(there)+"; in the original: "+orNone(here))
	}
	return list
}

func orNone(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}

// without returns the dates of a list that have no counterpart in another.
func without(list, other []dates.StatedDate) (out []string) {
	rest := slices.Clone(other)
	for _, d := range list {
		i := slices.IndexFunc(rest, func(e dates.StatedDate) bool {
			return slices.ContainsFunc(e.Readings, func(r day.Day) bool { return slices.Contains(d.Readings, r) })
		})
		if i < 0 {
			out = append(out, d.Readings[0].String())
			continue
		}
		rest = slices.Delete(rest, i, i+1)
	}
	return out
}

// lacking returns the numbers of a list that another does not have.
func lacking(list, other []string) (out []string) {
	for _, n := range list {
		if !slices.Contains(other, n) && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// oftenWritten reports whether a number is often written as a word.
func oftenWritten(digits string) bool {
	n, err := strconv.Atoi(digits)
	return err == nil && (n <= 20 || n <= 100 && n%10 == 0)
}
