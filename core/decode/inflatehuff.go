package decode

// Widths of the first-level tables and sizes that hold every code: all
// second-level tables of a code are as wide as its longest code asks, and at
// least two codes share each, so that 286 symbols need 143 of 32 entries and
// 30 symbols 15 of 128.
const (
	inflateLitBits  = 10
	inflateDistBits = 8
	inflateLitSize  = 1<<10 + 144*32
	inflateDistSize = 1<<8 + 16*128
)

// An entry of a decode table: bits 0-3 length of the code (0: no such code),
// bit 4 a link to a second-level table, bits 5-8 number of extra bits (of a
// link: the second table's width), bits 9-10 what it is, bits 16-31 literal,
// base or start of the second table.
const (
	inflateLink    = 1 << 4
	inflateLiteral = 0 << 9
	inflateMatch   = 1 << 9
	inflateEnd     = 2 << 9
	inflateBad     = 3 << 9
	inflateWhat    = 3 << 9
)

var (
	inflateLit       [288]uint32 // entry of each literal/length symbol, without its code length
	inflateDist      [32]uint32
	inflateFixed     [inflateLitSize]uint32
	inflateFixedDist [inflateDistSize]uint32
	// inflateOrder is the order of the code length code's lengths.
	inflateOrder = "\x10\x11\x12\x00\x08\x07\x09\x06\x0a\x05\x0b\x04\x0c\x03\x0d\x02\x0e\x01\x0f"
)

// inflateMask[n] has the low n bits set. A table because yaegi gets shifts of
// untyped constants by variables wrong.
var inflateMask [64]uint64

// init builds RFC 1951's tables of lengths and distances (section 3.2.5).
func init() {
	for i := 1; i < 64; i++ {
		inflateMask[i] = inflateMask[i-1]<<1 | 1
	}
	for i := 0; i < 256; i++ {
		inflateLit[i] = uint32(i)<<16 | inflateLiteral
	}
	inflateLit[256] = inflateEnd
	base := uint32(3)
	for i := 257; i < 285; i++ {
		extra := uint32(0)
		if i >= 265 {
			extra = uint32(i-261) / 4
		}
		inflateLit[i] = base<<16 | extra<<5 | inflateMatch
		base += uint32(inflateMask[extra]) + 1
	}
	inflateLit[285] = 258<<16 | inflateMatch
	inflateLit[286] = inflateBad
	inflateLit[287] = inflateBad
	base = 1
	for i := 0; i < 30; i++ {
		extra := uint32(0)
		if i >= 4 {
			extra = uint32(i-2) / 2
		}
		inflateDist[i] = base<<16 | extra<<5 | inflateMatch
		base += uint32(inflateMask[extra]) + 1
	}
	inflateDist[30] = inflateBad
	inflateDist[31] = inflateBad

	var lengths [288]uint8
	for i := 0; i < 288; i++ {
		switch {
		case i < 144 || i >= 280:
			lengths[i] = 8
		case i < 256:
			lengths[i] = 9
		default:
			lengths[i] = 7
		}
	}
	inflateBuild(inflateFixed[:], inflateLitBits, lengths[:], inflateLit[:])
	for i := 0; i < 32; i++ {
		lengths[i] = 5
	}
	inflateBuild(inflateFixedDist[:], inflateDistBits, lengths[:32], inflateDist[:])
}

// inflateReverse reverses the low n bits of code.
func inflateReverse(code uint32, n uint) uint32 {
	r := uint32(0)
	for ; n > 0; n-- {
		r = r<<1 | code&1
		code >>= 1
	}
	return r
}

// inflateBuild fills table from the code lengths of the symbols. It refuses
// codes that are over-subscribed or incomplete, except for a single code of one
// bit and for no code at all (which fails when used), as zlib does.
func inflateBuild(table []uint32, bits uint, lengths []uint8, symbols []uint32) bool {
	var count, next [16]uint32
	most := uint(0)
	for i := 0; i < len(lengths); i++ {
		l := lengths[i]
		count[l]++
		if uint(l) > most {
			most = uint(l)
		}
	}
	size := int(inflateMask[bits]) + 1
	for i := 0; i < size; i++ {
		table[i] = 0
	}
	if most == 0 {
		return true
	}
	code := uint32(0)
	for l := uint(1); l <= most; l++ {
		next[l] = code
		code += count[l]
		if l < most {
			code <<= 1
		}
	}
	if code != uint32(inflateMask[most])+1 && !(code == 1 && most == 1) {
		return false
	}
	free := size // where the next second-level table starts
	mask := uint32(inflateMask[bits])
	for sym := 0; sym < len(lengths); sym++ {
		n := uint(lengths[sym])
		if n == 0 {
			continue
		}
		r := inflateReverse(next[n], n)
		next[n]++
		if n <= bits {
			e := symbols[sym] | uint32(n)
			step := int(inflateMask[n]) + 1
			for k := int(r); k < size; k += step {
				table[k] = e
			}
			continue
		}
		link := table[r&mask]
		if link == 0 {
			width := most - bits
			if free+int(inflateMask[width])+1 > len(table) {
				return false
			}
			link = uint32(free)<<16 | uint32(width)<<5 | inflateLink | 1
			table[r&mask] = link
			free += int(inflateMask[width]) + 1
		}
		width := uint(link >> 5 & 15)
		e := symbols[sym] | uint32(n)
		start := int(link >> 16)
		step := int(inflateMask[n-bits]) + 1
		for k := int(r >> bits); k <= int(inflateMask[width]); k += step {
			table[start+k] = e
		}
	}
	return true
}
