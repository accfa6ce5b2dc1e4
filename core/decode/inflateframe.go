package decode

// Flags of a gzip member (RFC 1952, section 2.3.1).
const (
	gzipCheck   = 1 << 1
	gzipExtra   = 1 << 2
	gzipName    = 1 << 3
	gzipComment = 1 << 4
)

// frame reads headers and trailers; false means that input is missing.
func (z *Inflater) frame() bool {
	switch z.step {
	case stepSniff:
		if !z.need(16) {
			return false
		}
		z.sniff(uint(z.bits&0xff), uint(z.bits>>8&0xff))
	case stepGzip:
		return z.gzipHeader()
	case stepGzipExtraLength:
		if !z.need(16) {
			return false
		}
		z.count = z.take(16)
		z.step = stepGzipExtra
	case stepGzipExtra, stepGzipCheck, stepZlibDictionary, stepTrailer:
		for ; z.count > 0; z.count-- {
			if !z.need(8) {
				return false
			}
			z.take(8)
		}
		switch z.step {
		case stepGzipExtra:
			z.step = stepGzipName
		case stepTrailer:
			z.step = stepDone
			if z.format == InflateGzip {
				z.step = stepMember
			}
		default:
			z.step = stepBlock
		}
	case stepGzipName, stepGzipComment:
		flag := uint8(gzipName)
		if z.step == stepGzipComment {
			flag = gzipComment
		}
		for z.gzip&flag != 0 {
			if !z.need(8) {
				return false
			}
			if z.take(8) == 0 {
				z.gzip &^= flag
			}
		}
		if z.step == stepGzipName {
			z.step = stepGzipComment
			return true
		}
		z.step = stepGzipCheck
		z.count = 0
		if z.gzip&gzipCheck != 0 {
			z.count = 2
		}
	case stepZlib:
		if !z.need(16) {
			return false
		}
		cmf, flg := uint(z.take(8)), uint(z.take(8))
		if !zlibHeader(cmf, flg) {
			z.step = stepCorrupt
			return true
		}
		z.step = stepZlibDictionary
		z.count = 0
		if flg&0x20 != 0 {
			z.count = 4 // a preset dictionary we do not have: what refers to it is corrupt
		}
	}
	return true
}

// zlibHeader tells whether two bytes begin a zlib stream.
func zlibHeader(cmf, flg uint) bool {
	return cmf&15 == 8 && cmf>>4 <= 7 && (cmf<<8|flg)%31 == 0
}

// sniff chooses the framing by the first two bytes.
func (z *Inflater) sniff(a, b uint) {
	switch {
	case a == 0x1f && b == 0x8b:
		z.format = InflateGzip
		z.step = stepGzip
		z.count = 10
	case zlibHeader(a, b):
		z.format = InflateZlib
		z.step = stepZlib
	default:
		z.format = InflateRaw
		z.step = stepBlock
	}
}

// gzipHeader reads the ten fixed bytes of a member's header.
func (z *Inflater) gzipHeader() bool {
	for ; z.count > 0; z.count-- {
		if !z.need(8) {
			return false
		}
		v := z.take(8)
		switch z.count {
		case 10:
			if v != 0x1f {
				z.step = stepCorrupt
			}
		case 9:
			if v != 0x8b {
				z.step = stepCorrupt
			}
		case 8:
			if v != 8 {
				z.step = stepCorrupt
			}
		case 7:
			z.gzip = uint8(v)
		}
		if z.step == stepCorrupt {
			return true
		}
	}
	z.step = stepGzipName
	if z.gzip&gzipExtra != 0 {
		z.step = stepGzipExtraLength
	}
	return true
}

// member looks for another gzip member behind the last.
func (z *Inflater) member() bool {
	if !z.need(8) {
		return false
	}
	if z.bits&0xff == 0x1f && !z.need(16) {
		return false
	}
	z.step = stepDone
	if z.nbits >= 16 && z.bits&0xffff == 0x8b1f {
		z.step = stepGzip
		z.count = 10
		z.have = 0
		z.last = false
	}
	return true
}

// finish follows the last block: trailers begin at a whole byte.
func (z *Inflater) finish() {
	z.take(z.nbits & 7)
	z.step = stepTrailer
	z.count = 0
	switch z.format {
	case InflateGzip:
		z.count = 8
	case InflateZlib:
		z.count = 4
	}
}
