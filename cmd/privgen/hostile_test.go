package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

// This file runs every command in a hostile checkout, and compares all files before
// and after: in the checkout, in its repository, and around it.

// hostileRuns has the arguments for the runs of each command. The test fails if a
// command is missing.
var hostileRuns = map[string][]string{
	"init":             {"init made"},
	"new":              {"new terms", "new cookies --draft"},
	"draft":            {"draft --all", "draft --all --dry-run"},
	"build":            {"build --at 2026-06-01", "build --at 2026-06-01 --out public"},
	"serve":            {"serve --watch --addr 127.0.0.1:0"},
	"release":          {"release privacy --effective 2026-09-01 --yes"},
	"lock":             {"lock --yes", "lock --check"},
	"correct":          {"correct privacy 2026-02-01 --reason typing-error --yes"},
	"import":           {"import"},
	"import git":       {"import git . content --out made --yes"},
	"import archive":   {"import archive . --out made --yes"},
	"import snapshots": {"import snapshots texts --out made --yes", "import snapshots texts --yes"},
	"import html":      {"import html texts --out made --yes"},
	"redline":          {"redline privacy"},
	"resolve":          {"resolve privacy"},
	"deploy":           {"deploy www --yes", "deploy www --plan --plan-file plan.json"},
	"verify":           {"verify HOST", "verify www"},
	"next":             {"next"},
	"redirects":        {"redirects nginx"},
	"status":           {"status"},
	"in-force":         {"in-force privacy", "in-force privacy --clause privacy-touch-ran"},
	"since":            {"since privacy we"},
	"notice":           {"notice privacy --as document"},
	"check":            {"check"},
	"schema":           {"schema"},
	"theme":            {"theme"},
	"theme list":       {"theme list"},
	"theme show":       {"theme show plain"},
	"theme new":        {"theme new acme"},
	"theme eject":      {"theme eject footer"},
	"completion":       {"completion bash"},
	"version":          {"version"},
}

// readOnly are the commands that change nothing. writesTo has the paths that the others
// may change.
var (
	readOnly = strings.Fields("import redline resolve verify next redirects since schema completion version")
	writesTo = map[string][]string{
		"init": {"made"}, "new": {"content"}, "draft": {"content", ".privgen"}, "build": {"public", ".privgen"}, "serve": {".privgen"},
		"release": {"content/privacy", "privgen.lock", ".privgen"}, "lock": {"privgen.lock", ".privgen"}, "correct": {"content/privacy", "privgen.lock", ".privgen"},
		"import git": {"made"}, "import archive": {"made"}, "import snapshots": {"made", "content"}, "import html": {"made"},
		"deploy": {"www", "plan.json", ".privgen"}, "theme new": {"themes"}, "theme eject": {"templates"},
	}
)

// A trick is an attack of a checkout. It changes the checkout of hostileSite, and often
// targets outside, a folder of the user.
type trick struct {
	name string
	do   func(h *checkout)
}

