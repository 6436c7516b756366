package store_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/deploy"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/store"
)

// This file holds the driver for SSH to a real server: OpenSSH's sshd with keys
// of its own, on a port of this machine. Without sshd these tests are skipped.

// An sshServer is a running sshd whose client is the first ssh in the PATH.
type sshServer struct {
	port   string
	keys   string // the folder of keys, the client's config and known_hosts
	folder string // where sites go
}

func startSSH(t *testing.T, more ...string) *sshServer {
	t.Helper()
	sshd, err := exec.LookPath("sshd")
	if err != nil {
		sshd = "/usr/sbin/sshd"
	}
	ssh, clientErr := exec.LookPath("ssh")
	if _, err := os.Stat(sshd); err != nil || clientErr != nil {
		t.Skip("OpenSSH's sshd or ssh is not installed: apt-get install openssh-server openssh-client")
	}
	if _, err := os.Stat("/run/sshd"); err != nil && os.Geteuid() == 0 {
		t.Skip("sshd started by root needs the folder /run/sshd")
	}
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	s := &sshServer{keys: t.TempDir(), folder: t.TempDir()}
	at := func(name string) string { return filepath.Join(s.keys, name) }
	for _, key := range []string{"host", "user", "stranger"} {
		if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", at(key)).CombinedOutput(); err != nil {
			t.Fatalf("ssh-keygen: %v %s", err, out)
		}
	}
	write := func(name string, mode os.FileMode, lines ...string) {
		if err := os.WriteFile(at(name), []byte(strings.Join(lines, "\n")+"\n"), mode); err != nil {
			t.Fatal(err)
		}
	}
	public, err := os.ReadFile(at("user.pub"))
	if err != nil {
		t.Fatal(err)
	}
	write("authorized", 0o600, string(public))
	_, s.port, _ = net.SplitHostPort(freeAddress(t))
	write("sshd_config", 0o600, append([]string{"Port " + s.port, "ListenAddress 127.0.0.1", "HostKey " + at("host"), "AuthorizedKeysFile " + at("authorized"),
		"PidFile none", "UsePAM no", "StrictModes no", "PasswordAuthentication no", "PermitRootLogin prohibit-password", "Subsystem sftp internal-sftp"}, more...)...)
	host, err := os.ReadFile(at("host.pub"))
	if err != nil {
		t.Fatal(err)
	}
	write("known_hosts", 0o600, "[127.0.0.1]:"+s.port+" "+string(host))
	write("ssh_config", 0o600, "Host *", "UserKnownHostsFile "+at("known_hosts"), "GlobalKnownHostsFile none", "IdentityFile "+at("user"), "IdentitiesOnly yes", "IdentityAgent none",
		"User "+me.Username, "Host alias", "HostName 127.0.0.1", "Port "+s.port)
	// ssh reads the config of the user who runs it, wherever HOME points to.
	write("ssh", 0o700, "#!/bin/sh", "exec "+ssh+" -F "+at("ssh_config")+` "$@"`)
	t.Setenv("PATH", s.keys+":"+os.Getenv("PATH"))

	cmd := exec.Command(sshd, "-D", "-e", "-f", at("sshd_config"))
	said, err := os.Create(at("log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		said.Close()
	})
	until := time.Now().Add(20 * time.Second)
	for {
		conn, err := net.Dial("tcp", "127.0.0.1:"+s.port)
		if err == nil {
			conn.Close()
			return s
		}
		if time.Now().After(until) {
			log, _ := os.ReadFile(at("log"))
			t.Fatalf("sshd does not answer: %v\n%s", err, log)
		}
		<-time.After(20 * time.Millisecond) // a program of its own has to come up
	}
}

