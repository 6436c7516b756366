package store

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/privgen/privgen/internal/config"
)

// Open opens the store of a target. A relative folder is below dir, the folder of
// the site. Credentials come from the environment and from the files of the host's
// own programs; env returns variables of the environment. The Store is a WithRetry.
func Open(ctx context.Context, d *config.Deploy, dir string, env func(string) string) (Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var s Store
	var err error
	switch d.Scheme() {
	case "s3":
		s, err = openS3(d, env)
	case "gs":
		s, err = openGCS(ctx, d, env)
	case "azblob":
		s, err = openAzure(d, env)
	case "ssh":
		s, err = openSSH(d)
	default:
		path := filepath.FromSlash(strings.TrimPrefix(d.To, "file://"))
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		s, err = openFolder(path)
	}
	if err != nil {
		return nil, err
	}
	return &WithRetry{Store: s, Clock: SystemClock(), Workers: d.Workers}, nil
}
