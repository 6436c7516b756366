package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/themefile"
	"github.com/privgen/privgen/templates"
	"github.com/privgen/privgen/themes"
)

// schema returns the JSON Schema of privgen.toml with the settings of the themes that
// ship.
func schema() []byte { return config.Schema(themefile.Themes{Shipped: themes.FS}.Conditions()) }

// settingsOf returns the settings of a theme that ships, as comments in privgen.toml.
func settingsOf(name string) string {
	th, err := themefile.Themes{Shipped: themes.FS}.Find(name)
	if err != nil {
		panic("privgen: internal error: " + err.Error())
	}
	return th.Comments()
}

// A theming is one run of a theme command.
type theming struct {
	*program
	config, from string

	themefile.Themes
	dir string
}

func themeCommand(p *program) *cobra.Command {
	c := parent("theme", "theme command")
	name := "NAME, the name of the theme"
	for _, sub := range []struct {
		use, needs string
		run        func(t *theming, name string) error
	}{
		{"list", "", (*theming).list},
		{"show NAME", name, (*theming).show},
		{"new NAME", name, (*theming).create},
		{"eject NAME", "NAME, a block, page, or asset", (*theming).eject},
	} {
		t := &theming{program: p}
		one := command{Use: sub.use, flags: []any{"config", &t.config}, args: arguments()}
		if sub.needs != "" {
			one.args = arguments(sub.needs)
		}
		if sub.use == "new NAME" {
			one.flags = append(one.flags, "from", &t.from)
		}
		one.run = func(_ context.Context, args []string) error {
			files, dir, name, err := openSite(t.config)
			if err != nil {
				return err
			}
			defer files.Close()
			c, list := site.ReadConfig(files, name)
			if list != nil {
				return &problems{list, ""}
			}
			t.dir = dir
			t.Themes = themefile.Themes{Base: templates.FS, Shipped: themes.FS, Site: files, Used: c.Theme.Name}
			return sub.run(t, strings.Join(args, ""))
		}
		c.AddCommand(one.cobra())
	}
	return c
}

func (t *theming) list(string) error {
	list, problems := t.List()
	for _, th := range list {
		mark := " "
		if th.ID == t.Used {
			mark = "*"
		}
		fmt.Fprintf(t.out, "%s %-10s %s\n", mark, th.ID, th.Description)
	}
	return failed(problems, nil, "")
}

func (t *theming) show(name string) error {
	th, err := t.Find(name)
	if err == nil {
		fmt.Fprint(t.out, th.Describe())
	}
	return err
}

func (t *theming) create(name string) error {
	files, err := t.New(name, t.from)
	if err != nil {
		return err
	}
	if err := disk.Create(t.dir, files); err != nil {
		return failed(nil, err, "nothing was written")
	}
	fmt.Fprintf(t.out, "%s\n", filepath.Join(t.dir, "themes", name))
	fmt.Fprintf(t.out, "to use it, write in privgen.toml: [theme] name = %q\n", name)
	fmt.Fprintf(t.out, "to see it with every kind of page, run privgen serve --watch and open /.privgen/gallery/\n")
	return nil
}

func (t *theming) eject(name string) error {
	file, text, err := t.Eject(name)
	if err != nil {
		return err
	}
	if err := disk.Create(t.dir, map[string][]byte{file: text}); err != nil {
		return failed(nil, err, "nothing was written")
	}
	fmt.Fprintf(t.out, "%s\n", filepath.Join(t.dir, filepath.FromSlash(file)))
	return nil
}
