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
	floor, pages, full, cp         series
	nothing, findOut, findAll, one series
}

func (b *bench) build() ([]row, error) {
	site, err := b.makeSite("large", b.versions)
	if err != nil {
		return nil, err
	}
	var s builds
	for i := range b.rounds {
		b.say("build, round %d of %d", i+1, b.rounds)
		if err := b.buildRound(site, i, &s); err != nil {
			return nil, err
		}
	}
	of := fmt.Sprintf(", %d versions", b.versions)
	return []row{
		{what: "full build" + of, took: s.full, against: "the floor", other: s.floor, aim: "under 1; 0.5 is aimed at"},
		{what: "the same, pages only", took: s.pages, against: "the floor", other: s.floor},
		{what: "full build" + of, took: s.full, against: "`cp -r` of its output", other: s.cp},
		{what: "nothing changed", took: s.nothing, against: "`find` with stat, the output", other: s.findOut,
			aim: "at most 2"},
		{what: "nothing changed", took: s.nothing, against: "the same, output and texts", other: s.findAll},
		{what: "one clause edited", took: s.one, against: "full build", other: s.full, aim: "under 0.01"},
	}, nil
}

// buildRound measures everything once, in new folders, and removes them.
func (b *bench) buildRound(site string, round int, s *builds) error {
	floor, pages, full, copied := b.fresh("floor.out"), b.fresh("pages.out"), b.fresh("full.out"), b.fresh("copy.out")
	settle()
	if err := s.floor.do("", filepath.Join(b.dir, "floor"), filepath.Join(site, "content"), floor); err != nil {
		return err
	}
	b.fresh("floor.out")
	settle()
	if err := s.pages.do(site, b.privgen, "build", "--quiet", "--config", "pages.toml", "--out", pages); err != nil {
		return err
	}
	b.fresh("pages.out")
	settle()
	if err := s.full.do(site, b.privgen, "build", "--quiet", "--out", full); err != nil {
		return err
	}
	settle()
	if err := s.cp.do("", "cp", "-r", full, copied); err != nil {
		return err
	}
	b.fresh("copy.out")
	for range short {
		settle()
		if err := s.nothing.do(site, b.privgen, "build", "--quiet", "--out", full); err != nil {
			return err
		}
		if err := s.findOut.do("", "find", full, "-type", "f", "-printf", "%s %T@\n"); err != nil {
			return err
		}
		if err := s.findAll.do("", "find", full, filepath.Join(site, "content"), "-type", "f", "-printf",
			"%s %T@\n"); err != nil {
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
	b.fresh("full.out")
	return nil
}

// fresh returns the name of a folder that does not exist, and removes privgen's
// state for it.
func (b *bench) fresh(name string) string {
	os.RemoveAll(filepath.Join(b.dir, name))
	os.RemoveAll(filepath.Join(b.dir, ".privgen", name))
	return filepath.Join(b.dir, name)
}

// edited calls do while one of the texts has an additional sentence, in another
// text each time.
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
	err = os.WriteFile(name, append(text, "\n\nThis sentence was added.\n"...), 0o666)
	if err == nil {
		err = do()
	}
	if err == nil {
		err = os.WriteFile(name, text, 0o666)
	}
	old := time.Now().Add(-time.Hour)
	if err == nil {
		err = os.Chtimes(name, old, old)
	}
	return err
}

// growth compares a quarter of the site with the whole.
func (b *bench) growth() ([]row, error) {
	large, err := b.makeSite("large", b.versions)
	if err != nil {
		return nil, err
	}
	small, err := b.makeSite("quarter", b.versions/4)
	if err != nil {
		return nil, err
	}
	var whole, quarter series
	for i := range b.rounds {
		b.say("growth, round %d of %d", i+1, b.rounds)
		settle()
		if err := quarter.do(small, b.privgen, "build", "--quiet", "--out", b.fresh("quarter.out")); err != nil {
			return nil, err
		}
		settle()
		if err := whole.do(large, b.privgen, "build", "--quiet", "--out", b.fresh("whole.out")); err != nil {
			return nil, err
		}
	}
	b.fresh("quarter.out")
	b.fresh("whole.out")
	return []row{{what: fmt.Sprintf("full build, %d versions", b.versions), took: whole,
		against: fmt.Sprintf("full build, %d versions", b.versions/4), other: quarter, aim: "at most 4.3"}}, nil
}
