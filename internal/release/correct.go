package release

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"unicode"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/normal"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

// A Fix is a released version whose files the user has corrected.
type Fix struct {
	Version *policy.Version
	Lang    string // correct only the text in this language; empty for all texts
	Reason  string // for the version's readers
	Today   day.Day
	Preview bool // the result is only shown, so an earlier text may be missing

	// Find returns a file with the text as it was recorded: one for which is
	// reports true, with or without front matter. It returns nil if it finds none.
	Find func(t *policy.Text, e *record.Entry, is func(raw []byte) bool) ([]byte, error)
}

// A Correction is the result of Correct: what changed, and the files to write.
type Correction struct {
	Texts []CorrectedText
	Files map[string][]byte // the earlier texts, by the files that keep them
	Lock  Lock
}

// A CorrectedText is what changed in one text.
type CorrectedText struct {
	Policy  string   `json:"policy"`
	Version string   `json:"version"`
	Lang    string   `json:"lang"`
	Was     string   `json:"was"`               // the SHA-256 before
	Is      string   `json:"is"`                // and now
	Earlier string   `json:"earlier,omitempty"` // the file that keeps the earlier text, if the wording changed
	Clauses []string `json:"clauses"`           // changes of the wording
	Stamp   []string `json:"stamp"`             // changes of the dates and what is shown with them
}

// CheckReason returns an error for a reason that explains nothing, such as "fix" or "xxxx".
func CheckReason(reason string) error {
	letters, n, ideographs := map[rune]bool{}, 0, false
	for _, r := range strings.ToLower(reason) {
		if unicode.IsLetter(r) {
			letters[r] = true
			n++
		}
		ideographs = ideographs || unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana)
	}
	if n >= 4 && len(letters) >= 3 || n >= 2 && ideographs {
		return nil
	}
	what := fmt.Sprintf("the reason %q does not explain anything", reason)
	if strings.TrimSpace(reason) == "" {
		what = "the reason is missing"
	}
	return source.Usage(what, "write it for the readers: --reason \"The telephone number had two digits swapped.\"")
}

// Correct records a fix. The site must be loaded without checking its texts against
// the lock file.
func Correct(s *site.Site, fix Fix) (*Correction, source.Problems, error) {
	if err := CheckReason(fix.Reason); err != nil {
		return nil, nil, err
	}
	if list := needFormat2(s); list != nil {
		return nil, list, nil
	}
	texts, err := recorded(s, fix.Version, fix.Lang)
	if err != nil {
		return nil, nil, err
	}
	c := &correcting{Fix: fix, site: s, rec: lockOf(s), out: &Correction{Files: map[string][]byte{}}}
	for _, t := range texts {
		if list, err := c.correct(t); err != nil || len(list) > 0 {
			return nil, list, err
		}
	}
	if len(c.out.Texts) == 0 {
		return nil, nil, source.Usage(
			fmt.Sprintf("%s %s is as it was released, so there is nothing to correct",
				fix.Version.Policy.Slug, fix.Version.ID),
			"correct its file first: "+texts[0].File)
	}
	c.out.Lock.set(c.rec)
	return c.out, nil, nil
}

// recorded returns the texts of a version that are in the lock file: all, or the one in
// a language. It is an error if there is none.
func recorded(s *site.Site, v *policy.Version, lang string) ([]*policy.Text, error) {
	if lang != "" && v.In(lang) == nil {
		return nil, source.Usage(fmt.Sprintf("version %s has no text in %q", v.ID, lang),
			"omit --lang to correct all its texts")
	}
	var out []*policy.Text
	for _, t := range v.Texts {
		if (lang == "" || t.Lang == lang) && s.Record().Find(t) != nil {
			out = append(out, t)
		}
	}
	if len(out) == 0 {
		slug := v.Policy.Slug
		return nil, source.Usage(
			fmt.Sprintf("%s %s is not in the lock file, so its file can be changed without a correction", slug, v.ID),
			"to protect it from now on: privgen lock "+slug)
	}
	return out, nil
}

// A correcting is one call of Correct.
type correcting struct {
	Fix
	site *site.Site
	rec  *record.Record
	out  *Correction
}

