package disk

import (
	"errors"
	"io/fs"

	"github.com/privgen/privgen/internal/source"
)

// refused is why a path of a site is not read, as a Problem. It contains the
// name, because fs.Sub shortens the one in an fs.PathError.
type refused struct {
	problem *source.Problem
	err     error // the system's error, or nil
}

func (r *refused) Error() string {
	if r.err == nil {
		return r.problem.What
	}
	return r.problem.What + ": " + r.err.Error()
}

func (r *refused) Unwrap() error            { return r.err }
func (r *refused) Problem() *source.Problem { return r.problem }

// refuse returns the error of a path of a site that is unreadable for a reason
// that the user can fix.
func refuse(op, name, what, do string) error {
	return &fs.PathError{Op: op, Path: name, Err: &refused{source.NewProblem(source.In(name), "unreadable", what, do),
		nil}}
}

func noPermission(name string) *source.Problem {
	return source.NewProblem(source.In(name), "unreadable", "this may not be read",
		"give yourself the right to read it, for instance with: chmod -R u+rX "+name)
}

// Explain returns the Problem of an error of reading a site, or of Create if a
// file exists. It returns nil if the user cannot fix the error in the site,
// which makes it an environment error. It knows the errors of a Site, those
// with a method Problem, and permission errors of any fs.FS.
func Explain(err error) *source.Problem {
	var p interface{ Problem() *source.Problem }
	if errors.As(err, &p) {
		return p.Problem()
	}
	pe := new(fs.PathError)
	if errors.As(err, &pe) && errors.Is(pe.Err, fs.ErrPermission) {
		return noPermission(pe.Path)
	}
	return nil
}
