package locale

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
)

// Words are the words that privgen writes on pages, in one language: everything
// that the author did not write. A site can add a language, or change words,
// with templates/words/LANG.toml.
//
// Some texts have the placeholders {date}, {link}, {language}, {policy},
// {version}, or {n}, in any order. A text must have the placeholders of the
// English text, and no others. Dates are inserted in CLDR's long format ("on 1
// January 2026"). If the format ends in a period, as in Russian and Hungarian,
// {date} does not precede another period.
type Words struct {
	Name  string `toml:"name,required" doc:"The language's own name."`
	Frame string `toml:"frame" doc:"A notice that the words around a text are in another language, in a file whose words are not translated yet."`

	Skip      string `toml:"skip,required" doc:"The link that skips the navigation."`
	Home      string `toml:"home,required" doc:"The link to the home page: All policies."`
	Policies  string `toml:"policies,required" doc:"Heading of the list of policies."`
	Contents  string `toml:"contents,required" doc:"Heading of the contents list."`
	Languages string `toml:"languages,required" doc:"Label of the language links."`
	Contact   string `toml:"contact,required" doc:"Heading of the organization's address."`
	Clause    string `toml:"clause,required" doc:"Label of the link at a heading: Link to this clause."`
	Table     string `toml:"table,required" doc:"Label of a table that can be scrolled."`
	Footnotes string `toml:"footnotes,required" doc:"Label of the footnotes."`
	Back      string `toml:"back,required" doc:"Label of the link from a footnote back to the text."`
	Short     string `toml:"short,required" doc:"Label of a box that sums up a text or a clause in plain words: Short version."`

	Effective string `toml:"effective,required" doc:"Label before a date: Effective."`
	Updated   string `toml:"updated,required" doc:"Label before a date: Last updated."`
	Published string `toml:"published,required" doc:"Label before a date: Published."`
	Reviewed  string `toml:"reviewed,required" doc:"Label before a date: Last reviewed."`
	Corrected string `toml:"corrected,required" doc:"Label before the date of an editorial correction: Corrected."`
	Recorded  string `toml:"recorded,required" doc:"Label before the date on which a version was added to a history that was recorded before: Recorded."`
	Until     string `toml:"until,required" doc:"Label before a date: In force until."`
	Version   string `toml:"version,required" doc:"Label before the author's name for a version."`
	Source    string `toml:"source,required" doc:"Label before the address an imported text came from."`
	Summary   string `toml:"summary,required" doc:"Heading of the author's list of changes: What changed."`
	Counted   string `toml:"counted,required" doc:"Stands below a summary that nobody wrote: Counted by a program."`
	Material  string `toml:"material,required" doc:"Mark of a material change."`

	InForce    string `toml:"in_force,required" doc:"State of a version."`
	Upcoming   string `toml:"upcoming,required" doc:"State of a version that has been published and takes effect later."`
	Superseded string `toml:"superseded,required" doc:"State of a version that another has replaced."`
	Draft      string `toml:"draft,required" doc:"State of a text that is still being written, in previews."`
	Withdrawn  string `toml:"withdrawn,required" doc:"State of a version that was withdrawn before it took effect, and of the last one of a policy that ended."`

	VersionOf    string `toml:"version_of,required" doc:"Name of a version without a label: Version of {date}."`
	VersionLabel string `toml:"version_label,required" doc:"Name of a version with a label: Version {version}."`
	VersionTitle string `toml:"version_title,required" doc:"Title of a version's own page: {policy}: {version}. {version} is filled in with the name of the version, as version_of or version_label has it."`
	Archive      string `toml:"archive,required" doc:"The link to the archive: Version history."`
	ArchiveTitle string `toml:"archive_title,required" doc:"Title of the archive page: {policy}: Version history."`
	OneVersion   string `toml:"one_version,required" doc:"1 version"`
	ManyVersions string `toml:"many_versions,required" doc:"{n} versions. Written so that it is right for every number from 2; where that cannot be, as a label: Versions: {n}."`
	Previous     string `toml:"previous,required" doc:"Label before the name of the version before this one."`
	Next         string `toml:"next,required" doc:"Label before the name of the version after this one."`
	Formats      string `toml:"formats,required" doc:"Label before the text's other forms: This text as."`
	History      string `toml:"history,required" doc:"Label before the history's other forms: This list as."`
	Plain        string `toml:"plain,required" doc:"Plain text"`
	Feed         string `toml:"feed,required" doc:"Feed (to subscribe to)"`
	NotYet       string `toml:"not_yet,required" doc:"For a policy without a version in force: Not in force yet."`

	Redline           string `toml:"redline,required" doc:"The link to the page that shows what changed: See what changed."`
	CompareInForce    string `toml:"compare_in_force,required" doc:"The link from a past version to what changed since, up to the version in force: Compare with the version in force."`
	NotDrawn          string `toml:"not_drawn,required" doc:"On the page that replaces the redline of an old version and the one in force: There is no single page for these changes. You can follow them from version to version."`
	RedlineBefore     string `toml:"redline_before,required" doc:"Label before the name of the change before this one."`
	RedlineAfter      string `toml:"redline_after,required" doc:"Label before the name of the change after this one."`
	ChangedOn         string `toml:"changed_on,required" doc:"Heading of a redline: What changed on {date}"`
	ChangesOn         string `toml:"changes_on,required" doc:"The same for a version that takes effect later: What changes on {date}"`
	ChangedSince      string `toml:"changed_since,required" doc:"Heading of a redline of versions that do not follow each other: What changed since {date}. {date} is that of the earlier version."`
	OneChange         string `toml:"one_change,required" doc:"1 change"`
	ManyChanges       string `toml:"many_changes,required" doc:"{n} changes. Written so that it is right for every number from 2; where that cannot be, as a label: Changes: {n}."`
	ChangesIn         string `toml:"changes_in,required" doc:"{n} changes in {clauses} clauses. Both are numbers from 2."`
	WordCounts        string `toml:"word_counts,required" doc:"+{added} −{removed} words"`
	WordsMoved        string `toml:"words_moved,required" doc:"Words moved: {n}"`
	WordsRestructured string `toml:"words_restructured,required" doc:"Words that are the same in another structure, such as a list: Words laid out differently: {n}"`
	ImagesChanged     string `toml:"images_changed,required" doc:"Images changed: {n}"`
	NumbersChanged    string `toml:"numbers_changed,required" doc:"List numbers changed: {n}"`
	Restructured      string `toml:"restructured,required" doc:"What happened to words in a list of changes: laid out differently."`
	PreviousChange    string `toml:"previous_change,required" doc:"The link from a change in a text to the one before."`
	NextChange        string `toml:"next_change,required" doc:"The link from a change in a text to the one after."`
	Compare           string `toml:"compare,required" doc:"Heading of the links to all comparisons: Compare two versions."`
	Changes           string `toml:"changes,required" doc:"Heading of the list of changed clauses: Changes by clause."`
	Minor             string `toml:"minor,required" doc:"Heading of the list of clauses in which no words changed: Only links or formatting."`
	Renumberings      string `toml:"only_renumbered,required" doc:"Heading of the collapsed list of clauses in which only the number changed: Only renumbered: {n}"`
	ClauseHistory     string `toml:"clause_history,required" doc:"Under the heading of a clause, before the dates of the versions in which it changed: Changed:"`
	Before            string `toml:"before,required" doc:"Label of the text of a clause as it was."`
	After             string `toml:"after,required" doc:"Label of the text of a clause as it is now."`
	Beginning         string `toml:"beginning,required" doc:"Name of the text before the first heading: Beginning."`
	Unchanged         string `toml:"unchanged,required" doc:"Label of text that is collapsed or omitted because no words in it changed: Unchanged text."`
	ShowUnchanged     string `toml:"show_unchanged,required" doc:"The box that shows all of it."`
	InsertionStart    string `toml:"insertion_start,required" doc:"What a screen reader says where an insertion begins."`
	InsertionEnd      string `toml:"insertion_end,required" doc:"And where it ends."`
	DeletionStart     string `toml:"deletion_start,required" doc:"What a screen reader says where a deletion begins."`
	DeletionEnd       string `toml:"deletion_end,required" doc:"And where it ends."`
	MovedHere         string `toml:"moved_here,required" doc:"What a screen reader says where moved words begin, at their new place."`
	MovedAway         string `toml:"moved_away,required" doc:"What a screen reader says where moved words begin, at their old place."`
	MovedEnd          string `toml:"moved_end,required" doc:"And where either ends."`
	LinkChanged       string `toml:"link_changed,required" doc:"After words whose link has another target now; also as a label before a number."`
	StyleChanged      string `toml:"style_changed,required" doc:"After words whose formatting changed; also as a label before a number."`
	ClausesChanged    string `toml:"clauses_changed,required" doc:"Clauses changed: {n}, as a label that is right for every number."`
	ClausesAdded      string `toml:"clauses_added,required" doc:"Clauses added: {n}"`
	ClausesRemoved    string `toml:"clauses_removed,required" doc:"Clauses removed: {n}"`
	ClausesMoved      string `toml:"clauses_moved,required" doc:"Clauses moved: {n}"`
	Changed           string `toml:"changed,required" doc:"What happened to a clause: changed."`
	Added             string `toml:"added,required" doc:"What happened to a clause: new."`
	Removed           string `toml:"removed,required" doc:"What happened to a clause: removed."`
	Moved             string `toml:"moved,required" doc:"What happened to a clause: moved."`
	Renamed           string `toml:"renamed,required" doc:"What happened to a clause: its heading was reworded."`
	Renumbered        string `toml:"renumbered,required" doc:"What happened to a clause: its heading has another number."`
	Same              string `toml:"same,required" doc:"Both versions have the same text."`
	Rewrapped         string `toml:"rewrapped,required" doc:"Nothing visible changed, only how the source text is written."`
	Relinked          string `toml:"relinked,required" doc:"No words changed, only link targets."`
	Restyled          string `toml:"restyled,required" doc:"No words changed, only the formatting."`
	Rewritten         string `toml:"rewritten,required" doc:"The text was rewritten; {n} of 100 words are new: New words: {n} %."`
	Swapped           string `toml:"swapped,required" doc:"The two texts are in different languages."`

	UpcomingNotice     string `toml:"upcoming_notice,required" doc:"On the page in force: A new version takes effect on {date}. {link}"`
	UpcomingLink       string `toml:"upcoming_link,required" doc:"Read the upcoming version"`
	NotYetNotice       string `toml:"not_yet_notice,required" doc:"On an upcoming version: This version is not in force yet; it takes effect on {date}. {link}"`
	DraftNotice        string `toml:"draft_notice,required" doc:"On a draft, in previews: This is a draft. It is not published and not in force."`
	SupersededNotice   string `toml:"superseded_notice,required" doc:"On a superseded version: This version is no longer in force; it was replaced on {date}. {link}"`
	InForceLink        string `toml:"in_force_link,required" doc:"Read the version in force"`
	NeverNotice        string `toml:"never_notice,required" doc:"On a version that was withdrawn: This version was withdrawn on {date}, before it took effect. {link}"`
	EndedNotice        string `toml:"ended_notice,required" doc:"On the page of a policy that ended: This policy was withdrawn on {date} and no longer applies. {link}"`
	SuccessorLink      string `toml:"successor_link,required" doc:"The link to the policy that replaces one that ended: Replaced by: {policy}. {policy} is filled in with its title."`
	TranslationNotice  string `toml:"translation_notice,required" doc:"On a translation: This is a translation. The text in {language} is authoritative. {link} {language} is filled in with the language's own name."`
	TranslationLink    string `toml:"translation_link,required" doc:"Read the authoritative text"`
	UntranslatedNotice string `toml:"untranslated_notice,required" doc:"On a page whose version has no translation yet: The version in force has not been translated yet; this is its text in {language}. {link}"`
	UntranslatedLink   string `toml:"untranslated_link,required" doc:"Read the latest translated version: {version}. {version} is filled in with the name of the version."`

	NotFound     string `toml:"not_found,required" doc:"Title of the 404 page: Page not found"`
	NotFoundText string `toml:"not_found_text,required" doc:"There is no page at this address. The home page lists all policies and their versions."`
}

