package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/buildinfo"
	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/hint"
	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/terminal"
	"github.com/privgen/privgen/internal/toml"
)

// The exit codes.
const (
	exitDone        = 0
	exitProblem     = 1 // the site has problems
	exitUsage       = 2 // the command line is wrong
	exitEnvironment = 3 // reading or writing failed
)

// A program is one run of privgen: its outputs, and their format.
type program struct {
	out, err io.Writer
	json     bool // print results as JSON, including problems
	deploys  bool // the command deploys
}

// problems is the error of a command that found problems. If list is empty, the
// command has only a note, or has printed the problems.
type problems struct {
	list source.Problems
	note string // their consequence: nothing was written to public
}

func (p *problems) Error() string { return fmt.Sprintf("%d problems", len(p.list)) }

// class returns the class of the problems. All problems of a command have the same.
func (p *problems) class() source.Class {
	if len(p.list) == 0 {
		return source.InSite
	}
	return p.list[0].Class
}

// run runs the program and returns the exit code.
func run(ctx context.Context, args []string, out, errOut io.Writer) (code int) {
	p := &program{out: terminal.Screen{Writer: out}, err: terminal.Screen{Writer: errOut}}
	defer func() {
		if r := recover(); r != nil {
			text := fmt.Sprint(r)
			if !strings.HasPrefix(text, "privgen: internal error: ") {
				text = "privgen: internal error: " + text
			}
			fmt.Fprintf(p.err,
				"%s\n\tthis is a bug in privgen; please report it, with the text below, at https://github.com/privgen/privgen/issues\n\n%s", text, debug.Stack())
			code = exitEnvironment
		}
	}()
	root := p.root()
	root.SetArgs(args)
	return p.exit(root.ExecuteContext(ctx))
}

// root returns the command with all subcommands.
func (p *program) root() *cobra.Command {
	version := false
	root := &cobra.Command{
		Use:           "privgen",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case version:
				buildinfo.Get().Print(p.out)
				return nil
			case len(args) == 0:
				return c.Help()
			}
			var names []string
			for _, sub := range c.Commands() {
				names = append(names, sub.Name())
			}
			do := "run: privgen --help"
			if near := toml.Nearest(args[0], names); near != "" {
				do = fmt.Sprintf("did you mean %q?", near)
			}
			return source.Usage(fmt.Sprintf("there is no command %q", args[0]), do)
		},
	}
	root.Flags().BoolVarP(&version, "version", "v", false, "")
	root.SetOut(p.out)
	root.SetErr(p.err)
	withHelp(root)
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetHelpCommand(&cobra.Command{Use: "help", Hidden: true, Run: func(c *cobra.Command, args []string) {
		about, _, _ := root.Find(args)
		about.Help()
	}})
	root.SetFlagErrorFunc(flagProblem)
	for _, create := range []func(p *program) *cobra.Command{initCommand, newCommand, draftCommand,
		buildCommand, serveCommand, releaseCommand, lockCommand, correctCommand, importCommand, redlineCommand,
		resolveCommand, deployCommand, verifyCommand, themeCommand, checkCommand, statusCommand, noticeCommand,
		inForceCommand, sinceCommand, nextCommand, redirectsCommand, schemaCommand, completionCommand, versionCommand} {
		root.AddCommand(create(p))
	}
	return root
}

// A command describes a command of the program for cobra. Flags has names, each
// followed by a pointer to its value: a bool, a string, or strings. The value is the
// default.
type command struct {
	Use      string
	args     cobra.PositionalArgs
	complete cobra.CompletionFunc // nil: nothing besides commands and flags
	flags    []any
	run      func(ctx context.Context, args []string) error
}

// A once is the value of a flag that can be given only once. Otherwise, the first of
// two values would be ignored without a message.
type once struct {
	value *string
	given bool
}

var errTwice = errors.New("given twice")

func (o *once) String() string { return *o.value }
func (o *once) Type() string   { return "string" }

func (o *once) Set(s string) error {
	if o.given {
		return errTwice
	}
	*o.value, o.given = s, true
	return nil
}

