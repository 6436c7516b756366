package archtest_test

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
)

// This file has the import rules: the packages, what each can import, which of
// them are pure, and which packages can import a third-party library.

// An importRule lists the packages that one package can import, by their paths
// below internal.
type importRule struct{ pkg, imports string }

// allowed has a rule for each package, bottom to top. A package can import only
// packages that are listed before it, so a cycle cannot be declared.
var allowed = []importRule{
	{"visible", ""},
	{"source", "visible"},
	{"tree", ""},
	{"day", ""},
	{"duty", "source day"},
	{"toml", "source day"},
	{"locale", "source day toml"},
	{"lang", ""},
	{"numbering", "lang"},
	{"complete", ""},
	{"normal", ""},
	{"lazyregexp", ""},
	{"subsequence", ""},
	{"parallel", ""},
	{"markdown/syntax", "source lazyregexp numbering"},
	{"markdown/lines", "markdown/syntax"},
	{"markdown/direction", "complete lazyregexp"},
	{"markdown", "visible source toml lang numbering complete normal lazyregexp markdown/syntax markdown/lines markdown/direction"},
	{"resolve", "source day toml markdown/lines"},
	{"config", "source day duty toml markdown"},
	{"policy", "source day duty toml resolve normal lazyregexp markdown"},
	{"record", "source day normal lazyregexp markdown policy"},
	{"redline", "visible source lang markdown subsequence"},
	{"redline/view", "visible source markdown redline"},
	{"theme", "source day toml locale policy redline lazyregexp"},
	{"themefile", "source toml lazyregexp theme"},
	{"site", "source tree day duty toml resolve lang locale markdown config policy record redline theme"},
	{"formats", ""},
	{"hostfile", "source config policy site"},
	{"pages", "source formats hostfile tree day locale normal lazyregexp markdown markdown/direction config policy record redline redline/view theme site"},
	{"notice", "source locale markdown markdown/direction policy redline redline/view theme site pages"},
	{"release", "source day duty toml normal markdown markdown/lines policy record redline site"},
	{"imports/dates", "day locale lang lazyregexp"},
	{"starter", "source day toml config policy site"},
	{"replica", "source normal markdown policy record"},
	{"passage", "source toml lang markdown policy site"},
	{"status", "source day duty lang markdown policy record passage redline redline/view site pages release imports/dates"},
	{"check", "source tree day locale lazyregexp markdown markdown/lines policy record site imports/dates status"},
	{"imports/webpage", "source day markdown numbering lazyregexp"},
	{"imports/textfile", "source day toml lang lazyregexp"},
	{"imports/history", "source subsequence day toml markdown resolve policy lang imports/dates lazyregexp imports/textfile"},
	{"imports/report", "source imports/history"},
	{"imports/choices", "source day toml imports/history lazyregexp"},
	{"imports/naming", "source lang lazyregexp"},
	{"imports/git", "source day lang imports/history lazyregexp imports/naming imports/textfile imports/webpage"},
	{"imports/snapshots", "source day lang markdown/lines imports/dates imports/history lazyregexp imports/naming imports/textfile imports/webpage"},
	{"disk", "source tree parallel"},
	{"watch", "source"},
	{"serve", "visible source tree"},
	{"gallery", "source toml config site pages"},
	{"preview", "gallery source policy record site pages disk watch serve"},
	{"measure", ""},
	{"buildinfo", ""},
	{"terminal", "visible source"},
	{"hint", ""},
	{"store", "source lazyregexp config parallel"},
	{"deploy", "source normal markdown config record store tree"},
	{"corpus", ""}, // for tests only: published policies from outside the repository
	{"archtest", ""},
}

// embedded are the packages that only embed files. Only the program imports
// them: other packages get an io/fs.FS.
var embedded = []string{"templates", "themes"}

// tools are the programs that measure privgen. They import only corpus.
var tools = []string{"bench", "bench/floor", "bench/site"}

// program imports every package except those for tests.
const program = "cmd/privgen"

// pure lists the packages without files, network, clock, or environment.
var pure = strings.Fields("visible source tree day toml resolve locale lang numbering complete normal markdown/syntax markdown/lines markdown/direction markdown config policy record redline redline/view theme themefile site pages release replica passage status check")

// impure lists what a pure package must not import: a package, or with /... a
// package and all packages below it.
var impure = strings.Fields("os/... net net/http/... net/rpc/... net/smtp log/... math/rand/... crypto/rand " +
	"io/ioutil path/filepath syscall runtime/debug context testing/...")

// clock lists the functions of package time whose results depend on the clock.
var clock = strings.Fields("Now Since Until Sleep After AfterFunc Tick NewTicker NewTimer")

