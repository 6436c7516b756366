package policy_test

import (
	"fmt"
	"testing/fstest"
	"time"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/policy"
)

func example() *policy.Library {
	files := fstest.MapFS{
		"content/privacy/2025-03-01.md": {Data: []byte("# Privacy policy\n\nWe keep data for ten years.\n")},
		"content/privacy/2026-01-01.md": {Data: []byte("# Privacy policy\n\nWe keep data for five years.\n")},
		"content/privacy/2026-07-01.md": {Data: []byte("+++\npublished = 2026-05-01\n+++\n\n# Privacy policy\n\nWe keep none.\n")},
	}
	lib, problems := policy.Load(files, policy.Options{
		Folder: "content", Language: "en", Zone: time.UTC, Renderer: markdown.NewRenderer(1 << 16),
	})
	for _, p := range problems {
		fmt.Println(p)
	}
	return lib
}

func ExampleLoad() {
	lib := example()
	p := lib.Policy("privacy")
	fmt.Println(p.Title("en"))
	for _, v := range p.Versions {
		fmt.Println(v.ID, v.Effective())
	}
	// Output:
	// Privacy policy
	// 2025-03-01 2025-03-01
	// 2026-01-01 2026-01-01
	// 2026-07-01 2026-07-01
}

func ExamplePolicy_At() {
	status := example().Policy("privacy").At(time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC))
	for i, v := range status.Versions {
		fmt.Println(v.ID, status.State(i))
	}
	// Output:
	// 2025-03-01 superseded
	// 2026-01-01 in-force
	// 2026-07-01 upcoming
}

func ExampleLibrary_Body() {
	lib := example()
	body, err := lib.Body(lib.Policy("privacy").Version("2026-01-01").Authoritative())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s", body.Markdown())
	// Output:
	// # Privacy policy
	//
	// We keep data for five years.
}
