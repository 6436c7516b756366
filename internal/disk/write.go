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

	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/tree"
)

// Options are how a tree is written. The zero Options are good.
type Options struct {
	Workers  int                   // how many draw at once; 0 is one for each core
	Progress func(done, total int) // called after each page that was drawn, never twice at once
	Memory   func() []byte         // called once after drawing: what to give back next time; nil, also as a result, keeps what was there
}

// A Report is what Write did. Paths are relative to the output, and sorted.
type Report struct {
	Total      int      // files of the site
	Drawn      int      // of these, drawn; the others were known to be in place
	Written    []string // new, or with other bytes than before
	Adopted    []string // in place already with the same bytes, and not ours before
	Restored   []string // of Written, those that somebody else had changed
	Removed    []string // not in the site any more
	Kept       []string // not in the site any more, but changed by somebody, so left
	Foreign    []string // not ours and in nobody's way: the first ten; a folder has a final slash
	Foreigners int      // how many there are of these
	Bytes      int64    // of Written
}

// Unchanged is how many files of the site were in place already.
func (r *Report) Unchanged() int { return r.Total - len(r.Written) }

// maxForeign is how many foreign files a Report, or a list of problems, names.
const maxForeign = 10

// writing is one Write under way.
type writing struct {
	*Output
	ctx    context.Context
	tree   tree.Tree
	opt    Options
	list   []byte // the ownership list as it lies there, once it was read
	asLeft bool   // whether it is as the state says
	owned  owned  // what it says
	survey *survey
	files  []written     // what will lie at each entry of the tree
	known  []bool        // the entries whose files are as the state says
	moved  []fs.FileInfo // the files of entries, as they were when they had been put in place
	draw   []int         // the entries to draw
	staged []bool        // the entries that have new bytes
	gone   []string      // what is owned and not in the tree, sorted
	early  []string      // of gone, what is in the way, sorted
	root   *os.Root      // the output, while it is changed

	listPrint source.Fingerprint // of the ownership list
	renewed   bool               // files had to be read to know that they are as the state says, and have a fingerprint now
	report    Report
}

// Write makes the output folder hold the tree, drawing what is not known to be
// in place. Problems or an error of drawing mean that nothing was changed in
// the output; an error of moving that the next Write repairs it.
func (o *Output) Write(ctx context.Context, t tree.Tree, opt Options) (Report, source.Problems, error) {
	if opt.Workers <= 0 {
		opt.Workers = runtime.GOMAXPROCS(0)
	}
	w := &writing{Output: o, ctx: ctx, tree: t, opt: opt}
	w.report.Total = len(t)
	prints := Fingerprints(o.dir, o.clock())
	if err := w.readOwned(prints); err != nil {
		return w.report, nil, err
	}
	var err error
	if w.survey, err = look(o.dir, t, w.owned, prints, opt.Workers); err != nil {
		return w.report, nil, failed("read", o.name, err)
	}
	if err := w.plan(); err != nil {
		return w.report, nil, err
	}
	if err := w.clean(); err != nil {
		return w.report, nil, err
	}
	ps, err := w.drawAll()
	if err == nil && len(ps) == 0 {
		err = w.publish()
	}
	w.clean() // what cannot be removed now, the next build removes, or says why not
	if err != nil || len(ps) > 0 {
		return Report{Total: len(t), Drawn: w.report.Drawn}, ps, err
	}
	w.finish()
	return w.report, nil, nil
}

// readOwned finds out what is ours. When the list is the file that the state
// knows, it need not be read.
func (w *writing) readOwned(prints func(fs.FileInfo) source.Fingerprint) error {
	fromState := make(owned, len(w.state.files))
	for i := range w.state.files {
		fromState[i] = claim{w.state.files[i].path, w.state.files[i].sum}
	}
	if info, err := os.Lstat(w.at(listName)); err == nil {
		w.listPrint = prints(info)
	}
	if w.listPrint.Same(w.state.list) {
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

// readList reads the ownership list, if there is one and it was not read.
func (w *writing) readList() error {
	if w.list != nil {
		return nil
	}
	var err error
	if w.list, err = os.ReadFile(w.at(listName)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return failed("read", path.Join(w.name, listName), err)
	}
	return nil
}

// plan decides what to draw and what to remove. Tree, state and ownership list
// are sorted by path, and walked side by side.
func (w *writing) plan() error {
	w.files = make([]written, len(w.tree))
	w.staged, w.known = make([]bool, len(w.tree)), make([]bool, len(w.tree))
	sameKey := make([]bool, len(w.tree))
	var doubt []int // the entries whose files look otherwise than the state says, and may still hold the same
	s, c := 0, 0
	for i := range w.tree {
		e := &w.tree[i]
		for ; s < len(w.state.files) && w.state.files[s].path < e.Path; s++ {
		}
		for ; c < len(w.owned) && w.owned[c].path < e.Path; c++ {
			w.leave(w.owned[c].path)
		}
		first := c
		for ; c < len(w.owned) && w.owned[c].path == e.Path; c++ {
		}
		w.files[i] = written{path: e.Path, key: e.Key, stage: e.Stage}
		if s < len(w.state.files) && w.state.files[s].path == e.Path {
			was := &w.state.files[s]
			// A build that died while it changed the file has said so in the
			// list before.
			asWritten := c == first+1 && w.owned[first].sum == was.sum
			if lies := &w.survey.files[i]; asWritten && lies.kind == file && lies.size == was.size {
				w.files[i].sum, w.files[i].size, w.files[i].print = was.sum, was.size, lies.print
				sameKey[i] = w.current && was.key == e.Key
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
			w.draw = append(w.draw, i)
		}
	}
	// As they are published: what is learned from pages serves the lists of them.
	slices.SortStableFunc(w.draw, func(a, b int) int {
		x, y := &w.tree[a], &w.tree[b]
		return cmp.Or(cmp.Compare(x.Stage, y.Stage), cmp.Compare(x.Turn, y.Turn))
	})
	w.findEarly()
	w.report.Foreigners = len(w.survey.foreign)
	w.report.Foreign = w.survey.foreign[:min(maxForeign, len(w.survey.foreign))]
	return nil
}

// compare reads the files of entries of which the fingerprint says nothing, and
// notes those that hold what the state says.
func (w *writing) compare(doubt []int) error {
	err := each(w.opt.Workers, len(doubt), func(_, n int) error {
		i := doubt[n]
		sum, err := hashFile(w.at(w.tree[i].Path))
		switch {
		case errors.Is(err, fs.ErrNotExist): // gone meanwhile
		case err != nil:
			return failed("read", path.Join(w.name, w.tree[i].Path), err)
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

// findEarly finds the owned files that have to go before the new ones come: a
// file where a folder is needed, a file in a folder where a file is needed,
// and a file whose name differs in letter case only where that is the same
// file: to remove that afterwards would remove the new one.
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
		isEarly := w.survey.folders[p]
		for up := path.Dir(p); up != "." && !isEarly; up = path.Dir(up) {
			isEarly = w.tree.Find(up) != nil
		}
		if twin, ok := folded[strings.ToLower(p)]; isEarly || ok && same(p, twin) {
			w.early = append(w.early, p)
		}
	}
}

// at gives the name of an output file to the system.
func (w *writing) at(p string) string { return filepath.Join(w.dir, filepath.FromSlash(p)) }

// finish puts the report in order.
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
