package pages

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/formats"
	"github.com/privgen/privgen/internal/hostfile"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/normal"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/tree"
)

// This file plans the pages and files of one policy.

// withDraft returns the status of a policy with its draft as the newest version,
// and the index of the version that the draft is compared with, or -1.
func (p *plan) withDraft(st *status, draft *policy.Version) (with *status, base int) {
	pol := *draft.Policy
	pol.Versions, pol.Draft = append(slices.Clone(st.Versions), draft), nil
	with = &status{Status: st.Status, Policy: &pol}
	with.Versions = pol.Versions
	p.keys.ready(with)
	base = st.InForce
	if base < 0 {
		base = len(st.Versions) - 1
	}
	with.redlines = map[pair]bool{}
	if base >= 0 {
		with.redlines[pair{base, len(st.Versions)}] = true
	}
	return with, base
}

// planDraft plans the pages of a policy's draft: the text as its permalink will
// show it, below a notice, and what it changes of the version in force. No other
// page links to them. The status is that without the draft, and may have no
// version.
func (p *plan) planDraft(st *status, draft *policy.Version) {
	with, base := p.withDraft(st, draft)
	i := len(with.Versions) - 1
	for _, t := range draft.Texts {
		key := tree.NewHash("draft").Key(p.keys.frame).Key(with.key).Text(t.Lang).Key(with.arounds[i]).
			Key(p.keys.ofRefs(t)).Int(base)
		if base >= 0 {
			key.Key(with.arounds[base])
		}
		p.add(site.File(p.paths.Text(t)), typeHTML, tree.Leaf, key.Sum(), p.documents.draft(st, with, pair{base, i}, t))
		p.planTexts(p.paths.Text(t), 0, tree.Leaf, t)
	}
	p.planRedlines(with)
}

// planEarlier plans the earlier texts of corrected versions, and what the
// corrections changed.
func (p *plan) planEarlier(st *status) {
	for i, v := range st.Versions {
		for _, t := range v.Texts {
			for j, e := range p.earlier[t] {
				after := t
				if j+1 < len(p.earlier[t]) {
					after = p.earlier[t][j+1].Text
				}
				path := p.paths.Earlier(t, e.N)
				m := &marked{at: pair{i, i}, before: e.Text, after: after, path: path, canonical: path, correction: e.N}
				p.cache.Want(e.Text, after)
				key := tree.NewHash("earlier").Key(p.keys.ofRedline("earlier", st, m)).Bytes(e.Digest[:]).
					Bytes(after.Digest[:])
				first := len(p.entries)
				p.addAt(st.turnOf(i), site.File(path), typeHTML, tree.Leaf, key.Sum(), p.redlines.page(st, m))
				p.keepBoth(st.Policy.Slug, e.Text, after)
				p.planTexts(path, st.turnOf(i), tree.Leaf, e.Text)
				for k := range p.entries[first:] {
					p.entries[first+k].Keeps = fmt.Sprintf("%s/%s/earlier/%d", st.Policy.Slug, v.ID, e.N)
				}
			}
		}
	}
}

// planFeed plans the site's feeds.
func (p *plan) planFeed() {
	if !p.config.Output.Writes("feed") || len(p.now.statuses) == 0 {
		return
	}
	for _, st := range p.now.statuses {
		p.keys.ready(st)
	}
	p.addFeed(0, "", p.paths.Default, newestFirst(p.now.statuses...), func() formats.Feed {
		return formats.Feed{ID: p.feeds.tag("site"), Title: p.frames.site(p.paths.Default, nil).Title}
	})
}

