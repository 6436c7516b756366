package history

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/privgen/privgen/internal/source"
)

// This file finds policies among the files of a repository by their names, and
// names them.

// textFile tells names of files that can hold a policy.
func textFile(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".md", ".markdown", ".mdown", ".mkd", ".txt":
		return true
	}
	return false
}

// pageFile tells names of files that are pages, whole or in a template.
func pageFile(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".html", ".htm", ".xhtml":
		return true
	}
	return false
}

// subjects are the words that names of policies are made of, by kind, in the
// languages in which such names are common. The kinds stand in the order in
// which they are asked: a cookie policy names privacy too.
var subjects = []struct {
	kind string
	re   *regexp.Regexp
}{
	{"cookies", regexp.MustCompile(`cookie|trackers`)},
	{"terms", regexp.MustCompile(`terms|(^|[^a-z])(tos|tou|toc|eula|agb|cgu|cgv|sla)($|[^a-z])|nutzungsbedingungen|geschaeftsbedingungen|conditions|condizioni|condiciones|termos|voorwaarden|user-?agreement|warunki`)},
	{"privacy", regexp.MustCompile(`priva[ct]|datenschutz|confidentialite|dataprotection|data-protection|(^|[^a-z])gdpr($|[^a-z])|integritet|personvern|prywatnosc`)},
	{"other", regexp.MustCompile(`polic(y|ies)($|[^a-z])|legal|impressum|imprint|legal-?notice|mentions-legales|disclaimer|acceptable-use|subprocessor|sub-processor|processor|(^|[^a-z])(dpa|aup|dmca|ccpa|hipaa)($|[^a-z])|guidelines|refund|retention|widerruf|statement|addendum|copyright|licen[cs]e-?agreement|accessibility`)},
}

// kindOf tells what a policy is about by its name.
func kindOf(name string) string {
	for _, s := range subjects {
		if s.re.MatchString(slugOf(name)) {
			return s.kind
		}
	}
	return "other"
}

// Folders whose texts are no policies of whoever keeps the repository, and
// files that every repository has.
var (
	foreignFolder = wordSet("node_modules vendor third_party third-party test tests testdata fixtures fixture examples example __tests__ mocks .github .gitlab templates public dist build _site target _clauses _data")
	houseFile     = wordSet("readme changelog changes contributing license licence copying notice authors code-of-conduct code_of_conduct security support governance maintainers history todo codeowners news install draft")
	legalFolder   = wordSet("legal policies policy privacy terms rechtliches compliance legals agreements")
)

// byDate tells names of files that are versions themselves, a file each.
var byDate = pattern(`^\d{4}-\d{2}-\d{2}(\.|$)`)

// mayHold tells whether a file of a repository can be a policy of whoever keeps
// the repository: it is a text, and none of those that every repository has.
func mayHold(file string) bool {
	dir, base := path.Split(strings.ToLower(file))
	for d := range strings.SplitSeq(strings.Trim(dir, "/"), "/") {
		if foreignFolder[d] && !(d == "templates" && pageFile(base)) {
			return false
		}
	}
	stem := strings.TrimSuffix(base, path.Ext(base))
	first, _, _ := strings.Cut(stem, ".")
	return !houseFile[first] && (textFile(base) || pageFile(base)) && !byDate().MatchString(stem)
}

// namesPolicy tells whether the name of a file is that of a policy, or names
// none at all: legal/de.md, privacy/index.md.
func namesPolicy(file string) bool {
	stem := stemOf(file)
	for _, s := range subjects {
		if s.re.MatchString(stem) {
			return true
		}
	}
	return inLegalFolder(file) && (generic[stem] || languageTag(stem) != "")
}

func inLegalFolder(file string) bool {
	for d := range strings.SplitSeq(strings.ToLower(path.Dir(file)), "/") {
		if legalFolder[d] {
			return true
		}
	}
	return false
}

// likely tells whether a path is that of a policy.
func likely(file string) bool {
	return mayHold(file) && (namesPolicy(file) || inLegalFolder(file))
}

// slugOf makes of a name one that can stand in an address; empty when there is
// nothing in it that could.
func slugOf(name string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.NewReplacer("ß", "ss", "æ", "ae", "ø", "o", "ł", "l", "ä", "ae", "ö", "oe", "ü", "ue").Replace(strings.ToLower(norm.NFC.String(name)))) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’':
		default:
			b.WriteByte('-')
		}
	}
	parts := strings.FieldsFunc(b.String(), func(r rune) bool { return r == '-' })
	slug := strings.Join(parts, "-")
	if len(slug) > 100 {
		slug = strings.TrimRight(slug[:100], "-")
	}
	return slug
}

// A name is what the path of a file tells: the policy and the language.
type name struct {
	dir, stem string // without what tells the language
	lang      string // a BCP 47 tag; or empty
}

