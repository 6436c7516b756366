package store

import (
	"cmp"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/source"
)

// This file implements the driver for S3 and compatible stores: R2, MinIO, B2,
// Spaces, Wasabi. It sends five requests of the REST API (Amazon S3 API
// Reference, version 2006-03-01). Credentials come from AWS_ACCESS_KEY_ID and
// its companions, MINIO_ROOT_USER, the shared credentials file and its
// profiles, or the roles of a machine, container or CI job.

// s3 is a Store in a bucket, below a prefix.
type s3 struct {
	client      *http.Client
	credentials *credentials.Credentials
	endpoint    *url.URL // nil for Amazon's own
	bucket      string
	prefix      string                 // empty, or with a final slash
	region      atomic.Pointer[string] // what is known of it so far
}

// defaultRegion is the region of a bucket until the store names another.
const defaultRegion = "us-east-1"

func openS3(d *config.Deploy, env func(string) string) (*s3, error) {
	s := &s3{client: newClient(), credentials: awsCredentials()}
	s.bucket, s.prefix = d.Bucket()
	region := cmp.Or(d.Region, env("AWS_REGION"), env("AWS_DEFAULT_REGION"))
	if endpoint := cmp.Or(d.Endpoint, env("AWS_ENDPOINT_URL_S3"), env("AWS_ENDPOINT_URL")); endpoint != "" {
		e, err := url.Parse(endpoint)
		if err != nil || e.Host == "" || e.User != nil || strings.Trim(e.Path, "/") != "" {
			return nil, source.Refuse("target", "the endpoint of the target "+d.Name+
				" is not the address of a host",
				`write it as "https://HOST"; the bucket goes into to = "s3://BUCKET"`)
		}
		s.endpoint = &url.URL{Scheme: e.Scheme, Host: e.Host}
		if region == "" && strings.HasSuffix(e.Host, ".r2.cloudflarestorage.com") {
			region = "auto"
		}
	}
	region = cmp.Or(region, defaultRegion)
	s.region.Store(&region)
	return s, nil
}

// awsCredentials returns the chain in which credentials are looked for.
func awsCredentials() *credentials.Credentials {
	return credentials.NewChainCredentials([]credentials.Provider{
		&credentials.EnvAWS{}, &credentials.EnvMinio{}, &credentials.FileAWSCredentials{},
		&credentials.IAM{Client: &http.Client{Timeout: 5 * time.Second}},
	})
}

// login returns the credentials. They are empty where there are none.
func (s *s3) login() (credentials.Value, error) {
	return s.credentials.GetWithContext(&credentials.CredContext{Client: s.client})
}

func (s *s3) Abilities() Abilities {
	// 5 GB is what one request may store.
	return Abilities{Name: "S3", Headers: true, Conditional: true, MD5Tags: true, MaxBytes: 5 << 30, Workers: 16}
}

// address returns the URL of an object, or of the bucket for the key "".
func (s *s3) address(region, key string) *url.URL {
	u := &url.URL{Scheme: "https"}
	inHost := !strings.Contains(s.bucket, ".") // no certificate holds for two labels
	if s.endpoint != nil {
		u.Scheme, u.Host = s.endpoint.Scheme, s.endpoint.Host
		inHost = inHost && strings.HasSuffix(u.Host, ".aliyuncs.com") // which has no other way
	} else {
		u.Host = "s3." + region + ".amazonaws.com"
		if strings.HasPrefix(region, "cn-") {
			u.Host += ".cn"
		}
	}
	if inHost {
		u.Host = s.bucket + "." + u.Host
		u.Path = "/" + key
	} else {
		u.Path = "/" + s.bucket + "/" + key
	}
	u.RawPath = escapeS3(u.Path)
	return u
}

// escapeS3 escapes a path as a signature has it: everything but slashes and the
// unreserved characters of RFC 3986.
func escapeS3(path string) string {
	return strings.NewReplacer("+", "%20", "%2F", "/").Replace(url.QueryEscape(path))
}

// An s3Request is a request to the bucket, before it is signed.
type s3Request struct {
	method, key string
	query       url.Values
	header      http.Header
	body        *io.SectionReader // may be nil
}

// send signs and sends a request. The caller closes the body of the answer.
// Where the store names another region for the bucket, it asks there.
func (s *s3) send(ctx context.Context, r s3Request) (*http.Response, error) {
	resp, err := s.try(ctx, r)
	if other, ok := errors.AsType[*otherRegion](err); ok {
		s.region.Store(&other.region)
		resp, err = s.try(ctx, r)
	}
	if other, ok := errors.AsType[*otherRegion](err); ok {
		return nil, source.Fix(fmt.Errorf("the store names the region %q for the bucket %q, and then another one",
			other.region, s.bucket), "write the region into the target: region = \"REGION\"")
	}
	return resp, err
}

