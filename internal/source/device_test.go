package source_test

import (
	"testing"

	"github.com/privgen/privgen/internal/source"
)

func TestDevice(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"con": "con", "AUX": "AUX", "nul.txt": "nul.txt", "com1.tar.gz": "com1.tar.gz", "a/lpt9/b": "lpt9", "prn .pdf": "prn .pdf",
		"docs/COM².pdf": "COM².pdf", "a/b/con": "con",
		"": "", "contact": "", "con-1": "", "com": "", "com10": "", "lpt": "", "a.con": "", "2026-01-01": "", "auxiliary.md": "",
	} {
		if have := source.Device(path); have != want {
			t.Errorf("Device(%q) = %q, want %q", path, have, want)
		}
	}
}
