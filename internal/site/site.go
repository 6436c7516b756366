// Package site loads a site: it reads and checks the config, policies, theme,
// lock file, and words of a site's folder.
//
// Its two fundamental types are Site, a loaded site, and Paths, the paths of its
// pages. Package pages fills the pages.
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
	"sync"
	"time"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/duty"
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

// The config file and the folders of a site.
const (
	ConfigFile = "privgen.toml"
	Content    = "content"
	Templates  = "templates"
	Themes     = "themes"
)

// reserved are the slugs that the site needs for its own paths.
var reserved = []string{
	"archive", "assets", "redline", "index", "404", "feed", "sitemap", "robots", "public", "templates", "themes",
	"index.html", "404.html", "feed.atom", "feed.json", "sitemap.xml", "robots.txt", "policies.json",
}

// CheckSlug returns the problem of a slug for a new policy, or nil.
func CheckSlug(slug string) *source.Problem {
	return policy.CheckSlug(source.In(Content+"/"+slug), "name", slug, reserved)
}

// A Site is a site, loaded and checked. Several goroutines can use it.
type Site struct {
	Config  *config.Config
	Library *policy.Library

	Paths   Paths
	Theme   *theme.Theme
	Locales map[string]*locale.Locale  // by language
	Files   map[string]Attachment      // attachments and static files, by their path in the site
	Earlier map[*policy.Text][]Earlier // texts before their corrections, oldest first
	Cache   *Cache
	Key     tree.Key // of everything that all pages depend on

	shown  map[*policy.Text][]shownFile // the files that each text shows or links to
	record *record.Record               // nil without a lock file
	zone   *time.Location

	// Values that a later Load can reuse.
	raw      []byte // the config
	renderer *markdown.Renderer
	words    map[string][]byte // the site's own words, by language, for those that have some
}

// Input has the files of a site, and options for Load.
type Input struct {
	Files      fs.FS  // the site's folder
	Config     string // path of the config in Files; empty: privgen.toml
	BaseURL    string // replaces that of the config, if not empty; must pass config.CheckBaseURL
	Templates  fs.FS  // the page kinds and their base look
	Themes     fs.FS  // the themes that ship
	SkipRecord bool   // do not check texts against the record; used by correct
	Program    string // id of this privgen, because another can render other pages
	Cache      *Cache // nil: an empty one

	// Renderer renders the texts; nil: one with a small cache.
	Renderer *markdown.Renderer

	// Fingerprint returns the fingerprint of a file; see policy.Options. Cached facts
	// about a file without one are used only if its bytes are the same.
	Fingerprint func(fs.FileInfo) source.Fingerprint

	// reports whether to load the drafts of a policy, whose problems then count; nil: of none
	Drafts func(slug string) bool
	Each   func(n int, do func(i int)) // see policy.Options

	// Check returns more problems, which Load reports together with its own. The site
	// that it gets can have problems. Check can be nil, and is not called if the config
	// has problems.
	Check func(*Site) source.Problems

	// Last is the last Site loaded from the same input, or nil, and Changed has the
	// paths that changed since. Load reuses the parts of Last that these paths do not
	// affect. The result is the same as without Last.
	Last    *Site
	Changed policy.Changes
}

// rendererCache is the size in bytes of the cache of rendered blocks, if Input has no
// Renderer: enough for the blocks that the versions of a policy share.
const rendererCache = 6 << 20

