package walk

import (
	"github.com/glacis-waf/glacis/core/decode"
	"github.com/glacis-waf/glacis/core/kernel"
)

// parts judges the fields of a multipart window.
func (w *Walker) parts(part *decode.Multipart) {
	b := &w.body
	var f decode.Field
	for part.Next(&f) == decode.Found {
		mark := len(w.path)
		w.ctx.Loc, w.ctx.Name, w.ctx.Partial = Body, false, f.Partial
		flags := f.Flags | b.flags
		if len(f.Name) > 0 && f.Kind != decode.KindName {
			w.push('.', f.Name)
		}
		switch f.Kind {
		case decode.KindName:
			w.ctx.Name = true
			w.value(f.Value, 0, flags)
		case decode.KindFilename:
			w.ctx.Loc = Meta
			w.pushTag(".filename")
			w.value(f.Value, 0, flags)
		case decode.KindContentType:
			w.ctx.Loc = Meta
			w.pushTag(".type")
			w.value(f.Value, 0, flags)
		case decode.KindHeader:
			w.ctx.Loc = Header
			w.pushTag(".header")
			w.value(f.Value, 0, flags)
		case decode.KindFile:
			w.ctx.Loc = Text
			w.content(part, &f, flags)
		case decode.KindRest:
			w.ctx.Loc = Text
			w.content(nil, &f, flags)
		default:
			w.content(part, &f, flags)
			if !f.Partial && len(f.Name) > 0 {
				w.pair(f.Name, f.Value, asForm, 0, flags)
			}
		}
		w.pop(mark)
	}
	w.ctx.Name, w.ctx.Partial = false, false
}

// content judges (a piece of) the content of a part, transfer encoding undone.
func (w *Walker) content(part *decode.Multipart, f *decode.Field, flags decode.Flags) {
	v := f.Value
	b := &w.body
	if part != nil {
		at := 0
		if b.inside {
			at = b.at
		}
		b.inside = f.Partial
		b.at = at + len(v) - decode.Overlap
		if boundary, ok := decode.Boundary(part.PartType()); ok && b.nesting < len(b.nested) {
			w.nest(boundary, v, flags)
			return
		}
		switch enc := part.PartEncoding(); {
		case len(enc) == 0:
		case EqualFold(enc, "base64"):
			if at > 0 {
				v = quartets(v, at)
			}
			w.based(v, 0, flags, true)
			return
		case EqualFold(enc, "quoted-printable"):
			w.transform(v, open, 0, flags, quotedPrintable, "#qp", 1)
		}
	}
	switch {
	case f.Kind == decode.KindValue && !f.Partial && len(v) <= MaxValue:
		w.value(v, 0, flags)
	case decode.LooksBinary(v):
		if !f.Partial && compressed(v) && w.inflate(v, decode.InflateAuto, 0, flags) {
			return
		}
		w.fields(v, asStrings, '.', "#strings", 0, flags)
	case f.Partial:
		w.text(v, flags)
	default:
		w.value(v, 0, flags)
	}
}

// nest takes a part apart that is multipart itself. A piece that begins in the
// middle of a part has that part's text as its preamble, so nothing is lost.
func (w *Walker) nest(boundary, v []byte, flags decode.Flags) {
	b := &w.body
	part := &b.nested[b.nesting]
	b.nesting++
	part.Reset(boundary)
	part.Window(v, true)
	mark := w.pushTag(".multipart")
	saved := b.flags
	b.flags = flags
	w.parts(part)
	b.flags = saved
	w.pop(mark)
	b.nesting--
}

// quartets drops what of a piece of base64 that goes on from another precedes
// the first whole quartet.
func quartets(v []byte, at int) []byte {
	for i := 0; i < len(v) && i < decode.Overlap/2; i++ {
		if v[i] == '\n' {
			return v[i+1:]
		}
	}
	skip := (4 - at&3) & 3
	if skip > len(v) {
		skip = len(v)
	}
	return v[skip:]
}

// quotedPrintable undoes RFC 2045, section 6.7: =XX and soft line breaks.
func quotedPrintable(dst, src []byte) ([]byte, decode.Flags) {
	var got decode.Flags
	for i := 0; i < len(src); i++ {
		if src[i] != '=' {
			dst = append(dst, src[i])
			continue
		}
		if hi, lo := nibble(src, i+1), nibble(src, i+2); hi >= 0 && lo >= 0 {
			dst = append(dst, byte(hi<<4|lo))
			i += 2
			got = decode.Changed
			continue
		}
		j := i + 1
		for j < len(src) && j < i+8 && kernel.Table[src[j]]&uint32(kernel.Blank) != 0 {
			j++
		}
		if j < len(src) && src[j] == '\r' {
			j++
		}
		if j < len(src) && src[j] == '\n' {
			i = j
			got = decode.Changed
			continue
		}
		dst = append(dst, '=')
	}
	return dst, got
}

// nibble returns the value of the hexadecimal digit at i, or -1.
func nibble(b []byte, i int) int {
	if i >= len(b) {
		return -1
	}
	switch c := b[i]; {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
