package deploy

import (
	"maps"
	"net/http"
	"slices"

	"github.com/privgen/privgen/internal/config"
)

// InvalidatorBy is Invalidator with another way to the services.
func InvalidatorBy(c *config.Invalidate, base string, env func(string) string, to http.RoundTripper, clock Clock) (Emptying, error) {
	return invalidator(c, base, env, to, clock)
}

var SignAWS = signAWS

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

// Unwatched returns a store of Open's without what tries again, for another clock.
func Unwatched(s Store) Store { return s.(*patient).Store }

// Unsynced returns the folders of a folder's store that are not synced yet.
func Unsynced(s Store) []string {
	f := s.(*patient).Store.(*folder)
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Sorted(maps.Keys(f.dirty))
}

// TooSlow is what a deploy says whose lock was not confirmed in time.
var TooSlow = errLease.Error()
