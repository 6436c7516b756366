package pages

import (
	"bytes"
	"strings"

	"github.com/privgen/privgen/internal/formats"
	"github.com/privgen/privgen/internal/tree"
)

// mostMementos is how many versions a time map lists. More are divided by year.
const mostMementos = 4000

// timeMapOf returns the time map of a policy's page in a language: the versions
// that have taken effect, each from that instant on.
func (hi *histories) timeMapOf(st *status, lang string) formats.TimeMap {
	m := formats.TimeMap{
		Original: hi.paths.URL(hi.paths.Policy(st.Policy, lang)),
		Self:     hi.paths.URL(hi.paths.TimeMap(st.Policy, lang)),
	}
	for _, v := range st.Versions[:st.InForce+1] {
		if v.Withdrawn.IsZero() { // otherwise it was never on the page
			m.Add(hi.paths.URL(hi.paths.Text(hi.paths.TextFor(v, lang))), v.Begin)
		}
	}
	return m.Divide(mostMementos, hi.zone, func(year string) string {
		return hi.paths.URL(hi.paths.Year(st.Policy, lang, year) + "timemap.link")
	})
}

// planTimeMaps plans the time maps of a policy, if a version has taken effect.
func (p *plan) planTimeMaps(st *status) {
	if st.InForce < 0 {
		return
	}
	key := p.keys.ofHistory("timemap", st)
	for _, lang := range p.paths.Languages(st.Policy) {
		all := func() []formats.TimeMap { // again for each file, so that a plan does not hold it
			whole := p.histories.timeMapOf(st, lang)
			return append(whole.Parts, whole)
		}
		for i, m := range all() {
			path := strings.TrimPrefix(m.Self, p.paths.Root)
			p.addAt(st.turn, path, typeTimeMap, tree.List, tree.NewHash("map").Key(key).Text(path).Sum(),
				func(b *bytes.Buffer) error {
					all()[i].Write(b)
					return nil
				})
		}
	}
}
