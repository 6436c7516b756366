package report

import (
	"path"
	"strings"

	"github.com/privgen/privgen/internal/source"
)

// An Ignore has the patterns of an IgnoreFile: version files that are not imported.
type Ignore []string

// ParseIgnore parses an IgnoreFile: a pattern a line, and comments with #.
func ParseIgnore(raw []byte) (list Ignore, err error) {
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if _, err := path.Match(line, ""); err != nil {
			return nil, source.Usage(IgnoreFile+": "+line+" is not a pattern",
				"name version files, with * for any characters: content/privacy/2021-*.md")
		}
		list = append(list, line)
	}
	return list, nil
}

// Has reports whether a version file, or a folder that it is in, is ignored.
func (list Ignore) Has(file string) bool {
	for _, pattern := range list {
		if ok, _ := path.Match(pattern, file); ok || strings.HasPrefix(file, strings.TrimSuffix(pattern, "/")+"/") {
			return true
		}
	}
	return false
}
