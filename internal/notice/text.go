package notice

import (
	"bytes"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"github.com/privgen/privgen/internal/theme"
)

// A plainer writes a styled redline as plain text: a part for each heading, a line for
// each passage. Removed words are in [-...-], added words in {+...+}.
type plainer struct {
	beginning string // the title of the part before the first heading
	parts     []theme.MessagePart
	line      strings.Builder
	numbers   []int // of the next item of each open list; 0 without numbers
}

// plain returns a styled redline as plain text.
func plain(marked []byte, beginning string) []theme.MessagePart {
	p := plainer{beginning: beginning}
	for in := html.NewTokenizer(bytes.NewReader(marked)); ; {
		switch in.Next() {
		case html.ErrorToken: // the end
			p.flush()
			return p.parts
		case html.TextToken:
			p.line.WriteString(in.Token().Data)
		case html.StartTagToken, html.SelfClosingTagToken:
			p.start(in.Token())
		case html.EndTagToken:
			p.end(in.Token().Data)
		}
	}
}

func (p *plainer) start(tag html.Token) {
	attr := func(name string) string {
		for _, a := range tag.Attr {
			if a.Key == name {
				return a.Val
			}
		}
		return ""
	}
	number := func(name string) int { n, _ := strconv.Atoi(attr(name)); return n } // 0 without one
	switch tag.Data {
	case "ins":
		p.line.WriteString("{+")
	case "del":
		p.line.WriteString("[-")
	case "br":
		p.line.WriteByte(' ')
	case "img":
		p.line.WriteString(attr("alt"))
	case "ul":
		p.flush()
		p.numbers = append(p.numbers, 0)
	case "ol":
		p.flush()
		p.numbers = append(p.numbers, max(1, number("start")))
	case "li":
		p.flush()
		last := len(p.numbers) - 1
		if last < 0 || p.numbers[last] == 0 {
			p.line.WriteString("- ")
			return
		}
		if n := number("value"); n > 0 {
			p.numbers[last] = n
		}
		p.line.WriteString(strconv.Itoa(p.numbers[last]) + ". ")
		p.numbers[last]++
	case "h1", "h2", "h3", "h4", "h5", "h6":
		p.flush()
	case "p":
		if s := strings.TrimSpace(p.line.String()); s != "-" && !strings.HasSuffix(s, ".") {
			p.flush()
		}
	}
}

func (p *plainer) end(name string) {
	switch name {
	case "ins":
		p.unmark("{+", "+}")
	case "del":
		p.unmark("[-", "-]")
	case "td", "th":
		p.line.WriteString(" | ")
	case "ul", "ol":
		p.flush()
		p.numbers = p.numbers[:max(0, len(p.numbers)-1)]
	case "h1", "h2", "h3", "h4", "h5", "h6":
		title := strings.Join(strings.Fields(p.line.String()), " ")
		p.line.Reset()
		p.parts = append(p.parts, theme.MessagePart{Title: title})
	case "p", "li", "tr", "dt", "dd", "pre", "div", "blockquote", "caption":
		p.flush()
	}
}

// unmark ends a mark, and drops it if it has only spaces in it.
func (p *plainer) unmark(begin, end string) {
	line := strings.TrimRight(p.line.String(), " ")
	before, blank := strings.CutSuffix(line, begin)
	if !blank {
		p.line.WriteString(end)
		return
	}
	p.line.Reset()
	p.line.WriteString(before + " ")
}

// flush ends a line.
func (p *plainer) flush() {
	line := strings.TrimSuffix(strings.Join(strings.Fields(p.line.String()), " "), " |")
	p.line.Reset()
	if line == "" {
		return
	}
	if len(p.parts) == 0 {
		p.parts = append(p.parts, theme.MessagePart{Title: p.beginning})
	}
	last := &p.parts[len(p.parts)-1]
	last.Lines = append(last.Lines, line)
}
