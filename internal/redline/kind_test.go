package redline_test

import (
	"testing"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/redline"
)

// If an image in a link changed, the link did not. Added empty links and breaks change no
// words. An item that moved without its list has moved.
func TestCountsOfKinds(t *testing.T) {
	t.Parallel()
	type counts struct{ added, removed, moved, links, images int }
	image := counts{images: 1}
	for _, c := range []struct {
		before, after string
		want          counts
	}{
		{"[![A](/a.png)](https://x.example/)\n", "[![A](/b.png)](https://x.example/)\n", image},
		{"See [the seal ![A](/a.png) of ours](https://x.example/) here.\n", "See [the seal ![A](/b.png) of ours](https://x.example/) here.\n", image},
		{"- one\n- [![A](/a.png)](https://x.example/)\n", "- one\n- [![A](/b.png)](https://x.example/)\n", image},
		{"| A |\n|---|\n| [![A](/a.png)](https://x.example/) |\n", "| A |\n|---|\n| [![A](/b.png)](https://x.example/) |\n", image},
		{"[![A](/a.png) ![B](/b.png)](https://x.example/)\n", "[![A](/a.png) ![B](/c.png)](https://x.example/)\n", image},
		{"## About [![A](/a.png)](https://x.example/)\n\nOne.\n", "## About [![A](/b.png)](https://x.example/)\n\nOne.\n", image},
		{"[![A](/a.png)](https://x.example/)\n", "[![A](/a.png)](https://y.example/)\n", counts{links: 1}},

		{"| S |\n|---|\n| [A. Words](#d) |\n\n## D\n", "| S |\n|---|\n| [](#d)<br><br>[A. Words](#d) |\n\n## D\n", counts{}},
		{"A. Definitions of words\n", "<a id=\"x\"></a>A. Definitions of words\n", counts{}},
		{"- one word\n- two words\n", "- one word\n- <a name=\"b\"></a><br>two words\n", counts{}},
		{"One two three.\n", "One <a id=\"x\"></a>two three.\n", counts{}},
		{"제1조 기간을 정합니다.\n", "<a id=\"x\"></a><br>제1조 기간을 정합니다.\n", counts{}},
		{"[](#d)[See D](#d)\n\n## D\n", "[See D](#d)\n\n## D\n", counts{}},

		{
			"- Photos of yours and the place where each was taken\n  - only where you allow it on your phone\n- Messages to others, with date and time of each\n",
			"- Messages to others, with date and time of each\n- Photos of yours and the place where each was taken\n- For photos:\n  - only where you allow it on your phone\n",
			counts{added: 2, moved: 18},
		},
		{
			"1. Orders of all goods in the shop are kept for ten years\n   - in the cellar\n2. Letters from customers are kept for two years or more\n",
			"1. Letters from customers are kept for two years or more\n2. Orders of all goods in the shop are kept for ten years\n",
			counts{removed: 3, moved: 12},
		},
		{
			"- Names of all guests who stay with us for a night\n  - and of children\n- Dates of arrival and of departure of every guest\n",
			"- Dates of arrival and of departure of every guest\n- Names of all guests who stay with us for a night\n  - and of children\n",
			counts{moved: 9}, // the other item
		},
		{
			"- 사진과 각 사진을 찍은 장소 및 시간 정보를 모두 보관합니다\n  - 회원이 앱 설정에서 허용한 경우에만 보관합니다\n- 다른 회원에게 보낸 메시지의 날짜와 시간을 기록합니다\n",
			"- 다른 회원에게 보낸 메시지의 날짜와 시간을 기록합니다\n- 사진과 각 사진을 찍은 장소 및 시간 정보를 모두 보관합니다\n- 사진:\n  - 회원이 앱 설정에서 허용한 경우에만 보관합니다\n",
			counts{added: 1, moved: 16},
		},
		{
			"- Names of all guests who stay with us for a night or more\n  - also of children below the age of six years\n- Dates of arrival\n- Plates of cars\n",
			"- Dates of arrival\n- Plates of cars\n- Names of all guests who stay with us for a night or more\n",
			counts{removed: 9, moved: 13},
		},

		// An item of one word whose second paragraph leaves the list.
		{"- Name\n\n  We use it to greet you and to write bills.\n", "- Name\n\nWe use it to greet you and to write bills.\n", counts{}},
		{"- Name\n\nWe use it to greet you and to write bills.\n", "- Name\n\n  We use it to greet you and to write bills.\n", counts{}},
		{"- 이름\n\n  회원에게 인사하고 청구서를 보내는 데 이름을 씁니다.\n", "- 이름\n\n회원에게 인사하고 청구서를 보내는 데 이름을 씁니다.\n", counts{}},
		{
			"- Age\n- Name\n\n  We use it to greet you and to write bills.\n- City\n",
			"- Age\n- Name\n\nWe use it to greet you and to write bills.\n\n- City\n",
			counts{},
		},
	} {
		p := markdown.NewRenderer(1 << 20)
		a, b := take(p, c.before), take(p, c.after)
		r := redline.Compare(a, b)
		e := r.Extent
		if have := (counts{e.WordsAdded, e.WordsRemoved, e.WordsMoved, e.Links, e.Images}); have != c.want {
			t.Errorf("%q\n%q\nhave %+v\nwant %+v", c.before, c.after, have, c.want)
		}
		if s := lawful(t, a, b, r); s != "" {
			t.Errorf("%q\n%q\n%s", c.before, c.after, s)
		}
	}
}
