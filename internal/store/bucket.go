package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/source"
)

// This file implements the driver for S3 and compatible stores: R2, MinIO, B2,
// Spaces, Wasabi. Credentials come from AWS_ACCESS_KEY_ID and its companions,
// MINIO_ROOT_USER, the shared credentials file and its profiles, or the roles
// of a machine, container or CI job.

// s3 is a Store in a bucket, below a prefix.
type s3 struct {
	client *minio.Client
	bucket string
	prefix string // empty, or with a final slash
	after  *askedPause
}

func openS3(d *config.Deploy, env func(string) string) (*s3, error) {
	u, err := url.Parse(d.To)
	if err != nil {
		return nil, fmt.Errorf("the target %s has no address", d.Name)
	}
	host, secure := "s3.amazonaws.com", true
	endpoint := cmp.Or(d.Endpoint, env("AWS_ENDPOINT_URL_S3"), env("AWS_ENDPOINT_URL"))
	if endpoint != "" {
		e, err := url.Parse(endpoint)
		if err != nil || e.Host == "" || e.User != nil || strings.Trim(e.Path, "/") != "" {
			return nil, source.Refuse("target", "the endpoint of the target "+d.Name+
				" is not the address of a host",
				`write it as "https://HOST"; the bucket goes into to = "s3://BUCKET"`)
		}
		host, secure = e.Host, e.Scheme == "https"
	}
	transport, err := minio.DefaultTransport(secure)
	if err != nil {
		return nil, err
	}
	after := &askedPause{next: transport}
	region := cmp.Or(d.Region, env("AWS_REGION"), env("AWS_DEFAULT_REGION"))
	if region == "" && strings.HasSuffix(host, ".r2.cloudflarestorage.com") {
		region = "auto"
	}
	client, err := minio.New(host, &minio.Options{
		Creds:  awsCredentials(),
		Secure: secure, Region: region, Transport: after, MaxRetries: 1,
	})
	if err != nil {
		return nil, fmt.Errorf("open the target %s: %w", d.Name, err)
	}
	client.SetAppInfo("privgen", "1")
	prefix := strings.Trim(u.Path, "/")
	if prefix != "" {
		prefix += "/"
	}
	return &s3{client, u.Host, prefix, after}, nil
}

// awsCredentials returns the chain in which credentials are looked for.
func awsCredentials() *credentials.Credentials {
	return credentials.NewChainCredentials([]credentials.Provider{
		&credentials.EnvAWS{}, &credentials.EnvMinio{}, &credentials.FileAWSCredentials{},
		&credentials.IAM{Client: &http.Client{Timeout: 5 * time.Second}},
	})
}

func (s *s3) Abilities() Abilities {
	// 5 GB is what one request may store.
	return Abilities{Name: "S3", Headers: true, Conditional: true, MD5Tags: true, MaxBytes: 5 << 30, Workers: 16}
}

func (s *s3) List(ctx context.Context, each func(Object) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for o := range s.client.ListObjectsIter(ctx, s.bucket,
		minio.ListObjectsOptions{Prefix: s.prefix, Recursive: true}) {
		if o.Err != nil {
			return s.fault(ctx, o.Err)
		}
		path := strings.TrimPrefix(o.Key, s.prefix)
		if path == "" || strings.HasSuffix(path, "/") { // a folder that a console made
			continue
		}
		if err := each(Object{Path: path, Size: o.Size, Tag: strings.Trim(o.ETag, `"`)}); err != nil {
			return err
		}
	}
	return context.Cause(ctx)
}

func (s *s3) Get(ctx context.Context, path string) (io.ReadCloser, Object, error) {
	// Core's GetObject is one request; that of the client asks for the head first.
	r, info, header, err := minio.Core{Client: s.client}.GetObject(ctx, s.bucket, s.prefix+path,
		minio.GetObjectOptions{})
	if err != nil {
		return nil, Object{}, s.fault(ctx, err)
	}
	meta := func(name string) string { return header.Get("X-Amz-Meta-" + name) }
	return &faultyBody{r, s, ctx}, Object{Path: path, Size: info.Size, Tag: strings.Trim(info.ETag, `"`),
		SHA:  meta(metaSHA),
		Type: info.ContentType, Cache: header.Get("Cache-Control"), Keeps: meta(metaKeeps), Text: meta(metaText)}, nil
}

// faultyBody is the body of an answer. It converts errors as fault does.
type faultyBody struct {
	io.ReadCloser
	s   *s3
	ctx context.Context
}

func (b *faultyBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		err = b.s.fault(b.ctx, err)
	}
	return n, err
}

