package disk

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"sync"

	"github.com/privgen/privgen/internal/source"
)

// renderAll renders the entries of w.render, and writes new bytes to staging.
// It needs a buffer for each worker, as large as the largest page.
func (w *writing) renderAll() (source.Problems, error) {
	var foreign source.Problems
	seen := map[string]bool{} // a mistake in a theme is on every page
	again := 0
	ps, err := w.inTheWay()
	if len(w.render) == 0 || err != nil {
		return ps.Sort(), err
	}
	if err := w.makeStaging(); err != nil {
		return nil, err
	}
	var mu sync.Mutex
	buffers := make([]bytes.Buffer, w.opt.Workers)
	err = eachRun(w.opt.Workers, len(w.render), func(worker, n int) error {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		i := w.render[n]
		wrong, result, err := w.renderOne(i, &buffers[worker])
		if err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		for _, p := range wrong {
			if !seen[p.String()] {
				seen[p.String()] = true
				ps = append(ps, p)
			} else if again++; again > maxAgain {
				return errEnough
			}
		}
		switch result {
		case isForeign:
			foreign = append(foreign, foreignProblem(w.out.name, w.tree[i].Path))
		case isAdopted:
			w.report.Adopted = append(w.report.Adopted, w.tree[i].Path)
		case isRestored:
			w.report.Restored = append(w.report.Restored, w.tree[i].Path)
		}
		w.report.Rendered++
		if w.opt.Progress != nil {
			w.opt.Progress(w.report.Rendered, len(w.render))
		}
		return nil
	})
	if err == errEnough {
		err = nil
	}
	return append(ps, fewer(w.out.name, foreign)...).Sort(), err
}

// maxAgain is the number of repeated problems after which no more pages are
// rendered: a template with an endless loop takes a moment on each of ten
// thousand pages.
const maxAgain = 30

var errEnough = errors.New("enough problems")

// An outcome is a result of rendering an entry, for the report.
type outcome uint8

const (
	isRendered outcome = iota
	isForeign
	isAdopted
	isRestored
)

// renderOne renders an entry, and compares it with the file at its path.
func (w *writing) renderOne(i int, b *bytes.Buffer) (source.Problems, outcome, error) {
	e, f, lies := &w.tree[i], &w.files[i], w.survey.file(i)
	b.Reset()
	if err := e.Render(b); err != nil {
		if p := Explain(err); p != nil {
			return source.Problems{p}, isRendered, nil
		}
		return nil, isRendered, err
	}
	sum, claims, result := digest(sha256.Sum256(b.Bytes())), w.owned.at(e.Path), isRendered
	if len(claims) == 0 && (lies.kind == other || lies.kind == file && lies.size != int64(b.Len())) {
		return nil, isForeign, nil
	}
	switch lies.kind {
	case file:
		if !w.known[i] { // otherwise the state has the digest
			var err error
			if f.sum, err = hashFile(w.at(e.Path)); err != nil {
				return nil, isRendered, failed("read", path.Join(w.out.name, e.Path), err)
			}
		}
		switch {
		case f.sum == sum && len(claims) == 0:
			f.size, f.print = lies.size, lies.print
			return nil, isAdopted, nil
		case f.sum == sum:
			f.size, f.print = lies.size, lies.print
			return nil, isRendered, nil
		case len(claims) == 0:
			return nil, isForeign, nil
		case !claims.wrote(f.sum):
			result = isRestored
		}
	case other:
		result = isRestored
	}
	f.sum, f.size, f.print = sum, int64(b.Len()), source.Fingerprint{}
	err := w.stage(i, b.Bytes())
	w.staged[i] = err == nil
	return nil, result, err
}

func hashFile(name string) (digest, error) {
	f, err := os.Open(name)
	if err != nil {
		return digest{}, err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return digest{}, err
	}
	return digest(h.Sum(nil)), nil
}

func (o *Output) staging() string { return filepath.Join(o.home, "stage") }

