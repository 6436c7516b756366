package deploy

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/privgen/privgen/internal/normal"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/store"
)

// This file verifies a published site: at its URL, as readers get it, or on its
// store, object by object.

// Expected is what should be at a URL.
type Expected struct {
	Items     []Item            // what is empty in an item is not compared, but for its SHA
	Released  []Promise         // texts of a record; each is requested as Markdown
	Headers   string            // a _headers file, or nothing
	Redirects map[string]string // by the beginning of a path, to what the host may lead instead

	// Compare returns how the page of a released text differs from the text, or
	// nothing. Nil: pages are not compared.
	Compare func(page, text []byte) string
}

// AddRecord adds what a record says was released, and reports whether it has any.
func (e *Expected) AddRecord(r *record.Record) bool {
	e.Released = promises(r)
	return len(e.Released) > 0
}

// ReadExpected reads a manifest, or a list of digests as sha256sum prints it,
// such as the one that build leaves in the output folder.
func ReadExpected(r io.Reader) (Expected, error) {
	b := bufio.NewReader(r)
	if head, _ := b.Peek(2); string(head) == "\x1f\x8b" {
		m, err := readManifest(b)
		if err != nil {
			return Expected{}, err
		}
		return Expected{Items: m.Items}, nil
	}
	var e Expected
	lines := bufio.NewScanner(b)
	for lines.Scan() {
		sum, name, ok := strings.Cut(lines.Text(), "  ")
		if raw, err := hex.DecodeString(sum); ok && err == nil && len(raw) == sha256.Size && fs.ValidPath(name) {
			e.Items = append(e.Items, Item{Path: name, SHA: sum, Size: -1})
		}
	}
	if len(e.Items) == 0 {
		return e, errors.New("this is neither a manifest of privgen nor a list of digests as sha256sum prints it")
	}
	return e, lines.Err()
}

// VerifyStore reads every object of the last deploy, and returns their number and
// what is not as it was deployed.
func VerifyStore(ctx context.Context, s store.Store, progress func(done, total int)) (int, []Finding, error) {
	v, err := look(ctx, s, true)
	if err != nil {
		return 0, nil, err
	}
	if v.Last == nil {
		return 0, nil, source.Refuse("unknown-deploy", "nothing was deployed there yet",
			"run: privgen deploy")
	}
	found := &findings{list: []Finding{}}
	if err := v.Compare(ctx, s, &Wanted{Items: v.Last.Items}, progress); err != nil {
		return 0, nil, err
	}
	for i := range v.Last.Items {
		item := &v.Last.Items[i]
		o, there := v.read[item.Path]
		switch {
		case !there:
			found.add("missing", item.Path, "it was deployed, and is not there")
		case o.SHA != item.SHA:
			found.add("changed", item.Path, "it has the digest %.12s, and was deployed with %.12s", o.SHA, item.SHA)
		case !s.Abilities().Headers:
		case o.Type != item.Type:
			found.add("type", item.Path, "it is %q, and was deployed as %q", o.Type, item.Type)
		case o.Cache != item.Cache:
			found.add("cache", item.Path, "Cache-Control is %q, and was deployed as %q", o.Cache, item.Cache)
		}
	}
	for name := range v.listed {
		if v.Last.find(name) == nil {
			found.add("foreign", name, "privgen did not put it there")
		}
	}
	if v.pending != nil {
		found.add("changed", pendingPath, "a deploy was cut off; deploy again to complete it")
	}
	return len(v.Last.Items), found.sorted(), nil
}

// A visit is one Verify under way.
type visit struct {
	*findings
	base      *url.URL
	client    *http.Client
	clock     store.Clock
	redirects map[string]string   // as in Expected
	headers   map[string]string   // that every page has
	lacks     map[string][]string // paths by what is wrong with how they are served
	known     map[string]bool     // the URLs that should exist
	answered  atomic.Bool         // the host has answered at all
	down      atomic.Int64        // URLs that failed after all retries
}

