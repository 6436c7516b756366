package release

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/source"
)

// This file starts policies.

// Dated returns a text with the date on which it takes effect, and that date: the
// one in its front matter, or else when.
func Dated(file *source.File, matter policy.FrontMatter, when day.Day) ([]byte, day.Day) {
	if !matter.Effective.IsZero() {
		return file.Text, matter.Effective.In(time.UTC)
	}
	text := fmt.Appendf(nil, "+++\neffective = %s\n", when)
	if rest, has := bytes.CutPrefix(file.Text, []byte("+++\n")); has {
		return append(text, rest...), when
	}
	return append(append(text, "+++\n\n"...), file.Text...), when
}

// StartText returns the text of a policy to fill in.
func StartText(title string) []byte { return fmt.Appendf(nil, startText, title) }

// Settings returns the policy.toml of a new policy.
func Settings(slug, title string) []byte {
	return fmt.Appendf(nil, "title = %q\nkind = %q\n", title, kindOf(slug))
}

const startText = `# %s

## Who we are

Name and address of the organization, and how to reach it.

## What this policy is about

What it covers, and what it does not.

## Your rights

What readers can ask for, and how.

## Changes to this policy

How readers learn of a new version.
`

// TitleOf returns the title of a new policy.
func TitleOf(slug string) string {
	words := strings.ReplaceAll(slug, "-", " ")
	switch slug {
	case "privacy":
		words = "privacy policy"
	case "cookies":
		words = "cookie policy"
	case "terms":
		words = "terms of service"
	}
	return strings.ToUpper(words[:1]) + words[1:]
}

func kindOf(slug string) string {
	for _, kind := range []string{"privacy", "cookies", "terms"} {
		if strings.Contains(slug, strings.TrimSuffix(kind, "s")) {
			return kind
		}
	}
	return "other"
}
