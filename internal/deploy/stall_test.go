package deploy_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/store"
)

// A liar is a store whose answers to a Put are wrong.
type liar struct {
	store.Store
	tag  string // answered for pages
	body string // stored for pages
}

func (l *liar) Put(ctx context.Context, o store.Object, body *io.SectionReader, when store.Condition) (string, error) {
	if own(o.Path) {
		return l.Store.Put(ctx, o, body, when)
	}
	if l.body != "" {
		body = io.NewSectionReader(strings.NewReader(l.body), 0, int64(len(l.body)))
	}
	tag, err := l.Store.Put(ctx, o, body, when)
	if l.tag != "" {
		tag = l.tag
	}
	return tag, err
}

// What a store answers about an upload is held to what it then holds.
func TestUploadVerified(t *testing.T) {
	t.Parallel()
	for want, l := range map[string]*liar{
		`the store answered with the ETag "0cc175b9c0f1b6a831c399e269772661"`: {tag: "0cc175b9c0f1b6a831c399e269772661"},
		"the store has other bytes than were sent":                            {body: "other"},
	} {
		m := newMemory()
		l.Store = m
		if _, err := (run{}).push(t, l, first()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
		if m.objects[".privgen/manifest.gz"].body != "" {
			t.Error("there is a manifest")
		}
		run{}.must(t, m, first())
	}
	// Digests of another kind, as of encrypted buckets, are no lie.
	m := newMemory()
	m.salt = "key of the bucket"
	run{}.must(t, m, first())
	if p := (run{}).must(t, m, first()); !p.Empty() {
		t.Errorf("after a push the plan is %v", did(p))
	}
}

// A page that somebody put there while the site was drawn is not written over.
func TestChangedMeanwhile(t *testing.T) {
	t.Parallel()
	m := newMemory()
	run{}.must(t, m, first())
	m.fail = func(call, path string) (error, bool) {
		if path == "privacy/index.html" && call == "put" {
			m.set(store.Object{Path: path}, "theirs")
		}
		return nil, false
	}
	if _, err := (run{}).push(t, m, second()); err == nil || !strings.Contains(err.Error(), "privacy/index.html: somebody else changed it") {
		t.Errorf("an object that changed meanwhile: %v", err)
	}
	if m.objects["privacy/index.html"].body != "theirs" {
		t.Error("it was written over")
	}
	m.fail = nil
	run{}.must(t, m, second())
	if m.objects[".privgen/replaced/privacy/index.html"].body != "theirs" {
		t.Error("it was not kept")
	}
}

// Stores that answer with a digest of what they hold.
func TestDigestAnswered(t *testing.T) {
	t.Setenv("AZURE_STORAGE_KEY", "dmVyeXNlY3JldHZhbHVl")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-MD5", "DMF1ucDxtqgxw5niaXcmYQ==")
		w.Header().Set("ETag", `"0x1"`)
		if r.Method == http.MethodPut {
			w.WriteHeader(http.StatusCreated)
		}
		_, _ = w.Write([]byte(`{"generation":"1","metageneration":"1","md5Hash":"DMF1ucDxtqgxw5niaXcmYQ=="}`))
	}))
	defer server.Close()
	for _, d := range []config.Deploy{{Name: "gs", To: "gs://legal/site"}, {Name: "azure", To: "azblob://legal/$web", Endpoint: server.URL}} {
		s, err := store.Open(context.Background(), &d, "", func(name string) string {
			if name == "STORAGE_EMULATOR_HOST" {
				return server.URL
			}
			return os.Getenv(name)
		})
		if err != nil {
			t.Fatal(err)
		}
		for body, want := range map[string]string{"a": "", "b": "the store reports other bytes than were sent"} {
			_, err := s.Put(context.Background(), store.Object{Path: "index.html", Size: 1}, io.NewSectionReader(strings.NewReader(body), 0, 1), store.Condition{})
			if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
				t.Errorf("%s, of %q: %v", d.Name, body, err)
			}
		}
	}
}