// maxDown is the number of failed URLs after which silence ends the visit, and a 5xx
// is not retried.
const maxDown = 8

// Verify requests everything that should be below a URL, as a reader does, and
// returns what is not as it should be. A URL that cannot be read is a finding;
// Verify fails if the host does not answer at all.
func (e Expected) Verify(ctx context.Context, base string, to http.RoundTripper, clock store.Clock,
	progress func(done, total int)) ([]Finding, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("%q is not a URL", base)
	}
	if !strings.HasSuffix(u.Path, "/") {
		u.Path += "/"
	}
	v := &visit{findings: &findings{list: []Finding{}}, base: u, clock: clock, lacks: map[string][]string{},
		known: map[string]bool{},
		client: &http.Client{Transport: to,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		redirects: e.Redirects, headers: headersOf(e.Headers)}
	for _, i := range e.Items {
		v.known[v.address(i.Path)] = true
	}
	done := 0
	err = store.Each(ctx, 8, len(e.Items)+len(e.Released), func(ctx context.Context, i int) error {
		var err error
		if i < len(e.Items) {
			err = v.item(ctx, &e.Items[i])
		} else {
			err = v.promise(ctx, e.Released[i-len(e.Items)], e.Compare)
		}
		err = v.went(err)
		v.mu.Lock()
		defer v.mu.Unlock()
		if done++; progress != nil {
			progress(done, len(e.Items)+len(e.Released))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if !v.answered.Load() && len(v.list) > 0 {
		return nil, errors.New(v.list[0].What)
	}
	if err := v.unexpected(ctx, e.Items); err != nil {
		return nil, err
	}
	v.fold()
	return v.sorted(), nil
}

// An unread is the error of a URL that failed after all retries.
type unread struct {
	path string
	err  error
}

func (u *unread) Error() string { return u.err.Error() }
func (u *unread) Unwrap() error { return u.err }

// went adds a finding for a URL that cannot be read. It returns the error if no other
// URL could be read either: the host is down.
func (v *visit) went(err error) error {
	u, ok := errors.AsType[*unread](err)
	if !ok {
		return err
	}
	n := v.down.Add(1)
	status := errors.As(err, new(*badStatus))
	if !status && (!v.answered.Load() || n > maxDown) {
		return err
	}
	v.add("failed", u.path, "%v", u.err)
	return nil
}

// fold makes one finding of what was found of the way in which many pages are
// served: for each kind of advice the one that most pages have, with a count.
func (v *visit) fold() {
	most := map[string]Finding{} // by kind, or by what is said
	for _, said := range slices.Sorted(maps.Keys(v.lacks)) {
		pages := v.lacks[said]
		slices.Sort(pages)
		kind, what, _ := strings.Cut(said, " ")
		one := Finding{kind, pages[0], what, len(pages) - 1}
		by := kind
		if !one.Advice() {
			by = said
		}
		if old, ok := most[by]; ok {
			if old.More >= one.More {
				old, one = one, old
			}
			one.More += old.More + 1
		}
		most[by] = one
	}
	for _, one := range most {
		if one.More > 0 {
			one.What += fmt.Sprintf("; %d more like it", one.More)
		}
		v.list = append(v.list, one)
	}
}

// badStatus is the error of an answer that says that the host cannot answer.
type badStatus struct{ status string }

func (b *badStatus) Error() string { return "the host answers " + b.status }

// An answer is the answer of a host to a request for a URL.
type answer struct {
	status int
	header http.Header
	sha    string
	size   int64
	body   []byte // its beginning, if it was asked for
}

// maxBody is how much of a response is read.
const maxBody = 64 << 20

// A movedWriter calls moved for each write.
type movedWriter struct {
	io.Writer
	moved func()
}

func (m *movedWriter) Write(p []byte) (int, error) {
	m.moved()
	return m.Writer.Write(p)
}

// get requests the URL of a path. It follows no redirect.
func (v *visit) get(ctx context.Context, name, address string, keep bool) (a answer, err error) {
	err = v.clock.RetryWatched(ctx, "read "+address, func(try context.Context, moved func()) error {
		r, err := http.NewRequestWithContext(try, http.MethodGet, address, nil)
		if err != nil {
			return err
		}
		r.Header.Set("Accept-Encoding", "identity")
		r.Header.Set("User-Agent", "privgen")
		resp, err := v.client.Do(r)
		if err != nil {
			if try.Err() != nil {
				return context.Cause(try)
			}
			return store.NetworkError(err)
		}
		defer resp.Body.Close()
		moved()
		if resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode >= 500 {
			var err error = &badStatus{resp.Status}
			if v.down.Load() < maxDown {
				err = &store.Temporary{Err: err, After: store.RetryAfter(resp.Header)}
			}
			return err
		}
		h := sha256.New()
		var body strings.Builder
		var to io.Writer = h
		if keep {
			to = io.MultiWriter(h, &body)
		}
		n, err := io.Copy(&movedWriter{to, moved}, io.LimitReader(resp.Body, maxBody))
		if err != nil {
			if try.Err() != nil {
				return context.Cause(try)
			}
			return store.NetworkError(err)
		}
		a = answer{resp.StatusCode, resp.Header, hex.EncodeToString(h.Sum(nil)), n, []byte(body.String())}
		return nil
	})
	if err != nil {
		err = failed("ask for", address, err)
		if ctx.Err() == nil {
			err = &unread{name, err}
		}
		return a, err
	}
	v.answered.Store(true)
	return a, nil
}

// address returns the URL of a path.
func (v *visit) address(name string) string {
	if folder, ok := strings.CutSuffix(name, "index.html"); ok && (folder == "" || strings.HasSuffix(folder, "/")) {
		name = folder
	}
	u := *v.base
	u.Path += name
	u.RawPath = ""
	return u.String()
}

// item requests one object.
func (v *visit) item(ctx context.Context, i *Item) error {
	if i.Path == "404.html" {
		return v.absent(ctx, i)
	}
	a, err := v.get(ctx, i.Path, v.address(i.Path), false)
	if err != nil {
		return err
	}
	// Hosts read these two, and most do not serve them.
	forHost := i.Path == "_headers" || i.Path == "_redirects"
	switch {
	case a.status >= 300 && a.status < 400:
		v.leads(i, a)
		return nil
	case forHost && a.sha != i.SHA:
		return nil
	case a.status == http.StatusForbidden:
		v.add("missing", i.Path, "the host answers 403: let the web server read the file, with umask 022 and chmod a+r")
		return nil
	case a.status != http.StatusOK:
		v.add("missing", i.Path, "the host answers %d", a.status)
		return nil
	case a.sha != i.SHA:
		what := fmt.Sprintf("it has the digest %.12s, not %.12s", a.sha, i.SHA)
		if i.Size >= 0 && a.size != i.Size {
			what += fmt.Sprintf(", and %d bytes, not %d", a.size, i.Size)
		}
		v.add("changed", i.Path, "%s", what)
		return nil
	}
	if !forHost {
		v.served(i, a.header)
	}
	return nil
}

// served compares the headers of an object.
func (v *visit) served(i *Item, h http.Header) {
	if have := h.Get("Content-Type"); i.Type != "" {
		if kind := otherType(have, i.Type); kind != "" {
			v.lack(kind, i.Path, "it is served as %q, not %q", have, i.Type)
		}
	}
	if have := h.Get("Cache-Control"); i.Cache != "" && !sameCache(have, i.Cache) {
		v.lack("cache", i.Path, "Cache-Control is %q, not %q", have, i.Cache)
	}
	if path.Ext(i.Path) != ".html" {
		return
	}
	var without, other []string
	for _, name := range slices.Sorted(maps.Keys(v.headers)) {
		if have, want := h.Get(name), v.headers[name]; have == "" && want != "" {
			without = append(without, name)
		} else if have != want {
			other = append(other, fmt.Sprintf("%s is %q, not %q", name, have, want))
		}
	}
	if len(without) > 0 {
		other = append([]string{"it is served without " + strings.Join(without, ", ")}, other...)
	}
	if len(other) > 0 {
		v.lack("header", i.Path, "%s", strings.Join(other, "; "))
	}
}

// absent requests a page that does not exist. Hosts answer it with 404.html, which
// many of them do not serve under its own name.
func (v *visit) absent(ctx context.Context, i *Item) error {
	name := fmt.Sprintf("no-such-page-%.12s/", i.SHA)
	a, err := v.get(ctx, name, v.address(name), false)
	switch {
	case err != nil:
		return err
	case a.status == http.StatusNotFound && a.sha == i.SHA, a.status == http.StatusGone && a.sha == i.SHA:
	case a.status == http.StatusNotFound || a.status == http.StatusGone:
		v.add("not-found", i.Path, "the host shows another page than this one for a page that does not exist")
	case a.status >= 300 && a.status < 400:
		v.add("soft-404", name, "the host answers %d for a page that does not exist, and leads to %q",
			a.status, a.header.Get("Location"))
	default:
		v.add("soft-404", name, "the host answers %d for a page that does not exist, not 404", a.status)
	}
	return nil
}

// lack records a finding that fold reports once for all its paths.
func (v *visit) lack(kind, name, format string, args ...any) {
	said := kind + " " + fmt.Sprintf(format, args...)
	v.mu.Lock()
	defer v.mu.Unlock()
	v.lacks[said] = append(v.lacks[said], name)
}

// leads judges a redirect: one of the site's own is as good as the page that
// leads on.
func (v *visit) leads(i *Item, a answer) {
	to, err := v.base.Parse(a.header.Get("Location"))
	forGood := err == nil && (a.status == http.StatusMovedPermanently || a.status == http.StatusPermanentRedirect)
	for from, want := range v.redirects {
		rest, ok := strings.CutPrefix(strings.TrimSuffix(i.Path, "index.html"), from)
		if ok && forGood && to.Path == v.base.Path+want+rest {
			return
		}
	}
	if forGood && len(v.redirects) == 0 && v.known[to.String()] {
		// A list of digests does not have the site's redirects.
		v.add("leads", i.Path, "the host redirects to %q", a.header.Get("Location"))
		return
	}
	v.add("redirect", i.Path, "the host answers %d and redirects to %q", a.status, a.header.Get("Location"))
}

// maxLeads is how often a host may lead elsewhere on the way to a text.
const maxLeads = 5

// promise asks for the text of a version, as Markdown, and for its page. A
// policy's former name may lead to its present one.
func (v *visit) promise(ctx context.Context, p Promise, compare func(page, text []byte) string) error {
	name := textOf(p.Path)
	a, err := v.follow(ctx, name)
	switch {
	case err != nil:
		return err
	case a == nil:
		return nil
	case a.status != http.StatusOK:
		v.add("missing", name, "the text of %s was released, and the host answers %d", p.Version, a.status)
		return nil
	}
	text, sha := a.body, a.sha
	if sha != p.Text { // else there is no head, as before privgen wrote one
		text = normal.SkipHead(a.body)
		sha = fmt.Sprintf("%x", sha256.Sum256(text))
	}
	switch {
	case sha != p.Text && (p.Same == nil || !p.Same(text)):
		v.add("changed", name, "the text of %s is not the one that was released: it has the digest %.12s, not %.12s",
			p.Version, sha, p.Text)
		return nil
	case !strings.HasPrefix(a.header.Get("Content-Type"), "text/"):
		v.lack("header", name, "the text is served as %q, which browsers do not show", a.header.Get("Content-Type"))
	}
	if compare == nil {
		return nil
	}
	page, err := v.page(ctx, p.Path)
	switch {
	case err != nil:
		return err
	case page == nil:
	case page.status != http.StatusOK:
		v.add("missing", p.Path, "the page of %s was released, and the host answers %d", p.Version, page.status)
	default:
		if what := compare(page.body, text); what != "" {
			v.add("changed", p.Path, "the page of %s does not show the text that was released: %s", p.Version, what)
		}
	}
	return nil
}

// page asks for a page as follow does. A page at a policy's former name leads on by
// itself where the host does not, and then it is the page that it leads to: the one
// at the same path of this host, which names the address as its own.
func (v *visit) page(ctx context.Context, name string) (*answer, error) {
	a, err := v.follow(ctx, name)
	if err != nil || a == nil || a.status != http.StatusOK {
		return a, err
	}
	_, rest, _ := strings.Cut(string(a.body), `<meta http-equiv="refresh" content="0; url=`)
	address, _, leads := strings.Cut(rest, `"`)
	to, err := url.Parse(html.UnescapeString(address))
	if !leads || err != nil {
		return a, nil
	}
	path, within := strings.CutPrefix(to.Path, v.base.Path)
	next := &answer{}
	if within {
		if next, err = v.follow(ctx, path); err != nil || next == nil {
			return next, err
		}
	}
	own := `<link rel="canonical" href="` + address + `"`
	if next.status != http.StatusOK || !strings.Contains(string(next.body), own) {
		v.add("redirect", name, "the page leads to %q, and the site has no such page", to)
		return nil, nil
	}
	return next, nil
}

// follow asks for a path of the site and goes where the host leads, within the
// host. What leads elsewhere is a finding, and then there is no answer.
func (v *visit) follow(ctx context.Context, name string) (*answer, error) {
	at := v.address(name)
	a, err := v.get(ctx, name, at, true)
	for n := 0; err == nil && a.status >= 300 && a.status < 400 && n < maxLeads; n++ {
		var from, to *url.URL
		if from, err = url.Parse(at); err == nil {
			to, err = from.Parse(a.header.Get("Location"))
		}
		if err != nil || to.Scheme != v.base.Scheme || to.Host != v.base.Host {
			v.add("redirect", name, "the host answers %d and redirects to %q", a.status, a.header.Get("Location"))
			return nil, nil
		}
		at = to.String()
		a, err = v.get(ctx, name, at, true)
	}
	return &a, err
}

// unexpected finds addresses in the site's own sitemaps that should not be
// there. A host cannot be asked for all that it has.
func (v *visit) unexpected(ctx context.Context, items []Item) error {
	for i := range items {
		name := items[i].Path
		if strings.Contains(name, "/") || !strings.HasPrefix(name, "sitemap") || path.Ext(name) != ".xml" {
			continue
		}
		a, err := v.get(ctx, name, v.address(name), true)
		if ctx.Err() != nil {
			return err
		}
		if err == nil { // else it is a finding already
			v.foreign(a.body)
		}
	}
	return nil
}

// foreign finds addresses in a sitemap, or in an index of sitemaps, that the site
// does not have.
func (v *visit) foreign(sitemap []byte) {
	type entry struct {
		Loc string `xml:"loc"`
	}
	var set struct {
		URLs     []entry `xml:"url"`
		Sitemaps []entry `xml:"sitemap"`
	}
	if xml.Unmarshal(sitemap, &set) != nil {
		return // what is no sitemap has been found already
	}
	for _, u := range append(set.URLs, set.Sitemaps...) {
		loc, err := url.Parse(strings.TrimSpace(u.Loc))
		if err != nil {
			continue
		}
		// The site may be looked at elsewhere than at its own address.
		here := *v.base
		here.Path, here.RawPath = loc.Path, loc.RawPath
		if !v.known[here.String()] {
			v.add("foreign", strings.TrimPrefix(loc.Path, v.base.Path), "the sitemap has it, and the site does not")
		}
	}
}
