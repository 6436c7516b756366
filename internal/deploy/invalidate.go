package deploy

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/store"
)

// This file purges changed URLs from the caches of CloudFront, Cloudflare, Fastly,
// and bunny.net. Each needs one kind of request; their own clients would make the
// program half as large again.

// A cache is one service that keeps copies of pages.
type cache struct {
	most int // how many URLs are purged one by one

	// purge removes URLs from the cache. If all is set, because they are too many, it
	// removes everything below the URL of the site.
	purge func(ctx context.Context, addresses []string, all bool) error
}

// Invalidator returns a function that removes changed paths from the caches of the
// config, or nil if it names none. Base is the URL of the site; env returns
// variables of the environment, which has the tokens. A missing token is an error
// now, before anything was changed.
func Invalidator(c *config.Invalidate, base string, env func(string) string) (
	func(ctx context.Context, paths []string) error, error) {
	return invalidator(c, base, env, http.DefaultTransport, store.SystemClock())
}

func invalidator(c *config.Invalidate, base string, env func(string) string, transport http.RoundTripper,
	clock store.Clock) (func(ctx context.Context, paths []string) error, error) {
	ask := &asking{client: &http.Client{Transport: transport, Timeout: time.Minute}, clock: clock}
	var caches []cache
	for _, t := range []struct {
		on        bool
		name, env string
		make      func(token string) cache
	}{
		{c.Cloudflare != "", "Cloudflare", "CLOUDFLARE_API_TOKEN",
			func(t string) cache { return ask.cloudflare(c.Cloudflare, base, t) }},
		{c.Fastly, "Fastly", "FASTLY_API_TOKEN", ask.fastly},
		{c.Bunny, "bunny.net", "BUNNY_API_KEY", func(t string) cache { return ask.bunny(base, t) }},
	} {
		if !t.on {
			continue
		}
		token := env(t.env)
		if token == "" {
			return nil, source.Refuse("target",
				fmt.Sprintf("%s is not set, and the cache of %s must be purged", t.env, t.name),
				fmt.Sprintf("create a token with the right to purge, and export %s", t.env))
		}
		caches = append(caches, t.make(token))
	}
	if c.CloudFront != "" {
		u, err := url.Parse(base)
		if err != nil {
			return nil, fmt.Errorf("%q is not a URL", base)
		}
		caches = append(caches, ask.cloudFront(c.CloudFront, u.Path))
	}
	if len(caches) == 0 {
		return nil, nil
	}
	return func(ctx context.Context, paths []string) error {
		addresses := addressesOf(base, paths)
		for _, c := range caches {
			if err := c.purge(ctx, addresses, len(addresses) > c.most); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// addressesOf returns the URLs of paths, sorted. A page has two: that of its
// folder, and that of its file.
func addressesOf(base string, paths []string) []string {
	var out []string
	for _, p := range paths {
		out = append(out, base+escapePath(p))
		if folder, ok := strings.CutSuffix(p, "index.html"); ok && (folder == "" || strings.HasSuffix(folder, "/")) {
			out = append(out, base+escapePath(folder))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func escapePath(p string) string { return (&url.URL{Path: p}).EscapedPath() }

// asking sends requests to services.
type asking struct {
	client *http.Client
	clock  store.Clock
}

// ask sends a request, and repeats it after temporary errors. Its errors contain
// neither the URL nor the answer, which could contain a token.
func (a *asking) ask(ctx context.Context, service string, make func() (*http.Request, error)) error {
	return a.clock.Retry(ctx, func() error {
		r, err := make()
		if err != nil {
			return err
		}
		r.Header.Set("User-Agent", "privgen")
		answer, err := a.client.Do(r.WithContext(ctx))
		if err != nil {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return &store.Temporary{Err: fmt.Errorf("%s cannot be reached: %w", service, store.NetworkError(err))}
		}
		defer answer.Body.Close()
		_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<20)) // to reuse the connection
		switch status := answer.StatusCode; {
		case status < 300:
			return nil
		case status == http.StatusTooManyRequests, status >= 500:
			return &store.Temporary{Err: fmt.Errorf("%s answers %s", service, answer.Status),
				After: store.RetryAfter(answer.Header)}
		case status == http.StatusUnauthorized, status == http.StatusForbidden:
			return fmt.Errorf("%s refuses the token: it answers %s", service, answer.Status)
		default:
			return fmt.Errorf("%s answers %s", service, answer.Status)
		}
	})
}

// post returns a request that can be sent again.
func post(address string, body []byte, headers ...string) (*http.Request, error) {
	r, err := http.NewRequest(http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r, nil
}

// cloudflare purges up to 100 URLs in a request; a free account has 5
// requests a minute and 25 at once.
func (a *asking) cloudflare(zone, base, token string) cache {
	return cache{1000, func(ctx context.Context, addresses []string, all bool) error {
		var bodies []map[string][]string
		if all {
			_, below, _ := strings.Cut(strings.TrimSuffix(base, "/"), "://")
			bodies = append(bodies, map[string][]string{"prefixes": {below}})
		} else {
			for some := range slices.Chunk(addresses, 100) {
				bodies = append(bodies, map[string][]string{"files": some})
			}
		}
		for _, b := range bodies {
			raw, err := json.Marshal(b)
			if err != nil {
				panic("privgen: internal error: " + err.Error())
			}
			err = a.ask(ctx, "Cloudflare", func() (*http.Request, error) {
				return post("https://api.cloudflare.com/client/v4/zones/"+url.PathEscape(zone)+"/purge_cache", raw,
					"Authorization", "Bearer "+token, "Content-Type", "application/json")
			})
			if err != nil {
				return err
			}
		}
		return nil
	}}
}

// fastly purges one URL in a request. It cannot purge a folder: without surrogate
// keys in the answers of the site, the only group is everything.
func (a *asking) fastly(token string) cache {
	return cache{1 << 30, func(ctx context.Context, addresses []string, _ bool) error {
		return store.Each(ctx, 8, len(addresses), func(ctx context.Context, i int) error {
			_, bare, _ := strings.Cut(addresses[i], "://")
			return a.ask(ctx, "Fastly", func() (*http.Request, error) {
				return post("https://api.fastly.com/purge/"+bare, nil, "Fastly-Key", token, "Accept", "application/json")
			})
		})
	}}
}

// bunny purges one URL in a request. A URL that ends in a slash means everything
// below it, unless exactPath is set.
func (a *asking) bunny(base, token string) cache {
	return cache{500, func(ctx context.Context, addresses []string, all bool) error {
		exact := "true"
		if all {
			addresses, exact = []string{base + "*"}, "false"
		}
		return store.Each(ctx, 4, len(addresses), func(ctx context.Context, i int) error {
			return a.ask(ctx, "bunny.net", func() (*http.Request, error) {
				q := url.Values{"url": {addresses[i]}, "async": {"false"}, "exactPath": {exact}}
				return post("https://api.bunny.net/purge?"+q.Encode(), nil, "AccessKey", token)
			})
		})
	}}
}

// invalidationBatch is the request of the API of 2020-05-31.
type invalidationBatch struct {
	XMLName xml.Name `xml:"http://cloudfront.amazonaws.com/doc/2020-05-31/ InvalidationBatch"`
	Caller  string   `xml:"CallerReference"`
	Paths   []string `xml:"Paths>Items>Path"`
	Count   int      `xml:"Paths>Quantity"`
}

// cloudFront purges paths of the host. A thousand a month are free, and a path
// with * counts as one.
func (a *asking) cloudFront(distribution, prefix string) cache {
	return cache{200, func(ctx context.Context, addresses []string, all bool) error {
		var paths []string
		for _, address := range addresses {
			u, err := url.Parse(address)
			if err != nil {
				return fmt.Errorf("%q is not a URL", address)
			}
			paths = append(paths, u.EscapedPath())
		}
		if all {
			paths = []string{prefix + "*"}
		}
		// A retry has the same reference, so it is the same invalidation.
		raw, err := xml.Marshal(invalidationBatch{Caller: "privgen-" + rand.Text(), Paths: paths, Count: len(paths)})
		if err != nil {
			panic("privgen: internal error: " + err.Error())
		}
		return a.ask(ctx, "CloudFront", func() (*http.Request, error) {
			r, err := post("https://cloudfront.amazonaws.com/2020-05-31/distribution/"+url.PathEscape(distribution)+
				"/invalidation", raw, "Content-Type", "text/xml")
			if err != nil {
				return nil, err
			}
			return r, store.SignAWS(a.client, r, raw, "cloudfront", "us-east-1", a.clock.Now().UTC())
		})
	}}
}
