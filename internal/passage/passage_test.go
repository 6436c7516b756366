package passage_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/privgen/privgen/internal/passage"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/templates"
	"github.com/privgen/privgen/themes"
)

func load(t *testing.T, texts ...string) *site.Site {
	t.Helper()
	files := fstest.MapFS{"privgen.toml": {Data: []byte("[site]\ntitle = \"Acme\"\nbase_url = \"https://acme.example/\"\n" +
		"[organization]\nname = \"Acme Ltd\"\n")}}
	for i, text := range texts {
		files[fmt.Sprintf("content/privacy/%d-01-01.md", 2000+i)] = &fstest.MapFile{Data: []byte(text)}
	}
	s, list := site.Load(site.Input{Files: files, Config: "privgen.toml", Templates: templates.FS, Themes: themes.FS})
	if len(list) > 0 {
		t.Fatal(list)
	}
	return s
}

func search(t *testing.T, s *site.Site, phrase string) *passage.History {
	t.Helper()
	p := s.Library.Policy("privacy")
	h, err := passage.Search(s, p, p.At(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)), "", phrase)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// Consecutive words are found in exactly the versions that contain them.
func TestSearchEveryStretch(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	var texts, plain []string
	for range 12 {
		var words []string
		text := "# Policy\n"
		for clause := range 3 {
			text += fmt.Sprintf("\n## Clause %c\n\n", 'A'+clause)
			words = append(words, "clause", string(rune('a'+clause)))
			for range 2 + r.IntN(6) {
				w := string(rune('a'+r.IntN(3))) + "x"
				words = append(words, w)
				text += []string{w, "**" + w + "**", strings.ToUpper(w) + ","}[r.IntN(3)] + []string{" ", "\n"}[r.IntN(2)]
			}
			text += ".\n"
		}
		texts, plain = append(texts, text), append(plain, " "+strings.Join(words, " ")+" ")
	}
	s := load(t, texts...)
	for range 60 {
		words := strings.Fields(plain[r.IntN(len(plain))])
		from := r.IntN(len(words))
		phrase := strings.Join(words[from:min(len(words), from+1+r.IntN(5))], " ")
		have := map[string]bool{}
		for _, span := range search(t, s, phrase).Spans {
			for _, id := range span.Versions {
				have[id] = true
			}
			if span.Gone != "" && have[span.Gone] {
				t.Errorf("%q is gone in %s, which has it", phrase, span.Gone)
			}
		}
		for i, text := range plain {
			id := fmt.Sprintf("%d-01-01", 2000+i)
			if want := strings.Contains(text, " "+phrase+" "); have[id] != want {
				t.Errorf("%q in %s: have %v, want %v\n%s", phrase, id, have[id], want, texts[i])
			}
		}
	}
}

// Characters that readers do not distinguish are equal, and scripts without spaces have
// words, too.
func TestSearchScripts(t *testing.T) {
	t.Parallel()
	s := load(t, "# Policy\n\nWe don’t sell the ﬁle of 1\u00a0000 caf\u00e9s to third-parties, nor the tra\u00adding data.\n\n当社は利用者の情報を30日間保存します。\n")
	for _, phrase := range []string{"don't sell", "file of 1 000", "CAFE\u0301S to", "third parties", "trading",
		"利用者の情報", "30日間", "nor the trading data. 当社"} {
		if h := search(t, s, phrase); len(h.Spans) != 1 || len(h.Spans[0].Versions) != 1 {
			t.Errorf("%q: %+v", phrase, h)
		}
	}
	for _, phrase := range []string{"don't buy", "parties third", "の利用者"} {
		if h := search(t, s, phrase); len(h.Spans) != 0 {
			t.Errorf("%q: %+v", phrase, h)
		}
	}
	if h := search(t, s, "当社は顧客の情報を30日間保存します"); h.Nearest == nil || h.Nearest.Share < 80 {
		t.Errorf("%+v", h.Nearest)
	}
}

