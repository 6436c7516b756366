package disk

import (
	"errors"
	"io/fs"

	"github.com/privgen/privgen/internal/source"
)

// refuse returns the error for a path of a site that cannot be read for a reason
// that the user can fix.
func refuse(op, name, what, do string) error {
	return pathError(op, source.NewProblem(source.In(name), "unreadable", what, do))
}

// pathError returns an fs.PathError that wraps a problem. fs.Sub shortens the
// name in it, but not the one in the problem.
func pathError(op string, p *source.Problem) error {
	return &fs.PathError{Op: op, Path: p.File, Err: p}
}

// fileExists returns the error for an existing file that is not overwritten.
func fileExists(name, do string) error {
	p := source.NewProblem(source.In(name), "file-exists", "there is a file of this name already", do)
	p.Cause = fs.ErrExist
	return pathError("create", p)
}

func noPermission(name string) *source.Problem {
	return source.NewProblem(source.In(name), "unreadable", "this may not be read",
		"give yourself the right to read it, for example with: chmod -R u+rX "+name)
}

// Explain returns the Problem of an error from rendering, from reading a site,
// or from Create, Add, or Commit if a file exists. It returns nil for an
// environment error, which the user cannot fix in the site. It recognizes
// permission errors of any fs.FS.
func Explain(err error) *source.Problem {
	if p := source.ProblemOf(err); p != nil {
		return p
	}
	if pe, ok := errors.AsType[*fs.PathError](err); ok && errors.Is(pe.Err, fs.ErrPermission) {
		return noPermission(pe.Path)
	}
	return nil
}
