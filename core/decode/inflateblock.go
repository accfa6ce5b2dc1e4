package decode

import "encoding/binary"

// block reads block headers and the code tables of dynamic blocks (RFC 1951,
// section 3.2); false means that input is missing.
func (z *Inflater) block() bool {
	switch z.step {
	case stepBlock:
		if z.last {
			z.finish()
			return true
		}
		if !z.need(3) {
			return false
		}
		z.last = z.take(1) == 1
		switch z.take(2) {
		case 0:
			z.take(z.nbits & 7)
			z.step = stepStored
		case 1:
			z.fixed = true
			z.step = stepCodes
		case 2:
			z.fixed = false
			z.step = stepDynamic
		default:
			z.step = stepCorrupt
		}
	case stepStored:
		if !z.need(32) {
			return false
		}
		n := z.take(16)
		z.count = n
		z.step = stepStoredCopy
		if z.take(16) != n^0xffff {
			z.step = stepCorrupt
		}
	case stepDynamic:
		if !z.need(14) {
			return false
		}
		z.nlen = z.take(5) + 257
		z.ndist = z.take(5) + 1
		z.count = z.take(4) + 4
		z.index = 0
		z.step = stepCodeLengths
		if z.nlen > 286 || z.ndist > 30 {
			z.step = stepCorrupt
		}
	case stepCodeLengths:
		for z.index < z.count {
			if !z.need(3) {
				return false
			}
			z.lengths[inflateOrder[z.index]] = uint8(z.take(3))
			z.index++
		}
		for ; z.index < 19; z.index++ {
			z.lengths[inflateOrder[z.index]] = 0
		}
		z.index = 0
		z.step = stepLengths
		if !inflateBuild(z.pre[:], 7, z.lengths[:19], inflateLit[:]) {
			z.step = stepCorrupt
		}
	case stepLengths:
		return z.readLengths()
	}
	return true
}

// readLengths reads the code lengths of a dynamic block and builds its tables.
func (z *Inflater) readLengths() bool {
	all := z.nlen + z.ndist
	for z.index < all {
		z.need(14)
		e := z.pre[z.bits&127]
		n := uint(e & 15)
		if n == 0 || n > z.nbits {
			return z.lacking(7)
		}
		sym := int(e >> 16)
		if sym < 16 {
			z.take(n)
			z.lengths[z.index] = uint8(sym)
			z.index++
			continue
		}
		extra, base, fill := uint(2), 3, uint8(0)
		switch sym {
		case 16:
			if z.index == 0 {
				z.step = stepCorrupt
				return true
			}
			fill = z.lengths[z.index-1]
		case 17:
			extra = 3
		default:
			extra = 7
			base = 11
		}
		if n+extra > z.nbits {
			return z.lacking(14)
		}
		z.take(n)
		base += z.take(extra)
		if z.index+base > all {
			z.step = stepCorrupt
			return true
		}
		for ; base > 0; base-- {
			z.lengths[z.index] = fill
			z.index++
		}
	}
	z.step = stepCodes
	if !inflateBuild(z.lit[:], inflateLitBits, z.lengths[:z.nlen], inflateLit[:]) ||
		!inflateBuild(z.distTab[:], inflateDistBits, z.lengths[z.nlen:all], inflateDist[:]) {
		z.step = stepCorrupt
	}
	return true
}

// lacking says that a code of at most n bits could not be decoded: for want of
// input (false), or because there is no such code.
func (z *Inflater) lacking(n uint) bool {
	if z.nbits < n && z.ns == len(z.src) {
		return false
	}
	z.step = stepCorrupt
	return true
}

// stored copies a stored block.
func (z *Inflater) stored() InflateState {
	for z.count > 0 {
		if z.nd == len(z.dst) {
			return InflateNeedOutput
		}
		if z.nbits > 0 {
			z.dst[z.nd] = byte(z.take(8))
			z.nd++
			z.count--
			continue
		}
		if z.ns == len(z.src) {
			return InflateNeedInput
		}
		src := z.src[z.ns:]
		if len(src) > z.count {
			src = src[:z.count]
		}
		n := copy(z.dst[z.nd:], src)
		z.nd = z.nd + n
		z.ns = z.ns + n
		z.count = z.count - n
	}
	z.step = stepBlock
	return InflateDone
}

// match copies the pending match as far as dst has room.
func (z *Inflater) match() bool {
	for z.length > 0 {
		if z.nd == len(z.dst) {
			return false
		}
		from, n := z.nd-z.dist, z.length
		if n > len(z.dst)-z.nd {
			n = len(z.dst) - z.nd
		}
		if from < 0 {
			if n > -from {
				n = -from
			}
			h := (z.at + from) & (inflateWindow - 1)
			n = copy(z.dst[z.nd:z.nd+n], z.history[h:])
		} else {
			if n > z.dist {
				n = z.dist
			}
			copy(z.dst[z.nd:z.nd+n], z.dst[from:from+n])
		}
		z.nd += n
		z.length -= n
	}
	z.step = stepCodes
	return true
}

