package main

import "os/exec"

// canMount reports whether a story can have a small disk of its own: in a
// user's namespace everybody can, where the system lets them.
func canMount() bool {
	return exec.Command("unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt").Run() == nil
}
