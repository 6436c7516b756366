package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/corpus"
	"github.com/privgen/privgen/internal/imports/history"
	"github.com/privgen/privgen/internal/imports/report"
)

// If collections of published policies are available, they are imported. Every state in
// git is a version, byte for byte, or was left out for a reason.
func TestImportBundles(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("short: collections are not imported")
	}
	for _, bundle := range []string{"genai-eu-versions", "pga-versions"} {
		t.Run(bundle, func(t *testing.T) {
			t.Parallel()
			if bundle == "pga-versions" && os.Getenv("PRIVGEN_ALL_PAIRS") == "" {
				t.Skip("the large collection is imported by .ci/laws")
			}
			dir := t.TempDir()
			args := []string{"import", "archive", filepath.Join(corpus.Dir(t), bundle+".bundle"), "--out", dir, "--json"}
			var excluded []string
			if os.Getenv("PRIVGEN_ALL_PAIRS") == "" { // .ci/laws also imports the services with many states
				excluded = []string{"ChatGPT", "Claude.ai", "Llama API"}
			}
			for _, service := range excluded {
				args = append(args, "--exclude", service)
			}
			code, out, errOut := privgen(t, args...)
			if code != exitDone {
				t.Fatalf("exit code %d\n%s", code, errOut)
			}
			var v report.Report
			if err := json.Unmarshal([]byte(out), &v); err != nil {
				t.Fatal(err)
			}
			// The texts of the bundle in the order of its history, read by other
			// code, without blank texts and those that changed nothing.
			texts := map[string][]string{}
			corpus.Bundle(t, bundle, func(v corpus.Version) {
				if slices.ContainsFunc(excluded, func(service string) bool {
					return strings.HasPrefix(v.Document, strings.ToLower(strings.NewReplacer(" ", "-", ".", "-").Replace(service))+"-")
				}) {
					return
				}
				texts[v.Document] = append(texts[v.Document], string(v.Text))
			})
			if len(v.Policies) != len(texts) {
				t.Errorf("%d policies, %d documents", len(v.Policies), len(texts))
			}
			versions, left := 0, map[history.Reason]int{}
			for _, p := range v.Policies {
				if p.States != p.Versions+len(p.LeftOut) || p.Versions != len(p.Files) {
					t.Errorf("%s: %d states, %d versions in %d files, %d left out", p.Slug, p.States, p.Versions, len(p.Files), len(p.LeftOut))
				}
				void := 0
				for _, o := range p.LeftOut {
					left[o.Reason]++
					if slices.Contains([]history.Reason{"blank", "same", "gone", "not text"}, o.Reason) {
						void++
					}
				}
				versions += p.Versions
				if n := p.States - void; n < len(texts[p.Slug]) {
					t.Errorf("%s: %d texts of %d are accounted for", p.Slug, n, len(texts[p.Slug]))
				}
				sameTexts(t, dir, p, texts[p.Slug])
			}
			t.Logf("%d policies, %d states, %d versions; left out: %v", len(v.Policies), v.States, versions, left)
			// Again: every version exists, and nothing is written.
			code, out, errOut = privgen(t, args...)
			var again report.Report
			if err := json.Unmarshal([]byte(out), &again); code != exitDone || err != nil {
				t.Fatal(code, err, errOut)
			}
			if again.New != 0 || len(again.Edited) != 0 || again.There != versions {
				t.Errorf("again: %d new, %d edited, %d there of %d", again.New, len(again.Edited), again.There, versions)
			}
		})
	}
}

// sameTexts checks that the files of a policy have texts of its history, in order, each
// after front matter.
func sameTexts(t *testing.T, dir string, p *report.Policy, texts []string) {
	t.Helper()
	at := 0
	for _, f := range p.Files {
		raw, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(f.File)))
		if err != nil {
			t.Error(err)
			return
		}
		text, ok := behindMatter(string(raw))
		for ok && at < len(texts) && texts[at] != text {
			at++
		}
		if !ok || at == len(texts) {
			t.Errorf("%s is no text of the history after the one before it", f.File)
			return
		}
		at++
	}
}

// behindMatter returns the text after the second line of +++.
func behindMatter(file string) (string, bool) {
	const fence = "+++\n"
	if len(file) < 8 || file[:4] != fence {
		return "", false
	}
	for i := 4; i+4 <= len(file); i++ {
		if file[i-1] == '\n' && file[i:i+4] == fence {
			return file[i+4:], true
		}
	}
	return fmt.Sprintf("no end: %.60s", file), false
}