var tricks = []trick{
	{"only its texts", func(*checkout) {}},
	{"state is a symlink", func(h *checkout) { h.remove(".privgen"); h.link(".privgen", h.outside) }},
	{"folders of state are symlinks", func(h *checkout) {
		h.remove(".privgen")
		h.link(".privgen/public", h.outside)
		h.link(".privgen/.commit", h.outside)
	}},
	{"locks are symlinks", func(h *checkout) {
		h.link(".privgen/public/lock", h.outside+"/precious")
		h.link(".privgen/.commit.lock", h.outside+"/new")
		h.link(".privgen/public/state", h.outside+"/precious")
		h.link(".privgen/public/stage", h.outside)
	}},
	{"the output is a symlink", func(h *checkout) { h.link("public", h.outside) }},
	{"the output is a symlink to the repository", func(h *checkout) { h.link("public", ".git/hooks") }},
	{"the output holds symlinks", func(h *checkout) {
		h.link("public/privacy", h.outside)
		h.link("public/index.html", h.outside+"/precious")
		h.link("public/.privgen-tmp~index.html", h.outside+"/precious")
	}},
	{"the ownership list names other files", func(h *checkout) {
		h.link("public/sub", h.outside)
		sum := sha256.Sum256([]byte(precious))
		h.write("public/.privgen", fmt.Sprintf("%x  sub/precious\n%[1]x  ../.git/config\n%[1]x  .git/HEAD\n", sum))
		h.write("public/.git/HEAD", precious)
	}},
	{"texts are symlinks", func(h *checkout) {
		h.link("content/terms", h.outside)
		h.link("content/privacy/2026-03-01.md", "../../.git/config")
		h.link("texts/terms-2024-03-01.md", h.outside+"/precious")
	}},
	{"the policy's folder is a symlink", func(h *checkout) {
		h.must(os.Rename(h.dir+"/content/privacy", h.dir+"/.github"))
		h.link("content/privacy", "../.github")
	}},
	{"content is a symlink", func(h *checkout) {
		h.must(os.Rename(h.dir+"/content", h.dir+"/.github"))
		h.link("content", ".github")
	}},
	{"the lock file is a symlink", func(h *checkout) { h.link("privgen.lock", h.outside+"/precious") }},
	{"temporary names are symlinks", func(h *checkout) {
		for _, dir := range []string{"", "content/", "content/privacy/"} {
			for _, name := range []string{".privgen-tmp~try", ".privgen.lock.privgen-tmp", ".draft.md.privgen-tmp", ".2026-09-01.md.privgen-tmp"} {
				h.link(dir+name, strings.Repeat("../", strings.Count(dir, "/"))+".git/config")
			}
		}
	}},
	{"what is written is a symlink", func(h *checkout) {
		h.link("made", h.outside)
		h.link("plan.json", h.outside+"/precious")
		h.link("www/privacy", h.outside)
	}},
	{"the target is a symlink", func(h *checkout) { h.link("www", h.outside) }},
	{"what is written is in a symlink", func(h *checkout) {
		h.link("made/content", h.outside)
		h.link("made/privgen.toml", h.outside+"/new")
		h.link("content/terms", "../.git/hooks")
	}},
	{"the config names dot folders", func(h *checkout) {
		h.edit("privgen.toml", `title = "T`, "superseded = \"index\"\ntitle = \"T")
		h.write("privgen.toml", strings.Replace(h.read("privgen.toml"), `to = "www"`, `to = ".git/hooks"`, 1)+"[output]\nfolder = \".github/workflows\"\n")
	}},
	{"the config names folders outside", func(h *checkout) {
		h.write("privgen.toml", h.read("privgen.toml")+"[output]\nfolder = \"../outside\"\n[theme]\nname = \"../../outside\"\n")
	}},
	{"the config shares a folder of the user", func(h *checkout) {
		h.write("../outside/_clauses/precious.md", precious)
		h.share("../outside")
	}},
	{"the mark of the shared folder is a symlink", func(h *checkout) {
		h.write("library/_clauses/precious.md", "Ours.\n")
		h.link("library/shared.toml", h.outside+"/precious")
		h.share("library")
	}},
	{"what is shared is elsewhere", func(h *checkout) {
		h.write("library/shared.toml", "")
		h.link("library/_clauses/precious.md", h.outside+"/precious")
		h.link("library/_data", h.outside)
		h.link("library/themes/plain", h.outside)
		h.link("library/words/en.toml", h.outside+"/precious")
		h.share("library")
	}},
	{"the shared folder is behind a symlink", func(h *checkout) {
		h.write("../outside/shared.toml", "")
		h.write("../outside/_clauses/precious.md", precious)
		h.link("library", h.outside)
		h.share("library")
	}},
	{"what is shared is a pipe or a device", func(h *checkout) {
		h.write("library/shared.toml", "")
		for _, name := range []string{"_clauses/precious.md", "_data/cookies.toml", "words/en.toml", "themes/plain/theme.toml"} {
			h.must(os.MkdirAll(filepath.Dir(h.dir+"/library/"+name), 0o777))
			h.must(exec.Command("mkfifo", h.dir+"/library/"+name).Run())
		}
		h.link("library/_clauses/zero.md", "/dev/zero")
		h.edit("content/privacy/2026-03-01.md", "a week", "a week {{clause zero}}")
		h.share("library")
	}},
	{"a host is an option", func(h *checkout) {
		h.edit("privgen.toml", `to = "www"`, `to = "ssh://-oProxyCommand=`+strings.ReplaceAll(h.outside, "/", "%2F")+`%2Frun/www"`)
	}},
	{"objects of the repository are elsewhere", func(h *checkout) {
		objects, err := filepath.Glob(h.dir + "/.git/objects/??/*")
		h.must(err)
		for _, name := range objects {
			raw, err := exec.Command("git", "-C", h.dir, "-c", "core.fsmonitor=false", "-c", "protocol.allow=never", "cat-file", "-t",
				filepath.Base(filepath.Dir(name))+filepath.Base(name)).Output()
			if err == nil && string(raw) == "blob\n" {
				h.must(os.Remove(name))
			}
		}
	}},
}

