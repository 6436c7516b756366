package record_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/normal"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/source"
)

// Random bytes of random released files of the sample site are changed. Check finds
// each change of a text or a stamp, and accepts every other.
func TestEveryEditOfSample(t *testing.T) {
	t.Parallel()
	s := openSample(t)
	random := rand.New(rand.NewPCG(7, 4))
	rounds := 400
	if testing.Short() {
		rounds = 100
	}
	caught, passed, unread, stamps := 0, 0, 0, 0
	for range rounds {
		name := s.names[random.IntN(len(s.names))]
		was := s.files[name]
		edited := randomEdit(random, was)
		lib, problems := s.load(t, name, edited)
		if problems != nil {
			if wordsOf(t, edited) == wordsOf(t, was) && headOf(edited) == headOf(was) {
				t.Fatalf("%s: refused without a change: %v", name, problems)
			}
			unread++ // the build stops before it checks the record
			continue
		}
		site := s.site(lib)
		found := s.record(t, name).Check(site)
		sameText := wordsOf(t, edited) == wordsOf(t, was)
		sameStamp := true
		for _, p := range lib.Policies {
			for text := range p.Texts() {
				e := s.whole.Find(text)
				stamp := record.StampOf(text, s.zone)
				sameStamp = sameStamp && e != nil && len(stamp.Since(&e.Stamp)) == 0
			}
		}
		switch {
		case sameText && sameStamp != (len(found) == 0):
			t.Fatalf("%s: the text is the same, the stamp is: %t; %v", name, sameStamp, found)
		case !sameText && (len(found) == 0 || sameStamp && found[0].Code != "changed-text"):
			t.Fatalf("%s: the text is another; %v", name, found)
		case !sameText:
			caught++
		case !sameStamp:
			stamps++
		default:
			passed++
		}
	}
	t.Logf("%d other texts, %d other stamps, %d the same, %d unreadable", caught, stamps, passed, unread)
	if caught < rounds/4 || passed < rounds/10 || stamps == 0 {
		t.Error("too few to tell")
	}
}

// randomEdit changes a few bytes of a file: anywhere, or where the normal form
// begins and ends.
func randomEdit(random *rand.Rand, file string) string {
	pieces := []string{" ", "\n", "\t", "\r", "\r\n", "x", "7", "é", "e\u0301", "\u212b", "#", "-", "\"", "\x00", "\xff", ""}
	for range 1 + random.IntN(2) {
		at := random.IntN(len(file) + 1)
		switch random.IntN(5) {
		case 0:
			at = len(file)
		case 1:
			at = len(headOf(file))
		case 2:
			if from := random.IntN(1 + len(headOf(file))); strings.ContainsAny(headOf(file)[from:], "0123456789") {
				at = from + strings.IndexAny(file[from:], "0123456789") // perhaps in a date
			}
		}
		end := min(len(file), at+random.IntN(3))
		piece := pieces[random.IntN(len(pieces))]
		if at < len(headOf(file)) && file[at] >= '0' && file[at] <= '9' {
			end, piece = at+1, string(rune('0'+random.IntN(10)))
		}
		if random.IntN(12) == 0 {
			file = strings.ReplaceAll(file, "\n", "\r\n") // as an editor would
			continue
		}
		file = file[:at] + piece + file[end:]
	}
	return file
}

// headOf returns a file's front matter with its last line feed.
func headOf(file string) string {
	i := strings.Index(file, "\n+++")
	if !strings.HasPrefix(file, "+++") || i < 0 {
		return ""
	}
	i++
	n := strings.IndexByte(file[i:], '\n')
	if n < 0 {
		return file
	}
	return file[:i+n+1]
}

// wordsOf returns a file's text in its normal form, or the file if it cannot be parsed.
func wordsOf(t *testing.T, file string) string {
	t.Helper()
	f, problem := source.Parse("x.md", []byte(file))
	if problem != nil {
		return file
	}
	start, problem := policy.TextStart(f)
	if problem != nil {
		return file
	}
	return string(normal.Form(f.Text[start:]))
}

// A sampleSite has the released files of the sample site.
type sampleSite struct {
	files    map[string]string
	names    []string
	whole    *record.Record
	renderer *markdown.Renderer
	zone     *time.Location
}

func openSample(t *testing.T) *sampleSite {
	t.Helper()
	const repo = "../.."
	s := &sampleSite{files: map[string]string{}, renderer: markdown.NewRenderer(1 << 20)}
	raw, err := os.ReadFile(filepath.Join(repo, record.File))
	if err != nil {
		t.Fatal(err)
	}
	var problems source.Problems
	if s.whole, problems = record.Parse(raw); problems != nil {
		t.Fatal(problems)
	}
	if s.zone, err = time.LoadLocation("Europe/London"); err != nil {
		t.Fatal(err)
	}
	for _, pattern := range []string{"content/*.md", "content/[a-z]*/[0-9]*.md", "content/[a-z]*/policy.toml"} {
		names, err := filepath.Glob(filepath.Join(repo, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			name, _ = filepath.Rel(repo, name)
			name = filepath.ToSlash(name)
			s.files[name] = string(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")))
			if strings.HasSuffix(name, ".md") {
				s.names = append(s.names, name)
			}
		}
	}
	if len(s.names) != s.whole.Len() {
		t.Fatalf("the sample site has %d texts, and %d are in its record", len(s.names), s.whole.Len())
	}
	return s
}

func slugOf(name string) string {
	slug, _, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(name, "content/"), ".md"), "/")
	return slug
}

// load loads the policy that a file belongs to, with other bytes in that file.
func (s *sampleSite) load(t *testing.T, name, edited string) (*policy.Library, source.Problems) {
	t.Helper()
	fsys := fstest.MapFS{}
	for file, text := range s.files {
		if slugOf(file) == slugOf(name) {
			fsys[file] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	fsys[name] = &fstest.MapFile{Data: []byte(edited)}
	return policy.Load(fsys, policy.Options{
		Folder: "content", Language: "en-GB", Zone: s.zone, Renderer: s.renderer,
		Rules: markdown.Rules{HTML: "sanitize", DeadLinks: "keep", Images: "link"},
	})
}

func (s *sampleSite) site(lib *policy.Library) *record.Site {
	return &record.Site{Library: lib, Zone: s.zone, Address: func(slug, version, lang string) string {
		if lang != "en-GB" {
			return lang + "/" + slug + "/" + version + "/"
		}
		return slug + "/" + version + "/"
	}}
}

// record returns the part of the record that is about the policy of a file.
func (s *sampleSite) record(t *testing.T, name string) *record.Record {
	t.Helper()
	r := &record.Record{}
	for _, e := range s.whole.Entries() {
		if e.Policy == slugOf(name) {
			one := *e
			r.Add(&one, e.On)
		}
	}
	return r
}
