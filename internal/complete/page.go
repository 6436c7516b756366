package complete

import (
	"bytes"
	"html"
	"strconv"
)

// A pageReader reads the words of a page.
type pageReader struct {
	out   []shown
	lists []int  // the next number of each open list, or -1
	items []bool // whether each open item is a footnote
}

// readPage returns the words of a page.
func readPage(p Page) []shown {
	s, holes := p.HTML, p.Holes
	r := &pageReader{out: make([]shown, 0, len(s)/7+8)}
	for at := 0; at < len(s); {
		for len(holes) > 0 && holes[0].At <= at {
			r.words([]byte(holes[0].Words))
			holes = holes[1:]
		}
		to := len(s)
		if len(holes) > 0 {
			to = holes[0].At
		}
		if s[at] != '<' {
			n := bytes.IndexByte(s[at:to], '<')
			if n < 0 {
				n = to - at
			}
			text := s[at : at+n]
			if bytes.IndexByte(text, '&') >= 0 {
				text = []byte(html.UnescapeString(string(text)))
			}
			r.words(text)
			at += n
			continue
		}
		end := at + TagEnd(s[at:])
		at = end + r.tag(s[at:end], s[end:])
	}
	for _, hole := range holes {
		r.words([]byte(hole.Words))
	}
	return r.out
}

func (r *pageReader) words(text []byte) {
	cutWords(text, func(i, j int) { r.out = append(r.out, shown{sum: wordSum(text[i:j])}) })
}

// tag reads a tag, and returns the number of bytes after it that are not part of the text.
func (r *pageReader) tag(tag, rest []byte) int {
	name := tag[1 : len(tag)-1]
	if i := bytes.IndexAny(name, " \n\t"); i >= 0 {
		name = name[:i]
	}
	switch string(name) {
	case "ol", "ul":
		next := -1
		if name[0] == 'o' {
			next = intAttribute(tag, "start", 1)
		}
		r.lists = append(r.lists, next)
	case "/ol", "/ul":
		r.lists = r.lists[:max(0, len(r.lists)-1)]
	case "section":
		if bytes.Contains(tag, []byte(`class="footnotes"`)) {
			r.out = append(r.out, shown{sum: notesSum})
		}
	case "li":
		_, id, isNote := bytes.Cut(tag, []byte(`id="fn:`))
		r.items = append(r.items, isNote)
		if isNote {
			id, _, _ = bytes.Cut(id, []byte(`"`))
			n, _ := strconv.Atoi(string(id))
			r.out = append(r.out, shown{noteSum, n})
		} else if last := len(r.lists) - 1; last >= 0 && r.lists[last] >= 0 {
			n := intAttribute(tag, "value", r.lists[last])
			r.out = append(r.out, shown{itemSum, n})
			r.lists[last] = n + 1
		}
	case "/li":
		if n := len(r.items) - 1; n >= 0 {
			if r.items[n] {
				r.out = append(r.out, shown{sum: noteEndSum})
			}
			r.items = r.items[:n]
		}
	case "img":
		_, alt, _ := bytes.Cut(tag, []byte(` alt="`))
		alt, _, _ = bytes.Cut(alt, []byte(`"`))
		r.words([]byte(html.UnescapeString(string(alt))))
	case "a", "span":
		if bytes.Contains(tag, []byte(" data-added")) || bytes.Contains(tag, []byte(`class="footnote-ref"`)) {
			return max(0, bytes.Index(rest, append([]byte("</"), name...)))
		}
	}
	return 0
}

func intAttribute(tag []byte, name string, otherwise int) int {
	_, value, ok := bytes.Cut(tag, []byte(" "+name+`="`))
	if !ok {
		return otherwise
	}
	value, _, _ = bytes.Cut(value, []byte(`"`))
	if n, err := strconv.Atoi(string(value)); err == nil {
		return n
	}
	return otherwise
}

// TagEnd returns the length of the tag that s begins with. Attributes can contain >.
func TagEnd[T []byte | string](s T) int {
	quoted := false
	for i := range len(s) {
		if s[i] == '"' {
			quoted = !quoted
		} else if s[i] == '>' && !quoted {
			return i + 1
		}
	}
	return len(s)
}
