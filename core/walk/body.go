package walk

import (
	"github.com/glacis-waf/glacis/core/decode"
)

// windowSize is the size of the body window. A body is always cut into windows
// of exactly this size, however it arrived: so any chunking gives the verdict
// of the whole.
const windowSize = 32 << 10

type shape uint8

const (
	unknown shape = iota
	jsonBody
	xmlBody
	formBody
	multipartBody
	binaryBody
	textBody
	wholeBody // handled by the value decoders
)

// body is the state of the body under inspection.
type body struct {
	window   []byte
	shape    shape
	started  bool
	declared []byte // the content type, kept by the caller until EndBody
	boundary [128]byte
	part     decode.Multipart
	frame    frame
	streams  bool
}

func (b *body) reset() {
	b.window = b.window[:0]
	b.shape, b.started, b.declared = unknown, false, nil
}

// ContentType tells the declared type of the body that follows. It is a hint.
// The slice must stay valid until EndBody.
func (w *Walker) ContentType(value []byte) { w.body.declared = value }

// Body feeds a chunk of the (decompressed) body.
func (w *Walker) Body(chunk []byte) {
	b := &w.body
	w.input += len(chunk)
	for len(chunk) > 0 {
		n := windowSize - len(b.window)
		if n > len(chunk) {
			n = len(chunk)
		}
		b.window = append(b.window, chunk[:n]...)
		chunk = chunk[n:]
		if len(b.window) == windowSize && len(chunk) > 0 {
			w.turn(false)
		}
	}
}

// EndBody says that the body is complete.
func (w *Walker) EndBody() {
	if len(w.body.window) > 0 || w.body.started {
		w.turn(true)
	}
	w.path = w.path[:0]
}

// turn inspects the window and drops what is done with.
func (w *Walker) turn(final bool) {
	b := &w.body
	if !b.started {
		b.started = true
		w.at(Body, "body")
		w.sniff(final)
	}
	w.ctx.Name, w.ctx.Partial = false, false
	done := len(b.window)
	switch b.shape {
	case jsonBody:
		b.frame.json.Window(b.window, final)
		w.ctx.Loc = Body
		w.run(&b.frame.json, asJSON)
		done = b.frame.json.Consumed()
	case xmlBody:
		b.frame.xml.Window(b.window, final)
		w.ctx.Loc = Body
		w.run(&b.frame.xml, asXML)
		done = b.frame.xml.Consumed()
	case formBody:
		b.frame.form.Window(b.window, final)
		w.ctx.Loc = Body
		w.run(&b.frame.form, asForm)
		done = b.frame.form.Consumed()
	case multipartBody:
		b.part.Window(b.window, final)
		w.parts()
		done = b.part.Consumed()
	case binaryBody:
		b.frame.strings.Window(b.window, final)
		w.ctx.Loc = Text
		w.run(&b.frame.strings, asStrings)
		done = b.frame.strings.Consumed()
	default:
		w.ctx.Loc = Text
		w.ctx.Partial = !final
		w.value(b.window, 0, 0)
		if !final {
			done -= decode.Overlap
		}
	}
	if final || done > len(b.window) {
		done = len(b.window)
	}
	n := copy(b.window, b.window[done:])
	b.window = b.window[:n]
}

// sniff settles the body's shape from its first window; the declared type only
// breaks ties.
func (w *Walker) sniff(final bool) {
	b := &w.body
	v := b.window
	if boundary, ok := decode.SniffBoundary(v); ok {
		w.openMultipart(boundary)
		return
	}
	if boundary, ok := decode.Boundary(b.declared); ok && multipartType(b.declared) {
		w.openMultipart(boundary)
		return
	}
	switch {
	case decode.LooksJSON(v):
		b.shape = jsonBody
		b.frame.json.Reset()
		w.pushTag(".json")
	case decode.LooksXML(v):
		b.shape = xmlBody
		b.frame.xml.Reset()
		w.pushTag(".xml")
	case decode.LooksForm(v) || formType(b.declared):
		b.shape = formBody
		b.frame.form.Reset()
		w.pushTag(".form")
	case !final && decode.LooksBinary(v):
		b.shape = binaryBody
		b.frame.strings.Reset()
		w.pushTag(".binary")
	default:
		b.shape = textBody
	}
}

func (w *Walker) openMultipart(boundary []byte) {
	b := &w.body
	b.shape = multipartBody
	n := copy(b.boundary[:], boundary)
	b.part.Reset(b.boundary[:n])
	w.pushTag(".multipart")
}

// run judges the fields that a streaming cursor finds in its window.
func (w *Walker) run(c cursor, kind format) {
	f := &w.body.frame.field
	for c.Next(f) == decode.Found {
		w.field(f, kind, '.', 0, f.Flags)
	}
}

// parts judges the fields of a multipart window.
func (w *Walker) parts() {
	b := &w.body
	f := &b.frame.field
	for b.part.Next(f) == decode.Found {
		mark := len(w.path)
		w.ctx.Loc, w.ctx.Name, w.ctx.Partial = Body, false, f.Partial
		if len(f.Name) > 0 {
			w.push('.', f.Name)
		}
		switch f.Kind {
		case decode.KindName:
			w.ctx.Name = true
		case decode.KindFilename:
			w.ctx.Loc = Meta
			w.pushTag(".filename")
		case decode.KindContentType:
			w.ctx.Loc = Meta
			w.pushTag(".type")
		case decode.KindHeader:
			w.ctx.Loc = Header
			w.pushTag(".header")
		case decode.KindFile:
			w.ctx.Loc = Text
			w.file(f.Value, f.Flags)
			w.pop(mark)
			continue
		case decode.KindRest:
			w.ctx.Loc = Text
		}
		w.value(f.Value, 0, f.Flags)
		w.pop(mark)
	}
	w.ctx.Name, w.ctx.Partial = false, false
}

// file judges a piece of an uploaded file: the strings of a binary one.
func (w *Walker) file(v []byte, flags decode.Flags) {
	if decode.LooksBinary(v) {
		w.drive(v, asStrings, '.', "#strings", 0, flags)
		return
	}
	w.value(v, 0, flags)
}

func multipartType(ct []byte) bool {
	return len(ct) >= 10 && EqualFold(ct[:10], "multipart/")
}

func formType(ct []byte) bool {
	const form = "application/x-www-form-urlencoded"
	return len(ct) >= len(form) && EqualFold(ct[:len(form)], form)
}

// MaxValue is the length of the longest value a Sink is handed.
const MaxValue = windowSize + windowSize/2