// addFeed adds both forms of the feed of the page at a path. The feed has the newest
// versions. If there are more, archives have the others, and some of the newest. An
// archive always has the same versions, so it changes only if one of them or the one
// before them changes. head returns a feed without versions.
func (p *plan) addFeed(turn int, dir, lang string, all []place, head func() formats.Feed) {
	archives := (len(all) - 1) / mostEntries
	at := func(n int) string { // the folder of an archive, from 1; of the feed for 0
		if n == 0 {
			return dir
		}
		return fmt.Sprintf("%sarchive/feed-%d/", dir, n)
	}
	for n := range archives + 1 {
		archive, places := n > 0, all[:min(len(all), mostEntries)]
		if archive {
			places = all[len(all)-n*mostEntries:][:mostEntries]
		}
		var earlier, later string
		if before := cmp.Or(n, archives+1) - 1; before > 0 {
			earlier = p.paths.URL(at(before))
		}
		if archive && n < archives {
			later = p.paths.URL(at(n + 1))
		}
		key := tree.NewHash("feed").Texts(lang, at(n), earlier, later).Key(p.keys.frame)
		p.keys.ofFeed(key, places, archive)
		fill := func() (*formats.Feed, error) {
			f := head()
			f.Lang, f.Author, f.AuthorURL = lang, p.config.Organization.Name, p.config.Organization.URL
			f.Page, f.Dir, f.Earlier, f.Later, f.Archive = p.paths.URL(dir), p.paths.URL(at(n)), earlier, later, archive
			var err error
			f.Items, err = p.feeds.items(places, archive, lang)
			return &f, err
		}
		add := func(name, media string, write func(f *formats.Feed, b *bytes.Buffer) error) {
			p.addAt(turn, at(n)+name, media, tree.List, key.Text(name).Sum(), func(b *bytes.Buffer) error {
				f, err := fill()
				if err != nil {
					return err
				}
				return write(f, b)
			})
		}
		add("feed.atom", typeAtom, (*formats.Feed).WriteAtom)
		add("feed.json", typeJSONFeed, (*formats.Feed).WriteJSON)
	}
}

// planFormats plans index.md and index.txt, if the config asks for them, beside
// each page that shows a text, and fragment.html beside the text in force.
func (p *plan) planFormats(st *status) {
	for i, v := range st.Versions {
		for _, t := range v.Texts {
			p.planTexts(p.paths.Text(t), st.turnOf(i), tree.Leaf, t)
		}
	}
	shown := st.shown()
	for _, lang := range p.paths.Languages(st.Policy) {
		dir := p.paths.Policy(st.Policy, lang)
		p.planTexts(dir, st.turnOf(shown), tree.List, p.paths.TextFor(st.Versions[shown], lang))
		if p.config.Output.Writes("fragment") {
			key := tree.NewHash("fragment").Key(p.currentKey(st, lang))
			p.addAt(st.turnOf(shown), dir+"fragment.html", typeHTML, tree.List, key.Sum(),
				p.documents.fragment(st, shown, lang))
		}
	}
}

func (p *plan) planTexts(dir string, turn int, stage tree.Stage, t *policy.Text) {
	rules := t.Version.Policy.Rules
	add := func(name, media string, key *tree.Hash, write func(*bytes.Buffer, *markdown.Body) error) {
		p.addAt(turn, dir+name, media, stage, key.Sum(), func(b *bytes.Buffer) error {
			body, err := p.library.Body(t)
			if err != nil {
				return err
			}
			return write(b, body)
		})
		if stage == tree.Leaf { // the text beside the page in force is not permanent
			p.keep(t.Version.Policy.Slug, t)
		}
	}
	if p.config.Output.Writes("markdown") {
		add("index.md", typeMarkdown, tree.NewHash("markdown").Bytes(t.Digest[:]).Texts(p.headOf(dir, stage, t)...),
			func(b *bytes.Buffer, body *markdown.Body) error {
				form, problem := body.Normal()
				if problem != nil {
					return problem
				}
				b.WriteString(normal.Head(p.headOf(dir, stage, t)...))
				b.Write(form)
				return nil
			})
	}
	if p.config.Output.Writes("text") {
		add("index.txt", typeText, tree.NewHash("text").Key(p.keys.frame).Bytes(t.Digest[:]).
			Texts(t.Lang, rules.HTML, rules.DeadLinks, rules.Images).Key(p.keys.ofRefs(t)),
			func(b *bytes.Buffer, body *markdown.Body) error {
				s := p.links.renderOptions(t, &p.locales[t.Lang].Words)
				s.Address = p.links.absolute(t)
				b.Write(body.Plain(b.AvailableBuffer(), s))
				return nil
			})
	}
}