//go:embed words/*.toml
var files embed.FS

// Languages returns the tags of the languages whose words ship with privgen,
// sorted.
func Languages() []string {
	tags, _ := fs.Glob(files, "words/*.toml") // the pattern is valid
	for i, name := range tags {
		tags[i] = strings.TrimSuffix(path.Base(name), ".toml")
	}
	return tags
}

// shipped returns the language of Languages whose words a tag uses, or "".
func shipped(t language.Tag) string {
	if base, _, _ := t.Raw(); base.String() == "no" {
		// no is the macrolanguage; texts in it are Bokmål. Nynorsk has its own
		// tag and words.
		t = language.Make("nb")
	}
	for _, name := range names(t) {
		if _, err := fs.Stat(files, "words/"+name+".toml"); err == nil {
			return name
		}
	}
	return ""
}

// read returns the words of one of Languages. A test checks them like a site's
// own file.
func read(tag string) Words {
	f := fileOf(tag)
	var w Words
	if _, problems := toml.Decode(f, 0, len(f.Text), &w); len(problems) > 0 {
		panic("privgen: internal error: " + problems[0].String())
	}
	return w
}

// fileOf returns the file with the words of one of Languages.
func fileOf(tag string) *source.File {
	name := "words/" + tag + ".toml"
	raw, err := files.ReadFile(name)
	if err != nil {
		panic("privgen: internal error: " + err.Error())
	}
	return &source.File{Name: name, Text: raw}
}

