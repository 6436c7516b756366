package disk

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/privgen/privgen/internal/source"
)

// sharedMark is the file that marks a folder whose clauses, data, themes, and words
// sites can use. Without it, a stranger's checkout could name any folder of the
// machine and publish its files.
const sharedMark = "shared.toml"

// Shared opens a folder that several sites use, by its path from the site's folder,
// with slashes. The folder must contain sharedMark. Its path must have no symlink
// below the nearest folder that contains both. Like a site, it is read through no
// symlink.
func (s *Site) Shared(name string, at source.Pos) (fs.FS, *source.Problem) {
	wrong := func(what, do string) (fs.FS, *source.Problem) {
		return nil, source.NewProblem(at, "bad-shared", fmt.Sprintf("the shared folder %q %s", name, what), do)
	}
	dir, err := filepath.Abs(s.root.Name())
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir)
	}
	if err != nil {
		return wrong("is beside a site that cannot be read", "look at the folder of the site")
	}
	shared := filepath.Join(dir, filepath.FromSlash(path.Clean(name)))
	for common := range upward(dir) {
		if rel, err := filepath.Rel(common, shared); err != nil || !filepath.IsLocal(rel) {
			continue
		}
		if linkBelow(common, shared) != "" {
			return wrong("is behind a symlink", "write the path of the folder that it leads to: [shared] path")
		}
		break
	}
	info, err := os.Lstat(filepath.Join(shared, sharedMark))
	if folder, e := os.Stat(shared); e != nil || !folder.IsDir() {
		return wrong("does not exist", "write the path from the site's folder, such as \"../library\"")
	}
	if err != nil || !info.Mode().IsRegular() {
		return wrong("has no file "+sharedMark, "if its clauses, data, themes, and words may be published, create an "+
			"empty file "+path.Join(name, sharedMark))
	}
	root, err := os.OpenRoot(shared)
	if err != nil {
		return wrong("cannot be opened", "look at its permissions")
	}
	return &Site{root}, nil
}

// sharedHint adds to the fix for a symlink how to share a folder without one.
func sharedHint(name, do string) string {
	places := []string{"content/_clauses", "content/_data", "themes", "templates/words"}
	if !slices.Contains(places, name) && !slices.Contains(places, path.Dir(name)) {
		return do
	}
	return do + ",\nor write the folder that several sites use into privgen.toml: [shared] path = \"../library\""
}
