package policy

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/normal"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
)

// A Library is all policies of a site, with access to their texts. It is safe for
// concurrent use.
type Library struct {
	Policies    []*Policy // by slug
	Unpublished []string  // slugs of policies that have only a draft, which was not read

	fsys      fs.FS
	folder    string
	language  string          // of the site
	languages map[string]bool // of all policies
	zone      *time.Location
	texts     *textReader

	doubtful []string // slugs and files that have a problem, so that links to them may look dead
	unnamed  bool     // former names may be missing

	mu       sync.Mutex
	files    map[string]pinned         // attached files that were looked up, by path
	failed   error                     // the first error of reading a text for its clause ids
	failedAt string                    // the file of that text
	ids      map[*Text]map[string]bool // clause ids of texts that others link to
	static   map[string]bool           // paths of files of the site that belong to no policy
	formats  formats                   // that the site offers
	late     [8]bodyOf                 // recent bodies, latest first: pages of one text are rendered in sequence
}

// A pinned is the result of the first look at a path. Later changes of the file do not
// change the answers of a library.
type pinned struct {
	file bool  // there is a regular file
	err  error // of a failed look
}

// ErrChanged is the error for a file that changed after it was loaded.
var ErrChanged = errors.New("the file changed meanwhile; run the command again")

type bodyOf struct {
	text *Text
	body *markdown.Body
}

// Policy returns the policy with a slug, or nil.
func (l *Library) Policy(slug string) *Policy {
	i, ok := slices.BinarySearchFunc(l.Policies, slug,
		func(p *Policy, slug string) int { return strings.Compare(p.Slug, slug) })
	if !ok {
		return nil
	}
	return l.Policies[i]
}

// Named returns the policy that has or had a slug, or nil. Links in released texts keep
// the slugs of their time.
func (l *Library) Named(slug string) *Policy {
	if p := l.Policy(slug); p != nil {
		return p
	}
	for _, p := range l.Policies {
		if slices.Contains(p.Settings.Formerly, slug) {
			return p
		}
	}
	return nil
}

// Body reads a text, resolves it, and parses it. The error is one of reading, or
// ErrChanged.
func (l *Library) Body(t *Text) (*markdown.Body, error) {
	if b := l.recall(t); b != nil {
		return b, nil
	}
	b, err := l.texts.body(t)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	copy(l.late[1:], l.late[:])
	l.late[0] = bodyOf{t, b}
	return b, nil
}

func (l *Library) recall(t *Text) *markdown.Body {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, late := range l.late {
		if late.text == t {
			copy(l.late[1:], l.late[:i])
			l.late[0] = late
			return late.body
		}
	}
	return nil
}

// Same reports whether two texts are the same to their readers, see markdown.Same.
func (l *Library) Same(a, b *Text) bool {
	if a.Normal == b.Normal {
		return true
	}
	was, err := l.Body(a)
	if err != nil {
		return false
	}
	is, err := l.Body(b)
	return err == nil && markdown.Same(was, is)
}

// Place returns the position of a key in the front matter of a text, or the
// text's file if the key is absent.
func (l *Library) Place(t *Text, key string) source.Pos { return placeOf(l.fsys, t.File, key) }

// Includes reports whether a text has tags (values, shared clauses, tables, or
// conditions), so that changes elsewhere can change it.
func (l *Library) Includes(t *Text) bool {
	raw, err := l.ReadFile(t.File)
	if err != nil {
		return false
	}
	f, problem := source.Parse(t.File, raw)
	if problem != nil {
		return false
	}
	start, _ := TextStart(f)
	return sha256.Sum256(normal.Form(f.Text[start:])) != t.Normal
}

// ReadFile reads a file that a text shows or links to, by its path in the site.
func (l *Library) ReadFile(name string) ([]byte, error) { return fs.ReadFile(l.fsys, name) }

// Err returns the first error because of which Has returned false, or nil.
func (l *Library) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.failed
}

// Has reports whether a text has a clause with an id, an alias, or a former id. Its
// first call for a text reads the text; for an error, see Err.
func (l *Library) Has(t *Text, id string) bool {
	l.mu.Lock()
	ids, ok := l.ids[t]
	l.mu.Unlock()
	if !ok {
		b, err := l.Body(t)
		l.mu.Lock()
		defer l.mu.Unlock()
		if err != nil {
			if l.failed == nil {
				l.failed, l.failedAt = err, t.File
			}
			return false
		}
		ids = b.IDs()
		if len(t.FrontMatter.Aliases) > 0 || len(b.Former()) > 0 {
			ids = maps.Clone(ids)
			for id := range b.Former() {
				ids[id] = true
			}
			for alias := range t.FrontMatter.Aliases {
				ids[alias] = true
			}
		}
		l.ids[t] = ids
	}
	return ids[id]
}

