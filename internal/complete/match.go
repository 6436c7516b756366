package complete

import "slices"

// A reading is one way to match the text read so far with the page.
type reading struct {
	at    int // index of the next word of the page
	back  int // index at which to continue after a footnote, or -1
	trail int // index of its last number in matcher.trail, or -1
}

// A numberPair is the number of an item in the text and on the page.
type numberPair struct{ piece, written, shown, before int }

// A matcher finds the words of a text on a page.
type matcher struct {
	text  []piece
	page  []shown
	notes map[int]int // index of each footnote's beginning on the page, by number
	free  bool        // the page can have numbers of items that the text does not have
	trail []numberPair
}

// maxResume is the maximum number of words of a page that resume skips.
const maxResume = 64

// maxReadings is the maximum number of readings at a time. Few texts have more than two.
const maxReadings = 64

// add appends a reading, and those that follow from it without a word of the text.
func (m *matcher) add(to []reading, r reading) []reading {
	for {
		if len(to) == maxReadings ||
			slices.ContainsFunc(to, func(s reading) bool { return s.at == r.at && s.back == r.back }) {
			return to
		}
		to = append(to, r)
		if r.at >= len(m.page) {
			return to
		}
		switch sum := m.page[r.at].sum; {
		case sum == noteEndSum && r.back >= 0:
			r = reading{r.back, -1, r.trail}
		case sum == itemSum && m.free:
			r.at++
		default:
			return to
		}
	}
}

// step returns the readings after a piece that is not a choice.
func (m *matcher) step(to, from []reading, i int) []reading {
	p := &m.text[i]
	for _, r := range from {
		switch {
		case p.kind == note:
			if at, ok := m.notes[p.n]; ok && r.back < 0 {
				to = m.add(to, reading{at + 1, r.at, r.trail})
			}
		case r.at >= len(m.page):
		case p.kind == number && m.page[r.at].sum == itemSum:
			m.trail = append(m.trail, numberPair{i, p.n, m.page[r.at].n, r.trail})
			to = m.add(to, reading{r.at + 1, r.back, len(m.trail) - 1})
		case p.kind == oneWord && m.page[r.at].sum == p.sum:
			to = m.add(to, reading{r.at + 1, r.back, r.trail})
		}
	}
	return to
}

// losses compares a text with its page.
func (m *matcher) losses() (out []Loss) {
	m.notes = map[int]int{}
	for i, s := range m.page {
		if s.sum == noteSum {
			m.notes[s.n] = i
		}
	}
	now := m.add(nil, reading{0, -1, -1})
	var next, spare []reading
	for i := 0; i < len(m.text); {
		p := &m.text[i]
		next = next[:0]
		end := i + 1
		if p.kind != choice {
			next = m.step(next, now, i)
		} else {
			end += p.n + p.m
			for _, alternative := range [][2]int{{i + 1, i + 1 + p.n}, {i + 1 + p.n, end}} {
				part := append(spare[:0], now...)
				for j := alternative[0]; j < alternative[1] && len(part) > 0; j++ {
					part = m.step(nil, part, j)
				}
				for _, r := range part {
					next = m.add(next, r)
				}
				spare = part
			}
		}
		if len(next) > 0 {
			now, next = next, now
			i = end
			continue
		}
		var l Loss
		i, l = m.resume(i, &now)
		if out = append(out, l); i < 0 || len(out) == 20 {
			return out
		}
	}
	return append(out, m.finish(now)...)
}

// resume returns the next piece of the text that is on the page again after a loss, or -1.
func (m *matcher) resume(i int, now *[]reading) (next int, l Loss) {
	last := slices.MaxFunc(*now, func(a, b reading) int { return a.at - b.at })
	l = Loss{From: m.text[i].at, To: m.text[i].end}
	if m.text[i].kind == choice && i+1 < len(m.text) {
		l = Loss{From: m.text[i+1].at, To: m.text[i+1].end}
	}
	for sum := 1; sum < len(m.text)-i+len(m.page)-last.at+1; sum++ {
		for more := max(0, sum-len(m.text)+i); more <= min(sum, maxResume); more++ { // words that only the page has
			j, at := i+sum-more, last.at+more
			if at > len(m.page) || !m.agree(j, at) {
				continue
			}
			if j == i {
				l.To = l.From
			} else if last := m.text[j-1]; last.kind != choice {
				l.To = max(l.To, last.end)
			}
			*now = m.add(nil, reading{at, last.back, last.trail})
			return j, l
		}
	}
	l.To = m.text[len(m.text)-1].end
	return -1, l
}

// agree reports whether the next three words are the same.
func (m *matcher) agree(i, at int) bool {
	for range 3 {
		for i < len(m.text) && m.text[i].kind == choice {
			i++
		}
		switch {
		case i >= len(m.text):
			return at >= len(m.page) || m.page[at].sum == notesSum
		case at >= len(m.page):
			return false
		case m.text[i].kind == number && m.page[at].sum == itemSum:
		case m.text[i].sum != m.page[at].sum:
			return false
		}
		i, at = i+1, at+1
	}
	return true
}

// finish returns the losses that are known at the end: words that only the page has,
// and wrong numbers of items.
func (m *matcher) finish(now []reading) []Loss {
	end := 0
	if len(m.text) > 0 {
		end = m.text[len(m.text)-1].end
	}
	for _, r := range now {
		if r.back >= 0 || r.at < len(m.page) && m.page[r.at].sum != notesSum {
			continue
		}
		var out []Loss
		equal := true
		for i := r.trail; i >= 0; i = m.trail[i].before {
			p := m.trail[i]
			before := p
			if p.before >= 0 {
				before = m.trail[p.before]
			}
			equal = p.written == p.shown || p.written == before.written
			if !equal && p.written != p.shown {
				out = append(out, Loss{m.text[p.piece].at, m.text[p.piece].end, true, p.shown})
			}
		}
		slices.Reverse(out)
		return out
	}
	return []Loss{{From: end, To: end}}
}
