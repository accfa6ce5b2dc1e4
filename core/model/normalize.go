package model

import "github.com/glacis-waf/glacis/core/kernel"

// opaqueRun is the length from which a run of letters and digits is tested for
// being random: a token, a hash, a base64 blob.
const opaqueRun = 16

// normalize folds v into the model's alphabet and appends the symbols to dst:
// letters lower-cased, a number one or two digit symbols, a run of blanks one
// blank, a run of one repeated symbol at most three, a random-looking word one
// SymOpaque. It never writes more symbols than v has bytes.
func normalize(dst, v []byte) []byte {
	i := 0
	for i < len(v) {
		e := kernel.Table[v[i]]
		if e&wordClass == 0 {
			dst = appendSymbol(dst, uint8(e&63))
			i++
			continue
		}
		j, seen, turns := wordRun(v, i)
		if j-i >= opaqueRun && opaque(j-i, seen, turns) {
			dst = append(dst, kernel.SymOpaque)
			i = j
			continue
		}
		for ; i < j; i++ {
			dst = appendSymbol(dst, uint8(kernel.Table[v[i]]&63))
		}
	}
	return dst
}

const wordClass = uint32(kernel.Upper | kernel.Lower | kernel.Digit)

// wordRun returns the end of the run of letters and digits that begins at i,
// the classes seen in it and how often the class changes.
func wordRun(v []byte, i int) (end int, seen uint32, turns int) {
	last := uint32(0)
	for end = i; end < len(v); end++ {
		c := kernel.Table[v[end]] & wordClass
		if c == 0 {
			break
		}
		if c != last {
			turns++
			last = c
		}
		seen |= c
	}
	return end, seen, turns
}

// opaque tells a random token from a long word: a token changes between upper
// case, lower case and digits more than once in five characters.
func opaque(n int, seen uint32, turns int) bool {
	return seen&uint32(kernel.Digit) != 0 && seen != uint32(kernel.Digit) && turns*5 >= n || seen == wordClass && turns*4 >= n
}

// appendSymbol appends one symbol, collapsing runs.
func appendSymbol(dst []byte, sym uint8) []byte {
	n := len(dst)
	if n > 0 && dst[n-1] == sym {
		switch {
		case sym == kernel.SymBlank || sym == kernel.SymLine || sym == kernel.SymEdge:
			return dst
		case n > 1 && dst[n-2] == sym && (sym == kernel.SymDigit || sym == kernel.SymHigh || n > 2 && dst[n-3] == sym):
			return dst
		}
	}
	return append(dst, sym)
}