func (s *s3) try(ctx context.Context, r s3Request) (*http.Response, error) {
	region := *s.region.Load()
	u := s.address(region, r.key)
	u.RawQuery = strings.ReplaceAll(r.query.Encode(), "+", "%20")
	digest := Digest(nil)
	req := (&http.Request{Method: r.method, URL: u, Header: r.header.Clone()}).WithContext(ctx)
	if req.Header == nil {
		req.Header = http.Header{}
	}
	if r.body != nil {
		sum, err := digestOf(sha256.New(), r.body)
		if err != nil {
			return nil, err
		}
		digest = hex.EncodeToString(sum)
		if req.ContentLength = r.body.Size(); req.ContentLength > 0 {
			req.Body = io.NopCloser(anew(r.body))
		}
	}
	v, err := s.login()
	if err != nil {
		return nil, NetworkError(err)
	}
	if v.AccessKeyID != "" {
		req.Header.Set("X-Amz-Content-Sha256", digest)
		signAWS(req, digest, v, "s3", region, time.Now().UTC())
	}
	req.Header.Set("User-Agent", "privgen")
	return do(s.client, req, func(resp *http.Response, said []byte) error { return s.refused(resp, said, region) })
}

func (s *s3) List(ctx context.Context, each func(Object) error) error {
	query := url.Values{"list-type": {"2"}, "prefix": {s.prefix}, "encoding-type": {"url"}, "max-keys": {"1000"}}
	for {
		var page struct {
			Next     string `xml:"NextContinuationToken"`
			Encoding string `xml:"EncodingType"`
			Items    []struct {
				Key  string
				Size int64
				ETag string
			} `xml:"Contents"`
		}
		resp, err := s.send(ctx, s3Request{method: http.MethodGet, query: query})
		if errors.Is(err, fs.ErrNotExist) {
			return noBucket(s.bucket)
		}
		if err != nil {
			return err
		}
		if err = s.decode(ctx, resp, &page); err != nil {
			return err
		}
		for _, o := range page.Items {
			if page.Encoding == "url" { // not every store does what it is asked
				if o.Key, err = url.QueryUnescape(o.Key); err != nil {
					return fmt.Errorf("the store lists a name that cannot be read: %q", o.Key)
				}
			}
			path := strings.TrimPrefix(o.Key, s.prefix)
			if path == "" || strings.HasSuffix(path, "/") { // a folder that a console made
				continue
			}
			if err := each(Object{Path: path, Size: o.Size, Tag: unquoted(o.ETag)}); err != nil {
				return err
			}
		}
		if page.Next == "" {
			return nil
		}
		query.Set("continuation-token", page.Next)
	}
}

func (s *s3) Get(ctx context.Context, path string) (io.ReadCloser, Object, error) {
	resp, err := s.send(ctx, s3Request{method: http.MethodGet, key: s.prefix + path})
	if err != nil {
		return nil, Object{}, err
	}
	return &cutBody{resp.Body, ctx}, objectOf(path, resp, s3Meta), nil
}

func (s *s3) Put(ctx context.Context, o Object, body *io.SectionReader, when Condition) (string, error) {
	sum, err := digestOf(md5.New(), body)
	if err != nil {
		return "", err
	}
	header := o.s3Headers()
	header.Set("Content-Md5", base64.StdEncoding.EncodeToString(sum))
	when.setOn(header)
	resp, err := s.send(ctx, s3Request{method: http.MethodPut, key: s.prefix + o.Path, header: header, body: body})
	if when.Tag != "" && errors.Is(err, fs.ErrNotExist) {
		err = ErrTaken // nothing is there
	}
	if err != nil {
		return "", err
	}
	return unquoted(resp.Header.Get("ETag")), s.decode(ctx, resp, nil)
}

// s3Headers returns the headers with which an object is stored.
func (o *Object) s3Headers() http.Header {
	header := http.Header{}
	if o.Type != "" {
		header.Set("Content-Type", o.Type)
	}
	if o.Cache != "" {
		header.Set("Cache-Control", o.Cache)
	}
	for name, value := range o.metadata() {
		header.Set(s3Meta(name), value)
	}
	return header
}

func (s *s3) Copy(ctx context.Context, from string, o Object) (string, error) {
	header := o.s3Headers()
	header.Set("X-Amz-Copy-Source", escapeS3("/"+s.bucket+"/"+s.prefix+from))
	header.Set("X-Amz-Metadata-Directive", "REPLACE")
	resp, err := s.send(ctx, s3Request{method: http.MethodPut, key: s.prefix + o.Path, header: header})
	if err != nil {
		return "", err
	}
	var copied struct{ ETag string }
	err = s.decode(ctx, resp, &copied)
	return unquoted(copied.ETag), err
}

