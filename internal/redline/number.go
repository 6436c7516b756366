package redline

import (
	"strconv"
	"strings"

	"github.com/privgen/privgen/internal/markdown"
)

// This file reads the numbers of list items as a browser counts them, and finds
// those that changed. An item whose number changed only because items before it
// were added or removed has no changed number.

// A numbering is the numbers of the items of an ordered list, in order.
type numbering []int

// numberingOf returns the numbers of a list's items, or nil if it has none.
func numberingOf(list *markdown.Passage) numbering {
	if list.Kind != markdown.List || list.Tag != "ol" {
		return nil
	}
	n, step := 1, 1
	if _, reversed := attribute(list.Attr, "reversed"); reversed {
		n, step = len(list.Kids), -1
	}
	if start, ok := attribute(list.Attr, "start"); ok {
		n = number(start, n)
	}
	out := make(numbering, 0, len(list.Kids))
	for _, item := range list.Kids {
		if value, ok := attribute(item.Attr, "value"); ok {
			n = number(value, n)
		}
		out = append(out, n)
		n += step
	}
	return out
}

func number(s string, otherwise int) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	return otherwise
}

// attribute returns the value of an attribute of a tag, as markdown.Passage has
// them, and whether there is one.
func attribute(attrs, name string) (value string, ok bool) {
	_, rest, ok := strings.Cut(attrs+" ", " "+name)
	switch {
	case !ok:
		return "", false
	case strings.HasPrefix(rest, `="`):
		value, _, _ = strings.Cut(rest[2:], `"`)
		return value, true
	}
	return "", rest[0] == ' '
}

// A renumbering is items that are in both lists and whose numbers changed: the
// numbers that they had and those that they have.
type renumbering struct {
	from, to []int
	first    *edit // the first of them
}

// renumbered returns which items of two lists that belong together have another
// number now.
func (p *edit) renumbered() renumbering {
	var out renumbering
	if p.old.none() || p.new.none() || p.alike || p.new.Attr == p.old.Attr && !hasValues(p.old) && !hasValues(p.new) {
		return out
	}
	olds, news := numberingOf(p.old.Passage), numberingOf(p.new.Passage)
	if olds == nil || news == nil {
		return out
	}
	o, n := 0, 0
	for _, k := range p.kids {
		was, is := k.sides()
		if k.mark == both && k.merged == nil && olds[o] != news[n] && olds[o]-o != news[n]-n {
			if out.first == nil {
				out.first = k
			}
			out.from, out.to = append(out.from, olds[o]), append(out.to, news[n])
		}
		o += len(was)
		if k.inNew() {
			n += len(is)
		}
	}
	return out
}

func hasValues(list node) bool {
	for _, item := range list.Kids {
		if strings.Contains(item.Attr, " value=") {
			return true
		}
	}
	return false
}

// count returns how many rows of consecutive numbers changed.
func (r renumbering) count() int {
	if len(r.to) == 0 {
		return 0
	}
	return max(strings.Count(span(r.from), ","), strings.Count(span(r.to), ",")) + 1
}

// String returns the numbers in short: "1–2 → 4–5".
func (r renumbering) String() string { return span(r.from) + " → " + span(r.to) }

// span returns numbers in short, each row of consecutive ones by its ends.
func span(numbers []int) string {
	var b strings.Builder
	for i := 0; i < len(numbers); {
		last := i
		for last+1 < len(numbers) && numbers[last+1] == numbers[last]+1 {
			last++
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strconv.Itoa(numbers[i]))
		if last > i {
			b.WriteString("–" + strconv.Itoa(numbers[last]))
		}
		i = last + 1
	}
	return b.String()
}