// change replaces words in w by those of a site's own file. The file can omit words
// only if whole is true: then w has the words of a language that ships.
func (w *Words) change(own *source.File, whole bool) source.Problems {
	var theirs Words
	places, problems := toml.Decode(own, 0, len(own.Text), &theirs)
	if whole {
		problems = slices.DeleteFunc(problems, func(p *source.Problem) bool { return p.Code == "missing-key" })
	}
	english := read("en")
	to, from, reference := reflect.ValueOf(w).Elem(), reflect.ValueOf(theirs), reflect.ValueOf(english)
	for i := range to.NumField() {
		key, _, _ := strings.Cut(to.Type().Field(i).Tag.Get("toml"), ",")
		if !places.Has(key) {
			continue
		}
		text := from.Field(i).String()
		if text == "" && len(problems) > 0 {
			continue // it can be empty only because it could not be read
		}
		if p := checkPlaceholders(places.Value(key), key, text, reference.Field(i).String()); p != nil {
			problems = append(problems, p)
		}
		to.Field(i).SetString(text)
	}
	if len(problems) == 0 {
		return nil
	}
	return problems
}

// checkPlaceholders compares the placeholders of a text with those of the
// English one.
func checkPlaceholders(at source.Pos, key, text, english string) *source.Problem {
	want, have := placeholders(english), placeholders(text)
	var what string
	for _, name := range have {
		if !slices.Contains(want, name) {
			what = fmt.Sprintf("nothing is filled in for %s in %q", name, key)
		}
	}
	for _, name := range want {
		if what == "" && !slices.Contains(have, name) {
			what = fmt.Sprintf("%q lacks %s", key, name)
		}
	}
	if what == "" {
		return nil
	}
	do := "write it without braces"
	if len(want) > 0 {
		do = "write " + strings.Join(want, " and ") + " in it"
	}
	return source.NewProblem(at, "bad-placeholder", what, fmt.Sprintf("%s, as the English words do: %q", do, english))
}

