package history

import (
	"bytes"
	"fmt"
	"strings"

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
	htmlLike  = pattern(`<[A-Za-z/!?]`)
	elsewhere = pattern(`^(?i:[ \t<]*(?:https?://|mailto:|tel:))`)
)

func needsOf(text []byte) needs {
	n := needs{html: bytes.IndexByte(text, '<') >= 0 && htmlLike().Match(text), images: bytes.Contains(text, []byte("![")), tags: resolve.HasTags(text)}
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
	return needs{n.html || m.html, n.links || m.links, n.images || m.images, n.tags || m.tags}
}

// rules gives the rules for Markdown that let all of it in.
func (n needs) rules() (r Rules) {
	if n.html {
		r.HTML = "sanitize"
	}
	if n.links {
		r.DeadLinks = "keep"
	}
	if n.images {
		r.Images = "link"
	}
	return r
}

// Table writes the rules as the table of a config, nothing where none is said.
func (r Rules) Table() string {
	if r == (Rules{}) {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n[markdown]   # these texts are published, and stay as they are\n")
	for _, kv := range [][2]string{{"html", r.HTML}, {"dead_links", r.DeadLinks}, {"images", r.Images}} {
		if kv[1] != "" {
			fmt.Fprintf(&b, "%s = %s\n", kv[0], quote(kv[1]))
		}
	}
	return b.String()
}
