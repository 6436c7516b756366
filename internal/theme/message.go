package theme

import (
	"bytes"
	"html/template"
	"io"
	"io/fs"
	"path"
	"reflect"
	"slices"
	"strings"
	texttemplate "text/template"
	"text/template/parse"

	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/source"
)

// This file renders notices of a new version: mails, a banner, a release note, and a
// document. Their templates are in the folder notice below those of pages. HTML
// templates escape values, the others do not.

// A Message is a notice of a version in one language, the data of its templates.
type Message struct {
	Lang, Dir string // the language, a BCP 47 tag, and ltr or rtl
	Policy    string // the title of the policy
	Version   string // the version's label, otherwise its id
	Sentence  string // when the version takes effect, or took effect
	Upcoming  bool   // it takes effect later
	Material  bool   // the author calls the change material
	Summary   string // what changed, in the author's words, or empty
	Changes   []string
	Heading   string // above what changed
	// The clauses with changes of words, one line each: removed words are in [-...-],
	// added words in {+...+}.
	Clauses      []MessagePart
	More         *Part         // a link to the changes that Clauses and Marked omit, since there are too many; or nil
	Marked       template.HTML // the text with its changes marked; unchanged passages are left out
	Links        []Part        // to the text, to what changed, and to the version history
	URL          string        // of the text
	Stamp        []MessagePart // dates, digest, and URL
	Text         template.HTML // in a document: the whole text
	Redline      template.HTML // in a document: the whole text with its changes marked, or empty
	MarkStyle    template.CSS  // in a document: the style of the marks in Redline
	Organization Organization
	Words        *locale.Words
}

// A MessagePart has lines with a title: the changes in a clause, or a fact.
type MessagePart struct {
	Title string
	Lines []string
}

// SetMarked sets the passages that changed, as HTML.
func (m *Message) SetMarked(marked []byte) { m.Marked = template.HTML(marked) }

// SetText sets the whole text and the whole redline, as HTML, and the style of the
// redline's marks.
func (m *Message) SetText(text, redline []byte, style string) {
	m.Text, m.Redline, m.MarkStyle = template.HTML(text), template.HTML(redline), template.CSS(style)
}

// messages are the names of the templates of notices.
var messages = []string{"banner.txt", "document.html", "mail.html", "mail.txt", "note.md"}

// notices is the folder of the templates of notices.
const notices = "notice"

// Message renders a notice with the template of a name, such as mail.txt: the site's, otherwise
// the theme's, otherwise the base's. The error is a *source.Problem.
func (t *Theme) Message(name string, m *Message) ([]byte, error) {
	var f *file
	for i, l := range t.layers {
		l.dir = path.Join(l.dir, notices)
		if l.files == nil {
			continue
		}
		entries, _ := fs.ReadDir(l.files, l.dir) // the folder may not exist
		for _, e := range entries {
			shown := path.Join(l.name, l.dir, e.Name())
			if i > 0 && !strings.HasPrefix(e.Name(), ".") && !slices.Contains(messages, e.Name()) {
				return nil, source.NewProblem(source.In(shown), "unused-block", "no notice uses this file",
					suggest(e.Name(), messages, "notices use", "remove it"))
			}
			if e.Name() != name {
				continue
			}
			var problem *source.Problem
			if f, problem = l.read(name, i); problem != nil {
				return nil, problem
			}
		}
	}
	return f.message(m)
}

// message renders a notice with a template.
func (f *file) message(m *Message) ([]byte, error) {
	blocks, problem := f.parse()
	if problem != nil {
		return nil, problem
	}
	s := &set{files: map[string]*file{f.Name: f}, blocks: blocks}
	c := &checker{set: s, funcs: functions(), said: map[said]bool{}, done: map[call]bool{}, drawn: map[string]bool{}}
	b := blocks[f.name]
	if b == nil || parse.IsEmptyTree(b.tree.Root) {
		return nil, source.NewProblem(source.In(f.Name), "missing-block", "the template of a notice has no output",
			"write text and actions outside of {{define}}")
	}
	c.block(call{f.name, reflect.TypeFor[Message]()}, caller{})
	if len(c.problems) > 0 {
		return nil, c.problems.Sort()[0]
	}
	var out bytes.Buffer
	var page interface{ Execute(io.Writer, any) error }
	var err error
	if path.Ext(f.name) == ".html" {
		page, err = executable(template.New("").Funcs(funcMap(nil)), f.name, blocks)
	} else {
		page, err = executable(texttemplate.New("").Funcs(funcMap(nil)), f.name, blocks)
	}
	if err == nil {
		err = page.Execute(&limitWriter{&out, maxBytes, maxSteps}, m)
	}
	if err != nil {
		at, said := (&Theme{set: s}).locate(b, err.Error())
		return nil, source.NewProblem(at, "template-failed", "the template stops here: "+plain(said),
			failureWayOut(said))
	}
	return out.Bytes(), nil
}

// A templates is a set of templates of html/template or of text/template.
type templates[T any] interface {
	AddParseTree(name string, tree *parse.Tree) (T, error)
	Lookup(name string) T
}

// executable returns the template of a notice from its blocks.
func executable[T templates[T]](root T, name string, blocks map[string]*block) (T, error) {
	for block, b := range blocks {
		countRounds(b)
		if _, err := root.AddParseTree(block, b.tree); err != nil {
			return root, err
		}
	}
	return root.Lookup(name), nil
}
