package deploy

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/store"
	"github.com/privgen/privgen/internal/tree"
)

// An Action is what a step does.
type Action string

// The actions.
const (
	add     Action = "add"     // nothing is there yet
	change  Action = "change"  // other bytes are there
	headers Action = "headers" // the bytes are there, with other headers
	remove  Action = "remove"  // the site no longer has it
)

// A Step is a change of one object.
type Step struct {
	Action Action `json:"action"`
	Path   string `json:"path"`
	Why    string `json:"why"`
	Size   int64  `json:"size"`
	SHA    string `json:"sha256,omitempty"`
	Type   string `json:"type,omitempty"`
	Cache  string `json:"cache,omitempty"`
	Keeps  string `json:"keeps,omitempty"`
	Adopts bool   `json:"adopts,omitempty"` // replaces what somebody else put there

	stage tree.Stage
	item  int    // in Wanted, or -1
	save  string // where the bytes that are there are copied to first, or nothing
	was   string // their digest
	from  string // where the bytes come from, if from the store itself
}

// A Plan has the steps after which a store has a site.
type Plan struct {
	Target     string   `json:"target"`     // the target's name in the config
	Address    string   `json:"address"`    // where it is
	Site       string   `json:"site"`       // the address of the site
	Base       int      `json:"base"`       // the last deploy's number; 0 is none
	Objects    int      `json:"objects"`    // of the site
	Bytes      int64    `json:"bytes"`      // of the site
	Drawn      int      `json:"drawn"`      // objects whose key is not the last deploy's
	Steps      []Step   `json:"steps"`      // in the order of pushing
	Invalidate []string `json:"invalidate"` // paths that readers may have in caches, sorted
	// what the site has no more, but stays for a promise or for readers' caches
	Stays   []string `json:"stays,omitempty"`
	Foreign []string `json:"foreign,omitempty"` // what privgen did not put there, left alone
	// there already, as it should be, and put there by somebody else
	Adopted  []string        `json:"adopted,omitempty"`
	Refusals source.Problems `json:"refusals,omitempty"`  // why it must not be pushed as it is
	Back     int             `json:"roll_back,omitempty"` // the deploy that it brings back
	Allowed  []Allowance     `json:"allowed,omitempty"`   // what was allowed, and took place
	Advice   []string        `json:"advice,omitempty"`    // what the store cannot do; only before the first deploy

	carried []Item
}

// An Allowance is a promise that is changed or removed on purpose.
type Allowance struct {
	Version string `json:"version"` // privacy/2026-01-01
	Reason  string `json:"reason"`
}

// A Promise is a text that a record says was released: a deploy that lacks it,
// or has another text there, stops.
type Promise struct {
	Version string // privacy/2026-01-01
	Path    string // of its page: privacy/2026-01-01/index.html
	Text    string // SHA-256 of its text in its normal form, in hexadecimal: that in index.md, and of tree.Entry

	// Same reports whether an index.md with another digest has the same text for
	// its readers. If Same is nil, it has not.
	Same func(text []byte) bool

	// Corrected says when and why the record was corrected last, if it was.
	Corrected string
}

// promises returns what a record says was released.
func promises(r *record.Record) []Promise {
	var out []Promise
	for _, e := range r.Entries() {
		if e.Removed != nil {
			continue
		}
		p := Promise{Version: e.Policy + "/" + e.Version, Path: e.Address + "index.html",
			Text: hex.EncodeToString(e.Digest[:]),
			Same: func(text []byte) bool { return e.Reads != "" && slices.Contains(markdown.Readings(text), e.Reads) }}
		if n := len(e.Corrections); n > 0 {
			p.Corrected = e.Corrections[n-1].Day.String() + ": " + e.Corrections[n-1].Reason
		}
		out = append(out, p)
	}
	return out
}

// Options has the options of a plan.
type Options struct {
	Target, Address string
	Allow           []Allowance
	Released        []Promise
	Lost            []string // what the last deploy's privgen.lock had and this one's does not
	Adopt           bool     // objects of others that are in the way are replaced
	Keep            int      // how many manifests are kept, for rollback
	MaxRemovals     int      // more removals than this are refused
	Back            int      // the deploy that is brought back, when it is a rollback
}

