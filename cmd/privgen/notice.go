package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/notice"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/terminal"
)

func noticeCommand(p *program) *cobra.Command {
	var config, at, as, lang string
	c := command{Use: "notice POLICY [VERSION]", args: atMost(2), complete: slugs(&config, 1),
		flags: []any{"config", &config, "at", &at, "as", &as, "lang", &lang}}
	c.run = func(_ context.Context, args []string) error {
		s, pol, rest, err := openPolicy(config, at, args, false)
		if err != nil {
			return err
		}
		defer s.Close()
		st := pol.At(s.now)
		v := st.Upcoming()
		if v == nil {
			v = st.Current()
		}
		if len(rest) > 0 {
			if v = pol.Version(rest[0]); v == nil {
				return source.Usage(fmt.Sprintf("%s has no version %q", pol.Slug, rest[0]),
					"run: privgen status "+pol.Slug)
			}
		}
		if v == nil {
			return source.Refuse("not-in-force",
				fmt.Sprintf("no version of %s is in force, and none is upcoming", pol.Slug),
				"name a version: privgen notice "+pol.Slug+" VERSION")
		}
		if lang == "" {
			lang = v.Authoritative().Lang
		}
		if as == "" {
			as = string(notice.Mail)
		}
		n, err := notice.New(s.Site, v, lang, s.now)
		if err != nil {
			return failed(nil, err, "")
		}
		out, err := n.Write(notice.Form(as))
		if err != nil {
			return failed(nil, err, "")
		}
		_, err = terminal.Document(p.out).Write(out)
		return err
	}
	return c.cobra()
}
