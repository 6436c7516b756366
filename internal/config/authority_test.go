package config_test

import (
	"strings"
	"testing"
)

func TestTagAuthority(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ lines, want string }{
		{`base_url = "https://example.com/"`, "example.com,2026"},
		{`base_url = "http://Legal.Example.com:8443/texts/"`, "legal.example.com,2026"},
		{`base_url = "http://localhost:8080/"`, "localhost,2026"},
		{`base_url = "http://my_host.example./"`, "my-host.example,2026"},
		{`base_url = "http://[::1]:8080/"`, "1,2026"},
		{`base_url = "https://example.com/"` + "\n" + `tag_authority = ""`, "example.com,2026"},
		{`base_url = "https://example.com/"` + "\n" + `tag_authority = "old.example,2019"`, "old.example,2019"},
		{`base_url = "https://example.com/"` + "\n" + `tag_authority = "legal.team_a@old.example,2019-03-31"`, "legal.team_a@old.example,2019-03-31"},
	} {
		c, problems := parse(t, "[site]\ntitle = \"Example policies\"\n"+test.lines+"\n[organization]\nname = \"Example GmbH\"\n")
		if len(problems) > 0 {
			t.Errorf("%s: %v", test.lines, problems[0])
			continue
		}
		if have := c.TagAuthority(); have != test.want {
			t.Errorf("%s: have %s, want %s", test.lines, have, test.want)
		}
	}
}

// A prefix in the config stays when the site moves. Without one, only a new host changes
// the prefix.
func TestTagAuthorityMoves(t *testing.T) {
	t.Parallel()
	own, _ := parse(t, strings.Replace(least, "[org", "tag_authority = \"example.com,2019\"\n[org", 1))
	none, _ := parse(t, least)
	for _, test := range []struct{ url, want string }{
		{"http://example.com/legal/", "example.com,2026"},
		{"https://example.org/", "example.org,2026"},
	} {
		if err := own.SetBaseURL(test.url); err != nil || own.TagAuthority() != "example.com,2019" {
			t.Errorf("%s: have %s %v", test.url, own.TagAuthority(), err)
		}
		if err := none.SetBaseURL(test.url); err != nil || none.TagAuthority() != test.want {
			t.Errorf("%s: have %s %v, want %s", test.url, none.TagAuthority(), err, test.want)
		}
	}
}

func TestBadAuthority(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, authority, want string }{
		{"no date", "example.com", `"example.com" has no date, and hosts change hands
	add a year at whose beginning it was yours already: "example.com,2026"`},
		{"a date that is none", "example.com,2019-13", `"2019-13" is not the date of an authority
	write a year, or a day such as 2026-01-31, at whose beginning it was yours already: "example.com,2026"`},
		{"a day that does not exist", "example.com,2019-02-30", `"2019-02-30" is not the date of an authority
	write a year, or a day such as 2026-01-31, at whose beginning it was yours already: "example.com,2026"`},
		{"a year of five digits", "example.com,20260", `"20260" is not the date of an authority
	write a year, or a day such as 2026-01-31, at whose beginning it was yours already: "example.com,2026"`},
		{"an address", "https://Example.com/a,2019", `"https://Example.com/a,2019" cannot begin an id
	write the host alone: "example.com,2019"`},
		{"capitals", "Example.com,2019", `"Example.com,2019" cannot begin an id
	write it in lower case: "example.com,2019"`},
		{"a whole tag", "tag:example.com,2019:x", `"tag:example.com,2019:x" cannot begin an id
	write your host or e-mail address in lower case, and a year at whose beginning you already controlled it: "example.com,2026"`},
		{"no host", ",2019", `",2019" cannot begin an id
	write your host or e-mail address in lower case, and a year at whose beginning you already controlled it: "example.com,2026"`},
		{"nobody's address", "@example.com,2019", `"@example.com,2019" cannot begin an id
	write your host or e-mail address in lower case, and a year at whose beginning you already controlled it: "example.com,2026"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, problems := parse(t, strings.Replace(least, "[org", "tag_authority = \""+test.authority+"\"\n[org", 1))
			if len(problems) != 1 {
				t.Fatalf("have %v, want one problem", problems)
			}
			if have, want := problems[0].String(), "privgen.toml:4:17: "+test.want; have != want || problems[0].Code != "bad-authority" {
				t.Errorf("have %s %s\nwant %s", problems[0].Code, have, want)
			}
		})
	}
}
