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
	eaten    int
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
	p.mode, p.in, p.made, p.eaten, p.stopped = plain, 0, 0, 0, false
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
		head := [3]byte{p.carry[0], p.carry[1], p.carry[2]}
		p.carry = p.carry[:0]
		p.pass(t, head[:])
	}
	if len(chunk) > 0 {
		p.pass(t, chunk)
	}
}

func (p *payload) settle(t *Transaction, head []byte) {
	p.mode = plain
	declared := walk.EqualFold(lastToken(t.encoding), "deflate")
	if deflated(head) || declared {
		p.mode = inflating
		if p.inflater == nil {
			p.inflater = new(decode.Inflater)
			p.out = make([]byte, inflateOut)
		}
		p.inflater.Reset(decode.InflateAuto)
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
		p.remember(src[:ns])
		src = src[ns:]
		p.made += int64(nd)
		t.walker.Body(p.out[:nd])
		p.within(t)
		switch {
		case st == decode.InflateNeedInput || st == decode.InflateDone && len(src) == 0:
			return
		case st == decode.InflateCorrupt || st == decode.InflateDone && nd == 0 && ns == 0:
			// what follows the stream is judged as it is, and so is a body
			// that never was one: many servers ignore the declared encoding
			p.mode = plain
			if st == decode.InflateCorrupt && p.eaten <= replay {
				t.walker.Body(p.carry)
			}
			t.walker.Body(src)
			return
		}
	}
	t.uninspected += int64(len(src))
}

// replay is how much of a supposed deflate stream is kept until it is known
// to be one.
const replay = 4 << 10

func (p *payload) remember(b []byte) {
	p.eaten += len(b)
	if p.eaten <= replay {
		p.carry = append(p.carry, b...)
	}
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

// deflated tells gzip and zlib by their first bytes (RFC 1952, RFC 1950).
func deflated(b []byte) bool {
	return b[0] == 0x1f && b[1] == 0x8b && b[2] == 8 || b[0] == 0x78 && (b[1] == 1 || b[1] == 0x9c || b[1] == 0xda)
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
