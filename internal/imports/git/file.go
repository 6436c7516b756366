package git

import (
	"context"
	"strings"
)

// FindFile returns the newest committed text of a file for which want returns true,
// or nil. It reads the last 200 commits that changed the file. The path of the file
// is relative to the folder that was opened.
func (r *Repo) FindFile(ctx context.Context, file string, want func(text []byte) bool) ([]byte, error) {
	out, err := r.git(ctx, "log", "--format=%H", "-n", "200", r.tip, "--", file)
	if err != nil {
		return nil, err
	}
	for commit := range strings.FieldsSeq(string(out)) {
		text, err := r.git(ctx, "cat-file", "blob", commit+":./"+file)
		if err == nil && want(text) {
			return text, nil
		}
	}
	return nil, nil
}
