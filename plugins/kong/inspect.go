package kong

import (
	"errors"
	"time"
)

// access handles a request.
func (s *session) access() error {
	x := s.begin(s.entity)
	s.known.Store(nil)
	s.guard.start(s.entity.Deadline)
	err := s.inspect(&x)
	if errors.Is(err, errTaken) {
		x.close()
		s.counters.hung.Add(-1)
		return err
	}
	owned, reusable := s.guard.finish()
	if !reusable {
		s.guard = newGuard(s.late)
	}
	if err == nil && owned {
		err = s.answer(&x)
	}
	x.close()
	if cap(s.in) > keepBuffer {
		s.in = nil
	}
	if s.headers = x.head.headers[:0]; cap(s.headers) > keepHeaders {
		s.headers = nil
	}
	return err
}

// inspect gets the request and judges it. It returns nil also when the guard
// was faster, and an error when the connection is no longer usable by this
// session.
func (s *session) inspect(x *exchange) error {
	if err := s.write(append(s.out[:0], headCalls...)); err != nil {
		return err
	}
	var ends [headReplies]int
	s.in = s.in[:0]
	for i := range ends {
		var err error
		if s.in, err = readFrame(s.r, s.in, maxReply); err != nil {
			return err
		}
		ends[i] = len(s.in)
	}
	text, start := message(s.in), 0
	var replies [headReplies]message
	for i, end := range ends {
		replies[i], start = text[start:end], end
	}
	if in, err := s.judge(x, func() {
		x.parse(&replies, s.headers)
		s.known.Store(&known{x.head, x.verdict})
		x.judgeHead()
	}); !in {
		return err
	}
	if !x.wantsBody() {
		return nil
	}
	return s.inspectBody(x)
}

// judge runs f as an inspection: with a slot, under the guard. in is false when
// time was up: before it began, or, with errTaken, before it ended.
func (s *session) judge(x *exchange, f func()) (in bool, err error) {
	if int(s.counters.hung.Load()) >= cap(s.slots) {
		x.fail(faultTimeout) // as many hang as may run: no use in more
		return true, nil
	}
	s.slots <- struct{}{}
	if !s.guard.enter(stateWaiting, stateJudging) {
		<-s.slots
		return false, nil
	}
	f()
	if !s.guard.enter(stateJudging, stateWaiting) {
		return false, errTaken // late freed the slot
	}
	<-s.slots
	return true, nil
}

// inspectBody gets the body and judges it.
func (s *session) inspectBody(x *exchange) error {
	if !s.guard.pause() {
		return nil
	}
	if s.known.Store(&known{x.head, x.verdict}); x.head.claimsGRPC() {
		streams, err := s.streams()
		if err != nil {
			return err
		}
		if streams {
			s.counters.skipped.Add(1)
			return nil
		}
	}
	x.pause()
	if err := s.write(appendCall(s.out[:0], pdkBody, nil)); err != nil {
		return err
	}
	b, in, err := readBody(s.r, s.in, x.entity.MaxBodyBytes)
	s.in = in
	x.resume()
	s.guard.resume(s.entity.Deadline * time.Duration(b.size()>>20))
	if errors.Is(err, errBody) {
		x.fail(faultBody)
		return nil
	}
	if err != nil {
		return err
	}
	_, err = s.judge(x, func() { x.judgeBody(&b) })
	return err
}

// streams says whether the service is a gRPC one. Then Kong does not buffer the
// body, and waiting for its end would be waiting for ever. What the client
// claims is not enough: it would be a way around the inspection.
func (s *session) streams() (bool, error) {
	if err := s.write(appendCall(s.out[:0], pdkService, nil)); err != nil {
		return false, err
	}
	var err error
	if s.in, err = readFrame(s.r, s.in[:0], maxReply); err != nil {
		return false, err
	}
	const protocol = 6
	f, ok := message(s.in).find(protocol)
	return ok && (f.bytes == "grpc" || f.bytes == "grpcs"), nil
}
