package deploy_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/deploy"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/store"
)

// This file has targets with symbolic links in them.

// snapshot is a folder as text: names, kinds and contents.
func snapshot(t *testing.T, dir string) string {
	t.Helper()
	var out strings.Builder
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		fmt.Fprintln(&out, name, d.Type())
		if d.Type().IsRegular() {
			b, err := os.ReadFile(name)
			fmt.Fprintf(&out, "%q\n", b)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// Nothing is written through a symbolic link in a target, wherever it leads.
func TestSymlinks(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need a privilege there")
	}
	t.Parallel()
	for _, deployed := range []bool{false, true} {
		for _, link := range []string{"privacy", "privacy/2026-01-01", "index.html", "feed.atom", "assets", ".privgen", ".privgen/kept", ".privgen/lock", ".privgen/manifest.gz"} {
			for _, to := range []string{"elsewhere", "../elsewhere"} {
				above := t.TempDir()
				www := filepath.Join(above, "www")
				open := func() (store.Store, error) {
					return store.Open(context.Background(), &config.Deploy{Name: "www", To: "www"}, above, os.Getenv)
				}
				if deployed {
					s, err := open()
					if err != nil {
						t.Fatal(err)
					}
					run{}.must(t, s, first())
				}
				at := filepath.Join(www, filepath.FromSlash(link))
				elsewhere := filepath.Join(www, to)
				for _, err := range []error{os.RemoveAll(at), os.MkdirAll(filepath.Dir(at), 0o777), os.MkdirAll(elsewhere, 0o777),
					os.WriteFile(filepath.Join(elsewhere, "index.html"), []byte("theirs"), 0o666)} {
					if err != nil {
						t.Fatal(err)
					}
				}
				target, err := filepath.Rel(filepath.Dir(at), elsewhere)
				if err == nil {
					err = os.Symlink(target, at)
				}
				if err != nil {
					t.Fatal(err)
				}
				before := snapshot(t, above)
				s, err := open()
				var p *deploy.Plan
				if err == nil {
					p, err = run{Options: deploy.Options{Adopt: true}}.push(t, s, second())
				}
				var no *source.Problem
				refused := errors.As(err, &no) && no.Code == "symlink" || p != nil && strings.Contains(codes(p), "symlink")
				if !refused {
					t.Errorf("%s leads to %s: %v %v", link, to, err, p)
				}
				if after := snapshot(t, above); after != before {
					t.Errorf("%s leads to %s: there was\n%s\nand is\n%s", link, to, before, after)
				}
				if t.Failed() {
					t.FailNow()
				}
			}
		}
	}
	// One that is in nobody's way stays.
	above := t.TempDir()
	s, err := store.Open(context.Background(), &config.Deploy{Name: "www", To: "www"}, above, os.Getenv)
	if err == nil {
		err = os.Symlink("privacy", filepath.Join(above, "www", "datenschutz"))
	}
	if err != nil {
		t.Fatal(err)
	}
	run{}.must(t, s, first())
	if p := (run{}).must(t, s, first()); len(p.Foreign) != 1 || p.Foreign[0] != "datenschutz" {
		t.Errorf("foreign is %v", p.Foreign)
	}
}
