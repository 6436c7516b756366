package buildinfo

import (
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
)

func TestOf(t *testing.T) {
	t.Parallel()
	last := "go: " + runtime.Version() + "\nplatform: " + runtime.GOOS + "/" + runtime.GOARCH + "\n"
	checkout := &debug.BuildInfo{Main: debug.Module{Version: "v1.1.0"}, Settings: []debug.BuildSetting{
		{Key: "vcs.revision", Value: "0a1b"}, {Key: "vcs.time", Value: "2026-11-28T09:00:00Z"}, {Key: "vcs.modified", Value: "true"}}}
	for _, c := range []struct {
		name, set string
		info      *debug.BuildInfo
		want      string
	}{
		{"nothing is known", "", nil, "privgen (devel)\n"},
		{"a module from a proxy", "", &debug.BuildInfo{Main: debug.Module{Version: "v1.0.0"}}, "privgen v1.0.0\n"},
		{"a checkout", "", checkout, "privgen v1.1.0\ncommit: 0a1b, modified\ndate: 2026-11-28T09:00:00Z\n"},
		{"a release", "v1.2.0", checkout, "privgen v1.2.0\ncommit: 0a1b, modified\ndate: 2026-11-28T09:00:00Z\n"},
	} {
		out := &strings.Builder{}
		of(c.set, c.info).Print(out)
		if out.String() != c.want+last {
			t.Errorf("%s:\nhave %q\nwant %q", c.name, out, c.want+last)
		}
	}
}