// names gives all ways to read a path: as it stands, and with a language in
// its name or in a folder of it.
func names(file string) []name {
	dir, base := path.Split(file)
	dir = strings.TrimSuffix(dir, "/")
	stem := strings.TrimSuffix(base, path.Ext(base))
	list := []name{{dir, stem, ""}}
	for i := len(stem) - 1; i > 0; i-- { // privacy.de, privacy_pt_BR, privacy-de
		if c := stem[i]; c == '.' || c == '_' || c == '-' {
			if tag := languageTag(stem[i+1:]); tag != "" {
				list = append(list, name{dir, stem[:i], tag})
			}
		}
	}
	if tag := languageTag(stem); tag != "" && dir != "" { // privacy/de.md
		list = append(list, name{path.Dir(dir), path.Base(dir), tag})
	}
	folders := strings.Split(dir, "/")
	for i, f := range folders { // de/privacy.md, legal/de/privacy.md
		if tag := languageTag(f); tag != "" {
			list = append(list, name{strings.Join(slices.Delete(slices.Clone(folders), i, i+1), "/"), stem, tag})
		}
	}
	return list
}

func (n name) key() string { return strings.ToLower(n.dir + "/" + n.stem) }

// A family is a document and its translations.
type family struct {
	name    name
	members map[string]int // index of the file, by language; the empty one is the document's own
}

// families finds which files are one document in several languages. A name
// that could tell a language does so only when there is another that differs
// in nothing else, so that legal/no.md or terms-it.md stand for themselves.
func families(files []string) []family {
	type reading struct {
		name
		file int
	}
	byKey := map[string][]reading{}
	for i, f := range files {
		for _, n := range names(f) {
			byKey[n.key()] = append(byKey[n.key()], reading{n, i})
		}
	}
	var list []family
	taken := map[int]bool{}
	// Large families first: a file belongs to the one with the most members.
	keys := make([]string, 0, len(byKey))
	for k := range byKey {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int {
		if d := len(byKey[b]) - len(byKey[a]); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	for _, k := range keys {
		f := family{members: map[string]int{}}
		for _, r := range byKey[k] {
			if _, ok := f.members[r.lang]; !ok && !taken[r.file] {
				f.members[r.lang] = r.file
				f.name = r.name
			}
		}
		if len(f.members) < 2 {
			continue
		}
		for _, i := range f.members {
			taken[i] = true
		}
		list = append(list, f)
	}
	for i, file := range files {
		if !taken[i] {
			list = append(list, family{names(file)[0], map[string]int{"": i}})
		}
	}
	return list
}

// generic are names of files that say nothing without their folder.
var generic = wordSet("index readme policy text content main current latest document version page body default en de")

// Slugs gives documents names that can stand in addresses and that no two
// share. Told are the names that the user gave, by path; check says why a slug
// cannot be used. Notes say what is not as the files' names have it.
func slugs(files []name, told func(name) string, check func(string) *source.Problem) (list, notes []string, err error) {
	taken := map[string]string{}
	list = make([]string, len(files))
	settle := func(i int, slug string) {
		list[i] = slug
		taken[slug] = path.Join(files[i].dir, files[i].stem)
	}
	for i, f := range files {
		slug := told(f)
		if slug == "" {
			continue
		}
		if p := check(slug); p != nil {
			return nil, nil, &Refusal{p.What, p.Do}
		}
		if other := taken[slug]; other != "" {
			return nil, nil, &Refusal{fmt.Sprintf("%s and %s cannot both be named %q", other, path.Join(f.dir, f.stem), slug), "give one of them another name: --name PATH=SLUG"}
		}
		settle(i, slug)
	}
	wish := make([]string, len(files))
	count := map[string]int{}
	for i, f := range files {
		if list[i] != "" {
			continue
		}
		wish[i] = slugOf(f.stem)
		if generic[wish[i]] && f.dir != "" {
			wish[i] = slugOf(path.Base(f.dir))
		}
		count[wish[i]]++
	}
	for i, f := range files {
		if list[i] != "" {
			continue
		}
		slug := wish[i]
		full := path.Join(f.dir, f.stem)
		if count[slug] > 1 || taken[slug] != "" {
			slug = slugOf(full)
		}
		if slug == "" {
			slug = "policy"
			if k := kindOf(f.dir); k != "other" {
				slug = k
			}
			notes = append(notes, fmt.Sprintf("%q cannot stand in an address and becomes %q; name it with --name", full, slug))
		}
		if p := check(slug); p != nil {
			slug += "-policy"
			notes = append(notes, fmt.Sprintf("%s: %s; it becomes %q", full, p.What, slug))
		}
		for base, n := slug, 2; taken[slug] != ""; n++ {
			slug = fmt.Sprintf("%s-%d", base, n)
			if taken[slug] == "" {
				notes = append(notes, fmt.Sprintf("%s and %s would both be %q; the second becomes %q; name it with --name", taken[base], full, base, slug))
			}
		}
		settle(i, slug)
	}
	return list, notes, nil
}
