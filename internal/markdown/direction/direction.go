// Package direction marks passages whose direction differs from that of their
// surroundings: an Arabic paragraph on an English page, an e-mail address in a Hebrew
// sentence. Without the mark, browsers put the full stop at the wrong end, or reorder the
// parts of the address.
package direction

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/privgen/privgen/internal/complete"
	"github.com/privgen/privgen/internal/lazyregexp"
)

// directed has the names of the elements that can have their own direction, and these
// names after a slash, for end tags.
var directed = func() map[string]string {
	all := map[string]string{}
	for name := range strings.FieldsSeq("p h1 h2 h3 h4 h5 h6 ul ol li blockquote aside table td th dl dt dd a code") {
		all[name], all["/"+name] = name, "/"+name
	}
	return all
}()

// An element is an element that can have its own direction.
type element struct {
	name     string
	fixed    bool   // its tag has a direction already, or the page adds it
	rtl, ltr int    // letters in it, except those of code, URLs, and e-mail addresses
	letters  [2]int // ltr and rtl letters in it, except those in other elements
	parent   int    // its index
	right    bool   // it is read from right to left
}

// Set returns HTML with the attribute dir on elements whose direction differs from that
// of their parent. The direction of the HTML's own parent is dir, ltr or rtl. If dir is
// not rtl and HasRight is false, Set returns text itself.
func Set(text []byte, dir string) []byte {
	if dir != "rtl" && !HasRight(text) {
		return text
	}
	all := elementsOf(text)
	all[0].right = dir == "rtl"
	out := make([]byte, 0, len(text)+len(text)/16)
	from, last, open := 0, 0, []int{0}
	each(text, func(at, end int, tag string) {
		now := &all[open[len(open)-1]]
		switch {
		case tag == "":
			if now.right && now.name != "code" && now.name != "a" {
				out = append(out, text[from:at]...)
				out, from = isolate(out, text[at:end]), end
			}
		case tag[0] == '/':
			if now.name == tag[1:] {
				open = open[:len(open)-1]
			}
		default:
			last++
			e := &all[last]
			e.right = all[e.parent].turn(e)
			open = append(open, last)
			if e.right != all[e.parent].right && !e.fixed {
				out = append(out, text[from:end-1]...)
				out = append(out, ` dir="`+map[bool]string{true: "rtl", false: "ltr"}[e.right]+`"`...)
				from = end - 1
			}
		}
	})
	return append(out, text[from:]...)
}

// turn reports whether an element in its parent is read from right to left. The majority
// of its letters decides, not the first letter, because many sentences begin with a
// foreign name.
func (parent *element) turn(e *element) bool {
	if e.fixed {
		return parent.right
	}
	if e.name == "a" || e.name == "code" {
		return parent.right && e.letters[1] > 0
	}
	switch {
	case e.rtl > 2*e.ltr:
		return true
	case e.ltr > 2*e.rtl:
		return false
	}
	return parent.right
}

// elementsOf returns the elements of HTML. The first represents their parent.
func elementsOf(text []byte) []element {
	all := make([]element, 1, 64)
	open := []int{0}
	each(text, func(at, end int, tag string) {
		switch {
		case tag == "":
			count(all, open, text[at:end])
		case tag[0] == '/':
			if all[open[len(open)-1]].name == tag[1:] {
				open = open[:len(open)-1]
			}
		default:
			e := element{name: tag, parent: open[len(open)-1]}
			for _, mark := range []string{" dir=", " data-added", "doc-noteref"} {
				e.fixed = e.fixed || bytes.Contains(text[at:end], []byte(mark))
			}
			all = append(all, e)
			open = append(open, len(all)-1)
		}
	})
	return all
}

// count adds the letters of a text to the open elements.
func count(all []element, open []int, text []byte) {
	var n [2]int
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		i += size
		if r == '&' {
			if end := bytes.IndexByte(text[i:], ';'); end >= 0 && end < 10 {
				i += end
			}
		} else if isRight(r) {
			n[1]++
		} else if unicode.IsLetter(r) {
			n[0]++
		}
	}
	inner := &all[open[len(open)-1]]
	inner.letters[0], inner.letters[1] = inner.letters[0]+n[0], inner.letters[1]+n[1]
	if inner.name == "code" || inner.name == "a" && bytes.ContainsAny(text, "@/") {
		return
	}
	for _, i := range open {
		all[i].ltr, all[i].rtl = all[i].ltr+n[0], all[i].rtl+n[1]
	}
}

// each calls do with every stretch of text in HTML, and with every tag of an element that
// can have a direction. The tag is its name, after / for an end tag, and "" for text.
func each(text []byte, do func(at, end int, tag string)) {
	for at := 0; at < len(text); {
		if text[at] != '<' {
			n := bytes.IndexByte(text[at:], '<')
			if n < 0 {
				n = len(text) - at
			}
			do(at, at+n, "")
			at += n
			continue
		}
		n := at + complete.TagEnd(text[at:])
		end := at + 1
		for end < n-1 && text[end] != ' ' && text[end] != '\n' {
			end++
		}
		if tag := directed[string(text[at+1:end])]; tag != "" {
			do(at, n, tag)
		}
		at = n
	}
}

// isolated matches telephone numbers, dates of three numbers, e-mail addresses, URLs, and
// words in Latin letters after a number, such as a street address.
var isolated = lazyregexp.New(`(?:\+|\b00|\()[\d٠-٩۰-۹][\d٠-٩۰-۹ ()/.-]{4,}[\d٠-٩۰-۹]|[\d٠-٩۰-۹]+[-/][\d٠-٩۰-۹]+[-/][\d٠-٩۰-۹]+|` +
	`[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)[\w./?=%&;#~:+-]*[\w/]|` +
	`\d[\w/-]*,? \p{Latin}(?:[\p{Latin}\p{M}\d ,.'’&;/#-]*[\p{Latin}\d])?`)

// isolate appends a text that is read from right to left. What isolated matches becomes
// a left-to-right element.
func isolate(dst, text []byte) []byte {
	from := 0
	for _, m := range isolated().FindAllIndex(text, -1) {
		dst = append(dst, text[from:m[0]]...)
		dst = append(dst, `<bdi dir="ltr">`...)
		dst = append(dst, text[m[0]:m[1]]...)
		dst = append(dst, "</bdi>"...)
		from = m[1]
	}
	return append(dst, text[from:]...)
}

// HasRight reports whether a text may have a letter that is written from right to left.
// It does not find letters above U+FFFF.
func HasRight(text []byte) bool {
	for i, c := range text { // the first bytes of U+0580 to U+08FF, and of U+FB00 to U+FEFF
		switch {
		case c >= 0xD6 && c <= 0xDF, c == 0xE0 && i+1 < len(text) && text[i+1] < 0xA4,
			c == 0xEF && i+1 < len(text) && text[i+1] >= 0xAC && text[i+1] <= 0xBB:
			return true
		}
	}
	return false
}

func isRight(r rune) bool {
	return r >= 0x590 && unicode.IsLetter(r) && (r <= 0x8FF || r >= 0xFB1D && r <= 0xFDFF ||
		r >= 0xFE70 && r <= 0xFEFF || r >= 0x10800 && r <= 0x10FFF || r >= 0x1E800 && r <= 0x1EFFF)
}
