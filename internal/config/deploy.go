package config

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/privgen/privgen/internal/toml"
)

// Deploy is an entry of [[deploy]]: a target that the site is uploaded to. It
// has no credentials: they come from the environment or from the configuration
// of the provider's tools.
type Deploy struct {
	Name        string     `toml:"name,required" example:"production" doc:"The name of the target on the command line."`
	To          string     `toml:"to,required" example:"s3://bucket/prefix" doc:"Where to upload the site: a folder (../www, or file:///var/www/legal), a bucket of S3 or a compatible service (s3://BUCKET/PREFIX) or of Google Cloud Storage (gs://BUCKET/PREFIX), a container of Azure (azblob://ACCOUNT/CONTAINER/PREFIX), or a folder on a host that is reached by SSH (ssh://USER@HOST/FOLDER)."`
	Endpoint    string     `toml:"endpoint" example:"https://ACCOUNT.r2.cloudflarestorage.com" doc:"The endpoint of an S3-compatible service: R2, MinIO, B2, Spaces, and others. For Azure, the account's blob endpoint if it is not https://ACCOUNT.blob.core.windows.net."`
	Region      string     `toml:"region" example:"eu-central-1" doc:"The region of the bucket; the default is AWS_REGION, or what the store reports."`
	URL         string     `toml:"url" example:"https://legal.example.com/" doc:"The URL of the site on this target, for purging caches; the default is the site's URL."`
	Workers     int        `toml:"workers" doc:"How many requests are made at once; the default depends on the target."`
	MaxRemovals int        `toml:"max_removals" default:"20" doc:"How many objects a deploy removes without confirmation."`
	Keep        int        `toml:"keep" default:"10" doc:"How many deploys are kept on the target for --rollback."`
	Invalidate  Invalidate `toml:"invalidate" doc:"Caches from which a deploy purges changed URLs."`
}

// Invalidate is the table [deploy.invalidate].
type Invalidate struct {
	CloudFront string `toml:"cloudfront" example:"E2EXAMPLE" doc:"The id of a CloudFront distribution. Credentials are those of S3."`
	Cloudflare string `toml:"cloudflare" example:"023e105f4ecef8ad9ca31a8372d0c353" doc:"The id of a Cloudflare zone. The token is CLOUDFLARE_API_TOKEN, with the right to purge."`
	Fastly     bool   `toml:"fastly" doc:"Whether Fastly caches the site. The token is FASTLY_API_TOKEN, with the right to purge."`
	Bunny      bool   `toml:"bunny" doc:"Whether bunny.net caches the site. The key is BUNNY_API_KEY."`
}

// None reports whether no cache is configured.
func (i *Invalidate) None() bool { return *i == Invalidate{} }

// schemes lists the URL schemes of targets.
var schemes = []string{"s3", "gs", "azblob", "ssh", "sftp", "file"}

// Scheme returns the kind of the target: s3, gs, azblob, ssh, or file.
func (d *Deploy) Scheme() string {
	switch scheme, _, ok := strings.Cut(d.To, "://"); {
	case !ok:
		return "file"
	case scheme == "sftp":
		return "ssh"
	default:
		return scheme
	}
}

// Target returns the target with a name, or nil.
func (c *Config) Target(name string) *Deploy {
	for i := range c.Deploy {
		if c.Deploy[i].Name == name {
			return &c.Deploy[i]
		}
	}
	return nil
}

func (k *check) deploy() {
	var names []string
	for i := range k.Deploy {
		d := &k.Deploy[i]
		at := func(key string) []string { return []string{"deploy", strconv.Itoa(i), key} }
		if slices.Contains(names, d.Name) {
			k.add("duplicate-entry", fmt.Sprintf("there are two targets %q", d.Name), "give one of them another name",
				at("name")...)
		} else if !only(d.Name, lower+digits+"-_") {
			k.add("bad-target", fmt.Sprintf("the name of the target is %q", d.Name),
				`use lower case letters, digits and hyphens, such as "production"`, at("name")...)
		}
		names = append(names, d.Name)
		if d.To != "" {
			k.addFault("bad-target", targetAddress(d), at("to")...)
		}
		k.web(d.Endpoint, at("endpoint")...)
		if d.URL != "" {
			base, _, wrong := baseURL(d.URL)
			if k.addFault("bad-url", wrong, at("url")...); wrong == nil {
				d.URL = base
			}
		}
		if d.Endpoint != "" && d.Scheme() != "s3" && d.Scheme() != "azblob" {
			k.add("bad-target", "only a bucket of S3 or a container of Azure has an endpoint", "remove it, or write the target as s3://BUCKET", at("endpoint")...)
		}
		for _, n := range []struct {
			key         string
			value, most int
			least       int
		}{{"workers", d.Workers, 256, 0}, {"max_removals", d.MaxRemovals, 1 << 30, 0}, {"keep", d.Keep, 1000, 1}} {
			if n.value < n.least || n.value > n.most {
				k.add("wrong-value", fmt.Sprintf("%s cannot be %d", n.key, n.value),
					fmt.Sprintf("write a number from %d to %d", n.least, n.most), at(n.key)...)
			}
		}
	}
}

