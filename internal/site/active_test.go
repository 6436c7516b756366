package site

import (
	"strings"
	"testing"
)

func TestActive(t *testing.T) {
	t.Parallel()
	const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">`
	for _, c := range []struct{ name, text, want string }{
		{"a.pdf", "%PDF", ""},
		{"a.txt", "<script>", ""},
		{"a.png", "<html>", ""},
		{"a.epub", "PK", ""},
		{"a.HTML", "", "it is a page"},
		{"a.xhtml", "", "it is a page"},
		{"a.Mjs", "", "it is a script"},
		{"a.wasm", "", "it is a program"},
		{"a.xml", "<a/>", "it is an XML file, which may contain a page"},
		{"terms", "\xef\xbb\xbf \n<!doctype html>", "it begins like a page"},
		{"terms.foo", "\xff\xfe<\x00s\x00", "it begins like a page"},
		{"terms", "Text <b>", ""},
		{"a.svg", svg + `<title>Data</title><path d="M0 0" style="fill:url(#g)"/><use xlink:href="#g"/><image href="data:image/png;base64,aaaa"/></svg>`, ""},
		{"a.svg", `<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">` + svg + `<style>a { fill: url( "#g" ) }</style></svg>`, ""},
		{"a.svg", svg + `<script>1</script></svg>`, "it has the element <script>"},
		{"a.svg", `<x:svg xmlns:x="http://www.w3.org/2000/svg"><x:ScripT/></x:svg>`, "it has the element <ScripT>"},
		{"a.svg", svg + `<foreignObject/></svg>`, "it has the element <foreignObject>"},
		{"a.svg", svg + `<g><rect onClick="1"/></g></svg>`, "it has the event handler onClick"},
		{"a.svg", svg + `<a xlink:href=" javascript:alert(1)"/></svg>`, `it leads to "javascript:alert(1)"`},
		{"a.svg", svg + `<use href="other.svg#a"/></svg>`, `it leads to "other.svg#a"`},
		{"a.svg", svg + `<image href="data:image/svg+xml;base64,aaaa"/></svg>`, `it leads to "data:image/svg+xml;base64,aaaa"`},
		{"a.svg", svg + `<a id="a"/><set attributeName="href" to="javascript:alert(1)"/></svg>`, "it has the element <set>"},
		{"a.svg", svg + `<style>@import "x.css";</style></svg>`, "its style fragment loads something"},
		{"a.svg", svg + `<style><![CDATA[a { fill: u\72l(x) }]]></style></svg>`, "its style fragment loads something"},
		{"a.svg", svg + `<rect style="fill: url(https://x.example/a)"/></svg>`, "its attribute style loads something"},
		{"a.svg", svg + `<rect fill="url(#a) url(b)"/></svg>`, "its attribute fill loads something"},
		{"a.svg", `<?xml-stylesheet href="a.xsl"?>` + svg + `</svg>`, "it has the processing instruction <?xml-stylesheet?>"},
		{"a.svg", `<!DOCTYPE svg [<!ENTITY a "<script/>">]>` + svg + `&a;</svg>`, "its document type declares something"},
		{"a.svg", `<html xmlns="http://www.w3.org/1999/xhtml"/>`, "it is not a picture: it begins with <html>"},
		{"a.php5", "x", "it is a program"},
		{"a.Phtml", "x", "it is a program"},
		{"a.ashx", "x", "it is a program"},
		{"a.png.pl", "x", "it is a program"},
		{"a.svg", svg + `<style>@im<!-- -->port "https://x.example/a.css";</style></svg>`, "its style fragment loads something"},
		{"a.svg", svg + `<style>a { fill: ur<![CDATA[l(https://x.example/a)]]> }</style></svg>`, "its style fragment loads something"},
		{"a.svg", svg + `<x:style xmlns:x="http://www.w3.org/2000/svg">@im<g/>port "a";</x:style></svg>`, "its style fragment loads something"},
		{"a.svg", svg + `<style/><text>@im</text><text>port</text></svg>`, ""},
		{"a.svg", "", "it cannot be checked"},
		{"a.svg", svg + `<a b=c/></svg>`, "it cannot be checked"},
		{"a.svg", `<?xml version="1.0" encoding="UTF-7"?>` + svg + `</svg>`, "it cannot be checked"},
		{"a.svg", "\xff\xfe<\x00", "it cannot be checked"},
	} {
		if have := active(c.name, []byte(c.text)); have != c.want && (c.want != "it cannot be checked" || !strings.HasPrefix(have, c.want)) {
			t.Errorf("%s: %q\nhave %q\nwant %q", c.name, c.text, have, c.want)
		}
	}
}
