package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/deploy"
	"github.com/privgen/privgen/internal/hostfile"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/replica"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/store"
	"github.com/privgen/privgen/internal/terminal"
)

// A verifying is one run of verify.
type verifying struct {
	*program
	config, manifest, record string
	strict, quiet, files     bool
	progress                 *terminal.Progress
}

func verifyCommand(p *program) *cobra.Command {
	v := &verifying{program: p}
	c := command{Use: "verify [URL | NAME]", args: func(c *cobra.Command, args []string) error {
		if v.files {
			return atLeastOne("FILE")(c, args)
		}
		return atMost(1)(c, args)
	}, complete: targets, run: v.run,
		flags: []any{"files", &v.files, "manifest", &v.manifest, "record", &v.record, "strict", &v.strict, "config",
			&v.config, "json", &p.json, "quiet", &v.quiet}}
	return c.cobra()
}

func (v *verifying) run(ctx context.Context, args []string) error {
	if v.files {
		return v.copies(args)
	}
	where := strings.Join(args, "")
	v.progress = terminal.NewProgress(v.err, v.quiet || v.json, time.Now())
	defer v.progress.Clear()
	isAddress := strings.Contains(where, "://")
	if isAddress {
		if err := config.CheckBaseURL(where); err != nil {
			return err
		}
	}
	ctx = store.WithWaiting(ctx, terminal.Waiting(v.err, v.quiet))
	var e deploy.Expected
	var err error
	switch {
	case isAddress && (v.manifest != "" || v.record != ""):
		e, err = readExpected(v.manifest, v.record)
	case v.manifest != "":
		return source.Usage("--manifest needs the URL of the published site",
			"add it: privgen verify https://example.com/ --manifest "+v.manifest)
	case v.record != "":
		return source.Usage("--record needs the URL of the published site",
			"add it: privgen verify https://example.com/ --record "+v.record)
	case !isAddress && where != "":
		return v.target(ctx, where)
	default:
		e, where, err = v.site(ctx, where)
	}
	var found []deploy.Finding
	if err == nil {
		found, err = e.Verify(ctx, where, http.DefaultTransport, store.SystemClock(), v.asked)
	}
	return v.findings(where, len(e.Items)+len(e.Released), found, err)
}

func (v *verifying) asked(done, total int) { v.progress.Show("asking for object", done, total) }

// readExpected reads the expected objects from a manifest, and the released texts from a
// lock file.
func readExpected(manifest, lock string) (e deploy.Expected, err error) {
	if manifest != "" {
		file, err := os.Open(manifest)
		if err != nil {
			return e, source.Usage(fmt.Sprintf("there is no file %q", manifest),
				"name a manifest or a list of digests")
		}
		defer file.Close()
		if e, err = deploy.ReadExpected(file); err != nil {
			return e, source.Usage(fmt.Sprintf("%s: %v", manifest, err),
				"name a manifest, or the file .privgen of an output folder")
		}
	}
	if lock != "" {
		r, err := readRecord(lock)
		if err != nil {
			return e, err
		}
		e.Compare = markdown.ComparePage
		if !e.AddRecord(r) {
			return e, source.Usage("no released text is on the site, says "+lock,
				"name the "+record.File+" of a site")
		}
	}
	return e, nil
}

// readRecord reads a lock file, which must have a released text.
func readRecord(lock string) (*record.Record, error) {
	raw, err := os.ReadFile(lock)
	if err != nil {
		return nil, source.Usage(fmt.Sprintf("there is no file %q", lock), "name the "+record.File+" of a site")
	}
	r, list := record.Parse(raw)
	switch {
	case len(list) > 0:
		return nil, source.Usage(fmt.Sprintf("%s:%d: %s", lock, list[0].Pos.Line, list[0].What),
			"name the "+record.File+" of a site, as it was committed")
	case r.Len() == 0:
		return nil, source.Usage(fmt.Sprintf("nothing was released, says %s", lock),
			"name the "+record.File+" of a site")
	}
	return r, nil
}

