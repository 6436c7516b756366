package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestServeInBrowser runs .ci/serve.mjs, the work of an author in a real browser. It
// needs playwright-core in NODE_PATH, and Chromium.
func TestServeInBrowser(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("skipped, the page in a browser is not tested: no node is installed")
	}
	if err := exec.Command(node, "-e", "require('playwright-core')").Run(); err != nil {
		t.Skip("skipped, the page in a browser is not tested: NODE_PATH leads to no playwright-core")
	}
	browser := os.Getenv("BROWSER")
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if browser == "" {
			browser, _ = exec.LookPath(name)
		}
	}
	if browser == "" {
		t.Skip("skipped, the page in a browser is not tested: no Chromium is installed")
	}
	program := filepath.Join(t.TempDir(), "privgen")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	c := exec.Command(node, "../../.ci/serve.mjs", program)
	c.Env = append(os.Environ(), "BROWSER="+browser)
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
