// Package site plans a site: which pages there are, at which addresses, what
// each depends on and what each shows.
//
// Its two fundamental types are Site, everything a site is made of, loaded and
// checked, and the tree.Tree that Plan makes of it for an instant.
//
// # Addresses
//
// Pages in the site's own language stand at the root, those in others under
// /LANG/. A policy has pages in the site's language and in every language in
// which it has a text:
//
//	/                                the list of policies
//	/privacy/                        the version in force
//	/privacy/2026-01-01/             the permalink of a version
//	/privacy/archive/                all versions
//	/privacy/redline/A..B/           what changed from version A to B
//	/privacy/redline/A..in-force/    what changed from version A to the one in force
//	/privacy/index.md, index.txt     the text, here and under each permalink
//	/privacy/versions.json           the history; also links.json, feed.atom, feed.json
//	/feed.atom, /sitemap.xml, /robots.txt, /404.html, _headers, _redirects
//	/assets/NAME.HASH.css            what pages load
//
// A permalink exists in the languages in which its version has a text, a redline
// in those in which both versions have one, that of a version and the one in
// force in those of the version. A policy's page exists in all its languages: where the version in force has
// not been translated, it shows the authoritative text and says so.
//
// An address that was there once stays: whatever is published later, by itself
// or because somebody adds a version, the tree has all that it had before. That
// holds for versions that are newer than those there, and for older ones whose
// front matter says when they were published.
//
// # Keys
//
// Every entry's key is made of what its page shows: the site as a whole (the
// config, the theme, the program's words, the names of the policies), and the
// versions it names, each by a digest of its front matter and texts. Drawing
// takes nothing that is not in the key. The instant is in no key: what it
// changes is which version is in which state, and that is.
package site

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/resolve"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/theme"
	"github.com/privgen/privgen/internal/toml"
	"github.com/privgen/privgen/internal/tree"
)

// The folders of a site.
const (
	ConfigFile = "privgen.toml"
	Content    = "content"
	Templates  = "templates"
	Themes     = "themes"
)

// reserved are the slugs that the site's own addresses take.
var reserved = []string{
	"archive", "assets", "redline", "index", "404", "feed", "sitemap", "robots", "public", "templates", "themes",
	"index.html", "404.html", "feed.atom", "feed.json", "sitemap.xml", "robots.txt",
}

// CheckSlug judges a slug before there is a policy of that name; nil is good.
func CheckSlug(slug string) *source.Problem {
	return policy.CheckSlug(source.In(Content+"/"+slug), slug, reserved)
}

// A Site is everything a site is made of, loaded and checked. It may be used
// by several goroutines.
type Site struct {
	Config  *config.Config
	Library *policy.Library

	theme    *theme.Theme
	locales  map[string]*locale.Locale
	files    map[string]attachment          // what texts show or link to, by path in the site
	shown    map[*policy.Text][]shownFile   // which of them each text does
	earlier  map[*policy.Text][]earlierText // the texts that corrections replaced
	memory   *Memory
	record   *record.Record // what was released; nil without a record
	key      tree.Key       // of what every page depends on
	zone     *time.Location
	language string // the site's own

	// What a later Load may take over.
	raw      []byte // the config
	renderer *markdown.Renderer
	words    map[string][]byte // the site's own words, by language, for those that have some
}

// Input is what a site is loaded from.
type Input struct {
	Files     fs.FS   // the site's folder
	Config    string  // path of the config in Files; without it, privgen.toml
	BaseURL   string  // instead of the config's, as config.CheckBaseURL lets it pass; may be empty
	Templates fs.FS   // the page kinds and their base look
	Themes    fs.FS   // the themes that ship
	Unheld    bool    // texts are not held to the record, for those who correct it
	Program   string  // what tells this privgen from others: pages may differ when it does
	Memory    *Memory // nil: nothing is remembered

	// Fingerprint makes the fingerprints of files; see policy.Options. What is
	// remembered of a file without one counts after its bytes were compared.
	Fingerprint func(fs.FileInfo) source.Fingerprint

	Drafts func(slug string) bool      // whose drafts to load too; Preview shows them, and their problems count; nil: nobody's
	Each   func(n int, do func(i int)) // see policy.Options

	// Last is the site as it was loaded before from the same input, or nil, and
	// Changed says which paths changed since. What these do not touch is taken
	// from Last; the result is that of a Load without.
	Last    *Site
	Changed policy.Changes
}

// rendererCache is how many bytes of set text are kept: enough for what the
// versions of a policy share. What redlines read of it takes several times as
// much memory and is not counted; four times the size was measured to save no
// time, and to double the memory of a build.
const rendererCache = 6 << 20

