package history

import (
	"slices"
	"unicode/utf8"
)

// A sketch stands for a text when two are asked how much they have in common:
// the smallest digests of all runs of four words (bottom-k sampling, Broder
// 1997). It has the same small size whatever the text's length, and what two
// sketches share is what their texts do, give or take a few in a hundred.
type sketch struct {
	least []uint64 // sorted, at most sketchSize
	words int
}

const (
	sketchSize = 200
	gram       = 4
)

// sketchOf reads a text once.
func sketchOf(text []byte) sketch {
	var s sketch
	var last [gram]uint64
	heap := make([]uint64, 0, 4*sketchSize)
	limit := ^uint64(0)
	word := func(h uint64) {
		last[s.words%gram] = h
		s.words++
		if s.words < gram {
			return
		}
		sum := uint64(0)
		for i := range gram {
			sum = mix(sum ^ last[(s.words+i)%gram])
		}
		if sum >= limit {
			return
		}
		heap = append(heap, sum)
		if len(heap) == cap(heap) {
			heap = shrink(heap)
			if len(heap) == sketchSize {
				limit = heap[sketchSize-1]
			}
		}
	}
	const offset, prime = 14695981039346656037, 1099511628211
	h, in := uint64(offset), false
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
			fallthrough
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			h, in = (h^uint64(c))*prime, true
			i++
			continue
		case c >= 0xE3: // scripts without spaces: each character is a word
			r, n := utf8.DecodeRune(text[i:])
			if in {
				word(h)
			}
			word(mix(uint64(r)))
			h, in = offset, false
			i += n
			continue
		case c >= 0xC3 && c < 0xE2: // letters with accents, other alphabets
			_, n := utf8.DecodeRune(text[i:])
			for _, b := range text[i : i+n] {
				h = (h ^ uint64(b)) * prime
			}
			in = true
			i += n
			continue
		}
		if in {
			word(h)
			h, in = offset, false
		}
		i++
	}
	if in {
		word(h)
	}
	if s.words > 0 && s.words < gram { // a text of a few words is one run
		heap = append(heap, mix(last[0]^mix(last[1]^mix(last[2]))))
	}
	s.least = slices.Clone(shrink(heap))
	return s
}

// shrink sorts digests, drops those said twice, and keeps the smallest.
func shrink(list []uint64) []uint64 {
	slices.Sort(list)
	list = slices.Compact(list)
	return list[:min(len(list), sketchSize)]
}

// mix spreads a number over all bits (the finalizer of MurmurHash3).
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// like gives how much two texts have in common, from 0 to 1: the runs that
// both have among all that either has.
func (s sketch) like(t sketch) float64 {
	union, both := 0, 0
	i, j := 0, 0
	for union < sketchSize && (i < len(s.least) || j < len(t.least)) {
		union++
		switch {
		case j == len(t.least) || i < len(s.least) && s.least[i] < t.least[j]:
			i++
		case i == len(s.least) || t.least[j] < s.least[i]:
			j++
		default:
			both++
			i++
			j++
		}
	}
	if union == 0 {
		return 1
	}
	return float64(both) / float64(union)
}
