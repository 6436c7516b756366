package store

import (
	"bytes"
	"cmp"
	"context"
	"crypto/md5"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/google"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/source"
)

// This file implements the driver for Google Cloud Storage: five requests of
// its JSON API, version 1. The provider's own client is ten times the size of
// all that is here, gRPC and telemetry included.
//
// A tag is an object's generation and metageneration: the one changes with the
// bytes, the other with the headers.

// gcs is a Store in a bucket of Google's, below a prefix.
type gcs struct {
	client *http.Client
	tokens oauth2.TokenSource // nil for an emulator
	base   string             // https://storage.googleapis.com
	bucket string
	prefix string // empty, or with a final slash
}

const gcsScope = "https://www.googleapis.com/auth/devstorage.read_write"

func openGCS(ctx context.Context, d *config.Deploy, env func(string) string) (*gcs, error) {
	g := &gcs{client: newClient(), base: "https://storage.googleapis.com"}
	g.bucket, g.prefix = d.Bucket()
	if host := env("STORAGE_EMULATOR_HOST"); host != "" {
		if !strings.Contains(host, "://") {
			host = "http://" + host
		}
		g.base = strings.TrimRight(host, "/")
		return g, nil
	}
	// Tokens are fetched as long as the deploy goes on.
	ctx = context.WithValue(context.WithoutCancel(ctx), oauth2.HTTPClient, &http.Client{Timeout: 30 * time.Second})
	found, err := google.FindDefaultCredentialsWithParams(ctx, google.CredentialsParams{Scopes: []string{gcsScope}})
	if err != nil {
		// The error may repeat what is in a file of credentials.
		return nil, source.Refuse("target", "no credentials for Google Cloud can be used",
			"name a file of them in GOOGLE_APPLICATION_CREDENTIALS, or log in with: gcloud auth "+
				"application-default login;\non a machine of Google's they are found by themselves")
	}
	g.tokens = found.TokenSource
	return g, nil
}

func (g *gcs) Abilities() Abilities {
	return Abilities{Name: "Google Cloud Storage", Headers: true, Conditional: true, MaxBytes: 5 << 40, Workers: 16}
}

// gcsObject is what the API says of an object, as far as we ask.
type gcsObject struct {
	Name           string            `json:"name,omitempty"`
	Size           string            `json:"size,omitempty"`
	Generation     string            `json:"generation,omitempty"`
	Metageneration string            `json:"metageneration,omitempty"`
	Type           string            `json:"contentType,omitempty"`
	Cache          string            `json:"cacheControl,omitempty"`
	MD5            string            `json:"md5Hash,omitempty"`
	Meta           map[string]string `json:"metadata,omitempty"`
}

func (o *gcsObject) tag() string { return o.Generation + "." + o.Metageneration }

func (o *gcsObject) object(path string) Object {
	size, _ := strconv.ParseInt(o.Size, 10, 64)
	return Object{Path: path, Size: size, Tag: o.tag(), SHA: o.Meta[metaSHA], Type: o.Type, Cache: o.Cache,
		Keeps: o.Meta[metaKeeps], Text: o.Meta[metaText]}
}

// objectURL is the address of an object, or of all objects for the path "".
func (g *gcs) objectURL(path string) string {
	u := g.base + "/storage/v1/b/" + url.PathEscape(g.bucket) + "/o"
	if path != "" {
		u += "/" + escapeName(g.prefix+path)
	}
	return u
}

// escapeName escapes a name for a part of an address. A plus sign is escaped
// too, since some read it as a space.
func escapeName(name string) string {
	return strings.ReplaceAll(url.PathEscape(name), "+", "%2B")
}

func (g *gcs) List(ctx context.Context, each func(Object) error) error {
	query := url.Values{"prefix": {g.prefix}, "maxResults": {"1000"},
		"fields": {"nextPageToken,items(name,size,generation,metageneration)"}}
	for {
		var page struct {
			Next  string      `json:"nextPageToken"`
			Items []gcsObject `json:"items"`
		}
		err := g.ask(ctx, http.MethodGet, g.objectURL("")+"?"+query.Encode(), nil, &page)
		if errors.Is(err, fs.ErrNotExist) {
			return noBucket(g.bucket)
		}
		if err != nil {
			return err
		}
		for i := range page.Items {
			path := strings.TrimPrefix(page.Items[i].Name, g.prefix)
			if path == "" || strings.HasSuffix(path, "/") { // a folder that a console made
				continue
			}
			if err := each(page.Items[i].object(path)); err != nil {
				return err
			}
		}
		if page.Next == "" {
			return nil
		}
		query.Set("pageToken", page.Next)
	}
}