// A planning is one Survey.Plan under way.
type planning struct {
	*Plan
	v    *Survey
	w    *Wanted
	can  store.Abilities
	opt  Options
	next int // the number of this deploy

	versions  map[string]bool   // versions whose page the site has, by Keeps
	texts     map[string]bool   // of these, Keeps and Text
	corrected map[string]string // what a record says of corrections, by version
	broken    map[string][]string
	lost      map[string][]string
	tampered  map[string][]string
	used      map[string]bool // allowances
	inTheWay  []string
	unkept    []string // of a rollback: what cannot be brought back
}

// Plan compares a site with what is on a store. It changes nothing.
func (v *Survey) Plan(w *Wanted, can store.Abilities, opt Options) *Plan {
	p := &planning{
		Plan: &Plan{Target: opt.Target, Address: opt.Address, Site: w.Site, Base: v.number(), Back: opt.Back,
			Objects: len(w.Items), Bytes: w.Bytes, Drawn: w.Drawn, Steps: []Step{}, Invalidate: []string{}},
		v: v, w: w, can: can, opt: opt, next: v.number() + 1,
		versions: map[string]bool{}, texts: map[string]bool{}, used: map[string]bool{},
		corrected: map[string]string{}, broken: map[string][]string{}, lost: map[string][]string{},
		tampered: map[string][]string{},
	}
	for i := range w.Items {
		item := &w.Items[i]
		if item.Keeps == "" || strings.Contains(item.Keeps, "..") {
			continue
		}
		// A version keeps its promise under a former name of its policy.
		for _, keeps := range []string{item.Keeps, versionAt(item.Path)} {
			p.versions[keeps] = true
			p.texts[keeps+" "+item.Text] = true
		}
	}
	for i := range w.Items {
		p.want(i)
	}
	p.checkReleased()
	p.leave()
	p.Foreign = v.foreign(w)
	p.sort()
	p.refuse()
	return p.Plan
}

// versionsOf returns the versions that Keeps names: one, or the two of a redline.
func versionsOf(keeps string) []string {
	slug, ids, _ := strings.Cut(keeps, "/")
	var out []string
	for id := range strings.SplitSeq(ids, "..") {
		out = append(out, slug+"/"+id)
	}
	return out
}

// versionAt returns the version that a path names: privacy/2026-01-01 for
// de/privacy/2026-01-01/index.html.
func versionAt(name string) string {
	dir := path.Dir(name)
	return path.Join(path.Base(path.Dir(dir)), path.Base(dir))
}

// allowed reports whether a promise may be broken, and marks its allowance as used.
func (p *planning) allowed(keeps string) bool {
	return slices.ContainsFunc(versionsOf(keeps), p.allows)
}

// allows reports whether an allowance names a version or the lock file, and marks it as
// used.
func (p *planning) allows(version string) bool {
	if slices.ContainsFunc(p.opt.Allow, func(a Allowance) bool { return a.Version == version }) {
		p.used[version] = true
	}
	return p.used[version]
}

// recordFile is the name in an allowance for a lock file that lacks earlier entries.
const recordFile = "privgen.lock"

// want plans an object of the site.
func (p *planning) want(i int) {
	item := &p.w.Items[i]
	o, by, ours, there := p.v.present(item.Path, p.can)
	claims := p.v.claims(item.Path)
	var before *Item // what was promised here
	switch {
	case by != nil:
		before = by
	case len(claims) > 0:
		before = claims[0]
	case there && o.Keeps != "":
		before = &Item{Keeps: o.Keeps, Text: o.Text}
	}
	allowed := false
	if before != nil && before.Keeps != "" && (item.Keeps == "" || before.Text != item.Text) {
		if allowed = p.allowed(before.Keeps); !allowed {
			p.broken[before.Keeps] = append(p.broken[before.Keeps], item.Path)
		}
	}
	step := Step{Path: item.Path, Size: item.Size, SHA: item.SHA, Type: item.Type, Cache: item.Cache, Keeps: item.Keeps,
		stage: tree.Stage(item.Stage), item: i, was: o.SHA}
	switch {
	case !there:
		step.Action, step.Why = add, "new"
		if len(claims) > 0 {
			step.Why = "it was deployed, and is not there"
		}
	case o.SHA == item.SHA && p.can.Headers && describe(o) != describe(item.object()):
		step.Action, step.Why = headers, headersChanged(o, item)
	case o.SHA == item.SHA:
		if !ours {
			p.Adopted = append(p.Adopted, item.Path)
		}
		return
	case ours:
		step.Action, step.Why = change, "changed"
		if !allowed {
			step.save = keptDir + o.SHA
		}
	case len(claims) > 0:
		step.Action, step.Why, step.save = change, "somebody else changed it there", replacedDir+item.Path
		if claims[0].Keeps != "" && !p.allowed(claims[0].Keeps) {
			p.tampered[claims[0].Keeps] = append(p.tampered[claims[0].Keeps], item.Path)
		}
	default:
		step.Action, step.Why, step.save = change, "in the place of what somebody else put there", replacedDir+item.Path
		step.Adopts = true
		if !p.opt.Adopt {
			p.inTheWay = append(p.inTheWay, item.Path)
		}
	}
	if p.w.back {
		step.from = keptDir + item.SHA
		if !p.v.own[step.from] && step.Action != headers {
			p.unkept = append(p.unkept, item.Path)
		}
	}
	p.Steps = append(p.Steps, step)
}

