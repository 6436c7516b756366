package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/pkg/sftp"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/source"
)

// This file implements how an SSH host is reached: by the ssh program that the
// user has, so that its config, keys, agents, jumps and known hosts are those
// of every day. One program runs as long as the deploy does and carries the
// requests of all workers; when it ends, the next request starts another.

// sshConn is a connection.
type sshConn struct {
	*sftp.Client
	stop  func()        // ends ssh, if it has not ended
	ended chan struct{} // closed when ssh has ended
	said  *tail         // the end of what it said; read after ended
}

// sshDial is a connection that is being made. All who need it share its end.
type sshDial struct {
	done chan struct{}
	conn *sshConn
	err  error
}

// sshArgs returns the arguments with which ssh speaks SFTP to a host. They disable
// questions, and leave everything else to the user's config.
func sshArgs(a config.SSHAddress) []string {
	args := []string{"-T", "-x", "-a"}
	for _, o := range []string{"BatchMode=yes", "LogLevel=ERROR", "ConnectTimeout=30", "ServerAliveInterval=15",
		"ServerAliveCountMax=4",
		"ClearAllForwardings=yes", "PermitLocalCommand=no", "RemoteCommand=none", "ControlMaster=no"} {
		args = append(args, "-o", o)
	}
	if a.Port != "" {
		args = append(args, "-p", a.Port)
	}
	if a.User != "" {
		args = append(args, "-l", a.User)
	}
	return append(args, "-s", "--", a.Host, "sftp")
}

// connect returns the connection, and opens one if there is none.
func (h *sshHost) connect(ctx context.Context) (*sshConn, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	h.mu.Lock()
	d := h.last
	if d != nil {
		select {
		case <-d.done:
			if d.conn == nil || isClosed(d.conn.ended) {
				d = nil
			}
		default:
		}
	}
	if d == nil {
		d = &sshDial{done: make(chan struct{})}
		h.last = d
		go func() {
			defer close(d.done)
			d.conn, d.err = h.dial(context.WithoutCancel(ctx)) // others wait for it too
		}()
	}
	h.mu.Unlock()
	select {
	case <-d.done:
		return d.conn, d.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// dial starts ssh, and looks whether the folder can be used.
func (h *sshHost) dial(ctx context.Context) (*sshConn, error) {
	cmd := exec.Command(h.program, h.args...)
	said := &tail{}
	cmd.Stderr = said
	cmd.WaitDelay = 5 * time.Second // a program that ssh started may hold its output
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start ssh: %w", plain(err))
	}
	stop := func() { _ = cmd.Process.Kill() }
	client, err := sftp.NewClientPipe(out, in, sftp.UseConcurrentWrites(true))
	if err != nil {
		ended := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if !ended {
			stop() // it goes on, but speaks no SFTP
		}
		in.Close()
		_ = cmd.Wait()
		if !ended && said.String() == "" {
			return nil, source.Fix(fmt.Errorf("the host %s answers, but not with SFTP", h.name),
				"what its shell runs at a login (.bashrc and others) must print nothing when a "+
					"program logs in")
		}
		return nil, sshSaid(h.name, said.String())
	}
	c := &sshConn{Client: client, stop: stop, ended: make(chan struct{}), said: said}
	go func() {
		_ = client.Wait()
		in.Close()
		_ = cmd.Wait()
		close(c.ended)
	}()
	if err := h.usable(ctx, c); err != nil {
		client.Close()
		stop()
		return nil, err
	}
	return c, nil
}

// usable looks whether the folder is one, or could be made: the folder above it
// has to exist. A disk that is not mounted is not a new site.
func (h *sshHost) usable(ctx context.Context, c *sshConn) error {
	if _, ok := c.HasExtension("posix-rename@openssh.com"); !ok {
		return source.Refuse("target", "the SFTP server of "+h.name+
			" cannot replace a file in one step (posix-rename@openssh.com)",
			"use OpenSSH's sftp-server there, or mount the folder and deploy to the mount")
	}
	info, err := c.Stat(h.root)
	if errors.Is(err, fs.ErrNotExist) && path.Dir(h.root) != h.root {
		if _, err = c.Stat(path.Dir(h.root)); err == nil {
			return nil
		}
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return source.Fix(fmt.Errorf("there is no folder %s on the host %s", path.Dir(h.root), h.name),
			"make it there, or correct the target's URL; ssh://HOST/~/www is a folder below "+
				"where a login begins")
	case err != nil:
		return h.fault(ctx, c, err)
	case !info.IsDir():
		return fmt.Errorf("%s on the host %s is not a folder", h.root, h.name)
	}
	below := strings.TrimSuffix(OwnFolder, "/")
	info, err = c.Lstat(h.at(below))
	if err != nil {
		return nil
	}
	var entries []fs.FileInfo
	if info.IsDir() {
		entries, _ = c.ReadDir(h.at(below)) // what cannot be read is refused later, by who needs it
	}
	return ownIsOurs(fmt.Sprintf("%s of %s", h.root, h.name), info, entries)
}

// fault converts an error of the client: to fs.ErrNotExist, a Temporary for a lost
// connection, or an error with the fix.
func (h *sshHost) fault(ctx context.Context, c *sshConn, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var status *sftp.StatusError
	var local *os.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fs.ErrNotExist
	case errors.Is(err, fs.ErrPermission):
		return source.Fix(errors.New("the host does not permit it"),
			fmt.Sprintf("the user who logs in to %s needs the right to read and write the folder %s and all "+
				"in it", h.name, h.root))
	case errors.As(err, &status) && status.FxCode() == sftp.ErrSSHFxFailure:
		return fmt.Errorf("the host could not do it: check whether a quota of %s is used up, and what else is in "+
			"its folder", h.name)
	case errors.As(err, &status) && status.FxCode() == sftp.ErrSSHFxBadMessage:
		return errors.New("the host does not take the name: it may be too long")
	case errors.As(err, &status) && !errors.Is(err, sftp.ErrSSHFxConnectionLost) &&
		!errors.Is(err, sftp.ErrSSHFxNoConnection):
		return fmt.Errorf("the host answers %v", status.FxCode())
	case errors.As(err, &local) && local.Op == "mkdir":
		return errors.New("a file is where a folder belongs")
	}
	// The program has ended, or is of no use any more.
	c.stop()
	<-c.ended
	if c.said.String() == "" {
		return &Temporary{Err: errors.New("the connection was cut")}
	}
	return sshSaid(h.name, c.said.String())
}

