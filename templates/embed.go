// Package templates has the page kinds and the base theme, on which every theme
// builds.
//
// There is one file for each kind of page (home, policy, version, archive,
// redline, unmarked, notfound), named after the kind. Such a file is the frame
// of its page and is composed of blocks. The blocks are in base.html, each with
// a comment about its output and its data. A theme, and after it a site,
// replaces a block by defining it again, or a whole page by a file of the same
// name.
//
// The folder notice has the templates of notices of a new version. They use no blocks,
// and their data is a theme.Message.
//
// The data of a block is a page type of package theme, or a part of one.
package templates

import "embed"

// FS has the template files at its root and the base style sheet in assets.
//
//go:embed *.html assets notice
var FS embed.FS
