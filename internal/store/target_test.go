package store_test

import (
	"context"
	"net"
	"os"
	"testing"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/store"
)

// openTarget opens a store by the config, as users do.
func openTarget(t *testing.T, to, endpoint string) store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), &config.Deploy{Name: "target", To: to, Endpoint: endpoint}, "", os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// variables returns an environment.
func variables(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

// freeAddress returns a host and port of this machine at which nobody listens: the
// port of a listener that is closed again is free for a moment.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
