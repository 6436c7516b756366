package config_test

import (
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/source"
)

// A target has its defaults, and its address one form.
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
	// A password is in no message.
	f, _ = source.Parse("privgen.toml", []byte(strings.Replace(text, "s3://bucket", "s3://user:hunter2@bucket", 1)))
	if _, problems := config.Parse(f); len(problems) != 1 || strings.Contains(problems[0].String(), "hunter2") {
		t.Errorf("a password gives %v", problems)
	}
}
