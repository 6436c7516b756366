package record_test

import (
	"fmt"
	"log"
	"os"

	"github.com/privgen/privgen/internal/record"
)

// The lock file of the sample site says what was released, and when.
func Example() {
	raw, err := os.ReadFile("../../" + record.File)
	if err != nil {
		log.Fatal(err)
	}
	r, problems := record.Parse(raw)
	if problems != nil {
		log.Fatal(problems)
	}
	for _, e := range r.Entries() {
		if e.Policy == "cookies" {
			fmt.Printf("version %s in %s took effect on %s: %s, SHA-256 %.4x…\n", e.Version, e.Lang, e.Effective, e.Address, e.Digest)
		}
	}
	// Output:
	// version 2022-11-01 in en-GB took effect on 2022-11-01: cookies/2022-11-01/, SHA-256 ceb5088d…
}
