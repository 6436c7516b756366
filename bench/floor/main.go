// Floor measures the minimal cost of a site of policies. It renders every version
// with goldmark (GFM, no ids) on two workers and writes it in a constant frame.
// It has no templates, contents lists, indexes, other formats, or caches. Benchmarks
// print privgen's cost as a multiple of it.
//
// usage: floor CONTENT OUT
package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

const workers = 2

const head = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Policy</title>
<link rel="stylesheet" href="/style.css">
<main>
`

const foot = `</main>
</html>
`

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: floor CONTENT OUT")
		os.Exit(2)
	}
	if err := build(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "floor:", err)
		os.Exit(1)
	}
}

func build(content, out string) error {
	names := make(chan string, 64)
	failed := make([]error, workers)
	var group sync.WaitGroup
	for i := range workers {
		group.Go(func() {
			md := goldmark.New(goldmark.WithExtensions(extension.GFM))
			var page bytes.Buffer
			for name := range names {
				if err := draw(md, &page, content, out, name); err != nil && failed[i] == nil {
					failed[i] = err
				}
			}
		})
	}
	err := filepath.WalkDir(content, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(name, ".md") {
			names <- name
		}
		return err
	})
	close(names)
	group.Wait()
	for _, e := range failed {
		if err == nil {
			err = e
		}
	}
	return err
}

func draw(md goldmark.Markdown, page *bytes.Buffer, content, out, name string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if rest, ok := bytes.CutPrefix(text, []byte("+++\n")); ok {
		_, text, _ = bytes.Cut(rest, []byte("\n+++\n"))
	}
	page.Reset()
	page.WriteString(head)
	if err := md.Convert(text, page); err != nil {
		return err
	}
	page.WriteString(foot)
	rel, err := filepath.Rel(content, strings.TrimSuffix(name, ".md"))
	if err != nil {
		return err
	}
	dir := filepath.Join(out, rel)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "index.html"), page.Bytes(), 0o666)
}
