package main

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// The programs of docs/formats.md return the same answers as privgen, including for a
// history that is divided by year.
func TestFormatsPrograms(t *testing.T) {
	t.Parallel()
	_, code := codeOf(t, "formats.md")
	dir := t.TempDir()
	write(t, filepath.Join(dir, "privgen.toml"), "[site]\ntitle = \"Acme\"\nbase_url = \"https://acme.example/\"\n"+
		"time_zone = \"Pacific/Auckland\"\n[organization]\nname = \"Acme\"\n[redlines]\npairs = \"none\"\n")
	for i := range 410 {
		id := time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i).Format("2006-01-02")
		front := ""
		if id == "2022-06-02" {
			front = "+++\nwithdrawn = 2022-06-01\n+++\n\n"
		}
		write(t, filepath.Join(dir, "content/terms", id+".md"), front+"# Terms\n\nText of "+id+".\n")
	}
	mustBuild(t, "--config", dir)
	public, _ := json.Marshal(filepath.ToSlash(filepath.Join(dir, "public")) + "/")
	const want = "2022-03-05 2022-06-01 none\n3\n2022-03-05 2022-03-05 none\n"
	for lang, program := range map[string]string{"js": "node", "python": "python3"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			path, err := exec.LookPath(program)
			if err != nil {
				t.Skipf("this machine has no %s", program)
			}
			name, text := "main.mjs", code["js"]+fmt.Sprintf(`
import { readFileSync } from "node:fs";
const file = (url) => readFileSync(%s + url.slice("https://acme.example/".length));
const read = async (url) => JSON.parse(file(url));
const history = await read("https://acme.example/terms/versions.json");
const versions = await allVersions(history, read);
const id = (day) => inForce(history, versions, day)?.id ?? "none";
console.log(id("2022-03-05"), id("2022-06-02"), id("2021-12-31"));
console.log(changes(history, versions, "2022-05-31", "2022-06-04").length);
const copy = file(inForce(history, versions, "2022-03-05").texts[0].markdown).toString();
console.log(genuine(versions, copy), genuine(versions, textOf(copy)), genuine(versions, copy + "x") ?? "none");
`, public)
			if lang == "python" {
				name, text = "main.py", code["python"]+fmt.Sprintf(`
import json
def file(url):
    with open(%s + url[len("https://acme.example/"):], "rb") as f:
        return f.read()
read = lambda url: json.loads(file(url))
history = read("https://acme.example/terms/versions.json")
versions = all_versions(history, read)
id = lambda day: (in_force(history, versions, day) or {"id": "none"})["id"]
print(id("2022-03-05"), id("2022-06-02"), id("2021-12-31"))
print(len(changes(history, versions, "2022-05-31", "2022-06-04")))
copy = file(in_force(history, versions, "2022-03-05")["texts"][0]["markdown"])
print(genuine(versions, copy), genuine(versions, text_of(copy)), genuine(versions, copy + b"x") or "none")
`, public)
			}
			name = filepath.Join(t.TempDir(), name)
			write(t, name, text)
			out, err := exec.CommandContext(t.Context(), path, name).CombinedOutput()
			if err != nil || string(out) != want {
				t.Errorf("%v: have\n%swant\n%s", err, out, want)
			}
		})
	}
}
