package history

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/lang"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
)

// This file reads the version files that a site has, and finds the policies of
// documents whose source was renamed since an earlier import.

// policyFiles are the files in the folder of a policy.
type policyFiles struct {
	exists   bool
	files    map[string]*versionFile // by file name
	byCommit map[string]*versionFile // in the policy's own language, by commit or URL of the archived copy
	known    map[digest]bool         // the texts of all states, including those that become no version
}

// A versionFile is a version file of the site.
type versionFile struct {
	name, id string
	language string // in its name, or empty
	origin   string // the commit or archived copy in its front matter, or empty
	digest   digest // of its text
	unlinked digest // the same with line feeds only, and without the destinations of links
}

// A digest is the SHA-256 of a text.
type digest [sha256.Size]byte

// readPolicy reads the folder of a policy. It skips files that are not versions:
// a build reports those.
func readPolicy(files fs.FS, folder string) (*policyFiles, error) {
	s := &policyFiles{files: map[string]*versionFile{}, byCommit: map[string]*versionFile{}, known: map[digest]bool{}}
	if files == nil {
		return s, nil
	}
	entries, err := fs.ReadDir(files, folder)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		stem, ok := strings.CutSuffix(e.Name(), ".md")
		if e.Name() == "policy.toml" {
			s.exists = true
		}
		if !ok || e.IsDir() || strings.HasPrefix(stem, ".") || stem == "draft" {
			continue
		}
		s.exists = true
		name := path.Join(folder, e.Name())
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		id, language := splitLanguage(stem)
		text := textOf(raw)
		f := &versionFile{name: name, id: id, language: language, digest: sha256.Sum256(text),
			unlinked: withoutLinks(text)}
		s.files[e.Name()] = f
		if file, problem := source.Parse(name, raw); problem == nil {
			m, _ := policy.ReadFrontMatter(file)
			if f.origin = cmp.Or(m.Commit, m.Archived); language == "" && f.origin != "" {
				s.byCommit[f.origin] = f
			}
		}
	}
	return s, nil
}

// splitLanguage splits the stem of a version file into its id and language.
func splitLanguage(stem string) (id, language string) {
	if i := strings.LastIndexByte(stem, '.'); i > 0 && lang.Tag(stem[i+1:]) != "" {
		return stem[:i], stem[i+1:]
	}
	return stem, ""
}

// splitID parses an id that is a date, with or without a number.
func splitID(id string) (d day.Day, n int, ok bool) {
	base, number, numbered := strings.Cut(id, ".")
	n = 1
	if numbered {
		var err error
		if n, err = strconv.Atoi(number); err != nil {
			return d, 0, false
		}
	}
	d, err := day.Parse(base)
	return d, n, err == nil
}

// origin returns what identifies a state in the front matter of its file, or "".
func (s *State) origin() string { return cmp.Or(s.Commit, s.Archived) }

// find returns the file that an earlier import made from a state, or nil.
func (s *policyFiles) find(c *choice) *versionFile {
	return s.byCommit[c.origin()]
}

// ofOther reports whether an earlier import made a file from another state.
func (s *policyFiles) ofOther(file string, c *choice) bool {
	f, key := s.files[file], c.origin()
	return f != nil && f.origin != "" && key != "" && f.origin != key
}

// published returns the states of a language that the site has as versions: a text that
// was published is history, even if the source reverted it. A file belongs to the state
// whose origin it names. Any other file belongs to the last state with its text and date.
// Any other translation belongs to the first state with its text since the day before.
func (s *policyFiles) published(list []*choice, language string) map[*choice]bool {
	byOrigin, byText := map[string]*versionFile{}, map[digest][]*versionFile{}
	for _, f := range s.files {
		if f.language == language {
			byOrigin[f.origin], byText[f.digest] = f, append(byText[f.digest], f)
		}
	}
	delete(byOrigin, "")
	is, used := map[*choice]bool{}, map[*versionFile]bool{}
	for _, c := range list {
		if f := byOrigin[c.origin()]; f != nil {
			is[c], used[f] = true, true
		}
	}
	order := slices.Clone(list)
	if language == "" {
		slices.Reverse(order)
	}
	for _, c := range order {
		for _, f := range byText[c.digest] {
			d, _, ok := splitID(f.id)
			if !is[c] && !used[f] && ok && (d == c.Date || language != "" && d.Add(-1).Compare(c.Date) <= 0) {
				is[c], used[f] = true, true
			}
		}
	}
	return is
}

