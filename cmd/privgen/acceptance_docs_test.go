package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The code of docs/acceptance.md, in each language, asks again in the cases of its
// table, with the versions.json of a real site.
func TestAcceptance(t *testing.T) {
	t.Parallel()
	raw, code := codeOf(t, "acceptance.md")
	type vector struct {
		Accepted, Material string // an id each
		Ask                bool
	}
	var vectors []vector
	cell := regexp.MustCompile("(?m)^\\| (?:nothing|`([^`]*)`[^|]*) \\| (?:any|`([^`]*)`) \\| (?:any|.*) \\| (yes|no) \\|$")
	for _, m := range cell.FindAllStringSubmatch(raw, -1) {
		vectors = append(vectors, vector{m[1], m[2], m[3] == "yes"})
	}
	if len(vectors) != 5 {
		t.Fatalf("the table has %d rows", len(vectors))
	}

	// One site for each version that can be the material one.
	histories := map[string]string{}
	for _, material := range []string{"2024-01-01", "2025-01-01"} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "privgen.toml"), "[site]\ntitle = \"Acme\"\nbase_url = \"https://acme.example/\"\n[organization]\nname = \"Acme\"\n")
		for _, id := range []string{"2024-01-01", "2025-01-01"} {
			front := ""
			if id == material {
				front = "+++\nmaterial = true\n+++\n\n"
			}
			write(t, filepath.Join(dir, "content/terms", id+".md"), front+"# Terms\n\nText of "+id+".\n")
		}
		mustBuild(t, "--config", dir)
		raw, err := os.ReadFile(filepath.Join(dir, "public/terms/versions.json"))
		if err != nil {
			t.Fatal(err)
		}
		histories[material] = string(raw)
	}
	histories[""] = histories["2024-01-01"]

	var want strings.Builder
	calls := map[string]*strings.Builder{"go": {}, "js": {}, "python": {}}
	quote := func(s string) string { b, _ := json.Marshal(s); return string(b) }
	for _, v := range vectors {
		fmt.Fprintln(&want, v.Ask)
		h, accepted := quote(histories[v.Material]), quote(v.Accepted)
		fmt.Fprintf(calls["go"], "\tprint(%s, %s)\n", h, accepted)
		fmt.Fprintf(calls["js"], "console.log(mustAsk(JSON.parse(%s), %s));\n", h, accepted)
		fmt.Fprintf(calls["python"], "print(str(must_ask(json.loads(%s), %s)).lower())\n", h, accepted)
	}
	for _, one := range []struct {
		lang, program, file string
		text                string
		args                []string
	}{
		{"go", "go", "main.go", "package main\n\nimport (\n\t\"encoding/json\"\n\t\"fmt\"\n)\n\n" + code["go"] +
			"\nfunc print(history, accepted string) {\n\tvar h History\n\tif err := json.Unmarshal([]byte(history), &h); err != nil {\n\t\tpanic(err)\n\t}\n" +
			"\tfmt.Println(MustAsk(h, accepted))\n}\n\nfunc main() {\n" + calls["go"].String() + "}\n", []string{"run"}},
		{"js", "node", "main.js", code["js"] + calls["js"].String(), nil},
		{"python", "python3", "main.py", "import json\n\n" + code["python"] + "\n" + calls["python"].String(), nil},
	} {
		t.Run(one.lang, func(t *testing.T) {
			t.Parallel()
			program, err := exec.LookPath(one.program)
			if err != nil {
				t.Skipf("this machine has no %s", one.program)
			}
			name := filepath.Join(t.TempDir(), one.file)
			write(t, name, one.text)
			out, err := exec.CommandContext(t.Context(), program, append(one.args, name)...).CombinedOutput()
			if err != nil || string(out) != want.String() {
				t.Errorf("%v: have\n%swant\n%s", err, out, want.String())
			}
		})
	}
}

// codeOf returns a document in docs and its last code block in each of three languages.
func codeOf(t *testing.T, name string) (text string, code map[string]string) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(repo, "docs", name))
	if err != nil {
		t.Fatal(err)
	}
	code = map[string]string{}
	for _, m := range regexp.MustCompile("(?s)```(go|js|python)\n(.*?)```").FindAllStringSubmatch(string(raw), -1) {
		code[m[1]] = m[2]
	}
	return string(raw), code
}
