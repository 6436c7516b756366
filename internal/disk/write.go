package disk

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/parallel"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/tree"
)

// Options control how a tree is written. The zero Options are the default.
type Options struct {
	Workers  int                   // how many goroutines render; 0 is one for each core
	Progress func(done, total int) // called after each page that was rendered, never concurrently
	Phase    func(name string)     // called at the beginning of each phase: survey, render, publish
	// Cache is called once after rendering. It returns what Output.Cache returns
	// next time; nil keeps the stored bytes.
	Cache func() []byte
}

// A Report is the result of Write. Paths are relative to the output, and
// sorted.
type Report struct {
	Total      int      // files of the site
	Rendered   int      // of these, rendered; the others were known to be in place
	Written    []string // new, or with other bytes than before
	Adopted    []string // had the same bytes, and were not ours before
	Restored   []string // of Written, those that somebody else had changed
	Removed    []string // no longer in the site
	Kept       []string // no longer in the site, but kept because somebody changed them
	Foreign    []string // not ours and not in the way: the first ten; a folder has a final slash
	Foreigners int      // the number of all foreign files and folders
	Bytes      int64    // size of Written
}

// Unchanged returns how many files of the site were in place already.
func (r *Report) Unchanged() int { return r.Total - len(r.Written) }

// maxForeign is how many foreign files a Report or a list of problems names.
const maxForeign = 10

// A writing is the state of one Write.
type writing struct {
	out    *Output
	ctx    context.Context
	tree   tree.Tree
	opt    Options
	list   []byte // the existing ownership list, once it was read
	asLeft bool   // whether it is the list that the state describes
	owned  owned  // its claims
	survey *survey
	files  []written // what each entry of the tree will be in the output
	known  []bool    // entries whose files are as in the state
	render []int     // entries to render
	staged []bool    // entries that have new bytes
	gone   []string  // owned files that are not in the tree, sorted
	early  []string  // of gone, those in the way, sorted
	fresh  bool      // there is no output folder, so staging becomes it
	root   *os.Root  // the output, while it is changed

	listPrint source.Fingerprint // the fingerprint of the ownership list
	// files had to be read to know that they are as in the state, and now have a fingerprint
	renewed bool
	report  Report
}

// Write makes the output folder contain the tree, and renders the entries that
// are not known to be in place. After problems or a render error nothing was
// changed in the output; after an error of moving, the next Write repairs it.
func (o *Output) Write(ctx context.Context, t tree.Tree, opt Options) (Report, source.Problems, error) {
	if opt.Workers <= 0 {
		opt.Workers = runtime.GOMAXPROCS(0)
	}
	w := &writing{out: o, ctx: ctx, tree: t, opt: opt}
	_, err := os.Lstat(o.dir)
	w.fresh = errors.Is(err, fs.ErrNotExist) && len(t) > 0
	w.report.Total = len(t)
	w.phase("survey")
	settled := settledFingerprints(o.dir, o.clock())
	if err := w.readOwned(settled); err != nil {
		return w.report, nil, err
	}
	var known []source.Fingerprint
	if w.asLeft {
		known = o.state.folders
	}
	if w.survey, err = look(o.dir, t, w.owned, known, settled, opt.Workers); err != nil {
		return w.report, nil, failed("read", o.name, err)
	}
	if err := w.plan(); err != nil {
		return w.report, nil, err
	}
	if err := w.clean(); err != nil {
		return w.report, nil, err
	}
	w.phase("render")
	ps, err := w.renderAll()
	if err == nil && len(ps) == 0 {
		w.phase("publish")
		err = w.publish()
	}
	w.clean() // the next build removes what cannot be removed now, or reports why not
	if err != nil || len(ps) > 0 {
		return Report{Total: len(t), Rendered: w.report.Rendered}, ps, err
	}
	w.finish()
	return w.report, nil, nil
}

func (w *writing) phase(name string) {
	if w.opt.Phase != nil {
		w.opt.Phase(name)
	}
}

// readOwned finds out what is ours. If the list is the file that the state
// describes, it need not be read.
func (w *writing) readOwned(settled func(source.Fingerprint) source.Fingerprint) error {
	fromState := make(owned, len(w.out.state.files))
	for i := range w.out.state.files {
		fromState[i] = claim{w.out.state.files[i].path, w.out.state.files[i].sum}
	}
	if info, err := os.Lstat(w.at(listName)); err == nil {
		w.listPrint = settled(FingerprintOf(info))
	}
	if w.listPrint.Same(w.out.state.list) {
		w.asLeft, w.owned = true, fromState
		return nil
	}
	if err := w.readList(); err != nil {
		return err
	}
	w.owned = parseOwned(w.list)
	if w.asLeft = w.list != nil && len(fromState) > 0 && bytes.Equal(w.list, fromState.text()); w.asLeft {
		w.renewed = w.listPrint != source.Fingerprint{}
	}
	return nil
}

// readList reads the ownership list, if it exists and was not read.
func (w *writing) readList() error {
	if w.list != nil {
		return nil
	}
	name := path.Join(w.out.name, listName)
	info, err := os.Lstat(w.at(listName))
	if err == nil && (!info.Mode().IsRegular() || info.Size() > maxOwn) {
		return pathError("read", source.NewProblem(source.In(name), "not-own",
			"this is not a list of files that privgen wrote",
			"remove it; then privgen does not know any more which files in the folder are its own"))
	}
	if err == nil {
		w.list, err = readAtMost(w.at(listName), maxOwn)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return failed("read", name, err)
	}
	return nil
}

