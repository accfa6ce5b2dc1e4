package core

import (
	"github.com/glacis-waf/glacis/core/walk"
)

// Transaction is one request under inspection. It comes from Engine.Begin and
// goes back with Close. One goroutine uses it at a time. The calls follow the
// wire: RequestLine, Header…, EndHeaders, Body…, Trailer…, End.
type Transaction struct {
	engine      *Engine
	walker      *walk.Walker
	judge       *judge
	line        []byte
	contentType []byte
	encoding    []byte
	headerBytes int
	bodyBytes   int64
	payload     payload
	bodyOpen    bool
	ended       bool
	uninspected int64
	limits      [LimitKinds]uint32
}

const lineSize = 4 << 10

func newTransaction(e *Engine, sink walk.Sink) *Transaction {
	l := e.cfg.Limits
	t := &Transaction{engine: e}
	if sink == nil {
		t.judge = newJudge(e)
		sink = t.judge
	}
	t.walker = walk.New(sink, e.gate, walk.Limits{Depth: l.Depth, Values: l.Values,
		DecodedRatio: l.DecodedRatio, DecodedSlack: l.DecodedSlack, Expansion: l.Expansion})
	t.line = make([]byte, 0, lineSize)
	t.contentType = make([]byte, 0, 256)
	t.encoding = make([]byte, 0, 64)
	return t
}

func (t *Transaction) reset() {
	t.walker.Reset()
	if t.judge != nil {
		t.judge.reset()
	}
	t.contentType, t.encoding = t.contentType[:0], t.encoding[:0]
	t.headerBytes, t.bodyBytes, t.uninspected = 0, 0, 0
	t.limits = [LimitKinds]uint32{}
	t.bodyOpen, t.ended = false, false
	t.payload.reset()
	if cap(t.line) > 8*lineSize {
		t.line = make([]byte, 0, lineSize)
	}
}

// take copies s into the line buffer as far as the header budget allows.
func (t *Transaction) take(s string) []byte {
	room := t.engine.cfg.Limits.HeaderBytes - t.headerBytes
	if len(s) > room {
		t.limits[LimitHeader]++
		t.uninspected += int64(len(s) - room)
		s = s[:room]
	}
	t.headerBytes += len(s)
	start := len(t.line)
	t.line = append(t.line, s...)
	return t.line[start:]
}

// RequestLine judges the method and the request target as they came.
func (t *Transaction) RequestLine(method, uri string) {
	t.line = t.line[:0]
	t.walker.Method(t.take(method))
	t.line = t.line[:0]
	t.walker.Target(t.take(uri))
}

// Header judges one header line. Call it once per line, in order.
func (t *Transaction) Header(name, value string) {
	t.header(name, value, false)
}

// Trailer judges one trailer line; it belongs after the body.
func (t *Transaction) Trailer(name, value string) {
	t.closeBody()
	t.header(name, value, true)
}

func (t *Transaction) header(name, value string, trailer bool) {
	t.line = t.line[:0]
	n := len(t.take(name))
	t.take(value)
	nb, vb := t.line[:n], t.line[n:]
	if !trailer {
		t.note(nb, vb)
	}
	t.walker.Header(nb, vb, trailer)
}

// note keeps the two headers that say how to read the body. Of several
// contradicting lines all are joined: the body's own look decides anyway.
func (t *Transaction) note(name, value []byte) {
	switch {
	case walk.EqualFold(name, "content-type"):
		if len(t.contentType) == 0 && len(value) <= cap(t.contentType) {
			t.contentType = append(t.contentType, value...)
		}
	case walk.EqualFold(name, "content-encoding"):
		if len(t.encoding)+len(value) < cap(t.encoding) {
			if len(t.encoding) > 0 {
				t.encoding = append(t.encoding, ',')
			}
			t.encoding = append(t.encoding, value...)
		}
	}
}

// EndHeaders returns the verdict so far.
func (t *Transaction) EndHeaders() Verdict { return t.verdict() }

// Body judges a chunk of the body; the chunk may be reused afterwards. The
// verdict it returns is the verdict on all complete blocks of 32 KiB.
func (t *Transaction) Body(chunk []byte) Verdict {
	if t.ended {
		return t.verdict()
	}
	if room := t.engine.cfg.Limits.BodyBytes - t.bodyBytes; int64(len(chunk)) > room {
		if t.limits[LimitBody] == 0 {
			t.limits[LimitBody]++
		}
		t.uninspected += int64(len(chunk)) - room
		chunk = chunk[:room]
	}
	t.bodyBytes += int64(len(chunk))
	if len(chunk) > 0 {
		if !t.bodyOpen {
			t.bodyOpen = true
			t.walker.ContentType(t.contentType)
			t.payload.open(t)
		}
		t.payload.write(t, chunk)
	}
	return t.verdict()
}

func (t *Transaction) closeBody() {
	if t.bodyOpen {
		t.bodyOpen = false
		t.ended = true
		t.payload.close(t)
		t.walker.EndBody()
	}
}

// End returns the final verdict.
func (t *Transaction) End() Verdict {
	t.closeBody()
	t.ended = true
	return t.verdict()
}

// Close returns the transaction to its engine. It must not be used afterwards.
func (t *Transaction) Close() {
	if t.judge != nil {
		t.engine.pool.Put(t)
	}
}

func (t *Transaction) verdict() Verdict {
	v := Verdict{Model: t.engine.name, Limits: t.limits}
	c := &t.walker.Counts
	v.Limits[LimitDepth] += c.Depth
	v.Limits[LimitValues] += c.Values
	v.Limits[LimitDecoded] += c.Decoded
	v.Limits[LimitExpansion] += c.Expansion
	v.Uninspected = t.uninspected + c.Uninspected
	if t.judge != nil {
		t.judge.fill(&v)
	}
	return v
}

func (t *Transaction) run(r *Request) {
	t.RequestLine(r.Method, r.URI)
	for i := 0; i < len(r.Headers); i++ {
		t.header(r.Headers[i].Name, r.Headers[i].Value, false)
	}
	if len(r.Body) > 0 {
		t.Body(r.Body)
	}
	for i := 0; i < len(r.Trailers); i++ {
		t.Trailer(r.Trailers[i].Name, r.Trailers[i].Value)
	}
	t.closeBody()
}
