package policy

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/source"
)

// A State is the state of a version at an instant.
type State string

// The states of a version.
const (
	Upcoming   State = "upcoming"   // published, takes effect later
	InForce    State = "in-force"   // the last that took effect
	Superseded State = "superseded" // another took effect after it
	Withdrawn  State = "withdrawn"  // withdrawn before it took effect, or the last of a policy that ended
)

// A Version is one frozen text of a policy, in one or more languages; or the
// draft of the next one.
type Version struct {
	Policy      *Policy
	ID          string
	FrontMatter FrontMatter // of the text in the authoritative language; only in a draft can Effective be zero
	Begin       time.Time   // the instant at which it takes effect; zero without Effective
	Published   time.Time   // the instant at which it is published, or zero if that is not known
	Withdrawn   time.Time   // the instant at which it was withdrawn, before it took effect; or zero
	Texts       []*Text     // the authoritative one first, then by language

	own map[string]any // of the policy, and of a draft's stamp: values that take precedence over the site's
}

// A Text is a version in one language. Its content is read when it is rendered;
// the fields are known without it.
type Text struct {
	Version     *Version
	Lang        string      // BCP 47 tag
	File        string      // path in the site
	FrontMatter FrontMatter // its own front matter
	Facts
}

// Facts are what Load learned about a text.
type Facts struct {
	Digest [32]byte       // of everything in the resolved text that its page depends on, see normal.Digest
	Normal [32]byte       // SHA-256 of the resolved text in its normal form, see normal.Form
	Title  string         // the text's own title, or empty
	Refs   []markdown.Ref // its links to other files
}

// IsDraft reports whether v is the draft of a version.
func (v *Version) IsDraft() bool { return v == v.Policy.Draft }

// In returns the text of the version in a language, or nil.
func (v *Version) In(lang string) *Text {
	for _, t := range v.Texts {
		if t.Lang == lang {
			return t
		}
	}
	return nil
}

// Languages returns the languages of the version's texts, the authoritative one first.
func (v *Version) Languages() []string {
	var out []string
	for _, t := range v.Texts {
		out = append(out, t.Lang)
	}
	return out
}

// Authoritative returns the text in the authoritative language.
func (v *Version) Authoritative() *Text { return v.Texts[0] }

// Effective returns the date on which the version takes effect, as it was written.
func (v *Version) Effective() day.Date { return v.FrontMatter.Effective }

// Updated returns the day of the stamp "last updated".
func (v *Version) Updated(zone *time.Location) day.Day {
	if !v.FrontMatter.Updated.IsZero() {
		return v.FrontMatter.Updated
	}
	return v.FrontMatter.Effective.In(zone)
}

// Number returns the number that distinguishes versions of one day: 2 for
// 2026-01-01.2, 1 for the bare date and for ids without a day.
func (v *Version) Number() int {
	if _, ok := idDay(v.ID); !ok {
		return 1
	}
	_, n := splitID(v.ID)
	return n
}

// compareVersions orders versions by the instant at which they take effect,
// those of one instant by their ids.
func compareVersions(a, b *Version) int {
	return cmp.Or(a.Begin.Compare(b.Begin), CompareIDs(a.ID, b.ID))
}

// CompareIDs orders version ids: by date, then by number, the bare date first,
// so 2026-01-01, 2026-01-01.2, 2026-01-01.10.
func CompareIDs(a, b string) int {
	baseA, numA := splitID(a)
	baseB, numB := splitID(b)
	return cmp.Or(strings.Compare(baseA, baseB), cmp.Compare(numA, numB), strings.Compare(a, b))
}

// splitID splits an id into its base and the number that distinguishes it from
// others of that base, by default 1.
func splitID(id string) (base string, n int) {
	if i := strings.LastIndexByte(id, '.'); i > 0 {
		if n, err := strconv.Atoi(id[i+1:]); err == nil && n > 0 && id[i+1] != '0' {
			return id[:i], n
		}
	}
	return id, 1
}

// idDay returns the day in an id, if it has one.
func idDay(id string) (day.Day, bool) {
	base, _ := splitID(id)
	d, err := day.Parse(base)
	return d, err == nil
}

// CheckSlug checks a policy's slug or a version's id, which are part of paths. Messages
// call it what. Without a problem it returns nil.
func CheckSlug(at source.Pos, what, s string, taken []string) *source.Problem {
	if slices.Contains(taken, s) {
		return source.NewProblem(at, "reserved-name",
			"the "+what+" "+strconv.Quote(s)+" is the name of something else in URLs",
			"rename it; these names are taken: "+strings.Join(taken, ", "))
	}
	if source.Device(s) != "" {
		return source.NewProblem(at, "bad-name", "the "+what+" "+strconv.Quote(s)+" cannot be a folder on Windows",
			"rename it; Windows keeps con, prn, aux, nul, com0 to com9, and lpt0 to lpt9 for devices, "+
				"also with an extension")
	}
	ok := s != "" && len(s) <= 100
	for i, c := range []byte(s) {
		word := c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
		ok = ok && (word || i > 0 && i < len(s)-1 && (c == '-' || c == '_' || c == '.' && s[i-1] != '.'))
	}
	if ok {
		return nil
	}
	do := "use lower case letters, digits, hyphens and dots, such as privacy or 2026-01-01.2"
	if plain := plainName(s); plain != "" {
		do = "rename it, for example to " + strconv.Quote(plain) +
			";\nURLs have only lower case letters, digits, hyphens and dots"
	}
	return source.NewProblem(at, "bad-name", "the "+what+" "+strconv.Quote(s)+" cannot be part of a URL", do)
}

// spelled replaces letters that are common in names of policies.
var spelled = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "é", "e", "è", "e", "à", "a", "ç", "c", "ñ", "n")

// plainName returns a name like s that can be part of a path, or "".
func plainName(s string) string {
	words := strings.FieldsFunc(spelled.Replace(strings.ToLower(s)), func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.')
	})
	parts := strings.FieldsFunc(strings.Join(words, "-"), func(r rune) bool { return r == '.' })
	for i, p := range parts {
		parts[i] = strings.Trim(p, "-")
	}
	name := strings.Trim(strings.Join(parts, "."), ".-")
	if len(name) > 100 {
		return ""
	}
	return name
}
