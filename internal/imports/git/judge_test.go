package git

import (
	"testing"

	"github.com/privgen/privgen/internal/imports/naming"
)

// A file is judged by its name, and if that is unclear, by its text.
func TestJudge(t *testing.T) {
	t.Parallel()
	const (
		policy = "# Rules\n\nYou agree to these terms when you sign up. We may suspend your account and terminate it without a warranty. " +
			"Your personal data is safe with us: we collect little, third parties get none of it, and privacy is what we care about."
		other  = "# Hills\n\nThe three of us like hills, and we have been here for ten years with our dogs and our cats."
		manual = "# The helper\n\n```\nhelper install\n```\n\nIt shows the privacy policy of the site that you are on."
		short  = "Fernhill Instruments, 1 Hill Road"
		hindi  = "# पहाड़ियाँ\n\nहम तीनों को पहाड़ियाँ पसंद हैं और हम यहाँ दस साल से अपने कुत्तों के साथ रहते हैं।"
	)
	for _, test := range []struct {
		file, text string
		want       verdict
	}{
		{"legal/privacy.md", policy, take},
		{"legal/privacy.md", short, take},
		{"legal/rules.md", policy, take},
		{"legal/rules.md", hindi, take},
		{"legal/team.md", other, doubted},
		{"legal/de.md", other, take},
		{"docs/privacy-helper.md", manual, doubted},
		{"docs/privacy.md", manual, doubted},
		{"docs/rules.md", policy, missed},
		{"docs/rules.md", other, leave},
		{"docs/rules.md", hindi, leave},
		{"README.md", policy, leave},
		{"static/imprint.html", short, take},
		{"templates/privacy.html", policy, take},
		{"templates/privacy.md", policy, leave},
		{"pages/rules.html", policy, leave},
	} {
		have, _, err := judge(test.file, func() ([]byte, error) { return []byte(test.text), nil })
		if err != nil || have != test.want {
			t.Errorf("%s, %.20q: have %d %v, want %d", test.file, test.text, have, err, test.want)
		}
	}
}

// Statements of a template are removed, tags for which the user supplied words are
// replaced, and other tags stay.
func TestTextIn(t *testing.T) {
	t.Parallel()
	s := Search{Set: map[string]string{"site.name": "Fernhill & Sons"}}
	for _, test := range []struct{ file, text, want, changed string }{
		{"a.md", "---\ntitle: A\n---\n{{ site.name }} and {{- site.name -}}, {{site.other}} {% if x %}", "Fernhill & Sons and Fernhill & Sons, {{site.other}} {% if x %}", ""},
		{"a.html", "{% extends \"b\" %}<main><p>{{ site.name }} has <?php echo 1 ?>ten hills{# no #}.</p></main>", "Fernhill & Sons has ten hills.\n", "HTML, without 3 tags of its template"},
		{"a.html", "<script>1</script>", "", "HTML"},
		{"a.html", " \n", "", "HTML"},
		{"a.html", "\uFEFF---\ntitle: A\n---\n<p>Ten hills.</p>", "Ten hills.\n", "HTML"},
		{"a.html", "<meta charset=windows-1252><p>Gr\xf6\xdfe \x96 5 \x80</p>", "Größe – 5 €\n", "HTML"},
		{"a.html", "---\ntitle: Gr\xf6\xdfe\n---\n<p>Gr\xf6\xdfe {{ site.name }}</p>", "Größe Fernhill & Sons\n", "HTML"},
		{"a.html", "<meta charset=iso-8859-2><p>\xb3\xf3d\xbc</p>", "łódź\n", "HTML"},
		{"a.html", "<p>Größe</p>", "Größe\n", "HTML"},
		{"a.md", "\uFEFF---\ntitle: A\n---\nTen hills.", "Ten hills.", ""},
		{"a.md", "\uFEFF# A\n", "# A\n", ""},
		{"a.md", "Die Gr\xf6\xdfe der Sendung \x96 5 \x80", "Die Größe der Sendung – 5 €", "windows-1252"},
	} {
		have, err := s.textIn(test.file, []byte(test.text))
		if err != nil || string(have.text) != test.want || have.changed != test.changed {
			t.Errorf("%s: have %q, %q, %v; want %q, %q", test.text, have.text, have.changed, err, test.want, test.changed)
		}
	}
}

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
		if have := naming.Glob(c.pattern).MatchString(c.path); have != c.want {
			t.Errorf("%s on %s: %v", c.pattern, c.path, have)
		}
	}
}
