package snapshots

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/imports/history"
	"github.com/privgen/privgen/internal/imports/naming"
	"github.com/privgen/privgen/internal/imports/webpage"
	"github.com/privgen/privgen/internal/lazyregexp"
)

// This file groups snapshots into documents.

// A group has the snapshots of one document, by language.
type group struct {
	naming.Wish
	shots map[string][]*snapshot
}

// documents returns the documents that snapshots make, and notes about them.
func (s *Search) documents(shots []*snapshot) (docs []*history.Document, notes []history.Note, err error) {
	notes = joinByURL(shots)
	hosts := map[string]bool{}
	for _, one := range shots {
		if h := hostOf(one.source); h != "" {
			hosts[h] = true
		}
	}
	groups := s.groups(shots, len(hosts))
	wishes := make([]naming.Wish, len(groups))
	for i, g := range groups {
		wishes[i] = g.Wish
	}
	slugs, about, err := naming.Slugs(wishes, s.Check)
	if err != nil {
		return nil, nil, err
	}
	for _, n := range about {
		notes = append(notes, history.Note{Text: n, Decide: true})
	}
	for i, g := range groups {
		d := &history.Document{Slug: slugs[i], Named: g.Slug != ""}
		for k, language := range slices.Sorted(maps.Keys(g.shots)) { // the document's own is first
			of := g.shots[language]
			slices.SortStableFunc(of, func(a, b *snapshot) int {
				return cmp.Or(a.date.Compare(b.date), a.when.Compare(b.when), strings.Compare(a.file.Name, b.file.Name))
			})
			for _, one := range of {
				d.States = append(d.States, s.state(one, language))
			}
			if k == 0 {
				describe(d, of[len(of)-1], language, len(hosts) > 1)
			}
		}
		docs = append(docs, d)
	}
	return docs, append(notes, alike(slugs, groups)...), nil
}

// groups groups snapshots by their stems, by the languages in stems, and by the slugs
// that the user chose.
func (s *Search) groups(shots []*snapshot, hosts int) (list []group) {
	byStem := map[string][]*snapshot{}
	for _, one := range shots {
		byStem[one.stem] = append(byStem[one.stem], one)
	}
	stems := slices.Sorted(maps.Keys(byStem))
	files := make([]string, len(stems))
	for i, stem := range stems {
		files[i] = stem + ".md"
	}
	for _, f := range naming.Families(files) {
		first := slices.Min(slices.Collect(maps.Values(f.Members)))
		g := group{naming.Wish{Name: f.Name, Slug: s.As}, map[string][]*snapshot{}}
		g.Stem = cmp.Or(nameBySource(f.Name, byStem[stems[first]][0], hosts), f.Stem)
		for _, language := range f.Languages() {
			g.shots[language] = byStem[stems[f.Members[language]]]
			for _, one := range g.shots[language] {
				g.Slug = cmp.Or(g.Slug, s.Names[one.file.Name])
			}
		}
		k := slices.IndexFunc(list, func(other group) bool { return other.Slug == g.Slug && g.Slug != "" })
		if k < 0 {
			list = append(list, g)
			continue
		}
		for language, of := range g.shots { // files of one policy
			list[k].shots[language] = append(list[k].shots[language], of...)
		}
	}
	return list
}

// describe completes a document with what its newest snapshot shows.
func describe(d *history.Document, one *snapshot, language string, byHost bool) {
	d.Language = cmp.Or(language, one.lang)
	d.Origin = one.stem
	if one.front.Title != "" || one.page != nil && !bytes.HasPrefix(one.page.Text, []byte("# ")) {
		d.Title = one.title // the text does not start with it
	}
	if d.Kind, _ = naming.Kind(d.Slug); d.Kind == "other" {
		d.Kind, _ = naming.Kind(one.title)
	}
	if byHost {
		d.Group = hostOf(one.source)
	}
}

// opaqueName matches numbers and digests: 000_30a1b2c3d4e5f6a7.
var opaqueName = lazyregexp.New(`^(?i:\d+[-_])?[0-9a-f]{12,64}$`)

