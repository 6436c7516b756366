package history

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/source"
)

func TestLikely(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"privacy.md", "legal/en/terms-of-service.md", "docs/Datenschutzerklärung.md", "AGB.txt", "content/legal/index.md",
		"policies/cookie_policy.de.md", "site/privacy/de.md", "dpa.markdown", "impressum.md", "politique-de-confidentialité.md"} {
		if !likely(name) {
			t.Errorf("%s does not look like a policy", name)
		}
	}
	for _, name := range []string{"README.md", "docs/install.md", "node_modules/x/privacy.md", "LICENSE", "SECURITY.md", "src/terms.go", "legal/logo.png",
		"CODE_OF_CONDUCT.md", "blog/toc-and-tosca.js", "test/terms.md", "docs/stop.md", "legal/README.md"} {
		if likely(name) {
			t.Errorf("%s looks like a policy", name)
		}
	}
}

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
		for _, f := range families(strings.Fields(c.files)) {
			have = append(have, strings.TrimPrefix(f.name.dir+"/"+f.name.stem, "/")+": "+strings.Join(slices.Sorted(maps.Keys(f.members)), ", "))
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
		var files []name
		for _, f := range strings.Fields(c.files) {
			files = append(files, names(f)[0])
		}
		list, _, err := slugs(files, func(name) string { return "" }, check)
		if have := strings.Join(list, " "); err != nil || have != c.want {
			t.Errorf("%s\nhave %s %v\nwant %s", c.files, have, err, c.want)
		}
	}
	two := []name{{"a", "terms", ""}, {"b", "terms", ""}}
	if _, _, err := slugs(two, func(name) string { return "terms" }, check); err == nil {
		t.Error("two policies were given one name, and that was fine")
	}
}

func TestGlob(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, path string
		want          bool
	}{
		{"legal/privacy.md", "legal/privacy.md", true},
		{"legal/privacy.md", "legal/privacyXmd", false},
		{"legal", "legal/de/privacy.md", true},
		{"legal", "legalese.md", false},
		{"legal/*.md", "legal/de/privacy.md", false},
		{"**/*.md", "privacy.md", true},
		{"docs/**/terms.md", "docs/a/b/terms.md", true},
		{"privacy.??.md", "privacy.de.md", true},
		{"a[b.md", "a[b.md", true},
		{"größe.md", "größe.md", true},
	} {
		if have := glob(c.pattern).MatchString(c.path); have != c.want {
			t.Errorf("%s on %s: %v", c.pattern, c.path, have)
		}
	}
}

func TestDecode(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ raw, text, from, why string }{
		{"plain", "plain", "", ""},
		{"gr\u00f6\u00dfe", "größe", "", ""},
		{"a long enough text with one gr\xf6\xdfe in it", "a long enough text with one größe in it", "windows-1252", ""},
		{"we say \x93no\x94 \x96 and keep nothing at all", "we say “no” – and keep nothing at all", "windows-1252", ""},
		{"\xff\xfeh\x00i\x00", "hi", "utf-16", ""},
		{"\xfe\xff\x00h\x00i", "hi", "utf-16", ""},
		{"\xff\xfeh\x00i", "", "", string(NotText)},
		{"PNG\x00\x01", "", "", string(NotText)},
		{"mo\xbf\xe6 \xb6wiat \xb1\xb3\xbc, nie wiem co to jest", "", "", string(NotText)},
		{strings.Repeat("x", source.MaxSize+1), "", "", string(TooLarge)},
	} {
		text, from, err := Decode([]byte(c.raw))
		why := ""
		if u, ok := err.(*Unfit); ok {
			why = string(u.Reason)
		}
		if string(text) != c.text || from != c.from || why != c.why {
			t.Errorf("%.40q\nhave %q from %q, %q\nwant %q from %q, %q", c.raw, text, from, why, c.text, c.from, c.why)
		}
	}
}

func TestSplitMatter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ file, front, text string }{
		{"# A\n", "|||||", "# A\n"},
		{"---\ntitle: \"A: b\"\nlast_updated: 2024-02-03\nversion: 3.2\nlayout: x\n---\n\ntext\n", "A: b||2024-02-03||3.2|", "\ntext\n"},
		{"+++\ntitle = \"A\"\neffective = 2024-02-03\nlang = \"de\"\n+++\ntext", "A|2024-02-03||||de", "text"},
		{"---\r\ntitle: A\r\ndate: 2024-02-03T10:00:00Z\r\n---\r\ntext\r\n", "A|||2024-02-03||", "text\r\n"},
		{"---\na line, not a field\n---\ntext", "|||||", "---\na line, not a field\n---\ntext"},
		{"---\ntitle: [\n---\ntext", "|||||", "---\ntitle: [\n---\ntext"},
		{"---\ntitle: A\ntext without an end", "|||||", "---\ntitle: A\ntext without an end"},
		{"---\n---\ntext", "|||||", "text"},
		{"+++", "|||||", "+++"},
	} {
		front, text := SplitMatter([]byte(c.file))
		have := fmt.Sprintf("%s|%s|%s|%s|%s|%s", front.Title, front.Effective, front.Updated, front.Date, front.Label, front.Language)
		if have != c.front || string(text) != c.text {
			t.Errorf("%q\nhave %s %q\nwant %s %q", c.file, have, text, c.front, c.text)
		}
	}
}

func TestSketch(t *testing.T) {
	t.Parallel()
	words := func(from, to int) []byte {
		var b strings.Builder
		for i := from; i < to; i++ {
			fmt.Fprintf(&b, "word%d ", i*7919%100003)
		}
		return []byte(b.String())
	}
	for _, c := range []struct {
		name     string
		a, b     []byte
		from, to float64
	}{
		{"itself", words(0, 5000), words(0, 5000), 1, 1},
		{"half of it", words(0, 4000), words(0, 8000), 0.38, 0.62},
		{"a third in common", words(0, 4000), words(2000, 6000), 0.23, 0.44},
		{"nothing", words(0, 4000), words(5000, 9000), 0, 0.01},
		{"a few words", []byte("not found"), []byte("not found"), 1, 1},
		{"other few words", []byte("not found"), []byte("no page"), 0, 0},
		{"no spaces", []byte("我们不保留任何信息也不会告诉别人"), []byte("我们不保留任何信息也不会告诉您"), 0.5, 0.95},
		{"letters apart in case and marks", []byte("We keep nothing, and tell you so."), []byte("we keep **nothing** and tell you so"), 1, 1},
	} {
		if have := sketchOf(c.a).like(sketchOf(c.b)); have < c.from || have > c.to {
			t.Errorf("%s: %.2f, want %.2f to %.2f", c.name, have, c.from, c.to)
		}
	}
}

func TestLanguageOf(t *testing.T) {
	t.Parallel()
	for want, text := range map[string]string{
		"en": "We keep the data that you give us for as long as your account is there, and we tell you with a mail what we do to it.",
		"de": "Wir bewahren die Daten, die Sie uns geben, so lange auf, wie Ihr Konto besteht, und werden sie nicht mit anderen oder für anderes nutzen.",
		"fr": "Nous gardons les données que vous nous donnez pour la durée de votre compte, et nous ne les donnons pas à des tiers pour nos besoins.",
		"ja": "私たちはお客様のデータを保存しません。お問い合わせください。",
		"":   "12 34 56",
	} {
		if have := languageOf([]byte(text)); have != want {
			t.Errorf("%q is %q, want %q", text, have, want)
		}
	}
}