// sshSaid converts what ssh printed before it ended to an error. An unknown text is a
// Temporary.
func sshSaid(host, said string) error {
	has := func(s string) bool { return strings.Contains(strings.ToLower(said), s) }
	switch {
	case has("remote host identification has changed"):
		return source.Fix(fmt.Errorf("the key of the host %s is not the one in known_hosts", host),
			fmt.Sprintf("somebody may intercept the connection; if the host was set up anew, remove its old key with: "+
				"ssh-keygen -R %s", host))
	case has("host key verification failed"), has("host key is known"):
		return source.Fix(fmt.Errorf("the key of the host %s is not known", host),
			"log in once by hand and compare the key, or write it to ~/.ssh/known_hosts; a CI "+
				"job keeps it beside the key of the login")
	case has("permission denied"):
		return source.Fix(fmt.Errorf("the host %s refuses the login: %s", host, lastLine(said)),
			"privgen asks for no password: ssh needs a key that the host knows, without a "+
				"passphrase or in an agent")
	case has("could not resolve hostname"):
		return fmt.Errorf("there is no host %q", host)
	case has("subsystem request failed"):
		return source.Fix(fmt.Errorf("the host %s offers no SFTP", host),
			"its sshd_config needs the line: Subsystem sftp internal-sftp")
	case has("bad configuration option"), has("bad owner or permissions"), has("unknown option"):
		return fmt.Errorf("ssh does not take its config: %s", lastLine(said))
	case has("connection refused"):
		return &Temporary{Err: errors.New("the host refuses the connection")}
	case has("timed out"), has("timeout"):
		return &Temporary{Err: errSilent}
	case said == "":
		return &Temporary{Err: fmt.Errorf("the host %s ends the connection", host)}
	}
	return &Temporary{Err: fmt.Errorf("the connection was cut: %s", lastLine(said))}
}

// lastLine returns the last line of what a program printed, as plain text.
func lastLine(said string) string {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, lines[len(lines)-1])
}

// tail keeps the end of what is written to it.
type tail struct {
	mu sync.Mutex
	b  []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, p...)
	t.b = t.b[max(0, len(t.b)-4096):]
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(string(t.b))
}
