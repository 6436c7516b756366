package markdown_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/source"
)

func TestPlaceholders(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text string
		want string // what is found, with its line and column
	}{
		{"We are [[name of the firm]], at [[street,\ntown]].", "1:8 [[name of the firm]] 1:33 [[street, town]]"},
		{"## [[Heading]] {#x}\n\n| a | [[b]] |\n|---|---|\n| c | d |\n\n- [[e]]: f", "1:4 [[Heading]] 3:7 [[b]] 7:3 [[e]]"},
		{"TODO: ask. Later TBD.\n\nFIXME", "1:1 TODO 1:18 TBD 3:1 FIXME"},
		{"[COMPANY NAME], [insert date], [Your address].", "1:1 [COMPANY NAME] 1:17 [insert date] 1:32 [Your address]"},
		{"Call `[HTTP]`. Lorem ipsum. Call [PHONE NUMBER]. TODO", "1:16 Lorem ipsum 1:34 [PHONE NUMBER] 1:50 TODO"},
		{"XX days, NN months, ______.", "1:1 XX days 1:10 NN months 1:21 ______"},
		{"Lorem Ipsum dolor, Example Company.", "1:1 Lorem Ipsum 1:20 Example Company"},
		{"We keep\n<<<<<<< HEAD\nten\n=======\nsix\n>>>>>>> branch\nyears.", "2:1 a merge was begun here and not finished"},
		// These are intended.
		{"`<<<<<<< HEAD`, a <<<< b", ""},
		{"A to-do list, `TODO`, `[[x]]`.\n\n    [[code]]\n\n```\nTODO\n```", ""},
		{"EN TODO CASO, POR TODO LO ANTERIOR. Call (XXX) XXX-XXXX. BMX XXX races. NN {{x}}. \\[TBC\\] or \\[Your name\\].", ""},
		{"[GDPR](https://gdpr.example/), [[1]](https://x.example/), [YOUR RIGHTS][r] and a note[^1].\n\n" +
			"[r]: https://x.example/\n\n[^1]: Note.", ""},
		{"Cannot find XXL shirts or inn days.", ""},
	} {
		body, _ := markdown.NewRenderer(0).Parse(&source.File{Name: "a.md", Text: []byte(test.text)}, 0, markdown.Rules{})
		var have []string
		for _, p := range body.Placeholders() {
			what, _, _ := strings.Cut(strings.TrimPrefix(p.What, `"`), `"`)
			have = append(have, strings.TrimPrefix(p.Pos.String(), "a.md:")+" "+what)
		}
		if strings.Join(have, " ") != test.want {
			t.Errorf("%q\nhave %q\nwant %q", test.text, have, test.want)
		}
		if found := markdown.HasMistakes([]byte(test.text)); !found && test.want != "" {
			t.Errorf("%q has no mistake", test.text)
		}
	}
	many := strings.Repeat("TODO: a.\n\n", 20)
	body, _ := markdown.NewRenderer(0).Parse(&source.File{Name: "a.md", Text: []byte(many)}, 0, markdown.Rules{})
	if n := len(body.Placeholders()); n != 10 {
		t.Errorf("%d placeholders are reported", n)
	}
	rules := markdown.Rules{Mistakes: "keep"}
	body, _ = markdown.NewRenderer(0).Parse(&source.File{Name: "a.md", Text: []byte(many)}, 0, rules)
	if list := body.Placeholders(); !slices.Equal(list, nil) {
		t.Error(list)
	}
}
