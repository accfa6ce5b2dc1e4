package walk

import (
	"github.com/glacis-waf/glacis/core/decode"
)

// windowSize is the size of the body window. A body is always cut into windows
// of exactly this size, however it arrived: so any chunking gives the verdict
// of the whole.
const windowSize = 32 << 10

// headSize is how much of a body is collected before it is settled whether it
// is UTF-16.
const headSize = 128

// body is the state of the body under inspection.
type body struct {
	window   []byte
	shape    shape
	started  bool
	headed   bool   // head is settled
	declared []byte // the content type, kept by the caller until EndBody
	flags    decode.Flags
	order    decode.Order
	head     [headSize]byte
	first    [headSize]byte
	headLen  int // bytes in head, then of a code unit cut by a chunk's end
	boundary [256]byte
	part     decode.Multipart
	nested   [2]decode.Multipart
	nesting  int
	inside   bool // the next content goes on from a piece
	at       int  // where in the content it begins
	frame    frame
}

func (b *body) reset() {
	b.window = b.window[:0]
	b.shape, b.started, b.headed = unknown, false, false
	b.declared = nil // on its own: yaegi panics on a tuple with nil
	b.flags, b.order, b.headLen, b.nesting = 0, decode.OrderNone, 0, 0
	b.inside, b.at = false, 0
}

// ContentType tells the declared type of the body that follows. It is a hint.
// The slice must stay valid until EndBody.
func (w *Walker) ContentType(value []byte) { w.body.declared = value }

// Body feeds a chunk of the (decompressed) body.
func (w *Walker) Body(chunk []byte) {
	b := &w.body
	w.input += len(chunk)
	if !b.headed {
		if b.headLen == 0 && len(chunk) >= headSize {
			w.settle(chunk[:headSize])
		} else {
			n := copy(b.head[b.headLen:], chunk)
			b.headLen += n
			chunk = chunk[n:]
			if b.headLen < headSize {
				return
			}
			w.settleHead()
		}
	}
	w.pour(chunk)
}

// settle decides by the first bytes whether the body is UTF-16 or UTF-32.
func (w *Walker) settle(head []byte) {
	b := &w.body
	b.headed = true
	if b.order = wideOrder(head); b.order != decode.OrderNone {
		b.flags = decode.Wide
	}
}

// settleHead does so with what was collected and hands that on.
func (w *Walker) settleHead() {
	b := &w.body
	n := b.headLen
	b.headLen = 0
	w.settle(b.head[:n])
	copy(b.first[:], b.head[:n])
	w.pour(b.first[:n])
}

// pour takes bytes of a body whose order is settled.
func (w *Walker) pour(chunk []byte) {
	if w.body.order == decode.OrderNone {
		w.feed(chunk)
		return
	}
	b := &w.body
	for len(chunk) > 0 {
		// at most 8 bytes wait in head: a unit, or half a surrogate pair
		if b.headLen > 0 {
			n := copy(b.head[b.headLen:8], chunk)
			b.headLen += n
			chunk = chunk[n:]
			n = b.headLen
			b.headLen = 0
			used := w.narrowed(b.head[:n], false)
			b.headLen = copy(b.head[:], b.head[used:n])
			if n < 8 {
				return
			}
			continue
		}
		n := len(chunk)
		if n > 2<<10 {
			n = 2 << 10
		}
		used := w.narrowed(chunk[:n], false)
		if n == len(chunk) {
			b.headLen = copy(b.head[:], chunk[used:])
			return
		}
		chunk = chunk[used:]
	}
}

// narrowed feeds the UTF-8 form of whole units of at most 2 KiB and returns how
// many bytes it took. The arena, empty between windows, holds it meanwhile.
func (w *Walker) narrowed(src []byte, final bool) int {
	mark := len(w.arena)
	out, used := decode.UTF16(w.arena[mark:mark:cap(w.arena)], src, w.body.order, final)
	w.arena = w.arena[:mark+len(out)]
	w.feed(out)
	w.arena = w.arena[:mark]
	return used
}