// headOf returns the fields of the head of an index.md, which stays as it is when
// another version takes effect.
func (p *plan) headOf(dir string, stage tree.Stage, t *policy.Text) []string {
	if stage == tree.List {
		dir = p.paths.Text(t) // the text in force is that of its permalink
	}
	m, pol := &t.Version.FrontMatter, t.Version.Policy
	return []string{"title", cmp.Or(t.Facts.Title, pol.Title(t.Lang)), "date", m.Effective.String(),
		"lang", t.Lang, "dir", p.locales[t.Lang].Dir, "policy", pol.Slug, "version", t.Version.ID,
		"label", labelOf(t), "url", p.paths.URL(dir), "effective", m.Effective.String(),
		"updated", day.On(t.Version.Updated(p.histories.zone)).String(), "published", m.Published.String()}
}

func (p *plan) planHistory(st *status) {
	if p.config.Output.Writes("feed") {
		for _, lang := range p.paths.Languages(st.Policy) {
			// After the redlines, which find how much changed in each version.
			p.addFeed(st.turn, p.paths.Policy(st.Policy, lang), lang, newestFirst(st), func() formats.Feed {
				return formats.Feed{ID: p.feeds.policyTag(st.Policy, lang), About: st.Policy.Description(lang),
					Title: st.Policy.Title(lang) + " – " + p.frames.site(lang, nil).Title}
			})
		}
	}
	if !p.config.Output.Writes("json") {
		return
	}
	p.planTimeMaps(st)
	parts := p.histories.parts(st)
	for _, part := range parts {
		key := func(kind string) tree.Key {
			return tree.NewHash(part.dir).Key(p.keys.ofHistory(kind, st)).Sum()
		}
		p.addAt(st.turn, part.dir+"versions.json", typeJSON, tree.List, key("versions"), func(b *bytes.Buffer) error {
			h, err := p.histories.of(st, part, parts[1:])
			if err != nil {
				return err
			}
			return formats.WriteJSON(b, h)
		})
		p.addAt(st.turn, part.dir+"links.json", typeLinks, tree.List, key("links"), func(b *bytes.Buffer) error {
			return formats.WriteJSON(b, formats.LinkSet{LinkSet: p.histories.linksOf(st, part, parts[1:])})
		})
	}
}

// planFormer plans a page at each path that a policy had under a former name,
// for hosts that ignore _redirects. Other files are copied: programs that read
// feeds, histories, and fragments follow no page.
func (p *plan) planFormer(st *status) {
	pol, own := st.Policy, len(p.entries)
	for _, slug := range pol.Settings.Formerly {
		for _, lang := range p.paths.Languages(pol) {
			dir, old := p.paths.Policy(pol, lang), p.paths.Prefix(lang)+slug+"/"
			for _, e := range p.entries[:own] {
				rest, of := strings.CutPrefix(e.Path, dir)
				switch {
				case !of:
				case e.Type == typeHTML && rest != "fragment.html":
					p.text(old+rest, typeHTML, hostfile.Page(p.paths, pol, strings.TrimSuffix(e.Path, "index.html")))
					last := &p.entries[len(p.entries)-1]
					last.Keeps, last.Text = e.Keeps, e.Text // it leads to what is kept
				default:
					e.Path = old + rest
					p.entries = append(p.entries, e)
				}
			}
		}
	}
}

// currentKey returns the key of the page of a policy.
func (p *plan) currentKey(st *status, lang string) tree.Key {
	shown := st.shown()
	return tree.NewHash("policy").Key(p.keys.frame).Key(st.key).Text(lang).Key(st.arounds[shown]).
		Key(p.keys.ofRefs(p.paths.TextFor(st.Versions[shown], lang))).
		Bool(st.redlines[pair{shown - 1, shown}]).Bool(st.redlines[pair{shown, shown + 1}]).
		Text(p.keys.ofTrace(st, shown)).Sum()
}

