package watch_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/watch"
)

// The limit of the system: a child process in a separate user namespace can watch two
// folders, but not a third.
func TestLimit(t *testing.T) {
	const asked = "PRIVGEN_TEST_LIMIT"
	if os.Getenv(asked) == "" {
		t.Parallel()
		c := exec.Command(os.Args[0], "-test.run=^TestLimit$", "-test.v")
		c.Env = append(os.Environ(), asked+"=1")
		c.SysProcAttr = &syscall.SysProcAttr{
			Cloneflags:  syscall.CLONE_NEWUSER,
			UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
		}
		out, err := c.CombinedOutput()
		switch {
		case len(out) == 0 && err != nil:
			t.Skip("no user namespaces here: ", err)
		case strings.Contains(string(out), "--- SKIP"):
			t.Skipf("the limit cannot be lowered here:\n%s", out)
		case err != nil:
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	if err := os.WriteFile("/proc/sys/user/max_inotify_watches", []byte("2"), 0); err != nil {
		t.Skip(err)
	}
	s := &site{t: t, dir: t.TempDir()}
	s.write("content/a.md", "a")
	notes := make(chan string, 2)
	var err error
	s.w, err = watch.Start(watch.Options{
		Dir: s.dir, Roots: []string{"content"}, Every: 20 * time.Millisecond,
		Note: func(why error) { notes <- why.Error() },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.w.Close()
	s.write("content/a.md", "told by the system")
	s.until("content/a.md")
	if len(notes) > 0 {
		t.Fatal(<-notes)
	}
	s.write("content/new/b.md", "in a folder too many")
	s.until("content/new")
	if note := fmt.Sprint(<-notes); !strings.Contains(note, "no space left on device") || !strings.Contains(note, "sudo sysctl fs.inotify.max_user_watches=") {
		t.Errorf("of the limit it says %q", note)
	}
	s.write("content/new/b.md", "found by looking again")
	s.until("content/new/b.md")
}
