package disk_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/source"
)

func TestOpenOutput(t *testing.T) {
	t.Parallel()
	// The site is at work/site. do prepares files; out is relative to the site.
	cases := []struct {
		name string
		do   func(site string)
		out  string
		want string // place, code and sentence; "" is no problem
	}{
		{"new folder", nil, "public", ""},
		{"new folders", nil, "a/b/public", ""},
		{"existing folder", func(s string) { os.Mkdir(s+"/public", 0o777) }, "public", ""},
		{"elsewhere", nil, "../out", ""},
		{"symlink to a folder", func(s string) { os.Mkdir(s+"/../www", 0o777); os.Symlink("../www", s+"/public") }, "public",
			`public:1:1 output-not-folder the site cannot be written to "public": "public" is a symlink, and nothing is written through the symlinks of a site`},
		{"symlink beside the site", func(s string) { os.Mkdir(s+"/../www", 0o777); os.Symlink("www", s+"/../link") }, "../link", ""},
		{"name that begins like a source", nil, "content2", ""},
		{"the site", nil, ".", `.:1:1 output-is-source the site cannot be written to ".": this is the site's own folder, or one above it`},
		{"above the site", nil, "..", `WORK:1:1 output-is-source the site cannot be written to "WORK": this is the site's own folder, or one above it`},
		{"content", nil, "content", `content:1:1 output-is-source the site cannot be written to "content": this is in the folder "content" of the site`},
		{"in templates, which are not there", nil, "templates/x", `templates/x:1:1 output-is-source the site cannot be written to "templates/x": this is in the folder "templates" of the site`},
		{"in themes", nil, "themes/a/b", `themes/a/b:1:1 output-is-source the site cannot be written to "themes/a/b": this is in the folder "themes" of the site`},
		{"the repository", nil, ".git/x", `.git/x:1:1 output-is-source the site cannot be written to ".git/x": this is in the folder ".git" of the site`},
		{"state", nil, ".privgen", `.privgen:1:1 output-is-source the site cannot be written to ".privgen": this is in the folder ".privgen" of the site`},
		{"symlink to the site", func(s string) { os.Symlink("..", s+"/public") }, "public",
			`public:1:1 output-not-folder the site cannot be written to "public": "public" is a symlink, and nothing is written through the symlinks of a site`},
		{"symlink into content", func(s string) { os.Symlink("content", s+"/x") }, "x/y",
			`x/y:1:1 output-not-folder the site cannot be written to "x/y": "x" is a symlink, and nothing is written through the symlinks of a site`},
		{"another site", func(s string) { os.MkdirAll(s+"/../b", 0o777); os.WriteFile(s+"/../b/privgen.toml", nil, 0o666) }, "../b",
			`WORK/b:1:1 output-is-source the site cannot be written to "WORK/b": there is a privgen.toml in it, so it is the source of a site`},
		{"file", func(s string) { os.WriteFile(s+"/public", nil, 0o666) }, "public", `public:1:1 output-not-folder the site cannot be written to "public": "public" is a file`},
		{"file above", func(s string) { os.WriteFile(s+"/a", nil, 0o666) }, "a/b/c", `a/b/c:1:1 output-not-folder the site cannot be written to "a/b/c": "a" is a file`},
		{"symlink to nothing", func(s string) { os.Symlink("nowhere", s+"/public") }, "public", `public:1:1 output-not-folder the site cannot be written to "public": "public" is a symlink that leads nowhere`},
		{"in another output", func(s string) { os.Mkdir(s+"/public", 0o777); os.WriteFile(s+"/public/.privgen", nil, 0o666) }, "public/legal",
			`public/legal:1:1 output-in-output the site cannot be written to "public/legal": this is in a folder that another site is written to`},
		{"above another output", func(s string) { os.MkdirAll(s+"/public/.privgen/legal", 0o777) }, "public",
			`public:1:1 output-in-output the site cannot be written to "public": another site is written to a folder in it`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			work, err := filepath.EvalSymlinks(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			site := filepath.Join(work, "site")
			put(t, site+"/privgen.toml", "")
			put(t, site+"/content/a.md", "")
			if c.do != nil {
				c.do(site)
			}
			o, p, err := disk.OpenOutput(disk.Place{Site: site, Out: filepath.Join(site, c.out)})
			if err != nil {
				t.Fatal(err)
			}
			have := ""
			if p != nil {
				have = strings.ReplaceAll(fmt.Sprint(p.Pos, " ", p.Code, " ", p.What), filepath.ToSlash(work), "WORK")
			} else {
				o.Close()
			}
			if have != c.want {
				t.Errorf("have %s\nwant %s", have, c.want)
			}
		})
	}
}

func TestOpenOutputPlace(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	_, p, _ := disk.OpenOutput(disk.Place{Site: dir, Out: filepath.Join(dir, "content"), At: source.Pos{File: "privgen.toml", Line: 7, Col: 10}})
	if p == nil || p.Pos.String() != "privgen.toml:7:10" {
		t.Errorf("have %v", p)
	}
}

// The state of an output outside the site is in the site, and nothing is beside the
// output. Its parent folders are created.
func TestOutputOutside(t *testing.T) {
	t.Parallel()
	dir, www := folder(t), t.TempDir()
	pages := site{"index.html": "home", "privacy/index.html": "privacy"}
	for again := range 2 {
		o, p, err := disk.OpenOutput(disk.Place{Site: dir, Out: www + "/new/legal", Program: "test"})
		if p != nil || err != nil {
			t.Fatal(p, err)
		}
		if beside := o.Beside(); beside != "" {
			t.Errorf("the state is in %s", beside)
		}
		r, ps, err := o.Write(t.Context(), pages.tree(nil), disk.Options{})
		o.Close()
		if ps != nil || err != nil || r.Rendered != len(pages)*(1-again) {
			t.Fatal(r, ps, err)
		}
	}
	if list, _ := os.ReadDir(www + "/new"); len(list) != 1 || list[0].Name() != "legal" {
		t.Errorf("beside the output are %v", list)
	}
	if found, _ := filepath.Glob(dir + "/.privgen/legal-*/state"); len(found) != 1 {
		t.Errorf("the states in the site are %q", found)
	}
}

func TestLock(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	o := open(t, dir, "test")
	// The second opens the same folder through a symlink.
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir+"/public", link); err != nil {
		t.Fatal(err)
	}
	os.Mkdir(dir+"/public", 0o777)
	second := disk.Place{Site: dir, Out: link}
	_, p, err := disk.OpenOutput(second)
	want := fmt.Sprintf(link+" is being written by another privgen, process %d\n\twait until it is done, or stop it", os.Getpid())
	if p != nil || err == nil || err.Error() != want {
		t.Errorf("have %v, %v\nwant %s", p, err, want)
	}
	o.Close()
	if o, p, err = disk.OpenOutput(second); p != nil || err != nil {
		t.Fatal(p, err)
	}
	o.Close()
	if b, _ := os.ReadFile(dir + "/.privgen/.gitignore"); string(b) != "*\n" {
		t.Errorf("the folder would be committed: %q", b)
	}
}
