package resolve

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
)

// A table is a parsed file of content/_data.
type table struct {
	shared
	file     *source.File
	places   *toml.Places
	columns  []string // in order
	titles   map[string]any
	markdown []string
	rows     []map[string]any
}

// data finds the table that a tag names.
func (r *run) data(fr *frame, name string, at int) *table {
	file := path.Join(r.resolver.Data, name+".toml")
	if isName(name) {
		t := r.resolver.readTable(name, file)
		r.uses["file "+file] = t.sum
		r.problems = append(r.problems, t.problems...)
		if t.there && len(t.problems) == 0 {
			return t
		}
		if t.there {
			return nil
		}
	}
	do := toml.Suggest(name, r.resolver.stems(r.resolver.Data, ".toml"), "%s",
		fmt.Sprintf("write its rows to %s, each below a line [[%s]]", file, name))
	r.problem(fr.file, at, "no-such-table", fmt.Sprintf("there is no table %q", name), do)
	return nil
}

func (s *Resolver) readTable(name, file string) *table {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tables[file]
	if t == nil {
		t = &table{}
		s.tables[file] = t
		if t.shared, t.file = s.read(name, file); t.file != nil {
			t.take()
		}
	}
	return t
}

// take parses the file of a table. The key of the rows is the table's name, so take
// creates a struct type for each table.
func (t *table) take() {
	shape := reflect.New(reflect.StructOf([]reflect.StructField{
		{Name: "Markdown", Type: reflect.TypeFor[[]string](), Tag: `toml:"markdown" doc:"Columns whose cells are Markdown."`},
		{Name: "Columns", Type: reflect.TypeFor[map[string]any](), Tag: `toml:"columns" doc:"What columns are called, in their order."`},
		{Name: "Rows", Type: reflect.TypeFor[[]map[string]any](), Tag: reflect.StructTag(`toml:"` + t.name + `" doc:"The rows."`)},
	}))
	t.places, t.problems = toml.Decode(t.file, 0, len(t.file.Text), shape.Interface())
	if len(t.problems) > 0 {
		return
	}
	v := shape.Elem()
	t.markdown, t.titles, t.rows = v.Field(0).Interface().([]string), v.Field(1).Interface().(map[string]any),
		v.Field(2).Interface().([]map[string]any)
	at := func(path ...string) func(...string) source.Pos {
		return func(more ...string) source.Pos { return t.places.Key(append(path[:len(path):len(path)], more...)...) }
	}
	t.problems = CheckValues(t.titles, at("columns"))
	t.columns = t.inOrder(slices.Sorted(maps.Keys(t.titles)), "columns")
	for i, row := range t.rows {
		if len(t.problems) >= maxProblems {
			return
		}
		t.problems = append(t.problems, CheckValues(row, at(t.name, strconv.Itoa(i)))...)
		if len(t.titles) == 0 && i == 0 {
			t.columns = t.inOrder(slices.Sorted(maps.Keys(row)), t.name, "0")
		}
		if len(t.problems) > 0 {
			continue
		}
		for _, key := range slices.Sorted(maps.Keys(row)) {
			if !slices.Contains(t.columns, key) {
				t.problems = append(t.problems, t.noColumn(key, t.places.Key(t.name, strconv.Itoa(i), key)))
			}
		}
	}
	for i, key := range t.markdown {
		if !slices.Contains(t.columns, key) && len(t.problems) == 0 && len(t.columns) > 0 {
			t.problems = append(t.problems, t.noColumn(key, t.places.Value("markdown", strconv.Itoa(i))))
		}
	}
}

func (t *table) noColumn(name string, at source.Pos) *source.Problem {
	do := toml.Suggest(name, t.columns, "%s", "the columns are: "+strings.Join(t.columns, ", "))
	return source.NewProblem(at, "no-such-column", fmt.Sprintf("the table %s has no column %q", t.name, name), do)
}

// inOrder puts keys in the order in which they were written.
func (t *table) inOrder(keys []string, path ...string) []string {
	slices.SortFunc(keys, func(a, b string) int {
		return t.places.Offset(append(slices.Clone(path), a)...) - t.places.Offset(append(slices.Clone(path), b)...)
	})
	return keys
}

// A choice is the part of a table that a tag shows.
type choice struct {
	columns []string
	rows    []int   // indexes, in order
	empty   *string // the text to show without rows, or nil
}

// table writes a table.
func (r *run) table(n *node, fr *frame) {
	t := r.data(fr, n.tag.name, n.start)
	if t == nil {
		return
	}
	if fr.inLine || !n.alone {
		r.problem(fr.file, n.start, "bad-tag", fmt.Sprintf("the table %s is within a line", t.name),
			fmt.Sprintf("put {{table %s ...}} on a separate line", t.name))
		return
	}
	c, ok := r.choose(fr, n, t)
	if !ok {
		return
	}
	r.within(n, fr, false, func() {
		switch {
		case len(c.rows) > 0:
			r.grid(n, fr, t, c)
		case c.empty != nil:
			s := spot{before: r.w.line(r.start)}
			r.w.fixed(fr.file, n.start, s.escape(*c.empty))
		default:
			r.problem(fr.file, n.start, "no-rows", fmt.Sprintf("the table %s has no rows here", t.name),
				fmt.Sprintf("say what to write then: {{table %s ... empty=\"We use none.\"}}", t.name))
		}
	})
}

