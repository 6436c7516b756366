package config

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/language"

	"github.com/privgen/privgen/internal/source"
)

// A check validates the values of a config. An empty value is missing in the file, is
// an empty string there, or already has a problem.
type check struct {
	*Config
	problems source.Problems
}

func (k *check) add(code, what, do string, path ...string) {
	k.problems = append(k.problems, source.NewProblem(k.At(path...), code, what, do))
}

// A fault is a problem without a position.
type fault struct{ what, do string }

// addFault adds the fault of a value, unless it is nil.
func (k *check) addFault(code string, wrong *fault, path ...string) {
	if wrong != nil {
		k.add(code, wrong.what, wrong.do, path...)
	}
}

func (k *check) site() {
	if s := k.Site.BaseURL; s != "" {
		base, path, wrong := baseURL(s)
		if k.addFault("bad-url", wrong, "site", "base_url"); wrong == nil {
			k.Site.BaseURL, k.base = base, path
		}
	}
	k.tag(k.Site.Language, "site", "language")
	k.timeZone()
	k.unique(k.Site.Policies, "site", "policies")
	if s := k.Site.TagAuthority; s != "" {
		k.addFault("bad-authority", authority(s), "site", "tag_authority")
	}
}

func (k *check) timeZone() {
	name := k.Site.TimeZone
	zone, err := time.LoadLocation(name)
	if name == "" || name == "Local" || err != nil {
		do := `write the name of a zone in the IANA database: "Europe/Berlin", "America/New_York" or "UTC"`
		if near := nearZone(name); near != "" {
			do = fmt.Sprintf("did you mean %q?", near)
		}
		k.add("no-such-zone", fmt.Sprintf("there is no time zone %q", name), do, "site", "time_zone")
		return
	}
	k.zone = zone
	if d := k.Site.Day; !d.Day.IsZero() {
		if _, ok := d.Begin(zone); !ok {
			k.add("no-such-day", fmt.Sprintf("the day %v was skipped in %s", d, name),
				fmt.Sprintf("write the day after it, %v", d.Day.Add(1)), "site", "day")
		}
	}
}

// nearZone returns the zone that was probably meant, or "": it tries other letter case,
// underscores for spaces, and each area before the city. There is no list of zones to
// compare with.
func nearZone(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == ' ' || r == '_' })
	for i, w := range words {
		parts := strings.Split(w, "/")
		for j, p := range parts {
			if p != "" {
				parts[j] = strings.ToUpper(p[:1]) + p[1:]
			}
		}
		words[i] = strings.Join(parts, "/")
	}
	name = strings.Join(words, "_")
	if name == "" || name == "Local" || len(name) > 60 {
		return ""
	}
	for _, area := range []string{"", "Europe/", "America/", "Asia/", "Africa/", "Australia/", "Pacific/",
		"Atlantic/", "Indian/"} {
		if _, err := time.LoadLocation(area + name); err == nil {
			return area + name
		}
	}
	return ""
}

// tag checks a language tag, and reports whether it is good. It must be in canonical
// form, because it is part of URLs and file names.
func (k *check) tag(s string, path ...string) bool {
	what := fmt.Sprintf("%q is not a language tag", s)
	do := `write a BCP 47 tag, such as "en-GB", "de" or "pt-BR"`
	tag, err := language.Parse(s)
	switch base, confidence := tag.Base(); {
	case err != nil:
	case base.String() == "und" || confidence == language.No:
	case tag.String() != s:
		do = fmt.Sprintf("did you mean %q?", tag.String())
	case source.Device(s) != "":
		what = fmt.Sprintf("pages in the language %q would be in a folder that Windows cannot have", s)
		do = `add the region where it is spoken to the tag, as in "aux-BR"`
	default:
		return true
	}
	k.add("bad-language", what, do, path...)
	return false
}

func (k *check) unique(list []string, path ...string) {
	for i, s := range list {
		if first := slices.Index(list, s); first < i {
			k.add("duplicate-entry", fmt.Sprintf("%q is in the list twice", s), "remove one of them",
				append(path[:len(path):len(path)], strconv.Itoa(i))...)
		}
	}
}

