package disk

import (
	"errors"
	"io/fs"

	"github.com/privgen/privgen/internal/source"
)

// refused is why a path of a site is not read, as the Problem that it is. It
// carries the name itself, since fs.Sub shortens the one of an fs.PathError.
type refused struct {
	problem *source.Problem
	err     error // what the system said, or nil
}

func (r *refused) Error() string {
	if r.err == nil {
		return r.problem.What
	}
	return r.problem.What + ": " + r.err.Error()
}

func (r *refused) Unwrap() error            { return r.err }
func (r *refused) Problem() *source.Problem { return r.problem }

// refuse makes the error of a path of a site that is unreadable in a way that
// the user can mend.
func refuse(op, name, what, do string) error {
	return &fs.PathError{Op: op, Path: name, Err: &refused{source.NewProblem(source.In(name), "unreadable", what, do), nil}}
}

func noPermission(name string) *source.Problem {
	return source.NewProblem(source.In(name), "unreadable", "this may not be read",
		"give yourself the right to read it, for instance with: chmod -R u+rX "+name)
}

// Explain gives the Problem that an error of reading a site is, or of Create
// when a file is there already. It gives nil when it is none that the user
// could mend in the site: then it is an error of the world. It knows the
// errors of a Site; those that have a method Problem; and of any fs.FS those
// of permission.
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