// Load reads a site. Problems of the config stop it there; all others are
// given together.
func Load(in Input) (*Site, source.Problems) {
	s := &Site{memory: in.Memory}
	if s.memory == nil {
		s.memory = &Memory{}
	}
	last := in.kept()
	problems := s.loadConfig(in, last)
	if problems != nil {
		return nil, problems
	}
	s.zone, s.language = s.Config.Zone(), s.Config.Site.Language
	s.Library, problems = policy.Load(in.Files, policy.Options{
		Folder:   Content,
		Language: s.language,
		Reserved: append(slices.Collect(maps.Keys(s.Config.Languages)), reserved...),
		Zone:     s.zone,
		Rules:    s.Config.Markdown,
		Renderer: s.renderer,
		Memory:   &s.memory.Policies,

		Fingerprint: in.Fingerprint,

		Drafts:  in.Drafts,
		Values:  values(s.Config),
		Date:    locale.Dates(),
		Each:    in.Each,
		Last:    last.library(),
		Changed: in.Changed,
	})
	var more source.Problems
	s.theme, more = loadTheme(in, last, s.Config)
	problems = append(problems, more...)
	if s.Library != nil {
		problems = append(problems, s.checkOrder()...)
		h := tree.NewHash("site").Text(in.Program).Bytes(s.raw).Text(s.Config.Site.BaseURL).Key(zoneKey(s.zone))
		if s.theme != nil {
			key := s.theme.Key()
			h.Bytes(key[:])
		}
		problems = append(problems, s.loadLocales(in, last, h)...)
		problems = append(problems, s.attach(in, last)...)
		problems = append(problems, s.loadRecord(in)...)
		s.key = h.Sum()
	}
	if len(problems) > 0 {
		return nil, problems.Sort()
	}
	return s, nil
}

// zoneKey is the key of a time zone: of when its clocks change. The tables of
// zones are those of the machine, and are corrected several times a year.
func zoneKey(zone *time.Location) tree.Key {
	h := tree.NewHash("zone").Text(zone.String())
	from, to := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2060, 1, 1, 0, 0, 0, 0, time.UTC)
	for t := from; t.Before(to); {
		name, offset := t.In(zone).Zone()
		_, next := t.In(zone).ZoneBounds()
		h.Int(int(t.Unix())).Text(name).Int(offset)
		switch {
		case next.IsZero():
			return h.Sum()
		case next.After(t):
			t = next
		default: // on the last day of a leap year beyond the zone's table, bounds end before they begin
			t = t.Add(24 * time.Hour)
		}
	}
	return h.Sum()
}

func (s *Site) loadConfig(in Input, last *Site) source.Problems {
	if last != nil {
		s.Config, s.raw, s.renderer = last.Config, last.raw, last.renderer
		return nil
	}
	s.renderer = markdown.NewRenderer(rendererCache)
	f, problems := readConfig(in.Files, cmp.Or(in.Config, ConfigFile))
	if problems != nil {
		return problems
	}
	s.raw = f.Text
	s.Config, problems = config.Parse(f)
	if list := resolve.CheckValues(s.Config.Values, func(path ...string) source.Pos {
		return s.Config.At(append([]string{"values"}, path...)...)
	}); list != nil {
		problems = append(problems, list...).Sort()
	}
	if problems == nil && in.BaseURL != "" {
		if err := s.Config.SetBaseURL(in.BaseURL); err != nil {
			panic("privgen: internal error: the base URL was not checked: " + err.Error())
		}
	}
	return problems
}

// ReadConfig reads the config of a site, and nothing else.
func ReadConfig(files fs.FS, name string) (*config.Config, source.Problems) {
	f, problems := readConfig(files, name)
	if problems != nil {
		return nil, problems
	}
	return config.Parse(f)
}

func readConfig(files fs.FS, name string) (*source.File, source.Problems) {
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, source.Problems{source.ReadProblem(name, err)}
	}
	f, problem := source.Parse(name, raw)
	if problem != nil {
		return nil, source.Problems{problem}
	}
	return f, nil
}

// loadTheme puts the layers together: the base, the theme (the site's own
// before one that ships), the site's templates.
func loadTheme(in Input, last *Site, c *config.Config) (*theme.Theme, source.Problems) {
	if last != nil && !in.looks() {
		return last.theme, nil
	}
	name := c.Theme.Name
	src := theme.Source{
		Base: in.Templates, BaseName: "privgen:templates",
		OwnName: Templates, ThemeName: path.Join(Themes, name), Root: c.BasePath(),
	}
	own, problem := folder(in.Files, Templates)
	if problem != nil {
		return nil, source.Problems{problem}
	}
	src.Own = own
	for _, fsys := range []fs.FS{in.Files, in.Themes} {
		dir := path.Join(Themes, name)
		if fsys == in.Themes {
			dir, src.ThemeName = name, "privgen:"+src.ThemeName
		}
		if src.Theme, problem = folder(fsys, dir); problem != nil {
			return nil, source.Problems{problem}
		}
		if src.Theme != nil {
			break
		}
	}
	if src.Theme == nil {
		at := c.At("theme", "name")
		there := themeNames(in)
		do := "choose one of " + strings.Join(there, ", ") + ", or make the folder " + path.Join(Themes, name)
		if near := toml.Nearest(name, there); near != "" {
			do = fmt.Sprintf("did you mean %q?", near)
		}
		return nil, source.Problems{source.NewProblem(at, "no-such-theme", fmt.Sprintf("there is no theme %q", name), do)}
	}
	return theme.Load(src, c.Theme.Settings, func(name string) source.Pos { return c.At("theme", "settings", name) })
}