func headersChanged(o store.Object, item *Item) string {
	var out []string
	for _, h := range []struct{ name, is, want string }{
		{"Content-Type", o.Type, item.Type}, {"Cache-Control", o.Cache, item.Cache},
		{"what it keeps", o.Keeps + o.Text, item.Keeps + item.Text},
	} {
		if h.is != h.want {
			out = append(out, h.name)
		}
	}
	return "headers: " + strings.Join(out, ", ")
}

// leave decides which deployed objects that the site does not have stay.
func (p *planning) leave() {
	paths := slices.Collect(maps.Keys(p.v.found))
	for _, m := range []*Manifest{p.v.Last, p.v.pending} {
		if m != nil {
			for i := range m.Items {
				paths = append(paths, m.Items[i].Path)
			}
		}
	}
	var assets []*Item
	for _, path := range once(paths) {
		if p.w.find(path) >= 0 {
			continue
		}
		o, item, ours, there := p.v.present(path, p.can)
		if !there {
			p.missing(path)
			continue
		}
		if !ours || item == nil {
			p.Foreign = append(p.Foreign, path)
			continue
		}
		left := *item
		left.Tag = o.Tag
		switch {
		case tree.Stage(item.Stage) == tree.Asset:
			assets = append(assets, &left)
		case item.Keeps != "" && (p.opt.Back > 0 || p.stays(item)):
			p.carry(left)
		case item.Keeps != "" && !p.allowed(item.Keeps):
			p.lost[item.Keeps] = append(p.lost[item.Keeps], path)
		case item.Keeps != "":
			p.remove(left, "", "its version was removed")
		default:
			p.remove(left, keptDir+item.SHA, "the site no longer has it")
		}
	}
	// Pages that stay may need any of the assets. And the removal of assets alone is no
	// reason for a deploy.
	stay := len(p.carried) > 0 || p.opt.Back > 0 || len(p.Steps) == 0
	for _, a := range assets {
		if stay || p.last(a) > p.next-max(1, p.opt.Keep) {
			p.carry(*a)
		} else {
			p.remove(*a, "", "no deploy that is kept needs it")
		}
	}
}

// missing records the loss of a promised object that neither site nor store has.
func (p *planning) missing(path string) {
	if i := p.v.Last.find(path); i != nil && i.Keeps != "" && p.opt.Back == 0 && !p.stays(i) && !p.allowed(i.Keeps) {
		p.lost[i.Keeps] = append(p.lost[i.Keeps], path)
	}
}

// stays reports whether the site still has the version of an object that it does not
// write any more: a redline or a format.
func (p *planning) stays(i *Item) bool {
	if !strings.Contains(i.Keeps, "..") {
		return p.texts[i.Keeps+" "+i.Text]
	}
	return !slices.ContainsFunc(versionsOf(i.Keeps), func(v string) bool { return !p.versions[v] })
}

// last returns the last deploy whose site had an item.
func (p *planning) last(i *Item) int { return cmp.Or(i.Last, p.next-1, 1) }

func (p *planning) carry(i Item) {
	i.Last = p.last(&i)
	p.carried = append(p.carried, i)
	p.Stays = append(p.Stays, i.Path)
}

func (p *planning) remove(i Item, save, why string) {
	p.Steps = append(p.Steps, Step{Action: remove, Path: i.Path, Why: why, Size: i.Size, Keeps: i.Keeps,
		stage: tree.Stage(i.Stage), item: -1, save: save, was: i.SHA})
}