// copies compares copies of texts with the lock file.
func (v *verifying) copies(names []string) error {
	lock := v.record
	if lock == "" {
		dir, _, err := findSite(v.config)
		if err != nil {
			return err
		}
		lock = filepath.Join(dir, record.File)
	}
	r, err := readRecord(lock)
	if err != nil {
		return err
	}
	all, bad, list := []*replica.Replica{}, 0, source.Problems{}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		one, problem := replica.Identify(r, name, raw)
		if problem != nil {
			list = append(list, problem)
			continue
		}
		if !one.OK {
			bad++
		}
		if !v.json && (!one.OK || !v.quiet) {
			if err := one.Print(v.out); err != nil {
				return err
			}
		}
		all = append(all, one)
	}
	if v.json && len(list) == 0 { // otherwise the problems are the only document
		if err := terminal.PrintJSON(v.out, all); err != nil {
			return err
		}
	}
	if bad+len(list) > 0 {
		return &problems{list: list} // copies that differ are already printed
	}
	return nil
}

// target compares a target with its last deploy.
func (v *verifying) target(ctx context.Context, name string) error {
	files, dir, file, err := openSite(v.config)
	if err != nil {
		return err
	}
	defer files.Close()
	c, list := site.ReadConfig(files, file)
	if list != nil {
		return &problems{list, "nothing was verified"}
	}
	t := c.Target(name)
	if t == nil {
		return source.Usage(fmt.Sprintf("%q is neither a URL nor a target of the config", name),
			"write a URL that begins with https://, or the name of a [[deploy]]")
	}
	if folder := targetFolder(t, dir); folder != "" {
		if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) { // opening a target would create its folder
			return source.Fix(fmt.Errorf("open %s: there is no such folder", t.To),
				"deploy to it first: privgen deploy "+t.Name)
		}
	}
	s, err := openTarget(ctx, c, t, dir)
	if err != nil {
		return err
	}
	n, found, err := deploy.VerifyStore(ctx, s, v.asked)
	return v.findings(name, n, found, err)
}

// site returns the expected objects of the local site, and where or, if that is "",
// the site's URL.
func (v *verifying) site(ctx context.Context, where string) (e deploy.Expected, _ string, err error) {
	s, err := open(v.config, "", site.Input{Each: v.progress.Reading(sideBySide)})
	if err != nil {
		return e, where, err
	}
	defer s.Close()
	d := deployOf(s, v.progress)
	defer d.Close()
	w, list, err := d.Draw(ctx)
	if err := failed(list.OncePerPlace(), err, "nothing was verified"); err != nil {
		return e, where, err
	}
	e.Items, e.Redirects = w.Items, hostfile.Former(s.Paths, s.Library.Policies)
	e.Headers, err = w.Text("_headers")
	return e, cmp.Or(where, w.Site), err
}

// mostFindings is the maximum number of findings of a kind that are printed as text.
const mostFindings = 25

// findings prints the findings of n objects, and returns the error for the exit code.
func (v *verifying) findings(where string, n int, found []deploy.Finding, err error) error {
	v.progress.Clear()
	if errors.Is(err, context.Canceled) {
		err = errors.New("stopped; nothing was changed")
	}
	if err != nil {
		return err
	}
	bad := 0
	for _, one := range found {
		if v.strict || !one.Advice() {
			bad++
		}
	}
	var failed error
	if bad > 0 {
		failed = &problems{} // they are printed below
	}
	if v.json {
		return cmp.Or(terminal.PrintJSON(v.out, map[string]any{"where": where, "objects": n, "ok": bad == 0,
			"findings": found}), failed)
	}
	shown := map[string]int{}
	for _, one := range found {
		if shown[one.Kind]++; shown[one.Kind] <= mostFindings {
			fmt.Fprintf(v.out, "%-8s  %s: %s\n", one.Kind, one.Path, one.What)
		} else if shown[one.Kind] == mostFindings+1 {
			fmt.Fprintf(v.out, "%-8s  and more (--json lists all)\n", one.Kind)
		}
	}
	is := "all are as they should be"
	switch {
	case bad > 0:
		is = source.Count(bad, "finding")
	case v.quiet:
		return nil
	case len(found) > 0:
		is += ", except for how they are served"
	}
	fmt.Fprintf(v.out, "verified %s at %s: %s\n", source.Count(n, "object"), where, is)
	return failed
}
