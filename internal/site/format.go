package site

import (
	"bytes"
	"encoding/json"
	"html"
	"html/template"
	"path"
	"strings"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/theme"
	"github.com/privgen/privgen/internal/tree"
)

// This file plans a text's other forms, Markdown and plain text, and makes the
// JSON-LD of the pages.

// planFormats plans index.md and index.txt beside each page that shows a text.
func (p *plan) planFormats(st *standing) {
	for i, v := range st.Versions {
		for _, t := range v.Texts {
			p.planTexts(p.textPath(t), st.turn+i, tree.Leaf, t)
		}
	}
	for _, lang := range p.pageLanguages(st.Policy) {
		p.planTexts(p.policyPath(st.Policy, lang), 0, tree.List, p.textFor(st.Versions[p.shown(st)], lang))
	}
}

func (p *plan) planTexts(dir string, turn int, stage tree.Stage, t *policy.Text) {
	rules := t.Version.Policy.Rules
	if p.writes("markdown") {
		key := tree.NewHash("markdown").Bytes(t.Digest[:])
		p.addAt(turn, dir+"index.md", typeMarkdown, stage, key.Sum(), func(b *bytes.Buffer) error {
			body, err := p.Library.Body(t)
			if err != nil {
				return err
			}
			b.Write(markdown.Normal(body.Markdown()))
			return nil
		})
		p.keepLeaf(stage, t)
	}
	if p.writes("text") {
		key := tree.NewHash("text").Key(p.key).Bytes(t.Digest[:]).Texts(t.Lang, rules.HTML, rules.DeadLinks, rules.Images).Key(p.refsKey(t))
		p.addAt(turn, dir+"index.txt", typeText, stage, key.Sum(), func(b *bytes.Buffer) error {
			body, err := p.Library.Body(t)
			if err != nil {
				return err
			}
			s := p.setting(t, &p.locales[t.Lang].Words)
			s.Address = func(dest string) (string, bool) {
				a, ok := p.address(t, dest)
				return p.url(strings.TrimPrefix(a, p.Config.BasePath())), ok
			}
			b.Write(body.Plain(b.AvailableBuffer(), s))
			return nil
		})
		p.keepLeaf(stage, t)
	}
}

// keepLeaf says that a text beside a permalink is for ever; the one beside the
// page in force is not.
func (p *plan) keepLeaf(stage tree.Stage, t *policy.Text) {
	if stage == tree.Leaf {
		p.keep(t.Version.Policy.Slug, t)
	}
}

func (p *plan) textFormats(t *policy.Text, w *locale.Words) []theme.Link {
	var out []theme.Link
	if p.writes("markdown") {
		out = append(out, theme.Link{Text: "Markdown", Href: p.href(p.textPath(t) + "index.md")})
	}
	if p.writes("text") {
		out = append(out, theme.Link{Text: w.Plain, Href: p.href(p.textPath(t) + "index.txt")})
	}
	return out
}

func (p *plan) historyFormats(st *standing, lang string, w *locale.Words) []theme.Link {
	var out []theme.Link
	if p.writes("feed") {
		out = append(out, theme.Link{Text: w.Feed, Href: p.href(p.policyPath(st.Policy, lang) + "feed.atom")})
	}
	if p.writes("json") {
		out = append(out, theme.Link{Text: "JSON", Href: p.href(p.policyPath(st.Policy, p.language) + "versions.json")})
	}
	return out
}

// A webPage is what a page says of itself to programs (schema.org WebPage;
// there is no type for a policy, and Legislation means statutes).
type webPage struct {
	Context          string    `json:"@context"`
	Type             string    `json:"@type"`
	ID               string    `json:"@id"`
	URL              string    `json:"url"`
	Name             string    `json:"name"`
	Version          string    `json:"version"`
	InLanguage       string    `json:"inLanguage"`
	DatePublished    string    `json:"datePublished,omitempty"`
	DateModified     string    `json:"dateModified"`
	LastReviewed     string    `json:"lastReviewed,omitempty"`
	TemporalCoverage string    `json:"temporalCoverage,omitempty"`
	Expires          string    `json:"expires,omitempty"`
	IsBasedOn        string    `json:"isBasedOn,omitempty"`
	TranslationOf    *creative `json:"translationOfWork,omitempty"`
	ArchivedAt       string    `json:"archivedAt"`
	Publisher        publisher `json:"publisher"`
}

type creative struct {
	Type string `json:"@type"`
	ID   string `json:"@id"`
}

type publisher struct {
	Type string `json:"@type"`
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
}

// jsonLD makes the data block of a page that shows a text. It is data, not a
// script, and encoding/json writes < > & escaped, so no text can end it.
func (p *plan) jsonLD(st *standing, i int, t *policy.Text, title, at string) template.HTML {
	v, m := t.Version, &t.Version.Matter
	page := webPage{
		Context: "https://schema.org", Type: "WebPage", ID: p.url(at), URL: p.url(at), Name: title,
		Version: v.ID, InLanguage: t.Lang,
		DatePublished:    m.Published.String(),
		DateModified:     day.On(v.Updated(p.zone)).String(),
		LastReviewed:     m.Reviewed.String(),
		TemporalCoverage: v.Effective().String() + "/..",
		ArchivedAt:       p.url(p.archivePath(st.Policy, t.Lang)),
		Publisher:        publisher{"Organization", p.Config.Organization.Name, p.Config.Organization.URL},
	}
	if !p.hasPages(st.Policy, t.Lang) {
		page.ArchivedAt = p.url(p.archivePath(st.Policy, p.language))
	}
	if st.State(i) == policy.Withdrawn && i != st.InForce {
		page.TemporalCoverage = "" // it never takes effect
	} else if end := p.until(st, i); !end.IsZero() {
		until := end.String()
		page.TemporalCoverage = v.Effective().String() + "/" + until
		if st.State(i) != policy.InForce && st.State(i) != policy.Upcoming {
			page.Expires = until
		}
	}
	if i > 0 {
		page.IsBasedOn = p.url(p.textPath(p.textFor(st.Versions[i-1], t.Lang)))
	}
	if original := v.Authoritative(); original != t {
		page.TranslationOf = &creative{"WebPage", p.url(p.textPath(original))}
	}
	data, err := json.Marshal(page)
	if err != nil {
		panic("privgen: internal error: writing JSON-LD: " + err.Error())
	}
	return template.HTML(`<script type="application/ld+json">` + string(data) + `</script>`)
}

func escape(s string) string { return html.EscapeString(s) }

// mediaTypes are those of files that texts show or link to.
var mediaTypes = map[string]string{
	".avif": "image/avif", ".gif": "image/gif", ".jpeg": "image/jpeg", ".jpg": "image/jpeg", ".png": "image/png",
	".svg": "image/svg+xml", ".webp": "image/webp", ".pdf": "application/pdf", ".txt": typeText, ".csv": "text/csv; charset=utf-8",
	".json": typeJSON, ".odt": "application/vnd.oasis.opendocument.text", ".zip": "application/zip",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

func mediaType(name string) string {
	if t, ok := mediaTypes[strings.ToLower(path.Ext(name))]; ok {
		return t
	}
	return "application/octet-stream"
}
