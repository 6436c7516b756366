package main

import "context"

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

func importHTML(r *importRun) command {
	return command{Use: "html FILES|FOLDER...", help: importHTMLHelp, args: atLeastOne("FILES|FOLDER, the saved pages"),
		run: func(ctx context.Context, args []string) error { return r.snapshots(ctx, args, true) },
		flags: []any{"select", &r.choices.Select, "address", &r.choices.Address, "effective", &r.flags.Effective,
			"headings", &r.choices.Headings}}
}
