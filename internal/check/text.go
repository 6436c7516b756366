package check

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/imports/dates"
	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/markdown/lines"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

// This file finds what to look at in texts: those in force, upcoming, and in drafts.
// Past versions cannot change any more.

// OfTexts returns what to look at in the texts of a site, in its config, and in its
// files for programs.
func OfTexts(s *site.Site, now time.Time) (out []Finding, err error) {
	if out, err = ofWellKnown(s, now); err != nil {
		return nil, err
	}
	out = append(out, OfProblems(s.Config.StandIns(), Warning)...)
	for _, p := range s.Ordered() {
		st := p.At(now)
		if st.Ended {
			continue
		}
		var versions []*policy.Version
		for i, v := range st.Versions {
			if i == st.InForce || st.State(i) == policy.Upcoming {
				versions = append(versions, v)
			}
		}
		if p.Draft != nil {
			versions = append(versions, p.Draft)
		}
		for _, v := range versions {
			for _, t := range v.Texts {
				b, err := s.Library.Body(t)
				if err != nil {
					return nil, err
				}
				out = append(out, newText(s, t, b).findings()...)
			}
		}
	}
	return out, nil
}

// A text is a text whose findings are collected.
type text struct {
	*policy.Text
	site   *site.Site
	body   *markdown.Body
	start  int    // where it begins in its file
	prose  string // without code
	result []Finding
}

func newText(s *site.Site, t *policy.Text, b *markdown.Body) *text {
	x := &text{Text: t, site: s, body: b, prose: string(lines.Prose(b.Markdown()))}
	if clauses := b.Clauses(); len(clauses) > 0 {
		x.start = clauses[0].Start
	}
	return x
}

func (x *text) findings() []Finding {
	x.images()
	x.tables()
	x.headings()
	x.vague()
	x.stated()
	x.contact()
	x.named()
	return x.result
}

// add adds a finding at an offset in the text.
func (x *text) add(rule string, s Severity, offset int, what, do string) {
	pos := x.body.Pos(x.start + offset)
	if pos.File == "" {
		pos.File = x.File
	}
	x.result = append(x.result, Finding{rule, s, pos, what, do})
}

// noAlt matches an image without an alternative text. A reader who cannot see it
// does not learn that it is there (WCAG 2.2, criterion 1.1.1).
var noAlt = lazyregexp.New(`!\[[ \t]*\]\(([^)\s]*)`)

func (x *text) images() {
	for _, m := range noAlt().FindAllStringSubmatchIndex(x.prose, -1) {
		x.add("image-alt", Warning, m[0], fmt.Sprintf("the image %q has no alternative text", x.prose[m[2]:m[3]]),
			"write what it shows between the brackets: ![Seal of the registry](seal.png)")
	}
}

// noHeader matches the first two lines of a table without words in its first row. A
// screen reader then reads cells without what they are about (criterion 1.3.1).
var noHeader = lazyregexp.New(`(?m)^[ \t|]*\|[ \t|]*\r?\n[ \t]*\|?[ \t]*:?-+:?[ \t]*\|[-:| \t]*$`)

func (x *text) tables() {
	for _, m := range noHeader().FindAllStringIndex(x.prose, -1) {
		x.add("table-header", Warning, m[0], "the table has no words in its first row",
			"write what each column has into the first row")
	}
	for _, m := range pandocTable().FindAllStringSubmatchIndex(x.prose, -1) {
		x.add("table-lines", Warning, max(m[2], m[4]),
			"this is part of a table in the Markdown of pandoc, and is shown as text",
			"write a table with bars: pandoc -t gfm; or make HTML of the document, and run: privgen import html FILE")
	}
	offset, row := 0, 0
	for line := range strings.Lines(x.prose) {
		cells := strings.TrimSpace(line)
		if row++; !strings.HasPrefix(cells, "|") || strings.Count(cells, "|") < 2 {
			row = 0
		}
		if row == 2 && !delimiterRow().MatchString(cells) {
			x.add("table-lines", Warning, offset,
				"these lines are shown as text: a table needs a line of hyphens below its first row",
				"write below the first row: |"+strings.Repeat("---|", strings.Count(cells, "|")-1))
		}
		offset += len(line)
	}
}

// pandocTable matches the line below the header of a simple table of pandoc, or the
// first of a grid table.
var pandocTable = lazyregexp.New(`(?m)^ *(-{3,}(?: +-{3,})+) *$|^[ \t]*\n(\+(?:[-=:]{3,}\+){2,})[ \t]*\n\|`)

// delimiterRow matches the line below the first row of a table.
var delimiterRow = lazyregexp.New(`^[-:| \t]*-[-:| \t]*$`)

// headings finds clauses with the same heading beside each other.
func (x *text) headings() {
	seen := map[string]bool{}
	var above [7]string
	for _, c := range x.body.Clauses() {
		if c.Level == 0 {
			continue
		}
		above[c.Level] = c.Title
		key := strings.Join(above[:c.Level+1], "\x00")
		if seen[key] {
			x.add("same-heading", Note, c.Start-x.start, fmt.Sprintf("another clause has the heading %q, too", c.Title),
				"give one of them another heading; links and lists of changes name clauses by it")
		}
		seen[key] = true
	}
}

