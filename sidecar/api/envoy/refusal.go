package envoy

import (
	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	procv3 "github.com/envoyproxy/go-control-plane/envoy/service/ext_proc/v3"
	typev3 "github.com/envoyproxy/go-control-plane/envoy/type/v3"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/sidecar/api/inspection"
)

// refusal is the answer to a refused request with the request's id.
func refusal(in *inspection.Inspection, a gateway.Action, h *head, idHeader string) gateway.Refusal {
	accept := ""
	for i := range h.headers {
		if h.headers[i].Name == "accept" {
			accept += "," + h.headers[i].Value
		}
	}
	r := in.Refusal(a, accept, h.about.ID)
	r.Headers = append(r.Headers, core.Header{Name: idHeader, Value: h.about.ID})
	return r
}

// setHeaders makes the headers of an answer; each replaces one of its name.
// Envoy reads the values of ext_proc from RawValue and those of ext_authz from
// Value, and complains when both are set.
func setHeaders(headers []core.Header, raw bool) []*corev3.HeaderValueOption {
	out := make([]*corev3.HeaderValueOption, len(headers))
	for i := range headers {
		v := &corev3.HeaderValue{Key: headers[i].Name}
		if raw {
			v.RawValue = []byte(headers[i].Value)
		} else {
			v.Value = headers[i].Value
		}
		out[i] = &corev3.HeaderValueOption{Header: v, AppendAction: corev3.HeaderValueOption_OVERWRITE_IF_EXISTS_OR_ADD}
	}
	return out
}

// immediate is a refusal as ext_proc sends it.
func immediate(r gateway.Refusal, a gateway.Action) *procv3.ProcessingResponse {
	return &procv3.ProcessingResponse{Response: &procv3.ProcessingResponse_ImmediateResponse{ImmediateResponse: &procv3.ImmediateResponse{
		Status:  &typev3.HttpStatus{Code: typev3.StatusCode(r.Status)},
		Headers: &procv3.HeaderMutation{SetHeaders: setHeaders(r.Headers, true)},
		Body:    []byte(r.Body),
		Details: "glacis_" + string(a),
	}}}
}
