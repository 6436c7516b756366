package serve_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/serve"
)

// Listen uses the given address, warns if other machines can reach it, and reports what is wrong with an address.
func TestListen(t *testing.T) {
	t.Parallel()
	other, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	for _, test := range []struct {
		addr    string
		shown   string // the host to type in a browser
		printed string
		problem string
	}{
		{addr: "0", shown: "127.0.0.1"},
		{addr: "127.0.0.1:0", shown: "127.0.0.1"},
		{addr: "0.0.0.0:0", shown: "localhost", printed: "serving on every address of this machine: anyone"},
		{addr: "nonsense", problem: "--addr nonsense: this is not an address"},
		{addr: "127.0.0.1:99999", problem: "--addr 127.0.0.1:99999: this is not an address"},
		{addr: "192.0.2.1:0", problem: "serve 192.0.2.1:0: "},
		{addr: other.Addr().String(), problem: "another program listens there"},
	} {
		var out strings.Builder
		l, err := serve.Listen(&out, test.addr)
		if test.problem != "" {
			if err == nil || !strings.Contains(err.Error(), test.problem) {
				t.Errorf("%q: have %v, want %q", test.addr, err, test.problem)
			}
			continue
		}
		if err != nil {
			t.Errorf("%q: %v", test.addr, err)
			continue
		}
		defer l.Close()
		if host, _, _ := net.SplitHostPort(serve.ShownHost(l)); host != test.shown {
			t.Errorf("%q: shown as %s, want %s", test.addr, host, test.shown)
		}
		if said := out.String(); (said != "") != (test.printed != "") || !strings.Contains(said, test.printed) {
			t.Errorf("%q: printed %q, want %q", test.addr, said, test.printed)
		}
	}
}

// If the first port is in use, Listen uses the next free one, and prints it.
func TestListenAnywhere(t *testing.T) {
	t.Parallel()
	var taken []net.Listener
	defer func() {
		for _, l := range taken {
			l.Close()
		}
	}()
	for range 22 { // more ports than Listen tries in order; other programs may use some of them
		var out strings.Builder
		l, err := serve.Listen(&out, "")
		if err != nil {
			t.Fatal(err)
		}
		taken = append(taken, l)
		if said := out.String() != ""; said != !strings.HasSuffix(l.Addr().String(), ":8080") {
			t.Errorf("at %s it says %q", l.Addr(), out.String())
		}
	}
}

func TestHostNames(t *testing.T) {
	t.Parallel()
	machine, err := os.Hostname()
	if err != nil {
		t.Skip(err)
	}
	machine = strings.ToLower(machine)
	for addr, want := range map[string][]string{
		"Legal.Example:8080": {"legal.example"},
		"127.0.0.1:8080":     {"127.0.0.1"},
		":8080":              {machine, machine + ".local"},
		"0.0.0.0:8080":       {machine, machine + ".local"},
		"8080":               nil,
	} {
		if have := serve.HostNames(addr); !slices.Equal(have, want) {
			t.Errorf("%s: have %q, want %q", addr, have, want)
		}
	}
}

// Run answers until its context ends. Then it closes even open connections.
func TestRun(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := newServer(true)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx, l) }()
	at := "http://" + l.Addr().String()
	resp, err := http.Get(at + "/legal/")
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil || !strings.Contains(string(page), "<title>home</title>") {
		t.Errorf("have %q, %v", page, err)
	}
	events, err := http.Get(at + "/.privgen/events")
	if err != nil {
		t.Fatal(err)
	}
	defer events.Body.Close()
	stop()
	if err := <-ended; err != nil {
		t.Errorf("it ends with %v", err)
	}
	if resp, err := http.Get(at + "/legal/"); err == nil {
		resp.Body.Close()
		t.Error("it answers after its end")
	}
	if err := newServer(true).Run(t.Context(), l); !errors.Is(err, net.ErrClosed) {
		t.Errorf("with a closed listener: %v", err)
	}
}
