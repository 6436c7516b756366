package history_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/imports/history"
)

// letters has the texts of the histories below. A and B differ in a word, F is
// foreign to both, G is A in German.
var letters = map[string]string{
	"A": "We keep your order for six years, since the law asks us to, and then we delete it for good. You can ask us for all that we hold about you.",
	"B": "We keep your order for ten years, since the law asks us to, and then we delete it for good. You can ask us for all that we hold about you.",
	"C": "We keep your order for ten years, since the law asks us to, and then we delete it for good. You can ask us for all that we hold about you, twice.",
	"F": "This page could not be found. Try the search, or go to the first page of the shop.",
	"G": "Wir bewahren Ihre Bestellung sechs Jahre auf, weil das Gesetz es verlangt, und löschen sie dann. Sie können uns nach allem fragen, was wir von Ihnen haben, und wir werden es Ihnen sagen.",
	"-": " \n\n",
}

// states parses a history: a letter and a time for each state, such as A 01-01 or
// A 01-01T10.
func states(t *testing.T, text string) []history.State {
	t.Helper()
	var list []history.State
	for i, one := range strings.Split(text, ", ") {
		letter, when, _ := strings.Cut(one, " ")
		form := "2006-01-02"
		if !strings.HasPrefix(when, "20") && !strings.HasPrefix(when, "19") {
			when = "2024-" + when
		}
		if strings.Contains(when, "T") {
			form = "2006-01-02T15"
		}
		at, err := time.Parse(form, when)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, history.State{Text: []byte(letters[letter]), When: at, Basis: "author date", Origin: fmt.Sprint(i), Commit: fmt.Sprint("c", i)})
	}
	return list
}

func choose(t *testing.T, text string, o history.Options) string {
	t.Helper()
	o.Now = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	d := &history.Document{Slug: "p", States: states(t, text)}
	plan, err := history.NewPlan(t.Context(), []*history.Document{d}, history.Site{Content: "content"}, o)
	if err != nil {
		t.Fatal(err)
	}
	kept, out := plan.Policies[0].Versions, plan.Policies[0].LeftOut
	if len(kept)+len(out) != len(d.States) {
		t.Errorf("%d versions and %d omissions of %d states", len(kept), len(out), len(d.States))
	}
	var words []string
	for _, c := range kept {
		words = append(words, c.Origin+"="+c.Date.String()[2:])
	}
	for _, o := range out {
		words = append(words, o.Origin+":"+string(o.Reason))
	}
	return strings.Join(words, " ")
}

