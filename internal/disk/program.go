package disk

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
)

// ProgramID returns an id of this program. Programs that can render other pages have
// other ids. It has the versions of the program and of Go, and the commit. For a
// program that is not a release, it also has the size and times of the executable.
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