// placeholders returns the placeholders of a text with their braces, sorted and
// without duplicates. An unpaired brace counts as one, too.
func placeholders(text string) []string {
	found := regexp.MustCompile(`\{[^{}]*\}|[{}]`).FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// Stopgap returns a templates/words file for a language without words, with those
// of another language. It returns nil if privgen has words for the language.
func Stopgap(tag, other string) []byte {
	t, _ := language.Parse(tag)
	if shipped(t) != "" {
		return nil
	}
	o, _ := language.Parse(other)
	base := cmp.Or(shipped(o), "en")
	_, rest, _ := strings.Cut(string(fileOf(base).Text), "\n") // without the first line, the language's name
	return fmt.Appendf(nil, "# privgen has no words in this language; these are in %q. Translate them.\nname = %q\n\n"+
		"# A notice on the page. Remove it when the words below are translated.\nframe = %q\n%s",
		base, tag, frameOf(base), rest)
}

// framesFile has a line for each of Languages: its tag, and a notice that the words
// around a text are in that language. Stopgap puts it into the file that it writes.
//
//go:embed frames.txt
var framesFile string

func frameOf(base string) string {
	for line := range strings.Lines(framesFile) {
		if tag, sentence, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " "); tag == base {
			return sentence
		}
	}
	return ""
}
