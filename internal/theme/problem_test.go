package theme_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/privgen/privgen/internal/theme"
)

type problemTest struct {
	name     string
	own      map[string]string // the site's files
	th       map[string]string // the theme's
	settings map[string]any
	want     string
}

func (tt problemTest) run(t *testing.T) {
	t.Run(tt.name, func(t *testing.T) {
		t.Parallel()
		th, problems := load(tt.th, tt.own, tt.settings)
		if (th == nil) != (len(problems) > 0) {
			t.Errorf("have the theme %v beside %d problems", th, len(problems))
		}
		want := strings.ReplaceAll(tt.want, "\n    ", "\n\t")
		if got := text(problems); got != want {
			t.Errorf("have\n%swant\n%s", got, want)
		}
	})
}

func top(body string) map[string]string {
	return map[string]string{"a.html": `{{define "top"}}` + body + `{{end}}`}
}

func TestTemplateProblems(t *testing.T) {
	t.Parallel()
	for _, tt := range []problemTest{
		{name: "a field that no page has", own: map[string]string{"a.html": "{{define \"top\"}}\nüü {{.Titel}}{{end}}"}, want: `no-such-field templates/a.html:2:6: a home page has no field "Titel"
    did you mean "Title"?
`},
		{name: "fields in a chain", own: top(`{{.Site.Nmae}} {{$.Site.Organization.Q}} {{(.Site).Quux}} {{$.Xyzzyq}}`), want: `no-such-field templates/a.html:1:24: a site has no field "Nmae"
    it has Title, Home, Logo, LogoDark, Icon, Search, Organization, Policies, Header, Footer
no-such-field templates/a.html:1:53: an organization has no field "Q"
    it has Name, URL, Email, Phone, Address, Contacts
no-such-field templates/a.html:1:67: a site has no field "Quux"
    it has Title, Home, Logo, LogoDark, Icon, Search, Organization, Policies, Header, Footer
no-such-field templates/a.html:1:78: a home page has no field "Xyzzyq"
    it has Kind, Site, Lang, Dir, Title, Description, Canonical, Robots, Relations, JSONLD, Styles, Words, Settings, Languages, Policies, Groups, Latest, Formats
`},
		{name: "a field of some pages only", own: map[string]string{"a.html": "{{define \"top\"}}{{.Text.Lang}}{{end}}"}, want: `no-such-field templates/a.html:1:19: a home page has no field "Text"
    it has Kind, Site, Lang, Dir, Title, Description, Canonical, Robots, Relations, JSONLD, Styles, Words, Settings, Languages, Policies, Groups, Latest, Formats
`},
		{name: "a field of an entry", own: map[string]string{"archive.html": page("<h1>a</h1>{{range $i, $v := .Versions}}{{$v.Nam}}{{.ID}}{{$i.X}}{{end}}")}, want: `no-such-field templates/archive.html:1:150: a version has no field "Nam"
    did you mean "Name"?
no-such-field templates/archive.html:1:167: a number has no fields, so no "X"
    write what is before the dot alone
`},
		{name: "a field of a pointer, in with and else", own: map[string]string{"version.html": page(`{{template "text" .}}{{with .Previous}}{{.Nme}}{{else}}{{.Nme}}{{end}}{{.Slug.X}}{{.Formats.X}}`)}, want: `no-such-field templates/version.html:1:148: a version has no field "Nme"
    did you mean "Name"?
no-such-field templates/version.html:1:164: a version page has no field "Nme"
    did you mean "Name"?
no-such-field templates/version.html:1:184: a text has no fields, so no "X"
    write what is before the dot alone
no-such-field templates/version.html:1:198: a list has no fields, so no "X"
    go through the list with {{range}}, or take an entry of it with index
`},
		{name: "a define in a define", own: top(`{{template "x" .Site}}{{template "x" .}}{{template "x"}}{{define "x"}}{{.Home}}{{end}}`), want: `bad-template templates/a.html:1:1: unexpected <define> in command
    a {{define}} cannot be in another block; move it to the end of the file
`},
		{name: "a block that is given different things", own: map[string]string{"a.html": `{{define "top"}}{{template "x" .Site}}{{template "x"}}{{end}}{{define "x"}}{{.Home}}{{end}}`}, want: `no-such-field templates/a.html:1:78: the block "x" is given nothing here, so there is no field "Home"
    pass what it draws, as in {{template "x" .}}
`},
		{name: "a block of the base that the site calls with something else",
			th:  map[string]string{"templates/b.html": `{{define "list"}}{{range .}}{{.Text}}{{end}}{{end}}{{define "top"}}{{template "list" .Site.Header}}{{end}}`},
			own: top("\n{{template \"list\" .Site}}"), want: `wrong-value templates/a.html:2:12: the block "list" cannot take what it is given here: range goes through a list, and this is a site
    see how themes/quiet/templates/b.html:1:26 uses it
`},
		{name: "a block of the theme that the site no longer calls",
			th:  map[string]string{"templates/b.html": `{{define "top"}}{{template "motto" .}}{{end}}{{define "motto"}}{{.Title}}{{end}}`},
			own: top(`{{.Title}}`)},
		{name: "a block of the theme that nothing ever called",
			th:  map[string]string{"templates/b.html": `{{define "top"}}{{.Title}}{{end}}{{define "moto"}}{{.Title}}{{end}}`},
			own: top(`{{.Title}}`), want: `unused-block themes/quiet/templates/b.html:1:34: no page uses the block "moto"
    pages use archive.html, head, home.html, notfound.html, policy.html, redline.html, text, top, unmarked.html, version.html
`},
		{name: "variables of two types are not checked", own: top(`{{$x := .Site}}{{if .Title}}{{$x = .Title}}{{end}}{{if false}}{{$x.Foo}}{{end}}`), want: ""},
		{name: "functions", own: top(`{{tile .Title}} {{len}} {{html .Title}} {{len .Site}} {{.Title | lenn}} {{.Title .Site}}`), want: `no-such-function templates/a.html:1:19: there is no function "tile"
    there are and, or, not, eq, ne, lt, le, gt, ge, len, index, slice, print, printf, join, asset
wrong-value templates/a.html:1:35: len is given no value
    write it as {{len LIST}}
no-such-function templates/a.html:1:43: there is no function "html"
    there are and, or, not, eq, ne, lt, le, gt, ge, len, index, slice, print, printf, join, asset
wrong-value templates/a.html:1:59: len takes a list or a text, and this is a site
    write it as {{len LIST}}
no-such-function templates/a.html:1:82: there is no function "lenn"
    did you mean "len"?
wrong-value templates/a.html:1:91: ".Title" is not a function, so nothing can be passed to it
    write it alone, or put a function before it: and, or, not, eq, ne, lt, le, gt, ge, len, index, slice, print, printf, join, asset
`},
		{name: "comparisons", own: top(`{{eq .Title 1}}{{eq .JSONLD ""}}{{lt .Site .Site}}{{gt (len .Styles) 1}}{{eq .Lang "a" "b"}}{{join .Title ","}}`), want: `wrong-value templates/a.html:1:19: eq compares a text with a number, which are never equal
    write it as {{eq A B}}
wrong-value templates/a.html:1:51: lt compares numbers or texts, and this is a site
    write it as {{lt A B}}
wrong-value templates/a.html:1:111: join takes a list of texts, and this is a text
    write it as {{join LIST ", "}}
`},
		{name: "range over what is no list", own: top(`{{range .Title}}{{end}}`), want: `wrong-value templates/a.html:1:25: range goes through a list, and this is a text
    use {{if}} or {{with}}, or name a list
`},
		{name: "blocks that are not there", own: map[string]string{"a.html": `{{define "top"}}{{template "hed" .}}{{end}}{{define "tpo"}}{{end}}{{define "tpo2"}}x{{end}}`, "hom.html": "x"}, want: `missing-block templates/a.html:1:28: there is no block "hed"
    did you mean "head"?
unused-block templates/a.html:1:44: no page uses the block "tpo"
    did you mean "top"?
unused-block templates/a.html:1:67: no page uses the block "tpo2"
    pages use archive.html, head, home.html, notfound.html, policy.html, redline.html, text, top, unmarked.html, version.html
unused-block templates/hom.html:1:1: no page uses the file "hom.html"
    did you mean "home.html"?
`},
		{name: "a file that replaces blocks", own: map[string]string{"base.html": `{{define "top"}}{{end}}{{define "head"}}{{end}}`}, want: `missing-block base/policy.html:1:118: there is no block "text"
    templates/base.html replaces the file that defines it; define it there too, or give that file another name
missing-block base/redline.html:1:118: there is no block "text"
    templates/base.html replaces the file that defines it; define it there too, or give that file another name
missing-block base/version.html:1:118: there is no block "text"
    templates/base.html replaces the file that defines it; define it there too, or give that file another name
`},
		{name: "a page kind without its template", own: map[string]string{"home.html": `{{define "top"}}x{{end}}`}, want: `missing-block templates/home.html:1:1: the file has no output, and it replaces the template for a home page
    give a file that only defines blocks another name, such as blocks.html
`},
		{name: "a block twice", own: map[string]string{"a.html": `{{define "top"}}x{{end}}`, "b.html": "\n{{- block \"top\" .}}x{{end}}"}, want: `bad-template templates/b.html:2:1: the block "top" is also defined in templates/a.html:1:1
    remove one of them
`},
		{name: "syntax, all files at once", own: map[string]string{"a.html": "{{define \"top\"}}\n{{if .X}}", "b.html": "a\n{{end}}", "c.html": "ä {{.X", "d.html": `{{$x}}`, "e.html": "{{.X }", "f.html": "{{if}}{{end}}"}, want: `bad-template templates/a.html:2:1: unexpected EOF
    an {{if}}, {{range}}, {{with}}, {{block}} or {{define}} above has no {{end}}; add it
bad-template templates/b.html:2:1: unexpected {{end}}
    remove this {{end}}, or add the {{if}}, {{range}}, {{with}}, {{block}} or {{define}} that it ends
bad-template templates/c.html:1:3: unclosed action
    close the action with }}
bad-template templates/d.html:1:3: undefined variable "$x"
    set the variable before, with {{$name := ...}}, in the same block
bad-template templates/e.html:1:6: unexpected "}" in operand
    write it as https://pkg.go.dev/text/template describes actions, such as {{.Title}} or {{range .Policies}} ... {{end}}
bad-template templates/f.html:1:1: missing value for if
    say what for, as in {{if .Summary}}
`},
		{name: "a quote that is not closed", own: top(`<a href="{{.Canonical}}>`), want: `bad-template templates/a.html:1:1: a home page ends within a tag, a quote or a comment
    close every tag and every quote in the block that opens it, in each branch of an {{if}} or {{range}}, and put values between tags or in quotes
`},
		{name: "settings and assets", own: top(`{{.Settings.acent}} {{index $.Settings "akzent"}} {{asset "loge.svg"}} {{with .Settings}}{{.accent}}{{.accent.x}}{{end}}`),
			th: map[string]string{"theme.toml": "[settings.accent]\ntype = \"color\"\ndefault = \"red\"\n", "assets/logo.svg": "<svg/>"}, want: `no-such-setting templates/a.html:1:28: the theme has no setting "acent"
    did you mean "accent"?
no-such-setting templates/a.html:1:56: the theme has no setting "akzent"
    did you mean "accent"?
no-such-asset templates/a.html:1:75: there is no asset "loge.svg"
    did you mean "logo.svg"?
no-such-field templates/a.html:1:126: a text has no fields, so no "x"
    write what is before the dot alone
`},
		{name: "not text", own: map[string]string{"a.html": "\xff", "b.html": "\x00"}, want: `not-utf8 templates/a.html:1:1: the byte 0xFF is not UTF-8
    save the file as UTF-8, for example with: iconv -f WINDOWS-1252 -t UTF-8
not-text templates/b.html:1:1: the text has a NUL byte
    this looks like a binary file, or like UTF-16; save it as UTF-8 text
`},
		{name: "what only drawing shows", own: map[string]string{"version.html": page(`{{template "text" .}}` + "\n" + `{{.Previous.Name}}`)}, want: `template-failed templates/version.html:2:12: the template stops here on a version page: there is nothing that could have a "Name"
    not every page has it; put it between {{with}} and {{end}}, as in {{with .Previous}}{{.Name}}{{end}}
`},
	} {
		tt.run(t)
	}
}