// dateLabels match the label before the date of a text, on a separate line.
var dateLabels = map[string]string{
	"en": `(?:last (?:updated|modified|revised|changed)|updated|effective(?: date| as of| from)?)`,
	"de": `(?:zuletzt (?:aktualisiert|geändert)|letzte (?:aktualisierung|änderung)|stand|gültig (?:ab|seit))`,
	"fr": `(?:dernière (?:mise à jour|modification)|mise? à jour|en vigueur)`,
	"es": `(?:última (?:actualización|modificación)|actualizad[oa]|vigente desde)`,
	"it": `(?:ultim[oa] (?:aggiornamento|modifica)|aggiornat[oa]|in vigore)`,
}

// vagueWords match words that some authors write there instead of a day.
var vagueWords = map[string]string{
	"en": `recently|today|yesterday|(?:this|last|next) (?:week|month|year)|soon|now|immediately`,
	"de": `kürzlich|vor kurzem|neulich|heute|gestern|diese[nrs]? (?:woche|monat|jahr)|sofort|demnächst`,
	"fr": `récemment|aujourd'hui|hier|ce mois|cette (?:semaine|année)|immédiatement|bientôt`,
	"es": `recientemente|hoy|ayer|este mes|esta semana|este año|inmediatamente|pronto`,
	"it": `di recente|recentemente|oggi|ieri|questo mese|questa settimana|quest'anno|subito`,
}

// vague finds a date of the text that names no day: recently, or only a month.
func (x *text) vague() {
	lang, _, _ := strings.Cut(x.Lang, "-")
	label, words := dateLabels[lang], vagueWords[lang]
	if label == "" {
		return
	}
	if months, _ := locale.Months(lang); months != nil {
		words += `|(?:` + strings.Join(months, "|") + `)(?: de)?,? \d{4}`
	}
	line := regexp.MustCompile(`(?im)^[>*_# \t]*` + label + `[*_: \t]{1,6}(?:on |in |am |im |en |à partir de )?(` +
		words + `)[*_. \t]*$`)
	for _, m := range line.FindAllStringSubmatchIndex(x.prose, -1) {
		x.add("vague-date", Warning, m[2], fmt.Sprintf("%q names no day", x.prose[m[2]:m[3]]),
			"remove the line: the page shows the dates of the version above its text")
	}
}

// named finds a version that is not recorded yet, and whose name is another day than
// that on which it takes effect: its URL keeps the name.
func (x *text) named() {
	name, err := day.Parse(x.Version.ID[:min(len(x.Version.ID), len("2026-01-31"))])
	begin, r := x.Version.Effective().In(x.site.Config.Zone()), x.site.Record()
	if err != nil || name == begin || x.Text != x.Version.Authoritative() || r != nil && r.Find(x.Text) != nil {
		return
	}
	x.result = append(x.result, Finding{"other-day", Warning, x.site.Library.Place(x.Text, "effective"),
		fmt.Sprintf("the version is named %s and takes effect on %s", x.Version.ID, begin),
		"correct one of the two before the version is recorded: its URL keeps the name"})
}

// stated finds a date that the text states about itself and that is not the one that
// its page shows. A draft has no date yet, so it finds one that was copied.
func (x *text) stated() {
	zone := x.site.Config.Zone()
	if versions := x.Version.Policy.Versions; x.Version.IsDraft() {
		e := dates.Find(x.body.Markdown(), x.Lang, nil).Effective
		if e == nil || e.Sure != dates.Labeled || e.Day.IsZero() || len(versions) == 0 ||
			e.Day.Compare(versions[len(versions)-1].Effective().In(zone)) > 0 {
			return
		}
		x.add("stated-date", Warning, e.Start, fmt.Sprintf(
			"the draft states that it takes effect on %s, which is not after the newest version", e.Day),
			"remove the date, because its page will show one; or write {{version.effective}} in its place")
		return
	}
	stamp := record.StampOf(x.Text, zone)
	found := dates.Find(x.body.Markdown(), x.Lang, nil)
	for _, one := range []struct {
		stated *dates.StatedDate
		shown  day.Day
		what   string
	}{
		{found.Updated, stamp.Updated, "was last updated on"},
		{found.Effective, stamp.Effective.In(zone), "takes effect on"},
	} {
		if one.stated == nil || one.stated.Sure != dates.Labeled || one.stated.Day.IsZero() ||
			one.stated.Day == one.shown {
			continue
		}
		x.add("stated-date", Warning, one.stated.Start, fmt.Sprintf(
			"the text states that it %s %s, and its page shows %s", one.what, one.stated.Day, one.shown),
			"remove the date from the text of the next version; its page shows the dates of its front matter")
	}
}

// reach matches a way to reach somebody: an e-mail address, a telephone number, or a
// link to a page with a form.
var reach = lazyregexp.New(`(?i)[\pL\d._%+-]+@[\pL\d-]+\.[\pL\d.-]+|mailto:|tel:|\+\d[\d ()-]{6,}|` +
	`\]\([^)]*(?:contact|kontakt|support|help|contatt|contacto|privacy-?(?:form|request))`)

// contact finds a privacy policy that does not say how to reach its author, neither
// in its text nor beside it (GDPR, articles 13 (1) (a) and 14 (1) (a)).
func (x *text) contact() {
	o := &x.site.Config.Organization
	if kind := x.Version.Policy.Settings.Kind; kind != "privacy" || o.Email != "" || o.Phone != "" || o.Address != "" ||
		len(o.Contacts) > 0 || reach().MatchString(x.prose) {
		return
	}
	x.result = append(x.result, Finding{"no-contact", Warning, source.In(x.File),
		"neither the privacy policy nor the site says how to reach the organization",
		"write its e-mail and postal address into privgen.toml: [organization] email, address"})
}