// cobra returns the command for cobra.
func (d *command) cobra() *cobra.Command {
	c := &cobra.Command{Use: d.Use, Args: d.args, ValidArgsFunction: d.complete,
		RunE: func(c *cobra.Command, args []string) error { return d.run(c.Context(), args) }}
	for i := 0; i < len(d.flags); i += 2 {
		name := d.flags[i].(string)
		switch to := d.flags[i+1].(type) {
		case *bool:
			c.Flags().BoolVar(to, name, *to, "")
		case *string:
			c.Flags().Var(&once{value: to}, name, "")
		case *[]string:
			c.Flags().StringArrayVar(to, name, *to, "")
		}
	}
	withHelp(c)
	return c
}

// parent returns a command that has only subcommands. The noun is their name in messages.
func parent(name, noun string) *cobra.Command {
	c := &cobra.Command{Use: name, Args: cobra.ArbitraryArgs, RunE: func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return c.Help()
		}
		return source.Usage(fmt.Sprintf("there is no %s %q", noun, args[0]), "run: privgen "+name+" --help")
	}}
	withHelp(c)
	return c
}

// helpTexts has the printed help of each command. The name of a file has the words of
// the command, joined by hyphens.
//
//go:embed help/*.txt
var helpTexts embed.FS

// withHelp sets the help of a command, printed to standard output, and its flag
// --help. A command that completes arguments sets its completion before.
func withHelp(c *cobra.Command) {
	c.SetHelpFunc(func(c *cobra.Command, _ []string) {
		text, err := helpTexts.ReadFile("help/" + strings.ReplaceAll(c.CommandPath(), " ", "-") + ".txt")
		if err != nil {
			panic("privgen: internal error: " + err.Error())
		}
		_, _ = c.OutOrStdout().Write(text)
	})
	c.Flags().BoolP("help", "h", false, "")
	c.Flags().SortFlags = false
	if c.ValidArgs == nil && c.ValidArgsFunction == nil {
		c.ValidArgsFunction = cobra.NoFileCompletions
	}
}

var (
	unknownFlag = lazyregexp.New(`^unknown (?:flag: --(\S+)|shorthand flag: '(.)')`)
	givenTwice  = lazyregexp.New(`for "(--\S+)" flag: ` + errTwice.Error() + "$")
)

// flagProblem returns pflag's error in our words, with a fix.
func flagProblem(c *cobra.Command, err error) error {
	what, do := err.Error(), "run: "+c.CommandPath()+" --help"
	if m := givenTwice().FindStringSubmatch(what); m != nil {
		return source.Usage(m[1]+" is given twice", "write it once")
	}
	m := unknownFlag().FindStringSubmatch(what)
	if m == nil {
		return source.Usage(what, do)
	}
	name := m[1] + m[2]
	if what = "there is no flag --" + name; m[1] == "" {
		what = "there is no flag -" + name
	}
	var names []string
	for _, word := range strings.Fields(c.Flags().FlagUsages()) {
		if name, ok := strings.CutPrefix(word, "--"); ok {
			names = append(names, name)
		}
	}
	if instead := hint.Flag(c.Name(), name); instead != "" {
		do = instead
	} else if near := toml.Nearest(name, names); near != "" && m[1] != "" {
		do = fmt.Sprintf("did you mean --%s?", near)
	}
	return source.Usage(what, do)
}

// arguments returns a check that there is one argument for each name. Its messages
// have the names.
func arguments(names ...string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		do := "run: " + c.Parent().CommandPath() + " " + c.Use
		if len(args) < len(names) {
			return source.Usage("missing: "+names[len(args)], do)
		}
		return tooMany(args, len(names), do)
	}
}

// atMost returns a check for at most n arguments.
func atMost(n int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		do := "run: " + c.CommandPath() + " --help"
		if c.Flags().Changed("rollback") {
			do = "the number follows an equals sign: --rollback=1"
		}
		return tooMany(args, n, do)
	}
}

func tooMany(args []string, n int, do string) error {
	if len(args) > n {
		if dir, _, err := findSite(args[n]); err == nil && isFile(filepath.Join(dir, site.ConfigFile)) {
			do = "to use this site: --config " + args[n]
		}
		return source.Usage(fmt.Sprintf("too many arguments: %q", args[n]), do)
	}
	return nil
}

// atLeastOne returns a check for at least one argument.
func atLeastOne(name string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return source.Usage("missing: "+name, "run: "+c.CommandPath()+" --help")
		}
		return nil
	}
}

// oneOf returns a completion of an argument or a flag's value to one of a list.
func oneOf(list ...string) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return list, cobra.ShellCompDirectiveNoFileComp
	}
}