// edit changes a line of the client's config.
func (s *sshServer) edit(t *testing.T, old, new string) {
	t.Helper()
	name := filepath.Join(s.keys, "ssh_config")
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(strings.ReplaceAll(string(b), old, new)), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (s *sshServer) address(folder string) string {
	return "ssh://127.0.0.1:" + s.port + filepath.Join(s.folder, folder)
}

func TestSSH(t *testing.T) {
	server := startSSH(t)
	s := openTarget(t, server.address("www"), "")
	if err := s.List(context.Background(), func(o store.Object) error { return fmt.Errorf("there is %s", o.Path) }); err != nil {
		t.Errorf("before the first deploy: %v", err)
	}
	if _, err := os.Stat(filepath.Join(server.folder, "www")); err == nil {
		t.Error("to look made the folder")
	}
	t.Run("store", func(t *testing.T) { storeKeepsWord(t, s) })

	run{}.must(t, s, first())
	run{}.must(t, s, second())
	if p := (run{}).must(t, s, second()); !p.Empty() || p.Drawn != 0 {
		t.Errorf("after a push the plan is %v", did(p))
	}
	run{back: -1}.must(t, s, nil)
	run{}.must(t, s, second())
	if p := (run{strict: true}).must(t, openTarget(t, "sftp://alias"+filepath.Join(server.folder, "www"), ""), second()); !p.Empty() {
		t.Errorf("every object read, by a name of ssh's config, the plan is %v", did(p))
	}
	// What stands there is what a folder of this machine would hold.
	for path, text := range second() {
		if b, err := os.ReadFile(filepath.Join(server.folder, "www", path)); err != nil || string(b) != text {
			t.Errorf("%s is %q %v", path, b, err)
		}
	}
	left, err := filepath.Glob(filepath.Join(server.folder, "www", ".privgen", "new-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left over: %v %v", left, err)
	}
	// A file changed by hand is seen, and mended.
	if err := os.WriteFile(filepath.Join(server.folder, "www", "index.html"), []byte("by hand"), 0o666); err != nil {
		t.Fatal(err)
	}
	if p := (run{}).must(t, s, second()); len(p.Steps) != 1 || p.Steps[0].Path != "index.html" {
		t.Errorf("the plan is %v", did(p))
	}
}

// What was copied for a rollback does not change with the file that it was
// copied from.
func TestSSHKept(t *testing.T) {
	server := startSSH(t)
	s := openTarget(t, server.address(""), "")
	ctx := context.Background()
	put := func(text string) {
		if _, err := s.Put(ctx, store.Object{Path: "a/index.html"}, io.NewSectionReader(strings.NewReader(text), 0, int64(len(text))), store.Condition{}); err != nil {
			t.Fatal(err)
		}
	}
	put("one")
	for range 2 { // a copy that is there already is no error
		if _, err := s.Copy(ctx, "a/index.html", store.Object{Path: ".privgen/kept/1"}); err != nil {
			t.Fatal(err)
		}
	}
	put("other")
	if b, err := os.ReadFile(filepath.Join(server.folder, ".privgen", "kept", "1")); err != nil || string(b) != "one" {
		t.Errorf("kept is %q %v", b, err)
	}
	if _, err := s.Copy(ctx, ".privgen/kept/1", store.Object{Path: "a/index.html"}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(server.folder, "a", "index.html"), []byte("by hand"), 0o666); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(filepath.Join(server.folder, ".privgen", "kept", "1")); err != nil || string(b) != "one" {
		t.Errorf("after somebody wrote into the page, kept is %q %v", b, err)
	}
}

// A host that lets its users do nothing but SFTP is enough.
func TestSSHOnlySFTP(t *testing.T) {
	server := startSSH(t, "ForceCommand internal-sftp", "AllowTcpForwarding no", "PermitTTY no")
	run{}.must(t, openTarget(t, server.address(""), ""), first())
}

// A connection that is cut in the middle, again and again.
func TestSSHCut(t *testing.T) {
	server := startSSH(t)
	// Between ssh and sshd stands a relay that cuts after so many bytes.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	var left atomic.Int64
	var cuts atomic.Int64
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", "127.0.0.1:"+server.port)
			if err != nil {
				in.Close()
				continue
			}
			cut := sync.OnceFunc(func() { in.Close(); out.Close() })
			go func() { defer cut(); io.Copy(in, out) }()
			go func() {
				defer cut()
				b := make([]byte, 512)
				for {
					n, err := in.Read(b)
					if err != nil {
						return
					}
					if was := left.Add(-int64(n)); was < 0 && was >= -int64(n) {
						cuts.Add(1)
						return
					}
					if _, err := out.Write(b[:n]); err != nil {
						return
					}
				}
			}()
		}
	}()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	server.edit(t, "Port "+server.port, "Port "+port)
	server.edit(t, "Host alias", "Host alias\nHostKeyAlias [127.0.0.1]:"+server.port)
	sites := []site{first(), second()}
	to := "ssh://alias" + server.folder
	left.Store(1 << 40)
	run{}.must(t, openTarget(t, to, ""), sites[0])
	for bytes := int64(3000); bytes < 14000; bytes += 2100 {
		left.Store(bytes)
		sites[0], sites[1] = sites[1], sites[0]
		r := run{}
		r.MaxRemovals = 50
		if sites[0]["cookies/index.html"] == "" {
			r.Allow = []deploy.Allowance{{Version: "privacy/2026-01-01", Reason: "round"}}
		}
		r.must(t, openTarget(t, to, ""), sites[0])
		left.Store(1 << 40)
		if p := (run{strict: true}).must(t, openTarget(t, to, ""), sites[0]); !p.Empty() {
			t.Fatalf("cut after %d bytes: the plan is not empty: %v", bytes, did(p))
		}
	}
	if cuts.Load() < 6 {
		t.Errorf("the connection was cut %d times only", cuts.Load())
	}
}

