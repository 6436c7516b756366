package main

import (
	"os"
	"path/filepath"
)

// This file creates a comparable site for Hugo: a page for each version with a
// header, a footer, and a contents list; a list and a feed for each policy; and a
// home page. It has no redlines and no other formats.

var hugoFiles = map[string]string{
	"hugo.toml": `baseURL = "https://policies.example/"
title = "Policies"
disableKinds = ["taxonomy", "term"]
[outputs]
home = ["html"]
[services.rss]
limit = 20
`,
	"layouts/_default/baseof.html": `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{{ .Title }} – {{ site.Title }}</title>
<link rel="canonical" href="{{ .Permalink }}">
</head>
<body>
<header><a href="{{ site.Home.RelPermalink }}">{{ site.Title }}</a></header>
<main>{{ block "main" . }}{{ end }}</main>
<footer>Example Archive</footer>
</body>
</html>
`,
	"layouts/_default/single.html": `{{ define "main" }}<nav>{{ .TableOfContents }}</nav>
<article>{{ .Content }}</article>
{{ with .PrevInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}
{{ with .NextInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}{{ end }}
`,
	"layouts/_default/list.html": `{{ define "main" }}<ol>
{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>
{{ end }}</ol>{{ end }}
`,
}

func (b *bench) makeHugo() error {
	for name, text := range hugoFiles {
		name = filepath.Join(b.dir, "hugo", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			return err
		}
	}
	return nil
}