// inStaging returns where an entry is staged: for a new output folder at its
// path, because staging becomes that folder; otherwise in a folder with few
// others, because files that are created in one folder wait for one another.
func (w *writing) inStaging(i int) string {
	if w.fresh {
		return filepath.Join(w.out.staging(), filepath.FromSlash(w.tree[i].Path))
	}
	return filepath.Join(w.out.staging(), strconv.Itoa(i/longRun), strconv.Itoa(i))
}

func (w *writing) makeStaging() error {
	if err := w.ask("make", "staging"); err != nil {
		return err
	}
	return failed("write", filepath.ToSlash(w.out.staging()), os.Mkdir(w.out.staging(), 0o777))
}

// clean removes staging, including that of a killed build.
func (w *writing) clean() error {
	if err := w.ask("clean", "staging"); err != nil {
		return err
	}
	return failed("remove", filepath.ToSlash(w.out.staging()), os.RemoveAll(w.out.staging()))
}

// stage writes a rendered entry into staging.
func (w *writing) stage(i int, b []byte) error {
	name := w.tree[i].Path
	if err := w.ask("stage", name); err != nil {
		return err
	}
	at := w.inStaging(i)
	print, err := writeNew(at, b)
	if errors.Is(err, fs.ErrNotExist) { // it is the first file of its folder
		if err = makeFolder(filepath.Dir(at), w.out.staging(), w.ask); err == nil {
			print, err = writeNew(at, b)
		}
	}
	if err != nil {
		return failed("write", path.Join(w.out.name, name), err)
	}
	w.files[i].print = print
	return nil
}

// makeFolder creates a folder below another one, and those between them. It calls
// ask before each.
func makeFolder(dir, top string, ask func(verb, name string) error) error {
	if err := ask("make", dir); err != nil {
		return err
	}
	err := os.Mkdir(dir, 0o777)
	if errors.Is(err, fs.ErrNotExist) && dir != top {
		if err = makeFolder(filepath.Dir(dir), top, ask); err == nil {
			err = os.Mkdir(dir, 0o777)
		}
	}
	if errors.Is(err, fs.ErrExist) {
		return nil // another worker created it
	}
	return err
}

// writeNew writes a file that does not exist yet, and returns its fingerprint.
func writeNew(name string, b []byte) (source.Fingerprint, error) {
	f, err := createNew(name)
	if err != nil {
		return source.Fingerprint{}, err
	}
	_, err = f.Write(b)
	info, e := f.Stat()
	if err = cmp.Or(err, e, f.Close()); err != nil {
		return source.Fingerprint{}, err
	}
	return FingerprintOf(info), nil
}

// inTheWay returns the problems with files and folders that are in the way of the
// tree and are not ours. renderOne finds foreign files at the paths of entries.
func (w *writing) inTheWay() (source.Problems, error) {
	ps := w.survey.problems(w.out.name, w.tree, w.early)
	for _, p := range w.early {
		if is, err := w.statusOf(p); err != nil {
			return nil, err
		} else if is == changed {
			ps = append(ps, foreignProblem(w.out.name, p))
		}
	}
	return ps, nil
}

func foreignProblem(out, p string) *source.Problem {
	return source.NewProblem(source.In(path.Join(out, p)), "foreign-file",
		"this file is in the way of the site, and privgen did not write it",
		"move it away or delete it, or choose another output folder with --out")
}

// fewer keeps the problems of the first foreign files and counts the others, so
// that a folder of another program is not listed file by file.
func fewer(out string, ps source.Problems) source.Problems {
	ps = ps.Sort()
	if len(ps) <= maxForeign+1 {
		return ps
	}
	return append(ps[:maxForeign:maxForeign], source.NewProblem(source.In(out), "foreign-file",
		fmt.Sprintf("%d more files are in the way, which privgen did not write", len(ps)-maxForeign),
		"empty the folder, or choose another output folder with --out"))
}
