package disk_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/pages"
	plan "github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/templates"
	"github.com/privgen/privgen/themes"
)

// This file tests all caches together: after any change of a site and its output,
// the next build writes the same bytes as a clean build, or has the same
// problems. A run has random rounds, which are the same for the same seed:
//
//	go test ./internal/disk -run TestIncremental -rounds 2000 -seed 7

var (
	rounds = flag.Int("rounds", 15, "how many times TestIncremental changes its site")
	seed   = flag.Uint64("seed", 1, "what TestIncremental draws its changes from")
)

// aSite is the site that TestIncremental begins with: small, with every kind of
// file that a page can use.
var aSite = site{
	"privgen.toml": "[site]\ntitle = \"Fernhill\"\nbase_url = \"https://fernhill.example/\"\ntime_zone = \"Europe/Berlin\"\n\n" +
		"[organization]\nname = \"Fernhill Ltd\"\n\n[redlines]\nagainst_current = 2\n\n[theme.settings]\nclause_history = true\n\n[values]\nyears = \"three\"\n",
	"content/_clauses/contact.md":      "## Contact {#contact}\n\nWrite to us at the mill.\n",
	"content/_data/cookies.toml":       "[[cookies]]\nname = \"a\"\nuse = \"login\"\n\n[[cookies]]\nname = \"b\"\nuse = \"count\"\n",
	"content/privacy/policy.toml":      "title = \"Privacy\"\nkind = \"privacy\"\ndescription = \"What we keep.\"\n[translations.de]\ntitle = \"Datenschutz\"\n",
	"content/privacy/2024-01-01.md":    "# Privacy\n\n## Data {#data}\n\nWe do not sell data. We keep it for one year.\n\n![Seal](seal.png)\n",
	"content/privacy/2025-01-01.md":    "+++\nsummary = \"Longer.\"\nreviewed = 2025-02-01\n+++\n# Privacy\n\n## Data {#data}\n\nWe do not sell data. We keep it for two years.\n\n![Seal](seal.png)\n",
	"content/privacy/2026-01-01.md":    "+++\nsummary = \"Longer again.\"\nlabel = \"3.0\"\n+++\n# Privacy\n\n## Data {#data}\n\nWe do not sell data. We keep it for {{values.years}} years.\n\n{{clause contact}}\n\n{{table cookies}}\n\n![Seal](seal.png) See [the terms](../terms.md#money).\n",
	"content/privacy/2026-01-01.de.md": "# Datenschutz\n\n## Daten {#data}\n\nWir verkaufen nichts.\n",
	"content/privacy/2026-09-01.md":    "+++\nsummary = \"To come.\"\n+++\n# Privacy\n\n## Data {#data}\n\nWe do not sell data, and keep none.\n",
	"content/privacy/seal.png":         "a seal, as a picture",
	"content/terms.md":                 "+++\neffective = 2025-06-01\n+++\n# Terms\n\n## Money {#money}\n\nNone. See [privacy](privacy.md#data) and [the form](form.pdf).\n",
	"content/form.pdf":                 "a form, as a document",
	"templates/footer.html":            "{{define \"footer\"}}<footer>Made at the mill.</footer>{{end}}\n",
	"templates/assets/own.css":         "p { color: red }\n",
	"templates/words/de.toml":          "effective = \"Gilt ab\"\n",
}

// edits lists groups of words that can replace each other, in any file.
var edits = [][]string{
	{"sell data", "sold data", "give away any data"}, {"one year", "six year", "about one year"}, {"two years", "ten years"}, {"the mill", "the pond", "the old mill"},
	{"Longer.", "Larger.", "It is longer now."}, {"2025-02-01", "2025-02-02"}, {"3.0", "3.1", "third"}, {"login", "logon"}, {"count", "sales"}, {"nichts", "wenig"},
	{"a seal", "a sign", "another seal"}, {"a form", "a memo"}, {"None.", "Some.", "Much, of course."}, {"Made at", "Born at"}, {"color: red", "color: tan"}, {"Gilt ab", "Gilt ob"},
	{"three", "seven"}, {"Fernhill Ltd", "Fernhill Inc"}, {"against_current = 2", "against_current = 1"}, {"clause_history = true", "clause_history = false"},
	{"What we keep.", "What we hold."}, {"Datenschutz\"", "Datenschotz\""}, {"## Money", "## Funds"}, {"{#money}", "{#funds}"}, {"Europe/Berlin", "Europe/Lisbon"},
}

// A growing site changes at random, and is compared after every one to three changes.
type growing struct {
	*testing.T
	*rand.Rand
	dir  string
	at   time.Time     // the day of the build
	skew time.Duration // how far the machine's clock is behind
	done []string      // what happened since the last comparison
	good bool          // the last build had no problem, and the output is up to date

	compared int // builds without a problem that were compared
}

