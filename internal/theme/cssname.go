package theme

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tdewolff/parse/v2/css"

	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
)

// This file checks the names in style sheets. Browsers ignore a declaration with
// an unknown property, and one that uses a custom property that nothing sets.

// properties lists the CSS properties and descriptors that browsers know, separated
// by white space. Names with a vendor prefix are not checked.
//
//go:embed properties.txt
var properties string

// A cssToken is a token of a style sheet.
type cssToken struct {
	typ    css.TokenType
	text   string
	offset int
}

// checkNames returns a problem for every unknown name in style sheets without
// other problems.
func checkNames(sheets []*sheet, settings map[string]*Setting) (problems source.Problems) {
	known := map[string]bool{}
	for _, name := range strings.Fields(properties) {
		known[name] = true
	}
	set := map[string]bool{}
	for name, s := range settings {
		if s.css() != "" {
			set["--setting-"+name] = true
		}
	}
	for _, s := range sheets {
		for i := range s.tokens {
			if name := s.declared(i); strings.HasPrefix(name, "--") {
				set[name] = true
			}
		}
	}
	for _, s := range sheets {
		for i := range s.tokens {
			if len(s.problems) < maxSheetProblems {
				s.checkProperty(s.declared(i), s.tokens[i].offset, known)
				s.checkUse(i, set)
			}
		}
		problems = append(problems, s.problems...)
		s.tokens = nil
	}
	return problems
}

// declared returns the name of the property that the declaration at a token sets,
// or "" if none begins there. In a rule, a:hover begins a declaration or a nested
// rule: it is a nested rule if { comes before a semicolon or }.
func (s *sheet) declared(i int) string {
	if t := s.tokens[i]; t.typ != css.IdentToken && t.typ != css.CustomPropertyNameToken || i+1 == len(s.tokens) ||
		s.tokens[i+1].typ != css.ColonToken || i == 0 || !strings.Contains("{};", s.tokens[i-1].text) {
		return ""
	}
	for _, t := range s.tokens[i+2:] {
		switch t.typ {
		case css.SemicolonToken, css.RightBraceToken:
			return s.tokens[i].text
		case css.LeftBraceToken:
			if !strings.HasPrefix(s.tokens[i].text, "--") {
				return ""
			}
		}
	}
	return ""
}

func (s *sheet) checkProperty(name string, offset int, known map[string]bool) {
	name = strings.ToLower(name)
	if name == "" || name[0] == '-' || known[name] {
		return
	}
	do := toml.Suggest(name, slices.Sorted(maps.Keys(known)), "%q",
		"remove it, or write a property of CSS: browsers ignore this one")
	s.say(offset, "unknown-property", fmt.Sprintf("CSS has no property %q", name), do)
}

// checkUse reports var(--name) without a fallback if nothing sets the name.
func (s *sheet) checkUse(i int, set map[string]bool) {
	if i+2 >= len(s.tokens) || !strings.EqualFold(s.tokens[i].text, "var(") ||
		s.tokens[i+2].typ == css.CommaToken {
		return
	}
	name, offset := s.tokens[i+1].text, s.tokens[i+1].offset
	if set[name] {
		return
	}
	if setting, ok := strings.CutPrefix(name, "--setting-"); ok {
		var there []string
		for name := range set {
			if other, ok := strings.CutPrefix(name, "--setting-"); ok {
				there = append(there, other)
			}
		}
		slices.Sort(there)
		s.say(offset, "no-such-setting", fmt.Sprintf("the theme has no color, length, or number %q", setting),
			suggest(setting, there, "it has", "declare it in theme.toml"))
		return
	}
	s.say(offset, "unknown-property", fmt.Sprintf("no style sheet sets %q", name),
		suggest(name, slices.Sorted(maps.Keys(set)), "set it, as in "+name+": 1rem; these are set:",
			"set it, as in "+name+": 1rem"))
}
