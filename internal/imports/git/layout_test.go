package git

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// policyText returns a text that reads like a policy.
func policyText(title, more string) string {
	return "# " + title + "\n\nWe collect your name when you sign up, and use the personal data only to send what you ordered. " +
		"You may ask for your rights at any time.\n\n" + more + "\n\n## Cookies\n\nWe set one cookie, with your consent.\n"
}

// TestLayouts finds every policy, and nothing else, in repositories with the layouts of
// common site generators. Each policy changes once.
func TestLayouts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, policies string // paths
		others         string
		want           string // slugs
	}{
		{"Jekyll", "_legal/privacy.md _legal/terms-of-service.md cookies.markdown", "_posts/2024-01-01-privacy.md README.md _layouts/page.html", "cookies privacy terms-of-service"},
		{"Hugo", "content/privacy/_index.md content/terms/index.md content/legal/dpa/index.md", "content/posts/hello.md README.md layouts/index.html", "dpa privacy terms"},
		{"Docusaurus", "docs/legal/privacy.mdx docs/legal/terms.mdx docs/cookies/README.md", "docs/intro.md docs/privacy-api.md blog/cookies-in-practice-for-web-shops.md", "cookies privacy terms"},
		{"Next", "content/policies/privacy.mdx content/policies/refund.md", "app/page.tsx node_modules/x/privacy.md", "privacy refund"},
		{"Eleventy", "src/pages/privacy.md src/pages/acceptable-use.md", "src/_includes/base.njk src/posts/a.md", "acceptable-use privacy"},
		{"Astro", "src/content/legal/privacy-policy.md src/content/legal/imprint.md src/content/docs/sla/index.mdx", "src/pages/index.astro src/content/blog/x.md", "imprint privacy-policy sla"},
		{"plain folders", "privacy/privacy.txt terms/terms.txt", "notes/todo.txt", "privacy terms"},
		{"monorepo", "apps/shop/legal/privacy.md apps/shop/legal/terms.md packages/site/policies/cookie-policy.md", "packages/site/README.md apps/shop/docs/a.md", "cookie-policy privacy terms"},
		{"docs as code", "docs/policies/data-retention.md docs/policies/privacy/README.md docs/policies/subprocessors.md", "docs/policies/README.md docs/how-to/x.md", "data-retention privacy subprocessors"},
		{"policies only", "privacy.md terms.md cookies.md copyright.md dpa.md", "LICENSE.md CONTRIBUTING.md", "cookies copyright dpa privacy terms"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRepository(t)
			var first, second []string
			for _, file := range strings.Fields(c.policies) {
				first = append(first, file, policyText(file, "One year."))
				second = append(second, file, policyText(file, "Two years."))
			}
			for _, file := range strings.Fields(c.others) {
				first = append(first, file, "# Hello\n\nA text about boats, oars, and the lake.\n")
			}
			r.commit("2024-01-02", "One", first...)
			r.commit("2024-02-03", "Two", second...)
			found, err := search(t, r.dir, "", Search{})
			if err != nil {
				t.Fatal(err)
			}
			var have []string
			for _, d := range found.Documents {
				have = append(have, d.Slug)
				if len(d.States) != 2 || len(d.LeftOut) != 0 {
					t.Errorf("%s has %d states, want 2", d.Slug, len(d.States))
				}
			}
			slices.Sort(have)
			if have := strings.Join(have, " "); have != c.want {
				t.Errorf("have %s, want %s; notes %v", have, c.want, found.Notes)
			}
		})
	}
}

