package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/imports/report"
	"github.com/privgen/privgen/internal/lazyregexp"
)

// layouts has the files of repositories for site generators and without one.
var layouts = []struct{ name, policies, others string }{
	{"Jekyll", "_legal/privacy.md _legal/terms-of-service.md _legal/terms-of-service.de.md", "_posts/2024-01-01-privacy.md README.md"},
	{"Hugo", "content/privacy/_index.md content/terms/index.md content/terms/index.fr.md content/legal/dpa/index.md", "layouts/index.html"},
	{"Docusaurus", "docs/legal/privacy.mdx docs/legal/terms.mdx docs/cookies/README.md", "docs/privacy-api.md docs/intro.md"},
	{"Next", "content/policies/privacy.mdx content/policies/refund.md", "app/privacy/page.tsx"},
	{"Eleventy", "src/pages/privacy.md src/pages/acceptable-use.md", "src/_includes/base.njk"},
	{"Astro", "src/content/legal/privacy-policy.md src/content/legal/imprint.md", "src/pages/index.astro"},
	{"plain folders", "privacy/privacy.txt terms/terms.txt", "notes/todo.txt"},
	{"monorepo", "apps/shop/legal/privacy.md apps/shop/legal/terms.md packages/site/policies/cookie-policy.md", "packages/site/README.md"},
	{"docs as code", "docs/policies/data-retention.md docs/policies/privacy/README.md", "docs/policies/README.md"},
	{"policies only", "privacy.md privacy.de.md terms.md cookies.md copyright.md", "LICENSE.md"},
}

// randomHistory writes a repository in which files change, become blank or an error page,
// state dates, are removed, and are restored.
func randomHistory(t *testing.T, rnd *rand.Rand, policies, others []string) string {
	t.Helper()
	dir := t.TempDir()
	var b bytes.Buffer
	at, last := int64(1577880000), map[string]string{} // 2020-01-01
	for i := range 14 {
		at += []int64{3600, 90000, 900000, 9000000}[rnd.IntN(4)]
		fmt.Fprintf(&b, "commit refs/heads/main\nmark :%d\ncommitter A <a@example.com> %d +0000\ndata 1\nx\n", i+1, at)
		if i > 0 {
			fmt.Fprintf(&b, "from :%d\n", i)
		}
		for _, file := range policies {
			if i > 0 && rnd.IntN(3) > 0 {
				continue
			}
			title, body := "Privacy policy", "We keep your personal data for %d years, as the law asks of us. You may ask for your rights. We set cookies with your consent."
			if strings.Contains(file, ".de.") {
				title, body = "Datenschutz", "Wir bewahren Ihre Daten %d Jahre auf, wie es das Gesetz von uns verlangt. Sie haben Ihre Rechte."
			}
			text := fmt.Sprintf("# %s of %s\n\n"+body+"\n", title, file, rnd.IntN(4)+2)
			switch rnd.IntN(10) {
			case 0:
				text = "\n"
			case 1:
				text = "404 page not found\n"
			case 2:
				text += fmt.Sprintf("\nEffective date: March %d, 202%d\n", 1+rnd.IntN(28), rnd.IntN(3))
			case 3:
				if old := last[file]; old != "" && i < 12 {
					fmt.Fprintf(&b, "D %s\n", file)
					last[file] = ""
					continue
				}
			}
			last[file] = text
			fmt.Fprintf(&b, "M 644 inline %s\ndata %d\n%s\n", file, len(text), text)
		}
		for _, file := range others {
			fmt.Fprintf(&b, "M 644 inline %s\ndata 23\n# Boats, oars, and lake\n", file)
		}
	}
	for _, args := range [][]string{{"init", "-q", "--bare", "-b", "main", dir}, {"-C", dir, "fast-import", "--quiet"}} {
		c := exec.Command("git", args...)
		if args[0] == "-C" {
			c.Stdin = &b
		}
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", args, err, out)
		}
	}
	return dir
}

var (
	headLine   = lazyregexp.New(`^\S+: 14 commits, (\d+) polic(?:y|ies), (\d+) texts?, of which (\d+) versions?(?: and (\d+) translations?)?(?:, (\d+) new)?$`)
	policyLine = lazyregexp.New(`^  (\S+) +(\d+)  (\S+)  (\S+) +(\d+) +(\d+)  (.*)$`)
	langLine   = lazyregexp.New(`^    in (\S+) +(\d+)$`)
	whyLine    = lazyregexp.New(`^    left out: (\d.*)$`)
	allLine    = lazyregexp.New(`^  left out, (\d+) in all`)
	counted    = lazyregexp.New(`(?:^|, )(\d+) `)
)