func TestSettingProblems(t *testing.T) {
	t.Parallel()
	manifest := `[settings.accent]
type = "color"
default = "red"
[settings.face]
type = "choice"
choices = ["serif", "sans"]
default = "serif"
[settings.wide]
type = "length"
default = "60ch"
[settings.n]
type = "number"
default = 1
[settings.on]
type = "bool"
default = false
[settings.motto]
type = "text"
default = ""
`
	for _, tt := range []problemTest{
		{name: "a theme.toml that is no text", th: map[string]string{"theme.toml": "\x00"}, want: `not-text themes/quiet/theme.toml:1:1: the text has a NUL byte
    this looks like a binary file, or like UTF-16; save it as UTF-8 text
`},
		{name: "a name that is not there", th: map[string]string{"theme.toml": manifest}, settings: map[string]any{"acent": "red"}, want: `no-such-setting privgen.toml:9:1: the theme "quiet" has no setting "acent"
    did you mean "accent"?
`},
		{name: "a color that closes the rule", th: map[string]string{"theme.toml": manifest}, settings: map[string]any{"accent": "red}a{b:c"}, want: `wrong-setting privgen.toml:9:1: the setting "accent" is a color, and "red}a{b:c" is none
    write it as CSS does: "#0a58ca", "rgb(10 88 202)", "navy" or "light-dark(#0a58ca, #8ab4f8)"
`},
		{name: "values of other types", th: map[string]string{"theme.toml": manifest}, settings: map[string]any{"face": "mono", "wide": "60", "n": "1", "on": "yes", "motto": true}, want: `wrong-setting privgen.toml:9:1: the setting "face" is a choice, and "mono" is none
    choose one of serif, sans
wrong-setting privgen.toml:9:1: the setting "motto" is a text, and this is none
    put it in quotes: "..."
wrong-setting privgen.toml:9:1: the setting "n" is a number, and "1" is none
    write digits, without quotes: 1.5
wrong-setting privgen.toml:9:1: the setting "on" is true or false, and "yes" is none
    write true or false, without quotes
wrong-setting privgen.toml:9:1: the setting "wide" is a length, and "60" is none
    write a number with its unit, as CSS does: "42rem", "640px" or "65ch"
`},
		{name: "declarations", th: map[string]string{"theme.toml": `[settings.a]
type = "colour"
default = "red"
[settings.c]
type = "color"
default = "rot"
kind = 1
[settings]
g = 1
`}, want: `not-one-of themes/quiet/theme.toml:2:8: "colour" is not a value of type
    did you mean "color"?
unknown-key themes/quiet/theme.toml:7:1: unknown key "kind" in [settings.c]
    the keys here are type, default, choices, contrast and description
wrong-type themes/quiet/theme.toml:9:5: g is a number, and should be a table
    write [settings.g] on a separate line, and its keys below it
`},
		{name: "declared values", th: map[string]string{"theme.toml": `[settings.b]
type = "color"
[settings.c]
type = "color"
default = "rot"
[settings.d]
type = "choice"
default = "x"
[settings.E-F]
type = "bool"
default = true
`}, want: `missing-key themes/quiet/theme.toml:1:11: the setting "b" has no default
    write default = "#0a58ca"
wrong-setting themes/quiet/theme.toml:5:11: the setting "c" is a color, and "rot" is none
    write it as CSS does: "#0a58ca", "rgb(10 88 202)", "navy" or "light-dark(#0a58ca, #8ab4f8)"
wrong-setting themes/quiet/theme.toml:6:1: the setting "d" has no list of choices
    write choices = ["serif", "sans"] with the texts that a site may choose from
wrong-setting themes/quiet/theme.toml:9:11: "E-F" cannot be the name of a setting
    use small letters, digits and underscores, beginning with a letter, so that templates can write .Settings.name
`},
	} {
		tt.run(t)
	}
}

