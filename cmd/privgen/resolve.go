package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/terminal"
)

func resolveCommand(p *program) *cobra.Command {
	var config, at, lang string
	c := command{Use: "resolve [POLICY] [VERSION]", args: atMost(2),
		complete: slugAndVersion(&config),
		run:      func(_ context.Context, args []string) error { return resolve(p, args, config, at, lang) },
		flags:    []any{"config", &config, "at", &at, "lang", &lang, "json", &p.json}}
	return withLanguages(c.cobra(), &config)
}

// A resolveReport is a resolved text as JSON.
type resolveReport struct {
	Policy  string `json:"policy"`
	Version string `json:"version"` // its id; draft for the draft
	Lang    string `json:"lang"`
	File    string `json:"file"`   // the source file, relative to the site's folder
	Title   string `json:"title"`  // the text's own, or empty
	SHA256  string `json:"sha256"` // of its normal form, as in the lock file
	Text    string `json:"text"`
}

func resolve(p *program, args []string, config, at, lang string) error {
	id := ""
	if len(args) == 2 {
		id = args[1]
	}
	s, pol, rest, err := openPolicy(config, at, args, id == "" || id == "draft")
	if err != nil {
		return err
	}
	defer s.Close()
	if len(rest) > 0 {
		id = rest[0]
	}
	st := pol.At(s.now)
	var v *policy.Version
	switch {
	case id == "" && pol.Draft != nil:
		v = pol.Draft
	case id == "" && st.Current() == nil && st.Upcoming() != nil:
		v = st.Upcoming()
	case id == "":
		v, err = site.VersionOf(pol, st, "in-force")
	default:
		v, err = site.VersionOf(pol, st, id)
	}
	if err != nil {
		return err
	}
	one, err := versionSide(s.Site, v, lang)
	if err != nil {
		return err
	}
	text := string(one.body.Markdown())
	if p.json {
		t := v.In(one.lang)
		return terminal.PrintJSON(p.out, resolveReport{pol.Slug, v.ID, t.Lang, t.File, t.Title,
			fmt.Sprintf("%x", t.Normal), text})
	}
	text = strings.TrimLeft(text, "\n")
	if !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	_, err = io.WriteString(terminal.Document(p.out), text)
	return err
}