// TestLineage joins files that are one policy by their history, and offers to join
// files that may be one.
func TestLineage(t *testing.T) {
	t.Parallel()
	other := func(title string) string {
		return "# " + title + "\n\nFrom all of us: thank you. A product is what the company keeps, in a browser or on a phone.\n\n" +
			"1. You agree to keep your password safe.\n2. You are liable for your orders.\n3. These terms have a governing law.\n"
	}
	for _, c := range []struct {
		name, old, heir string
		later           bool // the new file is added after the old one was removed
		join            map[string]string
		names           map[string]string
		want, note      string
	}{
		{"moved into its folder and rewritten", "terms.md", "terms/index.md", false, nil, nil, "terms:3", "is the past of terms/index.md"},
		{"moved out of its folder", "privacy/README.md", "legal/privacy.md", false, nil, nil, "privacy:3", "is the past of legal/privacy.md"},
		{"as Markdown", "cookies.html", "cookies.md", false, nil, nil, "cookies:3", ""},
		{"in another language", "de/privacy.md", "en/privacy.md", false, nil, nil, "privacy:1", "--join de/privacy.md=en/privacy.md"},
		{"added later", "terms.md", "legal/terms.md", true, nil, nil, "terms:1", "--join terms.md=legal/terms.md"},
		{"another name", "tos.md", "terms-of-service.md", true, nil, nil, "terms-of-service:1", "--join tos.md=terms-of-service.md"},
		{"joined by the user", "tos.md", "terms-of-service.md", true, map[string]string{"tos.md": "terms-of-service.md"}, nil, "terms-of-service:3", ""},
		{"another policy", "cookies.md", "terms.md", false, nil, nil, "terms:1", "because they were removed; to import one, name it [cookies.md"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRepository(t)
			text := func(more string) string {
				if strings.HasSuffix(c.old, ".html") {
					return "<html><body><p>" + more + " We collect your personal data with your consent.</p></body></html>"
				}
				return policyText("Old", more)
			}
			r.commit("2020-01-02", "One", c.old, text("One year."))
			r.commit("2021-01-02", "Two", c.old, text("Two years."))
			if c.later {
				r.commit("2022-01-02", "Gone", c.old, "")
				r.commit("2022-03-02", "Back", c.heir, other("Terms"))
			} else {
				r.commit("2022-01-02", "Moved", c.old, "", c.heir, other("Terms"))
			}
			found, err := search(t, r.dir, "", Search{Join: c.join, Names: c.names})
			if err != nil {
				t.Fatal(err)
			}
			var have []string
			for _, d := range found.Documents {
				have = append(have, fmt.Sprintf("%s:%d", d.Slug, len(d.States)))
			}
			if have := strings.Join(have, " "); have != c.want {
				t.Errorf("have %s, want %s", have, c.want)
			}
			if notes := fmt.Sprint(found.Notes); !strings.Contains(notes, c.note) {
				t.Errorf("have notes %q, want %q", notes, c.note)
			}
		})
	}
}

// Two files for which the user chooses one slug are one policy, the earlier first.
func TestJoinByName(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.commit("2020-01-02", "One", "old.md", policyText("Old", "One."))
	r.commit("2021-01-02", "Two", "new.md", policyText("New", "Two."))
	r.commit("2022-01-02", "Both", "new.md", policyText("New", "Three."), "old.md", policyText("Old", "Four."))
	found, err := search(t, r.dir, "", Search{Paths: []string{"old.md", "new.md"}, Names: map[string]string{"old.md": "p", "new.md": "p"}})
	if err != nil {
		t.Fatal(err)
	}
	if d := found.Documents; len(d) != 1 || len(d[0].States) != 3 || len(d[0].LeftOut) != 1 {
		t.Errorf("have %d documents: %+v", len(d), d)
	}
}

