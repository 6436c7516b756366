package source

import (
	"slices"
	"strings"
)

// devices are the names that Windows reserves for devices, in every folder.
var devices = []string{
	"con", "prn", "aux", "nul",
	"com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "com¹", "com²", "com³",
	"lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "lpt¹", "lpt²", "lpt³",
}

// Device returns the first name in a path with forward slashes that Windows reserves
// for a device, with or without an extension (nul, nul.txt), or the empty string. No
// folder or file on Windows can have such a name.
func Device(path string) string {
	for name := range strings.SplitSeq(path, "/") {
		stem, _, _ := strings.Cut(name, ".")
		if slices.Contains(devices, strings.ToLower(strings.TrimRight(stem, " "))) {
			return name
		}
	}
	return ""
}
