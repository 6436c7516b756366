// Package naming derives from the path of a text file which policy it is, of which
// kind, and in which language.
//
// Its two fundamental types are Name, the meaning of one path, and Family, the
// files that are one document in several languages.
//
// # Languages in names
//
// A language can be in a file's name (privacy.de.md, privacy_pt_BR.md), be the
// whole name (privacy/de.md), or a folder (de/privacy.md). It counts only if the
// path of another file differs in nothing else: legal/no.md alone is not Norwegian.
//
// # Slugs
//
// A slug is the last part of a file's path that has a meaning, in a-z, 0-9, and
// hyphens. The whole path is used only if two slugs would be equal.
package naming

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/privgen/privgen/internal/lang"
	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/source"
)

// IsText reports whether a file with this name can be Markdown or plain text.
func IsText(name string) bool { return endsIn(name, "md mdx markdown mdown mkd txt") }

// IsWebPage reports whether a file with this name is HTML, whole or a template.
func IsWebPage(name string) bool { return endsIn(name, "html htm xhtml") }

// IsOther reports whether a file with this name can be a text in a format that an
// import does not read.
func IsOther(name string) bool {
	return endsIn(name, "rst adoc asciidoc asc org tex textile wiki typ tsx jsx vue svelte astro php njk nunjucks hbs "+
		"handlebars liquid mustache ejs pug haml erb slim twig cshtml razor docx doc odt pdf rtf lr")
}

func endsIn(name, extensions string) bool {
	return slices.Contains(strings.Fields(extensions), strings.ToLower(strings.TrimPrefix(path.Ext(name), ".")))
}

// subjects match the names of policies by kind, in the languages in which such
// names are common. The order matters: a cookie policy mentions privacy too.
var subjects = []struct {
	kind string
	re   func() *regexp.Regexp
}{
	{"cookies", lazyregexp.New(`cookie|trackers`)},
	{"terms", lazyregexp.New(`terms|(^|[^a-z])(tos|tou|toc|eula|agb|cgu|cgv|sla)($|[^a-z])|nutzungsbedingungen|` +
		`geschaeftsbedingungen|conditions|condizioni|condiciones|termos|voorwaarden|user-?agreement|warunki`)},
	{"privacy", lazyregexp.New(`priva[ct]|datenschutz|confidentialite|dataprotection|data-protection|` +
		`(^|[^a-z])gdpr($|[^a-z])|integritet|personvern|prywatnosc`)},
	{"other", lazyregexp.New(`polic(y|ies)($|[^a-z])|legal|impressum|imprint|legal-?notice|mentions-legales|disclaimer|` +
		`acceptable-use|subprocessor|sub-processor|processor|(^|[^a-z])(dpa|aup|dmca|ccpa|hipaa)($|[^a-z])|guidelines|` +
		`refund|retention|widerruf|statement|addendum|copyright|licen[cs]e-?agreement|accessibility`)},
}

// Kind returns what a policy with this name is about: privacy, cookies, terms, or
// other. The result known reports whether the name is that of a policy at all.
func Kind(name string) (kind string, known bool) {
	slug := Slug(name)
	for _, s := range subjects {
		if s.re().MatchString(slug) {
			return s.kind, true
		}
	}
	return "other", false
}

// spelled replaces letters that do not decompose, and German umlauts.
var spelled = strings.NewReplacer("ß", "ss", "æ", "ae", "ø", "o", "ł", "l", "ä", "ae", "ö", "oe", "ü", "ue")

// exportID matches the id that Notion adds to the name of an exported page.
var exportID = lazyregexp.New(`^[0-9a-f]{32}$`)

// Slug returns a name in the characters of a slug, or "" if none can be used.
func Slug(name string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(spelled.Replace(strings.ToLower(norm.NFC.String(name)))) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’':
		default:
			b.WriteByte('-')
		}
	}
	parts := strings.FieldsFunc(b.String(), func(r rune) bool { return r == '-' })
	if n := len(parts); n > 1 && exportID().MatchString(parts[n-1]) {
		parts = parts[:n-1]
	}
	slug := strings.Join(parts, "-")
	if len(slug) > 100 {
		slug = strings.TrimRight(slug[:100], "-")
	}
	return slug
}

// A Name is the meaning of a path: the policy and its language.
type Name struct {
	Dir, Stem string // without the language
	Lang      string // a BCP 47 tag, or empty
}

// Path returns the folder and the stem as one path.
func (n Name) Path() string { return path.Join(n.Dir, n.Stem) }

// readings returns the ways to read a path: first without a language, then with
// one in the file's name or in a folder.
func readings(file string) []Name {
	dir, base := path.Split(file)
	dir = strings.TrimSuffix(dir, "/")
	stem := strings.TrimSuffix(base, path.Ext(base))
	list := []Name{{dir, stem, ""}}
	for i := len(stem) - 1; i > 0; i-- { // privacy.de, privacy_pt_BR, privacy-de
		if c := stem[i]; c == '.' || c == '_' || c == '-' {
			if tag := lang.Tag(stem[i+1:]); tag != "" {
				list = append(list, Name{dir, stem[:i], tag})
			}
		}
	}
	if tag := lang.Tag(stem); tag != "" && dir != "" { // privacy/de.md
		list = append(list, Name{path.Dir(dir), path.Base(dir), tag})
	}
	folders := strings.Split(dir, "/")
	for i, f := range folders { // de/privacy.md, legal/de/privacy.md
		if tag := lang.Tag(f); tag != "" {
			list = append(list, Name{strings.Join(slices.Delete(slices.Clone(folders), i, i+1), "/"), stem, tag})
		}
	}
	return list
}

