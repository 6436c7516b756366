package history

import (
	"bytes"

	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/resolve"
)

// needs are the Markdown rules that a text needs to be built as it is. A rule too
// many is harmless, so the tests are generous.
type needs struct {
	html, links, images bool
	tags                bool // template tags in double braces
	mistakes            bool // slips in the Markdown
}

var (
	htmlLike  = lazyregexp.New(`<[A-Za-z/!?]`)
	elsewhere = lazyregexp.New(`^(?i:[ \t<]*(?:mailto:|tel:))`)
)

func needsOf(text []byte) needs {
	n := needs{
		html:   bytes.IndexByte(text, '<') >= 0 && htmlLike().Match(text),
		images: bytes.Contains(text, []byte("![")),
		tags:   resolve.HasTags(text),

		mistakes: markdown.HasMistakes(text),
	}
	n.links = bytes.Contains(text, []byte("://")) // it may lead into the site
	for rest := text; !n.links; {
		i := bytes.IndexByte(rest, ']')
		if i < 0 || i+1 == len(rest) {
			break
		}
		rest = rest[i+1:]
		n.links = (rest[0] == '(' || rest[0] == ':') && !elsewhere().Match(rest[1:min(len(rest), 100)])
	}
	return n
}

func (n needs) or(m needs) needs {
	return needs{n.html || m.html, n.links || m.links, n.images || m.images, n.tags || m.tags, n.mistakes || m.mistakes}
}

// rules returns the Markdown rules that allow all of it.
func (n needs) rules() (r markdown.Rules) {
	if n.html {
		r.HTML = "sanitize"
	}
	if n.images {
		r.Images = "link"
	}
	return r
}