const precious = "what the user has\n"

// A checkout is a hostile checkout.
type checkout struct {
	t            *testing.T
	dir, outside string
	files        map[string]string // the last snapshot of the files in and around it, or nil
}

func (h *checkout) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *checkout) write(name, text string) { write(h.t, filepath.Join(h.dir, name), text) }

func (h *checkout) read(name string) string {
	raw, err := os.ReadFile(h.dir + "/" + name)
	h.must(err)
	return string(raw)
}

func (h *checkout) edit(name, old, new string) {
	if _, err := os.Stat(h.dir + "/" + name); err != nil {
		return // a trick removed it
	}
	h.write(name, strings.Replace(h.read(name), old, new, 1))
}

func (h *checkout) remove(name string) { h.must(os.RemoveAll(h.dir + "/" + name)) }

// share makes texts include a clause of a shared folder.
func (h *checkout) share(name string) {
	h.write("privgen.toml", h.read("privgen.toml")+"[shared]\npath = \""+name+"\"\n")
	for _, text := range []string{"draft", "2026-03-01"} {
		h.edit("content/privacy/"+text+".md", "We keep", "{{clause precious}}\n\nWe keep")
	}
}

// link creates a symlink. It replaces any file or folder of the name.
func (h *checkout) link(name, target string) {
	h.remove(name)
	h.must(os.MkdirAll(filepath.Dir(h.dir+"/"+name), 0o777))
	h.must(os.Symlink(target, h.dir+"/"+name))
}