// Get asks for what is known of an object and then for the bytes of just that
// generation: the bytes' own answer need not say what we ask.
func (g *gcs) Get(ctx context.Context, path string) (io.ReadCloser, Object, error) {
	var o gcsObject
	if err := g.ask(ctx, http.MethodGet, g.objectURL(path), nil, &o); err != nil {
		return nil, Object{}, err
	}
	resp, err := g.send(ctx, http.MethodGet,
		g.objectURL(path)+"?alt=media&generation="+url.QueryEscape(o.Generation), nil, 0, "")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, Object{}, &Temporary{Err: errors.New("the object was replaced while it was read")}
	}
	if err != nil {
		return nil, Object{}, err
	}
	return &cutBody{resp.Body, ctx}, o.object(path), nil
}

// Put sends headers and bytes in one request, with the digest that the store
// has to find.
func (g *gcs) Put(ctx context.Context, o Object, body *io.SectionReader, when Condition) (string, error) {
	digest, err := digestOf(md5.New(), body)
	if err != nil {
		return "", err
	}
	sum := base64.StdEncoding.EncodeToString(digest)
	head, err := json.Marshal(gcsObject{Name: g.prefix + o.Path, Type: o.Type, Cache: o.Cache, Meta: o.metadata(),
		MD5: sum})
	if err != nil {
		return "", err
	}
	query := url.Values{"uploadType": {"multipart"}}
	if when.Absent {
		query.Set("ifGenerationMatch", "0")
	} else if when.Tag != "" {
		generation, meta, _ := strings.Cut(when.Tag, ".")
		query.Set("ifGenerationMatch", generation)
		query.Set("ifMetagenerationMatch", meta)
	}
	// multipart/related, RFC 2387. The bytes cannot contain their own digest.
	mark := fmt.Sprintf("privgen-%x", digest)
	before := "--" + mark + "\r\nContent-Type: application/json; charset=utf-8\r\n\r\n" + string(head) +
		"\r\n--" + mark + "\r\nContent-Type: " + cmp.Or(o.Type, "application/octet-stream") + "\r\n\r\n"
	after := "\r\n--" + mark + "--\r\n"
	whole := io.MultiReader(strings.NewReader(before), anew(body), strings.NewReader(after))
	resp, err := g.send(ctx, http.MethodPost,
		g.base+"/upload/storage/v1/b/"+url.PathEscape(g.bucket)+"/o?"+query.Encode(),
		whole, int64(len(before)+len(after))+body.Size(), "multipart/related; boundary="+mark)
	if errors.Is(err, fs.ErrNotExist) {
		return "", noBucket(g.bucket)
	}
	if err != nil {
		return "", err
	}
	var put gcsObject
	if err = decode(ctx, resp, &put); err == nil && put.MD5 != "" && put.MD5 != sum {
		err = fmt.Errorf("the store reports other bytes than were sent (MD5 %s, not %x)", put.MD5, digest)
	}
	return put.tag(), err
}

// Copy lets the store copy, with other headers. Large objects may need more
// than one request.
func (g *gcs) Copy(ctx context.Context, from string, o Object) (string, error) {
	head, err := json.Marshal(gcsObject{Type: o.Type, Cache: o.Cache, Meta: o.metadata()})
	if err != nil {
		return "", err
	}
	to := g.objectURL(from) + "/rewriteTo/b/" + url.PathEscape(g.bucket) + "/o/" + escapeName(g.prefix+o.Path)
	query := ""
	for {
		var answer struct {
			Done     bool      `json:"done"`
			Token    string    `json:"rewriteToken"`
			Resource gcsObject `json:"resource"`
		}
		if err := g.ask(ctx, http.MethodPost, to+query, head, &answer); err != nil {
			return "", err
		}
		if answer.Done || answer.Token == "" {
			return answer.Resource.tag(), nil
		}
		query = "?rewriteToken=" + url.QueryEscape(answer.Token)
	}
}

