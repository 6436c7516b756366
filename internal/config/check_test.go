package config_test

import (
	"strings"
	"testing"
)

// wrong lists configs with their problems, each with its code.
var wrong = []struct {
	name string
	text string
	want string
}{
	{"nothing", "", `
missing-key 1:1: the table [organization] is missing
	add:
	[organization]
	name = "Example GmbH"
missing-key 1:1: the table [site] is missing
	add:
	[site]
	title = "Example policies"
	base_url = "https://example.com/legal/"`},
	{"a base URL without scheme", site(`base_url = "example.com/legal"`), `
bad-url 2:12: "example.com/legal" is not a URL that begins with https:// or http://
	write "https://example.com/legal"`},
	{"a base URL with a port and no scheme", site(`base_url = "example.com:80"`), `
bad-url 2:12: "example.com:80" is not a URL that begins with https:// or http://
	write "https://example.com:80"`},
	{"a base URL with a misspelled scheme", site(`base_url = "htps://example.com"`), `
bad-url 2:12: "htps://example.com" is not a URL that begins with https:// or http://
	did you mean "https://example.com"?`},
	{"a base URL with a query", site(`base_url = "https://example.com/?a=b"`), `
bad-url 2:12: the URL of a site has no "?a=b"
	write "https://example.com/"`},
	{"a base URL with an empty fragment", site(`base_url = "https://example.com/#"`), `
bad-url 2:12: the URL of a site has no "#"
	write "https://example.com/"`},
	{"a base URL with a password", site(`base_url = "https://a:b@example.com/"`), `
bad-url 2:12: the URL "https://example.com/" has a user's name
	remove it; everybody can read it: "https://example.com/"`},
	{"a base URL without host", site(`base_url = "https:///legal"`), `
bad-url 2:12: the URL "https:///legal" has no host
	write it as https://example.com/`},
	{"a base URL with steps back", site(`base_url = "https://example.com/a/../b"`), `
bad-url 2:12: the path "/a/../b" of the URL has steps that lead nowhere
	write "https://example.com/b/"`},
	{"a base URL with a space", site(`base_url = "https://example.com/our terms"`), `
bad-url 2:12: the URL "https://example.com/our terms" has ' ', which no URL can have
	remove it, or write %20 in its place`},
	{"a base URL with a port that does not exist", site(`base_url = "https://example.com:99999"`), `
bad-url 2:12: the URL "https://example.com:99999" has a port that does not exist
	remove the port, or write one from 1 to 65535`},
	{"a base URL of the wrong type is one problem", site(`base_url = 1`), `
wrong-type 2:12: base_url is a number, and should be a text
	write base_url = "1"`},
	{"a language tag that is not canonical", site(`language = "en-uk"`), `
bad-language 2:12: "en-uk" is not a language tag
	did you mean "en-GB"?`},
	{"the name of a language", site(`language = "german"`), `
bad-language 2:12: "german" is not a language tag
	write a BCP 47 tag, such as "en-GB", "de" or "pt-BR"`},
	{"no language", site(`language = ""`), `
bad-language 2:12: "" is not a language tag
	write a BCP 47 tag, such as "en-GB", "de" or "pt-BR"`},
	{"a zone by its city", site(`time_zone = "New York"`), `
no-such-zone 2:13: there is no time zone "New York"
	did you mean "America/New_York"?`},
	{"a zone that is not there", site(`time_zone = "Germany"`), `
no-such-zone 2:13: there is no time zone "Germany"
	write the name of a zone in the IANA database: "Europe/Berlin", "America/New_York" or "UTC"`},
	{"the computer's own zone", site(`time_zone = "Local"`), `
no-such-zone 2:13: there is no time zone "Local"
	write the name of a zone in the IANA database: "Europe/Berlin", "America/New_York" or "UTC"`},
	{"a day that the zone skipped", site("time_zone = 'Pacific/Apia'\nday = 2011-12-30"), `
no-such-day 3:7: the day 2011-12-30 was skipped in Pacific/Apia
	write the day after it, 2011-12-31`},
	{"a policy twice", site(`policies = ["a", "b", "a"]`), `
duplicate-entry 2:23: "a" is in the list twice
	remove one of them`},
	{"an e-mail address with a name", least + `email = "Ada <ada@example.com>"`, `
bad-email 6:9: "Ada <ada@example.com>" is not an e-mail address
	write the address alone, such as "privacy@example.com"`},
	{"an e-mail address with its scheme", least + `email = "mailto:ada@example.com"`, `
bad-email 6:9: "mailto:ada@example.com" is not an e-mail address
	write it without mailto: "ada@example.com"`},
	{"contacts", least + "[[organization.contacts]]\nrole = 'x'\nemail = 'a@b'\nphone = 'call us'\nurl = 'ftp://example.com'", `
bad-email 8:9: "a@b" is not an e-mail address
	write the address alone, such as "privacy@example.com"
bad-phone 9:9: "call us" is not a telephone number
	write it in international form, such as "+49 30 901820"
bad-url 10:7: "ftp://example.com" is not a URL that begins with https:// or http://
	write it in full, with https:// before it`},
	{"output in the sources", least + "[output]\nfolder = 'Content/out'\nformats = ['text', 'text']", `
bad-folder 7:10: the output folder "Content/out" is part of what the site is made of
	write a separate folder, such as "public"
duplicate-entry 8:20: "text" is in the list twice
	remove one of them`},
	{"output that is the site", least + "[output]\nfolder = './'", `
bad-folder 7:10: the output folder "./" is the site itself
	write a folder in it, such as "public"`},
	{"output above the site", least + "[output]\nfolder = '../public'", `
bad-folder 7:10: the output folder "../public" is not a plain path inside the site
	write a path from the site's own folder, such as "public"; for a build elsewhere there is --out`},
	{"output in a dot folder", least + "[output]\nfolder = '.github/workflows'", `
bad-folder 7:10: the output folder ".github/workflows" begins with a dot, or is in one that does
	write a name without it, such as "public": those folders are for programs`},
	{"output in a dot folder below", least + "[output]\nfolder = 'sub/.git'", `
bad-folder 7:10: the output folder "sub/.git" begins with a dot, or is in one that does
	write a name without it, such as "public": those folders are for programs`},
	{"targets in dot folders", least + "[[deploy]]\nname = 'a'\nto = '../../.ssh'\n[[deploy]]\nname = 'b'\nto = 'file:///home/a/.config/x'\n[[deploy]]\nname = 'c'\nto = './../www'", `
bad-target 8:6: the folder "../../.ssh" begins with a dot, or is in one that does
	write another one, such as "../www": those folders are for programs
bad-target 11:6: the folder "file:///home/a/.config/x" begins with a dot, or is in one that does
	write another one, such as "../www": those folders are for programs`},
	{"output with a backslash", least + "[output]\nfolder = 'dist\\site\\'", `
bad-folder 7:10: the output folder "dist\\site\\" is not a plain path inside the site
	write folder = "dist/site"`},
	{"a theme elsewhere", least + "[theme]\nname = '../grand'", `
bad-folder 7:8: the theme "../grand" is not the name of a folder
	write the name alone, such as "plain"; a theme of your own is a folder in themes/`},
	{"links", strings.Join([]string{least + "[[header]]", "text='a'", "href='example.com/a'",
		"[[header]]", "text='a'", "href='//example.com'", "[[header]]", "text='a'", "href='javascript:alert(1)'",
		"[[footer]]", "text='a'", "href='ada@example.com'", "[[footer]]", "text='a'", "href='imprint/'", "[[footer]]", "text='a'", "href='mailto:'"}, "\n"), `
bad-url 8:6: the link "example.com/a" does not lead to the same place from every page
	write "https://example.com/a"
bad-url 11:6: the link "//example.com" does not lead to the same place from every page
	write "https://example.com"
bad-url 14:6: the link "javascript:alert(1)" is neither http, https, mailto, tel, nor sms
	link to a page that has a URL on the web
bad-url 17:6: the link "ada@example.com" does not lead to the same place from every page
	write "mailto:ada@example.com"
bad-url 20:6: the link "imprint/" does not lead to the same place from every page
	begin it at the root of the host: "/imprint/"
bad-url 23:6: "mailto:" has nothing after mailto:
	write it as "mailto:privacy@example.com" or "tel:+4930901820"`},
	{"languages", least + "[languages.en]\n[languages.de_at]\n[[languages.fr.header]]\ntext='a'\nhref='x'", `
bad-language 6:1: "en" is the site's own language
	remove the table; its title and links are those of [site], [[header]] and [[footer]]
bad-language 7:1: "de_at" is not a language tag
	did you mean "de-AT"?
bad-url 10:6: the link "x" does not lead to the same place from every page
	begin it at the root of the host: "/x"`},
}

// site returns the least config with lines added at the beginning of [site]. A base_url
// replaces the other one.
func site(lines string) string {
	rest := strings.TrimPrefix(least, "[site]\n")
	if strings.HasPrefix(lines, "base_url") {
		rest = strings.Replace(rest, "base_url = \"https://example.com\"\n", "", 1)
	}
	return "[site]\n" + lines + "\n" + rest
}

func TestProblems(t *testing.T) {
	t.Parallel()
	for _, test := range wrong {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, problems := parse(t, test.text)
			var have strings.Builder
			for _, p := range problems {
				have.WriteString("\n" + p.Code + " " + strings.TrimPrefix(p.String(), "privgen.toml:"))
			}
			if have.String() != test.want {
				t.Errorf("have %s\nwant %s", have.String(), test.want)
			}
		})
	}
}