// codes decodes literals and matches. InflateDone means that the step changed.
func (z *Inflater) codes() InflateState {
	lit, dist := &z.lit, &z.distTab
	if z.fixed {
		lit = &inflateFixed
		dist = &inflateFixedDist
	}
	if z.fast(lit, dist) {
		return InflateDone
	}
	// At least 48 bits, which hold any literal or match, or all there are.
	z.need(48)
	e := lit[z.bits&(1<<inflateLitBits-1)]
	if e&inflateLink != 0 {
		e = lit[int(e>>16)+int(z.bits>>inflateLitBits&inflateMask[e>>5&15])]
	}
	n := uint(e & 15)
	if n == 0 || n > z.nbits {
		if z.lacking(15) {
			return InflateDone
		}
		return InflateNeedInput
	}
	switch e & inflateWhat {
	case inflateLiteral:
		if z.nd == len(z.dst) {
			return InflateNeedOutput
		}
		z.dst[z.nd] = byte(e >> 16)
		z.nd++
		z.take(n)
		return InflateDone
	case inflateEnd:
		z.take(n)
		z.step = stepBlock
		return InflateDone
	case inflateBad:
		z.step = stepCorrupt
		return InflateDone
	}
	bits := z.bits >> n
	extra := uint(e >> 5 & 15)
	length := int(e>>16) + int(bits&inflateMask[extra&63])
	bits >>= extra
	n += extra
	e = dist[bits&(1<<inflateDistBits-1)]
	if e&inflateLink != 0 {
		e = dist[int(e>>16)+int(bits>>inflateDistBits&inflateMask[e>>5&15])]
	}
	n += uint(e & 15)
	bits >>= e & 15
	extra = uint(e >> 5 & 15)
	if e&15 == 0 || n+extra > z.nbits {
		if z.lacking(48) {
			return InflateDone
		}
		return InflateNeedInput
	}
	z.take(n + extra)
	z.length = length
	z.dist = int(e>>16) + int(bits&inflateMask[extra&63])
	z.step = stepMatch
	if e&inflateWhat == inflateBad || z.dist > z.nd+z.have {
		z.step = stepCorrupt
	}
	return InflateDone
}

// fast decodes while there are eight bytes of input and room for the longest
// match. It tells whether the step changed; what it does not like it leaves to
// codes, unread.
func (z *Inflater) fast(lit *[inflateLitSize]uint32, dist *[inflateDistSize]uint32) bool {
	dst, src := z.dst, z.src
	nd, ns, bits, nbits := z.nd, z.ns, z.bits, z.nbits
	for len(src)-ns >= 8 && len(dst)-nd >= 260 {
		// 56 bits or more, of which a match uses 48.
		bits |= binary.LittleEndian.Uint64(src[ns:]) << nbits
		ns += int((63 - nbits) >> 3)
		nbits |= 56
		e := lit[bits&(1<<inflateLitBits-1)]
		if e&(inflateWhat|inflateLink) == inflateLiteral && e != 0 {
			bits >>= e & 15
			nbits -= uint(e & 15)
			dst[nd] = byte(e >> 16)
			nd++
			e = lit[bits&(1<<inflateLitBits-1)]
			if e&(inflateWhat|inflateLink) == inflateLiteral && e&15 != 0 {
				bits >>= e & 15
				nbits -= uint(e & 15)
				dst[nd] = byte(e >> 16)
				nd++
				continue
			}
			if nbits < 48 {
				continue
			}
		}
		if e&inflateLink != 0 {
			e = lit[int(e>>16)+int(bits>>inflateLitBits&inflateMask[e>>5&15])]
		}
		if e&inflateWhat == inflateLiteral && e&15 != 0 {
			bits >>= e & 15
			nbits -= uint(e & 15)
			dst[nd] = byte(e >> 16)
			nd++
			continue
		}
		if e&inflateWhat != inflateMatch || e&15 == 0 {
			break
		}
		n := uint(e & 15)
		extra := uint(e >> 5 & 15)
		b := bits >> n
		length := int(e>>16) + int(b&inflateMask[extra&63])
		b >>= extra
		n += extra
		e = dist[b&(1<<inflateDistBits-1)]
		if e&inflateLink != 0 {
			e = dist[int(e>>16)+int(b>>inflateDistBits&inflateMask[e>>5&15])]
		}
		if e&15 == 0 || e&inflateWhat != inflateMatch {
			break
		}
		n += uint(e & 15)
		b >>= e & 15
		extra = uint(e >> 5 & 15)
		d := int(e>>16) + int(b&inflateMask[extra&63])
		if d > nd {
			break // reaches into the history, or too far
		}
		bits >>= n + extra
		nbits -= n + extra
		if d >= length {
			copy(dst[nd:nd+length], dst[nd-d:nd-d+length])
			nd += length
			continue
		}
		for from := nd - d; length > 0; length-- {
			dst[nd] = dst[from]
			nd++
			from++
		}
	}
	// Bits above nbits may be set; they are read again from src.
	bits &= inflateMask[nbits&63]
	changed := nd != z.nd
	z.nd = nd
	z.ns = ns
	z.bits = bits
	z.nbits = nbits
	return changed
}
