package history

import "slices"

// A sketch estimates how much two texts have in common: it has the smallest hashes
// of all sequences of four words (bottom-k sampling, Broder 1997). Its size is the
// same whatever the text's length, and the estimate is off by a few percent.
//
// Package redline measures likeness in two other ways, on parsed passages that are
// in memory anyway. Imports compare thousands of whole texts, without parsing or
// keeping them.
type sketch struct {
	least []uint64 // sorted, at most sketchSize
	words int
}

const (
	sketchSize = 200
	gram       = 4
)

// sketchOf returns the sketch of a text. A word is a sequence of ASCII letters and
// digits and of characters of other alphabets; in scripts without spaces, from
// U+3000 on, it is a single character.
func sketchOf(text []byte) sketch {
	const offset, prime = 14695981039346656037, 1099511628211 // FNV-1a
	var words []uint64
	hash := uint64(offset)
	end := func() {
		if hash != offset {
			words, hash = append(words, hash), offset
		}
	}
	for _, r := range string(text) {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 0xC0 && r < 0x2000:
			hash = (hash ^ uint64(r)) * prime
		case r >= 0x3000:
			end()
			words = append(words, mix(uint64(r)))
		default:
			end()
		}
	}
	end()
	// A text of a few words is one sequence.
	var sums []uint64
	limit := ^uint64(0) // larger and equal sums are not among the smallest
	for i := range max(min(1, len(words)), len(words)-gram+1) {
		sum := uint64(0)
		for _, word := range words[i:min(i+gram, len(words))] {
			sum = mix(sum ^ word)
		}
		if sum >= limit {
			continue
		}
		if sums = append(sums, sum); len(sums) == 4*sketchSize {
			if sums = smallest(sums); len(sums) == sketchSize {
				limit = sums[sketchSize-1]
			}
		}
	}
	return sketch{slices.Clone(smallest(sums)), len(words)}
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

// like estimates the share of sequences that two texts have in common, 0 to 1.
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
