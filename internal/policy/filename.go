package policy

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/source"
)

// This file reports file names that are almost those of versions.

var (
	// yearFirst matches 2026-1-5, 2026_01_05, 20260105, and privacy-2026-01-05; yearLast, 05.01.2026.
	yearFirst = lazyregexp.New(`^(?:.*[-_. ])?(\d{4})[-_. ]?(\d{1,2})[-_. ]?(\d{1,2})(?:\.\d+)?$`)
	yearLast  = lazyregexp.New(`^(\d{1,2})\.(\d{1,2})\.(\d{4})$`)
	// asWord matches a translation whose language is not a tag: 2026-01-05.german.
	asWord = lazyregexp.New(`^(\d{4}-\d\d-\d\d)\.([A-Za-z-]+)$`)
	// otherDot matches a translation without a dot before the language: 2026-01-05_de.
	otherDot = lazyregexp.New(`^(\d{4}-\d\d-\d\d(?:\.\d+)?)[-_ ]([a-z]{2}(?:-[A-Z]{2})?)$`)
)

// noDate returns the problem of a version without a date.
func noDate(file, id string) *source.Problem {
	at, dir := source.In(file), path.Dir(file)
	m := yearFirst().FindStringSubmatch(id)
	if m == nil {
		if m = yearLast().FindStringSubmatch(id); m != nil {
			m[1], m[3] = m[3], m[1]
		}
	}
	if m != nil {
		iso := fmt.Sprintf("%s-%02s-%02s", m[1], m[2], m[3])
		if _, err := day.Parse(iso); err != nil {
			return source.NewProblem(at, "no-such-day", fmt.Sprintf("the name of the file is not a day: %v", err),
				"rename it to the day on which the version takes effect: "+path.Join(dir, "2026-01-31.md"))
		}
		return source.NewProblem(at, "no-date", fmt.Sprintf("the day in the name %q is not written as %s", id, iso),
			"rename the file: "+path.Join(dir, iso+".md"))
	}
	if m := asWord().FindStringSubmatch(id); m != nil {
		return source.NewProblem(at, "bad-language", fmt.Sprintf("%q in the name of the file is not a language", m[2]),
			"write a BCP 47 tag for a translation, such as de or pt-BR: "+path.Join(dir, m[1]+".de.md"))
	}
	if m := otherDot().FindStringSubmatch(id); m != nil && isLanguage(m[2]) {
		return source.NewProblem(at, "no-date", fmt.Sprintf("%q is not the name of a version or translation", id),
			fmt.Sprintf("for a translation, rename it: %s.%s.md", path.Join(dir, m[1]), m[2]))
	}
	return source.NewProblem(at, "no-date",
		fmt.Sprintf("nothing says when the version %q takes effect", id),
		"write effective = 2026-01-31 in its front matter, between lines of +++,\n"+
			"or name the file by its date: 2026-01-31.md")
}

// These are extensions of texts that are not read as versions: of Markdown, and of other formats.
var (
	otherMarkdown = []string{".markdown", ".mdown", ".mdx", ".md.txt"}
	otherTexts    = []string{".txt", ".doc", ".docx", ".odt", ".rtf", ".html", ".htm"}
)

// notRead returns the problem of a file in a policy's folder whose name is almost that of a
// version or of policy.toml, and that would not be read. A file in another format is fine
// beside the version of the same name, or if a text mentions it.
func notRead(fsys fs.FS, name string, entries []fs.DirEntry) *source.Problem {
	file := path.Base(name)
	stem, ext, _ := strings.Cut(file, ".")
	ext = strings.ToLower("." + ext)
	if ext == ".toml" && strings.HasPrefix(strings.ToLower(stem), "polic") {
		return source.NewProblem(source.In(name), "bad-name",
			"the file is not read: the settings of a policy are in policy.toml",
			"rename it: "+path.Join(path.Dir(name), "policy.toml"))
	}
	if _, err := day.Parse(stem); err != nil && stem != draftID {
		return nil
	}
	mentioned := func() bool {
		return slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
			text, _ := fs.ReadFile(fsys, path.Join(path.Dir(name), e.Name()))
			return e.Name() == stem+".md" || strings.HasSuffix(e.Name(), ".md") && bytes.Contains(text, []byte(file))
		})
	}
	right := path.Join(path.Dir(name), stem+".md")
	what := "the file is not a version: the name of a version ends in .md, and not in " + file[len(stem):]
	switch {
	case strings.EqualFold(ext, ".md") || slices.Contains(otherMarkdown, ext):
		return source.NewProblem(source.In(name), "bad-name", what, "rename it: "+right)
	case stem != draftID && slices.Contains(otherTexts, ext) && !mentioned():
		return source.NewProblem(source.In(name), "bad-name", what,
			"write its text as Markdown in "+right+"\nor save it as HTML, and run: privgen import html FILE")
	}
	return nil
}

// inFolder returns the problem of the first text in a subfolder of a policy's folder:
// it would not be published.
func inFolder(fsys fs.FS, dir string) *source.Problem {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return source.ReadProblem(dir, err)
	}
	for _, e := range entries {
		stem, isText := strings.CutSuffix(e.Name(), ".md")
		if !isText || e.IsDir() || skip(e.Name()) {
			continue
		}
		short := func(lang string) bool { return isLanguage(lang) && (len(lang) == 2 || lang[2] == '-') }
		if lang := path.Base(path.Dir(dir)); short(lang) { // content/de/privacy
			return source.NewProblem(source.In(path.Join(dir, e.Name())), "bad-name",
				"a translation is in the folder of its policy, beside the original",
				"move it: "+path.Join(path.Dir(path.Dir(dir)), path.Base(dir), stem+"."+lang+".md"))
		}
		if lang := path.Base(dir); short(lang) {
			stem += "." + lang
		}
		return source.NewProblem(source.In(path.Join(dir, e.Name())), "bad-name",
			"the text is in a folder of the policy's folder, so it is not a version",
			"for a version, move it: "+path.Join(path.Dir(dir), stem+".md")+
				"\nfor texts that are not published, give the folder another name: "+
				path.Join(path.Dir(dir), "_"+path.Base(dir)))
	}
	return nil
}
