package check

import (
	"cmp"
	"net/url"
	"slices"
)

// This file writes a report in SARIF 2.1.0, the format in which code review shows
// findings at their lines (OASIS, Static Analysis Results Interchange Format).

// subjects has the description of each rule. A rule without one is a problem that stops a build.
var subjects = map[string]string{
	"placeholder":      "A text has words that were to be replaced.",
	"out-of-step":      "A translation differs from its original in ids, tables, dates, or numbers.",
	"not-locked":       "A text is not in the lock file.",
	"image-alt":        "An image has no alternative text (WCAG 2.2, 1.1.1).",
	"table-header":     "A table has no words in its first row (WCAG 2.2, 1.3.1).",
	"table-lines":      "Lines with bars are shown as text, since a table needs a line of hyphens.",
	"same-heading":     "Two clauses beside each other have the same heading.",
	"short-notice":     "An upcoming version takes effect before its notice ends.",
	"parallel-release": "A version was released without another one, and undoes what that one changed.",
	"review-due":       "A policy has to be reviewed.",
	"other-day":        "The name of a version is another day than that on which it takes effect.",
	"well-known":       "A file in static/.well-known is incomplete or has expired.",
	"vague-date":       "The date of a text names no day.",
	"stated-date":      "A text states a date about itself that is not the one that its page shows.",
	"no-contact":       "A privacy policy does not say how to reach its author (GDPR, 13 (1) (a)).",
}

// An object is an object of JSON.
type object map[string]any

// SARIF returns the report as a SARIF log. Version is that of privgen. The files of
// the findings are paths from the root of the repository.
func (r *Report) SARIF(version string) any {
	rules, results := []object{}, []object{}
	for _, f := range r.Findings {
		i := slices.IndexFunc(rules, func(one object) bool { return one["id"] == f.Rule })
		if i < 0 {
			i = len(rules)
			about := cmp.Or(subjects[f.Rule], "A build refuses the site: "+f.Rule+".")
			rules = append(rules, object{"id": f.Rule, "shortDescription": object{"text": about},
				"defaultConfiguration": object{"level": f.Severity}})
		}
		results = append(results, object{
			"ruleId": f.Rule, "ruleIndex": i, "level": f.Severity,
			"message": object{"text": f.What + "\n" + f.Do},
			"locations": []object{{"physicalLocation": object{
				"artifactLocation": object{"uri": (&url.URL{Path: f.File}).EscapedPath()},
				"region":           object{"startLine": max(f.Line, 1), "startColumn": max(f.Col, 1)},
			}}},
		})
	}
	return object{
		"$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		"version": "2.1.0",
		"runs": []object{{
			"tool": object{"driver": object{"name": "privgen", "version": version,
				"informationUri": "https://github.com/privgen/privgen", "rules": rules}},
			"columnKind": "unicodeCodePoints",
			"results":    results,
		}},
	}
}
