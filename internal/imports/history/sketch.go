package history

import (
	"slices"
	"unicode/utf8"
)

// A sketch estimates how much two texts have in common: it has the smallest hashes
// of all sequences of four words (bottom-k sampling, Broder 1997). Its size is the
// same whatever the text's length, and the estimate is off by a few percent.
//
// Package redline measures likeness in two other ways, on parsed passages that are
// in memory anyway. Here thousands of whole texts are compared, none of which is
// parsed or kept.
type sketch struct {
	least []uint64 // sorted, at most sketchSize
	words int
}

const (
	sketchSize = 200
	gram       = 4
)

// A sketcher builds a sketch word by word.
type sketcher struct {
	last  [gram]uint64 // the hashes of the last words
	words int
	sums  []uint64 // of sequences
	limit uint64   // sums from this on are not among the smallest
}

func (s *sketcher) add(word uint64) {
	s.last[s.words%gram] = word
	if s.words++; s.words < gram {
		return
	}
	sum := uint64(0)
	for i := range gram {
		sum = mix(sum ^ s.last[(s.words+i)%gram])
	}
	if sum >= s.limit {
		return
	}
	if s.sums = append(s.sums, sum); len(s.sums) == 4*sketchSize {
		if s.sums = smallest(s.sums); len(s.sums) == sketchSize {
			s.limit = s.sums[sketchSize-1]
		}
	}
}

// sketchOf returns the sketch of a text. A word is a sequence of ASCII letters and
// digits and of characters of other alphabets; in scripts without spaces, from
// U+3000 on, it is a single character.
func sketchOf(text []byte) sketch {
	const offset, prime = 14695981039346656037, 1099511628211 // FNV-1a
	s := sketcher{limit: ^uint64(0)}
	hash, inWord := uint64(offset), false
	for i := 0; i <= len(text); {
		r, n := ' ', 1 // at the end
		if i < len(text) {
			if r = rune(text[i]); r >= utf8.RuneSelf {
				r, n = utf8.DecodeRune(text[i:])
			}
		}
		i += n
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 0xC0 && r < 0x2000 {
			hash, inWord = (hash^uint64(r))*prime, true
			continue
		}
		if inWord {
			s.add(hash)
			hash, inWord = offset, false
		}
		if r >= 0x3000 {
			s.add(mix(uint64(r)))
		}
	}
	if s.words > 0 && s.words < gram { // a text of a few words is one sequence
		s.sums = append(s.sums, mix(s.last[0]^mix(s.last[1]^mix(s.last[2]))))
	}
	return sketch{slices.Clone(smallest(s.sums)), s.words}
}

// smallest returns the smallest hashes of a list, sorted and each once.
func smallest(list []uint64) []uint64 {
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

// like returns the share of sequences that two texts have in common, 0 to 1.
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
