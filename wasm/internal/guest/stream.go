package guest

import (
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/wasm/internal/abi"
)

// Why a request could not be inspected.
const (
	// FaultPanic: a defect of the engine or of this package.
	FaultPanic = "panic"
	// FaultHost: the host handed no headers over, or malformed ones.
	FaultHost = "host"
	// FaultBody: the host handed a part of the body not over.
	FaultBody = "body"
	// FaultBusy: more requests with a body at a time than maxInspections.
	FaultBusy = "busy"
)

var faultNames = [...]string{FaultPanic, FaultHost, FaultBody, FaultBusy}

const (
	// holdBytes is the longest body that is held back until it is judged: one
	// block of the engine. Longer ones, and those of unknown length, are passed
	// on piece by piece, each after it was judged, and broken off before their
	// end when the verdict turns: Envoy answers 413 as soon as what is held and
	// the next piece, which may be as large as its buffer limit, exceed that limit
	// together. Its lowest sensible value is 32 KiB.
	holdBytes = 32 << 10
	// pieceBytes is how much of a body is copied from the host at a time.
	pieceBytes = 32 << 10
)

// stream is one request.
type stream struct {
	vm      *VM
	plugin  *plugin
	next    *stream // in the free list
	tx      *core.Transaction
	verdict core.Verdict
	fault   string
	over    bool  // decided and reported: nothing is inspected any more
	counted bool  // in vm.bodies
	hold    bool  // the body is held back until it is judged
	held    int   // bytes of the body that were judged and lie in the host
	passed  bool  // a part of the body has gone to the upstream
	fed     int64 // bytes of the body so far
	beyond  int64 // of these, those that were not copied from the host
	ended   bool  // the transaction is
	refused bool
	timed   bool   // this request is one of those whose time is taken
	spent   uint64 // nanoseconds
	record  []byte // the observation, until the answer is known
	note
}

// begin makes a stream new for another request. It is done field by field: a
// composite literal would be built beside and copied, text and all.
func (s *stream) begin(p *plugin) {
	s.plugin = p
	s.tx = nil
	s.verdict = core.Verdict{}
	s.fault = ""
	s.over, s.counted, s.hold, s.passed, s.ended, s.refused = false, false, false, false, false, false
	s.held, s.fed, s.beyond = 0, 0, 0
	s.timed, s.spent = false, 0
	s.record = s.record[:0]
	s.note.reset()
}

// headers judges request line and headers.
func (s *stream) headers(end bool) abi.Action {
	s.timed = s.vm.seen%timedOneIn == 0
	s.vm.seen++
	started := s.clock()
	s.tx = s.plugin.engine.Begin()
	if s.plugin.policy != nil || s.plugin.agent != nil {
		s.readClient() // before the headers, which lie where the host puts the address
	}
	block, ok := s.vm.host.HeaderMap(abi.RequestHeaders)
	pairs, err := abi.Parse(block)
	if !ok || err != nil {
		s.identify()
		return s.fail(FaultHost)
	}
	s.note.pseudo(pairs)
	if s.plugin.policy != nil {
		s.believe(pairs)
		s.tx.Source(s.client)
	}
	s.tx.RequestLine(s.fullMethod, s.target)
	if s.fullAuthority != "" {
		s.tx.Header("host", s.fullAuthority)
	}
	for name, value, more := s.note.next(&pairs, s.plugin.idHeader); more; name, value, more = s.note.next(&pairs, s.plugin.idHeader) {
		s.tx.Header(name, value)
	}
	s.note.keep()
	if end = end || s.tunnel; end {
		s.end()
	} else {
		s.verdict = s.tx.EndHeaders()
	}
	s.spent += s.clock() - started
	s.identify()
	if action := s.settle(end); end || action == abi.Pause {
		return action
	}
	return s.expectBody()
}

// timedOneIn is how many requests there are to one whose time is taken: asking
// the host for the time, twice, and handing it the result cost more than most
// requests.
const timedOneIn = 16

// clock is the time, or 0 when this request's is not taken.
func (s *stream) clock() uint64 {
	if !s.timed {
		return 0
	}
	return s.vm.host.Now()
}

// end ends the inspection with what was seen.
func (s *stream) end() {
	s.verdict = s.tx.End()
	s.ended = true
}

// prevents says whether the request may be refused: by the settings, and by its
// asset once that is known.
func (s *stream) prevents() bool {
	return s.plugin.Mode == gateway.Prevent && (s.verdict.Mode == "" || s.verdict.Mode == gateway.Prevent)
}