// Load reads a site. It returns all problems together, except those that a problem
// in the config can cause. If there are any, the Site is nil.
func Load(in Input) (loaded *Site, found source.Problems) {
	s := &Site{Cache: in.Cache}
	if s.Cache == nil {
		s.Cache = &Cache{}
	}
	last := in.kept()
	wrong := s.loadConfig(in, last)
	if s.Config == nil {
		return nil, wrong
	}
	if name := s.Config.Shared.Path; name != "" {
		files, problem := withShared(in.Files, name, s.Config.At("shared", "path"))
		if problem != nil {
			return nil, append(wrong, problem).Sort()
		}
		in.Files = files
		defer func() { files.place(found) }()
	}
	s.zone = s.Config.Zone()
	s.Paths = Paths{Base: s.Config.BasePath(), Root: s.Config.Site.BaseURL, Default: s.Config.Site.Language}
	static, wrongStatic := findStatic(in.Files)
	var more source.Problems
	themed := in.beside(func() { s.Theme, more = loadTheme(in, last, s.Config, s.Cache.tried) })
	problems := s.loadPolicies(in, last, static)
	sound := problems == nil && wrong == nil
	themed()
	if s.Theme != nil && s.Theme.Key() != s.Cache.tried {
		s.Cache.tried, s.Cache.updated = s.Theme.Key(), true
	}
	problems = append(problems, more...)
	h := tree.NewHash("site").Text(in.Program).Bytes(s.raw).Text(s.Config.Site.BaseURL).Key(zoneKey(s.zone))
	if s.Theme != nil {
		key := s.Theme.Key()
		h.Bytes(key[:])
	}
	if !slices.ContainsFunc(problems, func(p *source.Problem) bool { return p.Code == "bad-language" }) {
		problems = append(problems, s.loadLocales(in, last, h)...)
	}
	problems = slices.Concat(problems, s.attach(in, last), wrongStatic, s.loadStatic(static, last),
		s.loadPictures(in, last, h), s.checkOrder(in, sound), s.checkLinks())
	if slices.ContainsFunc(s.Library.Policies, func(p *policy.Policy) bool { return len(p.Versions) > 0 }) {
		problems = append(problems, s.Config.Placeholders()...)
	}
	problems = append(problems, s.loadRecord(in, sound)...)
	if wrong == nil && in.Check != nil {
		problems = append(problems, in.Check(s)...)
	}
	if wrong != nil {
		problems = append(wrong, slices.DeleteFunc(problems, s.Config.Causes(wrong))...)
	}
	s.Key = h.Text(s.Config.TagAuthority()).Sum()
	if len(problems) > 0 {
		return nil, problems.Sort()
	}
	return s, nil
}

// beside runs a function concurrently if Each is set, and wait waits for its end.
// Otherwise wait runs it.
func (in *Input) beside(run func()) (wait func()) {
	if in.Each == nil {
		return run
	}
	var group sync.WaitGroup
	group.Go(run)
	return group.Wait
}

// zoneKey returns the key of a time zone, which depends on when its clocks change.
// Each machine has its own tables of zones, which change several times a year.
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
		default: // on the last day of a leap year beyond the zone's table, the bounds end before they begin
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
	if s.renderer = in.Renderer; s.renderer == nil {
		s.renderer = markdown.NewRenderer(rendererCache)
	}
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
		s.Config.Values = nil // texts cannot use them
	}
	s.Config.Markdown.Root = s.Config.Site.BaseURL
	if problems == nil && in.BaseURL != "" {
		if err := s.Config.SetBaseURL(in.BaseURL); err != nil {
			panic("privgen: internal error: the base URL was not checked: " + err.Error())
		}
	}
	return problems
}

func (s *Site) loadPolicies(in Input, last *Site, static map[string]bool) (problems source.Problems) {
	s.Library, problems = policy.Load(in.Files, policy.Options{
		Folder:   Content,
		Language: s.Paths.Default,
		Reserved: append(slices.Collect(maps.Keys(s.Config.Languages)), reserved...),
		Zone:     s.zone,
		Rules:    s.Config.Markdown,
		Renderer: s.renderer,
		Cache:    &s.Cache.Policies,
		Drafts:   in.Drafts,
		Values:   values(s.Config),
		Date:     locale.Date,
		Static:   static,
		Writes:   s.Config.Output.Writes,
		Each:     in.Each,
		Last:     last.library(),
		Changed:  in.Changed,

		Fingerprint: in.Fingerprint,
	})
	return problems
}

// ReadConfig reads only the config of a site.
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

// loadTheme loads the layers: the base, the theme (the site's own, otherwise one
// that ships), and the site's templates.
func loadTheme(in Input, last *Site, c *config.Config, tried [32]byte) (*theme.Theme, source.Problems) {
	if last != nil && !in.looks() {
		return last.Theme, nil
	}
	name := c.Theme.Name
	src := theme.Source{
		Base: in.Templates, BaseName: "privgen:templates",
		OwnName: Templates, ThemeName: path.Join(Themes, name), Root: c.BasePath(), Tried: tried,
	}
	own, problem := folder(in.Files, Templates)
	if problem != nil {
		return nil, source.Problems{problem}
	}
	src.Own = own
	if src.Theme, problem = folder(in.Files, src.ThemeName); src.Theme == nil && problem == nil {
		src.ThemeName, src.Shipped = "privgen:"+src.ThemeName, src.Own == nil
		src.Theme, problem = folder(in.Themes, name)
	}
	if problem != nil {
		return nil, source.Problems{problem}
	}
	if src.Theme == nil {
		at := c.At("theme", "name")
		there := themeNames(in)
		do := toml.Suggest(name, there, "%q",
			"choose one of "+strings.Join(there, ", ")+", or make the folder "+path.Join(Themes, name))
		return nil, source.Problems{source.NewProblem(at, "no-such-theme",
			fmt.Sprintf("there is no theme %q", name), do)}
	}
	return theme.Load(src, c.Theme.Settings, func(name string) source.Pos { return c.At("theme", "settings", name) })
}

