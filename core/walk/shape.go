package walk

import (
	"bytes"

	"github.com/glacis-waf/glacis/core/decode"
)

// shape is how a body is read.
type shape uint8

const (
	unknown shape = iota
	jsonBody
	xmlBody
	formBody
	multipartBody
	binaryBody
	textBody
	wholeBody // fits a window: the value decoders try all they know
)

// sniff settles the body's shape from its first window; the declared type only
// breaks ties.
func (w *Walker) sniff(v []byte, final bool) {
	b := &w.body
	if b.order != decode.OrderNone {
		w.pushTag("#utf16")
	}
	if boundary, ok := decode.SniffBoundary(v); ok {
		w.openMultipart(boundary)
		return
	}
	if boundary, ok := decode.Boundary(b.declared); ok {
		w.openMultipart(boundary)
		return
	}
	switch {
	case decode.LooksJSON(v) || typed(b.declared, "json") && junkBefore(v):
		b.shape = jsonBody
		b.frame.json.Reset()
		w.pushTag(".json")
	case decode.LooksXML(v):
		b.shape = xmlBody
		b.frame.xml.Reset()
		w.pushTag(".xml")
	case decode.LooksForm(v) || typed(b.declared, "x-www-form-urlencoded"):
		b.shape = formBody
		b.frame.form.Reset()
		w.pushTag(".form")
	case final:
		b.shape = wholeBody
	case decode.LooksBinary(v):
		b.shape = binaryBody
		b.frame.strings.Reset()
		b.frame.strings.LongRuns()
		w.pushTag(".binary")
	default:
		b.shape = textBody
	}
}

// junkBefore reports whether a document begins soon, behind something else.
func junkBefore(v []byte) bool {
	if len(v) > 256 {
		v = v[:256]
	}
	i := bytes.IndexByte(v, '{')
	if i < 0 {
		i = bytes.IndexByte(v, '[')
	}
	return i >= 0 && decode.LooksJSON(v[i:])
}

// typed reports whether a content type has the word in its subtype.
func typed(declared []byte, lower string) bool {
	if len(declared) > 128 {
		declared = declared[:128]
	}
	for i := 0; i+len(lower) <= len(declared) && declared[i] != ';'; i++ {
		if EqualFold(declared[i:i+len(lower)], lower) {
			return true
		}
	}
	return false
}

func (w *Walker) openMultipart(boundary []byte) {
	b := &w.body
	b.shape = multipartBody
	n := copy(b.boundary[:], boundary)
	b.part.Reset(b.boundary[:n])
	w.pushTag(".multipart")
}
