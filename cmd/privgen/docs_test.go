package main

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/privgen/privgen/internal/imports/choices"
	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/source"
)

// notRun has the commands in documents that no test runs: the first words, and the reason.
var notRun = map[string]string{
	"go install ":                "downloads a release",
	"cd privgen":                 "the folder of git clone",
	"git clone https:":           "downloads the repository",
	"go run ./cmd/privgen build": "compiles the program; .ci/run runs it in a fresh clone",
	"sha256sum --ignore-missing -c SHA256SUMS": "needs the files of a release; .ci/release-check runs it",
	"gh attestation verify ":                   "asks GitHub",
	"npx --yes pagefind":                       "needs an npm package; .ci/run does what docs/search.md says",
	"pandoc ":                                  "is not on every machine; .ci/formats.mjs runs it",
	"podman ":                                  "needs the image of a release; .ci/release-check looks at it",
	".ci/release":                              "takes minutes; .ci/run runs both",
	"curl ":                                    "asks a host that does not exist",
	"gcloud ":                                  "changes a bucket at Google",
	"az ":                                      "changes an account at Azure",
	"cd legal && privgen serve --watch --open":      "does not end; the tests of serve start it",
	"cd policies && privgen build && privgen serve": "does not end; the tests of serve start it",
}

// A fence is a fenced block of a document.
type fence struct {
	line   int      // number of the line with its first fence, from 1
	indent string   // the white space before each of its lines
	lang   string   // the first word after the fence
	words  []string // the others
	text   string   // without the indent
}

// commands returns the commands of a block, each with its continued lines or the lines of its loop. In
// a block of the language console, a command begins after "$ ".
func (f *fence) commands() (list []string) {
	whole := ""
	for line := range strings.Lines(f.text) {
		command, ok := strings.CutPrefix(line, "$ ")
		switch {
		case whole != "":
			command = line
		case f.lang == "console" && !ok, strings.TrimSpace(line) == "":
			continue
		}
		loop := strings.HasPrefix(whole+command, "for ") && command != "done\n"
		if whole += command; !loop && !strings.HasSuffix(command, "\\\n") {
			list = append(list, strings.TrimSuffix(whole, "\n"))
			whole = ""
		}
	}
	return list
}

// runs reports whether a test runs a command.
func runs(command string) bool {
	for prefix := range notRun {
		if strings.HasPrefix(command, prefix) {
			return false
		}
	}
	return true
}

// fences divides a document into its blocks and the text between them. The fences are part
// of that text.
func fences(doc string) (between []string, blocks []*fence) {
	var text strings.Builder
	var block *fence
	n := 0
	for line := range strings.Lines(doc) {
		n++
		bare := strings.TrimLeft(line, " ")
		fenced := strings.HasPrefix(bare, "```")
		switch {
		case fenced && block == nil:
			text.WriteString(line)
			between = append(between, text.String())
			text.Reset()
			words := strings.Fields(strings.TrimLeft(bare, "`"))
			block = &fence{line: n, indent: line[:len(line)-len(bare)]}
			if len(words) > 0 {
				block.lang, block.words = words[0], words[1:]
			}
		case fenced:
			block.text = text.String()
			blocks = append(blocks, block)
			block = nil
			text.Reset()
			text.WriteString(line)
		case block != nil:
			text.WriteString(strings.TrimPrefix(line, block.indent))
		default:
			text.WriteString(line)
		}
	}
	return append(between, text.String()), blocks
}

// manual returns the texts of the documents for users, by their paths in the repository.
func manual(t *testing.T) map[string]string {
	t.Helper()
	docs := map[string]string{}
	for _, pattern := range []string{"README.md", "docs/*.md", "docs/*/*.md"} {
		names, err := filepath.Glob(filepath.Join(repo, filepath.FromSlash(pattern)))
		if err != nil || len(names) == 0 {
			t.Fatal(pattern, err)
		}
		for _, name := range names {
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			rel, _ := filepath.Rel(repo, name)
			docs[filepath.ToSlash(rel)] = string(raw)
		}
	}
	return docs
}

// A story with a line "document FILE" runs every command of a document, except those in
// notRun.
func TestDocsAreRun(t *testing.T) {
	t.Parallel()
	stories := ""
	names, _ := filepath.Glob("testdata/script/*.txtar")
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		script, _, _ := strings.Cut(string(raw), "\n-- ")
		stories += script + "\n"
	}
	left := maps.Clone(notRun)
	total := 0
	for name, doc := range manual(t) {
		run := 0
		_, blocks := fences(doc)
		for _, block := range blocks {
			switch {
			case block.lang == "":
				t.Errorf("%s:%d: a block without a language; write console for a session, sh for commands, text for anything else",
					name, block.line)
			case block.lang != "console" && block.lang != "sh":
				if strings.HasPrefix(block.text, "$ ") {
					t.Errorf("%s:%d: a session in a block that is not console", name, block.line)
				}
				continue
			}
			commands := block.commands()
			if len(commands) == 0 {
				t.Errorf("%s:%d: a block without a command", name, block.line)
			}
			for _, command := range commands {
				if runs(command) {
					run++
				}
				maps.DeleteFunc(left, func(prefix, _ string) bool { return strings.HasPrefix(command, prefix) })
			}
		}
		total += run
		if run > 0 && !strings.Contains(stories, "\ndocument "+name+"\n") {
			t.Errorf("%s has %d commands, and no story in testdata/script runs them: document %s", name, run, name)
		}
	}
	if len(left) > 0 {
		t.Errorf("no document has these commands of notRun: %v", slices.Sorted(maps.Keys(left)))
	}
	if total < 55 {
		t.Errorf("the documents have %d commands", total)
	}
}

