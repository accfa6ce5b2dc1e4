package core

import (
	"github.com/glacis-waf/glacis/core/decode"
	"github.com/glacis-waf/glacis/core/walk"
)

// inflateOut is the size of the buffer that decompressed bytes pass through.
const inflateOut = 8 << 10

// payload undoes the content encoding of a body on its way to the walker.
type payload struct {
	mode     payloadMode
	inflater *decode.Inflater
	out      []byte
	carry    []byte
	plug     Decompressor
	in, made int64
	stopped  bool
	t        *Transaction
	emit     func([]byte) bool
}

type payloadMode uint8

const (
	plain payloadMode = iota
	inflating
	plugged
	sniffing
)

func (p *payload) reset() {
	if p.plug != nil {
		p.plug.Close(discard)
		p.plug = nil
	}
	p.mode, p.in, p.made, p.stopped = plain, 0, 0, false
	p.carry = p.carry[:0]
}

func discard([]byte) bool { return false }

// open decides by the declared encoding; sniffing settles by the first bytes,
// because a gzip body without the header is inflated by many frameworks.
func (p *payload) open(t *Transaction) {
	p.mode = sniffing
	enc := lastToken(t.encoding)
	if len(enc) == 0 || walk.EqualFold(enc, "identity") || walk.EqualFold(enc, "gzip") ||
		walk.EqualFold(enc, "x-gzip") || walk.EqualFold(enc, "deflate") {
		return
	}
	if make := t.engine.decompressor(enc); make != nil {
		p.plug = make()
		p.mode = plugged
		p.t = t
		if p.emit == nil {
			p.emit = p.push
		}
		return
	}
	t.limits[LimitEncoding]++
}

// push takes decompressed bytes from a plugged decompressor.
func (p *payload) push(b []byte) bool {
	p.made += int64(len(b))
	p.t.walker.Body(b)
	return p.within(p.t)
}

// within enforces the expansion ratio.
func (p *payload) within(t *Transaction) bool {
	if p.made > int64(t.engine.cfg.Limits.Expansion)*p.in+64<<10 || p.made > t.engine.cfg.Limits.BodyBytes {
		if !p.stopped {
			t.limits[LimitExpansion]++
		}
		p.stopped = true
	}
	return !p.stopped
}

func (p *payload) write(t *Transaction, chunk []byte) {
	p.in += int64(len(chunk))
	if p.mode == sniffing {
		// three bytes tell gzip and zlib from text; they are carried over so
		// that chunking makes no difference
		n := 3 - len(p.carry)
		if n > len(chunk) {
			n = len(chunk)
		}
		p.carry = append(p.carry, chunk[:n]...)
		chunk = chunk[n:]
		if len(p.carry) < 3 {
			return
		}
		p.settle(t, p.carry)
		p.pass(t, p.carry)
	}
	if len(chunk) > 0 {
		p.pass(t, chunk)
	}
}

func (p *payload) settle(t *Transaction, head []byte) {
	p.mode = plain
	declared := walk.EqualFold(lastToken(t.encoding), "deflate")
	if decode.LooksDeflated(head) || declared {
		p.mode = inflating
		if p.inflater == nil {
			p.inflater = new(decode.Inflater)
			p.out = make([]byte, inflateOut)
		}
		p.inflater.Reset(declared)
	}
}

func (p *payload) pass(t *Transaction, chunk []byte) {
	switch p.mode {
	case inflating:
		p.inflate(t, chunk)
	case plugged:
		if p.stopped {
			t.uninspected += int64(len(chunk))
			return
		}
		if err := p.plug.Write(chunk, p.emit); err != nil {
			p.stopped = true
			t.limits[LimitEncoding]++
		}
	default:
		t.walker.Body(chunk)
	}
}

func (p *payload) inflate(t *Transaction, src []byte) {
	for !p.stopped {
		nd, ns, st := p.inflater.Inflate(p.out, src)
		src = src[ns:]
		p.made += int64(nd)
		t.walker.Body(p.out[:nd])
		switch st {
		case decode.InflateEnd, decode.InflateCorrupt:
			// what follows the stream is judged as it is
			p.mode = plain
			t.walker.Body(src)
			return
		case decode.InflateNeedInput:
			return
		}
		p.within(t)
	}
	t.uninspected += int64(len(src))
}

func (p *payload) close(t *Transaction) {
	if p.mode == sniffing {
		t.walker.Body(p.carry)
	}
	if p.plug != nil {
		p.plug.Close(p.emit)
		p.plug = nil
	}
}

// lastToken returns the last coding of a Content-Encoding list: the one that
// was applied last and has to be undone first.
func lastToken(b []byte) []byte {
	end := len(b)
	for end > 0 && (b[end-1] == ' ' || b[end-1] == ',' || b[end-1] == '\t') {
		end--
	}
	start := end
	for start > 0 && b[start-1] != ',' {
		start--
	}
	for start < end && (b[start] == ' ' || b[start] == '\t') {
		start++
	}
	return b[start:end]
}