// folder returns a folder of the site, or nil if there is none of this name. A
// folder that cannot be read is a problem, because a site must not lose its theme
// without an error.
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
	own, _ := fs.ReadDir(in.Files, Themes)
	ships, _ := fs.ReadDir(in.Themes, ".")
	var names []string
	for _, e := range slices.Concat(own, ships) {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// checkOrder checks that the policies in [site] home and policies exist. If the site
// is not sound, a policy may not have been loaded, so its files are enough.
func (s *Site) checkOrder(in Input, sound bool) source.Problems {
	var problems source.Problems
	files := Names{in.Files}.Slugs()
	var slugs []string
	for _, p := range s.Library.Policies {
		slugs = append(slugs, p.Slug)
	}
	check := func(slug string, key ...string) {
		if s.Library.Policy(slug) != nil || slices.Contains(s.Library.Unpublished, slug) ||
			!sound && slices.Contains(files, slug) {
			return
		}
		do := toml.Suggest(slug, slugs, "%q", "the policies are: "+strings.Join(slugs, ", "))
		at := s.Config.At(append([]string{"site"}, key...)...)
		problems = append(problems, source.NewProblem(at, "no-such-policy", fmt.Sprintf("there is no policy %q", slug),
			do))
	}
	if home := s.Config.Site.Home; home != "" {
		check(home, "home")
	}
	for i, slug := range s.Config.Site.Policies {
		check(slug, "policies", fmt.Sprint(i))
	}
	return problems
}

// Duties returns the rules about notices and reviews of a policy: its own, otherwise
// those of the config.
func (s *Site) Duties(p *policy.Policy) duty.Rules {
	return p.Settings.Duties().Over(s.Config.Duties(), p.Settings.Kind)
}

// Ordered returns the policies in the site's order: those in the config, then the
// others by their own order and slug.
func (s *Site) Ordered() []*policy.Policy {
	out := slices.Clone(s.Library.Policies)
	last := math.MaxInt
	ranks := map[string]int{}
	for i, slug := range s.Config.Site.Policies {
		ranks[slug] = cmp.Or(ranks[slug], i+1)
	}
	rank := func(p *policy.Policy) int { return cmp.Or(ranks[p.Slug], last) }
	slices.SortStableFunc(out, func(a, b *policy.Policy) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)),
			cmp.Compare(cmp.Or(a.Settings.Order, last), cmp.Or(b.Settings.Order, last)),
			strings.Compare(a.Slug, b.Slug))
	})
	return out
}

func (s *Site) loadLocales(in Input, last *Site, h *tree.Hash) source.Problems {
	var problems source.Problems
	s.Locales, s.words = map[string]*locale.Locale{}, map[string][]byte{}
	for _, lang := range append(s.Paths.Others(s.Library.Policies), s.Paths.Default) {
		if last != nil && !in.looks() && last.Locales[lang] != nil {
			s.Locales[lang] = last.Locales[lang]
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
		if lang != s.Paths.Default {
			at = s.firstText(lang)
		}
		l, more := locale.Load(lang, at, own)
		problems = append(problems, more...)
		s.Locales[lang] = l
	}
	return problems
}

// firstText returns the position of the first text in a language.
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

// Next returns the next instant after now at which a rebuild would change what
// the site shows, and the version that causes it. It reports false if there is
// none.
func (s *Site) Next(now time.Time) (at time.Time, v *policy.Version, ok bool) {
	for _, p := range s.Library.Policies {
		if t, w, there := p.Next(now); there && (!ok || t.Before(at)) {
			at, v, ok = t, w, true
		}
	}
	return at, v, ok
}
