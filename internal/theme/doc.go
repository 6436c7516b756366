// Package theme draws pages.
//
// Its two fundamental types are Theme, a look that has been loaded and checked,
// and the page types, such as Policy and Archive, which are what a template can
// show. This comment is the manual for whoever writes a theme; the page types
// below it are its reference.
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
// The site chooses it, and may set what it declares:
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
// A later layer's file takes the place of an earlier one's of the same name,
// with all that stands in it. A later {{define "NAME"}} takes the place of that
// block alone, in whichever file it stands. So a site that wants another footer
// writes a file templates/mine.html with {{define "footer"}} in it, and one that
// wants another archive page writes templates/archive.html. Give a file that
// only defines blocks a name that the base does not have: one called base.html
// would replace all blocks of the base.
//
// Each page kind is drawn by the file of its name and given a value of its type:
//
//	home.html      Home         the list of policies
//	policy.html    Policy       the version in force
//	version.html   VersionPage  the permalink of a version
//	archive.html   Archive      all versions of a policy
//	redline.html   RedlinePage  what changed from one version to another
//	unmarked.html  Unmarked     where that is not drawn
//	notfound.html  NotFound     the 404 page
//
// All of them have a Frame, whose fields are written without its name:
// {{.Title}}. The blocks of the base are documented where they stand, in
// templates/base.html. A block sees only what it is given: in a block called
// with {{template "state" .Previous}}, the dot is a Version.
//
// Wherever a page shows a word of the program's own, take it from .Words, which
// is in the language of the page, and a date from a Date, which has its two
// forms: <time datetime="{{.Datetime}}">{{.Text}}</time>.
//
// # Settings
//
// Each setting is a table in theme.toml: [settings.NAME] with type, default
// and, if you like, description. A name has small letters, digits and
// underscores. The types:
//
//	text     any text
//	color    #0a58ca, rgb(10 88 202), oklch(...), navy, light-dark(A, B)
//	length   a number with a unit: 42rem, 65ch
//	number   1.5
//	bool     true or false
//	choice   one of choices = ["serif", "sans"]
//
// Templates read {{.Settings.NAME}}. Style sheets read colors, lengths and
// numbers as custom properties, var(--setting-NAME), which are always there.
// For the others, give an element a class: class="{{.Settings.face}}".
//
// One setting is known by its name: where a theme declares a bool clause_history
// and it is true, the page in force says under each heading in which versions
// the clause changed, in a <p class="clause-history" data-added> in .Text.Body.
//
// # Assets
//
// Every file in assets is put into the site under a name that tells its
// content (assets/logo.3f2a9c018b4d.svg), so browsers keep it for ever. The
// style sheets of all layers are checked, joined in the order base, theme, site
// and by name within each, made small, and served as one. Put what is for paper
// into @media print. A sheet names other assets with url(), relative to itself;
// a template with {{asset "logo.svg"}}. An asset in a later layer takes the
// place of one of the same name. There is no @import: everything is joined
// anyway.
//
// # What a theme may rely on
//
// The fields of the page types keep their names and meanings, and so do the
// functions; new ones may come. What a field's comment calls empty is the empty
// text, an empty list or nil, so {{with .Previous}} draws only where there is
// one. Values are escaped for the place where they stand. Heading, Body and
// JSONLD are whole HTML and stand as they are.
//
// # What a theme must keep
//
// Every page, with whatever it is given:
//
//   - begins with <!doctype html> and <html lang="{{.Lang}}" dir="{{.Dir}}">;
//   - has one <title> with .Title, one <main> and one <h1>, and in its head the
//     canonical address, .Robots, all .Relations, .Styles and .JSONLD as they
//     are given (the block "head" of the base does this);
//   - gives its own elements ids that begin with pg:, which no clause of a text
//     can have;
//   - has no script, no style element or attribute, no attribute such as
//     onclick, and loads nothing from another host, in its style sheet neither;
//   - if it shows a text, has one
//     <article data-policy="{{.Text.Policy}}" data-version="{{.Text.Version}}" lang="{{.Text.Lang}}" dir="{{.Text.Dir}}">
//     with {{.Text.Heading}} and {{.Text.Body}} in it, and data-added on whatever
//     else stands in it, or on an element around that (the block "text" does).
//
// Programs rely on this, and so does the site's Content-Security-Policy.
//
// # What is checked
//
// When a theme loads, all of its templates are checked against the page types,
// then a page of each kind is drawn twice of made-up data, once full and once
// with everything missing that may be, and held to the list above. Whatever is
// wrong is reported with file, line and column before any page is written:
// mistakes of syntax, a field that a page does not have, a block or function
// that is not there, a block or file that no page draws, a setting that is not
// declared, a promise that is not kept. What only the site's own data can bring
// about, such as an index that is too large, is reported when the page is drawn.
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
// There are no others: nothing runs a program, opens a file or reads a clock, so
// a page depends on what it is given and on the theme, and on nothing else.
//
// # Limits
//
// A page is drawn in at most two million steps (a step is a piece of text
// written or a round of a loop) and 64 MB, blocks draw one another at most 200
// deep, and print, printf and join make at most 1 MB. What goes beyond is
// reported as a template that goes round for ever, with its place.
package theme
