package check

import (
	"net/url"
	"slices"
)

// This file writes a report in SARIF 2.1.0, the format in which code review shows
// findings at their lines (OASIS, Static Analysis Results Interchange Format).

// subjects has what each rule is about. The other rules are what a build refuses.
var subjects = map[string]string{
	"placeholder":  "A text has words that were to be replaced.",
	"out-of-step":  "A translation differs from its original in ids, tables, dates, or numbers.",
	"not-locked":   "A text is not in the lock file.",
	"image-alt":    "An image has no alternative text (WCAG 2.2, 1.1.1).",
	"table-header": "A table has no words in its first row (WCAG 2.2, 1.3.1).",
	"table-lines":  "Lines with bars are shown as text, since a table needs a line of hyphens.",
	"same-heading": "Two clauses beside each other have the same heading.",
	"short-notice": "An upcoming version takes effect before its notice ends.",
	"review-due":   "A policy has to be reviewed.",
	"vague-date":   "The date of a text names no day.",
	"stated-date":  "A text states a date about itself that is not the one that its page shows.",
	"no-contact":   "A privacy policy does not say how to reach its author (GDPR, 13 (1) (a)).",
}

type sarifMessage struct {
	Text string `json:"text"`
}

type sarifRule struct {
	ID      string       `json:"id"`
	Short   sarifMessage `json:"shortDescription"`
	Default struct {
		Level Severity `json:"level"`
	} `json:"defaultConfiguration"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn"`
}

type sarifPhysical struct {
	Artifact struct {
		URI string `json:"uri"`
	} `json:"artifactLocation"`
	Region sarifRegion `json:"region"`
}

type sarifLocation struct {
	Physical sarifPhysical `json:"physicalLocation"`
}

type sarifResult struct {
	RuleID    string          `json:"ruleId"`
	RuleIndex int             `json:"ruleIndex"`
	Level     Severity        `json:"level"`
	Message   sarifMessage    `json:"message"`
	Locations []sarifLocation `json:"locations"`
}

// SARIF returns the report as a SARIF log. Version is that of privgen. The files of
// the findings are paths from the root of the repository.
func (r *Report) SARIF(version string) any {
	rules, results := []sarifRule{}, []sarifResult{}
	for _, f := range r.Findings {
		i := slices.IndexFunc(rules, func(one sarifRule) bool { return one.ID == f.Rule })
		if i < 0 {
			i = len(rules)
			one := sarifRule{ID: f.Rule, Short: sarifMessage{subjects[f.Rule]}}
			if one.Short.Text == "" {
				one.Short.Text = "A build refuses the site: " + f.Rule + "."
			}
			one.Default.Level = f.Severity
			rules = append(rules, one)
		}
		result := sarifResult{RuleID: f.Rule, RuleIndex: i, Level: f.Severity,
			Message: sarifMessage{f.What + "\n" + f.Do}}
		var at sarifPhysical
		at.Artifact.URI = (&url.URL{Path: f.File}).EscapedPath()
		at.Region = sarifRegion{max(f.Line, 1), max(f.Col, 1)}
		result.Locations = []sarifLocation{{at}}
		results = append(results, result)
	}
	return map[string]any{
		"$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		"version": "2.1.0",
		"runs": []any{map[string]any{
			"tool": map[string]any{"driver": map[string]any{"name": "privgen", "version": version,
				"informationUri": "https://github.com/privgen/privgen", "rules": rules}},
			"columnKind": "unicodeCodePoints",
			"results":    results,
		}},
	}
}
