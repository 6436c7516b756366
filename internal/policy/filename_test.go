package policy_test

import (
	"strings"
	"testing"
)

// A file whose name is almost that of a version is a problem that proposes a name. A file
// beside the version of the same name, or that a text mentions, is not.
func TestNearlyVersions(t *testing.T) {
	t.Parallel()
	const text = "# Privacy\n\nWe keep nothing.\n"
	for name, want := range map[string]string{
		"2026-1-5.md":             `the day in the name "2026-1-5" is not written as 2026-01-05` + "\n\trename the file: content/privacy/2026-01-05.md",
		"2026_01_05.md":           "rename the file: content/privacy/2026-01-05.md",
		"20260105.md":             "rename the file: content/privacy/2026-01-05.md",
		"05.01.2026.md":           "rename the file: content/privacy/2026-01-05.md",
		"2026-13-45.md":           "the name of the file is not a day",
		"30.02.2026.md":           "the name of the file is not a day",
		"2026-01-05.german.md":    `"german" in the name of the file is not a language`,
		"2026-01-05.MD":           "rename it: content/privacy/2026-01-05.md",
		"2026-01-05.markdown":     "rename it: content/privacy/2026-01-05.md",
		"draft.mdx":               "rename it: content/privacy/draft.md",
		"2026-01-05.docx":         "write its text as Markdown in content/privacy/2026-01-05.md",
		"2026-01-05.txt":          "save it as HTML, and run: privgen import html FILE",
		"2025-01-01.docx":         "", // beside the version of the same name
		"2024-01-01.html":         "", // a text mentions it
		"2026-01-05.pdf":          "",
		"form.docx":               "",
		"draft.docx":              "",
		"2026-01-05.html/form.md": "content/privacy/_2026-01-05.html",
		"2026-02-30.2.md":         "the name of the file is not a day: February 2026 has 28 days",
		"2026-02-30.de.md":        "the name of the file is not a day: February 2026 has 28 days",
		"privacy-2026-02-30.md":   "the name of the file is not a day: February 2026 has 28 days",
		"privacy_2026-01-05.md":   "rename the file: content/privacy/2026-01-05.md",
		"old/2019.md":             "for a version, move it: content/privacy/2019.md\n\tfor texts that are not published, give the folder another name: content/privacy/_old",
		"pt-BR/2026-01-05.md":     "for a version, move it: content/privacy/2026-01-05.pt-BR.md",
		"_old/2019.md":            "",
		"old/_2019.md":            "",
		"images/flow.svg":         "",
	} {
		_, have := load(t, nil, "content/privacy/2025-01-01.md", text+"\nOnce it was `2024-01-01.html`.\n",
			"content/privacy/"+name, text)
		if (have == "") != (want == "") || !strings.Contains(have, want) {
			t.Errorf("%s:\nhave %q\nwant %q", name, have, want)
		}
	}
}
