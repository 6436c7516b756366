package policy_test

import (
	"errors"
	"io/fs"
	"testing"

	"github.com/privgen/privgen/internal/policy"
)

func TestEarlier(t *testing.T) {
	t.Parallel()
	const name = "content/privacy/.earlier/2026-01-01.1.md"
	fsys := files("content/privacy/2026-01-01.md", "# Privacy\n\nWe keep it.\n", name, "# Privacy\n\nWe kep {{it}}.\n")
	lib := loadFS(t, fsys, policy.Options{})
	now := lib.Policy("privacy").Versions[0].Authoritative()
	old, err := lib.Earlier(now, name)
	if err != nil {
		t.Fatal(err)
	}
	body, err := lib.Body(old)
	if want := "# Privacy\n\nWe kep {{it}}.\n"; err != nil || string(body.Markdown()) != want || old.Version != now.Version || old.Title != "Privacy" {
		t.Errorf("have %q, %v, want %q", body.Markdown(), err, want)
	}
	given, err := lib.EarlierBody(now, name, fsys[name].Data)
	if err != nil || string(given.Markdown()) != string(body.Markdown()) {
		t.Errorf("from bytes: have %q, %v, want %q", given.Markdown(), err, body.Markdown())
	}
	if _, err := lib.Earlier(now, "content/privacy/none.md"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: have %v", err)
	}
	if _, err := lib.EarlierBody(now, name, []byte("\xff")); err == nil {
		t.Error("no error for bytes that are no text")
	}
	fsys[name].Data = []byte("\xff")
	if _, err := lib.Earlier(now, name); err == nil {
		t.Error("no error for a file that is no text")
	}
}

// A file that changed after it was loaded is an error.
func TestBodyOfChanged(t *testing.T) {
	t.Parallel()
	const name = "content/privacy/2026-01-01.md"
	for _, text := range []string{"# Privacy\n\nAnother.\n", "\xff", "# Privacy\n\n{{values.gone}}\n", ""} {
		fsys := files(name, "# Privacy\n\nWe keep it.\n")
		lib := loadFS(t, fsys, policy.Options{})
		if fsys[name].Data = []byte(text); text == "" {
			delete(fsys, name)
		}
		if _, err := lib.Body(lib.Policy("privacy").Versions[0].Authoritative()); err == nil {
			t.Errorf("%q: no error", text)
		}
	}
}