func TestIncremental(t *testing.T) {
	t.Parallel()
	n := *rounds
	if testing.Short() {
		n /= 5
	}
	g := &growing{T: t, Rand: rand.New(rand.NewPCG(*seed, 0)), dir: t.TempDir(), at: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)}
	for name, text := range aSite {
		put(t, filepath.Join(g.dir, name), text)
		g.date(name, time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC))
	}
	g.compare()
	for round := range n {
		for range 1 + g.IntN(3) {
			g.change()
		}
		if g.compare(); !g.good {
			g.mend()
			g.compare()
		}
		if t.Failed() {
			t.Fatalf("in round %d of seed %d", round, *seed)
		}
	}
	if g.compared < n {
		t.Errorf("of the sites of %d rounds, %d could be built", n, g.compared)
	}
	t.Logf("compared %d builds", g.compared)
}

func (g *growing) say(format string, args ...any) {
	g.done = append(g.done, fmt.Sprintf(format, args...))
}

func (g *growing) date(name string, at time.Time) {
	if err := os.Chtimes(filepath.Join(g.dir, name), at, at); err != nil {
		g.Fatal(err)
	}
}

// files returns the names of the site's files that exist, or of the output's.
func (g *growing) files(output bool) []string {
	if output {
		all := contents(g.T, g.dir)
		delete(all, ".privgen")
		maps.DeleteFunc(all, func(name, _ string) bool { return strings.HasSuffix(name, "/") })
		names := slices.Sorted(maps.Keys(all))
		for i := range names {
			names[i] = "public/" + names[i]
		}
		return names
	}
	var names []string
	for _, name := range slices.Sorted(maps.Keys(aSite)) {
		if _, err := os.Stat(filepath.Join(g.dir, name)); err == nil {
			names = append(names, name)
		}
	}
	return names
}

func pick[T any](g *growing, list []T) T { return list[g.IntN(len(list))] }

// change changes the site, its output, the day, or the clock, or kills a build.
func (g *growing) change() {
	switch n := g.IntN(20); {
	case n < 9:
		g.edit(pick(g, g.files(false)))
	case n < 11:
		name := pick(g, slices.Sorted(maps.Keys(aSite)))
		if _, err := os.Stat(filepath.Join(g.dir, name)); err != nil || name == "privgen.toml" {
			put(g.T, filepath.Join(g.dir, name), aSite[name])
			g.say("%s is as it was", name)
		} else {
			os.Remove(filepath.Join(g.dir, name))
			g.say("%s is gone", name)
		}
	case n < 12:
		g.swap()
	case n < 14:
		g.touch(pick(g, g.files(g.IntN(2) == 0)))
	case n < 17:
		g.spoil()
	case n < 18:
		g.at = time.Date(2026, time.Month(5+g.IntN(6)), 1, 0, 0, 0, 0, time.UTC)
		g.say("the day is %v", g.at)
	case n < 19:
		g.skew = time.Duration(g.IntN(3)) * time.Hour
		g.say("the clock is %v behind", g.skew)
	default:
		g.good = false
		stop := g.IntN(150)
		_, err := g.build("public", true, stop)
		g.say("a build is killed after %d steps: %v", stop, err)
	}
}

// edit replaces words of a file, in place or with a new file, and sometimes keeps
// its modification time.
func (g *growing) edit(name string) {
	full := filepath.Join(g.dir, name)
	info, old := stat(g.T, full), read(g.T, full)
	text := old
	for _, i := range g.Perm(len(edits)) {
		from := slices.IndexFunc(edits[i], func(words string) bool { return strings.Contains(old, words) })
		if from < 0 {
			continue
		}
		if to := pick(g, edits[i]); to != edits[i][from] {
			text = strings.Replace(old, edits[i][from], to, 1)
			break
		}
	}
	anew, dated := g.IntN(2) == 0, g.IntN(3) > 0
	if anew {
		put(g.T, full+"~", text)
		if err := os.Rename(full+"~", full); err != nil {
			g.Fatal(err)
		}
	} else {
		put(g.T, full, text)
	}
	if dated {
		g.date(name, info.ModTime())
	}
	g.say("%s is edited: %d to %d bytes, a new file: %v, its old time: %v", name, len(old), len(text), anew, dated)
}

// mend restores missing files and those with references, so that the site can be
// built. A site with problems has little to compare.
func (g *growing) mend() {
	for name, text := range aSite {
		if _, err := os.Stat(filepath.Join(g.dir, name)); err != nil || strings.HasPrefix(name, "content/privacy/20") || name == "content/terms.md" {
			put(g.T, filepath.Join(g.dir, name), text)
		}
	}
	g.say("the site is mended")
}

