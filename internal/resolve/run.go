package resolve

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/markdown/lines"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
)

// These limits bound what resolving a text can cost.
const (
	maxDepth    = 8      // clauses in clauses
	maxTags     = 20_000 // tags resolved for one text
	maxProblems = 50     // of one text
)

// A run resolves one text.
type run struct {
	resolver *Resolver
	reader   Reader
	w        *writer
	start    int // offset of the text in the output, after the front matter
	uses     map[string][32]byte
	problems source.Problems
	tags     int
}

// A frame is a text or a clause that is being written.
type frame struct {
	*doc
	clause *clause          // nil in the text itself
	given  map[string]Value // the clause's parameters
	outer  *frame
	depth  int
	shift  int  // added to the levels of headings
	inLine bool // the clause is within a line
}

func (r *run) use(name string, was []byte) { r.uses[name] = sha256.Sum256(was) }

func (r *run) problem(f *source.File, at int, code, what, do string) {
	if len(r.problems) < maxProblems {
		r.problems = append(r.problems, source.NewProblem(f.Pos(at), code, what, do))
	}
}

func (r *run) nodes(list []node, fr *frame) {
	for i := range list {
		if r.w.full && len(r.problems) == 0 {
			r.problems = append(r.problems, tooLong(fr.file, list[i].start))
		}
		if len(r.problems) >= maxProblems || r.w.full || r.tags > maxTags {
			return
		}
		r.node(&list[i], fr)
	}
}

func (r *run) node(n *node, fr *frame) {
	if n.tag != nil {
		if r.tags++; r.tags > maxTags {
			r.problems = append(r.problems, tooLong(fr.file, n.start))
			return
		}
	}
	switch n.kind {
	case text:
		r.text(fr, n.start, n.end)
	case heading:
		r.heading(n, fr)
	case underline:
		if fr.shift == 0 {
			r.text(fr, n.start, n.end)
		}
	case value:
		if v, ok := r.value(fr, n.tag.name, n.start+2, true); ok {
			r.insert(fr, n, v)
		}
	case condition:
		r.w.seam = r.w.seam || n.alone
		branch := n.els
		if r.holds(fr, n.tag.test) {
			branch = n.then
		}
		r.nodes(branch, fr)
		r.w.seam = r.w.seam || n.alone
	case include:
		r.include(n, fr)
	case rows:
		r.table(n, fr)
	}
}

func tooLong(f *source.File, at int) *source.Problem {
	return source.NewProblem(f.Pos(at), "endless-clause", "the text becomes too long here",
		fmt.Sprintf("a text can have %d tags and %d MB; remove clauses that include one another again and again",
			maxTags, source.MaxSize>>20))
}

// text writes a stretch of the text. It adjusts the blank lines at its beginning, and
// within a line it replaces line feeds with spaces.
func (r *run) text(fr *frame, start, end int) {
	if start == end {
		return
	}
	w, src := r.w, fr.file.Text
	if w.apart && src[start] == '\n' && !fr.inLine {
		w.apart = false
		w.verbatim(fr.file, start, start+1)
		start++
		if start < end && src[start] != '\n' {
			w.fixed(fr.file, start, "\n")
		}
	}
	if w.seam && src[start] == '\n' && src[start-1] != '\n' && len(w.line(r.start)) == 0 {
		start++ // the line feed of a line whose tags resolved to nothing
	}
	if start < end && w.seam && src[start] == '\n' && len(w.line(r.start)) == 0 && len(w.lastLine(r.start)) == 0 {
		start++
	}
	w.seam, w.apart = false, false
	if !fr.inLine {
		w.verbatim(fr.file, start, end)
		return
	}
	for start < end {
		i := bytes.IndexByte(src[start:end], '\n')
		if i < 0 {
			w.verbatim(fr.file, start, end)
			return
		}
		w.verbatim(fr.file, start, start+i)
		w.fixed(fr.file, start+i, " ")
		start += i + 1
		for start < end && (src[start] == ' ' || src[start] == '\t') {
			start++
		}
	}
}

