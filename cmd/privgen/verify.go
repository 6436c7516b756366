package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/deploy"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/store"
)

const verifyHelp = `Usage:
  privgen verify [URL | NAME] [flags]

Looks whether what stands on the web is what should stand there: digests,
media types, headers, redirects. At an address (https://...) every page is
asked for, as a reader does, and held against the site here; of a target of
the config (NAME) every object is read, and held against the last deploy.
Without either it is the address of the site here.

With --record or --manifest the site need not be here: anybody who has the
record privgen.lock can look whether every text that was released is still
there, word for word, in its Markdown and on its page; who has a manifest, or
a list of digests, whether every page is.

Flags:
  --record FILE     what was released: privgen.lock
  --manifest FILE   what should be there: .privgen/manifest.gz of a target, or
                    a list as sha256sum prints it: public/.privgen
  --strict          fail also when only caching or other headers differ
  --config FILE     the config; without it, the nearest privgen.toml
  --json            print what was found as JSON
  --quiet           print only what is wrong
  --help            show this

Exit codes: 0 all is as it should be; 1 something is missing, changed,
foreign, served as something else or cannot be read; 2 the command line is
wrong; 3 the host does not answer.

Example:
  privgen verify production
`

type verifyFlags struct {
	config, manifest, record string
	strict, quiet            bool
}

func (p *program) verifyCommand() *cobra.Command {
	var f verifyFlags
	c := &cobra.Command{
		Use:  "verify [URL | NAME]",
		Args: optional("address"),
		RunE: func(c *cobra.Command, args []string) error {
			return p.verify(c.Context(), strings.Join(args, ""), f)
		},
		ValidArgsFunction: completeTargets,
	}
	c.Flags().StringVar(&f.manifest, "manifest", "", "")
	c.Flags().StringVar(&f.record, "record", "", "")
	c.Flags().BoolVar(&f.strict, "strict", false, "")
	c.Flags().StringVar(&f.config, "config", "", "")
	c.Flags().BoolVar(&p.json, "json", false, "")
	c.Flags().BoolVar(&f.quiet, "quiet", false, "")
	setHelp(c, verifyHelp)
	return c
}

func (p *program) verify(ctx context.Context, arg string, f verifyFlags) error {
	started := time.Now()
	progress := p.progress(f.quiet, started)
	defer progress.clear()
	asked := func(done, total int) { progress.show("asking for object", done, total) }
	isAddress := strings.Contains(arg, "://")
	if isAddress {
		if err := config.CheckBaseURL(arg); err != nil {
			return err
		}
	}
	ctx = store.WithWaiting(ctx, p.waiting(f.quiet))
	var found []deploy.Finding
	var n int
	var err error
	where := arg
	switch {
	case isAddress && (f.manifest != "" || f.record != ""):
		var e deploy.Expected
		if e, err = readExpected(f); err != nil {
			return err
		}
		n = len(e.Items) + len(e.Released)
		found, err = e.Verify(ctx, arg, http.DefaultTransport, store.SystemClock(), asked)
	case f.manifest != "":
		return source.Usage("--manifest says what should be there, and no address says where",
			"add it: privgen verify https://example.com/ --manifest "+f.manifest)
	case f.record != "":
		return source.Usage("--record says what should be there, and no address says where",
			"add it: privgen verify https://example.com/ --record "+f.record)
	default:
		where, n, found, err = p.verifyHere(ctx, arg, isAddress, f, progress, asked)
	}
	progress.clear()
	if errors.Is(err, context.Canceled) {
		err = errors.New("stopped; nothing was changed")
	}
	if err != nil {
		return err
	}
	return p.findings(where, n, found, f)
}

// readExpected reads what should be there.
func readExpected(f verifyFlags) (e deploy.Expected, err error) {
	if f.manifest != "" {
		file, err := os.Open(f.manifest)
		if err != nil {
			return e, source.Usage(fmt.Sprintf("there is no file %q", f.manifest),
				"name a manifest or a list of digests")
		}
		defer file.Close()
		if e, err = deploy.ReadExpected(file); err != nil {
			return e, source.Usage(fmt.Sprintf("%s: %v", f.manifest, err),
				"name a manifest, or the file .privgen of an output folder")
		}
	}
	if f.record != "" {
		raw, err := os.ReadFile(f.record)
		if err != nil {
			return e, source.Usage(fmt.Sprintf("there is no file %q", f.record), "name the "+record.File+" of a site")
		}
		r, list := record.Parse(raw)
		if len(list) > 0 {
			return e, source.Usage(fmt.Sprintf("%s:%d: %s", f.record, list[0].Pos.Line, list[0].What),
				"name the "+record.File+" of a site, as it was committed")
		}
		e.Compare = markdown.ComparePage
		if e.Released = promises(r); len(e.Released) == 0 {
			return e, source.Usage(fmt.Sprintf("nothing was released, says %s", f.record),
				"name the "+record.File+" of a site")
		}
	}
	return e, nil
}

