package envoy

import (
	"time"

	filterv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/ext_proc/v3"
	procv3 "github.com/envoyproxy/go-control-plane/envoy/service/ext_proc/v3"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/sidecar/api/inspection"
)

// blockBytes is the step at which the engine renews its verdict.
const blockBytes = 32 << 10

// exchange is one request on its way through an ext_proc stream.
type exchange struct {
	p        *Processor
	send     func(*procv3.ProcessingResponse) error
	in       *inspection.Inspection // nil before the headers and after the report
	head     head
	idHeader string
	observed bool                                 // Envoy wants no answers
	modes    *procv3.ProtocolConfiguration        // what the first message said
	mode     filterv3.ProcessingMode_BodySendMode // of the request's body
	passing  bool                                 // nothing more is to be known, but the body must be sent back
	answered bool                                 // the headers were let through
	whole    bool                                 // the engine has seen all of the body
	hold     held
	timer    *time.Timer
}

// take handles one message; errDone ends the stream in order.
func (x *exchange) take(r *procv3.ProcessingRequest) error {
	x.observed = x.observed || r.GetObservabilityMode()
	if c := r.GetProtocolConfig(); c != nil {
		x.modes, x.mode = c, c.GetRequestBodyMode()
	}
	switch m := r.GetRequest().(type) {
	case *procv3.ProcessingRequest_RequestHeaders:
		return x.headers(r, m.RequestHeaders)
	case *procv3.ProcessingRequest_RequestBody:
		return x.body(m.RequestBody)
	case *procv3.ProcessingRequest_RequestTrailers:
		return x.trailers(m.RequestTrailers)
	}
	return x.response(r)
}

// headers begins the inspection.
func (x *exchange) headers(r *procv3.ProcessingRequest, m *procv3.HttpHeaders) error {
	if x.answered || x.in != nil {
		return status.Error(codes.InvalidArgument, "glacis: request headers came twice")
	}
	if x.p.service.Off() {
		return x.pass(m.GetEndOfStream())
	}
	x.idHeader = x.p.service.Settings().RequestIDHeader
	x.head = head{length: -1}
	x.head.list(m.GetHeaders(), x.idHeader)
	x.head.settle()
	x.head.about.Gateway, x.head.about.Source = "envoy/ext_proc", source(r)
	x.in = x.p.service.Begin("ext_proc")
	if x.observed {
		x.in.Observe()
	}
	x.in.From(x.head.about.Source)
	x.in.Head(x.head.method, x.head.uri, x.head.headers)
	switch {
	case m.GetEndOfStream() || x.head.upgrade:
		x.end(nil)
	case x.mode == filterv3.ProcessingMode_NONE && x.modes != nil:
		x.in.Skip(x.head.length)
		x.end(nil)
	case x.mode == filterv3.ProcessingMode_FULL_DUPLEX_STREAMED && x.in.Prevents() && !x.in.Action().Refuses():
		if x.head.stream {
			x.timer = time.NewTimer(streamHold)
		}
		return nil
	}
	if done, err := x.refused(); done {
		return err
	}
	if x.whole {
		return x.pass(m.GetEndOfStream())
	}
	return x.answerHeaders()
}

// source is the client's address, if Envoy is configured to say it
// (request_attributes: [source.address]).
func source(r *procv3.ProcessingRequest) string {
	for _, group := range r.GetAttributes() {
		if v, ok := group.GetFields()["source.address"]; ok {
			return v.GetStringValue()
		}
	}
	return ""
}

// body judges a piece of the body and passes on what is judged.
func (x *exchange) body(m *procv3.HttpBody) error {
	if x.passing {
		return x.sendBack(m)
	}
	if x.in == nil {
		return status.Error(codes.InvalidArgument, "glacis: a body without request headers")
	}
	x.in.Body(m.GetBody())
	buffered := x.mode == filterv3.ProcessingMode_BUFFERED || x.mode == filterv3.ProcessingMode_BUFFERED_PARTIAL
	if m.GetEndOfStream() || buffered {
		x.end(nil)
	}
	if x.mode == filterv3.ProcessingMode_BUFFERED_PARTIAL {
		x.in.Skip(x.head.length - int64(len(m.GetBody())))
	}
	if done, err := x.refused(); done {
		return err
	}
	if x.mode == filterv3.ProcessingMode_FULL_DUPLEX_STREAMED {
		x.hold.add(m.GetBody())
		return x.release(m.GetEndOfStream())
	}
	if m.GetEndOfStream() {
		return x.last(bodyReply())
	}
	return x.reply(bodyReply())
}

// trailers judges the trailers, which end the request.
func (x *exchange) trailers(m *procv3.HttpTrailers) error {
	if x.passing {
		return x.last(trailersReply())
	}
	if x.in == nil {
		return status.Error(codes.InvalidArgument, "glacis: trailers without request headers")
	}
	var fields []core.Header
	for _, v := range m.GetTrailers().GetHeaders() {
		fields = append(fields, core.Header{Name: v.GetKey(), Value: string(v.GetRawValue())})
	}
	x.end(fields)
	if done, err := x.refused(); done {
		return err
	}
	if err := x.releaseAll(); err != nil {
		return err
	}
	return x.last(trailersReply())
}

// end says that the request has ended.
func (x *exchange) end(trailers []core.Header) {
	x.in.End(trailers)
	x.whole = true
}

// refused answers the client if the verdict so far forbids to go on.
func (x *exchange) refused() (done bool, err error) {
	action := x.in.Action()
	if !action.Refuses() {
		return false, nil
	}
	answer := immediate(refusal(x.in, action, &x.head, x.idHeader), action)
	x.close()
	return true, x.last(answer)
}

// pass lets a request go on of which nothing more is to be known. A full-duplex
// stream must live to the end of the body all the same, because Envoy loses what
// it has sent and not got back.
func (x *exchange) pass(end bool) error {
	if err := x.answerHeaders(); err != nil {
		return err
	}
	x.close()
	if x.mode != filterv3.ProcessingMode_FULL_DUPLEX_STREAMED || end {
		return errDone
	}
	x.passing = true
	return nil
}

// sendBack returns a piece of a body that is not inspected.
func (x *exchange) sendBack(m *procv3.HttpBody) error {
	if m.GetEndOfStream() {
		return x.last(streamed(m.GetBody(), true))
	}
	return x.reply(streamed(m.GetBody(), false))
}

// last sends the last answer of a stream.
func (x *exchange) last(r *procv3.ProcessingResponse) error {
	if err := x.reply(r); err != nil {
		return err
	}
	return errDone
}

// close reports; whoever left before the end of the body was not inspected to
// its end. Only the first call does anything.
func (x *exchange) close() {
	if x.timer != nil {
		x.timer.Stop()
	}
	if x.in == nil {
		return
	}
	if !x.whole && !x.in.Action().Refuses() {
		x.in.Fail(inspection.FaultBody)
	}
	x.in.Close(&x.head.about)
	x.in = nil
}

// reply sends an answer, unless Envoy wants none.
func (x *exchange) reply(r *procv3.ProcessingResponse) error {
	if x.observed {
		return nil
	}
	return x.send(r)
}
