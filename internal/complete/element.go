package complete

import (
	"bytes"
	"slices"
	"strings"
)

// Elements of HTML, with those of old pages. All other names between < and > are
// words of the author, such as <your name>.
const (
	// A tag of these without attributes needs an end: their names are words.
	words = " abbr acronym address applet article aside audio bdi bdo blink button canvas cite code data datalist del " +
		"details dfn dialog dir fieldset figcaption figure footer form frameset header hgroup iframe ins kbd label " +
		"legend main map mark marquee math menu meter nav noembed noframes noscript object output picture progress " +
		"q ruby samp script search " + "section" + " select slot style summary svg template textarea time title var video xmp "
	others = " a b big blockquote center div dl em font h1 h2 h3 h4 h5 h6 i nobr ol pre s small span strike strong sub " +
		"sup table tt u ul body caption colgroup dd dt head html li optgroup option p plaintext rb rp rt rtc tbody td " +
		"tfoot th thead tr br hr wbr "
	// A tag of these is empty without attributes.
	void = " area base basefont bgsound col embed frame image img input keygen link meta param source track "
)

// TagLength returns the length of the tag of HTML that s begins with, and its name,
// or 0. What is only written like a tag is none: <your name>, and <address> without an
// end.
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

// endOfTag returns where a tag ends, with signs > in its attributes, or 0.
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

// hasEnd reports whether an element ends in s.
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