// The program accepts the config in every document. A block toml is a part of privgen.toml, or of the file
// that its second word names. The test adds what every site needs.
func TestDocsConfig(t *testing.T) {
	t.Parallel()
	n := 0
	for name, doc := range manual(t) {
		_, blocks := fences(doc)
		for _, block := range blocks {
			of := "privgen.toml"
			if len(block.words) > 0 {
				of = block.words[0]
			}
			switch {
			case of == "import.toml":
				_, problems, err := choices.Load(fstest.MapFS{choices.Name: {Data: []byte(block.text)}},
					func(string) *source.Problem { return nil })
				if problems != nil || err != nil {
					t.Errorf("%s:%d: this is not accepted: %v %v", name, block.line, problems, err)
				}
				continue
			case of == "netlify.toml": // the file of another program
				continue
			case block.lang == "markdown" && strings.HasPrefix(block.text, "+++\n") && name != "docs/writing.md":
				of = "version"
			case block.lang != "toml":
				continue
			}
			n++
			top := t.TempDir()
			files := map[string]string{
				"library/shared.toml":                        "",
				"clients/acme/content/privacy/2020-01-01.md": "# Privacy policy\n\nWe keep your order.\n",
				"clients/acme/content/terms/2020-01-01.md":   "# Terms\n\nRules.\n",
			}
			site := "clients/acme/"
			config := "\n[organization]\nname = \"Acme Ltd\"\nemail = \"privacy@acme.example\"\n"
			if !strings.Contains(block.text, "[site]\n") {
				config = "[site]\ntitle = \"Acme\"\nbase_url = \"https://acme.example/\"\n" + config
			}
			if strings.Contains(block.text, "[organization]\n") {
				config = ""
			}
			switch of {
			case "privgen.toml":
				config = block.text + "\n" + config
			case "policy.toml":
				files[site+"content/privacy/policy.toml"] = block.text
			case "front-matter":
				files[site+"content/privacy/2026-01-01.md"] = "+++\n" + block.text + "+++\n\n# Privacy policy\n\nWe keep nothing.\n"
			case "version":
				files[site+"content/privacy/2026-01-01.md"] = block.text + "\nWe keep nothing.\n"
			case "clause":
				files[site+"content/_clauses/one.md"] = "+++\n" + block.text + "+++\nWithin {{days}}.\n"
				files[site+"content/privacy/draft.md"] = "# Privacy policy\n\n{{clause one}}\n"
			case "file", "append": // the story of the document uses it
				continue
			default:
				t.Errorf("%s:%d: there is no kind of TOML file %q", name, block.line, of)
			}
			files[site+"privgen.toml"] = config
			writeFiles(t, top, files)
			severity := "error"
			if of == "clause" { // problems of a draft are warnings
				severity = "warning"
			}
			if code, out, errOut := privgen(t, "check", "--config", filepath.Join(top, "clients", "acme"), "--at", "2026-06-01",
				"--fail-on", severity); code != exitDone {
				t.Errorf("%s:%d: this is not accepted:\n%s\n%s%s", name, block.line, block.text, out, errOut)
			}
		}
	}
	if n < 12 {
		t.Errorf("the documents have %d blocks of TOML", n)
	}
}

// inProse matches a command of privgen in text, in a workflow, or in a table.
var inProse = lazyregexp.New(`privgen((?: +[a-z]+(?:-[a-z]+)*)(?: +(?:-[^\s` + "`" + `'"|&;>]+|'[^']*'|"[^"]*"|[^\s` + "`" + `'"|&;>()#-][^\s` + "`" + `'"|&;>()]*))*)`)

// Every command in a document exists, and has the flags in the document.
func TestDocsCommands(t *testing.T) {
	t.Parallel()
	n := 0
	code := regexp.MustCompile("`(privgen [^`]*)`")
	for name, doc := range manual(t) {
		texts := code.FindAllString(doc, -1)
		_, blocks := fences(doc)
		for _, block := range blocks {
			if slices.Contains([]string{"sh", "yaml", "toml", "json"}, block.lang) {
				texts = append(texts, block.text)
			} else if block.lang == "console" {
				texts = append(texts, block.commands()...)
			}
		}
		for _, m := range inProse().FindAllStringSubmatch(strings.Join(texts, "\n"), -1) {
			n++
			root := (&program{}).root()
			c, rest, err := root.Find(strings.Fields(m[1]))
			if err != nil || c == root || len(rest) > 0 && c.HasSubCommands() && !strings.HasPrefix(rest[0], "-") {
				t.Errorf("%s: there is no command privgen%s", name, m[1])
			} else if err := c.ParseFlags(slices.DeleteFunc(rest, func(s string) bool { return !strings.HasPrefix(s, "--") })); err != nil &&
				!strings.Contains(err.Error(), "needs an argument") {
				t.Errorf("%s: privgen%s: %v", name, m[1], err)
			}
		}
	}
	if n < 100 {
		t.Errorf("the documents have %d commands", n)
	}
}
