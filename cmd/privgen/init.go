package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/content"
	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/site"
)

const initHelp = `Usage:
  privgen init DIR

Creates a small, complete site: a config to fill in, a privacy policy with two
versions and the draft of a third, and a cookie policy. The company is
fictional. The folder is created if necessary. Existing files are never
changed.

Flags:
  --help    show this

Example:
  privgen init legal
`

// startConfig is the config of a new site. The user replaces the example's
// company; everything else can stay.
const startConfig = `#:schema ./privgen.schema.json

[site]
title = "Example Ltd: policies"
base_url = "https://legal.example.com/"   # the URL of the site, with a path if it has one
language = "en-GB"                        # with a region: it decides how dates are written
time_zone = "Europe/London"               # in which days begin

[organization]
name = "Example Ltd"
email = "privacy@example.com"
address = """
1 Example Street
Exampletown"""

# What texts can insert: {{values.office_hours}}. See content/privacy/draft.md.
[values]
certificate_years = 20
office_hours = "Monday to Friday, 9:00 to 17:00, London time"

[theme]
name = "plain"
`

const startPolicy = `title = "Privacy policy"
kind = "privacy"
description = "What we learn about you, what we do with it, and what you can ask."
order = 1
`

// ignore excludes the caches of builds from version control.
const ignore = "# What builds know about each other. It can be removed at any time.\n/.privgen/\n"

func initCommand(p *program) *cobra.Command {
	c := command{Use: "init DIR", help: initHelp, args: arguments("DIR, the folder to make the site in"),
		complete: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		}, run: func(_ context.Context, args []string) error { return start(p.out, args[0]) }}
	return c.cobra()
}

// start creates a small site.
func start(out io.Writer, dir string) error {
	if err := writable(dir); err != nil {
		return err
	}
	files := map[string][]byte{
		site.ConfigFile:                       []byte(startConfig),
		"privgen.schema.json":                 schema(),
		".gitignore":                          []byte(ignore),
		site.Content + "/privacy/policy.toml": []byte(startPolicy),
	}
	err := fs.WalkDir(content.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(name, "policy.toml") {
			return err
		}
		files[site.Content+"/"+name], err = fs.ReadFile(content.FS, name)
		return err
	})
	if err != nil {
		panic("privgen: internal error: reading what init hands out: " + err.Error())
	}
	if err := disk.Create(dir, files); err != nil {
		return failed(nil, err, "nothing was written")
	}
	fmt.Fprintf(out, "made a site in %s\n", dir)
	fmt.Fprintf(out, "  %s  write your name and the URL of the site\n", filepath.Join(dir, site.ConfigFile))
	fmt.Fprintf(out, "  %s       put your texts in the place of the example's\n", filepath.Join(dir, site.Content))
	fmt.Fprintf(out, "next: cd %s && privgen serve --watch\n", dir)
	return nil
}
