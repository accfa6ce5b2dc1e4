package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/gateway"
)

// BenchmarkInspect is POST /v1/inspect without the network.
func BenchmarkInspect(b *testing.B) {
	service, _ := newService(b, gateway.Settings{}, nil)
	handler := New("", Inspect(service))
	for name, message := range map[string]string{
		"get":  "GET /products?category=lamps&page=2 HTTP/1.1\r\nHost: shop.test\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36\r\nAccept: text/html\r\nCookie: sid=3f9a0c\r\n\r\n",
		"json": "POST /orders HTTP/1.1\r\nHost: shop.test\r\nContent-Type: application/json\r\n\r\n{\"items\":[" + strings.Repeat(`{"sku":"lamp-7","count":2,"note":"for the hall"},`, 20) + `{"sku":"x"}]}`,
		"form": "POST /orders HTTP/1.1\r\nHost: shop.test\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n" + strings.Repeat("name=Blue+cotton+shirt&size=42&", 330),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(message)))
			for b.Loop() {
				req := httptest.NewRequest("POST", "/v1/inspect", strings.NewReader(message))
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, req)
				if w.Code != http.StatusOK {
					b.Fatal(w.Body)
				}
			}
		})
	}
}
