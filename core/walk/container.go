package walk

import (
	"github.com/glacis-waf/glacis/core/decode"
	"github.com/glacis-waf/glacis/core/kernel"
)

var (
	zeroX      = []byte("0x")
	zeroUpperX = []byte("0X")
)

// cursor is what all container decoders have in common.
type cursor interface {
	Next(f *decode.Field) decode.State
}

// container takes v apart if it is a JSON, XML, form, … document. It reports
// whether it was and whether that settles the value: escapes of the whole need
// not be tried then, the leaves have had them.
func (w *Walker) container(v []byte, class kernel.Class, depth int, flags decode.Flags) bool {
	first := firstByte(v)
	switch {
	case first == '{' || first == '[' || first == '"':
		if len(v) >= 2 && decode.LooksJSON(v) {
			return w.drive(v, asJSON, '.', "#json", depth, flags)
		}
		if first == '{' && decode.LooksGraphQL(v) {
			return w.drive(v, asGraphQL, '.', "#graphql", depth, flags)
		}
	case first == '<':
		if decode.LooksXML(v) {
			w.drive(v, asXML, '.', "#xml", depth, flags)
			return false
		}
	}
	if class&kernel.Colon != 0 && class&(kernel.Separator|kernel.Bracket) != 0 && decode.LooksPHP(v) {
		w.drive(v, asPHP, '.', "#php", depth, flags|decode.Serialized)
		return false
	}
	if class&(kernel.Equal|kernel.Amp) == kernel.Equal|kernel.Amp && decode.LooksForm(v) {
		w.drive(v, asForm, '.', "#form", depth, flags)
		return false
	}
	if class&kernel.Bracket != 0 && class&kernel.Paren != 0 && decode.LooksGraphQL(v) {
		return w.drive(v, asGraphQL, '.', "#graphql", depth, flags)
	}
	if class&kernel.NewLine != 0 && class&kernel.Colon != 0 && decode.LooksYAML(v) {
		w.drive(v, asYAML, '.', "#yaml", depth, flags)
		return false
	}
	if class&kernel.Separator != 0 && decode.LooksDelimited(v) {
		w.drive(v, asDelimited, '.', "#list", depth, flags)
	}
	return false
}

// binary handles values with NULs, control bytes or non-ASCII bytes that are
// wide text, serialised objects or binary formats.
func (w *Walker) binary(v []byte, class kernel.Class, depth int, flags decode.Flags) bool {
	if order, ok := decode.LooksUTF16(v); ok {
		dst := w.scratch(len(v) + len(v)/2)
		if dst == nil {
			return false
		}
		out, got := decode.UTF16(dst, v, order)
		arena := w.keep(out)
		mark := w.pushTag("#utf16")
		w.value(out, depth+1, flags|got&^decode.Changed)
		w.pop(mark)
		w.release(arena)
		return true
	}
	if kind, ok := decode.LooksSerialized(v); ok {
		_ = kind
		return w.drive(v, asSerialized, '.', "#object", depth, flags|decode.Serialized)
	}
	if class&kernel.Control == 0 {
		return false
	}
	if w.inflateValue(v, depth, flags) {
		return true
	}
	if decode.LooksProtobuf(v) {
		return w.drive(v, asProtobuf, '.', "#protobuf", depth, flags)
	}
	if decode.LooksMsgpack(v) {
		return w.drive(v, asMsgpack, '.', "#msgpack", depth, flags)
	}
	if decode.LooksBinary(v) {
		return w.drive(v, asStrings, '.', "#strings", depth, flags)
	}
	return false
}

type format uint8

const (
	asJSON format = iota
	asForm
	asXML
	asCookie
	asPHP
	asGraphQL
	asYAML
	asDelimited
	asSerialized
	asProtobuf
	asMsgpack
	asStrings
)

