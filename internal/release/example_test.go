package release_test

import (
	"fmt"
	"log"
	"testing/fstest"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/release"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/templates"
	"github.com/privgen/privgen/themes"
)

// A draft with a placeholder is refused. Without it, the draft becomes a version.
func Example() {
	files := fstest.MapFS{
		"privgen.toml": {Data: []byte("[site]\ntitle = \"Acme policies\"\nbase_url = \"https://acme.example/\"\n\n" +
			"[organization]\nname = \"Acme Ltd\"\n")},
	}
	for _, text := range []string{"# Privacy\n\nWrite to [ADDRESS].\n", "# Privacy\n\nWrite to us.\n"} {
		files["content/privacy/draft.md"] = &fstest.MapFile{Data: []byte(text)}
		s, problems := site.Load(site.Input{
			Files: files, Templates: templates.FS, Themes: themes.FS, Drafts: func(string) bool { return true },
		})
		if problems != nil {
			log.Fatal(problems)
		}
		r, problems, err := release.New(s, release.Request{
			Policy: s.Library.Policy("privacy"), Files: files, Effective: "2027-06-01",
			Today: day.Of(time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC), time.UTC),
		})
		if err != nil {
			log.Fatal(err)
		}
		for _, p := range problems {
			fmt.Println(p)
		}
		if problems == nil {
			fmt.Printf("%s", r.Files["content/privacy/2027-06-01.md"])
		}
	}
	// Output:
	// content/privacy/draft.md:3:10: "[ADDRESS]" looks like a placeholder
	// 	replace it; if the text is meant literally, put it in a code span, between backticks
	// +++
	// effective = 2027-06-01
	// updated = 2027-01-31
	// +++
	//
	// # Privacy
	//
	// Write to us.
}
