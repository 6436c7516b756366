package terminal_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/privgen/privgen/internal/terminal"
)

// openTerminal returns both ends of a new terminal.
func openTerminal(t *testing.T) (master, slave *os.File) {
	t.Helper()
	t.Setenv("TERM", "xterm")
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { master.Close() })
	n, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Skip(err)
	}
	if err := unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Skip(err)
	}
	slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { slave.Close() })
	return master, slave
}

// On a terminal a document is made visible as well, and privgen's own colors
// pass.
func TestScreenOfTerminal(t *testing.T) {
	master, slave := openTerminal(t)
	s := terminal.Screen{Writer: slave}
	if !terminal.IsTerminal(s) {
		t.Fatal("a terminal behind a screen is none")
	}
	io.WriteString(terminal.Document(s), hostile+"\n")
	io.WriteString(terminal.Behind(s), "\x1b[32;4mnew\x1b[0m\n")
	r := bufio.NewReader(master)
	line, err := r.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	shown(t, "a document on a terminal", strings.TrimSuffix(line, "\r\n"))
	if line, err = r.ReadString('\n'); err != nil || line != "\x1b[32;4mnew\x1b[0m\r\n" {
		t.Errorf("the colors are %q (%v)", line, err)
	}
}

// Colors and progress lines are for a person who looks and did not decline them.
func TestProgressOnTerminal(t *testing.T) {
	master, slave := openTerminal(t)
	screen := terminal.Screen{Writer: slave}
	t.Setenv("NO_COLOR", "")
	if !terminal.Colored(screen, false) || terminal.Colored(screen, true) {
		t.Error("colors are not as the user asked")
	}
	t.Setenv("NO_COLOR", "1")
	if terminal.Colored(screen, false) {
		t.Error("NO_COLOR has no effect")
	}

	long := time.Now().Add(-time.Minute)
	terminal.NewProgress(screen, true, long).Show("quiet", 1, 2)
	terminal.NewProgress(screen, false, time.Now()).Show("at once", 1, 2)
	g := terminal.NewProgress(screen, false, long)
	g.Show("rendering page", 3, 400)
	g.Show("rendering page", 4, 400) // a moment later
	g.Clear()
	g.Clear()
	g.Reading(func(n int, do func(i int)) { do(n - 1) })(5, func(i int) { fmt.Fprintf(slave, "text %d", i) })
	terminal.Waiting(slave, false)("waiting for an answer")
	const clear = "\r\x1b[K"
	want := clear + "rendering page 3 of 400" + clear + "text 4" + clear + "reading text 1 of 5" + clear + "waiting for an answer\r\n"
	have := make([]byte, len(want))
	if _, err := io.ReadFull(master, have); err != nil || string(have) != want {
		t.Errorf("have %q (%v)\nwant %q", have, err, want)
	}
}