// open readies the frame's cursor of that format over v.
func (f *frame) open(kind format, v []byte) cursor {
	switch kind {
	case asJSON:
		f.json.Reset()
		f.json.Window(v, true)
		return &f.json
	case asForm:
		f.form.Reset()
		f.form.Window(v, true)
		return &f.form
	case asXML:
		f.xml.Reset()
		f.xml.Window(v, true)
		return &f.xml
	case asCookie:
		f.cookie.Reset()
		f.cookie.Window(v, true)
		return &f.cookie
	case asPHP:
		f.php.Reset()
		f.php.Window(v, true)
		return &f.php
	case asGraphQL:
		f.graphql.Reset()
		f.graphql.Window(v, true)
		return &f.graphql
	case asYAML:
		f.yaml.Reset()
		f.yaml.Window(v, true)
		return &f.yaml
	case asDelimited:
		f.delim.Reset()
		f.delim.Window(v, true)
		return &f.delim
	case asSerialized:
		f.serial.Reset()
		f.serial.Window(v, true)
		return &f.serial
	case asProtobuf:
		f.proto.Reset()
		f.proto.Window(v, true)
		return &f.proto
	case asMsgpack:
		f.msgpack.Reset()
		f.msgpack.Window(v, true)
		return &f.msgpack
	}
	f.strings.Reset()
	f.strings.Window(v, true)
	return &f.strings
}

// drive runs a cursor over v and judges its fields one layer deeper.
func (w *Walker) drive(v []byte, kind format, sep byte, tag string, depth int, flags decode.Flags) bool {
	f := w.enter()
	if f == nil {
		w.Counts.Depth++
		w.Counts.Uninspected += int64(len(v))
		return false
	}
	c := f.open(kind, v)
	mark := w.pushTag(tag)
	floor, lost := w.floor, w.lost
	w.floor, w.lost = w.entered, 0
	for c.Next(&f.field) == decode.Found {
		w.field(&f.field, kind, sep, depth+1, flags|f.field.Flags)
	}
	w.entered, w.floor, w.lost = w.floor, floor, lost
	w.pop(mark)
	w.leave()
	return true
}

// field judges one field of a container.
func (w *Walker) field(f *decode.Field, kind format, sep byte, depth int, flags decode.Flags) {
	switch f.Kind {
	case decode.KindLeave:
		w.popTo(sep)
		return
	case decode.KindEnter:
		w.pushEnter(sep, f.Name)
		return
	}
	c := &w.ctx
	name, partial := c.Name, c.Partial
	c.Partial = f.Partial
	switch f.Kind {
	case decode.KindName:
		c.Name = true
		if len(f.Value) > 0 {
			w.leaf(f.Value, f.Escaped, kind, depth, flags)
		} else {
			w.leaf(f.Name, f.Escaped, kind, depth, flags)
		}
	default:
		mark := len(w.path)
		if len(f.Name) > 0 {
			mark = w.push(sep, f.Name)
		}
		w.leaf(f.Value, f.Escaped, kind, depth, flags)
		w.pop(mark)
	}
	c.Name, c.Partial = name, partial
}

// leaf undoes the container's own escapes, which are no evidence, and judges
// the result.
func (w *Walker) leaf(v []byte, escaped bool, kind format, depth int, flags decode.Flags) {
	if !escaped || kind == asCookie {
		w.value(v, depth, flags)
		return
	}
	dst := w.scratch(len(v))
	if dst == nil {
		return
	}
	var out []byte
	var got decode.Flags
	switch kind {
	case asForm:
		out, got = decode.Percent(dst, v, true)
	case asXML:
		out, got = decode.HTML(dst, v)
	default:
		out, got = decode.JSONString(dst, v)
	}
	// the container's own escapes are expected there: only their oddities count
	got &= decode.BrokenEscape | decode.UnicodeEscape | decode.Control | decode.Overlong
	arena := w.keep(out)
	w.value(out, depth, flags|got)
	w.release(arena)
}

func firstByte(v []byte) byte {
	for i := 0; i < len(v) && i < 64; i++ {
		if v[i] > ' ' {
			return v[i]
		}
	}
	return 0
}
