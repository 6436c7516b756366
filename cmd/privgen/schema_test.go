package main

import (
	"bytes"
	"os"
	"testing"
)

// The schema beside the sample site is the current one.
func TestSchemaIsShipped(t *testing.T) {
	t.Parallel()
	have, err := os.ReadFile("../../privgen.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, schema()) {
		t.Error("privgen.schema.json is not what the code gives; write it with: go run ./cmd/privgen schema > privgen.schema.json")
	}
}
