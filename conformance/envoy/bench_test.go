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
	// batchSize is how many requests go to one Envoy at most before it is the
	// next one's turn: a tenth of a second.
	batchSize = 500
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
// one without, a request, for each kind of requests, and how many times as much
// it is while every request is observed for a sidecar. All run at the same time
// and take turns in short rounds, each round beginning with another, so that what
// else runs on the machine meets all alike; of the differences within each round
// the median counts. What a round costs at least is shown beside it.
func BenchmarkEnvoy(b *testing.B) {
	set, err := benchset.Load()
	if err != nil {
		b.Fatal(err)
	}
	upstream := quiet(b)
	sidecar := httptest.NewServer(taking{})
	b.Cleanup(sidecar.Close)
	config := map[string]any{"holdHeaders": true, "log": "blocked"}
	envoys := []*Process{
		Start(b, Options{Version: benchVersion, Upstream: upstream}, io.Discard),
		Start(b, Options{Version: benchVersion, Upstream: upstream, Plugin: config}, io.Discard),
		Start(b, Options{Version: benchVersion, Upstream: upstream, Sidecar: sidecar.Listener.Addr().String(),
			Plugin: map[string]any{"holdHeaders": true, "log": "blocked", "sidecar": "sidecar"}}, io.Discard),
	}
	for _, k := range set.Kinds {
		var messages [][]byte
		for i := range k.Requests {
			messages = append(messages, Render(&k.Requests[i]))
		}
		b.Run(k.Name, func(b *testing.B) {
			n := min(batchSize, max(20, 4_000_000/int(k.Bytes())))
			for _, p := range envoys {
				cost(b, p, messages, n) // caches fill, lines are remembered
			}
			var r rounds
			for b.Loop() {
				var c [3]time.Duration
				for i := range envoys {
					i = (i + len(r)) % len(envoys)
					c[i] = cost(b, envoys[i], messages, n)
				}
				r = append(r, c)
			}
			extra := r.median(func(c [3]time.Duration) time.Duration { return c[1] - c[0] })
			observed := r.median(func(c [3]time.Duration) time.Duration { return c[2] - c[0] })
			b.ReportMetric(r.median(func(c [3]time.Duration) time.Duration { return c[0] }), "none-µs/req")
			b.ReportMetric(extra, "extra-µs/req")
			b.ReportMetric(r.least(1)-r.least(0), "least-extra-µs/req")
			b.ReportMetric(observed/extra, "observing-ratio")
			b.ReportMetric(0, "ns/op") // a round, not a request: says nothing
		})
	}
	if n, err := envoys[2].Stat("wasmcustom.glacis.observations"); err != nil || n == 0 {
		b.Errorf("%d requests were observed, %v: the ratios are of something else", n, err)
	}
}

// rounds are the costs of a request in each Envoy, round by round.
type rounds [][3]time.Duration

// median is the median over the rounds, in microseconds.
func (r rounds) median(of func([3]time.Duration) time.Duration) float64 {
	var list []time.Duration
	for _, c := range r {
		list = append(list, of(c))
	}
	slices.Sort(list)
	return micros((list[(len(list)-1)/2] + list[len(list)/2]) / 2)
}

// least is the least that a request cost in an Envoy, in microseconds.
func (r rounds) least(envoy int) float64 {
	least := r[0][envoy]
	for _, c := range r {
		least = min(least, c[envoy])
	}
	return micros(least)
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
