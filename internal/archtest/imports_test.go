package archtest_test

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
)

// This file holds the floor plan: which rooms there are, what each may look
// into, which of them are pure, and where each library is seen.

// A door lists what one room may look into, by the names of rooms in internal.
type door struct{ room, sees string }

// doors is the floor plan. Rooms are listed bottom to top, and a room may only
// look into rooms listed before it, so a cycle cannot be written down. Rooms
// that are not built yet have their door already.
var doors = []door{
	{"source", ""},
	{"tree", ""},
	{"day", ""},
	{"toml", "source day"},
	{"resolve", "source day toml"},
	{"locale", "source day toml"},
	{"lang", ""},
	{"markdown", "source toml"},
	{"config", "source day toml markdown"},
	{"policy", "source day toml resolve markdown"},
	{"record", "source day markdown policy"},
	{"redline", "source lang markdown"},
	{"theme", "source day toml locale policy redline"},
	{"site", "source tree day toml resolve locale markdown config policy record redline theme"},
	{"imports/lazyregexp", ""},
	{"imports/dates", "day locale imports/lazyregexp"},
	{"imports/webpage", "source day markdown imports/lazyregexp"},
	{"imports/textfile", "source day lang imports/lazyregexp"},
	{"imports/history", "source day markdown resolve policy lang imports/dates imports/lazyregexp imports/textfile"},
	{"imports/naming", "source lang imports/history imports/lazyregexp"},
	{"imports/git", "source lang imports/history imports/lazyregexp imports/naming imports/textfile imports/webpage"},
	{"imports/snapshots", "source day lang imports/dates imports/history imports/lazyregexp imports/naming imports/textfile imports/webpage"},
	{"disk", "source tree"},
	{"watch", "source"},
	{"serve", "source tree"},
	{"deploy", "config tree"},
	{"corpus", ""}, // for tests alone: published policies from outside the repository
	{"archtest", ""},
}

// texts are the packages at the root. They embed files and do nothing else,
// and only the program sees them: rooms are given an io/fs.FS.
var texts = []string{"content", "templates", "themes"}

// tools are programs for those who work on privgen: they measure it. Of its
// rooms they see corpus only.
var tools = []string{"bench", "bench/floor", "bench/site"}

// program is the one package that sees everything, but what is for tests.
const program = "cmd/privgen"

// pure are the rooms that take values and give values.
var pure = strings.Fields("source tree day toml resolve locale lang markdown config policy record redline theme site")

// impure is what a pure room may not import: a package, or with /... all below
// it too.
var impure = strings.Fields("os/... net net/http/... net/rpc/... net/smtp log/... math/rand/... crypto/rand " +
	"io/ioutil path/filepath syscall runtime/debug context testing/...")

// clock is what package time offers that is not a function of its arguments.
var clock = strings.Fields("Now Since Until Sleep After AfterFunc Tick NewTicker NewTimer")

// walls are the libraries that few rooms may see, so that one could be replaced
// without the others noticing. The rooms of tests are free.
var walls = []struct{ library, rooms string }{
	{"github.com/yuin/goldmark", "markdown"},
	{"github.com/clipperhouse/uax29", "markdown"},
	{"znkr.io/diff", "redline"},
	{"github.com/BurntSushi/toml", "toml imports/textfile"}, // textfile reads what other programs wrote, and is not strict
	{"github.com/bep/golocales", "locale"},
	{"github.com/microcosm-cc/bluemonday", "markdown"},
	{"github.com/tdewolff/", "theme"},
	{"html/template", "theme site"}, // site for the type HTML of what markdown has set
	{"text/template", "theme"},
	{"github.com/fsnotify/fsnotify", "watch"},
	{"github.com/minio/", "deploy"},
	{"github.com/pkg/sftp", "deploy"},
	{"golang.org/x/oauth2", "deploy"},
	{"github.com/spf13/", program},
	{"github.com/fatih/color", program},
	{"golang.org/x/term", program},
	{"golang.org/x/sync", "disk imports/history deploy " + program},
	{"golang.org/x/sys", "disk " + program},
	{"embed", "locale serve " + program + " " + strings.Join(texts, " ")},
}

// roomName gives the short name of a folder: policy for internal/policy.
func roomName(room string) string { return strings.TrimPrefix(room, "internal/") }

func brokenDoors(r *repo) (complaints []string) {
	plan := map[string][]string{program: nil}
	for _, t := range texts {
		plan[t] = nil
	}
	for _, t := range tools {
		plan[t] = []string{"corpus"}
	}
	for i, d := range doors {
		plan["internal/"+d.room] = strings.Fields(d.sees)
		for _, s := range strings.Fields(d.sees) {
			if !slices.ContainsFunc(doors[:i], func(e door) bool { return e.room == s }) {
				complaints = append(complaints, fmt.Sprintf("doors: %s may not look up into %s", d.room, s))
			}
		}
	}
	for _, f := range r.code() {
		sees, ok := plan[f.room]
		if !ok {
			complaints = append(complaints, fmt.Sprintf("%s: %s is not on the floor plan; add it to doors, or fold it into a room that exists", f.name, f.room))
			continue
		}
		for _, imp := range f.Imports {
			to, ours := strings.CutPrefix(strings.Trim(imp.Path.Value, `"`), module)
			if !ours {
				continue
			}
			room, inside := strings.CutPrefix(to, "internal/")
			allowed := inside && slices.Contains(sees, room)
			if f.room == program {
				allowed = room != "corpus" && room != "archtest"
			}
			if !allowed {
				complaints = append(complaints, r.at(imp.Pos(), "%s must not import %s; take what it has as a value", f.room, to))
			}
		}
	}
	return complaints
}

func brokenPurity(r *repo) (complaints []string) {
	for _, f := range r.code() {
		if !slices.Contains(pure, roomName(f.room)) {
			continue
		}
		for _, imp := range f.Imports {
			p := strings.Trim(imp.Path.Value, `"`)
			if slices.ContainsFunc(impure, func(pattern string) bool { return matches(pattern, p) }) {
				complaints = append(complaints, r.at(imp.Pos(), "a pure room must not import %s; take a value or an io/fs.FS instead", p))
			}
		}
		ast.Inspect(f.File, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(clock, s.Sel.Name) {
					complaints = append(complaints, r.at(n.Pos(), "a pure room must not use time.%s; take the time as a value", s.Sel.Name))
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

func brokenWalls(r *repo) (complaints []string) {
	for _, f := range r.code() {
		if slices.Contains(tools, f.room) {
			continue // what they compare with may use the same library
		}
		for _, imp := range f.Imports {
			p := strings.Trim(imp.Path.Value, `"`)
			for _, w := range walls {
				in := strings.HasSuffix(w.library, "/") && strings.HasPrefix(p, w.library)
				if !in && !matches(w.library+"/...", p) {
					continue
				}
				if !slices.Contains(strings.Fields(w.rooms), roomName(f.room)) {
					complaints = append(complaints, r.at(imp.Pos(), "%s is seen in %s only; ask there for what %s needs",
						p, strings.Join(strings.Fields(w.rooms), " and "), path.Base(f.room)))
				}
			}
		}
	}
	return complaints
}
