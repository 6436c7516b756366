package config

import (
	"fmt"
	"net/url"
	"path"
	"strings"
	"unicode"
)

// This file parses the URLs of targets that have several parts.

// An SSHAddress is a folder on an SSH host.
type SSHAddress struct {
	User   string // empty if ssh's own config selects it
	Host   string // a name, an IP address, or a name of ssh's own config
	Port   string // empty if ssh's own config selects it
	Folder string // with a leading slash, or relative to the user's home folder
}

// address returns the parsed URL of a target, or an empty URL if it cannot be parsed.
// Parse reports such a URL as a problem.
func (d *Deploy) address() *url.URL {
	if u, err := url.Parse(d.To); err == nil {
		return u
	}
	return &url.URL{}
}

// Bucket returns the bucket of an S3 or Google Cloud target and the prefix in it, which
// is empty or ends in a slash.
func (d *Deploy) Bucket() (bucket, prefix string) {
	u := d.address()
	return u.Host, asPrefix(u.Path)
}

func asPrefix(dir string) string { return strings.TrimPrefix(strings.Trim(dir, "/")+"/", "/") }

// SSH returns the parts of the URL of an SSH target. ssh://HOST/~/www is the folder
// www in the user's home folder; ssh://HOST/www is /www.
func (d *Deploy) SSH() SSHAddress {
	u := d.address()
	a := SSHAddress{User: u.User.Username(), Host: u.Hostname(), Port: u.Port(), Folder: path.Clean(u.Path)}
	if below, ok := strings.CutPrefix(a.Folder+"/", "/~/"); ok {
		a.Folder = path.Clean(below)
	}
	return a
}

// An AzureAddress is a container of an account, and a prefix in it.
type AzureAddress struct {
	Account, Container string
	Prefix             string // empty, or ends in a slash
}

// Azure returns the parts of the URL of an Azure target.
func (d *Deploy) Azure() AzureAddress {
	u := d.address()
	container, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	return AzureAddress{u.Host, container, asPrefix(prefix)}
}

// sshAddress returns what is wrong with an SSH URL, or nil.
func sshAddress(d *Deploy) *fault {
	const do = `write it as "ssh://user@host/folder", or "ssh://host/~/folder" for one below where a login begins`
	u, err := url.Parse(d.To)
	if err != nil {
		return &fault{"this is not a URL", do}
	}
	if _, secret := u.User.Password(); secret {
		// The message does not repeat the URL, which contains a password.
		return &fault{"the URL of a target has a password",
			"remove it, and change it: everybody who reads this file knows it;\nssh logs in with a key"}
	}
	switch a := d.SSH(); {
	case a.Host == "" || u.Path == "" || u.RawQuery != "" || u.Fragment != "":
		return &fault{fmt.Sprintf("%q is not a folder of a host", d.To), do}
	case !sshWord(a.Host) || a.User != "" && !sshWord(a.User):
		return &fault{fmt.Sprintf("%q has a host or user that ssh cannot be told", d.To), do}
	case strings.ContainsFunc(a.Folder, unicode.IsControl) || strings.Contains(u.Path+"/", "/../"):
		return &fault{fmt.Sprintf("the folder %q has steps that lead nowhere", u.Path), do}
	}
	return nil
}

// sshWord reports whether ssh, or a shell that its config starts, interprets no
// character of a name.
func sshWord(s string) bool {
	return !strings.HasPrefix(s, "-") && only(s, lower+upper+digits+".-_:@+")
}

// azureAddress returns what is wrong with an Azure URL, or nil.
func azureAddress(d *Deploy) *fault {
	const do = `write it as "azblob://account/container/prefix"; the container of a static website is $web`
	u, err := url.Parse(d.To)
	if err != nil {
		return &fault{"this is not a URL", do}
	}
	if u.User != nil || u.RawQuery != "" {
		// The message does not repeat the URL, which can contain a key or a
		// signature.
		return &fault{"the URL of a target has a key, a signature or a name",
			"remove it, and change it: everybody who reads this file knows it;\n" +
				"credentials come from the environment"}
	}
	switch a := d.Azure(); {
	case a.Account == "" || a.Container == "" || u.Port() != "" || u.Fragment != "":
		return &fault{fmt.Sprintf("%q is not a container of an account", d.To), do}
	case !only(a.Account, lower+digits):
		return &fault{fmt.Sprintf("no account of Azure is called %q", a.Account),
			"its name has lower case letters and digits only, and goes without .blob.core.windows.net; another " +
				"host goes into endpoint"}
	case strings.Contains(a.Prefix, "//") || strings.Contains("/"+a.Prefix, "/../") ||
		strings.Contains("/"+a.Prefix, "/./"):
		return &fault{fmt.Sprintf("the prefix %q has steps that lead nowhere", strings.TrimSuffix(a.Prefix, "/")), do}
	}
	return nil
}
