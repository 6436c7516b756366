package main

import "os/exec"

// canMount reports whether a story can mount a small separate disk. In a user
// namespace, any user can, if the system allows user namespaces.
func canMount() bool {
	return exec.Command("unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt").Run() == nil
}
