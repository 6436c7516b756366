package notice

import (
	"encoding/base64"
	"fmt"
	"html"
	"regexp"
	"strings"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/redline/view"
)

// maxMail is how many bytes of changes a mail has at most; Gmail cuts a mail off
// after 102 KB.
const maxMail = 60 << 10

// The styles of a mail and its marks. The colors are readable on white and on black,
// since some clients invert what they show.
const (
	mailStyle = "margin:0 auto;padding:16px;max-width:640px;font-family:Arial,Helvetica,sans-serif;" +
		"font-size:16px;line-height:1.5"
	insStyle = "background:#d7f0dc;color:#0b4a1e;text-decoration:underline"
	delStyle = "background:#fbdede;color:#7a1212;text-decoration:line-through"
)

// htmlMail returns an e-mail as HTML.
func (n *Notice) htmlMail() []byte {
	e := html.EscapeString
	b := fmt.Appendf(nil, `<!doctype html>
<html lang="%s" dir="%s">
<meta charset="utf-8">
<title>%s</title>
<body style="%s">
<p>%s</p>
<h1 style="font-size:22px;line-height:1.3">%s</h1>
<p><strong>%s</strong></p>
`, n.text.Lang, n.words.Dir, e(n.title+": "+n.sentence()), mailStyle, e(n.site.Config.Organization.Name), e(n.title),
		e(n.sentence()))
	summary, points := n.summary()
	if summary != "" {
		b = fmt.Appendf(b, "<p>%s</p>\n", e(summary))
	}
	b = list(b, points)
	var links []string
	for _, link := range n.links() {
		links = append(links, fmt.Sprintf(`<a href="%s">%s</a>`, e(link[1]), e(link[0])))
	}
	b = fmt.Appendf(b, "<p>%s</p>\n", strings.Join(links, " &middot; "))
	b = n.listChanges(b)
	o := &n.site.Config.Organization
	var contact []string
	for _, line := range append(strings.Split(strings.TrimSpace(o.Address), "\n"), o.Email, o.Phone, o.URL) {
		if line != "" {
			contact = append(contact, e(line))
		}
	}
	return fmt.Appendf(b, "<hr>\n<p style=\"font-size:14px\">%s<br>%s</p>\n</body>\n</html>\n", e(o.Name),
		strings.Join(contact, "<br>"))
}

func list(b []byte, points []string) []byte {
	if len(points) == 0 {
		return b
	}
	b = append(b, "<ul>\n"...)
	for _, p := range points {
		b = fmt.Appendf(b, "<li>%s</li>\n", html.EscapeString(p))
	}
	return append(b, "</ul>\n"...)
}

// listChanges appends the words that changed, by clause.
func (n *Notice) listChanges(b []byte) []byte {
	begin, open := len(b), false
	var last *redline.Clause
	for i, c := range n.changes {
		if c.Kind == view.Cosmetic {
			continue
		}
		if len(b)-begin > maxMail {
			rest := strings.ReplaceAll(n.words.Words.ManyChanges, "{n}", n.words.Number(len(n.changes)-i))
			b = fmt.Appendf(b, "<li>&hellip; <a href=\"%s\">%s</a></li>\n", html.EscapeString(n.compared),
				html.EscapeString(rest))
			break
		}
		if last != c.Clause || !open {
			if open {
				b = append(b, "</ul>\n"...)
			} else {
				b = fmt.Appendf(b, "<h2 style=\"font-size:19px\">%s</h2>\n", html.EscapeString(n.heading()))
			}
			title := strings.TrimSpace(c.Clause.Title)
			if title == "" {
				title = n.words.Words.Beginning
			}
			b = fmt.Appendf(b, "<p><strong>%s</strong></p>\n<ul>\n", html.EscapeString(title))
			last, open = c.Clause, true
		}
		b = append(b, "<li>"...)
		for _, p := range c.Words {
			text := html.EscapeString(p.Text)
			switch p.Mark {
			case "ins":
				text = fmt.Sprintf(`<ins style="%s">%s</ins>`, insStyle, text)
			case "del":
				text = fmt.Sprintf(`<del style="%s">%s</del>`, delStyle, text)
			}
			b = append(b, text...)
		}
		b = append(b, "</li>\n"...)
	}
	if open {
		b = append(b, "</ul>\n"...)
	}
	return b
}

// ids matches the id of an element of our own HTML, in which quotation marks and
// angle brackets of texts are escaped.
var ids = regexp.MustCompile(`(<[a-z][^<>]*?) id="[^"]*"`)

var pictures = regexp.MustCompile(`(<img src=")([^"]*)"`)

// document returns one HTML file with the text, what changed, and the dates.
func (n *Notice) document() ([]byte, error) {
	e := html.EscapeString
	body, err := n.site.Library.Body(n.text)
	if err != nil {
		return nil, err
	}
	b := fmt.Appendf(nil, "<!doctype html>\n<html lang=\"%s\" dir=\"%s\">\n<meta charset=\"utf-8\">\n"+
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>%s</title>\n"+
		"<style>\n%s</style>\n<p>%s</p>\n<dl>\n",
		n.text.Lang, n.words.Dir, e(n.title+" – "+n.site.Config.Organization.Name), documentStyle,
		e(n.site.Config.Organization.Name))
	for _, line := range n.stamp() {
		b = fmt.Appendf(b, "<div><dt>%s</dt> <dd>%s</dd></div>\n", e(line[0]), e(line[1]))
	}
	b = append(b, "</dl>\n"...)
	summary, points := n.summary()
	if summary != "" {
		b = fmt.Appendf(b, "<p>%s</p>\n", e(summary))
	}
	b = append(list(b, points), "<article>\n"...)
	set := &markdown.RenderOptions{Clause: n.words.Words.Clause, Table: n.words.Words.Table,
		Footnotes: n.words.Words.Footnotes, Back: n.words.Words.Back, Short: n.words.Words.Short,
		Aliases: n.text.FrontMatter.Aliases, Address: n.addresses(n.text)}
	b, _ = body.HTML(b, set)
	b = append(b, "</article>\n"...)
	if n.redline != nil {
		marked, _ := view.HTML(nil, n.redline, n.options())
		marked = ids.ReplaceAll(marked, []byte("$1")) // the text above has them
		b = fmt.Appendf(b, "<hr>\n<h1>%s</h1>\n<article>\n%s</article>\n", e(n.heading()), marked)
	}
	return append(n.withPictures(b), "</html>\n"...), nil
}

// withPictures puts the images of the site into a document.
func (n *Notice) withPictures(b []byte) []byte {
	return pictures.ReplaceAllFunc(b, func(tag []byte) []byte {
		m := pictures.FindSubmatch(tag)
		for name, f := range n.site.Files {
			if n.site.Paths.URL(f.Path) != html.UnescapeString(string(m[2])) {
				continue
			}
			if raw, err := n.site.Library.ReadFile(name); err == nil {
				return fmt.Appendf(nil, `%sdata:%s;base64,%s"`, m[1], f.Media, base64.StdEncoding.EncodeToString(raw))
			}
		}
		return tag
	})
}

var documentStyle = strings.ReplaceAll(standaloneStyle, "%%", "%") + `body > dl div { display: flex; flex-wrap: wrap; gap: .5rem }
body > dl dt { color: light-dark(#555, #aaa) }
body > dl dd { margin: 0; overflow-wrap: anywhere }
img { max-width: 100% }
.anchor { display: none }
`
