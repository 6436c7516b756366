package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A secret in the environment is never in the output, a plan, or an error, whatever the
// host answers, even if the answer repeats the request.
func TestSecrets(t *testing.T) {
	const secret = "wJalrXUtnFEMIK7MDENG"
	for _, name := range []string{"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "CLOUDFLARE_API_TOKEN", "FASTLY_API_TOKEN", "BUNNY_API_KEY", "AZURE_STORAGE_SAS_TOKEN"} {
		t.Setenv(name, secret)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIA"+secret)
	t.Setenv("SOURCE_DATE_EPOCH", "1780272000")
	status := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if status == 0 {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(status)
		io.WriteString(w, "<Error><Code>Denied</Code><Message>"+r.Header.Get("Authorization")+" "+r.Header.Get("X-Amz-Security-Token")+r.URL.RawQuery+"</Message><Key>"+secret+"</Key></Error>")
	}))
	defer server.Close()
	t.Setenv("STORAGE_EMULATOR_HOST", server.URL)
	dir := t.TempDir()
	config := `[site]
title = "Acme policies"
base_url = "https://acme.example/"

[organization]
name = "Acme Ltd"

[[deploy]]
name = "bucket"
to = "s3://legal"
region = "us-east-1"
endpoint = "` + server.URL + `"

[[deploy]]
name = "google"
to = "gs://legal"

[[deploy]]
name = "azure"
to = "azblob://legal/$web"
endpoint = "` + server.URL + `"

[[deploy]]
name = "www"
to = "www"
`
	for name, text := range map[string]string{"privgen.toml": config, "content/privacy/2026-01-01.md": "# Privacy policy\n\nWe keep nothing.\n"} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	plan := filepath.Join(dir, "plan.json")
	for _, status = range []int{400, 401, 403, 404, 409, 412} {
		for _, args := range []string{"deploy bucket", "deploy bucket --plan", "deploy bucket --json", "verify bucket", "deploy google", "verify google", "deploy azure", "deploy azure --json", "verify azure"} {
			code, out, errOut := privgen(t, append(strings.Fields(args), "--config", dir)...)
			if code == exitDone && status != 404 {
				t.Errorf("%s succeeds where the host answers %d", args, status)
			}
			if strings.Contains(out+errOut, secret) {
				t.Errorf("%s prints a secret where the host answers %d:\n%s%s", args, status, out, errOut)
			}
		}
	}
	for _, args := range []string{"deploy www --plan-file " + plan, "deploy www --json", "deploy www --dry-run --json", "verify www --json"} {
		code, out, errOut := privgen(t, append(strings.Fields(args), "--config", dir)...)
		if code != exitDone || strings.Contains(out+errOut, secret) {
			t.Errorf("%s exits with %d:\n%s%s", args, code, out, errOut)
		}
	}
	for name := range map[string]bool{"plan.json": true, "www/.privgen/manifest.gz": true} {
		if raw, err := os.ReadFile(filepath.Join(dir, name)); err != nil || strings.Contains(string(raw), secret) {
			t.Errorf("%s holds a secret: %v", name, err)
		}
	}
}