func TestAssetProblems(t *testing.T) {
	t.Parallel()
	for _, tt := range []problemTest{
		{name: "style sheets", own: map[string]string{
			"assets/a.css": "@charset \"utf-8\";\n@import url(b.css);\na { background: url(//cdn.example/x.png) }",
			"assets/b.css": "@import \"//cdn.example/b.css\"; a { b: c",
			"assets/c.css": "a } b",
			"assets/d.css": "a { background: url('https://cdn.example/x.png') url(data:image/png;base64,AA) url(\"no.png\") url(/x.png) }",
			"assets/e.css": "a { b: c( } /* x",
			"assets/f.css": "a { background: image-set('https://x.example/a.png' 1x); b: \"c\n }",
		}, want: `bad-css templates/assets/a.css:1:1: style sheets are joined into one in UTF-8, so they cannot choose a character set
    save the file as UTF-8 and remove the @charset
bad-css templates/assets/a.css:2:9: style sheets are joined into one, so they cannot import another
    put the file into the folder assets, where it is joined by itself, and remove the @import
third-party templates/assets/a.css:3:17: url("//cdn.example/x.png") would load from another host
    put a copy of the file into the folder assets and write its name: url("x.png")
third-party templates/assets/b.css:1:9: this @import would load from another host
    remove it, and put a copy of the file into the folder assets
bad-css templates/assets/b.css:1:34: "{" is not closed
    add the missing "}"
bad-css templates/assets/c.css:1:3: "}" closes nothing
    remove it
third-party templates/assets/d.css:1:17: url("https://cdn.example/x.png") would load from another host
    put a copy of the file into the folder assets and write its name: url("x.png")
third-party templates/assets/d.css:1:50: this url() contains its data, which the site's Content-Security-Policy blocks
    put the data into a file in the folder assets and write its name: url("picture.svg")
no-such-asset templates/assets/d.css:1:80: there is no asset "no.png"
    put the file into the folder assets of the theme
no-such-asset templates/assets/d.css:1:94: there is no asset "/x.png"
    put the file into the folder assets of the theme
bad-css templates/assets/e.css:1:8: "c(" is not closed
    add the missing ")"
bad-css templates/assets/e.css:1:13: this comment is not closed
    close it with */
third-party templates/assets/f.css:1:27: url("https://x.example/a.png") would load from another host
    put a copy of the file into the folder assets and write its name: url("a.png")
bad-css templates/assets/f.css:1:61: this text is not closed in its line
    close it with the quote that it begins with
`},
		{name: "names in style sheets", own: map[string]string{
			"assets/a.css": ":root { --mine: 1px }\n.a:hover { colr: red; margin: var(--mine) var(--mien) var(--none, 1px) }\n" +
				"@font-face { src: url(a.woff2); font-family: x }\n.b { &:hover { -webkit-foo: 1; --own: {a} } }",
			"assets/b.css":   "a { color: var(--setting-acent); top: var(--own); width: var(--setting-face) }",
			"assets/a.woff2": "",
		}, th: map[string]string{"theme.toml": "[settings.accent]\ntype = \"color\"\ndefault = \"red\"\n" +
			"[settings.face]\ntype = \"text\"\ndefault = \"\"\n"}, want: `unknown-property templates/assets/a.css:2:12: CSS has no property "colr"
    did you mean "color"?
unknown-property templates/assets/a.css:2:47: no style sheet sets "--mien"
    did you mean "--mine"?
no-such-setting templates/assets/b.css:1:16: the theme has no color, length, or number "acent"
    did you mean "accent"?
no-such-setting templates/assets/b.css:1:62: the theme has no color, length, or number "face"
    it has accent
`},
		{name: "names", own: map[string]string{"assets/a b.png": "", "assets/ü.png": ""}, want: `bad-asset templates/assets/a b.png:1:1: the name "a b.png" cannot be part of a URL
    rename the file with letters, digits, hyphens, underscores and dots
bad-asset templates/assets/ü.png:1:1: the name "ü.png" cannot be part of a URL
    rename the file with letters, digits, hyphens, underscores and dots
`},
	} {
		tt.run(t)
	}
}

