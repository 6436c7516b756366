// Package themes holds the looks that ship with privgen.
//
// A theme is a folder: theme.toml with its name and settings, templates that
// define blocks of the page again (package templates says which there are),
// and assets, among them style sheets that follow the base look's in one file.
// A setting that is a color or a length reaches the style sheets as the custom
// property --setting-NAME, any setting the templates as .Settings.NAME.
package themes

import "embed"

// FS holds one folder for each theme.
//
//go:embed gazette plain
var FS embed.FS
