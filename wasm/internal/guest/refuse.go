package guest

import (
	"strings"

	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/wasm/internal/abi"
)

// The statuses of gRPC that answer a refusal.
const (
	grpcPermissionDenied = 7
	grpcUnavailable      = 14
)

// refuse answers the client. The host drops the stream's request; when a part of
// its body has gone to the upstream already, it resets that connection.
func (s *stream) refuse(a gateway.Action) {
	r := s.plugin.terms.Refuse(a, s.verdict.Asset, s.accept, s.id)
	details := "glacis_" + string(a)
	if s.grpc {
		status := grpcPermissionDenied
		if a == gateway.ActionFailClosed {
			status = grpcUnavailable
		}
		s.vm.host.Respond(r.Status, details, "request refused, request id "+s.id, nil, status)
		return
	}
	pairs := make([]string, 0, 2*len(r.Headers)+2)
	for _, h := range r.Headers {
		pairs = append(pairs, strings.ToLower(h.Name), h.Value)
	}
	pairs = append(pairs, s.plugin.idHeader, s.id)
	s.vm.host.Respond(r.Status, details, r.Body, abi.AppendMap(nil, pairs...), abi.NoGRPC)
}
