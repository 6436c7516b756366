package redline_test

import "testing"

// A word that markup divides is one word for a reader: only the link or the markup changed.
func TestWordsDividedByMarkup(t *testing.T) {
	t.Parallel()
	const link = "](https://a.example/)"
	for _, c := range []struct {
		before, after  string
		added, removed int
	}{
		{"Write to shop@a.example.", "Write to shop@[a.example" + link + ".", 0, 0},
		{"Ask [Nor" + link + "[dic" + link + ", [Ales" + link + " or [Me" + link + "[yer" + link + " now.",
			"Ask [Nordic" + link + ", [Ales" + link + " or [Meyer" + link + " now.", 0, 0},
		{"York 94107[shop@a.example](mailto:shop@a.example) now.", "York 94107\\\n[shop@a.example](mailto:shop@a.example) now.", 0, 0},
		{"![Home screen](/a.png) here.", "![Our home screen](/b.png) here.", 1, 1},
		{"**Content** :We may keep it.", "**Content**:We may keep it.", 0, 0},
		{"See the law (§ 5(b)).", "See the law ([§ 5(b)" + link + ").", 0, 0},
		{"The data*base* of the shop is what has your order in it.\n\nNobody but us may read it, and only for a year.",
			"The database of the shop is what has your order in it. Nobody but us may read it, and only for a year.", 0, 0},
		{"- We ask the data[base" + link + " of the shop about all of it.\n- Every other list is kept for a year.\n",
			"We ask the database of the shop about all of it. Every other list is kept for a year.\n", 0, 0},
		{"![Our logo](https://a.example/a.png) is here.", "![Our sign](https://a.example/b.png) is here.", 1, 1},
		{"[![Logo](https://a.example/a.png)](https://b.example/)", "[![Logo of us](https://a.example/a.png)](https://b.example/)", 2, 0},
		{"[![ Our  logo](https://a.example/a.png)](https://b.example/)", "[![Our logo](https://a.example/b.png)](https://b.example/)", 0, 0},
		{"[Our logo](https://b.example/)", "[![Our logo](https://a.example/b.png)](https://b.example/)", 0, 0},
		{"Ask Nor[dic" + link + " or anybody else.", "Ask Ales or anybody else.", 1, 2},
	} {
		for range 2 {
			r := compare(c.before+"\n", c.after+"\n")
			if r.Extent.WordsAdded != c.added || r.Extent.WordsRemoved != c.removed {
				t.Errorf("%q to %q: %+v", c.before, c.after, r.Extent)
			}
			if s := lawful(t, r.Before, r.After, r); s != "" {
				t.Errorf("%q to %q: %s", c.before, c.after, s)
			}
			c.before, c.after, c.added, c.removed = c.after, c.before, c.removed, c.added
		}
	}
}
