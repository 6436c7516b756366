package snapshots

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/source"
)

// Files returns the files that the user named, and those in folders that can
// be snapshots. It skips the folders that browsers save with pages.
func Files(args []string, pages bool) (out []File, unread source.Problems, err error) {
	add := func(file, name string, info fs.FileInfo) {
		read := func() ([]byte, error) { return os.ReadFile(file) }
		out = append(out, File{Name: filepath.ToSlash(name), Size: info.Size(), Read: read})
	}
	for _, arg := range args {
		info, err := os.Stat(arg)
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return nil, nil, source.Usage(fmt.Sprintf("there is no file or folder %q", arg),
					"name the files to import, or a folder that holds them")

			}
			return nil, nil, err
		}
		if !info.IsDir() {
			if pages && !Accepts(arg, true) {
				return nil, nil, source.Usage(fmt.Sprintf("%s is not an HTML page", arg),
					"for Markdown files run: privgen import snapshots "+arg)

			}
			add(arg, filepath.Clean(arg), info)
			continue
		}
		before := len(out)
		above := filepath.Dir(filepath.Clean(arg))
		if abs, err := filepath.Abs(arg); err == nil && (arg == "." || arg == "..") {
			arg, above = abs, filepath.Dir(abs)
		}
		err = filepath.WalkDir(arg, func(file string, d fs.DirEntry, err error) error {
			if err != nil && file != arg {
				unread = append(unread, source.ReadProblem(filepath.ToSlash(file), err))
				return nil
			}
			if err != nil {
				return err
			}
			beside := d.IsDir() && strings.HasSuffix(d.Name(), "_files")
			if file != arg && (beside || strings.HasPrefix(d.Name(), ".")) {
				if d.IsDir() {
					return fs.SkipDir
				}
				return nil
			}
			if d.Type() == fs.ModeSymlink && Accepts(file, pages) {
				unread = append(unread, source.NewProblem(source.In(filepath.ToSlash(file)), "symlink",
					"this is a symlink, and no text of a folder is read through one",
					"put a copy of what it leads to in its place, or name the file itself"))
				return nil
			}
			if !d.Type().IsRegular() || !Accepts(file, pages) {
				return nil
			}
			info, err := d.Info()
			if err != nil {
				return err
			}
			name, err := filepath.Rel(above, file)
			if err != nil {
				return err
			}
			add(file, name, info)
			return nil
		})
		if err != nil {
			return nil, nil, err
		}
		if len(out) == before && len(unread) == 0 {
			return nil, nil, source.Usage(fmt.Sprintf("the folder %s has nothing to import", arg),
				"import reads files that end in "+fileEndings(pages))

		}
	}
	slices.SortStableFunc(out, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return slices.CompactFunc(out, func(a, b File) bool { return a.Name == b.Name }), unread, nil
}

func fileEndings(pages bool) string {
	if pages {
		return ".html, .htm or .xhtml"
	}
	return ".md, .markdown, .txt, .html or .htm"
}
