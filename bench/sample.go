package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// This file measures the sample site, which is the size of most sites.

// starts is how often the sample site is built.
const starts = 20

func (b *bench) sample() ([]row, error) {
	var first, again, version series
	for i := range starts {
		if i%5 == 0 {
			settle()
		}
		out := b.fresh("sample")
		for _, s := range []*series{&first, &again} {
			if err := s.do(b.repo, b.privgen, "build", "--quiet", "--out", out); err != nil {
				return nil, err
			}
		}
		if err := version.do(b.repo, b.privgen, "version"); err != nil {
			return nil, err
		}
	}
	return []row{
		{what: "sample site, first build", took: first, against: "`privgen version`", other: version,
			aim: "at most 50 ms"},
		{what: "sample site, nothing changed", took: again, against: "`privgen version`", other: version,
			aim: "at most 20 ms"},
	}, nil
}

var sheet = regexp.MustCompile(`<link rel="stylesheet" href="([^"]+)"`)

// page measures the compressed size of a policy page and its style sheets.
func (b *bench) page() ([]row, error) {
	out := b.fresh("page")
	var s series
	if err := s.do(b.repo, b.privgen, "build", "--quiet", "--out", out); err != nil {
		return nil, err
	}
	html, err := os.ReadFile(filepath.Join(out, "privacy", "index.html"))
	if err != nil {
		return nil, err
	}
	parts := [][]byte{html}
	for _, m := range sheet.FindAllSubmatch(html, -1) {
		name := string(m[1])
		css, err := os.ReadFile(filepath.Join(out, filepath.FromSlash(name[strings.Index(name, "/assets/"):])))
		if err != nil {
			return nil, err
		}
		parts = append(parts, css)
	}
	said := "sample policy page with CSS, %s"
	rows := []row{
		{what: fmt.Sprintf(said, "plain"), text: sizes(parts, func(p []byte) int { return len(p) })},
		{what: fmt.Sprintf(said, "gzip"), text: sizes(parts, gzipped), aim: "under 14 KB"},
	}
	if brotli := sizes(parts, brotlied); brotli != "" {
		rows = append(rows, row{what: fmt.Sprintf(said, "brotli"), text: brotli, aim: "under 14 KB"})
	}
	return rows, nil
}

// sizes adds the sizes of the page and its style sheets; it returns "" if one
// is unknown.
func sizes(parts [][]byte, size func([]byte) int) string {
	var each []string
	sum := 0
	for _, p := range parts {
		n := size(p)
		if n < 0 {
			return ""
		}
		sum += n
		each = append(each, fmt.Sprint(n))
	}
	return fmt.Sprintf("%d bytes (%s)", sum, strings.Join(each, " + "))
}

func gzipped(p []byte) int {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is valid
	w.Write(p)
	w.Close()
	return b.Len()
}

// brotlied returns the size that node computes, which has brotli built in, or -1.
func brotlied(p []byte) int {
	c := exec.Command("node", "-e",
		`process.stdout.write(String(require("zlib").brotliCompressSync(require("fs").readFileSync(0)).length))`)
	c.Stdin = bytes.NewReader(p)
	out, err := c.Output()
	n := -1
	if err == nil {
		fmt.Sscan(string(out), &n)
	}
	return n
}