// checkReleased compares the site with the released texts of its record.
func (p *planning) checkReleased() {
	for _, r := range p.opt.Released {
		if r.Corrected != "" {
			p.corrected[r.Version] = r.Corrected
		}
		if p.opt.Back > 0 {
			continue
		}
		i := p.w.find(r.Path)
		switch {
		case i >= 0 && p.w.Items[i].Text == r.Text || p.allowed(r.Version):
		case i < 0:
			p.lost[r.Version] = append(p.lost[r.Version], r.Path)
		default:
			p.broken[r.Version] = append(p.broken[r.Version], r.Path)
		}
	}
}

// textOf returns the path of the Markdown of a version's page.
func textOf(page string) string { return path.Join(path.Dir(page), "index.md") }

// sort puts the steps in the order of pushing, and sets Invalidate and Allowed.
func (p *planning) sort() {
	slices.SortStableFunc(p.Steps, func(a, b Step) int { return cmp.Compare(a.phase(), b.phase()) })
	stale := map[string]bool{}
	for _, s := range p.Steps {
		if s.Action != add {
			stale[s.Path] = true
		}
	}
	if p.v.pending != nil { // whose invalidation may not have taken place
		for _, path := range p.v.pending.Stale {
			stale[path] = true
		}
	}
	p.Invalidate = append(p.Invalidate, slices.Sorted(maps.Keys(stale))...)
	slices.Sort(p.Stays)
	slices.Sort(p.Foreign)
	p.Foreign = slices.Compact(p.Foreign)
	for _, a := range p.opt.Allow {
		if p.used[a.Version] {
			p.Allowed = append(p.Allowed, a)
		}
	}
}

// phases is the number of phases of a push. Steps of one phase run concurrently.
const phases = 12

// phase returns a number by which steps are ordered: additions by stage, changes by
// stage, removals in the opposite order.
func (s *Step) phase() int {
	switch s.Action {
	case add:
		return int(s.stage)
	case remove:
		return phases - 1 - int(s.stage)
	}
	return 4 + int(s.stage)
}

// refusePromises adds a refusal for each promise that would be broken.
func (p *planning) refusePromises() {
	for _, r := range []struct {
		found    map[string][]string
		what, do string
	}{
		{p.broken, "the text of %s is not the one that was published",
			"put the published text back, and make the change in a new version;\n" +
				"if it has to be changed, say so: --allow-change %s --reason \"...\""},
		{p.lost, "%s was published, and is not in the site any more", "put it back: what was published stays;\n" +
			"if it has to go, say so: --allow-change %s --reason \"...\""},
		{p.tampered, "somebody else changed what is at the URL of %s",
			"look at it before it is replaced; then: --allow-change %s --reason \"...\""},
	} {
		for _, keeps := range slices.Sorted(maps.Keys(r.found)) {
			if strings.Contains(keeps, "..") && slices.ContainsFunc(versionsOf(keeps),
				func(v string) bool { return r.found[v] != nil }) {
				continue // follows from the refusal of the version itself
			}
			version := versionsOf(keeps)[0]
			do := fmt.Sprintf(r.do, version)
			if said := p.corrected[version]; said != "" && p.broken[keeps] != nil {
				do = fmt.Sprintf("if the correction in the record may take its place: --allow-change %s\n"+
					"(%s)", version, said)
			}
			p.addRefusal("promise", fmt.Sprintf(r.what, keeps), do, once(r.found[keeps]))
		}
	}
}

