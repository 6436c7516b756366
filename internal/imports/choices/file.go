package choices

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
)

// A File is an import.toml.
type File struct {
	Exclude   []string           `toml:"exclude" doc:"Version files of this site that imports leave out."`
	Git       map[string]Choices `toml:"git" doc:"The choices for a repository, by its name."`
	Archive   map[string]Choices `toml:"archive" doc:"The choices for a collection, by its name."`
	Snapshots map[string]Choices `toml:"snapshots" doc:"The choices for a folder or file of snapshots, by its name."`
	HTML      map[string]Choices `toml:"html" doc:"The choices for a folder or file of saved pages, by its name."`

	text []byte // the bytes on the disk; nil if the file does not exist
}

// Load reads the import.toml of a site. A site without one has an empty File. The
// error comes from reading; slug checks a slug.
func Load(files fs.FS, slug func(string) *source.Problem) (*File, source.Problems, error) {
	f := &File{}
	if files == nil {
		return f, nil, nil
	}
	raw, err := fs.ReadFile(files, Name)
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	f, problems := parse(raw, slug)
	return f, problems, nil
}

func parse(raw []byte, slug func(string) *source.Problem) (*File, source.Problems) {
	f := &File{text: raw}
	file, problem := source.Parse(Name, raw)
	if problem != nil {
		return f, source.Problems{problem}
	}
	places, problems := toml.Decode(file, 0, len(file.Text), f)
	wrong := func(at source.Pos, what, do string) {
		problems = append(problems, source.NewProblem(at, "bad-import-choice", what, do))
	}
	for kind, tables := range f.tables() {
		for name, c := range *tables {
			for _, field := range fields(&c) {
				if places.Has(kind, name, field.key) && !field.of(kind) {
					wrong(places.Key(kind, name, field.key), fmt.Sprintf("an import of %s does not have the key %s",
						kind, field.key), "remove it")
				}
			}
			if path, what, do := c.Check(kind, slug); path != nil {
				wrong(places.Value(append([]string{kind, name}, path...)...), strings.ReplaceAll(what, "--", ""), do)
			}
		}
	}
	return f, problems.Sort()
}

func (f *File) tables() map[string]*map[string]Choices {
	return map[string]*map[string]Choices{
		"git": &f.Git, "archive": &f.Archive, "snapshots": &f.Snapshots, "html": &f.HTML,
	}
}

// Of returns the choices for a source, and the names of the other sources of its kind.
func (f *File) Of(kind, name string) (c Choices, others []string) {
	tables := *f.tables()[kind]
	for _, other := range slices.Sorted(maps.Keys(tables)) {
		if other != name {
			others = append(others, other)
		}
	}
	return tables[name], others
}

// With returns the text of the file in which a source has the given choices, and
// whether that text differs from the one on the disk. All other lines stay. Comments
// in the table of the source are moved above it; those above the next header stay there.
// The problem is that of a table that cannot be found by its header.
func (f *File) With(kind, name string, c Choices) (text []byte, changed bool, problem *source.Problem) {
	if was := (*f.tables()[kind])[name]; reflect.DeepEqual(was, c) || isEmpty(was) && isEmpty(c) {
		return f.text, false, nil
	}
	table := toml.Encode(c, kind, name)
	header := regexp.MustCompile(`^\s*\[\s*["']?` + kind + `["']?\s*\.\s*["']?` + regexp.QuoteMeta(name) +
		`["']?\s*[\].]`)
	var out, comments, last bytes.Buffer // last has the comments after the last key of the table
	at, inside := -1, false
	for line := range bytes.Lines(f.text) {
		trimmed := bytes.TrimSpace(line)
		if bytes.HasPrefix(trimmed, []byte("[")) {
			if inside = header.Match(line); inside && at < 0 {
				at = out.Len()
			} else if !inside {
				last.WriteTo(&out)
			}
		}
		switch {
		case !inside:
			out.Write(line)
		case bytes.HasPrefix(trimmed, []byte("#")):
			last.Write(line)
		case len(trimmed) > 0:
			last.WriteTo(&comments)
		}
	}
	last.WriteTo(&comments)
	whole := out.Bytes()
	if at < 0 {
		if at = len(whole); at > 0 {
			comments.WriteByte('\n')
		}
	} else if at < len(whole) {
		table = append(table, '\n')
	}
	text = slices.Concat(whole[:at], comments.Bytes(), table, whole[at:])
	again, problems := parse(text, func(string) *source.Problem { return nil })
	want := *f
	tables := maps.Clone(*f.tables()[kind])
	if tables == nil {
		tables = map[string]Choices{}
	}
	tables[name] = c
	*want.tables()[kind] = tables
	want.text, again.text = nil, nil
	if problems != nil || !reflect.DeepEqual(again, &want) {
		return nil, false, source.NewProblem(source.In(Name), "bad-import-choice",
			fmt.Sprintf("the table of %s %s cannot be replaced in this file", kind, name),
			"remove what the file has of it, and write:\n"+strings.TrimSpace(string(table)))
	}
	return text, true, nil
}

func isEmpty(c Choices) bool { return c.Describe() == "" }

// Describe returns choices as one line for people: group week, names (2). It is
// empty for no choices.
func (c *Choices) Describe() string {
	var list []string
	for _, f := range fields(c) {
		switch v := f.value; {
		case f.isEmpty():
		case v.Kind() == reflect.Map || v.Kind() == reflect.Slice:
			list = append(list, fmt.Sprintf("%s (%d)", f.key, v.Len()))
		case v.Kind() == reflect.Bool:
			list = append(list, f.key)
		default:
			list = append(list, fmt.Sprintf("%s %v", f.key, v.Interface()))
		}
	}
	return strings.Join(list, ", ")
}

// A field is a choice with its key.
type field struct {
	key   string
	kinds string // the kinds of import that have it; empty: all
	value reflect.Value
}

func (f *field) of(kind string) bool {
	return f.kinds == "" || slices.Contains(strings.Fields(f.kinds), kind)
}

func (f *field) isEmpty() bool {
	return f.value.IsZero() || f.value.Kind() == reflect.Slice && f.value.Len() == 0
}

// fields returns all choices, including those without a value.
func fields(c *Choices) (list []field) {
	v := reflect.ValueOf(c).Elem()
	for i := range v.NumField() {
		tag := v.Type().Field(i).Tag
		list = append(list, field{tag.Get("toml"), tag.Get("only"), v.Field(i)})
	}
	return list
}
