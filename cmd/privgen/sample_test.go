package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const repo = "../.."

// The output of the sample site is committed, so that a review shows every changed byte
// of the output.
func TestSample(t *testing.T) {
	t.Parallel()
	const do = "build it with: go run ./cmd/privgen build\nthen read the difference; it is what the world will see"
	want, err := contents(filepath.Join(repo, "public"))
	if err != nil {
		t.Fatal(err)
	}
	if want[".privgen"] == "" {
		t.Fatal("public/ is not there, or holds no site;", do)
	}
	out := filepath.Join(t.TempDir(), "public")
	report := mustBuild(t, "--config", repo, "--out", out, "--json")
	if !strings.Contains(report, `"at": "2026-11-15T00:00:00Z"`) {
		t.Errorf("the sample site has no fixed day any more:\n%s", report)
	}
	got, err := contents(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if had, ok := want[name]; !ok {
			t.Errorf("public/%s is missing", name)
		} else if had != got[name] {
			t.Errorf("public/%s is another now: %s", name, difference(had, got[name]))
		}
		delete(want, name)
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		t.Errorf("public/%s is not part of the site", name)
	}
	if t.Failed() {
		t.Log(do)
	}
}

// difference returns the text around the first difference of two texts.
func difference(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	around := func(s string) string { return s[max(0, min(i, len(s))-30):min(len(s), i+30)] }
	return "..." + around(a) + "... became ..." + around(b) + "..."
}

// A build of the sample site in another folder has the same output.
func TestSampleElsewhere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	copySite(t, dir)
	here, there := filepath.Join(t.TempDir(), "here"), filepath.Join(dir, "public")
	mustBuild(t, "--config", repo, "--out", here)
	mustBuild(t, "--config", dir)
	same(t, here, there)
	// Again, over the output as of another day.
	mustBuild(t, "--config", dir, "--at", "2023-01-01")
	mustBuild(t, "--config", dir)
	same(t, here, there)
}

// copySite copies the config, the lock file, and the texts of the sample site, the last
// file first.
func copySite(t testing.TB, to string) {
	t.Helper()
	if err := copySample(to); err != nil {
		t.Fatal(err)
	}
}

func copySample(to string) error {
	content, err := contents(filepath.Join(repo, "content"))
	if err != nil {
		return err
	}
	names := []string{"privgen.toml", "privgen.lock"}
	for name := range content {
		names = append(names, "content/"+name)
	}
	slices.Sort(names)
	for _, name := range slices.Backward(names) {
		raw, err := os.ReadFile(filepath.Join(repo, name))
		if err == nil {
			err = os.MkdirAll(filepath.Dir(filepath.Join(to, name)), 0o777)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(to, name), raw, 0o666)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func write(t testing.TB, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// same checks that two folders have the same files with the same bytes.
func same(t testing.TB, a, b string) {
	t.Helper()
	x, err := contents(a)
	if err != nil {
		t.Fatal(err)
	}
	y, err := contents(b)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(x)) {
		if y[name] != x[name] {
			t.Errorf("%s differs: %s", name, difference(x[name], y[name]))
		}
		delete(y, name)
	}
	for name := range y {
		t.Errorf("%s is in one alone", name)
	}
}
