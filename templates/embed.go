// Package templates holds the page kinds and their base look: what every theme
// builds on.
//
// There is one file for each kind of page (home, policy, version, archive,
// redline, unmarked, notfound), named by the kind. Such a file is the skeleton of its page and is
// composed of blocks; the blocks stand in base.html, each with a comment that
// says what it draws and what it is given. A theme, and after it a site,
// replaces a block by defining it again, or a whole page by a file of the same
// name.
//
// What a block can show is a page type of internal/theme, or a part of one.
package templates

import "embed"

// FS holds the template files at its root and the base style sheet in assets.
//
//go:embed *.html assets
var FS embed.FS