// A Target is the destination of a link to a file of the site.
type Target struct {
	Policy  *Policy
	Version *Version // nil for the policy itself, whichever version is in force
	Lang    string   // the language that the link names, or empty
	Clause  string   // id of a clause, or empty
	File    string   // path in the site of an attached file; then Policy is nil
	Page    string   // path of a page that shows no text, from the root of the site; then Policy is nil

	Elsewhere bool // the link leads to the site's host, but not into the site
}

// Resolve follows a link of a text to a file of the site by its path from the
// text, or to a page of the site by its URL. For a path it looks in the folder of
// the text first, then in that of the policy or of all policies. It reports false
// if there is no such file or page. It does not check the clause. If looking up the
// file failed, it reports false, and the target has the file. The answer for an
// attached file never changes.
func (l *Library) Resolve(t *Text, dest string) (Target, bool) {
	file, clause, ok := splitLink(dest)
	if !ok {
		return Target{}, false
	}
	if name, inside, own := t.Version.Policy.Rules.Own(file); own {
		target, ok := l.page(name, clause)
		if !inside && !ok {
			return Target{Elsewhere: true}, true
		}
		return target, ok
	}
	target, ok := l.follow(path.Join(path.Dir(t.File), file), clause)
	if !ok && target.File == "" {
		// A link stays valid when its policy becomes a folder, and in a shared
		// clause that policies of both forms include.
		other := l.folder
		if path.Dir(t.File) == l.folder {
			other = path.Join(l.folder, t.Version.Policy.Slug)
		}
		target, ok = l.follow(path.Join(other, file), clause)
	}
	return target, ok
}

// splitLink returns the path and the clause id in a link. It reports false if an escape
// is malformed.
func splitLink(dest string) (file, clause string, ok bool) {
	file, clause, _ = strings.Cut(dest, "#")
	file, _, _ = strings.Cut(file, "?")
	file, err := url.PathUnescape(file)
	return file, markdown.Fragment(clause), err == nil
}

// follow returns the target at a path of the site.
func (l *Library) follow(name, clause string) (Target, bool) {
	rel, ok := strings.CutPrefix(name, l.folder+"/")
	if !ok {
		return Target{}, false
	}
	dir, base, nested := strings.Cut(rel, "/")
	stem, isText := strings.CutSuffix(base, ".md")
	if !nested {
		stem, isText = strings.CutSuffix(dir, ".md")
		if p := l.Named(stem); p != nil {
			return Target{Policy: p, Clause: clause}, true
		}
		if s, lang := splitLanguage(stem); isText && lang != "" && l.Named(s) != nil {
			return Target{Policy: l.Named(s), Lang: lang, Clause: clause}, true
		}
		return l.attached(name)
	}
	p := l.Named(dir)
	switch {
	case p != nil && base == "policy.toml":
		return Target{Policy: p, Clause: clause}, true
	case p != nil && isText:
		id, lang := splitLanguage(stem)
		v := p.Version(id)
		if v == nil || lang != "" && v.In(lang) == nil {
			return Target{}, false
		}
		return Target{Policy: p, Version: v, Lang: lang, Clause: clause}, true
	}
	return l.attached(name)
}

// attached returns the file at a path in the folder of policies, if it can be
// published: hidden files and sources cannot.
func (l *Library) attached(name string) (Target, bool) {
	if hidden(name) || l.internal(name) {
		return Target{}, false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	p, ok := l.files[name]
	if !ok {
		info, err := fs.Stat(l.fsys, name)
		switch {
		case err == nil:
			p.file = info.Mode().IsRegular()
		case !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrInvalid):
			p.err = err
		}
		l.files[name] = p
	}
	if p.file || p.err != nil {
		return Target{File: name}, p.file
	}
	return Target{}, false
}

// unreadable returns the problem of a file that could not be looked up. If it counted
// as missing, pages could be wrong without a problem.
func (l *Library) unreadable(name string) *source.Problem {
	l.mu.Lock()
	defer l.mu.Unlock()
	return source.ReadProblem(name, l.files[name].err)
}

// hidden reports whether a name in a path begins with a dot.
func hidden(name string) bool { return strings.HasPrefix(name, ".") || strings.Contains(name, "/.") }