func (s *s3) Delete(ctx context.Context, path string) error {
	resp, err := s.send(ctx, s3Request{method: http.MethodDelete, key: s.prefix + path})
	if err != nil {
		return err
	}
	return s.decode(ctx, resp, nil)
}

// s3Meta is the header that holds a field of an Object.
func s3Meta(name string) string { return "X-Amz-Meta-" + name }

// s3Error is what an answer says of an error.
type s3Error struct {
	XMLName      xml.Name
	Code, Region string
}

// decode reads the rest of an answer that is a success, and closes it. The answer to a
// copy may still be an error: it begins before the store has copied.
func (s *s3) decode(ctx context.Context, resp *http.Response, into any) error {
	b, err := readBody(ctx, resp)
	if err != nil || into == nil {
		return err
	}
	var said s3Error
	if xml.Unmarshal(b, &said) == nil && said.XMLName.Local == "Error" {
		if said.Code == "NoSuchKey" {
			return fs.ErrNotExist
		}
		return &Temporary{Err: fmt.Errorf("the store answers %s", said.Code)}
	}
	if xml.Unmarshal(b, into) != nil {
		return errors.New("the store answers something that is not XML")
	}
	return nil
}

// otherRegion is the error of a request to the wrong region.
type otherRegion struct{ region string }

func (e *otherRegion) Error() string { return "the bucket is in the region " + e.region }

// loginFixes are what to do if a store refuses credentials, by its error code.
var loginFixes = map[string]string{
	"RequestTimeTooSkewed": "the clock of this machine is wrong by many minutes: set it, and run the command again",
	"SignatureDoesNotMatch": "AWS_SECRET_ACCESS_KEY is not the secret of AWS_ACCESS_KEY_ID: copy both again, without " +
		"spaces;\nif they are not set, correct the profile AWS_PROFILE in ~/.aws/credentials",
	"InvalidAccessKeyId": unknownKey,
	"XAdminUserNotFound": unknownKey, // Versity
	"InvalidToken":       wrongToken,
	"ExpiredToken":       wrongToken,
}

const (
	unknownKey = "this host does not know AWS_ACCESS_KEY_ID, or that of the profile AWS_PROFILE in ~/.aws/credentials:\n" +
		"set the key that this host gave you, or correct the target's endpoint"
	wrongToken = "AWS_SESSION_TOKEN is wrong or has expired: log in again;\nunset it if the key is a permanent one"
)

// refused converts an answer that is no success to an error. The request was for a
// bucket in asked.
func (s *s3) refused(resp *http.Response, text []byte, asked string) error {
	var said s3Error
	_ = xml.Unmarshal(text, &said) // that of a proxy is no XML
	status := fmt.Sprintf("%d %s", resp.StatusCode, cmp.Or(said.Code, http.StatusText(resp.StatusCode)))
	region := cmp.Or(resp.Header.Get("X-Amz-Bucket-Region"), said.Region)
	switch code := resp.StatusCode; {
	case region != "" && region != asked && (code/100 == 3 || said.Code == "AuthorizationHeaderMalformed"):
		return &otherRegion{region}
	case said.Code == "NoSuchBucket":
		return noBucket(s.bucket)
	case loginFixes[said.Code] != "":
		return source.Fix(fmt.Errorf("the store refuses: %s (%s)", said.Code, s.address(asked, "").Host),
			loginFixes[said.Code])
	case code == http.StatusNotFound && (said.Code == "" || strings.HasPrefix(said.Code, "No")): // NoSuchKey
		return fs.ErrNotExist
	case code == http.StatusPreconditionFailed, code == http.StatusConflict:
		return ErrTaken
	case maySucceed(code), said.Code == "SlowDown", said.Code == "RequestTimeout", said.Code == "IncompleteBody":
		return &Temporary{fmt.Errorf("the store answers %s", status), RetryAfter(resp.Header)}
	case code == http.StatusNotImplemented:
		return fmt.Errorf("the store answers %s: %w", status, errors.ErrUnsupported)
	case code == http.StatusForbidden, code == http.StatusUnauthorized:
		if v, err := s.login(); err == nil && v.AccessKeyID == "" {
			return source.Fix(errors.New("the store refuses, and there are no credentials"),
				"set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE for "+
					"~/.aws/credentials, or give the machine a role")
		}
		return source.Fix(fmt.Errorf("the store refuses: %s", cmp.Or(said.Code, "403")),
			"credentials come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "+
				"~/.aws/credentials with AWS_PROFILE, or the role of the machine;\nthey need the "+
				"rights to list the bucket and to read, write and delete objects in it")
	}
	return fmt.Errorf("the store answers %s", status)
}