func TestChoose(t *testing.T) {
	t.Parallel()
	group := func(s string) history.Options {
		g, ok := history.ParseGrouping(s)
		if !ok {
			t.Fatalf("--group %s is refused", s)
		}
		return history.Options{Group: g}
	}
	since := history.Options{Since: day.Day{Year: 2024, Month: 2, Dom: 1}, Until: day.Day{Year: 2024, Month: 3, Dom: 31}}
	for _, c := range []struct {
		name, text string
		o          history.Options
		want       string
	}{
		{"a version each change", "A 01-01, B 02-01, C 03-01", history.Options{}, "0=24-01-01 1=24-02-01 2=24-03-01"},
		{"the same text", "A 01-01, A 02-01, B 03-01", history.Options{}, "0=24-01-01 2=24-03-01 1:same"},
		{"blank for a day", "A 01-01, - 02-01, A 02-02", history.Options{}, "0=24-01-01 1:blank 2:restored"},
		{"taken back", "A 01-01, B 02-01T10, A 02-01T12, C 03-01", history.Options{}, "0=24-01-01 3=24-03-01 1:reverted 2:restored"},
		{"taken back later is history", "A 01-01, B 02-01, A 03-01", history.Options{}, "0=24-01-01 1=24-02-01 2=24-03-01"},
		{"to and fro", "A 01-01, B 02-01, A 02-02, B 02-03, A 02-04, B 02-05", history.Options{}, "0=24-01-01 5=24-02-05 1:reverted 2:restored 3:reverted 4:restored"},
		{"another text for a week", "A 01-01, F 02-01, A 02-08", history.Options{}, "0=24-01-01 1:broken 2:restored"},
		{"another text, then a changed one", "A 01-01, F 02-01, B 02-03", history.Options{}, "0=24-01-01 2=24-02-03 1:broken"},
		{"another text for a month is history", "A 01-01, F 02-01, A 03-01", history.Options{}, "0=24-01-01 1=24-02-01 2=24-03-01"},
		{"a rewritten text stays", "A 01-01, F 02-01, F 02-03", history.Options{}, "0=24-01-01 1=24-02-01 2:same"},
		{"another language", "A 01-01, G 02-01, G 02-02, A 02-03", history.Options{}, "0=24-01-01 1:broken 2:broken 3:restored"},
		{"broken and kept", "A 01-01, F 02-01, A 02-02, - 02-03", history.Options{KeepAll: true}, "0=24-01-01 1=24-02-01 2=24-02-02 3:blank"},
		{"one a day", "A 01-01T10, B 01-01T12, C 01-02", group("day"), "1=24-01-01 2=24-01-02 0:grouped"},
		{"one a week", "A 01-01, B 01-07, C 01-08", group("week"), "1=24-01-07 2=24-01-08 0:grouped"},
		{"by hours", "A 01-01T10, B 01-01T12, C 01-01T17", group("6-hours"), "1=24-01-01 2=24-01-01 0:grouped"},
		{"since and until", "A 01-01, B 02-01, C 04-01", since, "1=24-02-01 0:outside 2:outside"},
		{"a date before the one before", "A 01-01, B 03-01, C 02-01, A 04-01", history.Options{}, "0=24-01-01 1=24-01-01 2=24-02-01 3=24-04-01"},
		{"a clock that was not set", "A 01-01, B 1970-01-01, C 02-01", history.Options{}, "0=24-01-01 1=24-01-01 2=24-02-01"},
		{"a clock far ahead", "A 01-01, B 2038-01-19, C 02-01", history.Options{}, "0=24-01-01 1=24-01-01 2=24-02-01"},
		{"no date at all", "A 1970-01-01", history.Options{}, "0:no date"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if have := choose(t, c.text, c.o); have != c.want {
				t.Errorf("%s\nhave %s\nwant %s", c.text, have, c.want)
			}
		})
	}
}

func TestParseGrouping(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{"": true, "day": true, "tag": true, "12-hours": true, "1-hour": true, "hours": false, "0-hours": false, "month": false, "-3-hours": false, "3": false} {
		if _, ok := history.ParseGrouping(s); ok != want {
			t.Errorf("ParseGrouping(%q) is %v", s, ok)
		}
	}
}

// The date that a text states can come first, and can also form the groups.
func TestChooseStated(t *testing.T) {
	t.Parallel()
	text := func(date, words string) []byte {
		return []byte("Last updated: " + date + "\n\n" + letters["A"] + words)
	}
	at := func(day int) time.Time { return time.Date(2024, 2, day, 0, 0, 0, 0, time.UTC) }
	group, _ := history.ParseGrouping("stamp")
	for _, c := range []struct {
		name string
		o    history.Options
		want string
	}{
		{"commit dates", history.Options{}, "2024-02-01 author date, 2024-02-02 author date, 2024-02-03 author date"},
		{"stated dates", history.Options{Stated: true}, "2024-01-10 stamp, 2024-01-10 stamp, 2024-01-20 stamp"},
		{"a group for each", history.Options{Stated: true, Group: group}, "2024-01-10 stamp, 2024-01-20 stamp"},
	} {
		d := &history.Document{Slug: "p", States: []history.State{
			{Text: text("10 January 2024", ""), When: at(1), Basis: "author date"},
			{Text: text("10 January 2024", " Truly."), When: at(2), Basis: "author date"},
			{Text: text("20 January 2024", ""), When: at(3), Basis: "author date"},
		}}
		plan, err := history.NewPlan(t.Context(), []*history.Document{d}, history.Site{Content: "content"}, c.o)
		if err != nil {
			t.Fatal(err)
		}
		var have []string
		for _, v := range plan.Policies[0].Versions {
			have = append(have, v.Date.String()+" "+string(v.Basis))
		}
		if have := strings.Join(have, ", "); have != c.want {
			t.Errorf("%s: have %s, want %s", c.name, have, c.want)
		}
	}
}