func (k *check) organization() {
	o := k.Organization
	k.web(o.URL, "organization", "url")
	k.email(o.Email, "organization", "email")
	k.phone(o.Phone, "organization", "phone")
	for i, c := range o.Contacts {
		at := func(key string) []string { return []string{"organization", "contacts", strconv.Itoa(i), key} }
		k.web(c.URL, at("url")...)
		k.email(c.Email, at("email")...)
		k.phone(c.Phone, at("phone")...)
	}
}

func (k *check) redlines() {
	for _, n := range []struct {
		key   string
		value int
	}{{"against_current", k.Redlines.AgainstCurrent}, {"limit", k.Redlines.Limit}} {
		if n.value < 0 {
			k.add("wrong-value", fmt.Sprintf("there cannot be %d redlines", n.value), "write 0 or more", "redlines",
				n.key)
		}
	}
}

func (k *check) web(s string, path ...string) {
	if s != "" {
		_, wrong := webURL(s)
		k.addFault("bad-url", wrong, path...)
	}
}

// email checks whether a string could be an e-mail address. Only sending a
// message would prove it.
func (k *check) email(s string, path ...string) {
	if s == "" {
		return
	}
	user, host, ok := strings.Cut(s, "@")
	odd := strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
	if ok && !odd && user != "" && !strings.ContainsAny(s, `<>,;:"()`) && !strings.Contains(host, "@") &&
		strings.Contains(host, ".") && !strings.Contains("."+host+".", "..") {
		return
	}
	do := `write the address alone, such as "privacy@example.com"`
	if rest, ok := strings.CutPrefix(s, "mailto:"); ok {
		do = fmt.Sprintf("write it without mailto: %q", rest)
	}
	k.add("bad-email", fmt.Sprintf("%q is not an e-mail address", s), do, path...)
}

func (k *check) phone(s string, path ...string) {
	if s == "" {
		return
	}
	digits := 0
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune(" -./()\u00a0", r) && (r != '+' || i > 0):
			digits = -100
		}
	}
	if digits < 3 || digits > 15 {
		k.add("bad-phone", fmt.Sprintf("%q is not a telephone number", s),
			`write it in international form, such as "+49 30 901820"`, path...)
	}
}

// sources lists the files and folders that the output folder must not be or be in.
var sources = []string{"content", "static", "templates", "themes", "privgen.toml", "privgen.lock", ".git"}

func (k *check) shared() {
	p := k.Shared.Path
	if p == "" {
		return
	}
	if path.IsAbs(p) || p == "~" || strings.HasPrefix(p, "~/") || strings.ContainsAny(p, `\:`) ||
		path.Clean(p) == "." || strings.ContainsFunc(p, unicode.IsControl) {
		k.add("bad-shared", fmt.Sprintf("the shared folder %q is not a path from the site's folder", p),
			`write one with forward slashes, such as "../library"`, "shared", "path")
		k.Shared.Path = ""
	}
}

// isSource reports whether a file or folder of the site is one of its sources.
func isSource(folder string) bool {
	return slices.ContainsFunc(sources, func(s string) bool { return strings.EqualFold(s, folder) })
}

