package textfile

import (
	"fmt"
	"regexp"
)

// This file bounds what front matter may cost. The YAML library needs more than
// linear time for brackets in brackets and for dashes in a row, and the TOML
// library for long dotted keys, so these are counted before either sees them.
const (
	maxFrontMatter = 32 << 10 // bytes; what is longer is text
	maxDepth       = 32       // of lists and tables in each other
	maxAliases     = 8        // of YAML: aliases of aliases grow as a power
)

var (
	field  = regexp.MustCompile(`^\s*(?:[\w"'. -]+[:=]|[\[{&*?-])`)
	anchor = regexp.MustCompile(`(?m)(?:^|[\s,\[{:-])&[^\s,\]}&]`)
	alias  = regexp.MustCompile(`(?m)(?:^|[\s,\[{:-])\*[^\s,\]}*]`)
	// levels is the start of a line that opens several lists or tables at once.
	levels = regexp.MustCompile(`^(?:[-?:][ \t]+){33}`)
)

// check returns an *Unfit if front matter that starts at an offset of its file
// is too complex to parse, or nil.
func check(block []byte, start int) *Unfit {
	if !field.Match(block) {
		return nil // text between two lines
	}
	deep := func(at int) *Unfit {
		return &Unfit{TooComplex, fmt.Sprintf("the front matter is nested more than %d deep", maxDepth), start + at}
	}
	open, dots, first := 0, 0, true
	for i, c := range block {
		switch c {
		case '\n':
			dots, first = 0, true
			continue
		case '=', '"', '\'', ' ':
			dots = 0
		case '.':
			dots++
		case '[', '{':
			open++
		case ']', '}':
			open = max(0, open-1)
		}
		if open > maxDepth || dots > maxDepth {
			return deep(i)
		}
		if first && c != ' ' {
			first = false
			if levels.Match(block[i:min(len(block), i+200)]) {
				return deep(i)
			}
		}
	}
	if anchor.Match(block) {
		if at := alias.FindAllIndex(block, maxAliases+1); len(at) > maxAliases {
			return &Unfit{TooComplex, fmt.Sprintf("the front matter uses more than %d aliases (*name)", maxAliases),
				start + at[maxAliases][1] - 2}
		}
	}
	return nil
}
