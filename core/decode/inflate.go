package decode

// InflateFormat says how a deflate stream is framed.
type InflateFormat uint8

// The framings.
const (
	// InflateAuto sniffs: gzip 1f 8b, zlib by its header's check, else raw.
	InflateAuto InflateFormat = iota
	// InflateGzip is RFC 1952, one or more members.
	InflateGzip
	// InflateZlib is RFC 1950, HTTP's "deflate".
	InflateZlib
	// InflateRaw is RFC 1951 without framing, which browsers send and accept
	// under the name "deflate" too.
	InflateRaw
)

// InflateState says why Inflate returned.
type InflateState uint8

// The outcomes of Inflate.
const (
	// InflateNeedInput: all of src is consumed and the stream goes on. At the
	// end of input it means that the stream is truncated.
	InflateNeedInput InflateState = iota
	// InflateNeedOutput: dst is full.
	InflateNeedOutput
	// InflateDone: the stream has ended. After a gzip member, further input may
	// begin another member; what else follows is not consumed.
	InflateDone
	// InflateCorrupt: the stream is broken here for good.
	InflateCorrupt
)

// inflateWindow is the history deflate refers to.
const inflateWindow = 1 << 15

// The steps of the state machine.
const (
	stepSniff = iota
	stepGzip
	stepGzipExtraLength
	stepGzipExtra
	stepGzipName
	stepGzipComment
	stepGzipCheck
	stepZlib
	stepZlibDictionary
	stepBlock
	stepStored
	stepStoredCopy
	stepDynamic
	stepCodeLengths
	stepLengths
	stepCodes
	stepMatch
	stepTrailer
	stepMember
	stepDone
	stepCorrupt
)

// Inflater decompresses deflate, zlib and gzip, pushed in pieces of any size
// into output pieces of any size. It is about 65 KiB of fixed arrays: create one,
// reuse it with Reset, one goroutine at a time. The zero value is ready for
// InflateAuto.
//
// Checksums are not verified: whoever sends the attack computes them anyway,
// and servers that ignore them would see more than we. Everything decoded
// before a corruption is delivered. Expansion (up to 1032:1) is the caller's to
// limit, by the size and number of dst it offers.
type Inflater struct {
	dst, src []byte // of the running call only
	nd, ns   int

	bits  uint64
	nbits uint

	step   int
	format InflateFormat
	last   bool // the current block is the last
	fixed  bool // the current block has the fixed codes
	gzip   uint8
	count  int // bytes, symbols or lengths still to read
	index  int
	nlen   int
	ndist  int
	length int // of the match being copied
	dist   int

	have    int // bytes of history, up to inflateWindow
	at      int // where the next byte of history goes
	history [inflateWindow]byte
	lit     [inflateLitSize]uint32
	distTab [inflateDistSize]uint32
	pre     [128]uint32
	lengths [320]uint8
}

// Reset makes z ready for a new stream.
func (z *Inflater) Reset(format InflateFormat) {
	z.bits = 0
	z.nbits = 0
	z.have = 0
	z.at = 0
	z.last = false
	z.fixed = false
	z.format = format
	switch format {
	case InflateGzip:
		z.step = stepGzip
		z.count = 10
	case InflateZlib:
		z.step = stepZlib
	case InflateRaw:
		z.step = stepBlock
	default:
		z.step = stepSniff
	}
}

// Format returns the framing given to Reset, or what was sniffed.
func (z *Inflater) Format() InflateFormat { return z.format }

// Inflate decodes from src to dst until one of them is used up, the stream ends
// or breaks, and returns how many bytes of each were used. Any cutting of input
// and output gives the same bytes. At the end up to seven bytes that follow the
// stream may count as consumed if they came in an earlier call. It needs time
// linear in nd+ns; dst and src are not kept.
func (z *Inflater) Inflate(dst, src []byte) (nd, ns int, st InflateState) {
	z.dst = dst
	z.src = src
	z.nd = 0
	z.ns = 0
	st = z.run()
	if st == InflateDone || st == InflateCorrupt {
		for z.nbits >= 8 && z.ns > 0 {
			z.nbits -= 8
			z.ns--
		}
		z.bits &= inflateMask[z.nbits&63]
	}
	nd = z.nd
	ns = z.ns
	z.remember(dst[:nd])
	z.dst = nil
	z.src = nil
	return nd, ns, st
}

// remember keeps the tail of the output as history for the next call.
func (z *Inflater) remember(out []byte) {
	if len(out) > inflateWindow {
		out = out[len(out)-inflateWindow:]
	}
	n := copy(z.history[z.at:], out)
	copy(z.history[:], out[n:])
	z.at = (z.at + len(out)) & (inflateWindow - 1)
	if z.have += len(out); z.have > inflateWindow {
		z.have = inflateWindow
	}
}

// need fills the bit buffer to at least n <= 48 bits.
func (z *Inflater) need(n uint) bool {
	for z.nbits < n {
		if z.ns == len(z.src) {
			return false
		}
		z.bits |= uint64(z.src[z.ns]) << z.nbits
		z.ns++
		z.nbits += 8
	}
	return true
}

// take removes n bits from the buffer.
func (z *Inflater) take(n uint) int {
	v := int(z.bits & inflateMask[n&63])
	z.bits >>= n
	z.nbits -= n
	return v
}

// run works until something is missing.
func (z *Inflater) run() InflateState {
	for {
		switch z.step {
		case stepBlock, stepStored, stepDynamic, stepCodeLengths, stepLengths:
			if !z.block() {
				return InflateNeedInput
			}
		case stepStoredCopy:
			if st := z.stored(); st != InflateDone {
				return st
			}
		case stepCodes:
			if st := z.codes(); st != InflateDone {
				return st
			}
		case stepMatch:
			if !z.match() {
				return InflateNeedOutput
			}
		case stepMember:
			if z.nbits == 0 && z.ns == len(z.src) {
				return InflateDone
			}
			if !z.member() {
				return InflateNeedInput
			}
		case stepDone:
			return InflateDone
		case stepCorrupt:
			return InflateCorrupt
		default:
			if !z.frame() {
				return InflateNeedInput
			}
		}
	}
}
