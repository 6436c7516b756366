package textfile

import (
	"regexp"
	"strconv"
	"strings"
)

// This file reads front matter in YAML. Of a version file only dates, names, and an
// address are used, which are texts at the top level, so it reads these and skips lists
// and tables. It takes linear time whatever the front matter holds.

var (
	yamlKey   = regexp.MustCompile(`^(?:"([^"]+)"|'([^']+)'|([\pL\d_][^:#"'\[\]{}]*?))\s*:(?:\s+(.*))?$`)
	yamlBlock = regexp.MustCompile(`^([|>])[-+0-9]*(?:\s+#.*)?$`)
	yamlEnd   = regexp.MustCompile(`\s+#.*$`) // a comment
)

// parseYAML returns the texts at the top level of a block of YAML. It reports false for
// what is no YAML, such as a paragraph between two rules.
func parseYAML(block string) (fields map[string]any, ok bool) {
	fields = map[string]any{}
	key, value, lines := "", "", []string(nil) // of the current field; the lines below it
	end := func() bool {
		text, ok := yamlText(value, lines)
		if key != "" && text != "" {
			fields[key] = text
		}
		return ok
	}
	for line := range strings.SplitSeq(strings.ReplaceAll(block, "\r", ""), "\n") {
		bare := strings.TrimSpace(line)
		// The items of a list and the end of a list or table need no indent.
		below := strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t") ||
			value == "" && strings.HasPrefix(bare+" ", "- ") || strings.Trim(bare, "]}") == ""
		m := yamlKey.FindStringSubmatch(strings.TrimRight(line, " \t"))
		switch {
		case strings.HasPrefix(line, "#"):
		case below && key != "":
			lines = append(lines, line)
		case bare == "":
		case m == nil || !end():
			return nil, false
		default:
			key, value, lines = m[1]+m[2]+m[3], m[4], nil
		}
	}
	return fields, end() && (key != "" || strings.TrimSpace(block) == "")
}

// yamlText returns a value as a text, or "" for a list, a table, or a reference.
func yamlText(value string, below []string) (text string, ok bool) {
	if m := yamlBlock.FindStringSubmatch(value); m != nil {
		for i, line := range below {
			below[i] = strings.TrimSpace(line)
		}
		return strings.TrimSpace(strings.Join(below, map[string]string{"|": "\n", ">": " "}[m[1]])), true
	}
	whole := strings.Join(strings.Fields(value+" "+strings.Join(below, " ")), " ")
	if value == "" || whole == "" || strings.HasPrefix(value, "#") {
		return "", true
	}
	switch value[0] {
	case '[', '{':
		opened := strings.Count(whole, "[") + strings.Count(whole, "{")
		return "", opened == strings.Count(whole, "]")+strings.Count(whole, "}")
	case '&', '*', '!':
		return "", true
	case '"':
		quoted, err := strconv.QuotedPrefix(whole)
		text, _ = strconv.Unquote(quoted)
		return text, err == nil && isComment(whole[len(quoted):])
	case '\'':
		text, rest, ok := strings.Cut(strings.ReplaceAll(whole[1:], "''", "\x00"), "'")
		return strings.ReplaceAll(text, "\x00", "'"), ok && isComment(rest)
	}
	text = yamlEnd.ReplaceAllString(whole, "")
	return text, !strings.Contains(text, ": ")
}

func isComment(s string) bool { return s == "" || strings.HasPrefix(s, " #") }
