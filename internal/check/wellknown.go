package check

import (
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

// This file finds what to look at in the files of static/.well-known that programs
// read, and that nobody sees: security.txt (RFC 9116) and gpc.json (Global Privacy
// Control).

// ofWellKnown returns what to look at in these files.
func ofWellKnown(s *site.Site, now time.Time) (out []Finding, err error) {
	for name, find := range map[string]func([]byte, time.Time) (int, string, string){
		"security.txt": ofSecurity, "gpc.json": ofGPC,
	} {
		file := path.Join("static/.well-known", name)
		if _, ok := s.Files[file]; !ok {
			continue
		}
		text, err := s.Library.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if line, what, do := find(text, now); what != "" {
			out = append(out, Finding{"well-known", Warning, source.Pos{File: file, Line: line, Col: 1}, what, do})
		}
	}
	return out, nil
}

func ofSecurity(text []byte, now time.Time) (line int, what, do string) {
	expires, at, contact := "", 0, false
	for i, l := range strings.Split(string(text), "\n") {
		name, value, _ := strings.Cut(strings.TrimSpace(l), ":")
		switch strings.ToLower(name) {
		case "contact":
			contact = true
		case "expires":
			if at > 0 {
				return i + 1, "the file expires twice", "remove one of the Expires lines"
			}
			expires, at = strings.TrimSpace(value), i+1
		}
	}
	when, err := time.Parse(time.RFC3339, strings.ToUpper(expires))
	switch {
	case !contact:
		return 1, "the file has no Contact", "add a line: Contact: mailto:security@your.domain"
	case at == 0:
		return 1, "the file does not say when it expires", "add a line: Expires: 2030-12-31T00:00:00Z"
	case err != nil:
		return at, fmt.Sprintf("%q is not an instant", expires), "write it as in: Expires: 2030-12-31T00:00:00Z"
	case !now.Before(when):
		return at, "the file expired on " + day.Of(when, time.UTC).String() + ", and nobody may rely on it any more",
			"check its contacts, and write a later date, at most a year ahead"
	}
	return 0, "", ""
}

func ofGPC(text []byte, _ time.Time) (line int, what, do string) {
	var is struct {
		GPC        *bool  `json:"gpc"`
		LastUpdate string `json:"lastUpdate"`
	}
	if err := json.Unmarshal(text, &is); err != nil || is.GPC == nil || len(is.LastUpdate) < 10 {
		return 1, "programs do not learn from the file whether the site honors Global Privacy Control",
			`write {"gpc": true, "lastUpdate": "2026-01-31"}, or false if it does not, with the day of the decision`
	}
	return 0, "", ""
}
