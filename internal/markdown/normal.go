package markdown

import (
	"bytes"

	"golang.org/x/text/unicode/norm"
)

// Normal gives a text in the form that digests are made of: what Unicode calls
// the same (NFC) is the same, nothing stands before the first line that is not
// blank, and one line feed after the last. White space elsewhere is kept, since
// in Markdown it can mean something. The text is that of a source.File, so it
// has no byte order mark and line feeds only. When nothing has to be changed,
// the result is part of text.
func Normal(text []byte) []byte {
	for {
		line, rest, more := bytes.Cut(text, []byte("\n"))
		if !more || len(bytes.Trim(line, " \t")) > 0 {
			break
		}
		text = rest
	}
	end := len(bytes.TrimRight(text, " \t\n"))
	switch {
	case end == 0:
		return nil
	case end < len(text) && text[end] == '\n':
		text = text[:end+1]
	default:
		text = append(text[:end:end], '\n')
	}
	if !norm.NFC.IsNormal(text) {
		text = norm.NFC.Bytes(text)
	}
	return text
}
