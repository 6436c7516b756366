package store_test

import (
	"os"
	"os/exec"
	"testing"
)

// This file starts the servers that drivers are held to. They are programs of
// their own.

// serverProgram returns the program that a variable of the environment or the PATH
// names, or skips the test and says how to install it.
func serverProgram(t *testing.T, variable, name, install string) string {
	t.Helper()
	if program := os.Getenv(variable); program != "" {
		return program
	}
	program, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed: %s", name, install)
	}
	return program
}

// startServer runs a server until the test ends.
func startServer(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
}
