// Package themes has the themes that ship with privgen.
//
// A theme is a folder: theme.toml with its name and settings, templates that
// redefine blocks of the base (see package templates), and assets, including
// style sheets that follow the base style sheet in one file. A setting that is
// a color or a length is the custom property --setting-NAME in style sheets;
// any setting is .Settings.NAME in templates.
package themes

import "embed"

// FS has one folder for each theme.
//
//go:embed center gazette plain
var FS embed.FS