// countsIn adds the numbers of a list such as 2 stamp, 1 author date.
func countsIn(list string) (n int) {
	for _, m := range counted().FindAllStringSubmatch(list, -1) {
		n += number(m[1])
	}
	return n
}

func number(s string) int {
	n, _ := strconv.Atoi(s) // digits, or nothing
	return n
}

// The numbers that an import prints are those of the files that it wrote: the versions,
// translations, first and last date, and sources of dates of each policy. The number of
// texts is that of the versions, the translations, and the texts left out.
func TestImportNumbers(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	for n, l := range layouts {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			repo := randomHistory(t, rand.New(rand.NewPCG(uint64(n), 3)), strings.Fields(l.policies), strings.Fields(l.others))
			site := filepath.Join(t.TempDir(), "site")
			code, out, errOut := privgen(t, "import", "git", repo, "--out", site, "--yes")
			if code != exitDone {
				t.Fatalf("exit code %d\n%s%s", code, out, errOut)
			}
			checkNumbers(t, site, out, true)
			code, out, _ = privgen(t, "import", "git", repo, "--out", site, "--yes")
			if code != exitDone || !strings.Contains(out, "there is nothing new to write") {
				t.Errorf("again: exit code %d\n%s", code, out)
			}
			checkNumbers(t, site, out, false)
			_, out, _ = privgen(t, "import", "git", repo, "--out", site, "--json")
			var v report.Report
			if err := json.Unmarshal([]byte(out), &v); err != nil {
				t.Fatal(err)
			}
			left := 0
			for _, p := range v.Policies {
				left += len(p.LeftOut)
			}
			if v.States != v.Versions+v.Texts+left || v.There != v.Versions+v.Texts {
				t.Errorf("JSON: %d texts are not %d versions, %d translations, and %d left out; %d there", v.States, v.Versions, v.Texts, left, v.There)
			}
		})
	}
}

// checkNumbers compares what was printed with the files of a site.
func checkNumbers(t *testing.T, site, out string, first bool) {
	t.Helper()
	var head []string
	var policies []string
	versions, texts, added, left := 0, 0, 0, 0
	slug, why := "", 0
	for line := range strings.Lines(out) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case head == nil:
			if head = headLine().FindStringSubmatch(line); head == nil {
				t.Fatalf("the first line is %q", line)
			}
		case policyLine().MatchString(line) && !strings.HasPrefix(line, "  policy "):
			m := policyLine().FindStringSubmatch(line)
			slug = m[1]
			policies = append(policies, slug)
			ids := idsOf(t, site, slug, "")
			if number(m[2]) != len(ids) || m[3] != ids[0][:10] || m[4] != ids[len(ids)-1][:10] || countsIn(m[7]) != len(ids) {
				t.Errorf("%q; the site has %v", line, ids)
			}
			versions, added, left = versions+len(ids), added+number(m[5]), left+number(m[6])
			why = number(m[6])
		case langLine().MatchString(line):
			m := langLine().FindStringSubmatch(line)
			ids := idsOf(t, site, slug, m[1])
			if number(m[2]) != len(ids) {
				t.Errorf("%q; the site has %v", line, ids)
			}
			texts += len(ids)
		case whyLine().MatchString(line):
			if n := countsIn(whyLine().FindStringSubmatch(line)[1]); n != why {
				t.Errorf("%q has %d reasons for %d", line, n, why)
			}
		case allLine().MatchString(line):
			if n := number(allLine().FindStringSubmatch(line)[1]); n != left {
				t.Errorf("%q, but the policies have %d", line, left)
			}
		}
	}
	folders, err := os.ReadDir(filepath.Join(site, "content"))
	if err != nil || len(folders) != len(policies) || len(folders) != number(head[1]) {
		t.Errorf("%d policies in %s, %d in the table, %d in the first line; %v", len(folders), site, len(policies), number(head[1]), err)
	}
	if number(head[2]) != versions+texts+left || number(head[3]) != versions || number(head[4]) != texts {
		t.Errorf("%q; the table has %d versions, %d translations, %d left out", head[0], versions, texts, left)
	}
	if first && added != versions+texts || !first && (added != 0 || head[5] != "0") {
		t.Errorf("%d are new of %d; %q", added, versions+texts, head[0])
	}
}

// idsOf returns the ids of the versions that a policy has in a language, in order.
func idsOf(t *testing.T, site, slug, lang string) (ids []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(site, "content", slug, "*.md"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s has no version: %v", slug, err)
	}
	for _, f := range files {
		parts := strings.Split(strings.TrimSuffix(filepath.Base(f), ".md"), ".")
		last := parts[len(parts)-1]
		if isLang := len(parts) > 1 && len(last) == 2 && last > "a"; isLang != (lang != "") || isLang && last != lang {
			continue
		}
		ids = append(ids, parts[0])
	}
	slices.Sort(ids)
	return ids
}
