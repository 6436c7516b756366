package deploy

import (
	"context"
	"net/http"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/store"
)

// InvalidatorBy is Invalidator with another way to the services.
func InvalidatorBy(c *config.Invalidate, base string, env func(string) string, to http.RoundTripper, clock store.Clock) (func(ctx context.Context, paths []string) error, error) {
	return invalidator(c, base, env, to, clock)
}

// TooSlow is what a deploy says whose lock was not confirmed in time.
var TooSlow = errLease.Error()

// LockTime is lockTime.
const LockTime = lockTime

// These are the parts of Deploy.Plan and Deploy.Push, which tests take apart.
var (
	Look = look
	Draw = draw
	Push = pushPlan
)

// Headers is the action headers.
const Headers = headers