// refuse adds the reasons why the plan must not be pushed.
func (p *planning) refuse() {
	p.refusePromises()
	if len(p.opt.Lost) > 0 && !p.allows(recordFile) {
		p.addRefusal("record", fmt.Sprintf("the lock file lacks what it had when deploy %d was made: entries with "+
			"these sums", p.v.number()),
			"nothing that was recorded may be removed; put the file back: git checkout privgen.lock\n"+
				"if the history was written anew on purpose, say so: --allow-change "+recordFile+" --reason \"...\"",
			p.opt.Lost)
	}
	if len(p.inTheWay) > 0 {
		p.addRefusal("foreign", "at URLs of the site is something that privgen did not put there",
			"choose another place for the site, or replace these with --adopt, which keeps them in "+replacedDir,
			p.inTheWay)
	}
	if len(p.unkept) > 0 {
		p.addRefusal("unknown-deploy", fmt.Sprintf("deploy %d cannot be restored completely: some of its objects are "+
			"not kept", p.opt.Back),
			"go back to a later deploy, or build the site as it was and deploy that", p.unkept)
	}
	var gone []string
	for _, s := range p.Steps {
		if s.Action == remove {
			gone = append(gone, s.Path)
		}
	}
	if len(gone) > p.opt.MaxRemovals {
		p.addRefusal("removals", fmt.Sprintf("%d objects would be removed; without confirmation, privgen removes %d "+
			"at most", len(gone), p.opt.MaxRemovals),
			"if this is meant: --yes", gone)
	}
	for _, a := range p.opt.Allow {
		if !p.used[a.Version] {
			p.addRefusal("allowance", fmt.Sprintf("nothing of %s changes that needs to be allowed", a.Version),
				"omit --allow-change, or name the version as in its URL: privacy/2026-01-01", nil)
		}
	}
	p.checkLinks()
	p.checkLimits()
}

// addRefusal adds a refusal to the plan.
func (p *planning) addRefusal(kind, what, do string, list []string) {
	p.Refusals = append(p.Refusals, source.Refuse(kind, what, do, list...))
}

// checkLinks refuses symbolic links at or above a path that would be written or
// removed, and below .privgen/.
func (p *planning) checkLinks() {
	var inTheWay []string
	for _, link := range p.v.links {
		leads := func(path string) bool { return strings.HasPrefix(path+"/", link+"/") }
		if slices.ContainsFunc(p.w.Items, func(i Item) bool { return leads(i.Path) }) ||
			slices.ContainsFunc(p.Steps, func(s Step) bool { return leads(s.Path) }) ||
			strings.HasPrefix(link, store.OwnFolder) {
			inTheWay = append(inTheWay, link)
		}
	}
	if len(inTheWay) > 0 {
		p.addRefusal("symlink", "there are symbolic links where privgen writes, and it writes through none",
			"remove them from the target, or deploy to another folder", once(inTheWay))
	}
}

// once sorts names and removes duplicates.
func once(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}

// checkLimits compares the site with the limits of the store.
func (p *planning) checkLimits() {
	if most := p.can.MaxObjects; most > 0 && p.Objects > most {
		p.addRefusal("limit", fmt.Sprintf("the site has %d files, and %s takes %d", p.Objects, p.can.Name, most),
			"write fewer redlines ([redlines] in privgen.toml) or formats, or choose another host", nil)
	}
	for i := range p.w.Items {
		if most := p.can.MaxBytes; most > 0 && p.w.Items[i].Size > most {
			p.addRefusal("limit", fmt.Sprintf("%s has %d bytes, and %s takes %d", p.w.Items[i].Path,
				p.w.Items[i].Size, p.can.Name, most),
				"make the file smaller, or choose another host", nil)
		}
	}
}

// Empty reports whether the plan changes nothing for readers.
func (p *Plan) Empty() bool { return len(p.Steps) == 0 && len(p.Invalidate) == 0 }

// Moved returns the steps in which a plan differs from a saved one, sorted. It
// returns none for equal plans.
func (p *Plan) Moved(saved *Plan) []string {
	name := func(s *Step) string { return fmt.Sprintf("%s %s", s.Action, s.Path) }
	sum := func(s *Step) string { return strings.Join([]string{s.SHA, s.Type, s.Cache, s.Keeps}, " ") }
	was := map[string]string{}
	for i := range saved.Steps {
		was[name(&saved.Steps[i])] = sum(&saved.Steps[i])
	}
	var out []string
	for i := range p.Steps {
		s := &p.Steps[i]
		old, ok := was[name(s)]
		delete(was, name(s))
		if !ok {
			out = append(out, "not in the plan: "+name(s))
		} else if old != sum(s) {
			out = append(out, "with other bytes or headers: "+name(s))
		}
	}
	for n := range was {
		out = append(out, "not needed any more: "+n)
	}
	slices.Sort(out)
	for _, f := range []struct{ what, old, now string }{
		{"another target", saved.Address, p.Address}, {"another URL of the site", saved.Site, p.Site},
		{"another deploy took place", fmt.Sprint(saved.Base), fmt.Sprint(p.Base)},
	} {
		if f.old != f.now {
			out = append([]string{fmt.Sprintf("%s: %s, then %s", f.what, f.old, f.now)}, out...)
		}
	}
	return out
}
