package pages_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	configs "github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

// urls are URLs of every kind, with what a text makes of them: the href on the
// page, or "" if the build refuses them there. The site is at
// https://legal.example/base/.
var urls = []struct{ url, text string }{
	{"https://example.com/a?b=1&c=2#d", "="},
	{"http://example.com", "="},
	{"HTTPS://EXAMPLE.COM/A", "="},
	{"https://example.com:8443/%C3%A4/", "="},
	{"https://xn--bcher-kva.example/", "="},
	{"https://bücher.example/straße", "https://b%C3%BCcher.example/stra%C3%9Fe"},
	{"https://[2001:db8::1]/", "="},
	{"https://192.0.2.1/", "="},
	{"https://user:pass@example.com/", ""},
	{"https:///nowhere", ""},
	{"mailto:privacy@example.com", "="},
	{"mailto:privacy@example.com?subject=Data%20request&body=Hello", "="},
	{"mailto:", ""},
	{"tel:+441632960417", "="},
	{"tel:+44-1632-960417;ext=5", "="},
	{"tel:", ""},
	{"sms:+441632960417", "="},
	{"javascript:alert(1)", ""},
	{"JavaScript:alert(1)", ""},
	{"data:text/html,x", ""},
	{"vbscript:x", ""},
	{"file:///etc/passwd", ""},
	{"ftp://example.com/", ""},
	{"//example.com/a", "="},
	{"/base/terms/", "="},
	{"/terms/", "/base/terms/"},
	{"/terms/archive/", "/base/terms/archive/"},
	{"/de/terms/2024-01-01/", "/base/de/terms/2024-01-01/"},
	{"/base/terms/2024-01-01/#fees", "="},
	{"/base/terms/2024-01-01/#nope", ""},
	{"/base/nope/", ""},
	{"/elsewhere/on/the/host/", "="},
	{"https://legal.example/base/terms/", "="},
	{"https://legal.example/base/nope/", ""},
	{"https://LEGAL.example/base/terms/2020-01-01/", ""},
	{"//legal.example/base/nope/", ""},
	{"https://legal.example/elsewhere/", "="},
	{"terms.md", "/base/terms/"},
	{"2024-01-01.md#fees", "/base/terms/2024-01-01/#fees"},
	{"nope.md", ""},
	{"../../outside.pdf", ""},
	{"#fees", "="},
	{"#nope", ""},
	{"#", ""},
	{"?query", ""},
}

// settings are the keys that take a URL which is the same on every page, each with
// the line of the file that it is in.
var settings = []struct {
	name, file, line string
	asIs             bool // not escaped by html/template
}{
	{"header", "privgen.toml", "[[header]]\ntext = \"x\"\nhref = %q\n", true},
	{"footer", "privgen.toml", "[[footer]]\ntext = \"x\"\nhref = %q\n", true},
	{"header of a language", "privgen.toml", "[[languages.de.header]]\ntext = \"x\"\nhref = %q\n", true},
	{"footer of a language", "privgen.toml", "[[languages.de.footer]]\ntext = \"x\"\nhref = %q\n", true},
	{"organization", "privgen.toml", "[organization]\nname = \"Example Ltd\"\nurl = %q\n", false},
	{"contact", "privgen.toml", "[[organization.contacts]]\nrole = \"x\"\nname = \"x\"\nurl = %q\n", false},
	{"source", "content/terms/2024-01-01.md", "source = %q\n", false}, // can be a path in a repository, which is no link
	{"archived", "content/terms/2024-01-01.md", "archived = %q\n", false},
}

// everywhere has a link in every place of a text, each in its own line.
const everywhere = `# Terms

## Fees {#fees}

[a](URL)

[b](URL "title")

[c](<URL>)

[d][r] x[^1]

| a |
|---|
| [e](URL) |

- [f](URL)

> [*g*](URL)

## [h](URL)

[r]: URL
[^1]: [i](URL)
`

