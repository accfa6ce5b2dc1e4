package envoy

import (
	"bytes"
	"testing"

	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/sidecar/api/inspection"
)

// BenchmarkCheck is one ext_authz call without the network.
func BenchmarkCheck(b *testing.B) {
	engine, err := core.New(core.Config{})
	if err != nil {
		b.Fatal(err)
	}
	service, err := inspection.New(inspection.Config{Engine: engine, Settings: gateway.Settings{}})
	if err != nil {
		b.Fatal(err)
	}
	defer service.Close()
	authz := NewAuthz(service)
	for name, body := range map[string][]byte{"get": nil, "json": bytes.Repeat([]byte(`{"sku":"lamp-7","count":2}`), 40)} {
		req := &authv3.CheckRequest{Attributes: &authv3.AttributeContext{Request: &authv3.AttributeContext_Request{Http: &httpRequest{
			Method: "POST", Path: "/products?category=lamps&page=2", RawBody: body, HeaderMap: headerMap(":authority", "shop.test",
				"user-agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36", "accept", "text/html", "cookie", "sid=3f9a0c", "x-request-id", "client-id-1")}}}}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := authz.Check(b.Context(), req); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
