package textfile

import (
	"fmt"
	"regexp"
)

// This file bounds what front matter in TOML may cost. The TOML library needs more than
// linear time for lists in lists and for long dotted keys, so these are counted before.
const (
	maxFrontMatter = 32 << 10 // bytes, of YAML too; what is longer is text
	maxDepth       = 32       // of lists and tables in each other
)

// field matches the beginning of TOML. Anything else between two lines of +++ is text.
var field = regexp.MustCompile(`^\s*(?:[\w"'. -]+=|[\[#])`)

// check returns an *Unfit if TOML that starts at an offset of its file is too complex to
// parse, or nil.
func check(block []byte, start int) *Unfit {
	if !field.Match(block) {
		return nil
	}
	open, dots := 0, 0
	for i, c := range block {
		switch c {
		case '=', '"', '\'', ' ', '\n':
			dots = 0
		case '.':
			dots++
		case '[', '{':
			open++
		case ']', '}':
			open = max(0, open-1)
		}
		if open > maxDepth || dots > maxDepth {
			return &Unfit{TooComplex, fmt.Sprintf("the front matter is nested more than %d deep", maxDepth), start + i}
		}
	}
	return nil
}
