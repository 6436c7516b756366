package pages

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/formats"
	"github.com/privgen/privgen/internal/hostfile"
	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/theme"
	"github.com/privgen/privgen/internal/tree"
)

// This file has the plan: it puts entries into the tree, and passes the work on
// each page to the type for its kind.

// A plan collects the entries of a site's tree at an instant. Other types fill the
// pages, and each has only the fields it needs: see newPlan.
type plan struct {
	entries []tree.Entry

	config  *config.Config
	library *policy.Library
	theme   *theme.Theme
	files   map[string]site.Attachment
	earlier map[*policy.Text][]site.Earlier
	cache   *site.Cache
	locales map[string]*locale.Locale
	paths   site.Paths

	now       *instant
	links     *linker
	keys      *keyer
	frames    *frames
	documents *documents
	redlines  *redlines
	lists     *lists
	feeds     *feeds
	histories *histories
	sitemaps  *sitemaps
}

// Plan returns the tree of a site at an instant. It is pure: the same site with
// the same versions in the same states has the same tree, whatever the instant.
func Plan(s *site.Site, now time.Time) tree.Tree {
	s.Cache.Begin()
	return NewView(s, now, Preview{}).Tree()
}

// newPlan returns a plan without entries for the policies and versions of an
// instant.
func newPlan(s *site.Site, at time.Time, show Preview) *plan {
	p := &plan{
		config: s.Config, library: s.Library, theme: s.Theme, files: s.Files, earlier: s.Earlier,
		cache: s.Cache, locales: s.Locales, paths: s.Paths,
	}
	zone, traces := s.Config.Zone(), s.Theme.Settings()["clause_history"] == true
	p.now = newInstant(s, at, show)
	p.links = &linker{config: p.config, library: p.library, files: p.files, earlier: p.earlier, paths: p.paths,
		now: p.now}
	released := &released{record: s.Record(), zone: zone}
	p.keys = &keyer{config: p.config, traces: traces, now: p.now, links: p.links, released: released}
	p.keys.frame = p.keys.ofFrame(s.Key)
	describe := &describer{locales: p.locales, zone: zone, paths: p.paths, links: p.links, released: released}
	p.frames = &frames{config: p.config, theme: p.theme, locales: p.locales, paths: p.paths, now: p.now,
		files: p.files}
	relations := &relations{config: p.config, paths: p.paths, now: p.now, frames: p.frames}
	comparisons := &comparer{
		library: p.library, cache: p.cache, locales: p.locales, traces: traces, links: p.links,
	}
	notices := &notices{
		library: p.library, locales: p.locales, paths: p.paths, now: p.now, links: p.links, describe: describe,
	}
	p.documents = &documents{
		config: p.config, library: p.library, theme: p.theme, locales: p.locales, zone: zone, traces: traces,
		paths: p.paths, now: p.now, links: p.links, describe: describe, frames: p.frames, relations: relations,
		comparisons: comparisons, notices: notices,
	}
	p.redlines = &redlines{
		config: p.config, theme: p.theme, locales: p.locales, paths: p.paths, links: p.links, describe: describe,
		frames: p.frames, relations: relations, comparisons: comparisons,
	}
	p.lists = &lists{
		config: p.config, theme: p.theme, locales: p.locales, paths: p.paths, now: p.now, links: p.links,
		describe: describe, frames: p.frames, relations: relations, comparisons: comparisons,
	}
	p.feeds = &feeds{
		config: p.config, locales: p.locales, zone: zone, paths: p.paths, links: p.links, released: released,
		describe: describe, comparisons: comparisons,
	}
	p.histories = &histories{
		config: p.config, zone: zone, paths: p.paths, links: p.links, released: released, describe: describe,
		relations: relations, comparisons: comparisons,
	}
	p.sitemaps = &sitemaps{config: p.config, zone: zone, paths: p.paths, now: p.now}
	return p
}

func (p *plan) planHost() {
	p.text("_headers", typeText, hostfile.Headers(p.config))
	if r, _ := hostfile.Redirects(p.paths, p.now.policies); r != "" {
		p.text("_redirects", typeText, r)
	}
	p.text("robots.txt", typeText, "User-agent: *\nAllow: /\n\nSitemap: "+p.paths.URL("sitemap.xml")+"\n")
}

func (p *plan) planSitemap() {
	for _, f := range formats.Sitemaps(p.paths.Root, p.sitemaps.pages()) {
		p.text(f.Path, typeXML, f.Content)
	}
}

// text adds a file that is made while planning; its key is its content.
func (p *plan) text(path, media, content string) {
	p.add(path, media, tree.List, tree.NewHash("text").Text(content).Sum(), bytesOf([]byte(content)))
}

// A drawing appends the bytes of an entry.
type drawing func(b *bytes.Buffer) error

func bytesOf(content []byte) drawing {
	return func(b *bytes.Buffer) error {
		b.Write(content)
		return nil
	}
}

func (p *plan) add(path, media string, stage tree.Stage, key tree.Key, draw drawing) {
	p.addAt(0, path, media, stage, key, draw)
}

