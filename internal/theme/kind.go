package theme

import (
	"reflect"
	"slices"
)

// A kind is a page kind: the file that renders it and the type of its data. To
// add a page kind, add a line to kinds, a type to page.go, and a probe to
// probe.go.
type kind struct {
	name string          // as in Frame.Kind; the file is name.html
	what string          // in messages: a policy page
	page reflect.Type    // a struct with a Frame
	text bool            // shows the text of a version, in one article
	show func(probe) any // a page to try the theme on
}

func kinds() []kind {
	return []kind{
		{"home", "a home page", reflect.TypeFor[Home](), false, probe.home},
		{"policy", "a policy page", reflect.TypeFor[Policy](), true, probe.policy},
		{"version", "a version page", reflect.TypeFor[VersionPage](), true, probe.version},
		{"archive", "an archive page", reflect.TypeFor[Archive](), false, probe.archive},
		{"redline", "a redline page", reflect.TypeFor[RedlinePage](), true, probe.redline},
		{"unmarked", "a page for a redline that is not drawn", reflect.TypeFor[Unmarked](), false, probe.unmarked},
		{"notfound", "a 404 page", reflect.TypeFor[NotFound](), false, probe.notFound},
	}
}

// kindOf returns the kind with a name, and panics if there is none.
func kindOf(name string) kind {
	for _, k := range kinds() {
		if k.name == name {
			return k
		}
	}
	panic("privgen: internal error: there is no page kind " + name)
}

// A flatPage is the type of a page kind without embedding: it has the embedded fields
// itself, because package reflect finds embedded fields slowly, and templates use many.
type flatPage struct {
	typ    reflect.Type
	fields [][]int // the index of each field in the page
}

func flatten(page reflect.Type) flatPage {
	var out flatPage
	var own []reflect.StructField
	for _, f := range reflect.VisibleFields(page) {
		if f.IsExported() {
			own = append(own, reflect.StructField{Name: f.Name, Type: f.Type})
			out.fields = append(out.fields, f.Index)
		}
	}
	out.typ = reflect.StructOf(own)
	return out
}

// copyOf returns a pointer to a copy of a page. The page can be a pointer, too.
func (to flatPage) copyOf(page any) any {
	from, v := reflect.Indirect(reflect.ValueOf(page)), reflect.New(to.typ)
	for i, at := range to.fields {
		v.Elem().Field(i).Set(from.FieldByIndex(at))
	}
	return v.Interface()
}

func (k kind) file() string { return k.name + ".html" }

// isKindFile reports whether a template file renders a page kind.
func isKindFile(name string) bool {
	return slices.ContainsFunc(kinds(), func(k kind) bool { return k.file() == name })
}
