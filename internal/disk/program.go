package disk

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
)

// ProgramID returns an id of this program that differs from that of a program that
// would render other pages. For a release it is the version; for a program built
// from a work tree it names the file.
func ProgramID(version string) string {
	id := version + " " + runtime.Version()
	info, ok := debug.ReadBuildInfo()
	released := ok && info.Main.Version != "" && info.Main.Version != "(devel)"
	if ok {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				id += " " + s.Value
			case "vcs.modified":
				released = released && s.Value == "false"
			}
		}
	}
	if released {
		return id
	}
	if name, err := os.Executable(); err == nil {
		if file, err := os.Stat(name); err == nil {
			id += fmt.Sprint(" ", file.Size(), " ", file.ModTime().UnixNano(), " ", FingerprintOf(file).Change)
		}
	}
	return id
}
