package core

import "github.com/glacis-waf/glacis/core/walk"

// Transaction is one request under inspection. It comes from Engine.Begin and
// goes back with Close. One goroutine uses it at a time. The calls follow the
// wire: RequestLine, Header…, EndHeaders, Body…, Trailer…, End.
type Transaction struct {
	engine      *Engine
	walker      *walk.Walker
	judge       *judge
	contentType []byte
	encoding    []byte
	headerBytes int
	bodyBytes   int64
	payload     payload
	sums        *lineSums // nil where the engine skims instead, or where anybody knows the key
	bodyOpen    bool
	ended       bool
	uninspected int64
	limits      [LimitKinds]uint32
	rule        *rule // nil without a policy
	// inside counts the calls under way; it stays up after one that panicked.
	inside int
}

// typeSize is how much of the declared content type is looked at.
const typeSize = 256

func newTransaction(e *Engine, sink walk.Sink) *Transaction {
	l := e.cfg.Limits
	t := &Transaction{engine: e}
	if sink == nil {
		t.judge = newJudge(e)
		if e.skim == nil && !e.cfg.Predictable {
			t.sums = new(lineSums)
		}
		if e.cfg.Policy != nil {
			t.rule = newRule(e.cfg.Policy)
			t.judge.rule = t.rule
		}
		sink = t.judge
	}
	t.walker = walk.New(sink, e.gate, walk.Limits{Depth: l.Depth, Values: l.Values,
		DecodedRatio: l.DecodedRatio, DecodedSlack: l.DecodedSlack, Expansion: l.Expansion})
	if t.judge != nil && e.skim != nil {
		t.walker.Skim(e.skim, t.judge)
	}
	t.contentType = make([]byte, 0, typeSize)
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
	if t.rule != nil {
		t.unrule()
	}
}

// admit returns how much of a line of n bytes the header budget allows.
func (t *Transaction) admit(n int) int {
	room := t.engine.cfg.Limits.HeaderBytes - t.headerBytes
	if n > room {
		t.limits[LimitHeader]++
		t.uninspected += int64(n - room)
		n = room
	}
	t.headerBytes += n
	return n
}

// line returns an empty buffer for n bytes: one that the walker does not need
// while there is no body, or a new one.
func (t *Transaction) line(n int) []byte {
	if b := t.walker.Line(); n <= cap(b) && !t.bodyOpen {
		return b
	}
	return make([]byte, 0, n)
}

// RequestLine judges the method and the request target as they came.
func (t *Transaction) RequestLine(method, uri string) {
	method = method[:t.admit(len(method))]
	uri = uri[:t.admit(len(uri))]
	if t.judge != nil && t.judge.learned != nil {
		t.judge.learned.begin(method, uri)
	}
	line := append(t.line(len(method)+len(uri)), method...)
	line = append(line, uri...)
	t.inside++
	if t.rule != nil {
		t.rule.Line(method, uri)
	}
	t.walker.Method(line[:len(method)])
	t.target(line[len(method):], uri)
	t.inside--
}

// Header judges one header line. Call it once per line, in order.
func (t *Transaction) Header(name, value string) {
	t.inside++
	t.header(name, value, false)
	t.inside--
}

// Trailer judges one trailer line; it belongs after the body.
func (t *Transaction) Trailer(name, value string) {
	t.inside++
	t.closeBody()
	t.header(name, value, true)
	t.inside--
}

func (t *Transaction) header(name, value string, trailer bool) {
	name = name[:t.admit(len(name))]
	value = value[:t.admit(len(value))]
	if t.rule != nil {
		if trailer {
			t.settle()
		} else {
			t.rule.Header(name, value)
		}
	}
	if trailer || t.judge == nil {
		t.walk(name, value, trailer)
		return
	}
	if t.judge.learned != nil {
		t.judge.learned.header(name, value)
	}
	switch {
	case t.engine.skim != nil:
		t.skimHeader(name, value)
	case t.sums == nil || aboutBody(name):
		t.walk(name, value, trailer)
	default:
		t.recalled(name, value)
	}
}

func larger(a, b int) int {
	if a > b {
		return a
	}
	return b
}

// walk judges a header line byte by byte.
func (t *Transaction) walk(name, value string, trailer bool) {
	line := append(t.line(len(name)+len(value)), name...)
	line = append(line, value...)
	nb, vb := line[:len(name)], line[len(name):]
	if !trailer {
		t.note(nb, vb)
	}
	t.walker.Header(nb, vb, trailer)
}

// note keeps the two headers that say how to read the body: the first content
// type, because the body's own look decides anyway, and all content encodings.
func (t *Transaction) note(name, value []byte) {
	switch {
	case walk.EqualFold(name, "content-type"):
		if len(t.contentType) == 0 {
			if len(value) > typeSize {
				value = value[:typeSize]
			}
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
func (t *Transaction) EndHeaders() Verdict {
	t.settle()
	return t.verdict()
}

// Body judges a chunk of the body; the chunk may be reused afterwards. The
// verdict it returns is the verdict on all complete blocks of 32 KiB.
func (t *Transaction) Body(chunk []byte) Verdict {
	t.inside++
	if !t.ended {
		t.body(chunk)
	}
	t.inside--
	return t.verdict()
}

// body judges what the limits allow of a chunk.
func (t *Transaction) body(chunk []byte) {
	t.settle()
	if t.rule != nil && t.rule.Rules().Off() {
		return
	}
	if room := t.bodyRoom(); int64(len(chunk)) > room {
		if t.limits[LimitBody] == 0 {
			t.limits[LimitBody]++
			t.overBody()
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
	t.inside++
	t.settle()
	t.closeBody()
	t.ended = true
	t.inside--
	return t.verdict()
}

// Close returns the transaction to its engine. It must not be used afterwards.
// One whose call panicked is in an unknown state: should Close be called all the
// same, it is left to the garbage collector.
func (t *Transaction) Close() {
	if t.judge != nil && t.inside == 0 {
		if t.rule != nil {
			t.rule.close()
		}
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
	if p := t.engine.cfg.Profile; p != nil {
		v.Profile = p.Version()
	}
	if t.rule != nil {
		t.rule.fill(&v, t.judge)
	}
	return v
}

func (t *Transaction) run(r *Request) {
	t.Source(r.Source)
	t.RequestLine(r.Method, r.URI)
	for i := 0; i < len(r.Headers); i++ {
		t.header(r.Headers[i].Name, r.Headers[i].Value, false)
	}
	t.settle()
	if len(r.Body) > 0 {
		t.Body(r.Body)
	}
	for i := 0; i < len(r.Trailers); i++ {
		t.Trailer(r.Trailers[i].Name, r.Trailers[i].Value)
	}
	t.closeBody()
}
