package main

import "github.com/spf13/cobra"

const importHTMLHelp = `Usage:
  privgen import html FILES|FOLDER... [flags]

Makes a policy of each saved page: its text is found, what stands around it
(navigation, banners, scripts) is dropped and named in the plan, and it is
written as Markdown with its tables, lists, ids and links. The day is the one
that the text says, or the file's name, or the page's head.

Flags:
  --select CSS      what to take, where the guess is wrong: main, #content
  --headings        make headings of short lines that are headings in all but
                    markup: bold, numbered or plain; the plan names them
  --address URL     where the pages were, if they do not say it, for links
  --effective DAY   the day of those that tell none
  --out DIR         the site to write to, or to start; without it, the nearest
  --config FILE     the config of the site, if it is not the nearest
  --group HOW       one version a day, week or N-hours; the last text of a
                    group stands for it
  --since DAY       leave out what stood before a day
  --until DAY       leave out what came after a day
  --keep-all        keep broken texts and those that were taken back
  --name PATH=SLUG  name a policy; may be given several times
  --summaries       write how much changed as the summary of each version
  --dry-run         only show what would be written
  --yes             do not ask
  --verbose         show every policy, and everything that is left out
  --quiet           show problems only
  --json            print the report as JSON
  --help            show this

Example:
  privgen import html privacy.html --out legal --select main
`

func (p *program) importHTMLCommand() *cobra.Command {
	var f snapshotFlags
	c := &cobra.Command{
		Use:  "html FILES|FOLDER...",
		Args: someFiles("FILES|FOLDER, the saved pages"),
		RunE: func(c *cobra.Command, args []string) error {
			return p.importSnapshots(c.Context(), args, f, true)
		},
	}
	f.add(p, c)
	setHelp(c, importHTMLHelp)
	return c
}
