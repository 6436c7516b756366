package disk

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// listName is the name of the ownership list in the output folder.
const listName = ".privgen"

const listHead = "# Written by privgen. To check these files: sha256sum -c .privgen\n"

type digest = [sha256.Size]byte

// A claim is a line of the ownership list: privgen wrote these bytes at this
// path.
type claim struct {
	path string
	sum  digest
}

// owned lists claims sorted by path. A path can have several.
type owned []claim

func parseOwned(text []byte) owned {
	var o owned
	for line := range bytes.Lines(text) {
		line = bytes.TrimRight(line, "\r\n")
		var c claim
		const start = 2*sha256.Size + 2
		if len(line) <= start || line[start-2] != ' ' || line[start-1] != ' ' && line[start-1] != '*' {
			continue
		}
		if _, err := hex.Decode(c.sum[:], line[:start-2]); err != nil {
			continue
		}
		c.path = string(line[start:])
		// The list can come from anywhere, and determines what to remove.
		if fs.ValidPath(c.path) && filepath.IsLocal(filepath.FromSlash(c.path)) && c.path != "." && !hasDot(c.path) {
			o = append(o, c)
		}
	}
	return o.sorted()
}

// hasDot reports whether a name in a path begins with a dot. No file of a site
// does, except in .well-known, where hosts expect some: it can belong to a
// repository or to the config of a server.
func hasDot(p string) bool {
	return strings.HasPrefix(p, ".") && !strings.HasPrefix(p, ".well-known/") || strings.Contains(p, "/.")
}

func (o owned) sorted() owned {
	less := func(a, b claim) int {
		if c := strings.Compare(a.path, b.path); c != 0 {
			return c
		}
		return bytes.Compare(a.sum[:], b.sum[:])
	}
	if !slices.IsSortedFunc(o, less) {
		slices.SortFunc(o, less)
	}
	return slices.Compact(o)
}

func (o owned) text() []byte {
	size := len(listHead)
	for _, c := range o {
		size += 2*sha256.Size + len("  \n") + len(c.path)
	}
	b := append(make([]byte, 0, size), listHead...)
	for _, c := range o {
		if strings.ContainsAny(c.path, "\\\n\r") {
			panic(fmt.Sprintf("privgen: internal error: no file can be named %q", c.path))
		}
		b = hex.AppendEncode(b, c.sum[:])
		b = append(b, ' ', ' ')
		b = append(b, c.path...)
		b = append(b, '\n')
	}
	return b
}

// at returns the claims for a path.
func (o owned) at(path string) owned {
	i, _ := slices.BinarySearchFunc(o, path, func(c claim, p string) int { return strings.Compare(c.path, p) })
	j := i
	for j < len(o) && o[j].path == path {
		j++
	}
	return o[i:j]
}

// wrote reports whether one of the claims is for bytes with this digest.
func (o owned) wrote(sum digest) bool {
	return slices.ContainsFunc(o, func(c claim) bool { return c.sum == sum })
}