// history returns a site with a policy whose passages are added, removed, and moved.
func history(t *testing.T) *site.Site {
	t.Helper()
	return load(t,
		"# Policy\n\nWe keep it for 30 days.\n\n## Sharing\n\nWe share nothing.\n\n### Nobody\n\nNot even mail.\n\n## Contact\n\nWrite to us.\n",
		"# Policy\n\nWe keep it for ten days.\n\n## Sharing {#passing-on}\n\nWe share nothing.\n",
		"# Policy\n\nWe keep it for 30 days.\n\n- We sell nothing.\n",
		"# Policy\n\nWe keep it for 30 days.\n\n- We sell nothing.\n")
}

func TestPrint(t *testing.T) {
	t.Parallel()
	s := history(t)
	for phrase, want := range map[string]string{
		"for 30 days": `privacy, en: "for 30 days"
from 2000-01-01 to 2001-01-01, in 1 version
  https://acme.example/privacy/2000-01-01/#policy
  in the clause policy "Policy"
  not in version 2001-01-01, which has: "We keep it for ten days."
since 2002-01-01, in 2 versions
  https://acme.example/privacy/2002-01-01/#policy
  in the clause policy "Policy"
  before, in version 2001-01-01: "We keep it for ten days."
`,
		"share nothing": `privacy, en: "share nothing"
from 2000-01-01 to 2002-01-01, in 2 versions
  https://acme.example/privacy/2000-01-01/#sharing
  in the clause sharing "Sharing" of 2000-01-01
  in the clause passing-on "Sharing" of 2001-01-01
  not in version 2002-01-01, which has: "We sell nothing."
`,
	} {
		var b strings.Builder
		h := search(t, s, phrase)
		if err := h.Print(&b); err != nil || b.String() != want || h.Missing() != nil {
			t.Errorf("%s: %v, %v\nhave %s\nwant %s", phrase, err, h.Missing(), b.String(), want)
		}
	}
}

// TestMissing checks the messages of searches without a result, and of impossible ones.
func TestMissing(t *testing.T) {
	t.Parallel()
	s := history(t)
	p := s.Library.Policy("privacy")
	st := p.At(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	for _, c := range []struct{ lang, phrase, want string }{
		{"", "keep it for 40 days", `version 2003-01-01 has in the clause "policy": "We keep it for 30 days."`},
		{"", strings.Repeat("elephants and ", 30), `"` + strings.Repeat("elephants and ", 17) + `el…"`},
		{"", "elephants", "quote fewer words"},
		{"", "?!", `"?!" has no words`},
		{"de", "Daten", `privacy has no text in "de"`},
	} {
		h, err := passage.Search(s, p, st, c.lang, c.phrase)
		if err == nil {
			err = h.Missing()
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: have %v\nwant %s", c.phrase, err, c.want)
		}
	}
}

func TestClauseOf(t *testing.T) {
	t.Parallel()
	s := history(t)
	all := s.Library.Policy("privacy").Versions
	for _, c := range []struct {
		version int
		id      string
		want    string // the Markdown, or a part of the error
	}{
		{0, "sharing", "## Sharing\n\nWe share nothing.\n\n### Nobody\n\nNot even mail.\n"},
		{0, "contact", "## Contact\n\nWrite to us.\n"},
		{1, "passing-on", "## Sharing {#passing-on}\n\nWe share nothing.\n"},
		{1, "passing-off", `did you mean "passing-on"?`},
		{3, "contact", "version 2000-01-01 has it: privgen in-force privacy --at 2000-01-01 --clause contact"},
		{3, "elephants", "its clauses are policy"},
	} {
		clause, err := passage.ClauseOf(s, all[c.version].In("en"), c.id)
		if err != nil && strings.Contains(err.Error(), c.want) {
			continue
		}
		if err != nil || clause.ID != c.id || clause.Markdown != c.want {
			t.Errorf("%s: %v %+v\nwant %s", c.id, err, clause, c.want)
		}
	}
}
