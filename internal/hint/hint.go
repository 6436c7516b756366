// Package hint helps people who are used to another tool: it knows the flags of
// other site generators and of git.
//
// Its functions return what to type instead, or "". The package declares no types: a
// command line is strings.
package hint

import (
	"fmt"
	"regexp"
	"strings"
)

// Most generators have flags for the output folder, the source folder, and the address
// to listen at, under different names.
const (
	toFolder = "to write to another folder: --out DIR"
	ofSite   = "to use another site: --config DIR"
	address  = "to listen at another address or port: --addr 127.0.0.1:9000"
	drafts   = "drafts are never in build output; to see them, run: privgen serve"
)

// foreign has the flags of other tools by command.
var foreign = map[string]map[string]string{
	"build": {
		"watch": "run: privgen serve --watch", "w": "run: privgen serve --watch", "serve": "run: privgen serve",
		"output": toFolder, "o": toFolder, "destination": toFolder, "d": toFolder, "dest": toFolder,
		"source": ofSite, "s": ofSite, "root": ofSite, "c": ofSite,
		"drafts": drafts, "D": drafts, "buildDrafts": drafts, "future": "to build as of a later day: --at 2027-01-01",
		"b": "to use another base URL: --base-url URL", "baseURL": "to use another base URL: --base-url URL",
		"minify": "pages and style sheets are written without waste anyway", "q": "did you mean --quiet?",
		"dry-run": "run: privgen check", "check": "run: privgen check", "strict": "every mistake stops a build anyway",
		"clean": "files that are not part of the site any more are removed anyway",
	},
	"serve": {
		"port": address, "p": address, "host": address, "H": address, "bind": address, "b": address,
		"interface": address, "w": "did you mean --watch?", "o": "did you mean --open?",
		"livereload": "did you mean --watch?", "l": "did you mean --watch?", "D": "drafts are shown anyway",
		"source": ofSite, "s": ofSite, "root": ofSite, "c": ofSite,
	},
	"redline": {
		"word-diff": "words are compared anyway", "U": "unchanged clauses are left out anyway",
		"output": "write standard output to a file: privgen redline --html > redline.html",
		"o":      "write standard output to a file: privgen redline --html > redline.html",
		"quiet":  "to get only the exit code: --exit-code --stat", "q": "to get only the exit code: --exit-code --stat",
		"no-color": "did you mean --plain?", "color": "colors are used on a terminal; to use none: --plain",
	},
	"deploy": {
		"force": "nothing is forced; --adopt, --allow-change and --yes allow one thing each",
		"f":     "nothing is forced; --adopt, --allow-change and --yes allow one thing each",
		"prod":  "name the target: privgen deploy production", "n": "did you mean --dry-run?",
	},
	"check": {
		"strict": "did you mean --fail-on warning?", "output": "write standard output to a file",
		"fix": "each finding has its fix; nothing is changed", "sarif": "did you mean --format sarif?",
	},
	"init": {"force": "existing files are never changed; choose another folder"},
	"new":  {"kind": "the kind is in policy.toml: kind = \"privacy\""},
}

// Flag returns what to type instead of a flag that a command does not have, or "". The
// flag is without dashes.
func Flag(command, flag string) string {
	switch flag {
	case "today", "date", "day", "now":
		if strings.Contains("build check in-force next notice redline resolve serve since status", command) {
			return "did you mean --at?"
		}
	}
	return foreign[command][flag]
}

// id matches the id of a version, draft, and in-force.
var id = regexp.MustCompile(`^(?:\d{4}-\d\d-\d\d(?:\.\d+)?|draft|in-force)$`)

// Redline returns what to type instead of two versions that are not written as A..B,
// or "".
func Redline(args []string) string {
	rest := args
	if len(rest) == 3 || len(rest) == 2 && !id.MatchString(rest[0]) {
		rest = rest[1:]
	}
	policy := strings.Join(args[:len(args)-len(rest)], "")
	if policy != "" {
		policy += " "
	}
	if len(rest) == 2 && id.MatchString(rest[0]) && id.MatchString(rest[1]) {
		return fmt.Sprintf("write the versions with two dots between them: privgen redline %s%s..%s", policy, rest[0],
			rest[1])
	}
	last := strings.Join(rest, "")
	for _, between := range []string{"...", ":", "→", "->"} {
		if a, b, ok := strings.Cut(last, between); ok && len(rest) == 1 && id.MatchString(a) && id.MatchString(b) {
			return fmt.Sprintf("write two dots between the versions: privgen redline %s%s..%s", policy, a, b)
		}
	}
	return ""
}
