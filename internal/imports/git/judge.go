package git

import (
	"bytes"
	_ "embed"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/imports/naming"
	"github.com/privgen/privgen/internal/lang"
	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/source"
)

// This file decides whether a file is a policy, by its path and its text.
// legal/team.md is not, docs/privacy-api.md is not, and pages/data.md may be.

// phrasesFile lists phrases that are frequent in policies and rare in other texts, one
// language in each line.
//
//go:embed phrases.txt
var phrasesFile string

// legalWords returns the number of different phrases of policies in a text. The
// result known is false if there are none for its language.
func legalWords(text []byte) (n int, known bool) {
	language := lang.Detect(text)
	lower := strings.ToLower(string(text))
	seen := map[string]bool{}
	for line := range strings.Lines(phrasesFile) {
		list := strings.Split(strings.TrimSpace(line), "|")
		if language != "" && language != list[0] { // the language of a short text is unknown
			continue
		}
		known = true
		for _, p := range list[1:] {
			if !seen[p] && strings.Contains(lower, p) {
				seen[p] = true
				n++
			}
		}
	}
	return n, known
}

var (
	// about matches names of texts that only mention policies: privacy-api, cookie-plugin.
	about = lazyregexp.New(`(^|-)(api|helper|guide|how-?to|tutorial|glossary|plugin|component|config(uration)?|` +
		`checklist|meeting|roadmap|adr|rfc|audit|review|test|spec|example|implementation|architecture|faq)s?($|-)`)
	// codeLike matches code fences and installation commands.
	codeLike = lazyregexp.New("(?m)^ {0,3}(?:```|~~~)|" +
		"^\\s*(?:\\$ |(?:npm|yarn|pip|go|docker|git|brew) (?:install|add|run|get|clone|build))")
)

// A verdict reports whether a file is a policy.
type verdict int

const (
	leave   verdict = iota // no
	take                   // yes
	doubted                // by its path only
	missed                 // by its text only
)

// judge decides whether a file is a policy, and why if there is a doubt. It calls read
// only if the text matters.
func judge(file string, read func() ([]byte, error)) (v verdict, why string, err error) {
	likely := likely(file)
	if !likely && (!mayHold(file) || naming.IsWebPage(file)) {
		return leave, "", nil
	}
	text, err := read()
	if err != nil {
		return leave, "", err
	}
	n, known := legalWords(text)
	technical := codeLike().Match(text) || about().MatchString(stemOf(file))
	words := len(bytes.Fields(tagLike().ReplaceAll(text, nil)))
	why = fmt.Sprintf("%s of policies in %s", source.Count(n, "phrase"), source.Count(words, "word"))
	switch {
	case likely && naming.IsWebPage(file) && words < 5:
		return doubted, "a template around texts", nil
	case len(bytes.TrimSpace(text)) == 0 || !known:
		if likely {
			return take, "", nil
		}
	case !likely:
		if n >= 7 && !technical {
			return missed, why, nil
		}
	case technical && n < 5:
		return doubted, why + ", and it is like a manual", nil
	case !namesPolicy(file) && n < 2:
		return doubted, why, nil
	case n < 3 && isSentence(file):
		return doubted, why + ", and its name or folder is that of an article", nil
	default:
		return take, "", nil
	}
	return leave, "", nil
}

// tagLike matches a template tag.
var tagLike = lazyregexp.New(`\{\{[^}]*\}\}|\{%[^%]*%\}`)

// talk matches folders of texts that may be about policies: blog/, faqs/.
var talk = lazyregexp.New(`(?i)(^|/)_?(faqs?|comments?|blog|posts|news|questions|issues|articles|press)/`)

// isSentence reports whether a file that mentions a policy in its name has the name of
// an article, such as is-privacy-badger-spying-on-me, or is in a folder of articles.
func isSentence(file string) bool {
	others := 0
	for word := range strings.SplitSeq(stemOf(file), "-") {
		_, known := naming.Kind(word)
		if !known && len(word) > 1 && lang.Tag(word) == "" && !slices.Contains(plainWords, word) {
			others++
		}
	}
	return others > 2 || talk().MatchString(file)
}

var plainWords = strings.Fields("policy policies notice statement and of for the our use service services general conditions " +
	"agreement terms personal data protection rules web site website app users customer legal online shop")

// Folders whose texts are not policies of the repository's owner, files that are in
// many repositories, and folders of policies.
var (
	foreignFolders = strings.Fields("node_modules vendor third_party third-party test tests testdata fixtures fixture " +
		"examples example __tests__ mocks .github .gitlab templates public dist build _site " +
		"target _clauses _data")
	projectFiles = strings.Fields("readme changelog changes contributing license licence copying notice authors " +
		"code-of-conduct code_of_conduct security support governance maintainers history todo " +
		"codeowners news install draft")
	legalFolders = strings.Fields("legal policies policy legals privacy terms rechtliches compliance agreements")
)

// byDate matches names of files that are single versions: 2024-01-31.md.
var byDate = lazyregexp.New(`^\d{4}-\d{2}-\d{2}(\.|$)`)

// mayHold reports whether a file can be a policy of the repository's owner: it is a
// text or a page, not in foreignFolders, not one of projectFiles, and not a single
// version.
func mayHold(file string) bool {
	dir, base := path.Split(strings.ToLower(file))
	for d := range strings.SplitSeq(strings.Trim(dir, "/"), "/") {
		if slices.Contains(foreignFolders, d) && !(d == "templates" && naming.IsWebPage(base)) {
			return false
		}
	}
	stem := strings.TrimSuffix(base, path.Ext(base))
	first, _, _ := strings.Cut(stem, ".")
	readable := naming.IsText(base) || naming.IsWebPage(base)
	return readable && (!slices.Contains(projectFiles, first) || inNamedFolder(file)) && !byDate().MatchString(stem)
}

// inNamedFolder reports whether a file is the text of a folder with a policy's name:
// refund/index.md, cookies/README.md.
func inNamedFolder(file string) bool {
	dir, base := path.Split(strings.ToLower(file))
	stem, _, _ := strings.Cut(base, ".")
	folder := path.Base(dir)
	_, known := naming.Kind(folder)
	if stem == "readme" && slices.Contains(legalFolders[:4], folder) {
		return false // it is about the folder
	}
	return known && naming.IsGeneric(stem)
}

// likelyName reports whether a file that an import does not read has the name of a
// policy, and is not in a folder of generated files or of other projects.
func likelyName(file string) bool {
	for d := range strings.SplitSeq(strings.ToLower(path.Dir(file)), "/") {
		if slices.Contains(foreignFolders, d) && d != "templates" {
			return false
		}
	}
	return namesPolicy(file)
}

// namesPolicy reports whether a file has the name of a policy, or a generic name or a
// language as its name in a folder of policies: legal/de.md, privacy/index.md.
func namesPolicy(file string) bool {
	stem := stemOf(file)
	_, known := naming.Kind(stem)
	return known || inNamedFolder(file) || inLegalFolder(file) && (naming.IsGeneric(stem) || lang.Tag(stem) != "")
}

func inLegalFolder(file string) bool {
	return slices.ContainsFunc(strings.Split(strings.ToLower(path.Dir(file)), "/"), func(d string) bool {
		return slices.Contains(legalFolders, d)
	})
}

// likely reports whether a path is that of a policy.
func likely(file string) bool {
	return mayHold(file) && (namesPolicy(file) || inLegalFolder(file))
}

func stemOf(file string) string {
	return naming.Slug(strings.TrimSuffix(path.Base(file), path.Ext(file)))
}
