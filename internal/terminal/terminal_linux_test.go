package terminal_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/privgen/privgen/internal/terminal"
)

// On a terminal a document is made visible as well, and privgen's own colors
// pass.
func TestScreenOfTerminal(t *testing.T) {
	t.Setenv("TERM", "xterm")
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip(err)
	}
	defer master.Close()
	n, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Skip(err)
	}
	if err := unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Skip(err)
	}
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer slave.Close()
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