// correct corrects one text, if it differs from what was released.
func (c *correcting) correct(t *policy.Text) (source.Problems, error) {
	e, v := c.rec.Find(t), t.Version
	b, err := c.site.Library.Body(t)
	if err != nil {
		return nil, err
	}
	now, err := c.site.ByRecord().EntryOf(t)
	if err != nil {
		return nil, err
	}
	text := CorrectedText{Policy: v.Policy.Slug, Version: v.ID, Lang: t.Lang,
		Was: fmt.Sprintf("%x", e.Digest), Is: fmt.Sprintf("%x", now.Digest), Clauses: []string{}, Stamp: []string{}}
	if n := len(e.Corrections); n > 0 && c.Today.Compare(e.Corrections[n-1].Day) < 0 {
		return nil, source.Usage(
			fmt.Sprintf("%v was already corrected on %s, which is after %s", e.Key, e.Corrections[n-1].Day, c.Today),
			"check the clock, or SOURCE_DATE_EPOCH")
	}
	if e.Digest != now.Digest && e.Reads != "" && e.Reads == now.Reads {
		now.Digest = e.Digest // readers see the same text
	}
	if e.Digest != now.Digest {
		for _, d := range e.Differences(b, nil) {
			text.Clauses = append(text.Clauses, d.String())
		}
		if list, err := c.keepEarlier(t, e, b, &text); err != nil || len(list) > 0 {
			return list, err
		}
	}
	for _, m := range now.Since(&e.Stamp) {
		text.Stamp = append(text.Stamp, m.String())
	}
	if c.rec.Correct(e, now, c.Today, c.Reason) {
		c.out.Texts = append(c.out.Texts, text)
	}
	return nil, nil
}

// keepEarlier adds the file that keeps the text as it was recorded. It is a problem if
// the corrections of the text change too much.
func (c *correcting) keepEarlier(t *policy.Text, e *record.Entry, is *markdown.Body,
	text *CorrectedText) (source.Problems, error) {
	raw, err := c.Find(t, e, func(raw []byte) bool { return recordedText(raw, e) != nil })
	if err != nil {
		return nil, err
	}
	earlier := recordedText(raw, e)
	if earlier == nil && c.Preview {
		return nil, nil
	}
	if earlier == nil {
		return nil, source.Usage(
			fmt.Sprintf("the text of %v as it was released is neither in the output folder nor in git; "+
				"readers must see what a correction changes", e.Key),
			fmt.Sprintf("put the file back, run privgen build, and correct it again;\n"+
				"or save %s and name it: --earlier FILE",
				c.site.Config.URL(e.Address+"index.md")))
	}
	n := len(e.Corrections) + 1
	name := record.EarlierFile(t.File, n)
	c.out.Files[name], text.Earlier = earlier, name
	// The limit is for all corrections together, so that a text cannot be
	// rewritten in steps.
	for i, one := range e.Corrections {
		if one.Was != one.Is && !one.Lost {
			if earlier, err = c.site.Library.ReadFile(record.EarlierFile(t.File, i+1)); err != nil {
				return nil, err
			}
			break
		}
	}
	was, err := c.site.Library.EarlierBody(t, name, earlier)
	if err != nil {
		return nil, err
	}
	x := redline.Compare(was, is).Extent
	if x.Hidden != "" {
		text.Clauses = append(text.Clauses, "characters that a reader cannot see: "+x.Hidden)
	}
	changed, most := max(x.WordsAdded, x.WordsRemoved)+x.WordsMoved, mostCorrected(x.WordsBefore)
	if changed <= most {
		return nil, nil
	}
	problem := source.NewProblem(source.In(t.File), "large-correction",
		fmt.Sprintf("since its release the text has gained %s and lost %s of %d; corrections may change %d",
			source.Count(x.WordsAdded, "word"), source.Count(x.WordsRemoved, "word"), x.WordsBefore, most),
		fmt.Sprintf("this is a new version: put the text back (git checkout %s),\n"+
			"write the change into a draft and: privgen release %s --effective DAY", t.File, t.Version.Policy.Slug))
	return source.Problems{problem}, nil
}

// mostCorrected returns the number of words of a text that corrections may change.
func mostCorrected(words int) int { return min(100, max(5, words/50)) }

// recordedText returns the text of a file, with or without front matter, in its
// normal form, if it is the recorded text; otherwise nil.
func recordedText(raw []byte, e *record.Entry) []byte {
	f, problem := source.Parse("earlier", raw)
	if problem != nil {
		return nil
	}
	start, _ := policy.TextStart(f)
	for _, text := range [][]byte{f.Text, f.Text[start:], normal.SkipHead(f.Text)} {
		if text = normal.Form(text); sha256.Sum256(text) == e.Digest {
			return text
		}
	}
	return nil
}
