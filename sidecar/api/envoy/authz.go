package envoy

import (
	"context"

	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	typev3 "github.com/envoyproxy/go-control-plane/envoy/type/v3"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/sidecar/api/inspection"
)

// Authz answers envoy.service.auth.v3.Authorization/Check. It is safe for
// concurrent use.
type Authz struct {
	authv3.UnimplementedAuthorizationServer
	service *inspection.Service
}

// NewAuthz makes an Authz.
func NewAuthz(s *inspection.Service) *Authz { return &Authz{service: s} }

// Check implements authv3.AuthorizationServer. A body is inspected as far as
// Envoy sends it (with_request_body); what is missing of an announced length
// counts as uninspected.
func (a *Authz) Check(_ context.Context, req *authv3.CheckRequest) (*authv3.CheckResponse, error) {
	if a.service.Off() {
		return allow(nil), nil
	}
	from := req.GetAttributes().GetRequest().GetHttp()
	if from == nil {
		return nil, status.Error(codes.InvalidArgument, "glacis: only HTTP requests can be inspected")
	}
	idHeader := a.service.Settings().RequestIDHeader
	h := checkHead(from, idHeader)
	h.about.Gateway = "envoy/ext_authz"
	h.about.Source = req.GetAttributes().GetSource().GetAddress().GetSocketAddress().GetAddress()
	body := from.GetRawBody()
	if len(body) == 0 {
		body = []byte(from.GetBody())
	}
	in := a.service.Begin("ext_authz")
	in.From(h.about.Source)
	in.Head(h.method, h.uri, h.headers)
	in.Body(body)
	if (h.partial || len(body) == 0) && !h.upgrade {
		in.Skip(max(h.length-int64(len(body)), partly(h.partial)))
	}
	in.End(nil)
	action := in.Action()
	in.Close(&h.about)
	if action.Refuses() {
		return deny(refusal(in, action, &h, idHeader)), nil
	}
	if h.given == h.about.ID || !in.Prevents() {
		return allow(nil), nil
	}
	return allow(setHeaders([]core.Header{{Name: idHeader, Value: h.about.ID}}, false)), nil
}

// partly is how much at least of a body is missing that Envoy calls partial;
// of one in chunks nobody knows the length.
func partly(partial bool) int64 {
	if partial {
		return 1
	}
	return 0
}

// checkHead takes the request line from the attributes, which are there in any
// configuration, and the headers from either of their two forms.
func checkHead(from *authv3.AttributeContext_HttpRequest, idHeader string) head {
	h := head{length: -1}
	if m := from.GetHeaderMap(); m != nil {
		h.list(m, idHeader)
	} else {
		h.fold(from.GetHeaders(), idHeader)
	}
	h.method, h.uri = from.GetMethod(), from.GetPath()
	h.about.Method, h.about.URI = h.method, h.uri
	if h.about.Host == "" {
		h.add(":authority", from.GetHost(), idHeader)
	}
	h.settle()
	return h
}

func allow(headers []*corev3.HeaderValueOption) *authv3.CheckResponse {
	return &authv3.CheckResponse{Status: &statuspb.Status{Code: int32(codes.OK)},
		HttpResponse: &authv3.CheckResponse_OkResponse{OkResponse: &authv3.OkHttpResponse{Headers: headers}}}
}

func deny(r gateway.Refusal) *authv3.CheckResponse {
	return &authv3.CheckResponse{Status: &statuspb.Status{Code: int32(codes.PermissionDenied)},
		HttpResponse: &authv3.CheckResponse_DeniedResponse{DeniedResponse: &authv3.DeniedHttpResponse{
			Status: &typev3.HttpStatus{Code: typev3.StatusCode(r.Status)}, Headers: setHeaders(r.Headers, false), Body: r.Body}}}
}