// oneOfFlag checks the value of a flag.
func oneOfFlag(flag, value string, list ...string) error {
	if slices.Contains(list, value) {
		return nil
	}
	return source.Usage(fmt.Sprintf("%s %s: there is no such value", flag, value),
		"choose one of "+strings.Join(list, ", "))
}

// anyFile completes arguments to files.
func anyFile(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveDefault
}

// anyFolder completes arguments to folders.
func anyFolder(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// of returns a completion to names that list finds in the site's files.
func of(config *string, list func(n site.Names, args []string, word string) []string) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, word string) (all []string, _ cobra.ShellCompDirective) {
		if dir, _, err := findSite(*config); err == nil {
			all = list(site.Names{Files: os.DirFS(dir)}, args, word)
		}
		return all, cobra.ShellCompDirectiveNoFileComp
	}
}

// slugs returns a completion of the first most arguments to policies of the site.
func slugs(config *string, most int) cobra.CompletionFunc {
	return of(config, func(n site.Names, args []string, _ string) []string {
		if len(args) >= most {
			return nil
		}
		return n.Slugs()
	})
}

// slugAndVersion returns a completion to a policy and one of its versions.
func slugAndVersion(config *string) cobra.CompletionFunc {
	return of(config, func(n site.Names, args []string, _ string) []string {
		switch len(args) {
		case 0:
			return n.Slugs()
		case 1:
			return append(n.Versions(args[0]), "in-force")
		}
		return nil
	})
}

// withLanguages completes --lang of a command to the languages of the site's texts.
func withLanguages(c *cobra.Command, config *string) *cobra.Command {
	// This fails only for a flag that does not exist.
	_ = c.RegisterFlagCompletionFunc("lang", of(config, func(n site.Names, _ []string, _ string) []string {
		return n.Languages()
	}))
	return c
}

// endings has the exit code and the output of a command for problems of each class.
var endings = map[source.Class]struct {
	code  int
	print func(p *program, found *problems)
}{
	source.InSite:      {exitProblem, (*program).printProblems},
	source.Refused:     {exitProblem, (*program).printRefused},
	source.InCommand:   {exitUsage, (*program).printUsage},
	source.Environment: {exitEnvironment, (*program).printFailure},
}

// exit prints an error and returns its exit code.
func (p *program) exit(err error) int {
	if err == nil {
		return exitDone
	}
	if code, ok := errors.AsType[exitCode](err); ok {
		return int(code)
	}
	found := problemsOf(err)
	end := endings[found.class()]
	end.print(p, found)
	return end.code
}

// problemsOf returns the problems of an error. An error without a problem is
// one of the environment.
func problemsOf(err error) *problems {
	if found, ok := errors.AsType[*problems](err); ok {
		return found
	}
	if one, ok := errors.AsType[*source.Problem](err); ok && one.Class != source.Environment {
		return &problems{list: source.Problems{one}}
	}
	if errors.Is(err, context.Canceled) {
		err = errors.New("stopped; the site is as it was before, or a mix of whole pages that the next build completes")
	}
	return &problems{list: source.Problems{{Class: source.Environment, Cause: disk.WithFix(err)}}}
}

func (p *program) printUsage(found *problems) { fmt.Fprintf(p.err, "privgen: %v\n", found.list[0]) }

// printFailure prints an environment error, with its fix if one is known.
func (p *program) printFailure(found *problems) {
	fmt.Fprintf(p.err, "privgen: %s\n", terminal.Indented(found.list[0].Cause.Error()))
}

func (p *program) printProblems(found *problems) {
	list := found.list.Sort()
	switch {
	case len(list) == 0 && found.note == "":
		return
	case len(list) == 0:
		fmt.Fprintf(p.err, "privgen: %s\n", found.note)
		return
	case p.json:
		terminal.PrintJSON(p.out, map[string]any{"problems": list})
		return
	}
	for _, one := range list {
		fmt.Fprintln(p.err, one)
	}
	note := found.note
	if note != "" {
		note = "; " + note
	}
	fmt.Fprintf(p.err, "\n%s in %s%s\n", source.Count(len(list), "problem"), source.Count(list.Files(), "file"), note)
}

// noted adds a note to the problems of an error, if it has any, and returns the error.
func noted(err error, note string) error {
	if found, ok := errors.AsType[*problems](err); ok {
		found.note = note
	}
	return err
}

// one wraps a single problem.
func one(p *source.Problem, note string) error {
	return &problems{source.Problems{p}, note}
}
