package envoy

import (
	"strings"
	"testing"

	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/glacis-waf/glacis/gateway"
)

type httpRequest = authv3.AttributeContext_HttpRequest

func check(t *testing.T, s gateway.Settings, r *httpRequest) (*authv3.CheckResponse, map[string]any) {
	t.Helper()
	s.Log = gateway.LogAll
	service, events := newService(t, s)
	res, err := NewAuthz(service).Check(t.Context(), &authv3.CheckRequest{Attributes: &authv3.AttributeContext{
		Source: &authv3.AttributeContext_Peer{Address: &corev3.Address{Address: &corev3.Address_SocketAddress{
			SocketAddress: &corev3.SocketAddress{Address: "192.0.2.1"}}}},
		Request: &authv3.AttributeContext_Request{Http: r}}})
	if err != nil {
		t.Fatal(err)
	}
	return res, events()
}

func TestCheck(t *testing.T) {
	raw := func(pairs ...string) *corev3.HeaderMap { return headerMap(pairs...) }
	for name, c := range map[string]struct {
		request *httpRequest
		action  gateway.Action
		want    map[string]any
	}{
		"clean": {&httpRequest{Method: "GET", Path: "/shop?q=lamp", Host: "shop.test"}, gateway.ActionPass,
			map[string]any{"url.path": "/shop", "url.domain": "shop.test", "source.ip": "192.0.2.1", "observer.name": "envoy/ext_authz"}},
		"query":         {&httpRequest{Method: "GET", Path: "/?q=" + sqli}, gateway.ActionBlock, map[string]any{"glacis.location": "query.q"}},
		"host":          {&httpRequest{Method: "GET", Path: "/", Host: "<script>alert(document.cookie)</script>"}, gateway.ActionBlock, nil},
		"folded header": {&httpRequest{Method: "GET", Path: "/", Headers: map[string]string{"x-search": sqli, "a": "b"}}, gateway.ActionBlock, map[string]any{"glacis.location": "header.x-search#plus"}},
		"second header": {&httpRequest{Method: "GET", Path: "/", HeaderMap: raw("x-search", "lamp", "x-search", sqli)}, gateway.ActionBlock, map[string]any{"glacis.location": "header.x-search#plus"}},
		"raw body":      {&httpRequest{Method: "POST", Path: "/", RawBody: []byte("q=" + sqli)}, gateway.ActionBlock, nil},
		"text body":     {&httpRequest{Method: "POST", Path: "/", Body: "q=" + sqli}, gateway.ActionBlock, nil},
		"no body sent": {&httpRequest{Method: "POST", Path: "/", HeaderMap: raw("content-length", "50")}, gateway.ActionPass,
			map[string]any{"glacis.uninspected_bytes": 50.0}},
		"part of a body": {&httpRequest{Method: "POST", Path: "/", RawBody: []byte("12345"), HeaderMap: raw("content-length", "50", partialHeader, "true")},
			gateway.ActionPass, map[string]any{"glacis.uninspected_bytes": 45.0}},
		"part of a body in chunks": {&httpRequest{Method: "POST", Path: "/", RawBody: []byte("12345"), HeaderMap: raw(partialHeader, "true")},
			gateway.ActionPass, map[string]any{"glacis.uninspected_bytes": 1.0}},
		"upgrade": {&httpRequest{Method: "GET", Path: "/", HeaderMap: raw("upgrade", "websocket")}, gateway.ActionPass, map[string]any{"glacis.uninspected_bytes": 0.0}},
	} {
		t.Run(name, func(t *testing.T) {
			res, event := check(t, gateway.Settings{}, c.request)
			code := codes.OK
			if c.action.Refuses() {
				code = codes.PermissionDenied
			}
			if res.GetStatus().GetCode() != int32(code) || event["event.action"] != string(c.action) {
				t.Errorf("%v, %v", res, event)
			}
			for key, want := range c.want {
				if event[key] != want {
					t.Errorf("%s is %v, want %v", key, event[key], want)
				}
			}
		})
	}
}

func TestDenied(t *testing.T) {
	res, event := check(t, gateway.Settings{}, &httpRequest{Method: "GET", Path: "/?q=" + sqli,
		Headers: map[string]string{"accept": "text/html", "x-request-id": "client-id-1"}})
	denied := res.GetDeniedResponse()
	headers := map[string]string{}
	for _, h := range denied.GetHeaders() {
		headers[h.GetHeader().GetKey()] = h.GetHeader().GetValue()
	}
	if denied.GetStatus().GetCode() != 403 || headers["Content-Type"] != "text/html; charset=utf-8" || headers["X-Request-Id"] != "client-id-1" ||
		!strings.Contains(denied.GetBody(), "client-id-1") || event["event.id"] != "client-id-1" {
		t.Errorf("%v %v", denied, event)
	}
}

// A request without an id of its own gets one, unless nothing may be altered.
func TestCheckGivesID(t *testing.T) {
	for mode, given := range map[string]bool{gateway.Prevent: true, gateway.Detect: false} {
		res, event := check(t, gateway.Settings{Mode: mode}, &httpRequest{Method: "GET", Path: "/"})
		headers := res.GetOkResponse().GetHeaders()
		if (len(headers) == 1) != given || given && headers[0].GetHeader().GetValue() != event["event.id"] {
			t.Errorf("%s: %v %v", mode, headers, event)
		}
	}
}

func TestCheckDetectAndOff(t *testing.T) {
	for _, mode := range []string{gateway.Detect, gateway.Off} {
		res, event := check(t, gateway.Settings{Mode: mode}, &httpRequest{Method: "GET", Path: "/?q=" + sqli})
		if res.GetStatus().GetCode() != int32(codes.OK) || (event == nil) != (mode == gateway.Off) {
			t.Errorf("%s: %v %v", mode, res, event)
		}
	}
}

func TestCheckWithoutRequest(t *testing.T) {
	service, _ := newService(t, gateway.Settings{})
	if _, err := NewAuthz(service).Check(t.Context(), &authv3.CheckRequest{}); status.Code(err) != codes.InvalidArgument {
		t.Error(err)
	}
}
