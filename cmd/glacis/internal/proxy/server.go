package proxy

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// ServerConfig says where a Proxy listens.
type ServerConfig struct {
	// Listen is the address for clients, "host:port"; with TLSCert and TLSKey
	// (PEM files) it speaks TLS 1.2 or later. HTTP/1.1 and HTTP/2 are served
	// either way (without TLS that is h2c with prior knowledge).
	Listen          string
	TLSCert, TLSKey string
	// MetricsListen is the address of the local listener, "" for none.
	MetricsListen string
	// Routes are further endpoints of the local listener, by http.ServeMux
	// pattern.
	Routes map[string]http.Handler
	// DrainDelay is how long the server goes on taking requests after it has
	// begun to say that it is not ready, so that balancers notice.
	DrainDelay time.Duration
	// DrainTimeout is how long requests that are being served may take to end;
	// default 30 s.
	DrainTimeout time.Duration
	// Started is told both addresses (local is nil without one) once requests
	// are taken.
	Started func(clients, local net.Addr)
}

// maxHeaderBytes keeps request line and headers within what the engine
// inspects by default (64 KiB); net/http adds 4 KiB of its own.
const maxHeaderBytes = 60 << 10

// Serve runs the proxy until ctx ends, then drains: not ready first, then no
// new connections, then the end of what is being served or of DrainTimeout,
// whichever is first. It returns nil after an orderly end.
func (p *Proxy) Serve(ctx context.Context, cfg ServerConfig) error {
	if cfg.DrainTimeout <= 0 {
		cfg.DrainTimeout = 30 * time.Second
	}
	// Hijacked (upgraded) connections end with this context.
	base, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	errs := make(chan error, 2)
	status := newAdmin(p.cfg.Metrics, cfg.Routes)

	clients, err := listen(cfg)
	if err != nil {
		return err
	}
	defer clients.Close()
	server := p.newServer(base, p)
	var localAddr net.Addr
	if cfg.MetricsListen != "" {
		local, err := net.Listen("tcp", cfg.MetricsListen)
		if err != nil {
			return fmt.Errorf("metrics listener: %w", err)
		}
		localAddr = local.Addr()
		localServer := p.newServer(base, status)
		defer localServer.Close()
		go func() { errs <- localServer.Serve(local) }()
	}
	go func() { errs <- server.Serve(clients) }()
	status.ready.Store(true)
	if cfg.Started != nil {
		cfg.Started(clients.Addr(), localAddr)
	}

	select {
	case err := <-errs:
		server.Close()
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	status.ready.Store(false)
	p.cfg.Log.Info("draining", slog.Duration("timeout", cfg.DrainTimeout))
	time.Sleep(cfg.DrainDelay)
	drain, cancel := context.WithTimeout(base, cfg.DrainTimeout)
	defer cancel()
	if err := server.Shutdown(drain); errors.Is(err, context.DeadlineExceeded) {
		server.Close()
		return fmt.Errorf("shutdown: requests still running after %v were cut off", cfg.DrainTimeout)
	} else if err != nil {
		return fmt.Errorf("shutdown: %w", err)
	}
	return nil
}

func listen(cfg ServerConfig) (net.Listener, error) {
	var certs []tls.Certificate
	if cfg.TLSCert != "" || cfg.TLSKey != "" {
		cert, err := tls.LoadX509KeyPair(cfg.TLSCert, cfg.TLSKey)
		if err != nil {
			return nil, fmt.Errorf("tls certificate: %w", err)
		}
		certs = []tls.Certificate{cert}
	}
	l, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return nil, fmt.Errorf("listener: %w", err)
	}
	if certs != nil {
		l = tls.NewListener(l, &tls.Config{Certificates: certs, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}})
	}
	return l, nil
}

// newServer returns a hardened server. Bodies and answers have no overall time
// limit because uploads and streams may last; a client that stands still is the
// proxy's business (Config.BodyIdleTimeout).
func (p *Proxy) newServer(base context.Context, h http.Handler) *http.Server {
	s := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          log.New(logWriter{p.cfg.Log}, "", 0),
		BaseContext:       func(net.Listener) context.Context { return base },
		Protocols:         new(http.Protocols),
	}
	s.Protocols.SetHTTP1(true)
	s.Protocols.SetHTTP2(true)
	s.Protocols.SetUnencryptedHTTP2(true)
	return s
}
