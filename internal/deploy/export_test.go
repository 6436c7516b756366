package deploy

import (
	"net/http"

	"github.com/privgen/privgen/internal/config"
)

// InvalidatorBy is Invalidator with another way to the services.
func InvalidatorBy(c *config.Invalidate, base string, env func(string) string, to http.RoundTripper, clock Clock) (Emptying, error) {
	return invalidator(c, base, env, to, clock)
}

var SignAWS = signAWS
