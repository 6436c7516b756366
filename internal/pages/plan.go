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

// A base is a site at an instant: what all pages are filled from.
type base struct {
	config   *config.Config
	library  *policy.Library
	theme    *theme.Theme
	files    map[string]site.Attachment
	earlier  map[*policy.Text][]site.Earlier
	cache    *site.Cache
	locales  map[string]*locale.Locale
	paths    site.Paths
	zone     *time.Location
	traces   bool // the theme shows in which versions clauses changed
	released *released
	now      *instant
}

func newBase(s *site.Site, at time.Time, show Preview) *base {
	zone := s.Config.Zone()
	return &base{
		config: s.Config, library: s.Library, theme: s.Theme, files: s.Files, earlier: s.Earlier,
		cache: s.Cache, locales: s.Locales, paths: s.Paths, zone: zone,
		traces:   s.Theme.Settings()["clause_history"] == true,
		released: &released{record: s.Record(), zone: zone},
		now:      newInstant(s, at, show),
	}
}

// A plan collects the entries of a site's tree at an instant. Other types fill the
// pages.
type plan struct {
	*base
	entries []tree.Entry

	links     *linker
	keys      *keyer
	frames    *frames
	documents *documents
	redlines  *redlines
	lists     *lists
	feeds     *feeds
	histories *histories
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
	links := &linker{newBase(s, at, show)}
	keys := &keyer{linker: links}
	keys.frame = keys.ofFrame(s.Key)
	describe, frames, comparisons := &describer{links}, newFrames(links), &comparer{linker: links}
	relations, notices := &relations{links, frames}, &notices{links, describe}
	return &plan{
		base: links.base, links: links, keys: keys, frames: frames,
		documents: &documents{links, describe, frames, relations, comparisons, notices},
		redlines:  &redlines{links, describe, frames, relations, comparisons},
		lists:     &lists{links, describe, frames, relations, comparisons},
		feeds:     &feeds{linker: links, describe: describe, comparisons: comparisons},
		histories: &histories{links, describe, relations, comparisons},
	}
}

func (p *plan) planHost() {
	p.text("_headers", typeText, hostfile.Headers(p.config))
	if r, _ := hostfile.Redirects(p.paths, p.now.policies); r != "" {
		p.text("_redirects", typeText, r)
	}
	p.text("robots.txt", typeText, "User-agent: *\nAllow: /\n\nSitemap: "+p.paths.URL("sitemap.xml")+"\n")
}

func (p *plan) planSitemap() {
	for _, f := range formats.Sitemaps(p.paths.Root, p.links.sitemap()) {
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
	for _, st := range p.now.statuses {
		p.keys.ready(st)
		key.Key(st.key).Key(st.arounds[st.shown()]).Int(len(st.Versions))
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
	for _, st := range p.now.statuses {
		key.Key(p.keys.ofHistory("policies", p.keys.ready(st)))
	}
	p.add("policies.json", typeJSON, tree.Home, key.Key(p.keys.frame).Sum(), func(b *bytes.Buffer) error {
		return formats.WriteJSON(b, p.histories.policies())
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
