package store

import (
	"bytes"
	"cmp"
	"context"
	"crypto/md5"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/source"
)

// This file implements the driver for Azure Blob Storage: seven requests of
// its REST API. The provider's own client brings 8 MB and 115 packages. How
// requests are authorized is in azure_login.go.

// azure is a Store in a container, below a prefix.
type azure struct {
	client    *http.Client
	auth      azureAuth
	base      *url.URL // the URL of the container
	container string
	prefix    string // empty, or with a final slash
}

// azureVersion is the version of the API: the first that both stores 5,000 MiB
// with one request and marks names that XML cannot hold.
const azureVersion = "2021-02-12"

func openAzure(d *config.Deploy, env func(string) string) (*azure, error) {
	a := d.Azure()
	named := env(azureEndpointEnv)
	at := strings.TrimRight(cmp.Or(d.Endpoint, named, "https://"+a.Account+".blob.core.windows.net"), "/") + "/" +
		url.PathEscape(a.Container)
	base, err := url.Parse(at)
	if err != nil || base.Host == "" || base.User != nil || base.RawQuery != "" || base.Fragment != "" {
		// The endpoint is not repeated: it may hold a signature.
		return nil, source.Refuse("target", "the endpoint of the target "+d.Name+
			" is not the URL of an account",
			`write it as "https://HOST", without a key or signature`)
	}
	if err := checkAzureEndpoint(base, named); err != nil {
		return nil, err
	}
	s := &azure{client: newClient(), base: base, container: a.Container, prefix: a.Prefix}
	s.auth, err = openAzureAuth(a.Account, env)
	return s, err
}

func (s *azure) Abilities() Abilities {
	// 5,000 MiB is what one request may store.
	return Abilities{Name: "Azure Blob Storage", Headers: true, Conditional: true, MaxBytes: 5000 << 20, Workers: 16}
}

// blobURL is the URL of a blob.
func (s *azure) blobURL(path string) string { return s.base.String() + "/" + escapeName(s.prefix+path) }

// azureMeta is the header that holds a field of an Object. Names of metadata
// have to be identifiers of C#.
func azureMeta(name string) string { return "x-ms-meta-" + strings.ReplaceAll(name, "-", "_") }

// azurePage is a part of a list of blobs, as far as we read it.
type azurePage struct {
	Blobs []struct {
		Name struct {
			Encoded bool   `xml:"Encoded,attr"`
			Text    string `xml:",chardata"`
		}
		Properties struct {
			Size int64  `xml:"Content-Length"`
			Tag  string `xml:"Etag"`
		}
		Metadata struct {
			Fields []struct{ XMLName xml.Name } `xml:",any"`
		}
	} `xml:"Blobs>Blob"`
	Next string `xml:"NextMarker"`
}

func (s *azure) List(ctx context.Context, each func(Object) error) error {
	query := url.Values{"restype": {"container"}, "comp": {"list"}, "include": {"metadata"}}
	if s.prefix != "" {
		query.Set("prefix", s.prefix)
	}
	for {
		page, err := s.listed(ctx, query)
		if err != nil {
			return err
		}
		for _, b := range page.Blobs {
			name := b.Name.Text
			if b.Name.Encoded {
				if name, err = url.PathUnescape(name); err != nil {
					return errors.New("the store answers a list with a name that cannot be read")
				}
			}
			path := strings.TrimPrefix(name, s.prefix)
			folder := false // that a console made
			for _, f := range b.Metadata.Fields {
				folder = folder || strings.EqualFold(f.XMLName.Local, "hdi_isfolder")
			}
			if path == "" || folder {
				continue
			}
			if err := each(Object{Path: path, Size: b.Properties.Size,
				Tag: unquoted(b.Properties.Tag)}); err != nil {
				return err
			}
		}
		if page.Next == "" {
			return nil
		}
		query.Set("marker", page.Next)
	}
}

// listed requests one page of a list.
func (s *azure) listed(ctx context.Context, query url.Values) (page azurePage, err error) {
	resp, err := s.send(ctx, http.MethodGet, s.base.String()+"?"+query.Encode(), nil, nil)
	if err != nil {
		return page, err
	}
	b, err := readBody(ctx, resp)
	if err == nil && xml.Unmarshal(bytes.TrimPrefix(b, []byte("\ufeff")), &page) != nil {
		err = errors.New("the store answers a list that cannot be read")
	}
	return page, err
}

func (s *azure) Get(ctx context.Context, path string) (io.ReadCloser, Object, error) {
	resp, err := s.send(ctx, http.MethodGet, s.blobURL(path), nil, nil)
	if err != nil {
		return nil, Object{}, err
	}
	return &cutBody{resp.Body, ctx}, objectOf(path, resp, azureMeta), nil
}

// describe sets what readers get a blob with: its headers and its digest.
func describe(h http.Header, o Object, sum string) {
	for _, f := range [][2]string{{"content-type", o.Type}, {"cache-control", o.Cache}, {"content-md5", sum}} {
		if f[1] != "" {
			h.Set("x-ms-blob-"+f[0], f[1])
		}
	}
}

// annotate sets a blob's metadata.
func annotate(h http.Header, o Object) {
	for name, value := range o.metadata() {
		if value != "" {
			h.Set(azureMeta(name), value)
		}
	}
}

