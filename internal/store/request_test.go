package store_test

import (
	"context"
	"errors"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/store"
)

// An error of a connection is worded without the address of the request, which can hold a signature.
func TestNetworkError(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err       error
		want      string
		temporary bool
	}{
		{&net.DNSError{Name: "nowhere.example", IsNotFound: true}, `there is no host "nowhere.example"`, false},
		{errors.New("x509: certificate has expired"), "x509: certificate has expired", false},
		{syscall.ECONNREFUSED, "the host refuses the connection", true},
		{context.DeadlineExceeded, "the host does not answer in time", true},
		{&net.DNSError{IsTimeout: true}, "the host does not answer in time", true},
		{syscall.ECONNRESET, "the connection was cut: connection reset by peer", true},
	} {
		have := store.NetworkError(&url.Error{Op: "Get", URL: "https://bucket.example/?sig=verysecretvalue", Err: test.err})
		if temporary := errors.As(have, new(*store.Temporary)); have.Error() != test.want || temporary != test.temporary {
			t.Errorf("%v: %q, temporary %v, want %q", test.err, have, temporary, test.want)
		}
	}
}

// A folder that cannot be a target is refused with what to do, before anything is written.
func TestFolderRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, do := range map[string]func(string) error{
		"file":              func(name string) error { return os.WriteFile(name, nil, 0o600) },
		"built/.privgen":    func(name string) error { return os.WriteFile(name, nil, 0o600) },
		"linked/.privgen":   func(name string) error { return os.Symlink(dir, name) },
		"in/.privgen/inner": func(name string) error { return os.Symlink(dir, name) },
	} {
		if err := errors.Join(os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700), do(filepath.Join(dir, name))); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct{ to, want string }{
		{"none/www", "so www cannot be made in it"},
		{"file", "is a file, and not a folder"},
		{"built", "privgen build writes to the folder"},
		{"linked", ".privgen in the folder"},
		{"in", ".privgen/inner in the folder"},
	} {
		_, err := store.Open(context.Background(), &config.Deploy{Name: "www", To: test.to}, dir, os.Getenv)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: have %v, want %q", test.to, err, test.want)
		}
	}
}
