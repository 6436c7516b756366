// Package theme renders pages.
//
// Its two fundamental types are Theme, a loaded and checked theme, and the page
// types, such as Policy and Archive, which contain what a template can show.
// docs/theme-manual.md is the manual for authors of themes: files, settings,
// functions, what a theme must keep, and what is checked. The tables of pages,
// blocks, and fields in it are made from the comments in page.go and templates.
//
// # Layers
//
// Templates are Go's html/template. They come in three layers: the base, the
// theme, and the site. A file replaces the file of the same name in an earlier
// layer, with all its blocks. A {{define "NAME"}} replaces only that block, in
// whichever file it is. The file with the name of a page kind renders it, and
// its data has the type of the kind. The style sheets of all layers are checked,
// joined in the order of the layers and by name within each, minified, and
// served as one.
//
// # What a theme may rely on
//
// The fields of the page types and the functions keep their names and meanings;
// new ones can be added. What a field's comment calls empty is the empty string,
// an empty list, or nil, so {{with .Previous}} renders only if there is one.
// Values are escaped for their context. Fields of the type HTML, such as Heading
// and Body, are complete and are not escaped.
//
// # Checks
//
// When a theme loads, all of its templates are checked against the page types.
// Then a page of each kind is rendered twice with made-up data, once complete
// and once without everything optional, and checked against what a theme must
// keep. If the site calls a block of the theme with something that it does not
// accept, the call is reported. Mistakes that depend on the site's data, such
// as an index that is too large, are reported when the page is rendered.
//
// # Limits
//
// A page can take at most two million steps (a step is a written text or a
// round of a loop) and 64 MB. A template beyond these limits is reported as
// endless, with a position in the last layer. Print, printf, and join return at
// most 1 MB; a longer text is an error of the template.
package theme
