package snapshots

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/imports/history"
	"github.com/privgen/privgen/internal/imports/naming"
	"github.com/privgen/privgen/internal/source"
)

// Files returns the files that the user named, and those in folders that can
// be snapshots. It skips the folders that browsers save with pages. Notes name the
// files in folders that can be texts in other formats. Unread has a problem for
// each file or folder that cannot be read.
func Files(args []string, pages bool) (out []File, notes []history.Note, unread source.Problems, err error) {
	c := &collection{pages: pages}
	for _, arg := range args {
		if err := c.addArgument(arg); err != nil {
			return nil, nil, nil, err
		}
	}
	if len(c.others) > 0 {
		notes = []history.Note{{Decide: true, Files: c.others,
			Text: "not imported, because privgen does not read their format; " + saveAsPage}}
	}
	slices.SortStableFunc(c.files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return slices.CompactFunc(c.files, func(a, b File) bool { return a.Name == b.Name }), notes, c.unread, nil
}

const saveAsPage = "open each file in its program, save it as HTML, and import that"

// A collection collects the files of an import.
type collection struct {
	pages  bool // only saved pages
	files  []File
	others []string // in formats that are not read
	unread source.Problems
}

func (c *collection) add(file, name string, info fs.FileInfo) {
	read := func() ([]byte, error) { return os.ReadFile(file) }
	c.files = append(c.files, File{Name: filepath.ToSlash(name), Size: info.Size(), Read: read})
}

// addArgument adds a file that the user named, or the files of a folder.
func (c *collection) addArgument(arg string) error {
	info, err := os.Stat(arg)
	switch {
	case err != nil && strings.Contains(arg, "://"):
		return source.Usage("privgen import does not download pages",
			"save the page in a browser as HTML, and run: privgen import html FILE")
	case errors.Is(err, fs.ErrNotExist):
		return source.Usage(fmt.Sprintf("there is no file or folder %q", arg),
			"name the files to import, or a folder that contains them")
	case err != nil:
		return err
	case info.IsDir():
		return c.addFolder(arg)
	case naming.IsOther(arg):
		return source.Usage(fmt.Sprintf("privgen does not read the format of %q", arg), saveAsPage)
	case c.pages && !accepts(arg, true):
		return source.Usage(fmt.Sprintf("%s is not an HTML page", arg),
			"for Markdown files run: privgen import snapshots "+arg)
	}
	c.add(arg, filepath.Clean(arg), info)
	return nil
}

func (c *collection) addFolder(arg string) error {
	before, others := len(c.files), len(c.others)
	above := filepath.Dir(filepath.Clean(arg))
	if abs, err := filepath.Abs(arg); err == nil && (arg == "." || arg == "..") {
		arg, above = abs, filepath.Dir(abs)
	}
	err := filepath.WalkDir(arg, func(file string, d fs.DirEntry, err error) error {
		if err != nil && file != arg {
			c.unread = append(c.unread, source.ReadProblem(filepath.ToSlash(file), err))
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
		return c.addFound(file, above, d)
	})
	if err != nil {
		return err
	}
	if len(c.files) == before && len(c.unread) == 0 {
		do := "import reads files that end in " + fileEndings(c.pages)
		if len(c.others) > others {
			do += ";\n" + c.others[others] + ": " + saveAsPage
		}
		return source.Usage(fmt.Sprintf("the folder %s has nothing to import", arg), do)
	}
	return nil
}

// addFound adds a file of a folder. Names begin at the folder above.
func (c *collection) addFound(file, above string, d fs.DirEntry) error {
	switch accepted := accepts(file, c.pages); {
	case accepted && d.Type() == fs.ModeSymlink:
		c.unread = append(c.unread, source.NewProblem(source.In(filepath.ToSlash(file)), "symlink",
			"this is a symlink, and no text of a folder is read through one",
			"put a copy of what it leads to in its place, or name the file itself"))
		return nil
	case !d.Type().IsRegular():
		return nil
	case !accepted && naming.IsOther(file):
		c.others = append(c.others, filepath.ToSlash(file))
		return nil
	case !accepted:
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
	c.add(file, name, info)
	return nil
}

func fileEndings(pages bool) string {
	if pages {
		return ".html, .htm or .xhtml"
	}
	return ".md, .markdown, .txt, .html or .htm"
}
