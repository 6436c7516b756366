// Package theme renders pages.
//
// Its two fundamental types are Theme, a loaded and checked theme, and the page
// types, such as Policy and Archive, which contain what a template can show.
// This comment is the manual for authors of themes; the page types are the
// reference.
//
// # A theme in ten lines
//
// A theme is a folder in themes/ of the site. This one changes two things:
//
//	themes/quiet/theme.toml
//		name = "Quiet"
//		[settings.accent]
//		type = "color"
//		default = "light-dark(#00528a, #8ec5ff)"
//
//	themes/quiet/assets/quiet.css
//		a { color: var(--setting-accent) }
//
//	themes/quiet/templates/blocks.html
//		{{define "brand"}}<p class="brand">{{.Site.Title}}</p>{{end}}
//
// The site selects it, and can change its settings:
//
//	[theme]
//	name = "quiet"
//	settings = { accent = "#7a1f3d" }
//
// # Files and layers
//
// Templates are Go's html/template. They come in three layers:
//
//	the base     the page kinds and the blocks they are composed of
//	the theme    theme.toml, templates/*.html, assets/
//	the site     templates/*.html, templates/assets/
//
// A file replaces the file of the same name in an earlier layer, with all its
// blocks. A {{define "NAME"}} replaces only that block, in whichever file it
// is. To change the footer, write a file templates/mine.html with {{define
// "footer"}}. To change the archive page, write templates/archive.html. Give a
// file that only defines blocks a name that the base does not have: a file
// base.html would replace all blocks of the base.
//
// The file with the name of a page kind renders it. Its data has the type of
// the kind:
//
//	home.html      Home         the list of policies
//	policy.html    Policy       the version in force
//	version.html   VersionPage  the permalink of a version
//	archive.html   Archive      all versions of a policy
//	redline.html   RedlinePage  what changed from one version to another
//	unmarked.html  Unmarked     if that is not rendered
//	notfound.html  NotFound     the 404 page
//
// All of them have a Frame, whose fields are written without its name:
// {{.Title}}. The blocks of the base are documented in templates/base.html. A
// block sees only its argument: in a block called with {{template "state"
// .Previous}}, the dot is a Version.
//
// Use .Words for privgen's words, which are in the language of the page, and a
// Date for dates, which have two forms: <time
// datetime="{{.Datetime}}">{{.Text}}</time>.
//
// # Settings
//
// Each setting is a table in theme.toml: [settings.NAME] with type, default,
// and optionally description. A name has lower-case letters, digits, and
// underscores. The types:
//
//	text     any text
//	color    #0a58ca, rgb(10 88 202), oklch(...), navy, light-dark(A, B)
//	length   a number with a unit: 42rem, 65ch
//	number   1.5
//	bool     true or false
//	choice   one of choices = ["serif", "sans"]
//
// A color can have contrast = ["#ffffff", "paper"]: the colors, or settings, that
// it is shown on. A value with a contrast below 4.5 to one of them is a problem.
//
// Templates use {{.Settings.NAME}}. Style sheets use colors, lengths, and
// numbers as custom properties, var(--setting-NAME), which always exist. For
// the others, add a class to an element: class="{{.Settings.face}}".
//
// One setting has a meaning in privgen: if a theme declares a bool
// clause_history and it is true, the current page lists at the end of each clause
// the versions in which it changed, in a <p class="clause-history"
// data-added> in .Text.Body.
//
// # Assets
//
// Every file in assets is added to the site under a name with a digest of its
// content (assets/logo.3f2a9c018b4d.svg), so that browsers can cache it
// permanently. The style sheets of all layers are checked, joined in the order
// base, theme, site and by name within each, minified, and served as one. Put
// styles for paper into @media print. A sheet refers to other assets with
// url(), relative to itself; a template with {{asset "logo.svg"}}. An asset
// replaces one of the same name in an earlier layer. There is no @import,
// because everything is joined.
//
// # What a theme may rely on
//
// The fields of the page types and the functions keep their names and meanings;
// new ones can be added. What a field's comment calls empty is the empty
// string, an empty list, or nil, so {{with .Previous}} renders only if there is
// one. Values are escaped for their context. Heading, Body, and JSONLD are
// complete HTML and are not escaped.
//
// # What a theme must keep
//
// Every page, with any data:
//
//   - begins with <!doctype html> and <html lang="{{.Lang}}" dir="{{.Dir}}">;
//   - has one <title> with .Title, one <main> and one <h1>, and in its head the
//     canonical address, .Robots, all .Relations, .Styles and .JSONLD as they
//     are given (the block "head" of the base does this);
//   - has ids that begin with pg: on its own elements, which no clause of a text
//     can have;
//   - has no script, no style element or attribute, no attribute such as
//     onclick, and loads nothing from another host, not even in a style sheet;
//   - if it shows a text, has one
//     <article data-policy="{{.Text.Policy}}" data-version="{{.Text.Version}}"
//     lang="{{.Text.Lang}}" dir="{{.Text.Dir}}"> with {{.Text.Heading}} and
//     {{.Text.Body}} in it, and data-added on everything else in it, or on an
//     element around that (the block "text" does).
//
// Programs and the site's Content-Security-Policy rely on this.
//
// # What is checked
//
// When a theme loads, all of its templates are checked against the page types.
// Then a page of each kind is rendered twice with made-up data, once complete
// and once without everything optional, and checked against the list above.
// Every mistake is reported with file, line, and column before any page is
// written: syntax errors, a field that a page does not have, an unknown block
// or function, a block or file that no page uses, a setting that is not
// declared, an image without alt, a property that CSS does not have, a custom
// property without a fallback that no style sheet sets, a broken guarantee. If
// the site calls a block of the theme with something that it does not take,
// the call is reported. Mistakes that depend on the site's data, such
// as an index that is too large, are reported when the page is rendered.
//
// # Functions
//
//	and or not                 as in Go's templates
//	eq ne lt le gt ge          compare two texts or two numbers
//	len LIST                   how many
//	index LIST N               the entry N, from 0
//	slice LIST FROM TO         a part of a list or text
//	print A B                  values as one text
//	printf "%s (%d)" A N       the same by a pattern
//	join LIST ", "             a list of texts as one text
//	asset "logo.svg"           the address of an asset
//
// There are no others: no function runs a program, opens a file, or reads a
// clock, so a page depends only on its data and on the theme.
//
// # Limits
//
// A page can take at most two million steps (a step is a written text or a
// round of a loop) and 64 MB, and print, printf, and join return at most 1 MB. A
// template beyond these limits is reported as endless, with a position in the
// last layer.
package theme