// planPolicy plans all pages of a policy.
func (p *plan) planPolicy(st *status) {
	shown := st.shown()
	for _, lang := range p.paths.Languages(st.Policy) {
		p.addAt(st.turnOf(shown), site.File(p.paths.Policy(st.Policy, lang)), typeHTML, tree.List,
			p.currentKey(st, lang), p.documents.policy(st, shown, lang))

		key := tree.NewHash("archive").Key(p.keys.frame).Key(st.key).Text(lang)
		for i := range st.Versions {
			key.Key(st.versionKeys[i]).Text(string(st.State(i))).Bool(st.redlines[pair{i - 1, i}]).
				Text(p.links.since(st, i, lang))
		}
		p.addAt(st.turn, site.File(p.paths.Archive(st.Policy, lang)), typeHTML, tree.List, key.Sum(),
			p.lists.archive(st, lang))
	}
	for i, v := range st.Versions {
		for _, t := range v.Texts {
			key := tree.NewHash("version").Key(p.keys.frame).Key(st.key).Text(t.Lang).Key(st.arounds[i]).
				Key(p.keys.ofRefs(t)).Bool(st.shared[labelOf(t)]).
				Bool(st.redlines[pair{i - 1, i}]).Text(p.links.since(st, i, t.Lang))
			p.addAt(st.turnOf(i), site.File(p.paths.Text(t)), typeHTML, tree.Leaf, key.Sum(),
				p.documents.version(st, i, t))
			p.keep(st.Policy.Slug, t)
		}
	}
	p.planRedlines(st)
	p.planSince(st)
	p.planEarlier(st)
}

// planRedlines plans the redlines of a policy.
func (p *plan) planRedlines(st *status) {
	// Pages state how much changed even without a redline.
	for _, lang := range p.paths.Languages(st.Policy) {
		for i := 1; i < len(st.Versions); i++ {
			p.cache.Want(p.links.both(st, pair{i - 1, i}, lang))
		}
	}
	for at := range st.redlines {
		for _, after := range st.Versions[at.after].Texts {
			before := st.Versions[at.before].In(after.Lang)
			if before == nil {
				continue
			}
			p.cache.Want(before, after)
			path := p.paths.Redline(before, after)
			page := marked{at: at, before: before, after: after, path: path, canonical: path}
			p.addAt(st.turnOf(at.after), site.File(path), typeHTML, tree.Leaf, p.keys.ofRedline("redline", st, &page),
				p.redlines.page(st, &page))
			p.keepBoth(st.Policy.Slug, before, after)
		}
	}
}

// planSince plans the redlines that lead to the version in force, whichever that
// is. Every text of a superseded version has such a path permanently. If the
// redline is not rendered, since there are too many newer versions or the one in
// force is not translated, the page has links instead.
func (p *plan) planSince(st *status) {
	if p.config.Redlines.Pairs == "none" {
		return
	}
	for i := range max(0, st.InForce) {
		for _, before := range st.Versions[i].Texts {
			at := pair{i, st.InForce}
			path := p.paths.Since(before)
			m := &marked{at: at, before: before, after: st.Versions[at.after].In(before.Lang), path: path,
				canonical: path, inForce: true}
			if same := sameAsNext(st, m); m.after == nil || same != nil || !p.links.drawsSince(st, i) {
				key := tree.NewHash("unmarked").Key(p.keys.frame).Key(st.key).Text(before.Lang).Key(st.arounds[i]).
					Bool(same != nil).Bool(st.shared[labelOf(before)]).Bool(st.redlines[pair{i, i + 1}])
				p.addAt(st.turnOf(i), site.File(path), typeHTML, tree.Leaf, key.Sum(), p.redlines.unmarked(st, m))
				continue
			}
			if st.redlines[at] {
				m.canonical = p.paths.Redline(m.before, m.after)
			}
			p.cache.Want(m.before, m.after)
			p.addAt(st.turnOf(i), site.File(path), typeHTML, tree.Leaf, p.keys.ofRedline("since", st, m),
				p.redlines.page(st, m))
		}
	}
}