// status compares a file of the site with the text of a state.
func (f *versionFile) status(c *choice) Status {
	if f.digest == c.digest {
		return Present
	}
	// Version control may change line endings; that is not an edit.
	if text, err := c.Bytes(); err == nil && withoutLinks(text) == f.unlinked {
		return Present
	}
	return Edited
}

// textOf returns the text of a version file: what follows its front matter.
func textOf(raw []byte) []byte {
	text := bytes.TrimPrefix(raw, []byte("\uFEFF"))
	if _, _, rest, ok := toml.FrontMatter(text); ok {
		return text[rest:]
	}
	return raw
}

// findRenamed changes the slug of each document that the site does not have to the
// slug under which an earlier import wrote it, if there is one.
func findRenamed(docs []*Document, site Site) error {
	if site.Files == nil {
		return nil
	}
	taken := map[string]bool{}
	var missing []*Document
	for _, d := range docs {
		if _, err := fs.Stat(site.Files, path.Join(site.Content, d.Slug)); errors.Is(err, fs.ErrNotExist) {
			missing = append(missing, d)
		} else if err != nil {
			return err
		} else {
			taken[d.Slug] = true
		}
	}
	if len(missing) == 0 {
		return nil
	}
	slugs, err := readCommits(site, taken)
	if err != nil {
		return err
	}
	for _, d := range missing {
		for i := range d.States {
			s := &d.States[i]
			if slug := slugs[s.Commit+" "+s.Source]; s.Commit != "" && slug != "" && !taken[slug] {
				d.Slug, taken[slug] = slug, true
				break
			}
		}
	}
	return nil
}

// Imported returns the policies of a site by commit and source of their versions.
func (s Site) Imported() (map[string]string, error) {
	if s.Files == nil {
		return nil, nil
	}
	return readCommits(s, nil)
}

// readCommits returns, for each commit and source in the front matter of a
// version, the slug of its policy. It reads only the beginnings of files, and
// skips the given policies.
func readCommits(site Site, skip map[string]bool) (map[string]string, error) {
	slugs := map[string]string{}
	folders, err := fs.ReadDir(site.Files, site.Content)
	if errors.Is(err, fs.ErrNotExist) {
		return slugs, nil
	}
	if err != nil {
		return nil, err
	}
	for _, folder := range folders {
		if !folder.IsDir() || skip[folder.Name()] {
			continue
		}
		files, err := fs.ReadDir(site.Files, path.Join(site.Content, folder.Name()))
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			if f.IsDir() || !strings.HasSuffix(f.Name(), ".md") {
				continue
			}
			m, err := headOf(site.Files, path.Join(site.Content, folder.Name(), f.Name()))
			if err != nil {
				return nil, err
			}
			if m.Commit != "" {
				slugs[m.Commit+" "+m.Source] = folder.Name()
			}
		}
	}
	return slugs, nil
}

// headOf parses the front matter at the beginning of a file. One that cannot be
// parsed is empty: a build reports what is wrong with it.
func headOf(files fs.FS, name string) (policy.FrontMatter, error) {
	f, err := files.Open(name)
	if err != nil {
		return policy.FrontMatter{}, err
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, 8<<10))
	if err != nil {
		return policy.FrontMatter{}, err
	}
	end := len(head) - len(textOf(head))
	file, problem := source.Parse(name, head[:end])
	if problem != nil {
		return policy.FrontMatter{}, nil
	}
	m, _ := policy.ReadFrontMatter(file)
	return m, nil
}
