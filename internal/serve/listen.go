package serve

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"

	"github.com/privgen/privgen/internal/source"
)

// This file decides where a server listens.

// The port that is tried first, and how many after it.
const (
	firstPort = 8080
	morePorts = 20
)

// Listen listens at an address, or at the first free port if addr is empty. It
// prints to errOut if that is not firstPort, and if other machines can reach it.
func Listen(errOut io.Writer, addr string) (net.Listener, error) {
	if addr == "" {
		return listenAnywhere(errOut)
	}
	if _, err := strconv.Atoi(addr); err == nil {
		addr = "127.0.0.1:" + addr
	}
	host, port, err := net.SplitHostPort(addr)
	if _, e := strconv.ParseUint(port, 10, 16); err != nil || e != nil {
		return nil, source.Usage(fmt.Sprintf("--addr %s: this is not an address", addr),
			"write --addr 127.0.0.1:8080, or only a port: --addr 8080")
	}
	l, err := net.Listen("tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, source.Fix(fmt.Errorf("serve %s: another program listens there", addr),
			"choose another port, or omit --addr, which takes the next free one")
	case errors.Is(err, syscall.EACCES):
		return nil, source.Fix(fmt.Errorf("serve %s: this port is for programs with more rights", addr),
			"choose a port from 1024 on, or omit --addr, which takes the next free one")
	case err != nil:
		return nil, fmt.Errorf("serve %s: %w", addr, bare(err))
	}
	if !l.Addr().(*net.TCPAddr).IP.IsLoopback() {
		what := "this address"
		if host == "" || l.Addr().(*net.TCPAddr).IP.IsUnspecified() {
			what = "every address of this machine"
		}
		fmt.Fprintf(errOut, "privgen: serving on %s: anyone who can reach it over the network can read the site, "+
			"drafts too\n\tto keep it to yourself: --addr 127.0.0.1:%s\n", what, port)
	}
	return l, nil
}

func listenAnywhere(errOut io.Writer) (net.Listener, error) {
	for i := range morePorts {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", firstPort+i))
		if err == nil {
			if i > 0 {
				fmt.Fprintf(errOut, "privgen: another program listens on port %d; taking %d\n", firstPort, firstPort+i)
			}
			return l, nil
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("serve 127.0.0.1: %w", bare(err))
	}
	fmt.Fprintf(errOut, "privgen: other programs listen on ports %d to %d; taking %d\n", firstPort,
		firstPort+morePorts-1, l.Addr().(*net.TCPAddr).Port)
	return l, nil
}

// bare removes the part of a network error that repeats the address.
func bare(err error) error {
	if e := new(net.OpError); errors.As(err, &e) {
		err = e.Err
	}
	if e := new(os.SyscallError); errors.As(err, &e) {
		err = e.Err
	}
	return err
}

// HostNames returns the allowed names in Host headers, besides localhost and IP
// addresses: the host of addr or, if it means all addresses, the machine's own names.
func HostNames(addr string) []string {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil
	}
	if ip := net.ParseIP(host); host != "" && (ip == nil || !ip.IsUnspecified()) {
		return []string{strings.ToLower(host)}
	}
	name, err := os.Hostname()
	if err != nil {
		return nil
	}
	name = strings.ToLower(name)
	return []string{name, name + ".local"}
}

// ShownHost returns the address to type in a browser on this machine.
func ShownHost(l net.Listener) string {
	a := l.Addr().(*net.TCPAddr)
	if a.IP.IsUnspecified() {
		return fmt.Sprintf("localhost:%d", a.Port)
	}
	return a.String()
}
