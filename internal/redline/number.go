package redline

import (
	"strconv"
	"strings"

	"github.com/privgen/privgen/internal/markdown"
)

// This file counts list items as a browser does, and finds changed numbers. If a number
// changed only because items before it were added or removed, it is not reported.

// Numbers returns the numbers of a list's items, in order, or nil if the list is not ordered.
func (list Node) Numbers() []int {
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
	out := make([]int, 0, len(list.Kids))
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

// attribute returns the value of an attribute in a string like markdown.Passage.Attr, and
// whether it has the attribute.
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

// Renumbered returns the changed numbers of a pair of lists, as in "3, 5–7": the old
// numbers, the new ones, and the first of the items. Without changed numbers, first is nil.
func (p *Edit) Renumbered() (was, is string, first *Edit) {
	r := p.renumbered()
	return span(r.from), span(r.to), r.first
}

// A renumbering has the old and the new numbers of items that are in both lists.
type renumbering struct {
	from, to []int
	first    *Edit // the first of the items
}

// renumbered returns the items of a pair of lists whose number changed.
func (p *Edit) renumbered() renumbering {
	var out renumbering
	if p.Old.none() || p.New.none() || p.Alike || p.New.Attr == p.Old.Attr && !hasValues(p.Old) && !hasValues(p.New) {
		return out
	}
	olds, news := p.Old.Numbers(), p.New.Numbers()
	if olds == nil || news == nil {
		return out
	}
	o, n := 0, 0
	for _, k := range p.Kids {
		was, is := k.sides()
		if k.Mark == Both && k.Merged == nil && olds[o] != news[n] && olds[o]-o != news[n]-n {
			if out.first == nil {
				out.first = k
			}
			out.from, out.to = append(out.from, olds[o]), append(out.to, news[n])
		}
		o += len(was)
		if k.InNew() {
			n += len(is)
		}
	}
	return out
}

func hasValues(list Node) bool {
	for _, item := range list.Kids {
		if strings.Contains(item.Attr, " value=") {
			return true
		}
	}
	return false
}

// count returns how many ranges of consecutive numbers changed.
func (r renumbering) count() int {
	if len(r.to) == 0 {
		return 0
	}
	return max(strings.Count(span(r.from), ","), strings.Count(span(r.to), ",")) + 1
}

// span returns a list of numbers, with ranges for consecutive ones: "3, 5–7".
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
