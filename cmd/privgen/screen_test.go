package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// hostile has control sequences, with which somebody could take over a terminal, and
// invisible characters.
const hostile = "a\x1b]0;owned\a\x1b[2J\u009b31m\b\x7f\u202Egpj.\u2066x\u200By"

// shown fails if the output has a control character or an invisible character.
func shown(t *testing.T, what, printed string) {
	t.Helper()
	for _, r := range "\x1b\a\b\r\x7f\u009b\u202E\u2066\u200B\uFFFD" {
		if i := strings.IndexRune(printed, r); i >= 0 {
			t.Errorf("%s prints %U:\n%q", what, r, printed[max(0, i-60):min(len(printed), i+60)])
			return
		}
	}
}

// No command prints control sequences of a site's texts, titles, and names, or of a
// server.
func TestScreenOfEveryCommand(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no file can have such a name here")
	}
	dir := t.TempDir()
	// In TOML, most of these characters must be escaped.
	title := strings.NewReplacer("\x1b", `\u001b`, "\a", `\u0007`, "\b", `\b`, "\x7f", `\u007f`).Replace(hostile)
	write(t, filepath.Join(dir, "privgen.toml"), "[site]\ntitle = \""+title+"\"\nbase_url = \"https://acme.example/\"\n[organization]\nname = \""+title+
		"\"\n[[deploy]]\nname = \"production\"\nto = \"www/site\"\n")
	for name, text := range map[string]string{
		"2024-01-01": "# Privacy " + hostile + "\n\nWe keep " + hostile + ".\n",
		"2025-01-01": "+++\nsummary = \"" + title + "\"\nlabel = \"" + title + "\"\n+++\n# Privacy " + hostile + "\n\nWe keep all of " + hostile + " here.\n",
		"draft":      "# Privacy " + hostile + "\n\nWe keep all but " + hostile + " here.\n",
	} {
		write(t, filepath.Join(dir, "content/privacy", name+".md"), text)
	}
	broken := t.TempDir()
	write(t, filepath.Join(broken, "privgen.toml"), "[site]\ntitle = \"Acme\"\nbase_url = \"https://acme.example/\"\n[organization]\nname = \"Acme\"\n\""+title+"\" = 1\n")
	write(t, filepath.Join(broken, "content/privacy/2024-01-01"+hostile+".md"), "# Privacy\n\n[a]("+hostile+".md) <b title='"+hostile+"'> {{ "+hostile+" }}\n")
	write(t, filepath.Join(broken, "content/terms\nprivgen/2024-01-01.md"), "# Terms\n")
	snapshots := t.TempDir()
	write(t, filepath.Join(snapshots, hostile+"-2024-01-01.md"), "---\ntitle: "+hostile+"\n---\n# Terms "+hostile+"\n\nWe process.\n")
	write(t, filepath.Join(snapshots, hostile+".html"), "<title>"+hostile+"</title><h1>"+hostile+"</h1>")
	write(t, filepath.Join(dir, "www/site/"+hostile+".html"), "x")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; x="+"\u009b31m\u202E")
		w.Header().Set("Location", "/"+"\u009b31m\u202E")
		w.WriteHeader(http.StatusFound)
		io.WriteString(w, hostile)
	}))
	defer server.Close()
	printed := func(args ...string) string {
		var out, errs bytes.Buffer
		run(context.Background(), args, &out, &errs)
		return out.String() + errs.String()
	}
	config := []string{"--config", dir}
	for _, args := range [][]string{
		{"build"}, {"lock", "--dry-run"}, {"lock", "--yes"}, {"next"}, {"status"}, {"status", "privacy"}, {"in-force", "privacy", "--at", "2025-06-01"}, {"in-force", hostile}, {"since", "privacy", hostile}, {"notice", hostile}, {"theme", "show", hostile}, {"check"}, {"check", "--format", "sarif"}, {"redline", "privacy", "2024-01-01..2025-01-01"},
		{"redline", "privacy", "2024-01-01..2025-01-01", "--stat"}, {"redline", "privacy", "2024-01-01..2025-01-01", "--json"},
		{"redline", "privacy", hostile}, {"release", "privacy", "--dry-run", "--effective", "2030-01-01", "--summary", hostile},
		{"deploy", "--dry-run"}, {"deploy", "--yes"}, {"deploy", "--json"}, {"deploy", hostile}, {"verify", "production"}, {"verify", server.URL},
		{"verify", server.URL, "--json"}, {"correct", "privacy", "2025-01-01", "--reason", hostile}, {"resolve", hostile}, {"resolve", "privacy", "--json"}, {"new", hostile},
		{hostile}, {"build", "--" + hostile},
	} {
		out := printed(append(args, config...)...)
		if out == "" && args[0] != "next" {
			t.Errorf("%q prints nothing", args)
		}
		shown(t, strings.Join(args, " "), out)
	}
	for _, args := range [][]string{
		{"build", "--config", broken}, {"build", "--json", "--config", broken}, {"next", "--config", broken}, {"check", "--config", broken}, {"check", "--format", "sarif", "--config", broken}, {"build", "--config", hostile},
		{"import", "snapshots", snapshots, "--dry-run", "--out", filepath.Join(t.TempDir(), "o")}, {"import", "snapshots", snapshots, "--yes", "--out", filepath.Join(t.TempDir(), hostile)},
		{"import", "html", filepath.Join(snapshots, hostile+".html"), "--yes", "--out", filepath.Join(t.TempDir(), "o")},
		{"import", "git", hostile, "--yes", "--out", filepath.Join(t.TempDir(), "o")}, {"init", filepath.Join(t.TempDir(), hostile)},
	} {
		out := printed(args...)
		if strings.Contains(out, "\nprivgen/2024") || out == "" {
			t.Errorf("%q lets a name begin a line:\n%s", args, out)
		}
		shown(t, strings.Join(args, " "), out)
	}
}

// All output is printed through screens: only main.go uses os.Stdout and os.Stderr.
func TestScreenIsTheOnlyWay(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if name == "main.go" || strings.HasSuffix(name, "_test.go") {
			continue
		}
		for _, way := range []string{"os.Stdout", "os.Stderr", "fmt.Print(", "fmt.Printf(", "fmt.Println("} {
			if strings.Contains(string(text), way) {
				t.Errorf("%s uses %s; print to p.out or p.err", name, way)
			}
		}
	}
}
