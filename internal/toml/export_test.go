package toml

import "github.com/privgen/privgen/internal/source"

// Table decodes a text like Decode, but without a struct. It returns the library's
// table of the text without its mistakes, the positions, and the mistakes.
func Table(text []byte) (map[string]any, *Places, []string) {
	s := scan(text)
	table := s.parse()
	var mistakes []string
	for _, m := range s.mistakes {
		mistakes = append(mistakes, m.what)
	}
	return table, &Places{file: &source.File{Name: "a.toml", Text: text}, root: s.root}, mistakes
}

// Differ returns the header of a table whose keys or entries differ from the
// library's, or "".
func (p *Places) Differ(table map[string]any) string { return p.root.differ(table) }

func (n *node) differ(raw any) string {
	keys, isTable := raw.(map[string]any)
	list := listOf(raw)
	if isTable != (n.keys != nil) && len(keys) > 0 || len(keys) != len(n.keys) || len(list) != len(n.entries) {
		return n.header(false)
	}
	for name, raw := range keys {
		if n.keys[name] == nil {
			return n.header(false)
		}
		if at := n.keys[name].differ(raw); at != "" {
			return at
		}
	}
	for i, raw := range list {
		if at := n.entries[i].differ(raw); at != "" {
			return at
		}
	}
	return ""
}
