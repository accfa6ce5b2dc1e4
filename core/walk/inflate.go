package walk

import "github.com/glacis-waf/glacis/core/decode"

// inflateSlack is how many bytes a small stream may make beyond the ratio.
const inflateSlack = 4 << 10

// compressed tells by its first bytes whether v is a gzip or zlib stream.
func compressed(v []byte) bool {
	if len(v) < 8 {
		return false
	}
	switch v[0] {
	case 0x1f:
		return v[1] == 0x8b && v[2] == 8
	case 0x78:
		return v[1] == 1 || v[1] == 0x5e || v[1] == 0x9c || v[1] == 0xda
	}
	return false
}

// inflate undoes a compressed value (a gzip under base64, a gRPC frame), as far
// as arena and expansion limit allow, and reports whether anything came out. A
// stream that does not fit the arena is judged piece by piece; a stream in such
// a stream is not undone, and counted.
func (w *Walker) inflate(v []byte, format decode.InflateFormat, depth int, flags decode.Flags) bool {
	if w.inflating {
		w.Counts.Depth++
		w.Counts.Uninspected += int64(len(v))
		return false
	}
	if w.inflater == nil {
		w.inflater = new(decode.Inflater)
	}
	z := w.inflater
	z.Reset(format)
	size := (cap(w.arena) - len(w.arena)) / 2
	if size > MaxValue {
		size = MaxValue
	}
	if size < minPiece {
		w.Counts.Decoded++
		w.Counts.Uninspected += int64(len(v))
		return false
	}
	partial := w.ctx.Partial
	limit := w.limits.Expansion*len(v) + inflateSlack
	made, have := 0, 0
	mark := w.pushTag("#inflate")
	for {
		dst := w.scratch(size, len(v))
		if dst == nil {
			v = v[:0]
			break
		}
		dst = dst[:size]
		nd, ns, st := z.Inflate(dst[have:], v)
		v = v[ns:]
		made += nd
		more := st == decode.InflateNeedOutput || st == decode.InflateDone && nd > 0 && len(v) > 0
		if nd > 0 {
			w.inflating = more
			w.ctx.Partial = partial || more
			arena := w.keep(dst[:have+nd])
			w.decoded -= have
			w.value(dst[:have+nd], depth+1, flags|decode.Compressed)
			w.release(arena)
			w.inflating = false
		}
		if !more {
			break
		}
		if made > limit {
			w.Counts.Expansion++
			w.Counts.Uninspected += int64(len(v))
			v = v[:0]
			break
		}
		if have+nd > decode.Overlap {
			have = copy(dst, dst[have+nd-decode.Overlap:have+nd])
		} else {
			have += nd
		}
	}
	w.pop(mark)
	w.ctx.Partial = partial
	if made > 0 && len(v) > 0 {
		// what follows the stream, or could not be read
		w.value(v, depth+1, flags|decode.Compressed)
	}
	return made > 0
}
