package api

import (
	"io"
	"net/http"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Health answers probes: /healthz is 200 while the process lives, /readyz 200
// while requests are taken and 503 before and while draining.
type Health struct{ ready atomic.Bool }

// SetReady says whether requests are taken.
func (h *Health) SetReady(ready bool) { h.ready.Store(ready) }

// Routes returns the endpoints.
func (h *Health) Routes() []Route {
	return []Route{
		{Pattern: "GET /healthz", Open: true, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "ok\n") })},
		{Pattern: "GET /readyz", Open: true, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if h.ready.Load() {
				say(w, http.StatusOK, "ready\n")
			} else {
				say(w, http.StatusServiceUnavailable, "not ready\n")
			}
		})},
	}
}

// Metrics returns the endpoint that Prometheus scrapes.
func Metrics(reg *prometheus.Registry) Route {
	return Route{Pattern: "GET /metrics", Agents: true, Handler: promhttp.HandlerFor(reg, promhttp.HandlerOpts{Registry: reg})}
}

func say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) // a prober that has gone does not mind
}
