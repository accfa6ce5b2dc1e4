package walk

import (
	"github.com/glacis-waf/glacis/core/decode"
	"github.com/glacis-waf/glacis/core/kernel"
)

// outcome says what is left to do for a value.
type outcome uint8

const (
	// open: nothing was found, the escapes of the whole are tried.
	open outcome = iota
	// parted: the value was taken apart and its parts have had their escapes
	// undone; what the whole is without them is worth one look.
	parted
	// settled: nothing is left to do.
	settled
)

// document takes v apart if it is a JSON, XML, form, … document. The sniffers
// are ordered and gated so that what people send most, words and header values,
// meets one or none of them.
func (w *Walker) document(v []byte, class kernel.Class, depth int, flags decode.Flags) outcome {
	if class&(kernel.Bracket|kernel.Angle) != 0 {
		if o := w.bracketed(v, class, depth, flags); o != open {
			return o
		}
	}
	if class&kernel.Colon != 0 && class&(kernel.Separator|kernel.Bracket) != 0 && class&kernel.Digit != 0 && decode.LooksPHP(v) {
		w.drive(v, asPHP, '.', "#php", depth, flags|decode.Serialized)
		return parted
	}
	if class&kernel.Equal != 0 {
		if class&kernel.Amp != 0 && decode.LooksForm(v) {
			w.drive(v, asForm, '.', "#form", depth, flags)
			return parted
		}
		if class&kernel.Other != 0 && class&(kernel.Path|kernel.Colon) != 0 && w.url(v, depth, flags) {
			return parted
		}
	}
	if class&kernel.NewLine != 0 && w.lines(v, class, depth, flags) {
		return parted
	}
	if class&kernel.Separator != 0 {
		if class&kernel.Path != 0 && len(v) >= 16 {
			w.dataURLs(v, depth, flags)
		}
		if w.delimited(v, class, depth, flags) {
			return parted
		}
	}
	return open
}

// bracketed tries JSON, GraphQL and XML.
func (w *Walker) bracketed(v []byte, class kernel.Class, depth int, flags decode.Flags) outcome {
	if len(v) < 2 {
		return open
	}
	first := firstByte(v)
	switch first {
	case '{', '[', '"', ')', 0xef:
		if class&kernel.Bracket != 0 && decode.LooksJSON(v) && w.drive(v, asJSON, '.', "#json", depth, flags) {
			return settled
		}
	case '<':
		if decode.LooksXML(v) && w.drive(v, asXML, '.', "#xml", depth, flags) {
			return parted
		}
		return open
	}
	switch first {
	case '{', '#', 'q', 'm', 's', 'f':
		if class&kernel.Bracket != 0 && decode.LooksGraphQL(v) && w.drive(v, asGraphQL, '.', "#graphql", depth, flags) {
			return settled
		}
	}
	return open
}

// lines tries the formats that need line ends.
func (w *Walker) lines(v []byte, class kernel.Class, depth int, flags decode.Flags) bool {
	if _, ok := decode.LooksSerialized(v); ok {
		// a text pickle
		w.drive(v, asSerialized, '.', "#object", depth, flags|decode.Serialized)
		return true
	}
	if class&kernel.Colon != 0 && !w.ctx.Partial && decode.LooksYAML(v) {
		w.drive(v, asYAML, '.', "#yaml", depth, flags)
		return true
	}
	return false
}

// delimited looks into lists whose members may hide a layer of their own: the
// words of ordinary lists stand in the value for all to see.
func (w *Walker) delimited(v []byte, class kernel.Class, depth int, flags decode.Flags) bool {
	const never = kernel.Paren | kernel.Angle | kernel.Bracket | kernel.Shell | kernel.Amp | kernel.Backslash | kernel.Control | kernel.NonASCII
	if class&never != 0 || w.ctx.Partial || len(v) < 12 || class&kernel.Blank != 0 && len(v) > maxProse {
		return false
	}
	if class&kernel.Percent == 0 && !longWord(v) {
		return false
	}
	return decode.LooksDelimited(v) && w.drive(v, asDelimited, '.', "#list", depth, flags)
}

// maxProse is the length from which a text with blanks is prose, not a list.
const maxProse = 1 << 10

// longWord reports whether v has a run of 10 letters and digits of at least two
// kinds: something that could be base64 or hexadecimal.
func longWord(v []byte) bool {
	n, seen := 0, kernel.Class(0)
	for i := 0; i < len(v); i++ {
		c := kernel.Class(kernel.Table[v[i]]) & word
		if c == 0 {
			n, seen = 0, 0
			continue
		}
		seen |= c
		n++
		if n >= 10 && seen&(seen-1) != 0 {
			return true
		}
	}
	return false
}

// url looks into a value that is a URL, or a path, with parameters of its own.
func (w *Walker) url(v []byte, depth int, flags decode.Flags) bool {
	colon := false
	for i := 0; i < len(v); i++ {
		b := v[i]
		switch {
		case b == '?':
			if i == 0 || !colon && v[0] != '/' && v[0] != '.' {
				return false
			}
			u := decode.SplitURI(v)
			if !u.HasQuery || len(u.Query) < 3 {
				return false
			}
			w.drive(u.Query, asForm, '.', "#url", depth, flags)
			if len(u.Fragment) > 0 {
				mark := w.pushTag("#fragment")
				w.value(u.Fragment, depth+1, flags)
				w.pop(mark)
			}
			return true
		case b == ':':
			colon = true
		case b <= ' ' || b == '"' || b == '\'' || b == '<' || b == '(' || b == '{' || b == '=':
			return false
		}
	}
	return false
}

// binary handles values with NULs, control bytes or non-ASCII bytes that are
// wide text, serialised objects or binary formats.
func (w *Walker) binary(v []byte, class kernel.Class, depth int, flags decode.Flags) outcome {
	if len(v) < 4 {
		return open
	}
	if order := wideOrder(v); order != decode.OrderNone {
		w.wide(v, order, depth, flags)
		return open
	}
	done := false
	if compressed(v) && w.inflate(v, decode.InflateAuto, depth, flags) {
		return settled
	}
	if _, ok := decode.LooksSerialized(v); ok {
		done = w.drive(v, asSerialized, '.', "#object", depth, flags|decode.Serialized)
	} else if class&kernel.Control != 0 && decode.LooksProtobuf(v) {
		done = w.drive(v, asProtobuf, '.', "#protobuf", depth, flags)
	} else if decode.LooksMsgpack(v) {
		done = w.drive(v, asMsgpack, '.', "#msgpack", depth, flags)
	} else if class&kernel.Control != 0 && decode.LooksBinary(v) {
		done = w.drive(v, asStrings, '.', "#strings", depth, flags)
	}
	if done {
		return parted
	}
	return open
}

func firstByte(v []byte) byte {
	for i := 0; i < len(v) && i < 64; i++ {
		if v[i] > ' ' {
			return v[i]
		}
	}
	return 0
}
