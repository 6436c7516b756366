package resolve_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/privgen/privgen/internal/resolve"
	"github.com/privgen/privgen/internal/source"
)

// Every tag in the package comment, the README, and the sample site's texts works as
// written.
func TestManual(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{
		"content/_clauses/contact.md":    {Data: []byte(manualPart(t, "// \t+++", "// \tWrite to {{email}}"))},
		"content/_clauses/complaints.md": {Data: []byte("+++\nparameters = [\"days\"]\n+++\n{{days}}\n")},
		"content/_data/vendors.toml":     {Data: []byte("[[vendors]]\nname = \"x\"\n")},
		"content/_data/cookies.toml":     {Data: []byte(manualPart(t, "// \tmarkdown = [", "// \tessential = true") + "purpose = \"x\"\n")},
	}
	text := strings.Replace(string(fsys["content/_data/cookies.toml"].Data), "[columns]\n", "[columns]\nprovider = \"Provider\"\npurpose = \"Purpose\"\n", 1)
	fsys["content/_data/cookies.toml"].Data = []byte(text)
	s := resolve.New(resolve.Options{Files: fsys, Clauses: "content/_clauses", Data: "content/_data", Language: "en", Values: map[string]any{
		"organization.name": "Acme", "organization.email": "a@b.example", "organization.phone": "1",
		"values.eu": true, "values.retention": "ten", "values.sells_data": false, "values.region": "eu", "values.founded": "1999", "values.days": "30 days",
	}})
	tag := regexp.MustCompile(`\{\{[a-z/][^{}]*\}\}`)
	n := 0
	for _, name := range []string{"resolve.go", "../../README.md", "../../docs/drafts.md"} {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		manual, _, _ := strings.Cut(string(raw), "\nimport (")
		for _, shown := range tag.FindAllString(manual, -1) {
			n++
			in := shown
			switch {
			case strings.HasPrefix(shown, "{{version."), strings.HasPrefix(shown, "{{table cookies ") && name != "resolve.go":
				continue // only a draft has the values of a version, and other tests have the table
			case shown == "{{else}}" || shown == "{{end}}" || shown == "{{email}}" || shown == "{{days}}":
				continue
			case strings.HasPrefix(shown, "{{else"):
				in = "{{if values.eu}}" + shown + "{{end}}"
			case strings.HasPrefix(shown, "{{if"):
				in = shown + "{{end}}"
			case strings.HasPrefix(shown, "{{clause") && !strings.Contains(shown, "email=") && !strings.Contains(shown, "days="):
				in = strings.TrimSuffix(shown, "}}") + ` email=organization.email}}`
			}
			if _, problems := s.Resolve(&source.File{Name: "t.md", Text: []byte(in + "\n")}, 0, resolve.Reader{Lang: "en"}); problems != nil {
				t.Errorf("%s shows %s: %v", name, shown, problems[0])
			}
		}
	}
	if n < 15 {
		t.Errorf("the manual shows %d tags", n)
	}
}

// manualPart returns the lines of the package comment from one text to another.
func manualPart(t *testing.T, from, to string) string {
	t.Helper()
	raw, err := os.ReadFile("resolve.go")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(raw), "//\t", "// \t")
	i := strings.Index(text, from)
	j := strings.Index(text, to)
	if i < 0 || j < i {
		t.Fatalf("the manual has no %s", from)
	}
	j += strings.Index(text[j:], "\n") + 1
	lines := strings.ReplaceAll(text[i:j], "// \t", "")
	return strings.ReplaceAll(lines, "//\n", "\n")
}