// feed cuts what arrives into windows. Where a whole window lies in the chunk,
// it is read there.
func (w *Walker) feed(chunk []byte) {
	b := &w.body
	at := 0
	for at < len(chunk) {
		if len(b.window) == 0 {
			for len(chunk)-at > windowSize {
				at += w.turn(chunk[at:at+windowSize], false)
			}
			b.window = append(b.window, chunk[at:]...)
			return
		}
		n := windowSize - len(b.window)
		if n > len(chunk)-at {
			n = len(chunk) - at
		}
		b.window = append(b.window, chunk[at:at+n]...)
		at += n
		if at == len(chunk) {
			return
		}
		done := w.turn(b.window, false)
		if rest := len(b.window) - done; rest <= n {
			// all that is left lies in the chunk
			at -= rest
			b.window = b.window[:0]
		} else {
			b.window = b.window[:copy(b.window, b.window[done:])]
		}
	}
}

// EndBody says that the body is complete.
func (w *Walker) EndBody() {
	b := &w.body
	if !b.headed && b.headLen > 0 {
		w.settleHead()
	}
	if b.order != decode.OrderNone && b.headLen > 0 {
		n := b.headLen
		b.headLen = 0
		w.narrowed(b.head[:n], true)
	}
	if len(b.window) > 0 || b.started {
		w.turn(b.window, true)
	}
	b.window = b.window[:0]
	w.path = w.path[:0]
}

// turn inspects a window and returns how many bytes of it are done with.
func (w *Walker) turn(v []byte, final bool) int {
	b := &w.body
	if !b.started {
		b.started = true
		w.at(Body, "body")
		w.sniff(v, final)
		if w.skim != nil && final && w.skim.body(w, v) {
			return len(v)
		}
	}
	w.ctx.Name, w.ctx.Partial, w.ctx.Loc = false, false, Body
	done := len(v)
	switch b.shape {
	case jsonBody:
		b.frame.json.Window(v, final)
		w.run(&b.frame.json, asJSON)
		done = b.frame.json.Consumed()
	case xmlBody:
		b.frame.xml.Window(v, final)
		w.run(&b.frame.xml, asXML)
		done = b.frame.xml.Consumed()
	case formBody:
		w.names.begin()
		b.frame.form.Window(v, final)
		w.params(&b.frame, &b.frame.form, v)
		done = b.frame.form.Consumed()
	case multipartBody:
		b.part.Window(v, final)
		w.parts(&b.part)
		done = b.part.Consumed()
	case binaryBody:
		w.ctx.Loc = Text
		b.frame.strings.Window(v, final)
		w.run(&b.frame.strings, asStrings)
		done = b.frame.strings.Consumed()
	case wholeBody:
		w.ctx.Loc = Text
		w.value(v, 0, b.flags)
	default:
		w.ctx.Loc, w.ctx.Partial = Text, true
		w.text(v, b.flags)
		if !final {
			done -= decode.Overlap
		}
	}
	if final {
		return len(v)
	}
	if done <= 0 || done > len(v) {
		done = len(v) // cursors always make progress; should one not, go on
	}
	return done
}

// text judges a window of unstructured text in pieces that a Sink takes.
func (w *Walker) text(v []byte, flags decode.Flags) {
	if len(v) <= MaxValue {
		w.value(v, 0, flags)
		return
	}
	size := even(len(v))
	for len(v) > size {
		w.value(v[:size], 0, flags)
		v = v[size-decode.Overlap:]
	}
	w.value(v, 0, flags)
}

// run judges the fields that a streaming cursor finds in its window.
func (w *Walker) run(c cursor, kind format) {
	f := &w.body.frame.field
	for c.Next(f) == decode.Found {
		w.field(f, kind, '.', 0, f.Flags|w.body.flags)
	}
}
