package api

import (
	"io"
	"log/slog"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/sidecar/api/inspection"
)

// lines is a log that tests read.
type lines struct {
	mu   sync.Mutex
	text []byte
}

// Write implements io.Writer.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, p...)
	return len(p), nil
}

// newService makes a service with the real engine; the log is complete once the
// returned function was called.
func newService(t testing.TB, s gateway.Settings, change func(*inspection.Config)) (*inspection.Service, func() string) {
	t.Helper()
	engine, err := core.New(core.Config{})
	if err != nil {
		t.Fatal(err)
	}
	var log lines
	cfg := inspection.Config{Engine: engine, Settings: s, Events: &log, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	if change != nil {
		change(&cfg)
	}
	service, err := inspection.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	closed := sync.OnceFunc(service.Close)
	t.Cleanup(closed)
	return service, func() string {
		closed()
		return string(log.text)
	}
}

// serve starts a server with routes.
func serve(t testing.TB, token string, routes ...Route) string {
	t.Helper()
	s := httptest.NewServer(New(token, routes...))
	t.Cleanup(s.Close)
	return s.URL
}