// A missing object of another file does not matter. One of a policy leaves out its text.
func TestMissingObject(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, object string // COMMIT:PATH of the object that is removed
		want         string // documents, their states, and their omissions
		note         bool
	}{
		{"of a program that was renamed and changed", "HEAD~1:app.js", "privacy 2 0", true},
		{"of a program", "HEAD:lib.js", "privacy 2 0", false},
		{"of a picture", "HEAD:logo.png", "privacy 2 0", false},
		{"of a text that is no policy", "HEAD:notes.md", "privacy 2 0", false},
		{"of a template", "HEAD:_layouts/page.html", "privacy 2 0", false},
		{"of a past text", "HEAD~1:legal/privacy.md", "privacy 1 1", false},
		{"of the newest text", "HEAD:legal/privacy.md", "privacy 1 1", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRepository(t)
			program := strings.Repeat("one();\ntwo();\n", 100)
			r.commit("2023-01-02", "One", "legal/privacy.md", policyText("Privacy", "One year."), "app.js", program, "logo.png", "PNG",
				"notes.md", "# Notes\n\nOn boats.\n", "_layouts/page.html", "<p>{{ content }}</p>")
			r.commit("2023-02-02", "Two", "legal/privacy.md", policyText("Privacy", "Two years."), "app.js", "", "lib.js", program+"three();\n")
			out, err := exec.Command("git", "-C", r.dir, "rev-parse", c.object).Output()
			if err != nil {
				t.Fatal(err)
			}
			hash := strings.TrimSpace(string(out))
			if err := os.Remove(filepath.Join(r.dir, ".git", "objects", hash[:2], hash[2:])); err != nil {
				t.Fatal(err)
			}
			found, err := search(t, r.dir, "", Search{})
			if err != nil {
				t.Fatal(err)
			}
			var have []string
			for _, d := range found.Documents {
				have = append(have, fmt.Sprint(d.Slug, " ", len(d.States), " ", len(d.LeftOut)))
			}
			if have := strings.Join(have, ", "); have != c.want {
				t.Errorf("have %s, want %s", have, c.want)
			}
			if have := strings.Contains(fmt.Sprint(found.Notes), "has no past"); have != c.note {
				t.Errorf("have notes %v", found.Notes)
			}
		})
	}
}

// A text that its source archived or removed has ended, on the day on which that happened.
func TestEnded(t *testing.T) {
	t.Parallel()
	text := policyText("Terms", "One year.")
	for _, c := range []struct {
		name  string
		paths []string
		then  []string // files and texts of the second commit, then of a third one
		again []string
		want  string
	}{
		{"moved to an archive", nil, []string{"terms.md", "", "archive/terms.md", text}, nil, "2021-07-22 moved it to archive/terms.md"},
		{"moved to another folder", nil, []string{"terms.md", "", "legal/terms.md", text}, nil, " "},
		{"in a folder with an underscore", nil, []string{"terms.md", "", "legal/_old/terms.md", text}, nil, "2021-07-22 moved it to legal/_old/terms.md"},
		{"removed, and named by the user", []string{"terms.md"}, []string{"terms.md", ""}, nil, "2021-07-22 removed terms.md"},
		{"removed and back", nil, []string{"terms.md", ""}, []string{"terms.md", text}, " "},
		{"archived and back", nil, []string{"terms.md", "", "archive/terms.md", text}, []string{"archive/terms.md", "", "terms.md", text}, " "},
		{"archived and changed there", nil, []string{"terms.md", "", "archived/terms.md", text}, []string{"archived/terms.md", text + "\nHistoric.\n"}, "2021-07-22 moved it to archived/terms.md"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRepository(t)
			r.commit("2019-01-02", "One", "terms.md", text, "readme.txt", "Hello.\n")
			r.commit("2021-07-22", "Two", c.then...)
			if c.again != nil {
				r.commit("2022-01-02", "Three", c.again...)
			}
			found, err := search(t, r.dir, "", Search{Paths: c.paths})
			if err != nil {
				t.Fatal(err)
			}
			if len(found.Documents) != 1 {
				t.Fatalf("have %d documents; %v", len(found.Documents), found.Notes)
			}
			d := found.Documents[0]
			day := ""
			if !d.Ended.IsZero() {
				day = d.Ended.String()
			}
			if have := day + " " + d.Why; have != c.want {
				t.Errorf("have %q, want %q", have, c.want)
			}
		})
	}
}
