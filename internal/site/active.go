package site

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// This file decides which linked files are active content: files that a browser
// runs, with the rights of the site's host, when somebody opens them.

// activeKinds are the extensions of files that browsers, or programs that they
// start, run.
var activeKinds = map[string]string{
	".html": "a page", ".htm": "a page", ".xhtml": "a page", ".xht": "a page", ".shtml": "a page", ".mht": "a page", ".mhtml": "a page", ".hta": "a page",
	".js": "a script", ".mjs": "a script", ".cjs": "a script", ".jsonp": "a script", ".wasm": "a program", ".swf": "a program", ".jar": "a program", ".class": "a program",
	".dhtml": "a page", ".xhtm": "a page", ".htmls": "a page", ".xml": "an XML file, which may contain a page", ".xsl": "a style fragment that makes pages", ".xslt": "a style fragment that makes pages",
	".rdf": "an XML file, which may contain a page", ".xul": "a page", ".xbl": "a script", ".mathml": "an XML file, which may contain a page", ".mml": "an XML file, which may contain a page",
	".svgz": "a compressed picture, which cannot be checked",
	".htc":  "a script", ".htaccess": "the config of a server", ".appcache": "the config of a browser", ".webmanifest": "the config of a browser",
}

// programKinds are the beginnings of the extensions of programs that some hosts run:
// .php5, .phtml, .ashx.
var programKinds = []string{".php", ".pht", ".phar", ".pgif", ".asp", ".ash", ".asm", ".jsp", ".jsw", ".cfm", ".cfc", ".shtm", ".stm", ".cgi", ".fcgi", ".pl", ".py", ".rb", ".lua"}

// passiveKinds are the extensions of files that no browser runs, whatever their
// content, because hosts send their type.
var passiveKinds = map[string]bool{
	".avif": true, ".gif": true, ".jpeg": true, ".jpg": true, ".png": true, ".webp": true, ".pdf": true, ".txt": true, ".md": true, ".csv": true, ".json": true,
	".toml": true, ".odt": true, ".ods": true, ".docx": true, ".xlsx": true, ".zip": true, ".mp3": true, ".mp4": true, ".webm": true, ".ogg": true, ".ics": true,
}

// active returns the reason why a file is active content, as the end of a sentence,
// or "". A file of an unknown kind is active if it begins like markup: a host may
// serve it without a type, and browsers then detect one from its content.
func active(name string, content []byte) string {
	ext := strings.ToLower(path.Ext(name))
	if what := activeKinds[ext]; what != "" {
		return "it is " + what
	}
	for _, start := range programKinds {
		if strings.HasPrefix(ext, start) {
			return "it is a program"
		}
	}
	if ext == ".svg" {
		return activeSVG(content)
	}
	if passiveKinds[ext] {
		return ""
	}
	head := bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	for _, bom := range []string{"\xff\xfe", "\xfe\xff"} {
		if bytes.HasPrefix(head, []byte(bom)) {
			head = bytes.ReplaceAll(head[2:min(len(head), 512)], []byte{0}, nil)
		}
	}
	if bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n\f\x00"), []byte("<")) {
		return "it begins like a page"
	}
	return ""
}

// activeElements are the elements of SVG, and of HTML in it, that run code, load
// files, or change a URL later.
var activeElements = map[string]bool{
	"script": true, "foreignobject": true, "iframe": true, "embed": true, "object": true, "applet": true, "audio": true, "video": true, "canvas": true,
	"handler": true, "listener": true, "set": true, "animate": true, "animatetransform": true, "animatemotion": true, "animatecolor": true, "discard": true,
	"link": true, "meta": true, "base": true, "form": true, "input": true, "button": true, "html": true, "body": true, "img": true, "import": true, "include": true,
}

// activeSVG returns the reason why a picture is active content, or "". The picture
// must be well-formed XML in UTF-8, because activeSVG cannot check what browsers
// parse differently.
func activeSVG(content []byte) string {
	d := xml.NewDecoder(bytes.NewReader(content))
	root := false
	var style strings.Builder // the text in style elements, which comments and CDATA sections may cut anywhere
	inStyle := 0
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) && root {
			if loads(style.String()) {
				return "its style fragment loads something"
			}
			return ""
		}
		if err != nil {
			return fmt.Sprintf("it cannot be checked (%v)", err)
		}
		switch t := t.(type) {
		case xml.ProcInst:
			if t.Target != "xml" {
				return fmt.Sprintf("it has the processing instruction <?%s?>", t.Target)
			}
		case xml.Directive:
			if bytes.ContainsAny(t, "[") || !bytes.HasPrefix(bytes.ToUpper(t), []byte("DOCTYPE SVG")) {
				return "its document type declares something"
			}
		case xml.StartElement:
			if !root && strings.ToLower(t.Name.Local) != "svg" {
				return fmt.Sprintf("it is not a picture: it begins with <%s>", t.Name.Local)
			}
			root = true
			if strings.ToLower(t.Name.Local) == "style" {
				inStyle++
			}
			if activeElements[strings.ToLower(t.Name.Local)] {
				return fmt.Sprintf("it has the element <%s>", t.Name.Local)
			}
			for _, a := range t.Attr {
				if what := activeAttribute(a); what != "" {
					return what
				}
			}
		case xml.EndElement:
			if strings.ToLower(t.Name.Local) == "style" {
				inStyle--
			}
		case xml.CharData:
			if inStyle > 0 {
				style.Write(t)
			}
			if loads(string(t)) {
				return "its style fragment loads something"
			}
		}
	}
}

// activeAttribute returns the reason why an attribute of a picture is active, or "".
func activeAttribute(a xml.Attr) string {
	name, value := strings.ToLower(a.Name.Local), strings.TrimSpace(a.Value)
	switch {
	case a.Name.Space == "xmlns" || a.Name.Local == "xmlns":
		return ""
	case strings.HasPrefix(name, "on"):
		return fmt.Sprintf("it has the event handler %s", a.Name.Local)
	case name == "href" || name == "src" || name == "action" || name == "formaction" || name == "data":
		if strings.HasPrefix(value, "#") || value == "" {
			return ""
		}
		for _, kind := range []string{"png", "jpeg", "gif", "webp"} {
			if strings.HasPrefix(value, "data:image/"+kind+";base64,") {
				return ""
			}
		}
		return fmt.Sprintf("it leads to %.60q", value)
	case loads(a.Value):
		return fmt.Sprintf("its attribute %s loads something", a.Name.Local)
	}
	return ""
}

// loads reports whether a piece of CSS may load anything except a part of the same
// file. A backslash can be part of any word, as in u\72l(x).
func loads(css string) bool {
	css = strings.ToLower(css)
	for rest := css; ; {
		_, after, found := strings.Cut(rest, "url(")
		if !found {
			break
		}
		if !strings.HasPrefix(strings.TrimLeft(after, " \t\r\n\"'"), "#") {
			return true
		}
		rest = after
	}
	return strings.Contains(css, "@import") || strings.Contains(css, "expression(") ||
		strings.Contains(css, "javascript:") ||
		strings.Contains(css, "\\") && (strings.Contains(css, "(") || strings.Contains(css, "@")) ||
		strings.Contains(css, "image-set(") || strings.Contains(css, "-moz-binding")
}
