// Package buildinfo describes the running program: its version, the commit it
// was built from, and its platform. Its fundamental type is [Info].
package buildinfo

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
)

// version is the version of a release, set by the linker:
//
//	go build -ldflags '-X github.com/privgen/privgen/internal/buildinfo.version=v1.2.3' ./cmd/privgen
//
// If it is empty, the version is the one that the go command recorded.
var version string

// An Info describes a program. Commit and Date are empty if the go command did not
// record a commit, as for a module from a proxy.
type Info struct {
	Version  string `json:"version"`
	Commit   string `json:"commit,omitempty"`
	Date     string `json:"date,omitempty"` // of the commit, in RFC 3339
	Modified bool   `json:"modified"`       // the checkout differed from the commit
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

// Get returns the description of this program.
func Get() Info {
	info, _ := debug.ReadBuildInfo()
	return of(version, info)
}

// of returns the description for a version set by the linker and what the go
// command recorded, which is nil for a program that was built without modules.
func of(set string, info *debug.BuildInfo) Info {
	i := Info{Version: set, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	if info != nil {
		if i.Version == "" {
			i.Version = info.Main.Version
		}
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				i.Commit = s.Value
			case "vcs.time":
				i.Date = s.Value
			case "vcs.modified":
				i.Modified = s.Value == "true"
			}
		}
	}
	if i.Version == "" {
		i.Version = "(devel)"
	}
	return i
}

// Print writes the description as lines of text.
func (i Info) Print(w io.Writer) {
	fmt.Fprintf(w, "privgen %s\n", i.Version)
	if i.Commit != "" {
		commit := i.Commit
		if i.Modified {
			commit += ", modified"
		}
		fmt.Fprintf(w, "commit: %s\ndate: %s\n", commit, i.Date)
	}
	fmt.Fprintf(w, "go: %s\nplatform: %s\n", i.Go, i.Platform)
}