// TestURLs writes every kind of URL in every place. Each is refused with a
// position, or is on the page as it is.
func TestURLs(t *testing.T) {
	t.Parallel()
	const (
		name   = "content/terms/2024-01-01.md"
		links  = 9
		plain  = "# Terms\n\n## Fees {#fees}\n\nText.\n"
		german = "# Regeln\n\n## Kosten {#fees}\n\nText.\n"
		head   = "[site]\ntitle = \"T\"\nbase_url = \"https://legal.example/base/\"\nlanguage = \"en\"\n"
		owner  = "[organization]\nname = \"Example Ltd\"\n"
	)
	shown, refused := map[string]int{}, map[string]int{}
	for _, u := range urls {
		want := u.text
		if want == "=" {
			want = u.url
		}
		var expected []string
		config, front, text := head+"[languages.de]\ntitle = \"T\"\n", "", plain
		if want != "" {
			text, expected = strings.ReplaceAll(everywhere, "URL", u.url), slices.Repeat([]string{want}, links)
		} else {
			_, problems := site.Load(input(mapFS(map[string]string{"privgen.toml": head + owner,
				name: strings.ReplaceAll(everywhere, "URL", u.url)})))
			for _, p := range problems {
				if p.File != name || p.Line < 2 {
					t.Errorf("%s: a problem without position: %v", u.url, p)
				}
			}
			if len(problems) != links {
				t.Errorf("%s: have %d problems, want %d: %v", u.url, len(problems), links, problems)
			}
		}
		for _, place := range settings {
			line := fmt.Sprintf(place.line, u.url)
			var problems source.Problems
			switch {
			case place.file == name:
				f, _ := source.Parse(name, []byte("+++\n"+line+"+++\n"+plain))
				_, problems = policy.ReadFrontMatter(f)
			default:
				alone := head + line
				if place.name != "organization" {
					alone = head + owner + line
				}
				f, _ := source.Parse(place.file, []byte(alone))
				if _, problems = configs.Parse(f); problems == nil && place.asIs { // of the site's pages, only those that there are
					_, problems = site.Load(input(mapFS(map[string]string{"privgen.toml": alone, name: plain,
						"content/terms/2024-01-01.de.md": german})))
				}
			}
			switch {
			case len(problems) > 1 || len(problems) == 1 && (problems[0].File != place.file || problems[0].Line < 2):
				t.Errorf("%s in %s: have problems %v", u.url, place.name, problems)
			case len(problems) == 1:
				refused[place.name]++
				if line = ""; place.name == "organization" {
					line = owner
				}
			default:
				shown[place.name]++
				shows := u.url
				if !place.asIs { // html/template writes them in ASCII
					shows = strings.NewReplacer("ü", "%c3%bc", "ß", "%c3%9f").Replace(shows)
				}
				expected = append(expected, shows)
			}
			if place.file == name {
				front += line
			} else {
				config += line
			}
		}
		have := linksOf(t, map[string]string{"privgen.toml": config, name: "+++\n" + front + "+++\n" + text,
			"content/terms/2024-01-01.de.md": german})
		for _, w := range expected {
			if have[w]--; have[w] < 0 {
				t.Errorf("%s: %q is not on the pages as often as it is written: %d of %d", u.url, w, -have[w], len(expected))
			}
		}
	}
	for _, place := range settings {
		if shown[place.name] < 5 || refused[place.name] < 5 && place.name != "source" {
			t.Errorf("%s: %d shown, %d refused", place.name, shown[place.name], refused[place.name])
		}
	}
}

// linksOf returns how often URLs are on the permalinks of a site, as links or as
// the words of a version's source.
func linksOf(t *testing.T, files map[string]string) map[string]int {
	t.Helper()
	have := map[string]int{}
	for _, e := range pages.Plan(load(t, input(mapFS(files))), now) {
		if e.Path != "terms/2024-01-01/index.html" && e.Path != "de/terms/2024-01-01/index.html" {
			continue
		}
		page := draw(t, &e)
		if strings.Contains(page, "ZgotmplZ") {
			t.Errorf("%s has a URL that html/template replaced", e.Path)
		}
		root, err := html.Parse(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		for _, href := range hrefs(root) {
			have[href]++
		}
		walk(root, func(n *html.Node) {
			if n.Data == "dd" && n.FirstChild != nil && n.FirstChild.Type == html.TextNode {
				have[words(n)]++
			}
		})
	}
	return have
}