// With --group tag, each release is a version. Texts that were not released are left out.
func TestChooseTags(t *testing.T) {
	t.Parallel()
	list := states(t, "A 01-01, B 01-02, C 01-03")
	for i := range 2 {
		list[i].Tag, list[i].Released = "v1", list[1].When.AddDate(0, 0, 5)
	}
	group, _ := history.ParseGrouping("tag")
	d := &history.Document{Slug: "p", States: list}
	plan, err := history.NewPlan(t.Context(), []*history.Document{d}, history.Site{Content: "content"}, history.Options{Group: group})
	if err != nil {
		t.Fatal(err)
	}
	p := plan.Policies[0]
	if len(p.Versions) != 1 || p.Versions[0].ID != "2024-01-07" || p.Versions[0].Label != "v1" || p.Versions[0].Basis != "tag" {
		t.Errorf("have %+v, want v1 on the day of its release", p.Versions)
	}
	for _, o := range p.LeftOut {
		if o.Reason.Describe() != "a later one represents the group" {
			t.Errorf("%s is left out because %s", o.Origin, o.Reason.Describe())
		}
	}
}

// A text takes effect on the date that it states, if that agrees with the order of
// the texts.
func TestChooseApplies(t *testing.T) {
	t.Parallel()
	const words = "\n\nWe keep your order for six years, since the law asks us to, and then we delete it for good."
	state := func(at, line string) history.State {
		when, err := time.Parse("2006-01-02", at)
		if err != nil {
			t.Fatal(err)
		}
		return history.State{Text: []byte("# Privacy\n\n" + line + words + at), When: when, Basis: "author date"}
	}
	for _, c := range []struct {
		name   string
		o      history.Options
		states []history.State
		want   string
	}{
		{"published before it applies", history.Options{}, []history.State{state("2024-04-28", "Effective May 4, 2024")}, "2024-05-04"},
		{"in German", history.Options{}, []history.State{state("2024-04-28", "Gültig ab 4. Mai 2024")}, "2024-05-04"},
		{"in French", history.Options{}, []history.State{state("2024-04-28", "En vigueur le 4 mai 2024")}, "2024-05-04"},
		{"committed later", history.Options{}, []history.State{state("2024-06-01", "Effective date: May 4, 2024")}, "2024-05-04"},
		{"a typo that was mended later", history.Options{}, []history.State{state("2024-04-28", "Effective May 4, 2024"), state("2024-07-01", "Effective May 4, 2024.")}, "2024-05-04 2024-07-01"},
		{"a typo that was mended before", history.Options{}, []history.State{state("2024-04-28", "Effective May 4, 2024"), state("2024-04-30", "Effective May 4, 2024.")}, "2024-05-04 2024-05-04"},
		{"an older date in a newer text", history.Options{}, []history.State{state("2024-04-28", "Hello."), state("2024-07-01", "Effective May 4, 2020")}, "2024-04-28 2024-07-01"},
		{"a date far ahead", history.Options{}, []history.State{state("2024-04-28", "Effective May 4, 2034")}, "2024-04-28"},
		{"the last update is no such date", history.Options{}, []history.State{state("2024-04-28", "Last updated: May 4, 2023")}, "2024-04-28"},
		{"the user wants commit dates", history.Options{Made: true}, []history.State{state("2024-04-28", "Effective May 4, 2024")}, "2024-04-28"},
	} {
		d := &history.Document{Slug: "p", States: c.states}
		c.o.Now = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
		plan, err := history.NewPlan(t.Context(), []*history.Document{d}, history.Site{Content: "content"}, c.o)
		if err != nil {
			t.Fatal(err)
		}
		var have []string
		for _, v := range plan.Policies[0].Versions {
			have = append(have, v.Date.String())
		}
		if have := strings.Join(have, " "); have != c.want {
			t.Errorf("%s: have %s, want %s", c.name, have, c.want)
		}
	}
}