func (k *check) output() {
	folder := k.Output.Folder
	first, _, _ := strings.Cut(folder, "/")
	clean := path.Clean("/" + strings.ReplaceAll(folder, `\`, "/"))[1:]
	switch {
	case folder == "" || clean == "":
		k.add("bad-folder", fmt.Sprintf("the output folder %q is the site itself", folder),
			`write a folder in it, such as "public"`, "output", "folder")
	case !fs.ValidPath(folder) || strings.ContainsAny(folder, `\:`) || strings.ContainsFunc(folder, unicode.IsControl):
		do := `write a path from the site's own folder, such as "public"; for a build elsewhere there is --out`
		if fs.ValidPath(clean) && clean != "" && !strings.HasPrefix(folder, "/") && !strings.Contains(folder, "..") &&
			!strings.ContainsAny(clean, ":") {
			do = fmt.Sprintf("write folder = %q", clean)
		}
		k.add("bad-folder", fmt.Sprintf("the output folder %q is not a plain path inside the site", folder), do,
			"output", "folder")
	case strings.HasPrefix(folder, ".") || strings.Contains(folder, "/."):
		k.add("bad-folder", fmt.Sprintf("the output folder %q begins with a dot, or is in one that does", folder),
			`write a name without it, such as "public": those folders are for programs`, "output", "folder")
	case isSource(first):
		k.add("bad-folder", fmt.Sprintf("the output folder %q is part of what the site is made of", folder),
			`write a separate folder, such as "public"`, "output", "folder")
	}
	k.unique(k.Output.Formats, "output", "formats")
	if n := k.Output.FragmentLevel; n < 1 || n > 6 {
		k.add("wrong-value", fmt.Sprintf("the title of a fragment cannot have the level %d", n),
			"write a level from 1 to 6", "output", "fragment_level")
	}
	twice := slices.ContainsFunc(k.problems, func(p *source.Problem) bool { return p.Code == "duplicate-key" })
	if name := k.Theme.Name; name == "" && twice {
		// It was not read, because [theme] is also [[theme]], which is a problem already.
	} else if !fs.ValidPath(name) || name == "." || strings.ContainsAny(name, `/\:`) ||
		strings.ContainsFunc(name, unicode.IsControl) {
		k.add("bad-folder", fmt.Sprintf("the theme %q is not the name of a folder", name),
			`write the name alone, such as "plain"; a theme of your own is a folder in themes/`, "theme", "name")
	}
}

func (k *check) languages() {
	for tag, l := range k.Languages {
		if k.tag(tag, "languages", tag) && tag == k.Site.Language {
			k.add("bad-language", fmt.Sprintf("%q is the site's own language", tag),
				"remove the table; its title and links are those of [site], [[header]] and [[footer]]", "languages",
				tag)
		}
		k.links("header", l.Header, "languages", tag)
		k.links("footer", l.Footer, "languages", tag)
	}
}

func (k *check) links(name string, links []Link, path ...string) {
	for i, l := range links {
		if l.Href != "" {
			at := append(path[:len(path):len(path)], name, strconv.Itoa(i), "href")
			k.addFault("bad-url", href(l.Href, k.base), at...)
		}
	}
}

// caused lists, by table of the config, the codes of the problems in texts that a
// mistake in the table can cause.
var caused = map[string][]string{
	"site": {"no-original", "bad-language", "reserved-name", "translation-date", "no-such-day", "same-day", "moved-stamp",
		"moved-address", "moved-language", "stale-stamp"},
	"languages":    {"reserved-name", "missing-translation", "moved-address"},
	"values":       {"no-such-value", "missing-translation", "bad-tag", "empty-value", "changed-text"},
	"organization": {"empty-value", "changed-text"},
	"theme":        {"no-such-theme", "no-theme", "no-such-setting", "wrong-setting", "low-contrast"},
	"markdown": {"raw-html", "open-html", "image-elsewhere", "dead-link", "unsafe-link", "lost-words", "broken-markup",
		"accidental-markup", "empty-heading", "active-file"},
}

// Causes returns a function that reports whether a problem in a text may be the
// consequence of problems in the config.
func (c *Config) Causes(problems source.Problems) func(*source.Problem) bool {
	codes := map[string]bool{}
	for table, list := range caused {
		if c.places != nil && c.places.Whole() && !slices.ContainsFunc(problems, func(p *source.Problem) bool {
			return c.tableOf(p) == table
		}) {
			continue
		}
		for _, code := range list {
			codes[code] = true
		}
	}
	return func(p *source.Problem) bool {
		return codes[p.Code] || slices.ContainsFunc(problems, func(w *source.Problem) bool {
			return w.File == p.File && w.Line == p.Line
		})
	}
}

// tableOf returns the table of the config that a problem is in. It returns "" for keys
// of [site] that cannot cause problems in texts.
func (c *Config) tableOf(p *source.Problem) (table string) {
	from := 0
	for name := range strings.FieldsSeq("site organization theme output markdown redlines header values footer " +
		"deploy languages") {
		if at := c.places.Key(name); c.places.Has(name) && at.Line <= p.Line && at.Line > from {
			table, from = name, at.Line
		}
	}
	if table == "site" && !slices.Contains([]int{c.At("site", "language").Line, c.At("site", "time_zone").Line,
		c.At("site").Line}, p.Line) {
		return "" // no other key of [site] determines how texts are read
	}
	return table
}
