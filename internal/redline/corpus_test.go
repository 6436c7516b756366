package redline_test

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/corpus"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/redline/view"
)

// A pair is two neighboring versions of a document.
type pair struct {
	name          string
	before, after *markdown.Body
}

// pairs calls each with every n-th pair of neighboring versions of a bundle, n being every,
// in the order of their records. It returns the number of all pairs.
func pairs(t testing.TB, bundle string, every int, each func(pair)) (n int) {
	p := markdown.NewRenderer(64 << 20)
	last := map[string]string{}
	corpus.Bundle(t, bundle, func(v corpus.Version) {
		before, after := last[v.Document], string(v.Text)
		if last[v.Document] = after; before == "" {
			return
		}
		if n++; n%every == 0 {
			each(pair{v.Document + " " + v.ID, take(p, before), take(p, after)})
		}
	})
	return n
}

func TestLawsOnRealTexts(t *testing.T) {
	if testing.Short() {
		t.Skip("compares pairs of real policies")
	}
	// All 5,662 pairs take minutes, and .ci/laws compares them. Here a sample is enough.
	every := 60
	if n, err := strconv.Atoi(os.Getenv("PRIVGEN_ALL_PAIRS")); err == nil {
		every = n
	}
	for _, bundle := range []string{"genai-eu-versions", "pga-versions"} {
		t.Run(bundle, func(t *testing.T) {
			broken := 0
			n := pairs(t, bundle, every, func(p pair) {
				r := redline.Compare(p.before, p.after)
				if s := lawful(t, p.before, p.after, r); s != "" {
					if broken++; broken < 12 {
						t.Errorf("%s: %s", p.name, s)
					}
				}
				if s := unmarked(redline.Compare(p.after, p.after)); s != "" && broken < 12 {
					broken++
					t.Errorf("%s: %s", p.name, s)
				}
			})
			t.Logf("%d pairs, one in %d judged, %d break a law", n, every, broken)
		})
	}
}

// TestSameResults compares the redlines of all pairs with those of an earlier program, to test
// changes that must only save time. PRIVGEN_RESULTS is a file with digests of redlines. If
// it does not exist, the test writes it.
func TestSameResults(t *testing.T) {
	name := os.Getenv("PRIVGEN_RESULTS")
	if name == "" {
		t.Skip("PRIVGEN_RESULTS names no file with the digests of earlier redlines")
	}
	earlier, err := os.ReadFile(name)
	known := strings.Split(string(earlier), "\n")
	var digests []string
	for _, bundle := range []string{"genai-eu-versions", "pga-versions"} {
		pairs(t, bundle, 1, func(p pair) {
			r := redline.Compare(p.before, p.after)
			page, _ := view.HTML(nil, r, setting)
			report, _ := json.Marshal(view.NewReport(r))
			digest := fmt.Sprintf("%x %s", sha256.Sum256(slices.Concat(page, report, view.Text(nil, r, false))), p.name)
			if i := len(digests); err == nil && (i >= len(known) || known[i] != digest) {
				t.Errorf("%s: another redline than before", p.name)
			}
			digests = append(digests, digest)
		})
	}
	if err != nil {
		if err := os.WriteFile(name, []byte(strings.Join(digests, "\n")), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// TestLawsOnImports checks pairs of neighboring versions of imported sites that are not
// neighbors in their histories, because an import omitted the texts between them.
// TestLawsOnRealTexts checks the other pairs. PRIVGEN_IMPORTED is the folder of policies of
// such a site; .ci/laws imports each bundle.
func TestLawsOnImports(t *testing.T) {
	folder, bundle := os.Getenv("PRIVGEN_IMPORTED"), os.Getenv("PRIVGEN_BUNDLE")
	if folder == "" {
		t.Skip("PRIVGEN_IMPORTED names no imported site")
	}
	type digests [2][sha256.Size]byte
	judged := map[digests]bool{}
	last := map[string][sha256.Size]byte{}
	corpus.Bundle(t, bundle, func(v corpus.Version) {
		sum := sha256.Sum256(v.Text)
		judged[digests{last[v.Document], sum}] = true
		last[v.Document] = sum
	})
	policies, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(policies) == 0 {
		t.Fatal("no policies", err)
	}
	renderer := markdown.NewRenderer(64 << 20)
	pairs, gaps := 0, 0
	for _, dir := range policies {
		before := ""
		for i, text := range imported(t, dir) {
			if i > 0 {
				pairs++
			}
			if i > 0 && !judged[digests{sha256.Sum256([]byte(before)), sha256.Sum256([]byte(text))}] {
				gaps++
				a, b := take(renderer, before), take(renderer, text)
				if s := lawful(t, a, b, redline.Compare(a, b)); s != "" {
					t.Errorf("%s, version %d: %s", filepath.Base(dir), i, s)
				}
			}
			before = text
		}
	}
	t.Logf("%s: %d pairs of neighbors, %d of them across what was left out", bundle, pairs, gaps)
	if pairs == 0 {
		t.Error("no pairs")
	}
}

// imported returns the texts of a policy, the oldest first.
func imported(t *testing.T, dir string) (texts []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	order := func(file string) (day string, n int) {
		id := strings.TrimSuffix(filepath.Base(file), ".md")
		day, number, _ := strings.Cut(id, ".")
		n, _ = strconv.Atoi(number) // the first version of a day has no number
		return day, n
	}
	slices.SortFunc(files, func(a, b string) int {
		day, n := order(a)
		other, m := order(b)
		return cmp.Or(strings.Compare(day, other), cmp.Compare(n, m))
	})
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, text, ok := strings.Cut(strings.TrimPrefix(string(raw), "+++\n"), "\n+++\n")
		if !ok {
			t.Fatalf("%s has no front matter", file)
		}
		texts = append(texts, text)
	}
	return texts
}
