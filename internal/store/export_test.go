package store

import (
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/minio/minio-go/v7/pkg/credentials"
)

// SignAWSBy is SignAWS with credentials.
func SignAWSBy(r *http.Request, id, secret, service, region string, now time.Time) {
	signAWS(r, Digest(nil), credentials.Value{AccessKeyID: id, SecretAccessKey: secret}, service, region, now)
}

// SignAzure authorizes a request with the key of an account.
func SignAzure(account string, key []byte, req *http.Request) error {
	return (&azureKey{account, key}).authorize(req.Context(), req)
}

// AzureLoginBy authorizes requests with a token, with other addresses for the
// login service and a machine's metadata service.
func AzureLoginBy(env func(string) string, login http.RoundTripper, metadata string) (func(*http.Request) error, error) {
	l, err := newAzureLogin(env)
	if err != nil {
		return nil, err
	}
	l.away.Transport, l.metadata = login, metadata
	return func(r *http.Request) error { return l.authorize(r.Context(), r) }, nil
}

// Unsynced returns the folders of a folder's store that are not synced yet.
func Unsynced(s Store) []string {
	f := s.(*WithRetry).Store.(*folder)
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Sorted(maps.Keys(f.dirty))
}

// S3Address returns the URL of an object in a bucket.
func S3Address(s Store, region, path string) string {
	b := s.(*WithRetry).Store.(*s3)
	return b.address(region, b.prefix+path).String()
}