// plan decides what to render and what to remove. Tree, state, and ownership
// list are sorted by path, and compared in one pass.
func (w *writing) plan() error {
	w.files = make([]written, len(w.tree))
	w.staged, w.known = make([]bool, len(w.tree)), make([]bool, len(w.tree))
	sameKey := make([]bool, len(w.tree))
	var doubt []int // entries whose files have another fingerprint than in the state, but might have the same bytes
	s, c := 0, 0
	for i := range w.tree {
		e := &w.tree[i]
		for ; s < len(w.out.state.files) && w.out.state.files[s].path < e.Path; s++ {
		}
		for ; c < len(w.owned) && w.owned[c].path < e.Path; c++ {
			w.leave(w.owned[c].path)
		}
		first := c
		for ; c < len(w.owned) && w.owned[c].path == e.Path; c++ {
		}
		w.files[i] = written{path: e.Path, key: e.Key, stage: e.Stage}
		if s < len(w.out.state.files) && w.out.state.files[s].path == e.Path {
			was := &w.out.state.files[s]
			// A build that was killed while it replaced the file has added a
			// second line for it to the list.
			asWritten := c == first+1 && w.owned[first].sum == was.sum
			if lies := w.survey.file(i); asWritten && lies.kind == file && lies.size == was.size {
				w.files[i].sum, w.files[i].size, w.files[i].print = was.sum, was.size, lies.print
				sameKey[i] = w.out.current && was.key == e.Key
				if w.known[i] = lies.print.Same(was.print); !w.known[i] {
					doubt = append(doubt, i)
				}
			}
		}
	}
	for ; c < len(w.owned); c++ {
		w.leave(w.owned[c].path)
	}
	if err := w.compare(doubt); err != nil {
		return err
	}
	for i := range w.tree {
		if !w.known[i] || !sameKey[i] {
			w.render = append(w.render, i)
		}
	}
	// Pages come before their lists, which use what is cached from the pages.
	slices.SortStableFunc(w.render, func(a, b int) int {
		x, y := &w.tree[a], &w.tree[b]
		return cmp.Or(cmp.Compare(y.Turn, x.Turn), cmp.Compare(x.Stage, y.Stage))
	})
	w.findEarly()
	w.report.Foreigners = len(w.survey.foreign)
	w.report.Foreign = w.survey.foreign[:min(maxForeign, len(w.survey.foreign))]
	return nil
}

// compare reads the files whose fingerprints are not conclusive, and records
// those that are as in the state.
func (w *writing) compare(doubt []int) error {
	err := parallel.Each(w.opt.Workers, len(doubt), func(_, n int) error {
		i := doubt[n]
		sum, err := hashFile(w.at(w.tree[i].Path))
		switch {
		case errors.Is(err, fs.ErrNotExist): // gone since then
		case err != nil:
			return failed("read", path.Join(w.out.name, w.tree[i].Path), err)
		default:
			w.known[i] = sum == w.files[i].sum
		}
		return nil
	})
	for _, i := range doubt {
		w.renewed = w.renewed || w.known[i] && w.files[i].print != source.Fingerprint{}
	}
	return err
}

func (w *writing) leave(path string) {
	if n := len(w.gone); n == 0 || w.gone[n-1] != path {
		w.gone = append(w.gone, path)
	}
}

// findEarly finds the owned files that must be removed before the new ones are
// moved: a file where a folder is needed, a file in a folder where a file is
// needed, and a file whose name differs only in letter case if it is the same
// file, because removing it afterwards would remove the new one.
func (w *writing) findEarly() {
	if len(w.gone) == 0 {
		return
	}
	folded := make(map[string]string, len(w.tree))
	for i := range w.tree {
		folded[strings.ToLower(w.tree[i].Path)] = w.tree[i].Path
	}
	same := func(a, b string) bool {
		x, err1 := os.Lstat(w.at(a))
		y, err2 := os.Lstat(w.at(b))
		return err1 == nil && err2 == nil && os.SameFile(x, y)
	}
	for _, p := range w.gone {
		isEarly := w.survey.needs(p)
		for up := path.Dir(p); up != "." && !isEarly; up = path.Dir(up) {
			isEarly = w.tree.Find(up) != nil
		}
		if twin, ok := folded[strings.ToLower(p)]; isEarly || ok && same(p, twin) {
			w.early = append(w.early, p)
		}
	}
}

// at returns the path of an output file in the file system.
func (w *writing) at(p string) string { return filepath.Join(w.out.dir, filepath.FromSlash(p)) }

// finish completes and sorts the report.
func (w *writing) finish() {
	r := &w.report
	for i := range w.tree {
		if w.staged[i] {
			r.Written = append(r.Written, w.tree[i].Path)
			r.Bytes += w.files[i].size
		}
	}
	slices.Sort(r.Adopted)
	slices.Sort(r.Restored)
	slices.Sort(r.Removed)
	slices.Sort(r.Kept)
}
