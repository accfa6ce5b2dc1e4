package envoy

import (
	filterv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/ext_proc/v3"
	procv3 "github.com/envoyproxy/go-control-plane/envoy/service/ext_proc/v3"

	"github.com/glacis-waf/glacis/core"
)

// answerHeaders lets the request's headers through, with the request id if the
// client had none and the mode is one in which traffic may be altered.
func (x *exchange) answerHeaders() error {
	x.answered = true
	common := &procv3.CommonResponse{}
	if x.in != nil && x.in.Prevents() && x.head.given != x.head.about.ID {
		common.HeaderMutation = &procv3.HeaderMutation{SetHeaders: setHeaders([]core.Header{{Name: x.idHeader, Value: x.head.about.ID}}, true)}
	}
	return x.reply(&procv3.ProcessingResponse{Response: &procv3.ProcessingResponse_RequestHeaders{
		RequestHeaders: &procv3.HeadersResponse{Response: common}}})
}

// bodyReply lets a piece of the body through as it is.
func bodyReply() *procv3.ProcessingResponse {
	return &procv3.ProcessingResponse{Response: &procv3.ProcessingResponse_RequestBody{RequestBody: &procv3.BodyResponse{}}}
}

func trailersReply() *procv3.ProcessingResponse {
	return &procv3.ProcessingResponse{Response: &procv3.ProcessingResponse_RequestTrailers{RequestTrailers: &procv3.TrailersResponse{}}}
}

// streamed sends a piece of a full-duplex body back.
func streamed(body []byte, end bool) *procv3.ProcessingResponse {
	return &procv3.ProcessingResponse{Response: &procv3.ProcessingResponse_RequestBody{RequestBody: echo(body, end)}}
}

func echo(body []byte, end bool) *procv3.BodyResponse {
	return &procv3.BodyResponse{Response: &procv3.CommonResponse{BodyMutation: &procv3.BodyMutation{
		Mutation: &procv3.BodyMutation_StreamedResponse{StreamedResponse: &procv3.StreamedBodyResponse{Body: body, EndOfStream: end}}}}}
}

// response lets parts of the upstream's answer through untouched: they are not
// inspected, but a configuration may send them.
func (x *exchange) response(r *procv3.ProcessingRequest) error {
	out := &procv3.ProcessingResponse{}
	switch m := r.GetRequest().(type) {
	case *procv3.ProcessingRequest_ResponseHeaders:
		out.Response = &procv3.ProcessingResponse_ResponseHeaders{ResponseHeaders: &procv3.HeadersResponse{}}
	case *procv3.ProcessingRequest_ResponseBody:
		reply := &procv3.BodyResponse{}
		if x.modes.GetResponseBodyMode() == filterv3.ProcessingMode_FULL_DUPLEX_STREAMED {
			reply = echo(m.ResponseBody.GetBody(), m.ResponseBody.GetEndOfStream())
		}
		out.Response = &procv3.ProcessingResponse_ResponseBody{ResponseBody: reply}
	case *procv3.ProcessingRequest_ResponseTrailers:
		out.Response = &procv3.ProcessingResponse_ResponseTrailers{ResponseTrailers: &procv3.TrailersResponse{}}
	default:
		return nil // a message of a later version
	}
	return x.reply(out)
}