// internal reports whether a path in the folder of policies is that of a source file:
// a text, a shared clause, a table, settings, or a backup file of an editor. Some file
// systems ignore the case of a name, and dots and spaces at its end.
func (l *Library) internal(name string) bool {
	for part := range strings.SplitSeq(strings.TrimPrefix(name, l.folder+"/"), "/") {
		if skip(part) {
			return true
		}
	}
	ext := strings.ToLower(path.Ext(strings.TrimRight(name, ". ")))
	return ext == ".md" || ext == ".toml"
}

// unpublished returns the problem of a link to an existing file that is not
// published, or nil.
func (l *Library) unpublished(t *Text, r markdown.Ref) *source.Problem {
	file, _, ok := splitLink(r.Dest)
	if _, _, own := t.Version.Policy.Rules.Own(file); !ok || file == "" || own {
		return nil
	}
	name := path.Join(path.Dir(t.File), file)
	info, err := fs.Stat(l.fsys, name)
	switch {
	case err != nil:
	case hidden(name):
		return source.NewProblem(r.Pos, "not-published",
			fmt.Sprintf("the link to %q leads to a hidden file, and those are not published", r.Dest),
			"give the file a name without a dot in front, if it is meant for readers")
	case !strings.HasPrefix(name, l.folder+"/"):
		return source.NewProblem(r.Pos, "not-published",
			fmt.Sprintf("the link to %q leads out of the folder %q, and nothing else is published", r.Dest, l.folder),
			fmt.Sprintf("put a copy of the file beside the text, in %s, and link to it", path.Dir(t.File)))
	case info.Mode().IsRegular() && l.internal(name):
		slug, _, _ := strings.Cut(strings.TrimPrefix(name, l.folder+"/"), "/")
		do := "link to a policy, or to a file for readers: a PDF, a picture, a table as CSV"
		if slices.Contains(l.Unpublished, slug) {
			do = onlyDraft(slug)
		}
		return source.NewProblem(r.Pos, "not-published",
			fmt.Sprintf("the link to %q leads to a file of the site's sources, and those are not published",
				r.Dest), do)
	}
	return nil
}

// Newest returns the newest of the versions that has the clause in its text in a
// language, or in its authoritative text if it has none; or nil. So a link to a
// removed clause leads to the last version that had it.
func (l *Library) Newest(versions []*Version, clause, lang string) *Version {
	for _, v := range slices.Backward(versions) {
		if l.Has(cmp.Or(v.In(lang), v.Authoritative()), clause) {
			return v
		}
	}
	return nil
}

// checkRefs checks the links of a text to other files.
func (l *Library) checkRefs(t *Text) source.Problems {
	var problems source.Problems
	rules := t.FrontMatter.rules(t.Version.Policy.Rules)
	for _, r := range t.Facts.Refs {
		target, ok := l.Resolve(t, r.Dest)
		if !ok && target.File != "" {
			problems = append(problems, l.unreadable(target.File))
			continue
		}
		if rules.DeadLinks == "keep" && !r.Image || rules.Images == "link" && r.Image {
			continue
		}
		switch {
		case l.doubts(t, r.Dest):
		case ok && target.Policy != nil && len(target.Policy.Versions) == 0 && !t.Version.IsDraft():
			problems = append(problems, source.NewProblem(r.Pos, "dead-link", // as in builds, which do not read drafts
				fmt.Sprintf("the link to %q leads nowhere", r.Dest), onlyDraft(target.Policy.Slug)))
		case !ok && l.unpublished(t, r) != nil:
			problems = append(problems, l.unpublished(t, r))
		case !ok:
			problems = append(problems, source.NewProblem(r.Pos, "dead-link",
				fmt.Sprintf("the link to %q leads nowhere", r.Dest), l.elsewhere(t, r)))
		case target.Clause != "" && target.Policy != nil && !l.hasClause(t, target):
			problems = append(problems, source.NewProblem(r.Pos, "dead-link",
				fmt.Sprintf("the link to %q leads nowhere: no version of %q has a clause %q", r.Dest,
					target.Policy.Slug, target.Clause),
				"look up the id on the policy's page (the sign beside each heading links to it), or omit the #"))
		}
	}
	return problems
}

// Doubts reports whether a policy or the file of a version may be loaded wrongly,
// because of a problem in the policy's settings or in front matter. The name is a slug
// or a path. If it is empty, Doubts reports whether any is.
func (l *Library) Doubts(name string) bool {
	return name == "" && (len(l.doubtful) > 0 || l.unnamed) || slices.Contains(l.doubtful, name)
}