// addAt adds an entry that is best rendered at a turn: that of the version whose
// text it shows.
func (p *plan) addAt(turn int, path, media string, stage tree.Stage, key tree.Key, draw drawing) {
	p.entries = append(p.entries, tree.Entry{Path: path, Type: media, Key: key, Stage: stage, Turn: turn,
		Render: func(b *bytes.Buffer) error {
			if err := draw(b); err != nil {
				return err
			}
			return p.library.Err() // a link may lead elsewhere than it should
		}})
}

// keep marks the last entry as one that shows a version's text permanently.
func (p *plan) keep(slug string, t *policy.Text) {
	e := &p.entries[len(p.entries)-1]
	e.Keeps, e.Text = slug+"/"+t.Version.ID, t.Normal // as the record has it
}

// keepBoth marks the last entry as a redline of two permanent texts.
func (p *plan) keepBoth(slug string, before, after *policy.Text) {
	e := &p.entries[len(p.entries)-1]
	e.Keeps = slug + "/" + before.Version.ID + ".." + after.Version.ID
	e.Text = sha256.Sum256(append(before.Normal[:], after.Normal[:]...))
}

// The media types of what a site holds. The machine's own tables are not
// asked: they differ from one machine to the next.
const (
	typeHTML     = "text/html; charset=utf-8"
	typeMarkdown = "text/markdown; charset=utf-8"
	typeText     = "text/plain; charset=utf-8"
	typeJSON     = "application/json"
	typeLinks    = hostfile.TypeLinks
	typeTimeMap  = hostfile.TypeTimeMap
	typeAtom     = "application/atom+xml"
	typeJSONFeed = hostfile.TypeJSONFeed
	typeXML      = "application/xml"
)

func (p *plan) planHome() {
	key := tree.NewHash("home").Key(p.keys.frame)
	for i := range p.now.statuses {
		st := p.keys.ready(&p.now.statuses[i])
		key.Key(st.key).Key(st.around(st.shown())).Int(len(st.Versions))
		if st.Policy.Settings.Group != "" {
			for _, k := range st.versionKeys[max(0, st.InForce-mostLatest) : st.InForce+1] {
				key.Key(k)
			}
		}
	}
	for _, pol := range p.now.drafts {
		key.Text("draft").Text(pol.Slug)
		for _, t := range pol.Draft.Texts {
			key.Texts(t.Lang, pol.Title(t.Lang), pol.Description(t.Lang))
		}
	}
	for _, lang := range p.now.languages() {
		if st := p.now.home(p.config.Site.Home, lang); st != nil {
			p.add(site.File(p.paths.Prefix(lang)), typeHTML, tree.Home, p.currentKey(st, lang),
				p.documents.policy(st, st.shown(), lang))
			continue
		}
		p.add(site.File(p.paths.Prefix(lang)), typeHTML, tree.Home, key.Text(lang).Sum(), p.lists.home(lang))
	}
}

// planPolicies plans the lists of the policies for programs and for language models.
func (p *plan) planPolicies() {
	if p.config.Output.Writes("llms") {
		p.text("llms.txt", typeText, hostfile.LLMs(p.config, p.paths,
			p.frames.site(p.paths.Default, nil).Title, p.now.policies))
	}
	if !p.config.Output.Writes("json") {
		return
	}
	key := tree.NewHash("policies")
	for i := range p.now.statuses {
		key.Key(p.keys.ofHistory("policies", p.keys.ready(&p.now.statuses[i])))
	}
	p.add("policies.json", typeJSON, tree.Home, key.Key(p.keys.frame).Sum(), func(b *bytes.Buffer) error {
		return formats.WriteJSON(b, p.histories.policies(p.now))
	})
}

func (p *plan) planNotFound() {
	p.add("404.html", typeHTML, tree.List, tree.NewHash("notfound").Key(p.keys.frame).Sum(), p.lists.notFound())
}

func (p *plan) planAssets() {
	there := map[string]bool{}
	for _, a := range p.theme.Assets() {
		there[a.Path] = true
		p.add(a.Path, a.Type, tree.Asset, tree.NewHash("asset").Bytes(a.Bytes).Sum(), bytesOf(a.Bytes))
	}
	for _, name := range slices.Sorted(maps.Keys(p.files)) {
		f := p.files[name]
		if there[f.Path] {
			continue // the same bytes under the same name, in another folder
		}
		there[f.Path] = true
		stage := tree.Asset
		if f.Static {
			stage = tree.List // it can change under its name
		}
		p.add(f.Path, f.Media, stage, tree.NewHash("file").Bytes(f.Sum[:]).Sum(), p.drawFile(name))
	}
}

func (p *plan) drawFile(name string) drawing {
	return func(b *bytes.Buffer) error {
		content, err := p.library.ReadFile(name)
		if err != nil {
			return err
		}
		if sha256.Sum256(content) != p.files[name].Sum {
			return fmt.Errorf("read %s: %w", name, policy.ErrChanged)
		}
		b.Write(content)
		return nil
	}
}
