package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/source"
)

const resolveHelp = `Usage:
  privgen resolve [POLICY] [VERSION] [flags]

Prints the final text of a policy: plain Markdown, after values, shared
clauses, and tables are inserted. VERSION is the id of a version, in-force, or
draft. The default is the draft or, if there is none, the version in force.
POLICY can be omitted if there is only one policy.

Flags:
  --config FILE   the config file (default: the nearest privgen.toml)
  --at DAY        the day for in-force (default: now)
  --lang TAG      print the text in this language (default: the
                  authoritative one)
  --json          print the text as JSON, with its digest and title
  --help          show this

Example:
  privgen resolve privacy in-force
`

type resolveFlags struct{ config, at, lang string }

func (p *program) resolveCommand() *cobra.Command {
	var f resolveFlags
	c := &cobra.Command{
		Use: "resolve [POLICY] [VERSION]",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 2 {
				return source.Usage(fmt.Sprintf("too many arguments: %q", args[2]), "run: privgen resolve --help")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return p.resolve(args, f) },
	}
	c.Flags().StringVar(&f.config, "config", "", "")
	c.Flags().StringVar(&f.at, "at", "", "")
	c.Flags().StringVar(&f.lang, "lang", "", "")
	c.Flags().BoolVar(&p.json, "json", false, "")
	c.ValidArgsFunction = func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return slugs(f.config), cobra.ShellCompDirectiveNoFileComp
	}
	setHelp(c, resolveHelp)
	return c
}

// A resolveReport is a resolved text as JSON.
type resolveReport struct {
	Policy  string `json:"policy"`
	Version string `json:"version"` // its id; draft for the draft
	Lang    string `json:"lang"`
	File    string `json:"file"`   // where it was written, relative to the site's folder
	Title   string `json:"title"`  // the text's own, or empty
	SHA256  string `json:"sha256"` // of its normal form, as in the lock file
	Text    string `json:"text"`
}

func (p *program) resolve(args []string, f resolveFlags) error {
	files, _, name, err := openSite(f.config)
	if err != nil {
		return err
	}
	defer files.Close()
	id := ""
	if len(args) == 2 {
		id = args[1]
	}
	s, err := loadAsked(files, name, args, id == "" || id == "draft")
	if err != nil {
		return err
	}
	now, err := moment(f.at, s)
	if err != nil {
		return err
	}
	pol, rest, err := policyOf(s, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		id = rest[0]
	}
	st := pol.At(now)
	var v *policy.Version
	switch {
	case id == "" && pol.Draft != nil:
		v = pol.Draft
	case id == "" && st.Current() == nil && st.Upcoming() != nil:
		v = st.Upcoming()
	case id == "":
		v, err = versionOf(pol, st, "in-force")
	default:
		v, err = versionOf(pol, st, id)
	}
	if err != nil {
		return err
	}
	one, err := versionSide(s, v, f.lang)
	if err != nil {
		return err
	}
	text := string(one.body.Markdown())
	if p.json {
		t := v.In(one.lang)
		return printJSON(p.out, resolveReport{pol.Slug, v.ID, t.Lang, t.File, t.Title, fmt.Sprintf("%x", t.Normal),
			text})
	}
	text = strings.TrimLeft(text, "\n")
	if !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	_, err = io.WriteString(document(p.out), text)
	return err
}
