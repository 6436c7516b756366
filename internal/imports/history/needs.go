package history

import (
	"bytes"
	"cmp"

	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/resolve"
)

// needs are the rules that a text needs to be built unchanged. A rule too many is
// harmless, so the tests are generous.
type needs struct {
	policy markdown.Rules // for all texts of the policy
	text   markdown.Rules // for this text
	tags   string         // "keep" for template tags in double braces
}

var (
	htmlLike  = lazyregexp.New(`<[A-Za-z/!?]`)
	elsewhere = lazyregexp.New(`^(?i:[ \t<]*(?:mailto:|tel:))`)
)

func needsOf(text []byte) (n needs) {
	if bytes.IndexByte(text, '<') >= 0 && htmlLike().Match(text) {
		n.policy.HTML = "sanitize"
	}
	if bytes.Contains(text, []byte("![")) {
		n.policy.Images = "link"
	}
	if hasLinks(text) {
		n.text.DeadLinks = "keep"
	}
	if markdown.HasMistakes(text) {
		n.text.Mistakes = "keep"
	}
	if resolve.HasTags(text) {
		n.tags = "keep"
	}
	return n
}

// hasLinks reports whether a text has a link that may lead into the site.
func hasLinks(text []byte) bool {
	if bytes.Contains(text, []byte("://")) {
		return true
	}
	for {
		_, rest, _ := bytes.Cut(text, []byte("]"))
		if len(rest) == 0 {
			return false
		}
		if (rest[0] == '(' || rest[0] == ':') && !elsewhere().Match(rest[1:min(len(rest), 100)]) {
			return true
		}
		text = rest
	}
}

// joined returns the rules for all texts of a policy that two texts need together.
func joined(a, b markdown.Rules) markdown.Rules {
	return markdown.Rules{HTML: cmp.Or(a.HTML, b.HTML), Images: cmp.Or(a.Images, b.Images)}
}