// A Family is a document and its translations.
type Family struct {
	Name
	Members map[string]int // the index of the file, by language; "" for the one whose name has none
}

// Languages returns the languages of the members, sorted.
func (f *Family) Languages() []string { return slices.Sorted(maps.Keys(f.Members)) }

// Families groups files that are one document in several languages. Each file is
// in one family.
func Families(files []string) []Family {
	type reading struct {
		Name
		file int
	}
	byKey := map[string][]reading{}
	for i, f := range files {
		for _, n := range readings(f) {
			key := strings.ToLower(n.Dir + "/" + n.Stem)
			byKey[key] = append(byKey[key], reading{n, i})
		}
	}
	// A file belongs to the family that has the most members.
	keys := slices.SortedFunc(maps.Keys(byKey), func(a, b string) int {
		return cmp.Or(len(byKey[b])-len(byKey[a]), strings.Compare(a, b))
	})
	var list []Family
	taken := map[int]bool{}
	for _, k := range keys {
		f := Family{Members: map[string]int{}}
		for _, r := range byKey[k] {
			if _, ok := f.Members[r.Lang]; !ok && !taken[r.file] {
				f.Members[r.Lang] = r.file
				f.Name = r.Name
			}
		}
		if len(f.Members) < 2 {
			continue
		}
		for _, i := range f.Members {
			taken[i] = true
		}
		list = append(list, f)
	}
	for i, file := range files {
		if !taken[i] {
			list = append(list, Family{readings(file)[0], map[string]int{"": i}})
		}
	}
	return list
}

// IsGeneric reports whether a stem has no meaning without its folder: index, main.
func IsGeneric(stem string) bool {
	return slices.Contains(generic, Slug(stem))
}

var generic = strings.Fields("index readme policy text content main current latest document version page body " +
	"default en de")

// A Wish is a document that needs a slug.
type Wish struct {
	Name
	Slug string // the one that the user chose, or empty
}

// short returns the slug of the last part of the path that has a meaning.
func (w *Wish) short() string {
	if IsGeneric(w.Stem) && w.Dir != "" {
		return Slug(path.Base(w.Dir))
	}
	return Slug(w.Stem)
}

// Slugs returns a different slug for each document, and notes about slugs that differ
// from the file's name. Check returns why a slug cannot be used, or nil. The error is
// a *source.Problem of a slug that the user chose.
func Slugs(wishes []Wish, check func(string) *source.Problem) (list, notes []string, err error) {
	n := &namer{taken: map[string]string{}, check: check}
	count := map[string]int{}
	for _, w := range wishes {
		if w.Slug == "" {
			count[w.short()]++
			continue
		}
		if p := check(w.Slug); p != nil {
			return nil, nil, source.Usage(p.What, p.Do)
		}
		if other := n.taken[w.Slug]; other != "" {
			return nil, nil, source.Usage(fmt.Sprintf("%s and %s cannot both be named %q", other, w.Path(), w.Slug),
				"choose another name for one of them: --name PATH=SLUG")
		}
		n.taken[w.Slug] = w.Path()
	}
	for _, w := range wishes {
		slug := w.Slug
		if slug == "" {
			slug = w.short()
			if count[slug] > 1 || n.taken[slug] != "" {
				slug = Slug(w.Path())
			}
			slug = n.choose(w.Name, slug)
		}
		list = append(list, slug)
	}
	return list, n.notes, nil
}

// A namer assigns slugs to files.
type namer struct {
	taken map[string]string // the path that has a slug
	check func(string) *source.Problem
	notes []string
}

func (n *namer) note(format string, args ...any) {
	n.notes = append(n.notes, fmt.Sprintf(format, args...))
}

// choose reserves and returns a slug for a file, as close to the wanted one as
// possible.
func (n *namer) choose(file Name, slug string) string {
	full := file.Path()
	if slug == "" {
		slug = "policy"
		if kind, _ := Kind(file.Dir); kind != "other" {
			slug = kind
		}
		n.note("%q cannot be part of a URL; its slug is %q; to choose another: --name", full, slug)
	}
	if p := n.check(slug); p != nil {
		slug += "-policy"
		n.note("%s: %s; its slug is %q", full, p.What, slug)
	}
	if base := slug; n.taken[base] != "" {
		for k := 2; n.taken[slug] != ""; k++ {
			slug = fmt.Sprintf("%s-%d", base, k)
		}
		n.note("%s and %s would both be %q; the slug of the second is %q; to choose another: --name",
			n.taken[base], full, base, slug)
	}
	n.taken[slug] = full
	return slug
}

// Glob compiles a path with *, **, and ?. A folder matches all files in it.
func Glob(p string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`^`)
	for p != "" {
		r, size := utf8.DecodeRuneInString(p)
		switch {
		case strings.HasPrefix(p, "**/"):
			b.WriteString(`(?:.*/)?`)
			size = 3
		case strings.HasPrefix(p, "**"):
			b.WriteString(`.*`)
			size = 2
		case r == '*':
			b.WriteString(`[^/]*`)
		case r == '?' || r == utf8.RuneError && size == 1: // a regular expression has no bytes that are not UTF-8
			b.WriteString(`[^/]`)
		default:
			b.WriteString(regexp.QuoteMeta(p[:size]))
		}
		p = p[size:]
	}
	b.WriteString(`(?:/.*)?$`)
	return regexp.MustCompile(b.String())
}

// Matches reports whether a file, or a folder that it is in, matches a path of a list,
// as in Glob.
func Matches(list []string, file string) bool {
	return slices.ContainsFunc(list, func(p string) bool { return Glob(strings.TrimSuffix(p, "/")).MatchString(file) })
}
