package main

import "context"

func importHTML(r *importRun) command {
	return command{Use: "html FILES|FOLDER...", args: atLeastOne("FILES|FOLDER, the saved pages"),
		run: func(ctx context.Context, args []string) error { return r.snapshots(ctx, args, true) },
		flags: []any{"select", &r.choices.Select, "address", &r.choices.Address, "effective", &r.flags.Effective,
			"headings", &r.choices.Headings}}
}