// promises returns what a record says was released.
func promises(r *record.Record) []deploy.Promise {
	var out []deploy.Promise
	for _, e := range r.Entries() {
		if e.Removed != nil {
			continue
		}
		p := deploy.Promise{Version: e.Policy + "/" + e.Version, Path: e.Address + "index.html",
			Text: hex.EncodeToString(e.Digest[:]),
			Same: func(text []byte) bool { return e.Reads != "" && markdown.HasReading(text, e.Reads) }}
		if n := len(e.Corrections); n > 0 {
			p.Corrected = e.Corrections[n-1].Day.String() + ": " + e.Corrections[n-1].Reason
		}
		out = append(out, p)
	}
	return out
}

// verifyHere holds an address to the site in this folder, or a target to its
// last deploy.
func (p *program) verifyHere(ctx context.Context, arg string, isAddress bool, f verifyFlags, progress *progress,
	asked func(done, total int)) (where string, n int, found []deploy.Finding, err error) {
	files, dir, name, err := openSite(f.config)
	if err != nil {
		return "", 0, nil, err
	}
	defer files.Close()
	if !isAddress && arg != "" {
		c, list := site.ReadConfig(files, name)
		if list != nil {
			return "", 0, nil, &problems{list, "nothing was verified"}
		}
		t := c.Target(arg)
		if t == nil {
			return "", 0, nil, source.Usage(fmt.Sprintf("%q is neither an address nor a target of the config", arg),
				"write an address with https:// before it, or the name of a [[deploy]]")
		}
		if folder := targetFolder(t, dir); folder != "" {
			if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) { // opening a target makes its folder
				return "", 0, nil,
					source.Fix(fmt.Errorf("open %s: there is no such folder", t.To),
						fmt.Sprintf("deploy to it first: privgen deploy %s", t.Name))
			}
		}
		s, err := openTarget(ctx, c, t, dir)
		if err != nil {
			return "", 0, nil, err
		}
		n, found, err = deploy.VerifyStore(ctx, s, asked)
		return arg, n, found, err
	}
	d := &deploying{program: p, dir: dir, last: progress, deployFlags: deployFlags{recheck: true}}
	if d.site, err = loadSite(files, name, "", progress.each); err != nil {
		return "", 0, nil, err
	}
	if d.now, err = moment("", d.site); err != nil {
		return "", 0, nil, err
	}
	w, err := d.draw(ctx, nil)
	if err != nil {
		return "", 0, nil, err
	}
	defer w.Close()
	e := deploy.Expected{Items: w.Items}
	if e.Headers, err = w.Text("_headers"); err == nil {
		e.Redirects, err = w.Text("_redirects")
	}
	if err != nil {
		return "", 0, nil, err
	}
	where = arg
	if where == "" {
		where = w.Site
	}
	found, err = e.Verify(ctx, where, http.DefaultTransport, store.SystemClock(), asked)
	return where, len(w.Items), found, err
}

// findings prints what was found.
func (p *program) findings(where string, n int, found []deploy.Finding, f verifyFlags) error {
	bad := 0
	for _, one := range found {
		if f.strict || !one.Advice() {
			bad++
		}
	}
	var failed error
	if bad > 0 {
		failed = &problems{} // they are printed here
	}
	if p.json {
		if err := printJSON(p.out, map[string]any{"where": where, "objects": n, "ok": bad == 0,
			"findings": found}); err != nil {
			return err
		}
		return failed
	}
	shown := map[string]int{}
	for _, one := range found {
		if shown[one.Kind]++; shown[one.Kind] <= mostSteps {
			fmt.Fprintf(p.out, "%-8s  %s: %s\n", one.Kind, one.Path, one.What)
		} else if shown[one.Kind] == mostSteps+1 {
			fmt.Fprintf(p.out, "%-8s  and more (--json lists all)\n", one.Kind)
		}
	}
	switch {
	case bad > 0:
		fmt.Fprintf(p.out, "verified %s at %s: %s\n", source.Count(n, "object"), where, source.Count(bad, "finding"))
	case !f.quiet && len(found) > 0:
		fmt.Fprintf(p.out, "verified %s at %s: all are as they should be, but for how they are served\n",
			source.Count(n, "object"), where)
	case !f.quiet:
		fmt.Fprintf(p.out, "verified %s at %s: all are as they should be\n", source.Count(n, "object"), where)
	}
	return failed
}
