package config_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/source"
)

// A target has its defaults, and its URL is normalized.
func TestTarget(t *testing.T) {
	t.Parallel()
	text := `[site]
title = "Acme"
base_url = "https://acme.example/"
[organization]
name = "Acme Ltd"
[[deploy]]
name = "production"
to = "s3://bucket/site"
url = "https://WWW.acme.example/legal"
[deploy.invalidate]
cloudfront = "E2X"
[[deploy]]
name = "here"
to = "../www"
`
	f, wrong := source.Parse("privgen.toml", []byte(text))
	if wrong != nil {
		t.Fatal(wrong)
	}
	c, problems := config.Parse(f)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	p, here := c.Target("production"), c.Target("here")
	if p.URL != "https://www.acme.example/legal/" || p.Keep != 10 || p.MaxRemovals != 20 || p.Scheme() != "s3" || p.Invalidate.None() {
		t.Errorf("the target is %+v", p)
	}
	if here.Scheme() != "file" || !here.Invalidate.None() || c.Target("there") != nil {
		t.Errorf("the target is %+v", here)
	}
	// No message has the password.
	f, _ = source.Parse("privgen.toml", []byte(strings.Replace(text, "s3://bucket", "s3://user:hunter2@bucket", 1)))
	if _, problems := config.Parse(f); len(problems) != 1 || strings.Contains(problems[0].String(), "hunter2") {
		t.Errorf("a password gives %v", problems)
	}
}

// URLs of targets are split into their parts. Parts that ssh or a shell could interpret
// are rejected, and no message repeats a password.
func TestAddresses(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]config.SSHAddress{
		"ssh://deploy@www.acme.example:2222/var/www/": {User: "deploy", Host: "www.acme.example", Port: "2222", Folder: "/var/www"},
		"sftp://alias_1/~/www/legal":                  {Host: "alias_1", Folder: "www/legal"},
		"ssh://[::1]/~":                               {Host: "::1", Folder: "."},
		"ssh://host/":                                 {Host: "host", Folder: "/"},
	} {
		d := parseTarget(t, to, "")
		if got := d.SSH(); got != want || d.Scheme() != "ssh" {
			t.Errorf("%s is %+v, want %+v", to, got, want)
		}
	}
	d := parseTarget(t, "azblob://legal/$web/site/", "")
	if a := d.Azure(); a != (config.AzureAddress{Account: "legal", Container: "$web", Prefix: "site/"}) {
		t.Errorf("the address is %+v", a)
	}
	for to, want := range map[string]string{
		"gs://user:hunter2@bucket":        "has a name or password",
		"gs:///site":                      "not a bucket",
		"azblob://legal":                  "not a container of an account",
		"azblob://Legal.blob/$web":        "no account of Azure is called",
		"azblob://legal/$web?sig=hunter2": "has a key, a signature or a name",
		"azblob://legal/$web/a/../b":      "lead nowhere",
		"ssh://host":                      "not a folder of a host",
		"ssh:///var/www":                  "not a folder of a host",
		"ssh://host/www?x":                "not a folder of a host",
		"ssh://-oProxyCommand=x/www":      "that ssh cannot be told",
		"ssh://-l@host/www":               "that ssh cannot be told",
		"ssh://a%3Bb@host/www":            "that ssh cannot be told",
		"ssh://deploy:hunter2@host/www":   "has a password",
		"ssh://host/www/../../etc":        "lead nowhere",
		"ssh2://host/www":                 "does not know how to deploy to ssh2://",
		"ssh://deploy:hunter2@host:x/www": "not a URL",
	} {
		parseTarget(t, to, want)
	}
}

// parseTarget parses a config with one target. Unless wrong is empty, the config must have
// a problem with these words, and without the password hunter2.
func parseTarget(t *testing.T, to, wrong string) *config.Deploy {
	t.Helper()
	f, bad := source.Parse("privgen.toml", fmt.Appendf(nil, "[site]\ntitle = \"Acme\"\nbase_url = \"https://acme.example/\"\n[organization]\nname = \"Acme Ltd\"\n[[deploy]]\nname = \"x\"\nto = %q\n", to))
	if bad != nil {
		t.Fatal(bad)
	}
	c, problems := config.Parse(f)
	if said := fmt.Sprint(problems); (wrong == "") != (len(problems) == 0) || !strings.Contains(said, wrong) || strings.Contains(said, "hunter2") {
		t.Errorf("%s gives %s, want %q", to, said, wrong)
	}
	return c.Target("x")
}
