package proxy

import (
	"context"
	"errors"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/models/shadow"
)

// statusClientClosed stands in logs and metrics for a client that left before
// it was answered; it is never sent.
const statusClientClosed = 499

// exchange is one request on its way through the proxy.
type exchange struct {
	p          *Proxy
	in         *http.Request // as the client sent it
	out        *http.Request // as the upstream gets it, once that is clear
	rec        *recorder
	id         string
	started    time.Time
	cancel     context.CancelCauseFunc
	inspection *inspection
	gate       *gate // the body in prevent mode
	tap        *tap  // the body in detect mode
	pump       *pump
	conn       *http.ResponseController // set when there is a body
	whole      bool                     // the gate holds all of the body
	action     gateway.Action
	active     *Active // nil without a policy
	copy       *shadow.Copy
	source     string         // the client's address, behind trusted proxies
	over       policy.Overrun // the rate limit that was exceeded
	answers    *answers       // nil if no check looks at the answer
	once       sync.Once
}

type exchangeKey struct{}

func exchangeOf(r *http.Request) *exchange {
	x, _ := r.Context().Value(exchangeKey{}).(*exchange)
	return x
}

// refuses reports whether the verdict so far forbids to go on.
func (x *exchange) refuses() bool { return x.p.cfg.decide(x.inspection.result()).Refuses() }

// refused answers the client if the verdict so far forbids to go on.
func (x *exchange) refused() bool {
	res := x.inspection.result()
	gateway.Exceed(&res.Verdict, x.over)
	switch action := x.p.cfg.decide(res); action {
	case gateway.ActionBlock:
		x.action = action
		x.block()
	case gateway.ActionReject:
		x.action = action
		x.tooMany()
	case gateway.ActionFailClosed:
		x.action = action
		x.answer(http.StatusServiceUnavailable)
	default:
		return false
	}
	return true
}

// reject answers a request that fails for a reason other than its verdict.
func (x *exchange) reject(status int) {
	x.action = gateway.ActionReject
	x.answer(status)
}

func (x *exchange) answer(status int) {
	h := x.rec.Header()
	clear(h)
	drain := time.Second
	if status == http.StatusRequestTimeout {
		drain = time.Nanosecond
	}
	x.earlyAnswer(h, drain)
	refuse(x.rec, x.in, status, x.p.cfg.RequestIDHeader, x.id)
}

// openBody puts the inspected body into r. In prevent mode it judges the first
// block; false means that the client has been answered.
func (x *exchange) openBody(r *http.Request) bool {
	if r.Body == nil || r.Body == http.NoBody || r.ContentLength == 0 {
		x.inspection.end(nil)
		return !x.refused()
	}
	x.conn = http.NewResponseController(x.rec)
	if !x.prevents() {
		x.tap = &tap{ReadCloser: r.Body, in: x.inspection, onEnd: x.trailers}
		r.Body = x.tap
		x.duplex()
		return true
	}
	x.gate = &gate{in: x.inspection, admit: x.admit, onEnd: x.trailers, limit: x.p.cfg.MaxBodyBytes}
	if isStream(r.Header.Get("Content-Type")) {
		x.pump = newPump(r.Body)
		x.gate.src, x.gate.hold = x.pump, x.p.cfg.StreamHold
	} else {
		x.gate.src = patient{body: r.Body, conn: x.conn, idle: x.p.cfg.BodyIdleTimeout}
	}
	whole, err := x.gate.readAhead()
	if err != nil {
		if !x.refused() {
			x.reject(bodyStatus(err))
		}
		return false
	}
	x.whole = whole
	r.Body = x.gate
	if !whole {
		x.duplex()
	}
	return true
}

// duplex lets the upstream answer before the end of the body. Over HTTP/1 a
// connection whose body was not read to its end when the answer began must then
// be closed after it (earlyAnswer); HTTP/2 needs none of this.
func (x *exchange) duplex() {
	if x.in.ProtoMajor == 1 {
		_ = x.conn.EnableFullDuplex() // never an error over HTTP/1
	}
}

// earlyAnswer prepares for an answer before the end of the body: what the
// server reads of the rest, so that the client can take the answer in, is
// bounded in time, and the connection is not used again.
func (x *exchange) earlyAnswer(h http.Header, drain time.Duration) {
	if x.conn == nil || x.in.ProtoMajor != 1 || x.inspection.result().ended {
		return
	}
	if drain > 0 {
		_ = x.conn.SetReadDeadline(time.Now().Add(drain)) // never an error over HTTP/1
	}
	h.Set("Connection", "close")
}

// isStream reports whether a content type is one of the protocols in which the
// client may wait for an answer in the middle of its body.
func isStream(contentType string) bool {
	t := strings.ToLower(contentType)
	return strings.HasPrefix(t, "application/grpc") || strings.HasPrefix(t, "application/connect+")
}

// admit is asked by the gate before each block. Aborting the context makes the
// transport drop the connection to the upstream at once.
func (x *exchange) admit() error {
	if x.refuses() {
		x.cancel(errRefused)
		return errRefused
	}
	return nil
}

// prepare finishes the request to the upstream.
func (x *exchange) prepare(out *http.Request) {
	x.out = out
	if out.Body == nil {
		return
	}
	if x.whole {
		out.GetBody = x.gate.again
		out.Header.Del("Expect") // the body is here, there is nothing to wait for
	}
	// net/http fills in the client's trailers at the end of its body, in the
	// map of the inbound request only; trailers does so for this one.
	out.Trailer = http.Header{}
	for name := range x.in.Trailer {
		out.Trailer[name] = nil
	}
	if x.whole {
		x.copyTrailers()
	}
	if len(out.Trailer) > 0 {
		out.ContentLength = -1 // trailers need chunks
	}
}

// trailers returns the client's trailers at the end of the body.
func (x *exchange) trailers() http.Header {
	if x.out != nil {
		x.copyTrailers()
	}
	return x.in.Trailer
}

func (x *exchange) copyTrailers() {
	if x.out.Trailer == nil {
		return
	}
	for name, values := range x.in.Trailer {
		x.out.Trailer[name] = values
	}
}

// bodyError returns why the client's body could not be read, if so.
func (x *exchange) bodyError() error {
	if x.gate == nil {
		return nil
	}
	return x.gate.failure()
}

// bodyStatus is what a client is told whose body could not be read.
func bodyStatus(err error) int {
	switch {
	case errors.Is(err, errTooLong):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, os.ErrDeadlineExceeded):
		return http.StatusRequestTimeout
	}
	return http.StatusBadRequest
}

// finish ends the inspection, reports and frees everything.
func (x *exchange) finish() {
	if x.pump != nil {
		close(x.pump.stop)
	}
	if x.gate != nil {
		x.gate.release()
	}
	if x.tap != nil {
		x.tap.release()
	}
	x.earlyAnswer(x.rec.Header(), time.Second)
	x.observe(x.rec.status)
	x.inspection.close()
	if x.copy != nil {
		// what the engine saw is what the copy has, also when it was cut off
		res := x.inspection.result()
		x.copy.End(x.id, res.Verdict, res.fault == "")
	}
	x.report(x.rec.status)
	x.p.cfg.Metrics.answer(x.rec.status)
}

// lateAction names what became of a request whose verdict turned after the
// answer had begun: cut off, or, when the upstream did not want the rest of the
// body, let through.
func (x *exchange) lateAction() gateway.Action {
	if errors.Is(x.bodyError(), errRefused) {
		return gateway.ActionBlock
	}
	return gateway.ActionDetect
}
