package complete

import (
	"bytes"
	"slices"
	"strings"
)

// The names of HTML elements, including obsolete ones. Any other name between < and
// > is text, such as <your name>.
const (
	// These names are English words: a start tag without attributes needs an end tag.
	words = " abbr acronym address applet article aside audio bdi bdo blink button canvas cite code data datalist del " +
		"details dfn dialog dir fieldset figcaption figure footer form frameset header hgroup iframe ins kbd label " +
		"legend main map mark marquee math menu meter nav noembed noframes noscript object output picture progress " +
		"q ruby samp script search " + "section" + " select slot style summary svg template textarea time title var video xmp "
	others = " a b big blockquote center div dl em font h1 h2 h3 h4 h5 h6 i nobr ol pre s small span strike strong sub " +
		"sup table tt u ul body caption colgroup dd dt head html li optgroup option p plaintext rb rp rt rtc tbody td " +
		"tfoot th thead tr br hr wbr "
	// A tag of these without attributes has no effect, so it is text.
	void = " area base basefont bgsound col embed frame image img input keygen link meta param source track "
)

// TagLength returns the length of the HTML tag that s begins with, and its name, or 0
// and "". Text that only looks like a tag is none: <your name>, and <address> without an
// end tag.
func TagLength(s []byte) (n int, name string) {
	if len(s) < 3 || s[0] != '<' {
		return 0, ""
	}
	i := 1
	if s[i] == '/' {
		i++
	}
	from := i
	for i < len(s) && i-from < 16 && inWord(s[i]) {
		i++
	}
	name = strings.ToLower(string(s[from:i]))
	end := endOfTag(s, i)
	is := func(list string) bool { return strings.Contains(list, " "+name+" ") }
	switch {
	case name == "" || end == 0 || !slices.Contains([]byte(" \n\t/>"), s[i]):
		return 0, ""
	case is(others), is(words) && s[1] == '/':
		return end, name
	case (is(words) || is(void)) && (bytes.IndexByte(s[i:end], '=') >= 0 || is(words) && hasEnd(s[end:], name)):
		return end, name
	}
	return 0, ""
}

// endOfTag returns the offset of the end of a tag, or 0 if it has none. Quoted
// attributes can contain >.
func endOfTag(s []byte, i int) int {
	quote := byte(0)
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1
		case c == '<':
			return 0
		}
	}
	return 0
}

// hasEnd reports whether s has an end tag of an element.
func hasEnd(s []byte, name string) bool {
	for {
		i := bytes.Index(s, []byte("</"))
		if i < 0 {
			return false
		}
		if s = s[i+2:]; len(s) >= len(name) && strings.EqualFold(string(s[:len(name)]), name) {
			return true
		}
	}
}