// nameBySource returns a name for a document whose files are named only by dates
// or by their host: its kind, after the host's name if there are several. It
// returns "" if the files' name says more.
func nameBySource(n naming.Name, one *snapshot, hosts int) string {
	stem := n.Stem
	if naming.IsGeneric(stem) && n.Dir != "" {
		stem = path.Base(n.Dir)
	}
	host := hostOf(one.source)
	opaque := opaqueName().MatchString(stem)
	says := !opaque && stem != "index" && strings.Trim(stem, "0123456789") != "" && !strings.Contains(stem, ".")
	other := strings.Contains(stem, ".") && !strings.EqualFold(strings.TrimPrefix(stem, "www."), host)
	if host == "" || says || hosts > 1 && other {
		return ""
	}
	if opaque {
		hosts = 2 // the name of a research corpus, whose texts are known by their domains
	}
	kind, _ := naming.Kind(one.title)
	label, _, _ := strings.Cut(host, ".")
	switch {
	case hosts > 1 && kind != "other":
		return label + "-" + kind
	case hosts > 1:
		return label
	case kind != "other":
		return kind
	}
	return ""
}

// hostOf returns the host of a URL without www, or "".
func hostOf(address string) string {
	u := webpage.ParseURL(address)
	if u == nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}

// pageOf returns a URL without its scheme, www, and a final slash, so that the URLs of
// one page are equal.
func pageOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	return hostOf(address) + strings.TrimSuffix(strings.ToLower(u.EscapedPath()), "/") + "?" + u.RawQuery
}

// joinByURL sets equal stems for snapshots of one URL, and different stems for
// snapshots of several hosts. It returns notes about URLs that do not identify a policy.
func joinByURL(shots []*snapshot) (notes []history.Note) {
	hosts := map[string]map[string]bool{}
	for _, one := range shots {
		if hosts[one.stem] == nil {
			hosts[one.stem] = map[string]bool{}
		}
		if h := hostOf(one.source); h != "" {
			hosts[one.stem][h] = true
		}
	}
	for _, one := range shots {
		if h := hostOf(one.source); h != "" && len(hosts[one.stem]) > 1 {
			one.stem = path.Join(path.Dir(one.stem), h, path.Base(one.stem))
		}
	}
	byPage := map[string][]*snapshot{}
	for _, one := range shots {
		if page := pageOf(one.source); page != "" {
			byPage[page] = append(byPage[page], one)
		}
	}
	for _, page := range slices.Sorted(maps.Keys(byPage)) {
		list := byPage[page]
		if identifies(page, list) {
			for _, one := range list[1:] {
				one.stem = list[0].stem
			}
			continue
		}
		n := history.Note{Decide: true, Text: fmt.Sprintf("separate policies, although these files state one URL, %s; "+
			"to join them, choose one slug for them: --name PATH=SLUG", list[0].source)}
		for _, one := range list {
			n.Files = append(n.Files, one.file.Name)
		}
		notes = append(notes, n)
	}
	return notes
}

// alike returns notes about policies with the same title that have one text each and no
// known URL: they may be versions of one policy.
func alike(slugs []string, groups []group) (notes []history.Note) {
	slug, files := map[string]string{}, map[string][]string{} // by title: the shortest, and all files
	for i, g := range groups {
		for _, list := range g.shots {
			one := list[0]
			if g.Slug != "" || len(g.shots) > 1 || len(list) > 1 || one.title == "" || one.source != "" {
				continue
			}
			files[one.title] = append(files[one.title], one.file.Name)
			if best := slug[one.title]; best == "" || len(slugs[i]) < len(best) {
				slug[one.title] = slugs[i]
			}
		}
	}
	for _, title := range slices.Sorted(maps.Keys(files)) {
		if len(files[title]) > 1 {
			notes = append(notes, history.Note{Decide: true, Files: files[title],
				Text: fmt.Sprintf("separate policies of one text each, although the title of each is %q; to join "+
					"them, choose one slug: --as %s for all files, or --name PATH=%[2]s for each", title, slug[title])})
		}
	}
	return notes
}

// identifies reports whether several files with one URL are one policy: their names are
// equal or have no meaning, or the files are about the same subject. The root of a site,
// and a URL that a program writes into all its pages, do not identify a policy.
func identifies(page string, list []*snapshot) bool {
	says := func(one *snapshot) bool { return !opaqueName().MatchString(path.Base(one.stem)) }
	if !slices.ContainsFunc(list, func(one *snapshot) bool { return one.stem != list[0].stem }) ||
		!slices.ContainsFunc(list, says) {
		return true
	}
	if !strings.Contains(page, "/") && strings.HasSuffix(page, "?") {
		return false // the root
	}
	about := func(one *snapshot) string {
		kind, known := naming.Kind(path.Base(one.stem))
		if !known {
			kind, _ = naming.Kind(one.title)
		}
		if kind != "other" {
			return kind
		}
		return strings.ToLower(one.title)
	}
	for _, one := range list {
		if about(one) == "" || about(one) != about(list[0]) {
			return false
		}
	}
	return true
}
