package direction_test

import (
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/source"
)

func TestDirection(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ dir, text, want string }{
		{"ltr", "We keep it.", "<p>We keep it.</p>"},
		{"ltr", "نحتفظ ببياناتك.", `<p dir="rtl">نحتفظ ببياناتك.</p>`},
		{"rtl", "نحتفظ ببياناتك.", "<p>نحتفظ ببياناتك.</p>"},
		{"rtl", "Google Analytics: نستخدم هذه الأداة لقياس الزيارات.", "<p>Google Analytics: نستخدم هذه الأداة لقياس الزيارات.</p>"},
		{"rtl", "This text is in English.", `<p dir="ltr">This text is in English.</p>`},
		{"rtl", "اتصل بنا: +966 11 234-5678.", `<p>اتصل بنا: <bdi dir="ltr">+966 11 234-5678</bdi>.</p>`},
		{"rtl", "في 2026-04-01 أو 2/10/2025", `<p>في <bdi dir="ltr">2026-04-01</bdi> أو <bdi dir="ltr">2/10/2025</bdi></p>`},
		{"rtl", "من 3-5 أيام", "<p>من 3-5 أيام</p>"},
		{"rtl", "البريد privacy@example.com.", `<p>البريد <a class="url" href="mailto:privacy@example.com" dir="ltr">privacy@example.com</a>.</p>`},
		{"rtl", "5 Alder Road, Alderton: هنا الورشة.", `<p><bdi dir="ltr">5 Alder Road, Alderton</bdi>: هنا الورشة.</p>`},
		{"rtl", "عنواننا 7 Mill Lane, Fernhill, ZZ7 4QT, England، فاكتبوا.", `<p>عنواننا <bdi dir="ltr">7 Mill Lane, Fernhill, ZZ7 4QT, England</bdi>، فاكتبوا.</p>`},
		{"rtl", "הכתובת היא 12b Canal St. בלונדון", `<p>הכתובת היא <bdi dir="ltr">12b Canal St</bdi>. בלונדון</p>`},
		{"rtl", "اكتبوا إلى a@example.com: نجيب.", `<p>اكتبوا إلى <a class="url" href="mailto:a@example.com" dir="ltr">a@example.com</a>: نجيب.</p>`},
		{"rtl", "الغرامة 5 أيام", "<p>الغرامة 5 أيام</p>"},
		{"rtl", "[اكتب لنا](mailto:a@example.com)", `<p><a href="mailto:a@example.com">اכתב</a></p>`},
		{"ltr", "כתבו אל [a@example.com](mailto:a@example.com), 03-123-4567", `<p dir="rtl">כתבו אל <a href="mailto:a@example.com" dir="ltr">a@example.com</a>, <bdi dir="ltr">03-123-4567</bdi></p>`},
		{"ltr", "- one and two and three\n- שתיים שלוש", "<ul>\n<li>one and two and three</li>\n<li dir=\"rtl\">שתיים שלוש</li>\n</ul>"},
		{"ltr", "- אחת\n- שתיים", "<ul dir=\"rtl\">\n<li>אחת</li>\n<li>שתיים</li>\n</ul>"},
		{"rtl", "> In English.\n\nبالعربية `code-1`", "<blockquote dir=\"ltr\">\n<p>In English.</p>\n</blockquote>\n<p>بالعربية <code dir=\"ltr\">code-1</code></p>"},
		{"rtl", "", ""},
	} {
		b, _ := markdown.NewRenderer(1<<16).Parse(&source.File{Name: "x.md", Text: []byte(c.text + "\n")}, 0, markdown.Rules{})
		have, _ := b.HTML(nil, &markdown.RenderOptions{Dir: c.dir})
		want := strings.ReplaceAll(c.want, "اכתב", "اكتب لنا")
		if got := strings.TrimSpace(string(have)); got != want {
			t.Errorf("%s %q\n\thave %s\n\twant %s", c.dir, c.text, got, want)
		}
	}
}
