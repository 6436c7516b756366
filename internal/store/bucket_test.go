package store_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/store"
)

// This file holds the driver for S3 to answers that the server of bucket_driver_test.go never sends.

func openBucket(t *testing.T, d config.Deploy) store.Store {
	t.Helper()
	d.Name = "bucket"
	s, err := store.Open(context.Background(), &d, "", func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Names have the one escaped form that a signature can have, in the host that is right for the bucket.
func TestBucketAddress(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ to, endpoint, region, want string }{
		{"s3://legal", "", "eu-central-1", "https://legal.s3.eu-central-1.amazonaws.com/privacy/index.html"},
		{"s3://legal/site", "", "cn-north-1", "https://legal.s3.cn-north-1.amazonaws.com.cn/site/privacy/index.html"},
		{"s3://legal.example.com", "", "us-east-1", "https://s3.us-east-1.amazonaws.com/legal.example.com/privacy/index.html"},
		{"s3://legal", "http://127.0.0.1:9000", "us-east-1", "http://127.0.0.1:9000/legal/privacy/index.html"},
		{"s3://legal", "https://oss-eu-central-1.aliyuncs.com", "us-east-1", "https://legal.oss-eu-central-1.aliyuncs.com/privacy/index.html"},
	} {
		s := openBucket(t, config.Deploy{To: test.to, Endpoint: test.endpoint})
		if got := store.S3Address(s, test.region, "privacy/index.html"); got != test.want {
			t.Errorf("%s %s: %s, want %s", test.to, test.endpoint, got, test.want)
		}
	}
	s := openBucket(t, config.Deploy{To: "s3://legal", Endpoint: "http://127.0.0.1:9000"})
	for path, want := range map[string]string{
		"a..b/x":     "/legal/a..b/x",
		"a b+c":      "/legal/a%20b%2Bc",
		"ü/100%":     "/legal/%C3%BC/100%25",
		"a@b:c,d;e$": "/legal/a%40b%3Ac%2Cd%3Be%24",
	} {
		if got := store.S3Address(s, "us-east-1", path); got != "http://127.0.0.1:9000"+want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

// A bucket of another region is found there by all requests, also by those that were on their way.
func TestBucketRegion(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", accessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", secretKey)
	for _, inHeader := range []bool{true, false} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case strings.Contains(r.Header.Get("Authorization"), "/eu-west-3/s3/aws4_request"):
				w.Header().Set("ETag", `"one"`)
			case inHeader:
				w.Header().Set("X-Amz-Bucket-Region", "eu-west-3")
				w.WriteHeader(http.StatusMovedPermanently)
			default:
				w.WriteHeader(http.StatusBadRequest)
				fmt.Fprint(w, "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-3</Region></Error>")
			}
		}))
		defer server.Close()
		s := openBucket(t, config.Deploy{To: "s3://legal", Endpoint: server.URL})
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				tag, err := s.Put(context.Background(), store.Object{Path: "a"}, io.NewSectionReader(strings.NewReader("text"), 0, 4), store.Condition{})
				if err != nil || tag != "one" {
					t.Errorf("the tag %q, %v", tag, err)
				}
			})
		}
		wg.Wait()
	}
}

// A store that sends from region to region ends with an answer, and not with a loop.
func TestBucketRegions(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", accessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", secretKey)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		region := "eu-west-3"
		if strings.Contains(r.Header.Get("Authorization"), "eu-west-3") {
			region = "eu-west-1"
		}
		w.Header().Set("X-Amz-Bucket-Region", region)
		w.WriteHeader(http.StatusMovedPermanently)
	}))
	defer server.Close()
	_, _, err := openBucket(t, config.Deploy{To: "s3://legal", Endpoint: server.URL}).Get(context.Background(), "a")
	if err == nil || !strings.Contains(err.Error(), `names the region "eu-west-1"`) {
		t.Errorf("the error is %v", err)
	}
}

// What a store answers becomes the error that the caller can act on.
func TestBucketAnswers(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", accessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", secretKey)
	for _, test := range []struct {
		name   string
		status int
		body   string
		do     func(store.Store) error
		is     error  // or
		want   string // part of the error
	}{
		{"copy fails late", 200, "<Error><Code>NoSuchKey</Code></Error>", copyOf, fs.ErrNotExist, ""},
		{"no XML", 200, "<html><body>Welcome", copyOf, nil, "something that is not XML"},
		{"not there", 404, "", readOf, fs.ErrNotExist, ""},
		{"no bucket", 404, "<Error><Code>NoSuchBucket</Code></Error>", readOf, nil, `there is no bucket "legal"`},
		{"taken", 412, "<Error><Code>PreconditionFailed</Code></Error>", readOf, store.ErrTaken, ""},
		{"clock", 403, "<Error><Code>RequestTimeTooSkewed</Code></Error>", readOf, nil, "set it, and run the command again"},
		{"secret", 403, "<Error><Code>SignatureDoesNotMatch</Code></Error>", readOf, nil, "is not the secret of AWS_ACCESS_KEY_ID"},
		{"no such key", 403, "<Error><Code>InvalidAccessKeyId</Code></Error>", readOf, nil, "does not know AWS_ACCESS_KEY_ID"},
		{"no such user", 404, "<Error><Code>XAdminUserNotFound</Code></Error>", readOf, nil, "does not know AWS_ACCESS_KEY_ID"},
		{"session", 400, "<Error><Code>ExpiredToken</Code></Error>", readOf, nil, "AWS_SESSION_TOKEN is wrong or has expired"},
		{"something else", 404, "<Error><Code>TenantGone</Code></Error>", readOf, nil, "the store answers 404 TenantGone"},
		{"unsupported", 501, "<Error><Code>NotImplemented</Code></Error>", readOf, errors.ErrUnsupported, ""},
		{"a proxy", 403, "<html>Forbidden</html>", readOf, nil, "the store refuses: 403"},
		{"redirect", 302, "", readOf, nil, "the store answers 302 Found"},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(test.status)
			fmt.Fprint(w, test.body)
		}))
		err := test.do(openBucket(t, config.Deploy{To: "s3://legal", Endpoint: server.URL}))
		server.Close()
		if test.is != nil && !errors.Is(err, test.is) || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: the error is %v, want %v%s", test.name, err, test.is, test.want)
		}
	}
}

func copyOf(s store.Store) error {
	_, err := s.Copy(context.Background(), "a", store.Object{Path: "b"})
	return err
}

func readOf(s store.Store) error {
	_, _, err := s.Get(context.Background(), "a")
	return err
}

// Nobody's machine has to have credentials to read what is public.
func TestBucketAnonymous(t *testing.T) {
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY",
		"MINIO_ROOT_USER", "MINIO_ROOT_PASSWORD", "MINIO_ACCESS_KEY", "MINIO_SECRET_KEY"} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", os.DevNull)
	role := httptest.NewServer(http.NotFoundHandler()) // asked instead of the machine's own service
	defer role.Close()
	t.Setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", role.URL)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("a request without credentials is signed")
		}
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "text")
	}))
	defer server.Close()
	_, o, err := openBucket(t, config.Deploy{To: "s3://legal", Endpoint: server.URL}).Get(context.Background(), "a")
	if err != nil || o.Size != 4 || o.Type != "text/html" {
		t.Errorf("%+v, %v", o, err)
	}
}
