package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// This file measures builds of the large site.

// short is how often a short command runs in a round.
const short = 3

// builds collects the results of all rounds.
type builds struct {
	floor, hugo, plain, full series
	nothing, find, one       series
	size, files, garbage     int // of the full build: bytes, number, CPU time in percent
}

func (b *bench) build() ([]row, error) {
	site, err := b.makeSite("large", b.versions)
	if err != nil {
		return nil, err
	}
	if err := b.makeHugo(); err != nil {
		return nil, err
	}
	var s builds
	for i := range b.rounds {
		b.say("build, round %d of %d", i+1, b.rounds)
		if err := b.buildRound(site, i, &s); err != nil {
			return nil, err
		}
	}
	texts, _, err := sizeOf(filepath.Join(site, "content"))
	if err != nil {
		return nil, err
	}
	full := fmt.Sprintf("full build, %d versions", b.versions)
	rows := []row{{what: full, took: s.full, against: "the floor", other: s.floor, aim: "at most 2.0"}}
	if b.hugo != "" {
		rows = append(rows,
			row{what: full, took: s.full, against: "Hugo, without redlines", other: s.hugo, aim: "at most 1.0"},
			row{what: "without redlines and other formats", took: s.plain, against: "Hugo", other: s.hugo,
				aim: "at most 0.5"})
	}
	return append(rows,
		row{what: "memory and garbage collection of the full build", aim: "at most 400 MiB; under 10 %",
			text: fmt.Sprintf("%s; %d %% of CPU time", mebibytes(s.full.of(memory)), s.garbage)},
		row{what: "output against texts", aim: fmt.Sprintf("at most 4; %d", 42*b.versions/10),
			text: fmt.Sprintf("%.1f times, %d MB; %d files", float64(s.size)/float64(texts), s.size/1e6, s.files)},
		row{what: "nothing changed", took: s.nothing, against: "`find` with stat, output and texts", other: s.find,
			aim: "at most 1.5"},
		row{what: "one version edited", took: s.one, against: "full build", other: s.full, aim: "at most 0.5 s"},
	), nil
}

// buildRound measures everything once, in new folders.
func (b *bench) buildRound(site string, round int, s *builds) error {
	content, full := filepath.Join(site, "content"), b.fresh("full")
	settle()
	if err := s.floor.do("", filepath.Join(b.dir, "floor"), content, b.fresh("floor")); err != nil {
		return err
	}
	if b.hugo != "" {
		settle()
		if err := s.hugo.do(filepath.Join(b.dir, "hugo"), b.hugo, "--quiet", "--contentDir", content, "--destination",
			b.fresh("hugo")); err != nil {
			return err
		}
	}
	settle()
	if err := s.plain.do(site, b.privgen, "build", "--quiet", "--config", "plain.toml", "--out",
		b.fresh("plain")); err != nil {
		return err
	}
	settle()
	timings, err := s.full.said(site, b.privgen, "build", "--quiet", "--timings", "--out", full)
	if err != nil {
		return err
	}
	_, after, _ := strings.Cut(timings, "garbage collection: ")
	fmt.Sscan(after, &s.garbage)
	if s.size, s.files, err = sizeOf(full); err != nil {
		return err
	}
	for range short {
		settle()
		if err := s.nothing.do(site, b.privgen, "build", "--quiet", "--out", full); err != nil {
			return err
		}
		if err := s.find.do("", "find", full, content, "-type", "f", "-printf", "%s %T@\n"); err != nil {
			return err
		}
	}
	for i := range short {
		settle()
		if err := b.edited(site, round*short+i, func() error {
			return s.one.do(site, b.privgen, "build", "--quiet", "--out", full)
		}); err != nil {
			return err
		}
	}
	return nil
}

// sizeOf returns the bytes and the number of the files in a folder, without
// privgen's own.
func sizeOf(dir string) (size, files int, err error) {
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == ".privgen" {
			return err
		}
		info, err := d.Info()
		if err == nil {
			size, files = size+int(info.Size()), files+1
		}
		return err
	})
	return size, files, err
}

// fresh returns the name of a folder that does not exist, and for which privgen has
// no state. Folders are removed only at the end, because ext4 does not reuse inodes
// just freed, and its search for others takes 8 s of system time for 1,000 versions.
func (b *bench) fresh(name string) string {
	b.outputs++
	return filepath.Join(b.dir, fmt.Sprintf("%s-%d", name, b.outputs))
}

// edited calls do while one of the texts has an additional sentence, a different
// text for each n.
func (b *bench) edited(site string, n int, do func() error) error {
	var names []string
	err := filepath.WalkDir(filepath.Join(site, "content"), func(name string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(name, ".md") {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		return err
	}
	slices.Sort(names)
	name := names[(n*104_729+len(names)/2)%len(names)]
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if err := os.WriteFile(name, append(text, "\n\nThis sentence was added.\n"...), 0o666); err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	if err := os.WriteFile(name, text, 0o666); err != nil {
		return err
	}
	old := time.Now().Add(-time.Hour)
	return os.Chtimes(name, old, old)
}

// growth compares the site with one of four times as many versions.
func (b *bench) growth() ([]row, error) {
	return b.double("growth", "full build, %d versions", "at most 4.5 for 4.2 times; 600 MiB", b.versions, 4*b.versions)
}

// single compares sites whose policies have one version.
func (b *bench) single() ([]row, error) {
	return b.double("single", "%d policies of one version", "linear within 15 %", b.versions*2/5, b.versions*4/5,
		b.versions*8/5)
}

// double compares builds of sites of different sizes, each with the one before.
func (b *bench) double(name, what, aim string, sizes ...int) ([]row, error) {
	took := make([]series, len(sizes))
	for i := range b.rounds {
		b.say("%s, round %d of %d", name, i+1, b.rounds)
		for k, n := range sizes {
			each := n
			if name == "single" {
				each = 1
			}
			site, err := b.makeSite(fmt.Sprintf("%s-%d", name, n), n, "--each", fmt.Sprint(min(each, b.versions/10)))
			if err != nil {
				return nil, err
			}
			settle()
			if err := took[k].do(site, b.privgen, "build", "--quiet", "--out", b.fresh("grown")); err != nil {
				return nil, err
			}
		}
	}
	var rows []row
	for k := range sizes[1:] {
		rows = append(rows, row{what: fmt.Sprintf(what, sizes[k+1]), took: took[k+1],
			against: fmt.Sprintf(what, sizes[k]), other: took[k], aim: aim})
	}
	return rows, nil
}