// swap exchanges the texts of two versions, with their times.
func (g *growing) swap() {
	var texts []string
	for _, name := range g.files(false) {
		if strings.HasPrefix(name, "content/privacy/20") && !strings.Contains(name, ".de.") {
			texts = append(texts, name)
		}
	}
	if len(texts) < 2 {
		return
	}
	a, b := filepath.Join(g.dir, pick(g, texts)), filepath.Join(g.dir, pick(g, texts))
	for _, move := range [][2]string{{a, a + "~"}, {b, a}, {a + "~", b}} {
		if a != b {
			if err := os.Rename(move[0], move[1]); err != nil {
				g.Fatal(err)
			}
		}
	}
	g.say("%s and %s change places", filepath.Base(a), filepath.Base(b))
}

// touch changes the times or the mode of a file, but not its bytes.
func (g *growing) touch(name string) {
	full := filepath.Join(g.dir, name)
	switch g.IntN(3) {
	case 0:
		g.date(name, time.Now().Add(time.Duration(g.IntN(5)-2)*time.Hour))
	case 1:
		os.Chmod(full, stat(g.T, full).Mode()^0o040)
	default:
		put(g.T, full, read(g.T, full))
	}
	g.say("%s is touched", name)
}

// spoil changes or removes files of the output or of .privgen. It builds first,
// because a build keeps a changed file that is not in the site anymore.
func (g *growing) spoil() {
	if g.compare(); !g.good {
		return
	}
	name := pick(g, g.files(true))
	full := filepath.Join(g.dir, name)
	what := g.IntN(6)
	switch what {
	case 0, 1, 2:
		if info := stat(g.T, full); info.Size() > 0 {
			text := []byte(read(g.T, full))
			text[g.IntN(len(text))] ^= 1
			put(g.T, full, string(text))
			os.Chtimes(full, info.ModTime(), info.ModTime())
		}
	case 3:
		os.Remove(full)
	case 4:
		put(g.T, full, "short")
	default:
		name = pick(g, []string{".privgen", "public/.privgen", ".privgen/public/state", "public"})
		os.RemoveAll(filepath.Join(g.dir, name))
	}
	g.say("%s is spoiled (%d)", name, what)
	g.compare()
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// build builds the site as the program does, with the cache of the last build if
// again is true, and stops after a number of steps if stop is not 0. It returns
// the site's problems.
func (g *growing) build(out string, again bool, stop int) (problems string, err error) {
	g.Helper()
	files, err := disk.OpenSite(g.dir)
	if err != nil {
		return "", err
	}
	defer files.Close()
	o := openAt(g.T, g.dir, "test", out)
	defer o.Close()
	looked := time.Now().Add(-g.skew)
	if o.Opened().Before(looked) {
		looked = o.Opened()
	}
	in := plan.Input{Files: files, Templates: templates.FS, Themes: themes.FS, Program: "test"}
	in.Cache, in.Fingerprint = &plan.Cache{}, disk.Fingerprints(g.dir, looked)
	if again {
		_ = in.Cache.UnmarshalBinary(o.Cache())
	}
	s, list := plan.Load(in)
	if len(list) > 0 {
		return fmt.Sprint(list), nil
	}
	n := 0
	o.SetStep(func(string) error {
		if n++; stop > 0 && n > stop { // a killed build does nothing more
			return errStop
		}
		return nil
	})
	_, list, err = o.Write(context.Background(), pages.Plan(s, g.at), disk.Options{Workers: 1, Cache: in.Cache.Save})
	return fmt.Sprint(list), err
}

// compare compares a build with a clean one.
func (g *growing) compare() {
	g.Helper()
	have, err := g.build("public", true, 0)
	if err != nil {
		g.Fatalf("after:\n%s\n%v", strings.Join(g.done, "\n"), err)
	}
	want, err := g.build("clean", false, 0)
	if err != nil {
		g.Fatal(err)
	}
	defer os.RemoveAll(filepath.Join(g.dir, "clean"))
	defer os.RemoveAll(filepath.Join(g.dir, ".privgen/clean"))
	if have != want {
		g.Errorf("after:\n%s\nthe problems are\n%s\nand of a build from nothing\n%s", strings.Join(g.done, "\n"), have, want)
	}
	if g.good = want == "[]"; g.good {
		g.compared++
		pages, clean := contents(g.T, g.dir), contentsOf(g.T, g.dir, "clean")
		for _, name := range slices.Sorted(maps.Keys(clean)) {
			if pages[name] != clean[name] {
				g.Errorf("after:\n%s\n%s is not that of a build from nothing: %s", strings.Join(g.done, "\n"), name, where(pages[name], clean[name]))
			}
		}
		for name := range pages {
			if _, ok := clean[name]; !ok {
				g.Errorf("after:\n%s\n%s is there, and not in a build from nothing", strings.Join(g.done, "\n"), name)
			}
		}
	}
	g.done = nil
}

// where returns where two texts differ.
func where(a, b string) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	return fmt.Sprintf("at %d: %q, want %q", i, a[i:min(len(a), i+80)], b[i:min(len(b), i+80)])
}
