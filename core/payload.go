package core

import (
	"github.com/glacis-waf/glacis/core/decode"
	"github.com/glacis-waf/glacis/core/walk"
)

const (
	// inflateOut is the size of the buffer that decompressed bytes pass through.
	inflateOut = 4 << 10
	// inflateIn is the size of the blocks that a decompressor is fed with. They
	// are the same however the body arrives, and so is where a limit bites.
	inflateIn = 1 << 10
	// replay is how much of a supposedly compressed body is kept until it is
	// known to be that.
	replay = 4 << 10
	// expansionSlack is what any body may make beyond the ratio.
	expansionSlack = 64 << 10
)

// payload undoes the content encoding of a body on its way to the walker.
type payload struct {
	mode     payloadMode
	inflater *decode.Inflater
	out      []byte
	block    []byte // waits to be inflateIn bytes
	carry    []byte // the first replay bytes that a decompressor was fed
	plug     Decompressor
	in, made int64 // bytes fed to and got from the decompressor
	stopped  bool
	sealed   bool // in an encoding that nobody here undoes
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
	p.mode, p.in, p.made = plain, 0, 0
	p.stopped, p.sealed = false, false
	p.carry, p.block = p.carry[:0], p.block[:0]
}

func discard([]byte) bool { return false }

// open decides by the declared encoding; sniffing settles by the first bytes,
// because a gzip body without the header is inflated by many frameworks.
func (p *payload) open(t *Transaction) {
	p.mode = sniffing
	if p.block == nil {
		p.block = make([]byte, 0, inflateIn)
	}
	enc := lastToken(t.encoding)
	if len(enc) < len(t.encoding) {
		t.limits[LimitEncoding]++ // several codings: only the last is undone
	}
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
	p.sealed = true
}

func (p *payload) write(t *Transaction, chunk []byte) {
	for len(chunk) > 0 {
		if p.mode == plain {
			p.pass(t, chunk)
			return
		}
		n := inflateIn - len(p.block)
		if n > len(chunk) {
			n = len(chunk)
		}
		p.block = append(p.block, chunk[:n]...)
		chunk = chunk[n:]
		if p.mode == sniffing && len(p.block) >= 3 {
			p.settle(t)
		}
		if p.mode == plain || len(p.block) == inflateIn {
			p.flush(t)
		}
	}
}

// settle tells by the first three bytes whether the body is deflated.
func (p *payload) settle(t *Transaction) {
	p.mode = plain
	if !deflated(p.block) && !walk.EqualFold(lastToken(t.encoding), "deflate") {
		return
	}
	p.mode = inflating
	if p.inflater == nil {
		p.inflater = new(decode.Inflater)
		p.out = make([]byte, inflateOut)
	}
	p.inflater.Reset(decode.InflateAuto)
}

// flush hands the block on.
func (p *payload) flush(t *Transaction) {
	block := p.block
	p.block = p.block[:0]
	if len(block) == 0 {
		return
	}
	if p.mode == plain {
		p.pass(t, block)
		return
	}
	if p.stopped {
		t.uninspected += int64(len(block))
		return
	}
	p.in += int64(len(block))
	if p.in <= replay {
		p.carry = append(p.carry, block...)
	}
	if p.mode == inflating {
		p.inflate(t, block)
		return
	}
	if err := p.plug.Write(block, p.emit); err != nil {
		t.limits[LimitEncoding]++
		if !p.abandon(t) {
			p.stopped = true
			t.uninspected += int64(len(block))
		}
	}
}

// abandon gives a broken stream up and reports whether the body is judged as it
// came instead: one that breaks early perhaps never was what it was declared to
// be, and many servers ignore the declared encoding.
func (p *payload) abandon(t *Transaction) bool {
	if p.in > replay {
		return false
	}
	p.mode = plain
	t.walker.Body(p.carry)
	return true
}

// pass hands plain bytes to the walker.
func (p *payload) pass(t *Transaction, b []byte) {
	if p.sealed {
		t.uninspected += int64(len(b))
	}
	t.walker.Body(b)
}

// push takes decompressed bytes from a plugged decompressor.
func (p *payload) push(b []byte) bool {
	p.made += int64(len(b))
	p.t.walker.Body(b)
	return p.within(p.t)
}

// within enforces the expansion ratio and the body limit.
func (p *payload) within(t *Transaction) bool {
	l := &t.engine.cfg.Limits
	if !p.stopped && (p.made > int64(l.Expansion)*p.in+expansionSlack || p.made > l.BodyBytes) {
		t.limits[LimitExpansion]++
		p.stopped = true
	}
	return !p.stopped
}

// inflate undoes gzip, zlib and raw deflate.
func (p *payload) inflate(t *Transaction, src []byte) {
	for !p.stopped {
		nd, ns, st := p.inflater.Inflate(p.out, src)
		src = src[ns:]
		p.made += int64(nd)
		t.walker.Body(p.out[:nd])
		p.within(t)
		switch {
		case st == decode.InflateNeedInput || st == decode.InflateDone && len(src) == 0:
			return
		case st == decode.InflateCorrupt:
			t.limits[LimitEncoding]++
			if !p.abandon(t) {
				p.mode = plain
				t.uninspected += int64(len(src))
				t.walker.Body(src)
			}
			return
		case st == decode.InflateDone && nd == 0 && ns == 0:
			// what follows the stream is judged as it is
			p.mode = plain
			t.walker.Body(src)
			return
		}
	}
	t.uninspected += int64(len(src))
}

func (p *payload) close(t *Transaction) {
	if p.mode == sniffing {
		p.mode = plain
	}
	p.flush(t)
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
