package markdown

import (
	"fmt"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
)

// This file checks the targets of links.

// checkLink checks a link that is not absolute, as far as the text alone shows
// whether it is right.
func (b *Body) checkLink(l link, at int) *source.Problem {
	if l.full || b.rules.DeadLinks == "keep" && !l.image || l.image && b.rules.Images == "link" {
		return nil
	}
	switch kindOf(l) {
	case toClause:
		if id := l.dest[1:]; !b.Has(id) {
			return source.NewProblem(b.file.Pos(at), "dead-link", fmt.Sprintf("the link to %q leads nowhere", l.dest),
				b.wayOut(id))
		}
	case toNothing:
		return source.NewProblem(b.file.Pos(at), "dead-link", fmt.Sprintf("the link to %q leads nowhere", l.dest),
			"write where it leads, or remove the link, and keep its words")
	case toHost:
		if l.image {
			return source.NewProblem(b.file.Pos(at), "image-elsewhere",
				fmt.Sprintf("the image %q is on another host", shorten(l.dest)),
				"a page loads nothing from other hosts: save the image beside the text and name that file,\nor set "+
					"images = \"link\" in [markdown] to show a link to it")
		}
	case toDanger:
		return unsafeLink(l.dest).problem(b.file.Pos(at))
	}
	return nil
}

// unsafeLink returns the flaw of a link that could do harm.
func unsafeLink(dest string) flaw {
	return flaw{code: "unsafe-link", what: fmt.Sprintf("a link may not lead to %q", shorten(dest)),
		do: "link to a URL that begins with https:, http:, mailto: or tel:, or to a file of this site"}
}

// wayOut returns advice about a link to an id that no clause has.
func (b *Body) wayOut(id string) string {
	var ids []string
	for _, bl := range b.blocks {
		ids = append(ids, bl.ids...)
	}
	if len(ids) > maxProblems {
		ids = ids[:maxProblems] // or many links among many clauses take long
	}
	if near := toml.Nearest(id, ids); near != "" {
		return fmt.Sprintf("did you mean \"#%s\"?", near)
	}
	if len(ids) == 0 {
		return "the text has no headings; remove the link, and keep its words"
	}
	if len(ids) > 12 {
		ids = append(ids[:12:12], "...")
	}
	return fmt.Sprintf("give the clause that is meant the id {#%s}, or link to one of: #%s", id,
		strings.Join(ids, " #"))
}

// A linkKind is the kind of a link's target.
type linkKind uint8

const (
	toNothing linkKind = iota // an empty or invalid URL
	toClause                  // #id: a clause of the same text
	toHost                    // an absolute URL
	toFile                    // a file of the site, by its path from this one
	toDanger                  // a scheme that could do harm
)

func kindOf(l link) linkKind {
	switch {
	case l.dest == "" || l.dest == "#" || l.dest[0] == '?':
		return toNothing
	case l.dest[0] == '#':
		return toClause
	case isAbsolute(l.dest):
		return toHost
	}
	switch scheme := schemeOf(l.dest); {
	case scheme == "":
		return toFile
	case slices.Contains(schemes, scheme):
		return toNothing // not a URL: it has no host, or an invalid one
	}
	return toDanger
}
