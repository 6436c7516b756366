package markdown_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/markdown"
)

var betweenTags = regexp.MustCompile(`>\s+<`)

func TestLegalLists(t *testing.T) {
	t.Parallel()
	const ul, end = `<ul class="legal">`, `</ul>`
	for _, c := range []struct{ text, want string }{
		{"(a) copy;\n(b) show.\n", ul + "<li>(a) copy;</li><li>(b) show.</li>" + end},
		{"You may not\n(a) copy;\n(b) show.\n", "<p>You may not</p>" + ul + "<li>(a) copy;</li><li>(b) show.</li>" + end},
		{"1.1 The seller ships.\n1.2 The buyer pays.\n", ul + "<li>1.1 The seller ships.</li><li>1.2 The buyer pays.</li>" + end},
		{"(1) eins\n(2) zwei\nund mehr\n(3) drei\n", ul + "<li>(1) eins</li><li>(2) zwei\nund mehr</li><li>(3) drei</li>" + end},
		{"(i) un\n(ii) deux\n(iii) trois\n", ul + "<li>(i) un</li><li>(ii) deux</li><li>(iii) trois</li>" + end},
		{"a. uno\nb. dos\n", ul + "<li>a. uno</li><li>b. dos</li>" + end},
		{"a) één\nb) twee\n", ul + "<li>a) één</li><li>b) twee</li>" + end},
		{"(h) a\n(i) b\n(j) c\n", ul + "<li>(h) a</li><li>(i) b</li><li>(j) c</li>" + end},
		{"(а) раз\n(б) два\n", ul + "<li>(а) раз</li><li>(б) два</li>" + end},
		{"（一）收集\n（二）使用\n", ul + "<li>（一）收集</li><li>（二）使用</li>" + end},
		{"(a) copy:\n    (i) it, or\n    (ii) **parts**;\n(b) show.\n",
			ul + "<li>(a) copy:" + ul + "<li>(i) it, or</li><li>(ii) <strong>parts</strong>;</li>" + end + "</li><li>(b) show.</li>" + end},
		{"- Item\n  (a) x\n  (b) y\n", "<ul><li>Item" + ul + "<li>(a) x</li><li>(b) y</li>" + end + "</li></ul>"},
		{"> (a) x\n> (b) y\n", "<blockquote>" + ul + "<li>(a) x</li><li>(b) y</li>" + end + "</blockquote>"},
		{"(a) copy\n(b) show\n(d) sell\n", ul + "<li>(a) copy</li><li>(b) show</li><li>(d) sell</li>" + end},
		{"Sie dürfen nicht:\n(a) kopieren;\n(c) zeigen.\n", "<p>Sie dürfen nicht:</p>" + ul + "<li>(a) kopieren;</li><li>(c) zeigen.</li>" + end},
		{"(i) un ;\n(iii) trois ;\n(vi) six.\n", ul + "<li>(i) un ;</li><li>(iii) trois ;</li><li>(vi) six.</li>" + end},
		{"1.1 uno\n1.2 dos\n1.4 cuatro\n", ul + "<li>1.1 uno</li><li>1.2 dos</li><li>1.4 cuatro</li>" + end},
		{"（一）收集。\n（三）使用。\n", ul + "<li>（一）收集。</li><li>（三）使用。</li>" + end},
		{"(а) раз;\n(в) три.\n", ul + "<li>(а) раз;</li><li>(в) три.</li>" + end},
		{"[1] The Act.\n[2] The Order.\n", ul + "<li>[1] The Act.</li><li>[2] The Order.</li>" + end},
		{"(a) copy\n(h) show\n", "<p>(a) copy\n(h) show</p>"},
		{"(b) show\n(a) copy\n", "<p>(b) show\n(a) copy</p>"},
		{"We may (a) ask; or\n(b) tell, (c) show or\n(d) sell.\n", "<p>We may (a) ask; or\n(b) tell, (c) show or\n(d) sell.</p>"},
		{"(a) ask, (b) tell;\n(c) show.\n", "<p>(a) ask, (b) tell;\n(c) show.</p>"},
		{"e.g. this\ni.e. that\n", "<p>e.g. this\ni.e. that</p>"},
		{"As said in paragraph\n(b) above, and in\n(d) below.\n", "<p>As said in paragraph\n(b) above, and in\n(d) below.</p>"},
		{"One line\n(a) only.\n", "<p>One line\n(a) only.</p>"},
		{"We are\nI. and you\n", "<p>We are\nI. and you</p>"},
		{"(see above)\n(see below)\n", "<p>(see above)\n(see below)</p>"},
		{"1.5 litres\n2.5 litres\n", "<p>1.5 litres\n2.5 litres</p>"},
	} {
		html, _ := page(t, c.text, markdown.Rules{})
		have := strings.TrimSpace(betweenTags.ReplaceAllString(html, "><"))
		have = strings.ReplaceAll(have, "\n<ul", "<ul")
		if have != c.want {
			t.Errorf("%q\n\thave %s\n\twant %s", c.text, have, c.want)
		}
	}
	_, plain := page(t, "You may not\n(a) copy:\n    (i) it;\n    (ii) parts;\n(b) show.\n", markdown.Rules{})
	if want := "You may not\n\n(a) copy:\n  (i) it;\n  (ii) parts;\n(b) show."; strings.TrimSpace(plain) != want {
		t.Errorf("plain text\n\thave %q\n\twant %q", plain, want)
	}
}