func (r *run) heading(n *node, fr *frame) {
	r.w.seam, r.w.apart = false, false
	level := min(max(n.level+fr.shift, 1), 6)
	r.w.level = level
	switch {
	case n.setext && fr.shift != 0:
		r.w.fixed(fr.file, n.start, strings.Repeat("#", level)+" ")
	case n.setext:
	case level == n.level:
		r.w.verbatim(fr.file, n.start, n.end)
	default:
		r.w.fixed(fr.file, n.start, strings.Repeat("#", level))
	}
}

// value looks up a value. If needed is set, an empty value is a problem.
func (r *run) value(fr *frame, name string, at int, needed bool) (Value, bool) {
	v, ok := fr.given[name]
	what, do := "parameter", "give it a text where the clause is included"
	if !ok {
		var problem string
		v, ok, problem = r.resolver.value(name, r.reader)
		if problem != "" {
			r.problem(fr.file, at, "missing-translation",
				fmt.Sprintf("the value %s has no text in %q", name, r.reader.Lang), problem)
			return v, false
		}
		if !ok {
			r.unknown(fr, name, at)
			return v, false
		}
		r.use("value "+name, v.sum())
		what, do = "value", whereFrom(name)
	}
	if needed && v.empty() {
		r.problem(fr.file, at, "empty-value", fmt.Sprintf("the %s %s is empty", what, name),
			fmt.Sprintf("%s, or write {{if %s}} before it and {{end}} after it", do, name))
		return v, false
	}
	return v, true
}

// whereFrom returns advice on where to write a value.
func whereFrom(name string) string {
	group, key, _ := strings.Cut(name, ".")
	switch {
	case name == "site.url":
		key = "base_url"
	case group == "policy":
		return fmt.Sprintf("write %s in policy.toml", key)
	case group == "version":
		return fmt.Sprintf("say it: --%s ...", key)
	}
	return fmt.Sprintf("write %s in [%s] of privgen.toml", key, group)
}

func (r *run) unknown(fr *frame, name string, at int) {
	known := r.resolver.names(r.reader)
	var do string
	group, key, dotted := strings.Cut(name, ".")
	switch near := nearest(name, append(slices.Sorted(maps.Keys(fr.given)), known...)); {
	case near != "":
		do = fmt.Sprintf("did you mean %s?", near)
	case group == "version":
		do = "only a draft has it: its release knows the day; in a version, write the words"
	case dotted && group == "values":
		do = fmt.Sprintf("write it in privgen.toml:\n[values]\n%s = \"...\"", key)
	case !dotted && slices.Contains(known, "values."+name):
		do = fmt.Sprintf("did you mean values.%s?", name)
	case !dotted && slices.Contains(r.resolver.clauseNames(), name):
		do = fmt.Sprintf("there is a clause of this name: write {{clause %s}}", name)
	case !dotted && fr.clause != nil:
		do = fmt.Sprintf("if it is a parameter, write parameters = [%q] in the clause's front matter", name)
	case len(known) > 12:
		do = "the values are: " + strings.Join(known[:12], ", ") + " ..."
	default:
		do = "the values are: " + strings.Join(known, ", ")
	}
	r.problem(fr.file, at, "no-such-value", fmt.Sprintf("there is no value %q", name), do)
}

// nearest returns the name that was probably meant, or "". In names of the same group,
// only the part after the dot is compared: organization.fax is not organization.name.
func nearest(name string, among []string) string {
	group, key, _ := strings.Cut(name, ".")
	var keys []string
	for _, a := range among {
		if rest, ok := strings.CutPrefix(a, group+"."); ok {
			keys = append(keys, rest)
		}
	}
	if len(keys) == 0 {
		return toml.Nearest(name, among)
	}
	if near := toml.Nearest(key, keys); near != "" {
		return group + "." + near
	}
	return ""
}

// holds reports whether a condition is true.
func (r *run) holds(fr *frame, t *test) bool {
	if name, ok := strings.CutPrefix(t.name, "data."); ok {
		tab := r.data(fr, name, t.at)
		return tab != nil && (len(tab.rows) > 0) != t.not
	}
	v, ok := r.value(fr, t.name, t.at, false)
	return ok && t.holds(v)
}

