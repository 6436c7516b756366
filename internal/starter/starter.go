// Package starter creates the files of a new site and of a new policy.
//
// Its two fundamental types are Site, the answers of its owner, and Policy, a
// policy that starts with a draft. Functions return files; they write nothing.
//
// # Texts
//
// The texts are drafts: short, in the order in which laws ask for their subjects,
// with a passage in double brackets wherever only the owner knows what is true.
// Such a passage is a placeholder (see markdown.Body), so a text that still has
// one is never in force. The first says that the text is not legal advice. Names
// and addresses are values of privgen.toml, which the texts insert.
//
// There are texts in seven languages. A site in another language gets the English
// texts, with one more passage that asks for their translation.
package starter

import (
	"cmp"
	"embed"
	"fmt"
	"path"
	"strings"

	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/toml"
)

// texts has the texts without their titles, by language and kind.
//
//go:embed text
var texts embed.FS

// titles has the titles of policies, by language and slug. The titles of other slugs
// are their words.
var titles = map[string]map[string]string{
	"en": {"privacy": "Privacy policy", "cookies": "Cookie policy", "terms": "Terms of service"},
	"de": {"privacy": "Datenschutzerklärung", "cookies": "Cookie-Richtlinie", "terms": "Nutzungsbedingungen"},
	"es": {"privacy": "Política de privacidad", "cookies": "Política de cookies", "terms": "Condiciones de uso"},
	"fr": {"privacy": "Politique de confidentialité", "cookies": "Politique relative aux cookies",
		"terms": "Conditions d’utilisation"},
	"it": {"privacy": "Informativa sulla privacy", "cookies": "Informativa sui cookie", "terms": "Condizioni d’uso"},
	"nl": {"privacy": "Privacyverklaring", "cookies": "Cookieverklaring", "terms": "Gebruiksvoorwaarden"},
	"pl": {"privacy": "Polityka prywatności", "cookies": "Polityka plików cookie", "terms": "Regulamin"},
}

// A Policy is a policy to start.
type Policy struct {
	Slug     string
	Title    string // empty: derived from the slug
	Language string // of the policy
	Own      bool   // its language is not the site's
	Order    int    // among the policies of a new site; 0 for none
}

// Draft returns the path of the policy's draft.
func (p *Policy) Draft() string { return path.Join(site.Content, p.Slug, "draft.md") }

// Files returns the draft and the policy.toml.
func (p *Policy) Files() map[string][]byte {
	lang, known := p.textLanguage()
	title := cmp.Or(p.Title, titles[lang][p.Slug])
	if title == "" {
		words := strings.ReplaceAll(p.Slug, "-", " ")
		title = strings.ToUpper(words[:1]) + words[1:]
	}
	text, err := texts.ReadFile("text/" + lang + "/" + p.kind() + ".md")
	if err != nil {
		panic("privgen: internal error: " + err.Error())
	}
	draft := fmt.Sprintf("# %s\n\n%s", title, text)
	settings := policy.Settings{Title: title, Kind: p.kind(), Order: p.Order}
	if !known && p.Title == "" {
		// Without a title in policy.toml, it is the heading of the translated text.
		settings.Title = ""
		draft = fmt.Sprintf("# [[%s]]\n\n[[This text is in English. Translate it, then remove this paragraph.]]\n\n%s",
			title, text)
	}
	if p.Own {
		settings.Language = p.Language
	}
	return map[string][]byte{
		p.Draft(): []byte(draft),
		path.Join(site.Content, p.Slug, "policy.toml"): toml.Encode(settings),
	}
}

// textLanguage returns the language of the starter text, and reports whether it is
// the policy's.
func (p *Policy) textLanguage() (lang string, known bool) {
	base, _, _ := strings.Cut(p.Language, "-")
	if titles[base] != nil {
		return base, true
	}
	return "en", false
}

func (p *Policy) kind() string {
	for _, kind := range Kinds {
		if strings.Contains(p.Slug, strings.TrimSuffix(kind, "s")) {
			return kind
		}
	}
	return "other"
}