func (s *s3) Put(ctx context.Context, o Object, body *io.SectionReader, when Condition) (string, error) {
	opt := minio.PutObjectOptions{ContentType: o.Type, CacheControl: o.Cache, UserMetadata: o.metadata(),
		SendContentMd5: true, DisableMultipart: true}
	if when.Absent {
		opt.SetMatchETagExcept("*")
	} else if when.Tag != "" {
		opt.SetMatchETag(when.Tag)
	}
	info, err := s.client.PutObject(ctx, s.bucket, s.prefix+o.Path, io.NewSectionReader(body, 0, body.Size()),
		body.Size(), opt)
	if err = s.fault(ctx, err); when.Tag != "" && errors.Is(err, fs.ErrNotExist) {
		err = ErrTaken // nothing is there
	}
	return strings.Trim(info.ETag, `"`), err
}

func (s *s3) Copy(ctx context.Context, from string, o Object) (string, error) {
	info, err := s.client.CopyObject(ctx, minio.CopyDestOptions{
		Bucket: s.bucket, Object: s.prefix + o.Path, ReplaceMetadata: true,
		UserMetadata: o.metadata(), ContentType: o.Type, CacheControl: o.Cache,
	}, minio.CopySrcOptions{Bucket: s.bucket, Object: s.prefix + from})
	if err != nil {
		return "", s.fault(ctx, err)
	}
	return strings.Trim(info.ETag, `"`), nil
}

func (s *s3) Delete(ctx context.Context, path string) error {
	err := s.client.RemoveObject(ctx, s.bucket, s.prefix+path, minio.RemoveObjectOptions{})
	if err = s.fault(ctx, err); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// fault converts an error of the client: to fs.ErrNotExist, ErrTaken, a Temporary, or
// an error with the store's code, and the fix for the most common ones.
func (s *s3) fault(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var r minio.ErrorResponse
	if !errors.As(err, &r) || r.StatusCode == 0 && r.Code == "" {
		return NetworkError(err)
	}
	switch {
	case r.Code == "NoSuchBucket":
		return source.Fix(fmt.Errorf("there is no bucket %q", s.bucket),
			"make it with the host's own tools, or correct the target's address")
	case r.StatusCode == http.StatusNotFound:
		return fs.ErrNotExist
	case r.StatusCode == http.StatusPreconditionFailed, r.StatusCode == http.StatusConflict:
		return ErrTaken
	case r.StatusCode >= 500 && r.StatusCode != http.StatusNotImplemented,
		r.StatusCode == http.StatusTooManyRequests, r.StatusCode == http.StatusRequestTimeout,
		r.Code == "SlowDown", r.Code == "RequestTimeout", r.Code == "IncompleteBody":
		return &Temporary{fmt.Errorf("the store answers %d %s", r.StatusCode,
			cmp.Or(r.Code, http.StatusText(r.StatusCode))), s.after.take()}
	case r.StatusCode == http.StatusNotImplemented:
		return fmt.Errorf("the store answers %d %s: %w", r.StatusCode, r.Code, errors.ErrUnsupported)
	case r.Code == "RequestTimeTooSkewed":
		return source.Fix(errors.New("the store refuses: RequestTimeTooSkewed"),
			"the clock of this machine is wrong by many minutes: set it, and deploy again")
	case r.Code == "SignatureDoesNotMatch", r.Code == "InvalidAccessKeyId":
		return source.Fix(fmt.Errorf("the store refuses: %s", r.Code),
			fmt.Sprintf("%s; the key may also be of another host than %s", map[string]string{
				"SignatureDoesNotMatch": "AWS_SECRET_ACCESS_KEY does not belong to AWS_ACCESS_KEY_ID (or to the " +
					"profile AWS_PROFILE of ~/.aws/credentials)",
				"InvalidAccessKeyId": "the store does not know AWS_ACCESS_KEY_ID (or that of the profile AWS_PROFILE " +
					"of ~/.aws/credentials)"}[r.Code], s.client.EndpointURL().Host))
	case r.StatusCode == http.StatusForbidden, r.StatusCode == http.StatusUnauthorized:
		if v, err := s.client.GetCreds(); err == nil && v.AccessKeyID == "" {
			return source.Fix(errors.New("the store refuses, and there are no credentials"),
				"set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE for "+
					"~/.aws/credentials, or give the machine a role")
		}
		return source.Fix(fmt.Errorf("the store refuses: %s", cmp.Or(r.Code, "403")),
			"credentials come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "+
				"~/.aws/credentials with AWS_PROFILE, or the role of the machine;\nthey need the "+
				"rights to list the bucket and to read, write and delete objects in it")
	}
	return fmt.Errorf("the store answers %d %s", r.StatusCode, r.Code)
}