// libraries lists the libraries that only some packages can import, so that each
// library could be replaced. With /... all packages below one can. Tests can import
// all libraries.
var libraries = []struct{ library, packages string }{
	{"github.com/yuin/goldmark", "markdown/..."},
	{"github.com/clipperhouse/uax29", "markdown"},
	{"znkr.io/diff", "redline"},
	{"github.com/BurntSushi/toml", "toml"},
	{"github.com/bep/golocales", "locale"},
	{"github.com/microcosm-cc/bluemonday", "markdown"},
	{"github.com/tdewolff/", "theme"},
	{"html/template", "theme pages"}, // pages for the type HTML of rendered Markdown
	{"text/template", "theme"},
	{"github.com/fsnotify/fsnotify", "watch"},
	{"github.com/minio/", "store"},
	{"github.com/pkg/sftp", "store"},
	{"golang.org/x/oauth2", "store"},
	{"github.com/spf13/", program},
	{"github.com/fatih/color", program},
	{"golang.org/x/term", program},
	{"golang.org/x/sync", "disk imports/history deploy " + program},
	{"golang.org/x/sys", "disk " + program},
	{"embed", "gallery starter locale lang notice numbering serve theme themefile imports/dates imports/git " + program + " " + strings.Join(embedded, " ")},
}

// shortName returns policy for internal/policy.
func shortName(dir string) string { return strings.TrimPrefix(dir, "internal/") }

func forbiddenImports(r *repo) (complaints []string) {
	plan := map[string][]string{program: nil}
	for _, t := range embedded {
		plan[t] = nil
	}
	for _, t := range tools {
		plan[t] = []string{"corpus"}
	}
	for i, d := range allowed {
		plan["internal/"+d.pkg] = strings.Fields(d.imports)
		for _, s := range strings.Fields(d.imports) {
			if !slices.ContainsFunc(allowed[:i], func(e importRule) bool { return e.pkg == s }) {
				complaints = append(complaints, fmt.Sprintf("allowed: %s must not import %s, which is not listed above it", d.pkg, s))
			}
		}
	}
	for _, f := range r.code() {
		imports, ok := plan[f.dir]
		if !ok {
			complaints = append(complaints, fmt.Sprintf("%s: no import rule for %s; add one to allowed, or move the code to an existing package", f.name, f.dir))
			continue
		}
		for _, imp := range f.Imports {
			to, ours := strings.CutPrefix(strings.Trim(imp.Path.Value, `"`), module)
			if !ours {
				continue
			}
			pkg, internal := strings.CutPrefix(to, "internal/")
			ok := internal && slices.Contains(imports, pkg)
			if f.dir == program {
				ok = pkg != "corpus" && pkg != "archtest"
			}
			if !ok {
				complaints = append(complaints, r.at(imp.Pos(), "%s must not import %s; pass what it has as a value", f.dir, to))
			}
		}
	}
	return complaints
}

func impureCode(r *repo) (complaints []string) {
	for _, f := range r.code() {
		if !slices.Contains(pure, shortName(f.dir)) {
			continue
		}
		for _, imp := range f.Imports {
			p := strings.Trim(imp.Path.Value, `"`)
			if slices.ContainsFunc(impure, func(pattern string) bool { return matches(pattern, p) }) {
				complaints = append(complaints, r.at(imp.Pos(), "a pure package must not import %s; pass a value or an io/fs.FS instead", p))
			}
		}
		ast.Inspect(f.File, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(clock, s.Sel.Name) {
					complaints = append(complaints, r.at(n.Pos(), "a pure package must not use time.%s; pass the time as a value", s.Sel.Name))
				}
			}
			return true
		})
	}
	return complaints
}

// matches reports whether a package is the one of a pattern, or one below it
// when the pattern ends in /...
func matches(pattern, pkg string) bool {
	above, all := strings.CutSuffix(pattern, "/...")
	return pkg == above || all && strings.HasPrefix(pkg, above+"/")
}

func forbiddenLibraries(r *repo) (complaints []string) {
	for _, f := range r.code() {
		if slices.Contains(tools, f.dir) {
			continue // the baseline may use the same libraries
		}
		for _, imp := range f.Imports {
			p := strings.Trim(imp.Path.Value, `"`)
			for _, w := range libraries {
				in := strings.HasSuffix(w.library, "/") && strings.HasPrefix(p, w.library)
				if !in && !matches(w.library+"/...", p) {
					continue
				}
				if !slices.ContainsFunc(strings.Fields(w.packages), func(pattern string) bool { return matches(pattern, shortName(f.dir)) }) {
					complaints = append(complaints, r.at(imp.Pos(), "only %s can import %s; add what %s needs there",
						strings.Join(strings.Fields(w.packages), " and "), p, path.Base(f.dir)))
				}
			}
		}
	}
	return complaints
}