// expectBody prepares for the body of a request that goes on.
func (s *stream) expectBody() abi.Action {
	if s.vm.bodies >= s.plugin.maxInspections {
		return s.fail(FaultBusy)
	}
	s.vm.bodies++
	s.counted = true
	mayWait := s.prevents() && !s.streaming
	s.hold = mayWait && s.length >= 0 && s.length <= holdBytes
	if mayWait && s.plugin.holdHeaders {
		return abi.Pause
	}
	return abi.Continue
}

// body judges what is new of the body: size is how much of it the host holds,
// held how much of that was judged before.
func (s *stream) body(size int, end bool) abi.Action {
	if s.over || s.tx == nil {
		return abi.Continue
	}
	started := s.clock()
	for at := s.held; at < size; {
		n := min(size-at, pieceBytes)
		if !s.piece(at, n) {
			return s.fail(FaultBody)
		}
		at += n
	}
	if end || s.whole() {
		s.end()
	}
	s.spent += s.clock() - started
	if action := s.settle(end); end || action == abi.Pause {
		return action
	}
	if s.hold {
		s.held = size
		return abi.Pause
	}
	s.held = 0
	s.passed = true
	return abi.Continue
}

// whole tells that all of a body with a Content-Length has come. It is judged
// then, not when the host says that the stream has ended, which may come later:
// an upstream counts bytes too, and would take the request as complete.
func (s *stream) whole() bool { return s.length >= 0 && s.fed >= s.length }

// piece judges n bytes of the host's buffer. What is longer than maxBodyBytes
// is counted and not even copied.
func (s *stream) piece(at, n int) bool {
	if s.length >= 0 && s.fed+int64(n) > s.length {
		return false // more than was announced: the end was judged already
	}
	if s.fed >= s.plugin.MaxBodyBytes && s.verdict.Limits[core.LimitBody] > 0 {
		s.fed += int64(n)
		s.beyond += int64(n)
		return true
	}
	data, ok := s.vm.host.Buffer(abi.RequestBody, at, n)
	if !ok || len(data) != n {
		return false
	}
	s.fed += int64(n)
	s.verdict = s.tx.Body(data)
	return true
}

// trailers judges the trailers, and with them the request.
func (s *stream) trailers() abi.Action {
	if s.over || s.tx == nil {
		return abi.Continue
	}
	started := s.clock()
	block, ok := s.vm.host.HeaderMap(abi.RequestTrailers)
	pairs, err := abi.Parse(block)
	if !ok || err != nil {
		return s.fail(FaultHost)
	}
	for name, value, more := pairs.Next(); more; name, value, more = pairs.Next() {
		s.tx.Trailer(name, value)
	}
	s.end()
	s.spent += s.clock() - started
	return s.settle(true)
}

// settle acts on the verdict so far; end says that it is the last.
func (s *stream) settle(end bool) abi.Action {
	action := gateway.Decide(&s.plugin.Settings, &s.verdict, s.fault)
	if action.Refuses() {
		s.finish(action)
		s.refuse(action)
		return abi.Pause
	}
	if end {
		s.finish(action)
	}
	return abi.Continue
}

// fail ends the inspection because it cannot go on.
func (s *stream) fail(fault string) abi.Action {
	if s.over {
		return abi.Continue
	}
	s.fault = fault
	return s.settle(true)
}

// finish reports and gives back what the inspection held.
func (s *stream) finish(action gateway.Action) {
	s.over = true
	s.verdict.Uninspected += s.beyond
	s.refused = action.Refuses()
	s.vm.report(s, action)
	s.observe(action)
	s.release()
}

// gone is called when the stream ends: one that is not over yet was broken off
// by the client, or the upstream did not want its body.
func (s *stream) gone() {
	if s.over || s.tx == nil {
		return
	}
	s.end()
	action := gateway.Decide(&s.plugin.Settings, &s.verdict, "")
	if action == gateway.ActionBlock && (s.passed || !s.hold) {
		action = gateway.ActionDetect // the upstream may have acted on it
	}
	s.finish(action)
}

// release gives the transaction back.
func (s *stream) release() {
	if s.tx != nil {
		s.tx.Close()
	}
	s.drop()
}

// drop forgets the transaction, whatever state it is in.
func (s *stream) drop() {
	s.tx = nil
	if s.counted {
		s.counted = false
		s.vm.bodies--
	}
}
