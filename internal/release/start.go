package release

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

// A Start is a version or a draft that is started.
type Start struct {
	Files    fs.FS // the site's folder
	Slug     string
	Language string // of a translation; empty for the policy's own
}

// Dated returns a text with the date on which it takes effect, and that date: the
// one in its front matter, or else when.
func (s *Start) Dated(file *source.File, matter policy.FrontMatter, when day.Day) ([]byte, day.Day) {
	if !matter.Effective.IsZero() {
		return file.Text, matter.Effective.In(time.UTC)
	}
	text := fmt.Appendf(nil, "+++\neffective = %s\n", when)
	if rest, has := bytes.CutPrefix(file.Text, []byte("+++\n")); has {
		return append(text, rest...), when
	}
	return append(append(text, "+++\n\n"...), file.Text...), when
}

// FreeID returns the id of a new version that takes effect on a day.
func (s *Start) FreeID(when day.Day) (string, error) {
	return freeID(s.Files, nil, path.Join(site.Content, s.Slug), when)
}
