package notice

import (
	"encoding/base64"
	"fmt"
	"html"
	"regexp"

	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/redline/view"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/theme"
)

const (
	maxMail   = 100 << 10 // bytes of an HTML mail; Gmail cuts a mail off after 102 KB
	maxMarked = 60 << 10  // bytes of the passages in it that changed
)

// htmlMail returns an e-mail as HTML, with as many of the changes as fit.
func (n *Notice) htmlMail(m *theme.Message) ([]byte, error) {
	for most := maxMarked; ; most /= 2 {
		marked, more := n.marked(most)
		m.SetMarked(marked)
		m.More = more
		mail, err := n.site.Theme.Message("mail.html", m)
		if err != nil || len(mail) <= maxMail {
			return mail, err
		}
		if m.Marked == "" {
			return nil, source.Refuse("long-mail",
				fmt.Sprintf("the mail has %d KB, and mail clients cut it off after 100", len(mail)>>10),
				"shorten the summary, the changes, or templates/notice/mail.html")
		}
	}
}

// ids matches an element up to its id in our own HTML, which escapes quotation marks
// and angle brackets of texts: <h2 id="returns".
var ids = regexp.MustCompile(`(<[a-z][^<>]*?) id="[^"]*"`)

var pictures = regexp.MustCompile(`(<img src=")([^"]*)"`)

// document returns one HTML file with the text, the redline, and the dates.
func (n *Notice) document(m *theme.Message) ([]byte, error) {
	body, err := n.site.Library.Body(n.text)
	if err != nil {
		return nil, err
	}
	set := pages.WordsOf(&n.words.Words).RenderOptions
	set.Aliases, set.Address = n.text.FrontMatter.Aliases, n.addresses(n.text)
	text, _ := body.HTML(nil, &set)
	var marked []byte
	if n.redline != nil {
		marked, _ = view.HTML(nil, n.redline, n.options())
		marked = ids.ReplaceAll(marked, []byte("$1")) // the text above has them
	}
	m.SetText(text, marked, markStyle)
	out, err := n.site.Theme.Message("document.html", m)
	return n.withPictures(out), err
}

// withPictures replaces the URLs of the site's images in a document by data URLs.
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