func TestBrokenPromises(t *testing.T) {
	t.Parallel()
	doc := func(main string) string { return page(main) }
	article := `<article data-policy="{{.Text.Policy}}" data-version="{{.Text.Version}}" lang="{{.Text.Lang}}" dir="{{.Text.Dir}}">`
	for _, tt := range []problemTest{
		{name: "scripts and styles", own: top(`<script src="https://cdn.example/x.js"></script><style>a{}</style><p style="color:red" onclick="x()">`), want: `broken-promise templates/a.html:1:17: the page has a script
    remove it; pages work without scripts, and the site's Content-Security-Policy blocks them
broken-promise templates/a.html:1:65: the page has a style element
    move it into a style sheet in assets; the site's Content-Security-Policy blocks it here
broken-promise templates/a.html:1:86: an element <p> has a style attribute
    give it a class and move the style into a style sheet in assets; the site's Content-Security-Policy blocks it here
broken-promise templates/a.html:1:104: an element <p> has the attribute onclick
    remove it; pages work without scripts, and the site's Content-Security-Policy blocks them
`},
		{name: "other hosts", own: top(`<img src="http://cdn.example/a.png" alt=""><img srcset="/a.png 1x, //cdn.example/b.png 2x" alt=""><a href="https://elsewhere.example/">x</a><link rel="preconnect" href="https://f.example">`), want: `broken-promise templates/a.html:1:27: an element <img> loads "http://cdn.example/a.png", which is not on the site
    put a copy into the folder assets and write {{asset "NAME"}}; pages load nothing from another host
broken-promise templates/a.html:1:84: an element <img> loads "//cdn.example/b.png", which is not on the site
    put a copy into the folder assets and write {{asset "NAME"}}; pages load nothing from another host
broken-promise templates/a.html:1:186: an element <link> loads "https://f.example", which is not on the site
    put a copy into the folder assets and write {{asset "NAME"}}; pages load nothing from another host
`},
		{name: "an empty head", own: map[string]string{"a.html": `{{define "head"}}{{end}}`}, want: `broken-promise templates/a.html:1:1: the page does not give its own URL
    write {{with .Canonical}}<link rel="canonical" href="{{.}}">{{end}} in the head
broken-promise templates/a.html:1:1: the page does not have all its relations
    draw each of .Relations as a link element in the head, with rel, href, type, title and hreflang, or keep the block "head"
broken-promise templates/a.html:1:1: the page does not have its structured data, once
    write {{.JSONLD}} in the head
broken-promise templates/a.html:1:1: the page does not have its title, once
    write <title>{{.Title}}</title> in the head, and no other title element
broken-promise templates/a.html:1:1: the page does not tell search engines what it was given
    write {{with .Robots}}<meta name="robots" content="{{.}}">{{end}} in the head
`},
		{name: "no skeleton", own: map[string]string{"home.html": `hello`}, want: `broken-promise templates/home.html:1:1: the page does not begin with <!doctype html>
    begin the file with <!doctype html>
broken-promise templates/home.html:1:1: the page does not give its own URL
    write {{with .Canonical}}<link rel="canonical" href="{{.}}">{{end}} in the head
broken-promise templates/home.html:1:1: the page does not have all its relations
    draw each of .Relations as a link element in the head, with rel, href, type, title and hreflang, or keep the block "head"
broken-promise templates/home.html:1:1: the page does not have its structured data, once
    write {{.JSONLD}} in the head
broken-promise templates/home.html:1:1: the page does not have its title, once
    write <title>{{.Title}}</title> in the head, and no other title element
broken-promise templates/home.html:1:1: the page does not say its language and direction
    begin with <html lang="{{.Lang}}" dir="{{.Dir}}">
broken-promise templates/home.html:1:1: the page does not tell search engines what it was given
    write {{with .Robots}}<meta name="robots" content="{{.}}">{{end}} in the head
broken-promise templates/home.html:1:1: the page has no h1 element
    let each page have exactly one <h1>
broken-promise templates/home.html:1:1: the page has no main element
    let each page have exactly one <main>
`},
		{name: "a note in the article", own: map[string]string{"policy.html": doc(article + `{{.Text.Heading}}<p>Read this.</p>{{.Text.Body}}</article>`)}, want: `broken-promise templates/policy.html:1:116: the article has words that are not the policy's own
    put data-added on every element in the article that is not {{.Text.Heading}} or {{.Text.Body}}
`},
		{name: "a marked note in the article", own: map[string]string{"policy.html": doc(article + `{{.Text.Heading}}<p data-added>Read this.</p>{{.Text.Body}}</article>`)}},
		{name: "no article", own: map[string]string{"policy.html": doc(`{{.Text.Heading}}{{.Text.Body}}`)}, want: `broken-promise templates/policy.html:1:1: the page has no article with data-policy
    write the article as <article data-policy="{{.Text.Policy}}" data-version="{{.Text.Version}}" lang="{{.Text.Lang}}" dir="{{.Text.Dir}}">,
    with {{.Text.Heading}} and {{.Text.Body}} in it, or keep the block "text"
`},
		{name: "half an article", own: map[string]string{"policy.html": doc(article + `{{.Text.Body}}</article>{{.Text.Heading}}`)}, want: `broken-promise templates/policy.html:1:116: the article does not have the whole text
    write the article as <article data-policy="{{.Text.Policy}}" data-version="{{.Text.Version}}" lang="{{.Text.Lang}}" dir="{{.Text.Dir}}">,
    with {{.Text.Heading}} and {{.Text.Body}} in it, or keep the block "text"
broken-promise templates/policy.html:1:116: the article must have the heading of the text once
    write the article as <article data-policy="{{.Text.Policy}}" data-version="{{.Text.Version}}" lang="{{.Text.Lang}}" dir="{{.Text.Dir}}">,
    with {{.Text.Heading}} and {{.Text.Body}} in it, or keep the block "text"
`},
		{name: "an image without alt", own: top(`<img src="/a.png">`), want: `broken-promise templates/a.html:1:17: an image has no alt, so a screen reader reads the name of its file
    say what it shows, alt="Acme", or write alt="" if it shows nothing that matters
`},
		{name: "a script in an address", own: top(`<a href="{{.Title}}">x</a><a href="javascript:{{.Title}}">x</a>`), want: `broken-promise templates/a.html:1:52: an element <a> has a script as its URL
    remove it; pages work without scripts, and the site's Content-Security-Policy blocks them
`},
	} {
		tt.run(t)
	}
}

func TestNoManifest(t *testing.T) {
	t.Parallel()
	_, problems := theme.Load(theme.Source{Base: folder(small), BaseName: "base", Theme: fstest.MapFS{}, ThemeName: "themes/quiet"}, nil, nil)
	want := `no-theme themes/quiet/theme.toml:1:1: the theme has no theme.toml
	write one that says at least: name = "quiet"
`
	if got := text(problems); got != want {
		t.Errorf("have\n%swant\n%s", got, want)
	}
}

// closed is a folder that cannot be read.
type closed struct{}

func (closed) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
}

func TestUnreadable(t *testing.T) {
	t.Parallel()
	_, problems := theme.Load(theme.Source{Base: folder(small), BaseName: "base", Own: closed{}, OwnName: "templates"}, nil, nil)
	if len(problems) != 2 || problems[0].Code != "unreadable" || problems[0].File != "templates" || problems[1].File != "templates/assets" {
		t.Errorf("have %v", problems)
	}
}
