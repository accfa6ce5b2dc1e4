package model

import "github.com/glacis-waf/glacis/core/kernel"

// opaqueRun is the length from which a run of letters and digits is tested for
// being random: a token, a hash, a base64 blob.
const opaqueRun = 16

// normalize folds v into the model's alphabet and appends the symbols to dst:
// letters lower-cased, a number one or two digit symbols, a run of blanks one
// blank, a run of one repeated symbol at most three, a random-looking word one
// SymOpaque. It never writes more symbols than v has bytes. If pos is not nil
// it gets the index in v of the byte behind each symbol.
func normalize(dst []uint8, pos *[]int32, v []byte) []uint8 {
	i := 0
	for i < len(v) {
		e := kernel.Table[v[i]]
		if e&wordClass == 0 {
			i++
			sym := uint8(e & 63)
			if n := len(dst); pos == nil && n > 0 && dst[n-1] != sym {
				dst = append(dst, sym)
			} else {
				dst = appendSymbol(dst, pos, sym, i)
			}
			continue
		}
		j, seen, turns := wordRun(v, i)
		if j-i >= opaqueRun && opaque(j-i, seen, turns) {
			i = j
			dst = appendSymbol(dst, pos, kernel.SymOpaque, i)
			continue
		}
		for i < j {
			sym := uint8(kernel.Table[v[i]] & 63)
			i++
			if n := len(dst); pos == nil && n > 0 && dst[n-1] != sym {
				dst = append(dst, sym)
			} else {
				dst = appendSymbol(dst, pos, sym, i)
			}
		}
	}
	return dst
}

const wordClass = uint32(kernel.Upper | kernel.Lower | kernel.Digit)

// wordRun returns the end of the run of letters and digits that begins at i,
// the classes seen in it and how often the class changes.
func wordRun(v []byte, i int) (int, uint32, int) {
	last, seen := uint32(0), uint32(0)
	turns := 0
	for i < len(v) {
		c := kernel.Table[v[i]] & wordClass
		if c == 0 {
			break
		}
		if c != last {
			turns++
			last = c
		}
		seen |= c
		i++
	}
	return i, seen, turns
}

// opaque tells a random token from a long word: a token changes between upper
// case, lower case and digits more than once in five characters.
func opaque(n int, seen uint32, turns int) bool {
	return seen&uint32(kernel.Digit) != 0 && seen != uint32(kernel.Digit) && turns*5 >= n || seen == wordClass && turns*4 >= n
}

// appendSymbol appends one symbol that ends at byte end, collapsing runs.
func appendSymbol(dst []uint8, pos *[]int32, sym uint8, end int) []uint8 {
	n := len(dst)
	if n > 0 && dst[n-1] == sym && repeated(dst, n, sym) {
		if pos != nil {
			(*pos)[n-1] = int32(end)
		}
		return dst
	}
	if pos != nil {
		*pos = append(*pos, int32(end))
	}
	return append(dst, sym)
}

// repeated reports whether one more sym adds nothing to the run that ends at n.
func repeated(dst []uint8, n int, sym uint8) bool {
	if sym == kernel.SymBlank || sym == kernel.SymLine || sym == kernel.SymEdge {
		return true
	}
	if n < 2 || dst[n-2] != sym {
		return false
	}
	return sym == kernel.SymDigit || sym == kernel.SymHigh || n > 2 && dst[n-3] == sym
}