// Put sends headers and bytes in one request, with the digest that the store
// has to find.
func (s *azure) Put(ctx context.Context, o Object, body *io.SectionReader, when Condition) (string, error) {
	digest, err := digestOf(md5.New(), body)
	if err != nil {
		return "", err
	}
	sum := base64.StdEncoding.EncodeToString(digest)
	h := http.Header{}
	h.Set("x-ms-blob-type", "BlockBlob")
	h.Set("Content-MD5", sum)
	describe(h, o, sum)
	annotate(h, o)
	when.setOn(h)
	return s.change(ctx, http.MethodPut, s.blobURL(o.Path), h, anew(body))
}

// Copy sends the bytes here and back: a copy by the store has the headers of
// what was copied until they are set, and readers would see a page as a
// download.
func (s *azure) Copy(ctx context.Context, from string, o Object) (string, error) {
	if from != o.Path {
		return copyThrough(ctx, s, from, o)
	}
	at := s.blobURL(from)
	resp, err := s.send(ctx, http.MethodHead, at, nil, nil)
	if err != nil {
		return "", err
	}
	resp.Body.Close()
	meta, headers := http.Header{}, http.Header{}
	annotate(meta, o)
	describe(headers, o, resp.Header.Get("Content-MD5"))
	if _, err := s.change(ctx, http.MethodPut, at+"?comp=metadata", meta, nil); err != nil {
		return "", err
	}
	return s.change(ctx, http.MethodPut, at+"?comp=properties", headers, nil)
}

// copyThrough copies on a store that has no copy that could be used.
func copyThrough(ctx context.Context, s Store, from string, o Object) (string, error) {
	r, _, err := s.Get(ctx, from)
	if err != nil {
		return "", err
	}
	defer r.Close()
	local, err := os.CreateTemp("", "privgen-*")
	if err != nil {
		return "", err
	}
	defer os.Remove(local.Name())
	defer local.Close()
	n, err := io.Copy(local, r)
	if err != nil {
		return "", err
	}
	return s.Put(ctx, o, io.NewSectionReader(local, 0, n), Condition{})
}

func (s *azure) Delete(ctx context.Context, path string) error {
	_, err := s.change(ctx, http.MethodDelete, s.blobURL(path), nil, nil)
	return err
}

// change sends a request whose answer has no body, and returns the new tag.
func (s *azure) change(ctx context.Context, method, address string, h http.Header, body *io.SectionReader) (string,
	error) {
	resp, err := s.send(ctx, method, address, h, body)
	if err != nil {
		return "", err
	}
	if sent, has := h.Get("Content-MD5"), resp.Header.Get("Content-MD5"); sent != "" && has != "" && has != sent {
		resp.Body.Close()
		return "", fmt.Errorf("the store reports other bytes than were sent (MD5 %s, not %s)", has, sent)
	}
	return unquoted(resp.Header.Get("ETag")), resp.Body.Close()
}

// send sends an authorized request, and returns an error for an answer that is
// no success. The caller closes the body of one that is.
func (s *azure) send(ctx context.Context, method, address string, h http.Header,
	body *io.SectionReader) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return nil, errors.New("the target's URL cannot be requested") // the error may repeat a signature
	}
	for name, values := range h {
		req.Header[name] = values
	}
	if body != nil && body.Size() > 0 {
		req.Body, req.ContentLength = io.NopCloser(body), body.Size()
	}
	req.Header.Set("User-Agent", "privgen")
	req.Header.Set("x-ms-version", azureVersion)
	if err := s.auth.authorize(ctx, req); err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, err
	}
	return do(s.client, req, s.refused)
}

// azureCode is an error code as the store writes it.
var azureCode = lazyregexp.New(`^[A-Za-z0-9]{1,64}$`)

// refused converts an answer that is no success to an error. Of the body it uses only
// the error code: the rest may repeat what was sent.
func (s *azure) refused(resp *http.Response, said []byte) error {
	var fault struct{ Code string }
	_ = xml.Unmarshal(bytes.TrimPrefix(said, []byte("\ufeff")), &fault) // an answer without a body has no code in it
	name := cmp.Or(resp.Header.Get("x-ms-error-code"), fault.Code)
	if !azureCode().MatchString(name) {
		name = ""
	}
	switch code, word := resp.StatusCode, cmp.Or(name, http.StatusText(resp.StatusCode)); {
	case name == "ContainerNotFound":
		return source.Fix(fmt.Errorf("there is no container %q", s.container),
			"make it with the host's own tools ($web: az storage blob service-properties update "+
				"--static-website), or correct the target's URL")
	case code == http.StatusNotFound:
		return fs.ErrNotExist
	case code == http.StatusPreconditionFailed, name == "BlobAlreadyExists":
		return ErrTaken
	case maySucceed(code), name == "Md5Mismatch":
		return &Temporary{Err: fmt.Errorf("the store answers %d %s", code, word), After: RetryAfter(resp.Header)}
	case code == http.StatusForbidden, code == http.StatusUnauthorized:
		return source.Fix(fmt.Errorf("the store refuses: %s", word),
			"credentials come from AZURE_STORAGE_KEY, AZURE_STORAGE_SAS_TOKEN, AZURE_CLIENT_ID "+
				"and its companions, az login, or the machine;\nthey need the role Storage Blob Data "+
				"Contributor on the container")
	default:
		return fmt.Errorf("the store answers %d %s", code, word)
	}
}