// choose applies the arguments of a tag to a table.
func (r *run) choose(fr *frame, n *node, t *table) (c choice, ok bool) {
	c.columns, ok = t.columns, true
	for i := range t.rows {
		c.rows = append(c.rows, i)
	}
	column := func(name string, at int) bool {
		if !slices.Contains(t.columns, name) && len(t.columns) > 0 {
			p := t.noColumn(name, fr.file.Pos(at))
			r.problems = append(r.problems, p)
			ok = false
		}
		return ok
	}
	for _, a := range n.tag.given {
		switch a.name {
		case "columns":
			c.columns = strings.FieldsFunc(a.text, func(r rune) bool { return r == ',' || r == ' ' })
			for _, name := range c.columns {
				column(name, a.at)
			}
		case "where":
			w, problem := readWhere(a.text)
			if problem != "" {
				r.problem(fr.file, a.at, "bad-tag", fmt.Sprintf("%q is not a choice of rows", a.text), problem)
				return c, false
			}
			if column(w.name, a.at) {
				c.rows = slices.DeleteFunc(c.rows, func(i int) bool {
					v, _ := r.resolver.valueOf(t.rows[i][w.name], r.reader.Lang)
					return !w.holds(v)
				})
			}
		case "sort":
			name, down := strings.CutPrefix(a.text, "-")
			if column(name, a.at) {
				r.sort(t, c.rows, name, down)
			}
		case "empty":
			c.empty = &a.text
			if !a.quoted && ok {
				r.problem(fr.file, a.at, "bad-tag", "what empty is has to be in quotation marks",
					fmt.Sprintf("write empty=%q", a.text))
				ok = false
			}
		default:
			do := toml.Suggest(a.name, []string{"columns", "where", "sort", "empty"}, "%s",
				"a table takes columns, where, sort and empty")
			r.problem(fr.file, a.at, "wrong-parameter", fmt.Sprintf("a table has no parameter %q", a.name), do)
			ok = false
		}
	}
	if ok && len(c.columns) == 0 && len(c.rows) > 0 {
		r.problem(fr.file, n.start, "no-such-column", fmt.Sprintf("no column of %s is chosen", t.name),
			"the columns are: "+strings.Join(t.columns, ", "))
		ok = false
	}
	return c, ok
}

// readWhere parses the argument where. If it is malformed, wrong says what to write.
func readWhere(s string) (w test, wrong string) {
	const do = `write where="COLUMN", "not COLUMN", "COLUMN is TEXT" or "COLUMN is not TEXT"`
	words := strings.Fields(s)
	if len(words) > 1 && words[0] == "not" {
		w.not, words = true, words[1:]
	}
	if len(words) == 0 {
		return w, do
	}
	w.name, words = words[0], words[1:]
	if len(words) == 0 {
		return w, ""
	}
	if w.not || words[0] != "is" || len(words) < 2 {
		return w, do
	}
	words = words[1:]
	if words[0] == "not" && len(words) > 1 {
		w.not, words = true, words[1:]
	}
	text := strings.Join(words, " ")
	w.is = &text
	return w, ""
}

// sort sorts rows by a column. Equal rows keep their order, and rows without a value
// in the column come last.
func (r *run) sort(t *table, rows []int, name string, down bool) {
	slices.SortStableFunc(rows, func(i, j int) int {
		a, b := t.rows[i][name], t.rows[j][name]
		switch {
		case a == nil && b != nil:
			return 1
		case a != nil && b == nil:
			return -1
		case down:
			a, b = b, a
		}
		return r.compare(a, b)
	})
}

func (r *run) compare(a, b any) int {
	x, isX := number(a)
	y, isY := number(b)
	if isX && isY {
		return cmp.Compare(x, y)
	}
	v, _ := r.resolver.valueOf(a, r.reader.Lang)
	w, _ := r.resolver.valueOf(b, r.reader.Lang)
	return cmp.Compare(strings.ToLower(v.plain()), strings.ToLower(w.plain()))
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

// grid writes the rows as a table of Markdown.
func (r *run) grid(n *node, fr *frame, t *table, c choice) {
	line := func(at int, f *source.File, cells []string) {
		r.w.fixed(f, at, "| "+strings.Join(cells, " | ")+" |\n")
	}
	var titles, rules []string
	for _, name := range c.columns {
		title, ok := t.titles[name]
		if !ok {
			title = strings.ToUpper(name[:1]) + strings.ReplaceAll(name[1:], "_", " ")
		}
		titles = append(titles, r.cell(t, title, false, "columns", name))
		rules = append(rules, "---")
	}
	line(n.start, fr.file, titles)
	line(n.start, fr.file, rules)
	for k, i := range c.rows {
		number := strconv.Itoa(i)
		for _, name := range c.columns {
			cell := r.cell(t, t.rows[i][name], slices.Contains(t.markdown, name), t.name, number, name)
			r.w.fixed(t.file, t.places.Offset(t.name, number, name), "| "+cell+" ")
		}
		r.w.fixed(fr.file, n.start, "|")
		if k < len(c.rows)-1 {
			r.w.fixed(fr.file, n.start, "\n")
		}
	}
}

// cell returns a value as the cell of a table.
func (r *run) cell(t *table, raw any, markdown bool, path ...string) string {
	v, missing := r.resolver.valueOf(raw, r.reader.Lang)
	if missing != nil {
		r.problems = append(r.problems, source.NewProblem(t.places.Key(path...), "missing-translation",
			fmt.Sprintf("%s has no text in %q", path[len(path)-1], r.reader.Lang),
			addText(missing, r.reader.Lang)))
		return ""
	}
	if !markdown {
		s := spot{before: []byte("| "), after: ' ', oneLine: true}
		return s.escape(v.words())
	}
	return bars(strings.Join(strings.Fields(v.words()), " "))
}

// bars puts a backslash before each bar of a cell that has none.
func bars(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			b.WriteByte(s[i])
			i++
		case s[i] == '|':
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
