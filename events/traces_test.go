package events

import (
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	coltrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"
)

// TestTraces exports to a receiver that reads the request by the published
// types.
func TestTraces(t *testing.T) {
	var mu sync.Mutex
	var got coltrace.ExportTraceServiceRequest
	path := ""
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		path = r.URL.Path
		if body, err := io.ReadAll(r.Body); err != nil || proto.Unmarshal(body, &got) != nil {
			t.Error("unreadable")
		}
	}))
	defer server.Close()
	traces, err := OpenTraces("otlp+"+server.URL, 1, Environment{Version: "1"})
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	traces.Record(&Span{Name: "glacis.inspect", Parent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", Begin: begin, End: begin.Add(time.Millisecond),
		Texts: map[string]string{"glacis.family": "sqli", "glacis.fault": ""}, Numbers: map[string]int64{"glacis.score": 97}, Fault: "timeout"})
	traces.Record(&Span{Name: "glacis.inspect", Parent: "nonsense", Begin: begin, End: begin})
	if err := traces.Close(); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	spans := got.ResourceSpans[0].ScopeSpans[0].Spans
	s := spans[0]
	if path != "/v1/traces" || len(spans) != 2 || s.Name != "glacis.inspect" || hex.EncodeToString(s.TraceId) != "4bf92f3577b34da6a3ce929d0e0e4736" ||
		hex.EncodeToString(s.ParentSpanId) != "00f067aa0ba902b7" || s.EndTimeUnixNano-s.StartTimeUnixNano != 1e6 || len(s.Attributes) != 2 || s.Status.Message != "timeout" {
		t.Errorf("%s %v", path, &got)
	}
	if len(spans[1].ParentSpanId) != 0 {
		t.Error("nonsense became a parent")
	}
}

func TestTracesAreASample(t *testing.T) {
	var none *Traces
	if none.Sampled() || none.Close() != nil {
		t.Error("none")
	}
	some, n := &Traces{sample: 0.5}, 0
	for range 10000 {
		if some.Sampled() {
			n++
		}
	}
	if n < 4500 || n > 5500 {
		t.Errorf("%d of 10000", n)
	}
	for _, c := range []struct {
		address string
		sample  float64
	}{{"otlp+http://h", 0}, {"otlp+http://h", 1.1}, {"http://h", 1}, {"otlp+http://h#tokenfile=x", 1}, {"otlp+http://h#token-file=/nowhere", 1}, {"otlp+http://", 1}, {"otlp+http://h?x=1", 1}} {
		if _, err := OpenTraces(c.address, c.sample, Environment{}); err == nil {
			t.Errorf("%+v: no error", c)
		}
	}
}
