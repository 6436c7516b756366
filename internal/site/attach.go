package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"strings"

	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/source"
)

// An attachment is a file beside the texts that some text shows or links to.
// It is published under a name that holds its digest, like a theme's assets:
// a text of last year goes on showing the image of last year.
type attachment struct {
	path  string // in the tree
	media string
	sum   [sha256.Size]byte // of what pages show, whatever the file holds later
}

// attach finds the files that texts show or link to.
func (s *Site) attach(in Input, last *Site) source.Problems {
	var problems source.Problems
	s.files = map[string]attachment{}
	for _, p := range s.Library.Policies {
		for t := range p.Texts() {
			for _, r := range t.Refs {
				to, ok := s.Library.Resolve(t, r.Dest)
				if !ok || to.File == "" {
					continue
				}
				if _, known := s.files[to.File]; known {
					continue
				}
				if last != nil && !in.Changed.Touch(to.File) {
					if f, known := last.files[to.File]; known {
						s.files[to.File] = f
						continue
					}
				}
				content, err := s.Library.ReadFile(to.File)
				if err != nil {
					problems = append(problems, source.ReadProblem(to.File, err))
					continue
				}
				sum := sha256.Sum256(content)
				s.files[to.File] = attachment{assetPath(to.File, sum), mediaType(to.File), sum}
			}
		}
	}
	return problems
}

// assetPath names a file by what it holds.
func assetPath(name string, sum [sha256.Size]byte) string {
	ext := path.Ext(name)
	stem := strings.TrimSuffix(path.Base(name), ext)
	stem = strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, stem), "-")
	if stem == "" {
		stem = "file"
	}
	return "assets/" + stem + "." + hex.EncodeToString(sum[:6]) + strings.ToLower(ext)
}

func (p *plan) drawFile(name string) drawing {
	return func(b *bytes.Buffer) error {
		content, err := p.Library.ReadFile(name)
		if err != nil {
			return err
		}
		if sha256.Sum256(content) != p.files[name].sum {
			return fmt.Errorf("read %s: %w", name, policy.ErrChanged)
		}
		b.Write(content)
		return nil
	}
}
