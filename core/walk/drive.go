package walk

import "github.com/glacis-waf/glacis/core/decode"

// drive runs a cursor over v and judges its fields one layer deeper. It reports
// whether it did; beyond the nesting limit v is judged as it stands only.
func (w *Walker) drive(v []byte, kind format, sep byte, tag string, depth int, flags decode.Flags) bool {
	return w.fields(v, kind, sep, tag, depth+1, flags)
}

// fields runs a cursor over v and judges its fields at the depth given.
func (w *Walker) fields(v []byte, kind format, sep byte, tag string, depth int, flags decode.Flags) bool {
	f := w.enter()
	if f == nil {
		return false
	}
	c := f.open(kind, v)
	mark := w.pushTag(tag)
	floor, lost := w.floor, w.lost
	w.floor, w.lost = w.entered, 0
	for c.Next(&f.field) == decode.Found {
		w.field(&f.field, kind, sep, depth, flags|f.field.Flags)
	}
	w.entered, w.floor, w.lost = w.floor, floor, lost
	w.pop(mark)
	w.leave()
	return true
}

// field judges one field of a container.
func (w *Walker) field(f *decode.Field, kind format, sep byte, depth int, flags decode.Flags) {
	if f.Flags&decode.DepthLimit != 0 {
		w.Counts.Depth++
	}
	switch f.Kind {
	case decode.KindLeave:
		w.popEnter()
		return
	case decode.KindEnter:
		w.pushEnter(sep, f.Name)
		return
	}
	c := &w.ctx
	name, partial := c.Name, c.Partial
	c.Partial = f.Partial
	if f.Kind == decode.KindName {
		c.Name = true
		text := f.Value
		if len(text) == 0 {
			text = f.Name
		}
		scans := w.scans
		w.leaf(text, f.Escaped, kind, depth, flags)
		w.dull = w.scans == scans+1 && c.Class&operators == 0 && !f.Escaped && len(text) == len(f.Name)
		c.Name, c.Partial = name, partial
		return
	}
	dull := w.dull
	mark := len(w.path)
	if len(f.Name) > 0 {
		w.push(sep, f.Name)
	}
	if f.Flags&decode.Compressed == 0 || !w.inflate(f.Value, decode.InflateAuto, depth, flags) {
		w.leaf(f.Value, f.Escaped, kind, depth, flags)
	}
	w.dull = false
	if !dull && kind <= asForm && len(f.Name) > 0 && f.Kind == decode.KindValue {
		w.pair(f.Name, f.Value, kind, depth, flags)
	}
	w.pop(mark)
	c.Name, c.Partial = name, partial
}

// leaf undoes the container's own escapes, which are no evidence, and judges
// the result.
func (w *Walker) leaf(v []byte, escaped bool, kind format, depth int, flags decode.Flags) {
	if !escaped || kind == asCookie {
		w.value(v, depth, flags)
		return
	}
	partial := w.ctx.Partial
	if partial && kind == asForm && len(v) > decode.Overlap {
		// a window's end may cut an escape; the next piece has it whole
		v = v[:cut(v, len(v)-1)]
	}
	for {
		n := cut(v, w.piece(len(v)))
		dst := w.scratch(n, len(v))
		if dst == nil {
			break
		}
		out, got := unescaped(dst, v[:n], kind)
		w.ctx.Partial = partial || n < len(v)
		arena := w.keep(out)
		w.value(out, depth, flags|got)
		w.release(arena)
		if n == len(v) {
			break
		}
		v = v[n-decode.Overlap:]
	}
	w.ctx.Partial = partial
}

// unescaped undoes a container's escapes: only their oddities are evidence.
func unescaped(dst, v []byte, kind format) ([]byte, decode.Flags) {
	const odd = decode.BrokenEscape | decode.UnicodeEscape | decode.Control | decode.Overlong
	var got decode.Flags
	switch kind {
	case asForm:
		dst, got = decode.Percent(dst, v, true)
	case asXML:
		dst, got = decode.HTML(dst, v)
	case asStrings:
		// UTF-16 of ASCII characters
		for i := 0; i < len(v); i++ {
			if v[i] != 0 {
				dst = append(dst, v[i])
			}
		}
	case asDelimited:
		for i := 0; i < len(v); i++ {
			dst = append(dst, v[i])
			if v[i] == '"' && i+1 < len(v) && v[i+1] == '"' {
				i++
			}
		}
	case asAuth:
		for i := 0; i < len(v); i++ {
			if v[i] == '\\' && i+1 < len(v) {
				i++
			}
			dst = append(dst, v[i])
		}
	default:
		dst, got = decode.JSONString(dst, v)
	}
	return dst, got & odd
}
