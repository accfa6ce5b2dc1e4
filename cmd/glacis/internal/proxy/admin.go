package proxy

import (
	"io"
	"net/http"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// admin is the handler of the local listener: /metrics (Prometheus),
// /-/healthz (200 while the process lives) and /-/readyz (200 while requests
// are taken, 503 before and while draining), and what ServerConfig.Routes adds.
type admin struct {
	http.Handler
	ready atomic.Bool
}

func newAdmin(m *Metrics, routes map[string]http.Handler) *admin {
	a, mux := &admin{}, http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.Registry, promhttp.HandlerOpts{Registry: m.Registry}))
	mux.HandleFunc("GET /-/healthz", func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "ok\n") })
	mux.HandleFunc("GET /-/readyz", func(w http.ResponseWriter, _ *http.Request) {
		if a.ready.Load() {
			say(w, http.StatusOK, "ready\n")
		} else {
			say(w, http.StatusServiceUnavailable, "not ready\n")
		}
	})
	for pattern, handler := range routes {
		mux.Handle(pattern, handler)
	}
	// a page in a browser on this machine must not send commands
	a.Handler = http.NewCrossOriginProtection().Handler(mux)
	return a
}

func say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) // a prober that has gone does not mind
}