// include writes a shared clause.
func (r *run) include(n *node, fr *frame) {
	c := r.clause(fr, n)
	if c == nil {
		return
	}
	for up := fr; up != nil; up = up.outer {
		if up.clause != nil && up.clause.name == c.name {
			r.problem(fr.file, n.start, "endless-clause",
				fmt.Sprintf("the clause %s includes itself: %s", c.name, circle(fr, c.name)),
				"remove one of these tags")
			return
		}
	}
	if fr.depth == maxDepth {
		r.problem(fr.file, n.start, "endless-clause",
			fmt.Sprintf("clauses stand more than %d deep in one another", maxDepth),
			"put the words where they are needed")
		return
	}
	in := &frame{doc: c.doc, clause: c, outer: fr, depth: fr.depth + 1, inLine: fr.inLine || !n.alone}
	var ok bool
	var level int
	if in.given, level, ok = r.arguments(fr, n, c); !ok {
		return
	}
	if in.inLine && c.doc.blocks {
		r.problem(fr.file, n.start, "bad-tag",
			fmt.Sprintf("the clause %s is more than a paragraph, and is within a line", c.name),
			fmt.Sprintf("put {{clause %s}} on a separate line", c.name))
		return
	}
	before := r.w.level
	r.within(n, fr, c.doc.listed, func() {
		target := 0
		switch {
		case level > 0:
			target = level
		case before == 0:
		case c.doc.headed:
			target = max(before, 2)
		default:
			target = before + 1
		}
		if target > 0 && c.doc.top > 0 {
			in.shift = target - c.doc.top
		}
		r.nodes(c.doc.nodes, in)
	})
	if c.doc.headed && c.doc.top > 0 {
		before = min(max(c.doc.top+in.shift, 1), 6)
	}
	r.w.level = before
}

// within writes a block in place of a tag, with blank lines around it and the prefix of
// its quote or item. A tag that is not alone in its line has no block.
func (r *run) within(n *node, fr *frame, listed bool, write func()) {
	w := r.w
	if fr.inLine || !n.alone {
		write()
		return
	}
	w.seam = false
	if n.prefix == "" && len(w.line(r.start)) == 0 {
		if last := w.lastLine(r.start); len(bytes.Trim(last, " \t>")) > 0 && !(listed && isItem(last)) {
			w.fixed(fr.file, n.start, "\n")
		}
	}
	prefix, from := w.prefix, len(w.out)
	w.prefix += n.prefix
	write()
	w.trim(from)
	w.prefix = prefix
	w.seam = len(w.out) == from
	if n.prefix == "" && len(w.out) > from && !listed {
		w.apart = true
	}
}

// isItem reports whether a line looks like a line of a list.
func isItem(line []byte) bool {
	_, item := lines.Content(line)
	return item || bytes.HasPrefix(line, []byte("  "))
}

// circle names the clauses through which one includes itself.
func circle(fr *frame, name string) string {
	way := name
	for ; fr != nil && fr.clause != nil; fr = fr.outer {
		way = fr.clause.name + " → " + way
		if fr.clause.name == name {
			break
		}
	}
	return way
}

// leftover returns a problem if the resolved text has a tag, which two parts can form
// together, or nil.
func (r *run) leftover(f *source.File, start int) *source.Problem {
	if !HasTags(f.Text[start:]) {
		return nil
	}
	d, problems := parse(f, start, len(f.Text))
	if problems == nil && !d.tags {
		return nil
	}
	at := f.Pos(start)
	if problems != nil {
		at = problems[0].Pos
	} else if i := slices.IndexFunc(d.nodes, func(n node) bool { return n.tag != nil }); i >= 0 {
		at = f.Pos(d.nodes[i].start)
	}
	return source.NewProblem(at, "bad-tag", `"{{" is in the resolved text here`,
		"a backtick in a clause may have ended code that it should not; put a backslash before it, or before the "+
			"braces")
}
