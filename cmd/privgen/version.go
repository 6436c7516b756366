package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/buildinfo"
	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/terminal"
	"github.com/privgen/privgen/internal/toml"
)

func versionCommand(p *program) *cobra.Command {
	c := command{Use: "version", args: arguments(), flags: []any{"json", &p.json}}
	c.run = func(context.Context, []string) error {
		if p.json {
			return terminal.PrintJSON(p.out, buildinfo.Get())
		}
		buildinfo.Get().Print(p.out)
		return nil
	}
	return c.cobra()
}

// programID returns an id of this program; see disk.ProgramID.
func programID() string { return disk.ProgramID(buildinfo.Get().Version) }

// schemas returns the JSON Schemas that editors use, by kind of file.
func schemas() map[string][]byte {
	const at = "https://github.com/privgen/privgen/"
	return map[string][]byte{
		"config":       schema(),
		"policy":       toml.Schema(policy.Settings{}, at+"policy.schema.json", "policy.toml", nil),
		"front-matter": toml.Schema(policy.FrontMatter{}, at+"front-matter.schema.json", "front matter", nil),
	}
}

func schemaCommand(p *program) *cobra.Command {
	kinds := []string{"config", "policy", "front-matter"}
	c := command{Use: "schema", args: atMost(1), complete: oneOf(kinds...)}
	c.run = func(_ context.Context, args []string) error {
		schema, ok := schemas()[append(args, kinds[0])[0]]
		if !ok {
			return source.Usage(fmt.Sprintf("there is no schema of %q", args[0]),
				"choose one of "+strings.Join(kinds, ", "))
		}
		_, err := p.out.Write(schema)
		return err
	}
	return c.cobra()
}

func completionCommand(p *program) *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	d := command{Use: "completion SHELL", complete: oneOf(shells...),
		args: arguments("SHELL: bash, zsh, fish or powershell")}
	c := d.cobra()
	d.run = func(_ context.Context, args []string) error {
		switch root := c.Root(); args[0] {
		case "bash":
			return root.GenBashCompletionV2(p.out, false)
		case "zsh":
			return root.GenZshCompletionNoDesc(p.out)
		case "fish":
			return root.GenFishCompletion(p.out, false)
		case "powershell":
			return root.GenPowerShellCompletion(p.out)
		}
		return source.Usage(fmt.Sprintf("there is no completion script for %q", args[0]),
			"choose one of "+strings.Join(shells, ", "))
	}
	return c
}
