package main

import "github.com/spf13/cobra"

const importHTMLHelp = `Usage:
  privgen import html FILES|FOLDER... [flags]

Makes a policy of each saved web page. The text is found and written as
Markdown with its tables, lists, ids and links. What is around it (navigation,
banners, scripts) is left out and listed in the plan. The date is the one that
the text states, or that in the file's name or in the page's head.

Flags:
  --select CSS      the element that has the text, if the wrong one is found:
                    main, #content
  --headings        make headings of short lines that are headings except for
                    their markup; the plan lists them
  --address URL     the URL of the pages, for links, if they do not have it
  --effective DAY   the date of files without a date
` + importTargetHelp + `  --group HOW       one version per day, week or N-hours: the last text of
                    each group
` + importChoiceHelp + importReportHelp + `
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
