package source_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/privgen/privgen/internal/source"
)

// A problem says where a mistake is, what is wrong, and how to fix it.
func Example() {
	f, problem := source.Parse("content/privacy/draft.md", []byte("# Privacy\n\nWrite to [ADDRESS].\n"))
	if problem != nil {
		log.Fatal(problem)
	}
	at := strings.Index(string(f.Text), "[ADDRESS]")
	fmt.Println(source.NewProblem(f.Pos(at), "placeholder", "this was to be filled in", "write the address"))
	// Output:
	// content/privacy/draft.md:3:10: this was to be filled in
	// 	write the address
}
