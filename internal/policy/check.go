package policy

import (
	"fmt"

	"github.com/privgen/privgen/internal/source"
)

// checkFormer checks that no policy has a name or former name that is a former name
// of another.
func checkFormer(policies []*Policy) (problems source.Problems) {
	owner := map[string]*Policy{}
	for _, p := range policies {
		owner[p.Slug] = p
	}
	for _, p := range policies {
		for _, slug := range p.Settings.Formerly {
			if o := owner[slug]; o != nil {
				problems = append(problems,
					source.NewProblem(source.In(p.File), "name-taken",
						fmt.Sprintf("the former name %q is the name of %q", slug, o.File),
						"a former name leads to this policy, so no other can have it; rename one of them"))
			}
			owner[slug] = p
		}
	}
	return problems
}

// checkLanguageNames checks that the name of no policy is a language of other texts:
// their pages are below /LANG/.
func checkLanguageNames(policies []*Policy, site string) (problems source.Problems) {
	first := map[string]string{} // the file of a text, by language
	for _, p := range policies {
		for t := range p.Texts() {
			if t.Lang != site && first[t.Lang] == "" {
				first[t.Lang] = t.File
			}
		}
	}
	for _, p := range policies {
		for _, slug := range append([]string{p.Slug}, p.Settings.Formerly...) {
			if file := first[slug]; file != "" {
				problems = append(problems, source.NewProblem(source.In(p.File), "reserved-name",
					fmt.Sprintf("the name %q is the folder of pages in that language, such as that of %s", slug, file),
					"rename the policy's folder or file"))
			}
		}
	}
	return problems
}
