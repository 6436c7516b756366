package pages

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"

	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/theme"
)

// This file has fragment.html: the text in force for a page of another site,
// with its dates and notices and nothing else.

var fragmentTemplate = template.Must(template.New("fragment").Parse(
	`<article class="text" data-policy="{{.Slug}}" data-version="{{.Text.Version}}" lang="{{.Text.Lang}}" dir="{{.Text.Dir}}">
{{.Text.Heading}}
<p class="stamp" data-added lang="{{.Lang}}" dir="{{.Dir}}">
{{- with .Version}}{{if ne .State "in-force"}}<span class="state">{{.StateName}}</span> {{end}}
{{- if .Until.Datetime}}{{template "date" .Effective}} – {{template "date" .Until}}
{{- else if .Effective.Datetime}}{{.Words.Effective}} {{template "date" .Effective}}{{end}}
{{- with .Label}} · {{$.Version.Words.Version}} {{.}}{{end}}
{{- with .Redline}} · <a href="{{.}}">{{$.Version.Words.Redline}}</a>{{end}}{{end}} · <a href="{{.Archive}}">{{.Words.Archive}}</a></p>
{{- range .Notices}}
<p class="notice" data-added lang="{{$.Lang}}" dir="{{$.Dir}}">{{range .Text}}{{if .Href}}<a href="{{.Href}}"{{with .Lang}} lang="{{.}}"{{end}}>{{.Text}}</a>
{{- else if .Datetime}}<time datetime="{{.Datetime}}">{{.Text}}</time>
{{- else if .Lang}}<span lang="{{.Lang}}">{{.Text}}</span>{{else}}{{.Text}}{{end}}{{end}}</p>{{end}}
{{.Text.Body}}</article>
{{define "date"}}<time datetime="{{.Datetime}}">{{.Text}}</time>{{end}}`))

// fragment draws the text of a policy in a language for a page of another site.
// Links lead to this site, class names begin with privgen-, so that they meet no
// style of that page, and headings begin at the level that the config sets.
func (do *documents) fragment(st *status, i int, lang string) drawing {
	return func(b *bytes.Buffer) error {
		text := do.paths.TextFor(st.Versions[i], lang)
		page := theme.Policy{Frame: do.frames.of("policy", lang, do.paths.Policy(st.Policy, lang), st.Policy)}
		return do.fill(&page.Document, st, i, text, lang, func() error {
			page.Notices = do.notices.ofPolicy(st, i, text, lang)
			var own bytes.Buffer
			if err := fragmentTemplate.Execute(&own, &page); err != nil {
				return err
			}
			b.Write(embedded(own.Bytes(), origin(do.paths), max(1, do.config.Output.FragmentLevel)-1))
			return nil
		})
	}
}

// The parts of our own HTML that a fragment changes. In text and in attributes,
// quotation marks and angle brackets are escaped, so these are tags.
var (
	anchorLink = lazyregexp.New(`<a class="anchor"[^>]*>#</a>`)
	headingTag = lazyregexp.New(`<(/?)h([1-6])\b`)
	classNames = lazyregexp.New(`(<[a-z][^<>]* class=")([^"]*)"`)
	rootedLink = lazyregexp.New(`(<[a-z][^<>]* (?:href|src)=")(/[^"]*)"`)
)

// embedded returns HTML of ours for a page of another site.
func embedded(own []byte, origin string, lower int) []byte {
	own = anchorLink().ReplaceAll(own, nil)
	own = headingTag().ReplaceAllFunc(own, func(tag []byte) []byte {
		m := headingTag().FindSubmatch(tag)
		return fmt.Appendf(nil, "<%sh%d", m[1], min(6, int(m[2][0]-'0')+lower))
	})
	own = classNames().ReplaceAllFunc(own, func(tag []byte) []byte {
		m := classNames().FindSubmatch(tag)
		names := strings.Fields(string(m[2]))
		for i := range names {
			names[i] = "privgen-" + names[i]
		}
		return fmt.Appendf(nil, `%s%s"`, m[1], strings.Join(names, " "))
	})
	return rootedLink().ReplaceAll(own, []byte("${1}"+origin+`${2}"`))
}