// doubts reports whether a link of a text may look dead because the policy or version
// that it leads to has a problem.
func (l *Library) doubts(t *Text, dest string) bool {
	if len(l.doubtful) == 0 {
		return false
	}
	file, _, _ := strings.Cut(dest, "#")
	name, _, own := t.Version.Policy.Rules.Own(file)
	if !own {
		name = strings.TrimPrefix(path.Join(path.Dir(t.File), file), l.folder+"/")
	}
	if l.doubtsPage(name, own) {
		return true
	}
	_, ok := l.Resolve(t, dest)
	return !ok && l.unnamed
}

// doubtsPage reports whether a page or, if not own, a file of content may look missing.
func (l *Library) doubtsPage(name string, own bool) bool {
	slug, id, _ := strings.Cut(strings.TrimSuffix(strings.TrimSuffix(name, "/"), ".md"), "/")
	if own && l.languages[slug] {
		slug, id, _ = strings.Cut(id, "/")
	}
	if !slices.Contains(l.doubtful, slug) {
		return false
	}
	if id == "" {
		return true
	}
	_, err := fs.Stat(l.fsys, path.Join(l.folder, slug, id+".md"))
	return err == nil
}

// hasClause reports whether the clause that a link of a text leads to exists. A
// draft can link to other drafts: they may be released together.
func (l *Library) hasClause(from *Text, t Target) bool {
	if t.Version == nil && l.Newest(t.Policy.Versions, t.Clause, t.Lang) != nil {
		return true
	}
	v := t.Version
	if v == nil && from.Version.IsDraft() {
		v = t.Policy.Draft
	}
	return v != nil && l.Has(cmp.Or(v.In(t.Lang), v.Authoritative()), t.Clause)
}

func onlyDraft(slug string) string {
	return fmt.Sprintf("the policy %q has a draft only; release it first, or remove the link, and keep its words",
		slug)
}

// mailLike matches an e-mail address.
var mailLike = lazyregexp.New(`^[^\s/@:]+@[^\s/@:]+\.\w+$`)

// elsewhere returns what to do about a link to a missing file. The link is in the
// text's own file, or in that of a shared clause.
func (l *Library) elsewhere(t *Text, r markdown.Ref) string {
	var there []string
	up := "../"
	if path.Dir(t.File) == l.folder {
		up = ""
	}
	for _, p := range l.Policies {
		there = append(there, up+p.Slug+".md")
	}
	file, _, _ := strings.Cut(r.Dest, "#")
	name, _, own := t.Version.Policy.Rules.Own(file)
	if !own {
		name, _ = strings.CutPrefix(file, up)
	}
	switch {
	case mailLike().MatchString(r.Dest):
		return fmt.Sprintf("for an e-mail address write mailto:%s", r.Dest)
	case strings.HasPrefix(strings.ToLower(r.Dest), "www."):
		return fmt.Sprintf("for a page elsewhere write https://%s", r.Dest)
	}
	if _, format, ok := l.locate(name, ""); own && ok && !l.formats.write(format) {
		return fmt.Sprintf("the site has this file only if \"formats\" in [output] of the config contains %q", format)
	}
	first, below, _ := strings.Cut(name, "/")
	if l.Named(first) != nil && below != "" || own && l.Named(first) != nil {
		return fmt.Sprintf("the policy %q has no such page; it has versions, archive/, and redline/A..B/", first)
	}
	if own {
		file = up + first + ".md" // the path of a file is right wherever the site is
	}
	if ext := path.Ext(file); !own && (r.Image || ext != "" && ext != ".md") {
		return fmt.Sprintf("paths go from the file with the link; put the file at %s, or correct the path",
			path.Join(path.Dir(t.File), file))
	}
	for _, slug := range l.Unpublished {
		if file == up+slug+".md" {
			return onlyDraft(slug)
		}
	}
	if near := toml.Nearest(file, there); near != "" && near != file {
		return fmt.Sprintf("did you mean %q?", near)
	}
	if r.Pos.File != t.File {
		return "paths in a shared clause go from the text that includes it, here " + t.File +
			"; from there the policies are: " + strings.Join(there, " ")
	}
	do := "paths go from the file with the link; from here the policies are: " + strings.Join(there, " ")
	slug, ok := strings.CutPrefix(file, up)
	if slug = strings.TrimSuffix(strings.TrimSuffix(slug, "/"), ".md"); ok &&
		CheckSlug(source.Pos{}, "name", slug, nil) == nil {
		do += fmt.Sprintf("\nif one of them had this name, write in its policy.toml: formerly = [%q]", slug)
	}
	return do
}