// folder gives a folder of the site, or nil when it has none of this name. One
// that cannot be read is a problem: a site must not lose its look unnoticed.
func folder(files fs.FS, name string) (fs.FS, *source.Problem) {
	info, err := fs.Stat(files, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, source.ReadProblem(name, err)
	case !info.IsDir():
		return nil, nil
	}
	sub, err := fs.Sub(files, name)
	if err != nil {
		panic("privgen: internal error: " + err.Error()) // the name is a path
	}
	return sub, nil
}

func themeNames(in Input) []string {
	var names []string
	own, _ := fs.ReadDir(in.Files, Themes)
	ships, _ := fs.ReadDir(in.Themes, ".")
	for _, e := range slices.Concat(own, ships) {
		if e.IsDir() && !slices.Contains(names, e.Name()) {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names
}

// checkOrder holds [site] policies to the policies there are, and puts the
// library in the site's order.
func (s *Site) checkOrder() source.Problems {
	var problems source.Problems
	var slugs []string
	for _, p := range s.Library.Policies {
		slugs = append(slugs, p.Slug)
	}
	for i, slug := range s.Config.Site.Policies {
		if s.Library.Policy(slug) != nil || slices.Contains(s.Library.Unpublished, slug) {
			continue
		}
		do := "the policies are: " + strings.Join(slugs, ", ")
		if near := toml.Nearest(slug, slugs); near != "" {
			do = fmt.Sprintf("did you mean %q?", near)
		}
		problems = append(problems, source.NewProblem(s.Config.At("site", "policies", fmt.Sprint(i)), "no-such-policy",
			fmt.Sprintf("there is no policy %q", slug), do))
	}
	return problems
}

// Ordered gives the policies in the site's order: those the config names, then
// the others by their own order and slug.
func (s *Site) Ordered() []*policy.Policy {
	out := slices.Clone(s.Library.Policies)
	last := math.MaxInt
	rank := func(p *policy.Policy) int {
		if i := slices.Index(s.Config.Site.Policies, p.Slug); i >= 0 {
			return i
		}
		return last
	}
	slices.SortStableFunc(out, func(a, b *policy.Policy) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)),
			cmp.Compare(cmp.Or(a.Settings.Order, last), cmp.Or(b.Settings.Order, last)),
			strings.Compare(a.Slug, b.Slug))
	})
	return out
}

// otherLanguages gives the languages that policies have texts in, but for the
// site's own.
func (s *Site) otherLanguages(policies []*policy.Policy) []string {
	seen := map[string]bool{}
	for _, p := range policies {
		for _, lang := range p.Languages() {
			seen[lang] = true
		}
	}
	delete(seen, s.language)
	return slices.Sorted(maps.Keys(seen))
}

func (s *Site) loadLocales(in Input, last *Site, h *tree.Hash) source.Problems {
	var problems source.Problems
	s.locales, s.words = map[string]*locale.Locale{}, map[string][]byte{}
	for _, lang := range append(s.otherLanguages(s.Library.Policies), s.language) {
		if last != nil && !in.looks() && last.locales[lang] != nil {
			s.locales[lang] = last.locales[lang]
			if own, ok := last.words[lang]; ok {
				s.words[lang] = own
				h.Text(lang).Bytes(own)
			}
			continue
		}
		var own *source.File
		name := path.Join(Templates, "words", lang+".toml")
		raw, err := fs.ReadFile(in.Files, name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			problems = append(problems, source.ReadProblem(name, err))
			continue
		}
		if err == nil {
			f, problem := source.Parse(name, raw)
			if problem != nil {
				problems = append(problems, problem)
				continue
			}
			own, s.words[lang] = f, raw
			h.Text(lang).Bytes(raw)
		}
		at := s.Config.At("site", "language")
		if lang != s.language {
			at = s.firstText(lang)
		}
		l, more := locale.Load(lang, at, own)
		problems = append(problems, more...)
		s.locales[lang] = l
	}
	return problems
}

// firstText is the place of the first text in a language.
func (s *Site) firstText(lang string) source.Pos {
	for _, p := range s.Library.Policies {
		for t := range p.Texts() {
			if t.Lang == lang {
				return source.In(t.File)
			}
		}
	}
	return s.Config.At("languages", lang)
}

// Next gives the next instant after now at which a rebuild would change what
// the site shows, and the version that does it; false when none is to come.
func (s *Site) Next(now time.Time) (time.Time, *policy.Version, bool) {
	return policy.NextOf(s.Library.Policies, now)
}