// dotFolder reports whether a path has a folder whose name begins with a dot: a
// config may come from a stranger, and no site belongs in .git or .ssh.
func dotFolder(path string) bool {
	for part := range strings.FieldsFuncSeq(path, func(r rune) bool { return r == '/' || r == '\\' }) {
		if strings.HasPrefix(part, ".") && part != "." && part != ".." {
			return true
		}
	}
	return false
}

// noAddress matches a URL that lacks a slash: s3:bucket, s3:/bucket.
var noAddress = regexp.MustCompile(`^(?i:s3|gs|azblob|ssh|sftp|file|https?):|:/`)

// ofSite reports whether a path is the site's folder, or in a folder of its sources.
func ofSite(to string) bool {
	clean := path.Clean(strings.ReplaceAll(to, `\`, "/"))
	first, _, _ := strings.Cut(clean, "/")
	return clean == "." || isSource(first)
}

// Owns reports whether a folder is the site's, is above it, or has its sources or output.
// The folder is a path relative to the site's.
func Owns(c *Config, folder string) bool {
	clean := path.Clean(folder)
	return ofSite(folder) || path.Base(clean) == ".." || strings.HasPrefix(clean+"/", c.Output.Folder+"/")
}

// targetAddress returns what is wrong with the location of a target, or nil.
func targetAddress(d *Deploy) *fault {
	scheme, rest, ok := strings.Cut(d.To, "://")
	if !ok || scheme == "file" {
		folder := d.To
		if ok {
			folder = rest
		}
		switch {
		case strings.ContainsFunc(folder, unicode.IsControl) || folder == "" || ok && !strings.HasPrefix(folder, "/"):
			return &fault{fmt.Sprintf("%q is not a folder", d.To), `write a path, "../www", or a URL with three slashes, "file:///var/www/legal"`}
		case dotFolder(folder):
			return &fault{fmt.Sprintf("the folder %q begins with a dot, or is in one that does", d.To),
				`write another one, such as "../www": those folders are for programs`}
		case !ok && noAddress.MatchString(folder):
			return &fault{fmt.Sprintf("%q is neither a folder nor a URL", d.To), `write it with two slashes, as in "s3://bucket/prefix"`}
		case !ok && ofSite(folder):
			return &fault{fmt.Sprintf("the folder %q is part of what the site is made of", d.To),
				`write a separate folder, such as "../www"`}
		}
		return nil
	}
	if !slices.Contains(schemes, scheme) {
		do := `write a folder, or an address such as "s3://bucket/prefix"`
		if near := toml.Nearest(scheme, schemes); near != "" {
			do = fmt.Sprintf("did you mean %q?", near+"://"+rest)
		}
		if scheme == "http" || scheme == "https" {
			do = "for a store that speaks S3, write to = \"s3://BUCKET\" and endpoint = \"" + scheme + "://HOST\""
		}
		return &fault{fmt.Sprintf("privgen does not know how to deploy to %s://", scheme), do}
	}
	switch d.Scheme() {
	case "ssh":
		return sshAddress(d)
	case "azblob":
		return azureAddress(d)
	}
	u, err := url.Parse(d.To)
	switch {
	case err != nil:
		return &fault{"this is not a URL", `write it as "s3://bucket/prefix"`}
	case u.User != nil:
		// The message does not repeat the URL, which can contain a password.
		return &fault{"the URL of a target has a name or password",
			"remove it, and change the password: everybody who reads this file knows it;\ncredentials come from " +
				"the environment"}
	case u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.Port() != "":
		return &fault{fmt.Sprintf("%q is not a bucket", d.To), fmt.Sprintf(`write it as "%s://bucket/prefix"; another host than Amazon's goes into endpoint`, scheme)}
	case strings.Contains(u.Path, "//") || strings.Contains(u.Path+"/", "/../") || strings.Contains(u.Path+"/", "/./"):
		return &fault{fmt.Sprintf("the prefix %q has steps that lead nowhere", u.Path), `write it as "s3://bucket/prefix"`}
	}
	return nil
}
