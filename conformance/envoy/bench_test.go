package envoy

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/conformance/benchset"
)

const (
	benchVersion = "1.40.0"
	connections  = 8
	// batchSize is how many requests go to one Envoy before the other's turn.
	batchSize = 2000
)

// quiet is a backend that reads and answers with nothing.
func quiet(t testing.TB) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // a client that leaves is no concern
	}))
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

// BenchmarkEnvoy measures the CPU time of an Envoy with the plugin over that of
// one without, a request, for each kind of requests, and what observing every
// request for a sidecar adds to that. All run at the same time and take turns; the
// least of all batches counts, because what else runs on the machine only adds.
func BenchmarkEnvoy(b *testing.B) {
	set, err := benchset.Load()
	if err != nil {
		b.Fatal(err)
	}
	upstream := quiet(b)
	bare := Start(b, Options{Version: benchVersion, Upstream: upstream}, io.Discard)
	sidecar := httptest.NewServer(taking{})
	b.Cleanup(sidecar.Close)
	glacis := Start(b, Options{Version: benchVersion, Upstream: upstream, Plugin: map[string]any{"holdHeaders": true, "log": "blocked"}}, io.Discard)
	learning := Start(b, Options{Version: benchVersion, Upstream: upstream, Sidecar: sidecar.Listener.Addr().String(),
		Plugin: map[string]any{"holdHeaders": true, "log": "blocked", "sidecar": "sidecar"}}, io.Discard)
	for _, k := range set.Kinds {
		var messages [][]byte
		for i := range k.Requests {
			messages = append(messages, Render(&k.Requests[i]))
		}
		b.Run(k.Name, func(b *testing.B) {
			var none, with, observed []time.Duration
			n := min(batchSize, max(100, 200_000_000/int(k.Bytes())/10))
			for b.Loop() {
				none = append(none, cost(b, bare, messages, n))
				with = append(with, cost(b, glacis, messages, n))
				observed = append(observed, cost(b, learning, messages, n))
			}
			base, full := micros(slices.Min(none)), micros(slices.Min(with))
			b.ReportMetric(base, "none-µs/req")
			b.ReportMetric(full, "glacis-µs/req")
			b.ReportMetric(full-base, "extra-µs/req")
			b.ReportMetric(micros(slices.Min(observed))-full, "observing-µs/req")
			b.ReportMetric(0, "ns/op") // a batch, not a request: says nothing
		})
	}
}

// taking is a sidecar that takes everything and has nothing to tell.
type taking struct{}

// ServeHTTP implements http.Handler.
func (taking) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body) // an Envoy that leaves is no concern
	switch r.URL.Path {
	case "/v1/agents":
		welcome(w)
	case "/v1/observations":
		w.WriteHeader(http.StatusAccepted)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

func micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e3 }

// cost is the CPU time of a request.
func cost(b *testing.B, p *Process, messages [][]byte, n int) time.Duration {
	before, err := p.CPU()
	if err != nil {
		b.Fatal(err)
	}
	statuses, err := Load(p.Address, messages, n, connections)
	if err != nil {
		b.Fatal(err)
	}
	after, err := p.CPU()
	if err != nil {
		b.Fatal(err)
	}
	if statuses[http.StatusOK] < n*99/100 {
		b.Fatalf("statuses %v: honest requests are refused", statuses)
	}
	return (after - before) / time.Duration(n)
}
