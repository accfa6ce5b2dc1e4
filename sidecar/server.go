package sidecar

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/glacis-waf/glacis/sidecar/api"
	"github.com/glacis-waf/glacis/sidecar/console"
)

// Server serves the sidecar's interfaces.
type Server struct {
	cfg    Config
	health api.Health
	router *api.Router
}

// New makes a Server.
func New(cfg Config) (*Server, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	s := &Server{cfg: cfg}
	routes := append(s.health.Routes(), api.Metrics(cfg.Service.Metrics().Registry), api.Inspect(cfg.Service), api.Policy(cfg.Service, cfg.SignPolicy), api.OpenAPI())
	routes = append(append(routes, api.Authz(cfg.Service)...), cfg.Routes...)
	tokens := api.Tokens{Agents: cfg.Token, Operators: cfg.OperatorToken}
	if cfg.Console {
		c, err := console.New(console.Config{API: api.New("", routes...), Tokens: tokens, Log: cfg.Log})
		if err != nil {
			return nil, err
		}
		routes = append(routes, c.Route())
	}
	s.router = api.NewGuarded(tokens, routes...)
	return s, nil
}

// Serve serves until ctx ends, then drains: not ready, no new connections, the
// end of what is being served or of DrainTimeout. It returns nil after an
// orderly end.
func (s *Server) Serve(ctx context.Context) error {
	secure, err := s.cfg.secure()
	if err != nil {
		return err
	}
	listeners, err := s.open(secure)
	if err != nil {
		return err
	}
	web, calls := s.newHTTP(), s.cfg.newRPC()
	errs := make(chan error, len(listeners))
	names := make([]string, len(listeners))
	for i, l := range listeners {
		names[i] = l.name
		serve := web.Serve
		if i >= len(s.cfg.HTTP) {
			serve = calls.Serve
		}
		go func() { errs <- serve(l.secured()) }()
	}
	s.health.SetReady(true)
	if s.cfg.Started != nil {
		s.cfg.Started(names)
	}
	select {
	case err = <-errs:
		err = fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	s.health.SetReady(false)
	if stop := s.stop(web, calls); err == nil {
		err = stop
	}
	return err
}

// open opens all listeners, those for HTTP first, or none.
func (s *Server) open(secure *tls.Config) ([]*listener, error) {
	var out []*listener
	for _, address := range append(append([]string{}, s.cfg.HTTP...), s.cfg.GRPC...) {
		l, err := s.cfg.listen(address, secure)
		if err != nil {
			for _, l := range out {
				l.Close()
			}
			return nil, err
		}
		out = append(out, l)
	}
	return out, nil
}

// stop ends the server in order.
func (s *Server) stop(web *http.Server, calls *rpc) error {
	s.cfg.Log.Info("draining", slog.Duration("timeout", s.cfg.DrainTimeout))
	drain, cancel := context.WithTimeout(context.Background(), s.cfg.DrainTimeout)
	defer cancel()
	cut := make(chan bool)
	go func() { cut <- calls.stop(drain) }()
	err := web.Shutdown(drain)
	if errors.Is(err, context.DeadlineExceeded) {
		web.Close()
	}
	if <-cut || errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("shutdown: calls still running after %v were cut off", s.cfg.DrainTimeout)
	}
	if err != nil {
		return fmt.Errorf("shutdown: %w", err)
	}
	return nil
}

// maxHeaderBytes is for the calls' own headers, of which those for authz carry
// the client's.
const maxHeaderBytes = 128 << 10

// newHTTP returns a hardened server.
func (s *Server) newHTTP() *http.Server {
	return &http.Server{
		Handler:           s.router,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      40 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          log.New(logWriter{s.cfg.Log}, "", 0),
	}
}

// logWriter passes messages of net/http on to slog.
type logWriter struct{ log *slog.Logger }

// Write implements io.Writer for a log.Logger: one call a message.
func (w logWriter) Write(message []byte) (int, error) {
	w.log.Debug("net/http", slog.String("message", strings.TrimSpace(string(message))))
	return len(message), nil
}