func (g *gcs) Delete(ctx context.Context, path string) error {
	return g.ask(ctx, http.MethodDelete, g.objectURL(path), nil, nil)
}

// ask sends a small request, and reads its answer as JSON.
func (g *gcs) ask(ctx context.Context, method, address string, body []byte, into any) error {
	var r io.Reader
	if body != nil {
		r = bytes.NewReader(body)
	}
	resp, err := g.send(ctx, method, address, r, int64(len(body)), "application/json; charset=utf-8")
	if err != nil {
		return err
	}
	return decode(ctx, resp, into)
}

func decode(ctx context.Context, resp *http.Response, into any) error {
	b, err := readBody(ctx, resp)
	if err == nil && into != nil && json.Unmarshal(b, into) != nil {
		err = errors.New("the store answers something that is not JSON")
	}
	return err
}

// send sends a request, and returns an error for an answer that is no success. The
// caller closes the body of one that is.
func (g *gcs) send(ctx context.Context, method, address string, body io.Reader, size int64,
	kind string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return nil, err
	}
	if body != nil {
		req.ContentLength = size
		req.Header.Set("Content-Type", kind)
	}
	req.Header.Set("User-Agent", "privgen")
	if g.tokens != nil {
		token, err := g.tokens.Token()
		if err != nil {
			return nil, googleLogin(err)
		}
		token.SetAuthHeader(req)
	}
	return do(g.client, req, g.refused)
}

// googleLogin words why there is no token. What the service says may repeat
// what it was sent.
func googleLogin(err error) error {
	if r, ok := errors.AsType[*oauth2.RetrieveError](err); ok && r.Response != nil {
		if r.Response.StatusCode >= 500 || r.Response.StatusCode == http.StatusTooManyRequests {
			return &Temporary{Err: fmt.Errorf("the login of Google answers %d", r.Response.StatusCode),
				After: RetryAfter(r.Response.Header)}
		}
		return source.Fix(fmt.Errorf("the login of Google takes no credentials of yours (%d)", r.Response.StatusCode),
			"log in again with: gcloud auth application-default login; or put a file that still "+
				"holds into GOOGLE_APPLICATION_CREDENTIALS")
	}
	if _, ok := errors.AsType[*url.Error](err); ok {
		return NetworkError(err)
	}
	return source.Fix(errors.New("the credentials for Google Cloud cannot be used"),
		"log in again with: gcloud auth application-default login; or look at the file that "+
			"GOOGLE_APPLICATION_CREDENTIALS names")
}

// gcsRight is a right as Google calls it; nothing else of an answer is printed.
var gcsRight = lazyregexp.New(`storage\.(objects|buckets)\.(list|get|create|delete|update)\b`)

// refused converts an answer that is no success to an error.
func (g *gcs) refused(resp *http.Response, said []byte) error {
	switch code := resp.StatusCode; {
	case code == http.StatusNotFound && bytes.Contains(said, []byte("bucket does not exist")):
		return noBucket(g.bucket)
	case code == http.StatusNotFound:
		return fs.ErrNotExist
	case code == http.StatusPreconditionFailed, code == http.StatusConflict:
		return ErrTaken
	case maySucceed(code):
		return &Temporary{fmt.Errorf("the store answers %d %s", code, http.StatusText(code)), RetryAfter(resp.Header)}
	case code == http.StatusForbidden, code == http.StatusUnauthorized:
		lacks := ""
		if right := gcsRight().Find(said); right != nil {
			lacks = fmt.Sprintf(" (%s)", right)
		}
		return source.Fix(fmt.Errorf("the store refuses: %d%s", code, lacks),
			"credentials come from GOOGLE_APPLICATION_CREDENTIALS, gcloud auth "+
				"application-default login, or the machine;\nthey need the role Storage Object User "+
				"(roles/storage.objectUser) on the bucket")
	default:
		return fmt.Errorf("the store answers %d %s", code, http.StatusText(code))
	}
}