// A disk that is full leaves what stood there.
func TestSSHFull(t *testing.T) {
	server := startSSH(t)
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=256k", "privgen", server.folder).CombinedOutput(); err != nil {
		t.Skipf("no small disk can be had here: %s", out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", "-l", server.folder).Run() })
	s := openTarget(t, server.address(""), "")
	put := func(size int) error {
		_, err := s.Put(context.Background(), store.Object{Path: "index.html"}, io.NewSectionReader(strings.NewReader(strings.Repeat("x", size)), 0, int64(size)), store.Condition{})
		return err
	}
	if err := put(100 << 10); err != nil {
		t.Fatal(err)
	}
	if err := put(1 << 20); err == nil || !strings.Contains(err.Error(), "is full") {
		t.Errorf("on a full disk: %v", err)
	}
	if info, err := os.Stat(filepath.Join(server.folder, "index.html")); err != nil || info.Size() != 100<<10 {
		t.Errorf("the old file is %v %v", info, err)
	}
	if err := put(120 << 10); err != nil {
		t.Errorf("what was begun takes room: %v", err)
	}
}

// What goes wrong is said so that somebody can mend it.
func TestSSHRefuses(t *testing.T) {
	server := startSSH(t)
	at := func(name string) string { return filepath.Join(server.keys, name) }
	fails := func(to, want string) {
		t.Helper()
		err := openTarget(t, to, "").Delete(context.Background(), "x")
		var temporary *store.Temporary
		if err == nil || !strings.Contains(err.Error(), want) || errors.As(err, &temporary) {
			t.Errorf("%s\n got %v\nwant %s", to, err, want)
		}
	}
	fails(server.address("no/such/folder"), "there is no folder "+filepath.Join(server.folder, "no/such"))
	if err := os.WriteFile(filepath.Join(server.folder, "file"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	fails(server.address("file"), "is not a folder")
	if err := os.MkdirAll(filepath.Join(server.folder, "built"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(server.folder, "built", ".privgen"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	fails(server.address("built"), "privgen build writes to the folder")
	fails("ssh://no-such-host.invalid/www", `there is no host "no-such-host.invalid"`)

	s := openTarget(t, server.address(""), "")
	for path, want := range map[string]string{"file/index.html": "a file is where a folder belongs", "built": "a folder is where the file belongs",
		strings.Repeat("n", 300): "the host"} {
		_, err := s.Put(context.Background(), store.Object{Path: path}, io.NewSectionReader(strings.NewReader("x"), 0, 1), store.Condition{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}

	server.edit(t, at("user"), at("stranger"))
	fails(server.address(""), "refuses the login")
	server.edit(t, at("stranger"), at("user"))
	known, err := os.ReadFile(at("known_hosts"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at("known_hosts"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	fails(server.address(""), "is not known")
	other, err := os.ReadFile(at("stranger.pub"))
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Join(strings.Fields(string(known))[:1], "") + " " + string(other)
	if err := os.WriteFile(at("known_hosts"), []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	fails(server.address(""), "is not the one in known_hosts")

	t.Setenv("PATH", t.TempDir())
	_, err = store.Open(context.Background(), &config.Deploy{To: server.address("")}, "", os.Getenv)
	var refusal *source.Problem
	if !errors.As(err, &refusal) || !strings.Contains(refusal.What, "no program ssh") {
		t.Errorf("without ssh: %v", err)
	}
}
