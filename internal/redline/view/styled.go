package view

import (
	"bytes"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"github.com/privgen/privgen/internal/redline"
)

// This file rewrites a redline for places without a style sheet: mails and feeds.

// The styles of marks, with properties that mail clients support. Both colors are set,
// because clients in dark mode change a color that is not set.
const (
	insStyle  = "background-color:#d7f0dc;color:#0b4a1e;text-decoration:underline"
	delStyle  = "background-color:#fbdede;color:#7a1212;text-decoration:line-through"
	cellStyle = "border:1px solid #888;padding:4px 8px;vertical-align:top"
)

// tagStyles has the styles of other elements.
var tagStyles = map[string]string{
	"table": "border-collapse:collapse", "td": cellStyle, "th": cellStyle, "img": "max-width:100%",
	"pre": "white-space:pre-wrap", "code": "font-family:monospace", "h1": "font-size:22px;line-height:1.3",
	"h2": "font-size:19px;line-height:1.3", "h3": "font-size:17px;line-height:1.3",
}

// keptAttributes are the attributes that Styled keeps. Programs need data-mark and
// data-added to separate the two texts.
var keptAttributes = map[string]bool{
	"data-mark": true, "data-added": true, "data-gap": true, "lang": true, "dir": true, "alt": true, "src": true,
	"colspan": true, "rowspan": true, "start": true, "value": true, "reversed": true, "type": true, "align": true,
	"scope": true,
}

// Styled returns a redline for places without a style sheet. Styles are in attributes, and
// there are no classes and ids. Signs that a style sheet would show are text in elements
// with data-added. Links within the text become links to the permalink. The laws of the
// package apply to its words.
//
// A redline of more than max bytes is cut off before a clause, or before a passage if that
// would leave less than a quarter of max; left is the number of changes that are cut off. A
// redline without any change of words is empty.
func Styled(r *redline.Redline, s RenderOptions, max int) (page []byte, left int) {
	words := 0
	s.PreviousChange, s.NextChange, s.Moved = "", "", "" // these are links within the page
	s.Change = func(c Change) {
		if c.Kind != Cosmetic {
			words++
		}
	}
	whole, _ := HTML(nil, r, &s)
	if words == 0 {
		return nil, 0
	}
	t := styler{in: html.NewTokenizer(bytes.NewReader(whole)), page: s.Permalink, max: max}
	for {
		switch t.in.Next() {
		case html.ErrorToken: // the end
			return t.finish()
		case html.TextToken:
			if t.skip == 0 {
				t.out = append(t.out, t.in.Raw()...)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t.start(t.in.Token())
		case html.EndTagToken:
			t.end(t.in.Token())
		}
	}
}

// A styler rewrites a redline.
type styler struct {
	in    *html.Tokenizer
	page  string
	max   int
	out   []byte
	depth int // how many elements are open
	skip  int // how many of these are omitted
	marks int // how many of these are marks

	changes       int // how many changes there were so far
	clause, block cutPoint
}

// A cutPoint is a place where a redline can end.
type cutPoint struct{ at, changes int }

func isVoid(name string) bool {
	return name == "br" || name == "img" || name == "hr" || name == "input" || name == "wbr" ||
		name == "col"
}

func (t *styler) start(tag html.Token) {
	attr := map[string]string{}
	for _, a := range tag.Attr {
		attr[a.Key] = a.Val
	}
	classes := strings.Fields(attr["class"])
	has := func(class string) bool { return slices.Contains(classes, class) }
	if t.depth == 0 && len(t.out) <= t.max {
		t.block = cutPoint{len(t.out), t.changes}
		if len(tag.Data) == 2 && tag.Data[0] == 'h' && tag.Data != "hr" || has("gap") {
			t.clause = t.block
		}
	}
	if has("step") && t.skip == 0 {
		t.changes++
	}
	void := isVoid(tag.Data)
	if !void {
		t.depth++
	}
	if t.skip > 0 || has("step") || has("anchor") || tag.Data == "input" {
		if !void {
			t.skip++
		}
		return
	}
	t.out = append(t.out, '<')
	t.out = append(t.out, tag.Data...)
	for _, a := range tag.Attr {
		if keptAttributes[a.Key] {
			t.attr(a.Key, a.Val)
		}
	}
	if href, ok := attr["href"]; ok {
		if strings.HasPrefix(href, "#") {
			href = t.page + href
		}
		t.attr("href", href)
	}
	if tag.Data == "ins" || tag.Data == "del" {
		t.marks++
	}
	if style := styleOf(tag.Data, has, attr); style != "" {
		t.attr("style", style)
	} else if tag.Data == "a" && t.marks > 0 {
		t.attr("style", "color:inherit") // the color of links was chosen for another background
	}
	t.out = append(t.out, '>')
	t.sign(has, attr["data-sign"])
}

// styleOf returns the style of an element.
func styleOf(name string, has func(class string) bool, attr map[string]string) string {
	style := tagStyles[name]
	switch name {
	case "ins", "del":
		if has("space") {
			return "text-decoration:none"
		}
		if style = insStyle; name == "del" {
			style = delStyle
		}
		if _, moved := attr["data-moved"]; moved {
			style += " dotted"
		}
	case "p", "li", "tr":
		if has("gap") {
			style = "font-size:14px"
		}
	}
	return style
}

// sign writes a sign that a style sheet would show.
func (t *styler) sign(has func(class string) bool, sign string) {
	switch {
	case sign != "": // the element has data-added
		t.out = append(t.out, html.EscapeString("["+sign+"] ")...)
		return
	case has("break"):
		sign = "¶"
	case has("line"):
		sign = "↵"
	default:
		return
	}
	t.out = append(t.out, "<span data-added>"...)
	t.out = append(t.out, html.EscapeString(sign)...)
	t.out = append(t.out, "</span>"...)
}

func (t *styler) attr(name, value string) {
	t.out = append(append(append(t.out, ' '), name...), '=', '"')
	t.out = append(append(t.out, html.EscapeString(value)...), '"')
}

func (t *styler) end(tag html.Token) {
	if t.depth--; t.skip > 0 {
		t.skip--
		return
	}
	if tag.Data == "ins" || tag.Data == "del" {
		t.marks--
	}
	t.out = append(append(append(t.out, "</"...), tag.Data...), '>')
}

func (t *styler) finish() ([]byte, int) {
	if len(t.out) <= t.max {
		return t.out, 0
	}
	cut := t.clause
	if cut.at < t.max/4 {
		cut = t.block
	}
	return t.out[:cut.at], t.changes - cut.changes
}
