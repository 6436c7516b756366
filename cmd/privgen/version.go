package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
)

const versionHelp = `Usage:
  privgen version

Prints the version of privgen and of the Go that built it.

Flags:
  --help    show this

Example:
  privgen version
`

func versionCommand(p *program) *cobra.Command {
	c := command{Use: "version", help: versionHelp, args: arguments(), run: func(context.Context, []string) error {
		_, err := fmt.Fprintf(p.out, "privgen %s %s %s/%s\n", buildVersion(), runtime.Version(), runtime.GOOS,
			runtime.GOARCH)
		return err
	}}
	return c.cobra()
}

// buildVersion returns the version of the module that this program was built
// from.
func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

// programID returns an id of this program; see disk.ProgramID.
func programID() string { return disk.ProgramID(buildVersion()) }

const schemaHelp = `Usage:
  privgen schema [config | policy | front-matter]

Prints the JSON Schema of privgen.toml, of a policy.toml, or of the front
matter of a version. An editor that knows TOML completes and checks a file
with it when the first line of the file is

  #:schema ./privgen.schema.json

Flags:
  --help    show this

Example:
  privgen schema > privgen.schema.json
`

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
	c := command{Use: "schema", help: schemaHelp, args: atMost(1), complete: oneOf(kinds...)}
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

const completionHelp = `Usage:
  privgen completion bash|zsh|fish|powershell

Prints a script that makes a shell complete privgen's commands and flags, and
the slugs of policies.

Flags:
  --help    show this

Example:
  privgen completion bash > ~/.local/share/bash-completion/completions/privgen
`

func completionCommand(p *program) *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	d := command{Use: "completion SHELL", help: completionHelp, complete: oneOf(shells...),
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
