package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The vercel.json of docs/deploy/vercel.md has the headers of _headers, because Vercel does
// not read _headers.
func TestVercelHeaders(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/deploy/vercel.md")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```json\n(.*?)```").FindSubmatch(page)
	if block == nil {
		t.Fatal("docs/deploy/vercel.md has no vercel.json")
	}
	var config struct {
		Headers []struct {
			Source  string
			Headers []struct{ Key, Value string }
		}
	}
	if err := json.Unmarshal(block[1], &config); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, rule := range config.Headers {
		b.WriteString(strings.Replace(rule.Source, "(.*)", "*", 1) + "\n")
		for _, h := range rule.Headers {
			b.WriteString("  " + h.Key + ": " + h.Value + "\n")
		}
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "privgen.toml"), "[site]\ntitle = \"Acme\"\nbase_url = \"https://acme.example/\"\n[organization]\nname = \"Acme\"\n")
	write(t, filepath.Join(dir, "content/privacy/2026-01-01.md"), "# Privacy policy\n\nWe keep nothing.\n")
	mustBuild(t, "--config", dir)
	want, err := os.ReadFile(filepath.Join(dir, "public/_headers"))
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("vercel.json says\n%swhile _headers says\n%s", b.String(), want)
	}
}
