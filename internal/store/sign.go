package store

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/privgen/privgen/internal/source"
)

// SignAWS signs a request for a service of Amazon's with the credentials of this
// machine, which may take a request by client.
func SignAWS(client *http.Client, r *http.Request, body []byte, service, region string, now time.Time) error {
	v, err := awsCredentials().GetWithContext(&credentials.CredContext{Client: client})
	if err != nil || v.AccessKeyID == "" {
		return source.Fix(errors.New("there are no credentials for AWS"),
			"set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE")
	}
	signAWS(r, Digest(body), v, service, region, now)
	return nil
}

// signAWS signs a request for a service of Amazon's: Signature Version 4, as "Create
// a signed AWS API request" in the IAM user guide says. Digest is that of the body. The
// query is in order and has %20 for a space.
func signAWS(r *http.Request, digest string, v credentials.Value, service, region string, now time.Time) {
	day, moment := now.Format("20060102"), now.Format("20060102T150405Z")
	r.Header.Set("X-Amz-Date", moment)
	if v.SessionToken != "" {
		r.Header.Set("X-Amz-Security-Token", v.SessionToken)
	}
	names := []string{"host"}
	values := map[string]string{"host": r.URL.Host}
	for name := range r.Header {
		if lower := strings.ToLower(name); lower != "user-agent" {
			names = append(names, lower)
			values[lower] = strings.TrimSpace(r.Header.Get(name))
		}
	}
	slices.Sort(names)
	var headers strings.Builder
	for _, n := range names {
		headers.WriteString(n + ":" + values[n] + "\n")
	}
	signed := strings.Join(names, ";")
	request := strings.Join([]string{r.Method, r.URL.EscapedPath(), r.URL.RawQuery, headers.String(), signed, digest},
		"\n")
	scope := strings.Join([]string{day, region, service, "aws4_request"}, "/")
	text := strings.Join([]string{"AWS4-HMAC-SHA256", moment, scope, Digest([]byte(request))}, "\n")
	key := []byte("AWS4" + v.SecretAccessKey)
	for _, part := range []string{day, region, service, "aws4_request", text} {
		h := hmac.New(sha256.New, key)
		h.Write([]byte(part))
		key = h.Sum(nil)
	}
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+v.AccessKeyID+"/"+scope+
		", SignedHeaders="+signed+", Signature="+hex.EncodeToString(key))
}
