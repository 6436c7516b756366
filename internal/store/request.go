package store

import (
	"context"
	"errors"
	"fmt"
	"hash"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/privgen/privgen/internal/source"
)

// This file sends the requests of the stores whose interface is spoken here, and
// words what goes wrong on the way to any store.

// newClient returns a client for a store. It follows no redirect, since a request is
// signed for its URL.
func newClient() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = time.Minute
	transport.MaxIdleConnsPerHost = 64
	transport.DisableCompression = true // a size is that of the object
	return &http.Client{Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// do sends a request. The caller closes the body of an answer that is a success; any
// other answer becomes the error that refused returns for it and what it says.
func do(client *http.Client, r *http.Request, refused func(*http.Response, []byte) error) (*http.Response, error) {
	resp, err := client.Do(r)
	if ctx := r.Context(); ctx.Err() != nil && err != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, NetworkError(err)
	}
	if resp.StatusCode/100 == 2 {
		return resp, nil
	}
	defer resp.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<16))
	return nil, refused(resp, said)
}

// objectOf returns what the headers of an answer say of an object. Meta returns the name
// of the header that holds a field.
func objectOf(path string, resp *http.Response, meta func(name string) string) Object {
	h := resp.Header
	return Object{Path: path, Size: resp.ContentLength, Tag: unquoted(h.Get("ETag")), SHA: h.Get(meta(metaSHA)),
		Type: h.Get("Content-Type"), Cache: h.Get("Cache-Control"), Keeps: h.Get(meta(metaKeeps)),
		Text: h.Get(meta(metaText))}
}

// anew returns a body that is read from its beginning.
func anew(body *io.SectionReader) *io.SectionReader { return io.NewSectionReader(body, 0, body.Size()) }

// digestOf returns the digest of a body.
func digestOf(h hash.Hash, body *io.SectionReader) ([]byte, error) {
	_, err := io.Copy(h, anew(body))
	return h.Sum(nil), err
}

// maySucceed reports whether a request may succeed later.
func maySucceed(status int) bool {
	return status >= 500 && status != http.StatusNotImplemented || status == http.StatusTooManyRequests ||
		status == http.StatusRequestTimeout
}

// cutBody is the body of an answer whose errors are converted.
type cutBody struct {
	io.ReadCloser
	ctx context.Context
}

func (b *cutBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		if b.ctx.Err() != nil {
			return n, context.Cause(b.ctx)
		}
		err = NetworkError(err)
	}
	return n, err
}

// readBody reads the rest of an answer, and closes it.
func readBody(ctx context.Context, resp *http.Response) ([]byte, error) {
	defer resp.Body.Close()
	return io.ReadAll(&cutBody{resp.Body, ctx})
}

func unquoted(tag string) string { return strings.Trim(tag, `"`) }

func noBucket(name string) error {
	return source.Fix(fmt.Errorf("there is no bucket %q", name),
		"make it with the host's own tools, or correct the target's URL")
}

// NetworkError words an error of the connection. All of these may be tried again,
// but for a host that is not there and a certificate that is not good.
func NetworkError(err error) error {
	var dns *net.DNSError
	var n net.Error
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return fmt.Errorf("there is no host %q", dns.Name)
	case strings.Contains(err.Error(), "x509:") || strings.Contains(err.Error(), "tls: "):
		return bare(err)
	case errors.Is(err, syscall.ECONNREFUSED):
		return &Temporary{Err: errors.New("the host refuses the connection")}
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &n) && n.Timeout():
		return &Temporary{Err: errSilent}
	}
	return &Temporary{Err: fmt.Errorf("the connection was cut: %w", bare(err))}
}

// bare removes the URL of the request from an error: it may be signed.
func bare(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}
