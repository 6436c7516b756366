package check_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/privgen/privgen/internal/check"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/status"
	"github.com/privgen/privgen/internal/tree"
)

const config = `[site]
title = "Acme"
base_url = "https://acme.example/"
language = "en"

[organization]
name = "Acme Ltd"
`

var now = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

func load(t *testing.T, files ...string) (*site.Site, source.Problems) {
	t.Helper()
	fsys := fstest.MapFS{"privgen.toml": {Data: []byte(config)}}
	for i := 0; i < len(files); i += 2 {
		fsys[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	s, drafts, problems := status.Load(site.Input{Files: fsys, Templates: os.DirFS("../../templates"),
		Themes: os.DirFS("../../themes")}, false)
	if problems != nil {
		t.Fatal(problems)
	}
	return s, drafts
}

// found returns the findings of a site of files: rule, severity, and place.
func found(t *testing.T, files ...string) (list []string) {
	t.Helper()
	s, drafts := load(t, files...)
	r, err := status.Of(s, now, nil, drafts)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := check.OfTexts(s, now)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range check.NewReport(append(check.OfStatus(r), texts...)).Findings {
		list = append(list, fmt.Sprintf("%s %s %s:%d:%d", f.Severity, f.Rule, strings.TrimPrefix(f.File, "content/"), f.Line, f.Col))
		if f.What == "" || f.Do == "" {
			t.Errorf("%+v has no fix", f)
		}
	}
	return list
}

func TestFindings(t *testing.T) {
	t.Parallel()
	const security, gpc = "static/.well-known/security.txt", "static/.well-known/gpc.json"
	const good = "# Terms\n\nWrite to <a@acme.example>.\n"
	own := func(file, text string) []string { return []string{"content/terms/2026-01-01.md", good, file, text} }
	for name, c := range map[string]struct {
		files []string
		want  []string
	}{
		"nothing":                            {[]string{"content/privacy.md", "+++\neffective = 2026-01-01\n+++\n# Privacy\n\nWrite to <a@acme.example>.\n"}, nil},
		"no way to reach anybody":            {[]string{"content/privacy/2026-01-01.md", "# Privacy\n\nWe keep data.\n"}, []string{"warning no-contact privacy/2026-01-01.md:1:1"}},
		"a contact page":                     {[]string{"content/privacy/2026-01-01.md", "# Privacy\n\nSee [us](https://acme.example.org/contact).\n"}, nil},
		"terms need no contact":              {[]string{"content/terms/2026-01-01.md", "# Terms\n\nOurs.\n"}, nil},
		"a policy of the kind privacy":       {[]string{"content/dsgvo/2026-01-01.md", "# Data\n\nOurs.\n", "content/dsgvo/policy.toml", "kind = \"privacy\"\n"}, []string{"warning no-contact dsgvo/2026-01-01.md:1:1"}},
		"an image without words":             {[]string{"content/terms/2026-01-01.md", good + "\nSee ![](seal.png) and ![a seal](seal.png).\n", "content/terms/seal.png", "\x89PNG"}, []string{"warning image-alt terms/2026-01-01.md:5:5"}},
		"an image in code":                   {[]string{"content/terms/2026-01-01.md", good + "\n`![](seal.png)`\n"}, nil},
		"a table without a header":           {[]string{"content/terms/2026-01-01.md", good + "\n| | |\n|---|---|\n| a | b |\n"}, []string{"warning table-header terms/2026-01-01.md:5:1"}},
		"a simple table of pandoc":           {[]string{"content/terms/2026-01-01.md", good + "\n  Name   Kept\n  ------ ------\n  Order  ten\n"}, []string{"warning table-lines terms/2026-01-01.md:6:3"}},
		"a grid table of pandoc":             {[]string{"content/terms/2026-01-01.md", good + "\n+------+------+\n| Name | Kept |\n+======+======+\n| a    | b    |\n+------+------+\n"}, []string{"warning table-lines terms/2026-01-01.md:5:1"}},
		"a table without its second line":    {[]string{"content/terms/2026-01-01.md", good + "\n| a | b |\n| 1 | 2 |\n| 3 | 4 |\n"}, []string{"warning table-lines terms/2026-01-01.md:6:1"}},
		"bars in code and in a text":         {[]string{"content/terms/2026-01-01.md", good + "\n```\n| a | b |\n| 1 | 2 |\n```\n\n| one line |\n\na | b\nc | d\n"}, nil},
		"two clauses of one heading":         {[]string{"content/terms/2026-01-01.md", good + "\n## A\n\n### X\n\n## B\n\n### X\n\n## A\n"}, []string{"note same-heading terms/2026-01-01.md:13:1"}},
		"an empty corner":                    {[]string{"content/terms/2026-01-01.md", good + "\n| | Name |\n|---|---|\n| a | b |\n"}, nil},
		"updated recently":                   {[]string{"content/terms/2026-01-01.md", "# Terms\n\n*Last updated: recently*\n"}, []string{"warning vague-date terms/2026-01-01.md:3:16"}},
		"a name of another day":              {[]string{"content/terms/2026-01-01.md", "+++\neffective = 2027-01-01\n+++\n" + good}, []string{"warning other-day terms/2026-01-01.md:2:13"}},
		"only a month":                       {[]string{"content/terms/2026-01-01.md", "# Terms\n\nEffective: May 2024\n"}, []string{"warning vague-date terms/2026-01-01.md:3:12"}},
		"only a month in German":             {[]string{"content/terms/2026-01-01.de.md", "# AGB\n\nStand: Mai 2024\n", "content/terms/policy.toml", "language = \"de\"\n"}, []string{"warning vague-date terms/2026-01-01.de.md:3:8"}},
		"recently in a sentence":             {[]string{"content/terms/2026-01-01.md", "# Terms\n\nIf you updated recently, restart.\n"}, nil},
		"another date than that of the page": {[]string{"content/terms/2026-01-01.md", "# Terms\n\nLast updated: 3 March 2025\n"}, []string{"warning stated-date terms/2026-01-01.md:3:15"}},
		"a draft with the date of a version": {[]string{"content/terms/2026-01-01.md", good, "content/terms/draft.md", "# Terms\n\nIn force from 1 January 2026\n"}, []string{"warning stated-date terms/draft.md:3:15"}},
		"a draft with a later date":          {[]string{"content/terms/2026-01-01.md", good, "content/terms/draft.md", "# Terms\n\nIn force from 1 January 2027\n"}, nil},
		"a draft with its own date":          {[]string{"content/terms/2026-01-01.md", good, "content/terms/draft.md", "# Terms\n\nIn force from {{version.effective}}\n"}, nil},
		"the date of the page":               {[]string{"content/terms/2026-01-01.md", "# Terms\n\nLast updated: 1 January 2026\n"}, nil},
		"past versions and ended policies":   {[]string{"content/terms/2025-01-01.md", "# Terms\n\nLast updated: recently\n", "content/terms/2026-01-01.md", good, "content/old/2025-01-01.md", "# Old\n\nUpdated: today\n", "content/old/policy.toml", "withdrawn = 2026-01-01\n"}, nil},
		"a version that is upcoming":         {[]string{"content/terms/2026-01-01.md", good, "content/terms/2026-07-01.md", "# Terms\n\nUpdated: today\n"}, []string{"warning vague-date terms/2026-07-01.md:3:10"}},
		"a draft with a placeholder":         {[]string{"content/terms/2026-01-01.md", good, "content/terms/draft.md", "# Terms\n\nTODO\n"}, []string{"warning placeholder terms/draft.md:3:1"}},
		"a placeholder that may stay":        {[]string{"content/terms/2026-01-01.md", "+++\nmistakes = \"keep\"\n+++\n# Terms\n\nWrite XXX.\n"}, nil},
		"no security.txt":                    {own("static/.well-known/dnt-policy.txt", "x"), nil},
		"a good security.txt":                {own(security, "# Hi\ncontact: mailto:a@acme.example\r\nExpires: 2026-12-31t23:59:59z\r\n"), nil},
		"an expired security.txt":            {own(security, "Contact: mailto:a@acme.example\nExpires: 2026-05-01T00:00:00+02:00\n"), []string{"warning well-known static/.well-known/security.txt:2:1"}},
		"a security.txt without an end":      {own(security, "Contact: mailto:a@acme.example\n"), []string{"warning well-known static/.well-known/security.txt:1:1"}},
		"a security.txt with two ends":       {own(security, "Contact: mailto:a@acme.example\nExpires: 2027-01-01T00:00:00Z\n\nExpires: 2028-01-01T00:00:00Z"), []string{"warning well-known static/.well-known/security.txt:4:1"}},
		"a security.txt with a day":          {own(security, "Contact: mailto:a@acme.example\nExpires: 2027-01-01\n"), []string{"warning well-known static/.well-known/security.txt:2:1"}},
		"a security.txt without a contact":   {own(security, "Expires: 2027-01-01T00:00:00Z\n"), []string{"warning well-known static/.well-known/security.txt:1:1"}},
		"a good gpc.json":                    {own(gpc, `{"gpc": false, "lastUpdate": "2026-01-01", "version": 1}`), nil},
		"a gpc.json that says no yes":        {own(gpc, `{"gpc": "true", "lastUpdate": "2026-01-01"}`), []string{"warning well-known static/.well-known/gpc.json:1:1"}},
		"a gpc.json without a day":           {own(gpc, `{"gpc": true}`), []string{"warning well-known static/.well-known/gpc.json:1:1"}},
		"a gpc.json that is none":            {own(gpc, "{gpc: true}"), []string{"warning well-known static/.well-known/gpc.json:1:1"}},
		"a draft with a problem":             {[]string{"content/terms/2026-01-01.md", good, "content/terms/draft.md", "# Terms\n\n[a](b.md)\n"}, []string{"warning dead-link terms/draft.md:3:1"}},
		"a dead link that is allowed":        {[]string{"content/terms/2026-01-01.md", "+++\ndead_links = \"keep\"\n+++\n# Terms\n\n[a](b.md)\n"}, []string{"note dead-link terms/2026-01-01.md:6:1"}},
		"a translation":                      {[]string{"content/terms/2026-01-01.md", "# Terms\n\nFor 45 days.\n", "content/terms/2026-01-01.de.md", "# AGB\n\nFür 54 Tage.\n"}, []string{"warning out-of-step terms/2026-01-01.de.md:1:1"}},
	} {
		if have := found(t, c.files...); !slices.Equal(have, c.want) {
			t.Errorf("%s:\nhave %q\nwant %q", name, have, c.want)
		}
	}
}

func TestFails(t *testing.T) {
	t.Parallel()
	r := check.NewReport([]check.Finding{{Rule: "a", Severity: check.Note}, {Rule: "b", Severity: check.Warning},
		{Rule: "b", Severity: check.Warning}})
	if r.Fails(check.Error) || !r.Fails(check.Warning) || !r.Fails(check.Note) {
		t.Errorf("%+v", r)
	}
	if r.Warnings != 1 || r.Notes != 1 || r.Errors != 0 || r.Findings[0].Rule != "b" {
		t.Errorf("%+v", r)
	}
	if none := check.NewReport(nil); none.Fails(check.Note) || none.Findings == nil {
		t.Error("nothing fails, or is null")
	}
}

// What only rendering shows is found, too, and a file that cannot be read is an error.
func TestPages(t *testing.T) {
	t.Parallel()
	each := func(n int, do func(i int)) {
		for i := range n {
			do(i)
		}
	}
	entry := func(path string, err error) tree.Entry {
		return tree.Entry{Path: path, Render: func(*bytes.Buffer) error { return err }}
	}
	wrong := source.NewProblem(source.In("policy.html"), "bad-template", "what", "do")
	list, err := check.OfPages(tree.New([]tree.Entry{entry("a", wrong), entry("b", nil), entry("c", wrong)}), each)
	if err != nil || len(list) != 1 || list[0].File != "policy.html" {
		t.Errorf("have %v (%v)", list, err)
	}
	if _, err := check.OfPages(tree.New([]tree.Entry{entry("a", fs.ErrPermission)}), each); err != fs.ErrPermission {
		t.Errorf("have %v", err)
	}
}

// The log has what the standard requires: 3.13 sarifLog, 3.14 run, 3.18 tool, 3.19
// toolComponent, 3.27 result, 3.29 physicalLocation, 3.30 region, 3.49
// reportingDescriptor.
func TestSARIF(t *testing.T) {
	t.Parallel()
	r := check.NewReport([]check.Finding{
		{Rule: "dead-link", Severity: check.Error, Pos: source.Pos{File: "content/a b/2026-01-01.md", Line: 3, Col: 7}, What: "a", Do: "b"},
		{Rule: "image-alt", Severity: check.Warning, Pos: source.Pos{File: "content/ä.md"}, What: "c", Do: "d"},
		{Rule: "dead-link", Severity: check.Error, Pos: source.Pos{File: "x.md", Line: 1, Col: 1}, What: "e", Do: "f"},
	})
	raw, err := json.Marshal(r.SARIF("v1"))
	if err != nil {
		t.Fatal(err)
	}
	var log struct {
		Schema  string `json:"$schema"`
		Version string
		Runs    []struct {
			ColumnKind string
			Tool       struct {
				Driver struct {
					Name, Version string
					Rules         []struct {
						ID                   string
						ShortDescription     struct{ Text string }
						DefaultConfiguration struct{ Level string }
					}
				}
			}
			Results []struct {
				RuleID    string
				RuleIndex int
				Level     string
				Message   struct{ Text string }
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           struct{ StartLine, StartColumn int }
					}
				}
			}
		}
	}
	if err := json.Unmarshal(raw, &log); err != nil {
		t.Fatal(err)
	}
	if log.Version != "2.1.0" || !strings.HasSuffix(log.Schema, "sarif-schema-2.1.0.json") || len(log.Runs) != 1 {
		t.Fatalf("have %s", raw)
	}
	run := log.Runs[0]
	driver := run.Tool.Driver
	if driver.Name != "privgen" || driver.Version != "v1" || run.ColumnKind != "unicodeCodePoints" || len(driver.Rules) != 2 {
		t.Errorf("have %+v", run)
	}
	ids := map[string]bool{}
	for _, rule := range driver.Rules {
		if ids[rule.ID] || !strings.HasSuffix(rule.ShortDescription.Text, ".") || rule.DefaultConfiguration.Level == "" {
			t.Errorf("rule %+v", rule)
		}
		ids[rule.ID] = true
	}
	var places []string
	for _, one := range run.Results {
		if driver.Rules[one.RuleIndex].ID != one.RuleID || len(one.Locations) != 1 || one.Message.Text == "" ||
			!slices.Contains([]string{"none", "note", "warning", "error"}, one.Level) {
			t.Errorf("result %+v", one)
		}
		at := one.Locations[0].PhysicalLocation
		places = append(places, fmt.Sprint(at.ArtifactLocation.URI, " ", at.Region.StartLine, " ", at.Region.StartColumn))
	}
	want := []string{"content/a%20b/2026-01-01.md 3 7", "x.md 1 1", "content/%C3%A4.md 1 1"}
	if !slices.Equal(places, want) {
		t.Errorf("have %q\nwant %q", places, want)
	}
}
