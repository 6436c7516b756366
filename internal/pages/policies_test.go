package pages_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/formats"
	"github.com/privgen/privgen/internal/pages"
)

// policies.json says what is in force, what is next, and which version a reader
// must know.
func TestPolicies(t *testing.T) {
	t.Parallel()
	d := built(t)
	var list formats.Policies
	dec := json.NewDecoder(strings.NewReader(d.text["policies.json"]))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&list); err != nil {
		t.Fatal(err)
	}
	if len(list.Policies) == 0 || list.URL != d.base {
		t.Fatalf("have %+v", list)
	}
	for _, p := range list.Policies {
		h := readHistory(t, d, p.Policy)
		if p.Versions != d.base+p.Policy+"/versions.json" || p.MaterialSince != h.MaterialSince || p.URL != h.URL {
			t.Errorf("%s: have %+v, and its history says %+v", p.Policy, p, h)
		}
		inForce, upcoming := "", ""
		for _, v := range h.Versions { // the newest first
			switch v.State {
			case "in-force":
				inForce = v.ID + " " + v.Texts[0].SHA256
			case "upcoming":
				upcoming = v.ID + " " + v.Texts[0].SHA256
			}
		}
		for _, one := range []struct {
			have *formats.PoliciesVersion
			want string
		}{{p.InForce, inForce}, {p.Upcoming, upcoming}} {
			have := ""
			if one.have != nil {
				have = one.have.ID + " " + one.have.SHA256
			}
			if have != one.want {
				t.Errorf("%s: have %q, want %q", p.Policy, have, one.want)
			}
		}
	}
}

// The version that a reader must know is the newest with a material change that
// has taken effect.
func TestMaterialSince(t *testing.T) {
	t.Parallel()
	file := func(id string, front ...string) (string, string) {
		return "content/privacy/" + id + ".md", "+++\n" + strings.Join(front, "\n") + "\n+++\n\n# Privacy\n\nText of " + id + ".\n"
	}
	for name, one := range map[string]struct {
		material []string // ids
		withdraw string
		want     string
	}{
		"none is material":       {nil, "", "2020-01-01"},
		"one in the middle":      {[]string{"2022-01-01"}, "", "2022-01-01"},
		"two":                    {[]string{"2022-01-01", "2024-01-01"}, "", "2024-01-01"},
		"only the upcoming":      {[]string{"2099-01-01"}, "", "2020-01-01"},
		"one that never applied": {[]string{"2022-01-01", "2024-01-01"}, "2024-01-01", "2022-01-01"},
	} {
		files := map[string]string{"privgen.toml": "[site]\ntitle = \"Acme\"\nbase_url = \"https://acme.example/\"\n[organization]\nname = \"Acme\"\n"}
		for _, id := range []string{"2020-01-01", "2022-01-01", "2024-01-01", "2099-01-01"} {
			var front []string
			for _, m := range one.material {
				if m == id {
					front = append(front, "material = true")
				}
			}
			if one.withdraw == id {
				front = append(front, "withdrawn = 2023-12-01")
			}
			path, text := file(id, front...)
			files[path] = text
		}
		tr := pages.Plan(load(t, input(mapFS(files))), now)
		var h formats.History
		if err := json.Unmarshal([]byte(draw(t, tr.Find("privacy/versions.json"))), &h); err != nil {
			t.Fatal(err)
		}
		if h.MaterialSince != one.want {
			t.Errorf("%s: have %q, want %q", name, h.MaterialSince, one.want)
		}
	}
}
