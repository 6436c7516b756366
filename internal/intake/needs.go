package intake

import (
	"bytes"
	"regexp"

	"github.com/privgen/privgen/internal/resolve"
)

// needs are what a published text needs of the rules for Markdown, so that it
// can be built as it is. They err on the side of need: a rule too many changes
// nothing where it is not needed.
type needs struct {
	html, links, images bool
	tags                bool // of another program, in double braces
}

var (
	htmlLike  = regexp.MustCompile(`<[A-Za-z/!?]`)
	elsewhere = regexp.MustCompile(`^(?i:[ \t<]*(?:https?://|mailto:|tel:))`)
)

func needsOf(text []byte) needs {
	n := needs{html: bytes.IndexByte(text, '<') >= 0 && htmlLike.Match(text), images: bytes.Contains(text, []byte("![")), tags: resolve.HasTags(text)}
	for rest := text; !n.links; {
		i := bytes.IndexByte(rest, ']')
		if i < 0 || i+1 == len(rest) {
			break
		}
		rest = rest[i+1:]
		n.links = (rest[0] == '(' || rest[0] == ':') && !elsewhere.Match(rest[1:min(len(rest), 100)])
	}
	return n
}

func (n needs) or(m needs) needs {
	return needs{n.html || m.html, n.links || m.links, n.images || m.images, n.tags || m.tags}
}
