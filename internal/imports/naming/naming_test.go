package naming

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/source"
)

func TestFamilies(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ files, want string }{
		{"privacy.md terms.md", "privacy: ; terms: "},
		{"privacy.md privacy.de.md privacy_pt_BR.md", "privacy: , de, pt-BR"},
		{"en/privacy.md de/privacy.md de/terms.md", "de/terms: ; privacy: de, en"},
		{"legal/privacy.md legal/fr/privacy.md", "legal/privacy: , fr"},
		{"privacy/en.md privacy/de.md", "privacy: de, en"},
		{"legal/no.md legal/terms-it.md", "legal/no: ; legal/terms-it: "},
		{"terms-of-service.md terms-of-service-es.md", "terms-of-service: , es"},
	} {
		var have []string
		for _, f := range Families(strings.Fields(c.files)) {
			have = append(have, strings.TrimPrefix(f.Dir+"/"+f.Stem, "/")+": "+strings.Join(slices.Sorted(maps.Keys(f.Members)), ", "))
		}
		slices.Sort(have)
		if have := strings.Join(have, "; "); strings.ReplaceAll(have, "./", "") != c.want {
			t.Errorf("%s\nhave %s\nwant %s", c.files, have, c.want)
		}
	}
}

func TestSlugs(t *testing.T) {
	t.Parallel()
	check := func(slug string) *source.Problem {
		if slug == "assets" {
			return source.NewProblem(source.In(slug), "reserved-name", "taken", "rename it")
		}
		return nil
	}
	for _, c := range []struct{ files, want string }{
		{"privacy terms", "privacy terms"},
		{"Privacy_Policy_1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6e 1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d", "privacy-policy 1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d"},
		{"legal/Privacy_Policy", "privacy-policy"},
		{"legal/index cookies/index", "legal cookies"},
		{"a/terms b/terms", "a-terms b-terms"},
		{"Datenschutzerklärung Größe", "datenschutzerklaerung groesse"},
		{"隐私政策 privacy/隐私", "policy privacy"},
		{"a/b a-b", "b a-b"},
		{"x-y/z x/y-z x/q/z", "x-y-z y-z x-q-z"},
		{"privacy! privacy?", "privacy privacy-2"},
		{"assets", "assets-policy"},
	} {
		var files []Wish
		for _, f := range strings.Fields(c.files) {
			files = append(files, Wish{Name: readings(f)[0]})
		}
		list, _, err := Slugs(files, check)
		if have := strings.Join(list, " "); err != nil || have != c.want {
			t.Errorf("%s\nhave %s %v\nwant %s", c.files, have, err, c.want)
		}
	}
	two := []Wish{{Name{"a", "terms", ""}, "terms"}, {Name{"b", "terms", ""}, "terms"}}
	if _, _, err := Slugs(two, check); err == nil {
		t.Error("two policies were given one name, and that was fine")
	}
}

func TestMatches(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, file string
		want          bool
	}{
		{"legal/privacy.md", "legal/privacy.md", true},
		{"legal/privacy.md", "legal/privacy-md", false},
		{"legal", "legal/de/privacy.md", true},
		{"legal/", "legal/privacy.md", true},
		{"legal", "legals/privacy.md", false},
		{"*.md", "privacy.md", true},
		{"*.md", "legal/privacy.md", false},
		{"**/*.md", "privacy.md", true},
		{"docs/**/*.md", "docs/a/b/privacy.md", true},
		{"docs/**", "docs/a/b.txt", true},
		{"v?/terms.md", "v2/terms.md", true},
		{"v?/terms.md", "v/terms.md", false},
		{"größe.md", "größe.md", true},
		{"legal/\xff\xfe.md", "legal/\xff\xfe.md", true},
		{"legal/\xff*", "legal/\xff.md", true},
		{"legal/\xff.md", "legal/a/b.md", false},
		{"d\u00e4nisch/?.md", "d\u00e4nisch/\u00e6.md", true},
	} {
		if have := Matches([]string{"none", c.pattern}, c.file); have != c.want {
			t.Errorf("%s matches %s: have %v", c.pattern, c.file, have)
		}
	}
}

// The extension of a file decides how it is read.
func TestFormats(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"privacy.md": "text", "a/Privacy.MDX": "text", "terms.txt": "text", "terms.html": "page", "terms.XHTML": "page",
		"terms.docx": "other", "terms.njk": "other", "logo.png": "", "md": "", "LICENSE": "",
	} {
		have := ""
		for kind, is := range map[string]func(string) bool{"text": IsText, "page": IsWebPage, "other": IsOther} {
			if is(file) {
				have += kind
			}
		}
		if have != want {
			t.Errorf("%s: have %q, want %q", file, have, want)
		}
	}
}
