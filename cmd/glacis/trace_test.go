package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	coltrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"
)

// TestTrace has a proxy and a sidecar trace every inspection.
func TestTrace(t *testing.T) {
	t.Setenv("OTEL_BSP_SCHEDULE_DELAY", "20") // milliseconds
	var mu sync.Mutex
	spans := map[string]map[string]string{}
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var got coltrace.ExportTraceServiceRequest
		body, err := io.ReadAll(r.Body)
		if err != nil || proto.Unmarshal(body, &got) != nil {
			t.Error("unreadable")
			return
		}
		mu.Lock()
		defer mu.Unlock()
		for _, s := range got.ResourceSpans[0].ScopeSpans[0].Spans {
			span := map[string]string{}
			for _, a := range s.Attributes {
				span[a.Key] = a.Value.GetStringValue()
			}
			spans[span["glacis.endpoint"]] = span
		}
	}))
	defer receiver.Close()
	upstream := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer upstream.Close()
	trace := []string{"--trace", "otlp+" + receiver.URL, "--trace-sample", "1"}
	said := startProxy(t, append([]string{"--upstream", upstream.URL}, trace...)...)
	addresses, _ := startSidecar(t, trace...)
	const attack = "/?q=1%27%20union%20select%20password%20from%20users--"
	visit(t, "http://"+said["listen"]+attack)
	visit(t, "http://"+addresses[0]+"/v1/authz/envoy"+attack)
	count := func() int { mu.Lock(); defer mu.Unlock(); return len(spans) }
	for range 200 {
		if count() == 2 {
			break
		}
		waitABit()
	}
	mu.Lock()
	defer mu.Unlock()
	for endpoint, s := range spans {
		if s["event.action"] != "block" || s["glacis.family"] != "sqli" || s["glacis.location"] != "query.q" || s["event.id"] == "" {
			t.Errorf("%s: %v", endpoint, s)
		}
	}
	if spans["proxy"] == nil || len(spans) != 2 {
		t.Errorf("%v", spans)
	}
}