// hostileSite creates the checkout for all tricks: a site that builds, in a repository
// whose config runs a program wherever git allows it. It has state that somebody else
// wrote, and names and texts that a shell or a terminal would execute.
func hostileSite(t *testing.T, h *checkout) {
	h.write("../outside/precious", precious)
	h.write("../outside/run", "#!/bin/sh\ntouch \"$0.ran\"\n")
	h.must(os.Chmod(h.outside+"/run", 0o755))
	h.write("privgen.toml", "[site]\ntitle = \"T\\u001b]0;x\\u0007 $(touch ran)\"\nbase_url = \"https://legal.fernhill.example/\"\n[organization]\nname = \"`touch ran`\"\n[[deploy]]\nname = \"www\"\nto = \"www\"\n")
	h.write("content/privacy/policy.toml", "title = \"; touch ran\"\n")
	for i, day := range []string{"2026-01-01", "2026-02-01"} {
		h.write("content/privacy/"+day+".md", fmt.Sprintf("+++\neffective = %s\n+++\n# Privacy $(touch ran)\n\n![Logo](%%24%%28touch%%20ran%%29.png)\n\nWe keep your data for %d days.\n", day, i+1))
	}
	h.write("content/privacy/$(touch ran).png", "picture")
	h.write("content/cookies/2026-01-01.md", "+++\neffective = 2026-01-01\n+++\n# Cookies\n\nWe set none.\n")
	if code, _, errOut := privgen(t, "lock", "--yes", "--config", h.dir); code != exitDone {
		t.Fatal(errOut)
	}
	h.remove(".privgen")
	h.write("content/privacy/2026-03-01.md", "+++\neffective = 2026-03-01\n+++\n# Privacy $(touch ran)\n\nWe keep your data for a week.\n")
	h.write("content/privacy/draft.md", "+++\nsummary = \"Less.\"\n+++\n# Privacy $(touch ran)\n\nWe keep your data for 3 days, and no more than that.\n")
	for _, name := range []string{"terms-2024-01-01.md", "-rf-2024-01-02.md", "$(touch ran)-2024-01-03.md", "a\x1b[31m\nb-2024-01-04.md"} {
		h.write("texts/"+name, "# Terms\n\nYou agree to these terms of service. "+name[len(name)-5:len(name)-3]+"\n")
	}
	h.write("texts/terms-2024-02-01.html", "<html><body><main><h1>Terms</h1><p>You agree to these terms of service, and we to them.</p></main></body></html>\n")
	git := func(args ...string) {
		c := exec.Command("git", append([]string{"-C", h.dir, "-c", "user.name=a", "-c", "user.email=a@fernhill.example"}, args...)...)
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	git("init", "-q", "-b", "main", "--template=")
	git("add", "content", "texts")
	git("commit", "-qm", "texts")
	hostileRepository(h)
	for i, name := range []string{".git/hooks/post-index-change", "../outside/new", "content/privacy/2026-02-01.md"} {
		text := "#!/bin/sh\n"
		h.write(fmt.Sprintf(".privgen/.commit/%d", i), text)
		h.must(os.Chmod(fmt.Sprintf("%s/.privgen/.commit/%d", h.dir, i), 0o755))
		was := "-"
		if raw, err := os.ReadFile(h.dir + "/" + name); err == nil {
			was = fmt.Sprintf("%x", sha256.Sum256(raw))
		}
		h.write(".privgen/.commit/journal", h.orEmpty(".privgen/.commit/journal")+fmt.Sprintf("%s %x %s\n", was, sha256.Sum256([]byte(text)), name))
	}
	h.write(".privgen/public/state", "privgen state 1\n")
	h.write(".privgen/public/origin", "1 1\n")
}

func (h *checkout) orEmpty(name string) string {
	raw, _ := os.ReadFile(h.dir + "/" + name)
	return string(raw)
}

// hostileRepository makes the repository's config, attributes, and hooks run a
// program.
func hostileRepository(h *checkout) {
	run := h.outside + "/run"
	h.write(".git/config", strings.ReplaceAll(`[core]
	repositoryformatversion = 1
	bare = false
	fsmonitor = RUN
	sshCommand = RUN
	pager = RUN
	editor = RUN
	askPass = RUN
	gitProxy = RUN
	alternateRefsCommand = RUN
[extensions]
	partialClone = origin
[remote "origin"]
	url = ext::RUN
	promisor = true
	uploadpack = RUN
	vcs = ext
[diff]
	external = RUN
[diff "x"]
	command = RUN
	textconv = RUN
[filter "x"]
	clean = RUN
	smudge = RUN
	process = RUN
	required = true
[gpg]
	program = RUN
[log]
	showSignature = true
[credential]
	helper = !RUN
[alias]
	rev-list = !RUN
	cat-file = !RUN
`, "RUN", run))
	h.write(".gitattributes", "* filter=x diff=x merge=x\n")
	h.write(".git/hooks/post-checkout", "#!/bin/sh\n"+run+"\n")
	h.must(os.Chmod(h.dir+"/.git/hooks/post-checkout", 0o755))
}

// snapshot returns the type, mode, and bytes of everything in a folder, by path.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		what := info.Mode().String()
		switch {
		case info.Mode().IsRegular():
			raw, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			what += " " + string(raw)
		case info.Mode()&fs.ModeSymlink != 0:
			to, _ := os.Readlink(name)
			what += " " + to
		}
		rel, _ := filepath.Rel(dir, name)
		all[filepath.ToSlash(rel)] = what
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// wrongly returns the reason why a command may not make a change of a file, or "".
func wrongly(command, name, was, is string) string {
	rel, inside := strings.CutPrefix(name, "site/")
	kind := func(what string) string { mode, _, _ := strings.Cut(what, " "); return mode }
	switch {
	case slices.Contains(readOnly, command):
		return "the command changes nothing"
	case !inside && rel != "site":
		return "it is outside of the site"
	case strings.Contains(is, precious) && !strings.Contains(was, precious):
		return "it has a text of the user's"
	case strings.Contains(path.Base(rel), "privgen-tmp") && is == "":
		return "" // it may be the temporary file of a killed run
	case !slices.ContainsFunc(writesTo[command], func(to string) bool { return rel == to || strings.HasPrefix(rel, to+"/") }):
		return "the command does not write there"
	case strings.HasPrefix(kind(was), "L") || strings.HasPrefix(kind(is), "L"):
		if strings.HasPrefix(rel, ".privgen/") && is == "" || strings.HasPrefix(rel, "public/") {
			return "" // a page replaces a symlink
		}
		return "it is a symlink"
	case strings.HasPrefix(kind(is), "-") && strings.Contains(kind(is), "x"):
		return "it can be executed"
	case strings.HasPrefix(rel, ".privgen"), rel == "public/.privgen", strings.HasPrefix(rel, "www/.privgen"), rel == "made/.gitignore":
		return ""
	case strings.HasPrefix(rel, ".") || strings.Contains(rel, "/."):
		return "its name begins with a dot"
	case was != "" && strings.HasPrefix(rel, "content/") && (command != "release" || rel != "content/privacy/draft.md"):
		return "the user's text was changed"
	}
	return ""
}

// leaves returns the names of all commands, including nested ones.
func leaves(c *cobra.Command, prefix string) (names []string) {
	for _, sub := range c.Commands() {
		name := strings.TrimSpace(prefix + " " + sub.Name())
		names = append(append(names, name), leaves(sub, name)...)
	}
	return names
}

func TestHostileCheckout(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("git"); err != nil || runtime.GOOS == "windows" {
		t.Skip("needs git, symlinks and names of any kind")
	}
	names := leaves((&program{}).root(), "")
	if a, b := slices.Sorted(slices.Values(names)), slices.Sorted(maps.Keys(hostileRuns)); !slices.Equal(a, b) {
		t.Fatalf("the commands are %q,\nthose that are run are %q", a, b)
	}
	host := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(host.Close)
	template := t.TempDir()
	hostileSite(t, &checkout{t: t, dir: template + "/site", outside: template + "/outside"})
	// Check that the repository is hostile: git runs the program.
	work := t.TempDir()
	h := copyHostile(t, template, work)
	exec.Command("git", "-C", h.dir, "status").Run()
	if _, err := os.Stat(h.outside + "/run.ran"); err != nil {
		t.Errorf("git status runs nothing in this repository: %v", err)
	}
	for i, trick := range tricks {
		if testing.Short() && i%5 != 0 {
			continue // each trick runs the program more than twenty times
		}
		t.Run(trick.name, func(t *testing.T) {
			t.Parallel()
			var h *checkout // with the trick; nil if a command has changed it
			for command, runs := range hostileRuns {
				if trick.name != tricks[0].name && slices.Contains([]string{"schema", "completion", "version", "import"}, command) {
					continue // they read no files
				}
				for _, args := range runs {
					if h == nil {
						h = hostileWith(t, template, trick)
					}
					edits := command == "correct"
					if edits {
						h.edit("content/privacy/2026-02-01.md", "2 days", "two days")
						h.files = nil
					}
					if changed := h.run(t, command, strings.ReplaceAll(args, "HOST", host.URL), trick.name == tricks[0].name); changed || edits {
						h = nil
					}
				}
			}
		})
	}
}

// hostileWith returns a checkout with a trick.
func hostileWith(t *testing.T, template string, trick trick) *checkout {
	t.Helper()
	h := copyHostile(t, template, t.TempDir())
	trick.do(h)
	h.must(os.Mkdir(h.outside+"/../temp", 0o777))
	return h
}

// copyHostile copies the checkout of hostileSite.
func copyHostile(t *testing.T, template, work string) *checkout {
	t.Helper()
	h := &checkout{t: t, dir: work + "/site", outside: work + "/outside"}
	h.must(os.CopyFS(work, os.DirFS(template)))
	h.write(".git/config", strings.ReplaceAll(h.read(".git/config"), template, work))
	h.must(os.Chmod(h.outside+"/run", 0o755))
	return h
}

// run runs a command, compares the files before and after, and reports whether any has
// changed.
func (h *checkout) run(t *testing.T, command, args string, succeeds bool) bool {
	t.Helper()
	work := filepath.Dir(h.outside)
	before := h.files
	if before == nil {
		before = snapshot(t, work)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "privgen", strings.Fields(args)...)
	c.Dir = h.dir
	c.Env = append(append(os.Environ(), lean...), "SOURCE_DATE_EPOCH=1780272000", "TMPDIR="+work+"/temp", "HOME="+work+"/temp")
	var said strings.Builder
	c.Stderr = &said
	out, err := c.StdoutPipe()
	h.must(err)
	h.must(c.Start())
	for lines := bufio.NewScanner(out); lines.Scan(); {
		_, at, ok := strings.Cut(lines.Text(), "http://")
		if command != "serve" || !ok {
			continue
		}
		if r, err := http.Get("http://" + strings.Fields(at)[0]); err == nil {
			r.Body.Close()
		}
		h.must(c.Process.Signal(os.Interrupt))
	}
	err = c.Wait()
	if ctx.Err() != nil {
		t.Errorf("privgen %s does not end", args)
	}
	if succeeds && err != nil && command != "verify" && args != "lock --check" {
		t.Errorf("privgen %s: %v\n%s", args, err, said.String())
	}
	if strings.Contains(said.String(), "internal error") {
		t.Errorf("privgen %s: %s", args, said.String())
	}
	after := snapshot(t, work)
	h.files = after
	both := maps.Clone(before)
	maps.Copy(both, after)
	for _, name := range slices.Sorted(maps.Keys(both)) {
		if was, is := before[name], after[name]; was != is {
			if why := wrongly(command, name, was, is); why != "" {
				t.Errorf("privgen %s: %s: %s\nit was %.60q\nand is %.60q", args, name, why, was, is)
			}
		}
	}
	return !maps.Equal(before, after)
}
