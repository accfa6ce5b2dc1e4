package sidecar

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/glacis-waf/glacis/sidecar/api"
	"github.com/glacis-waf/glacis/sidecar/api/inspection"
)

// Config configures a Server. Service is required.
type Config struct {
	// Service inspects. The caller closes it after Serve.
	Service *inspection.Service
	// HTTP and GRPC are addresses to listen on, each "host:port" or
	// "unix:/path/of/a.sock"; "" is none. At least one of both is required.
	HTTP, GRPC []string
	// TLSCert and TLSKey (PEM files) make TCP listeners speak TLS 1.2 or later.
	TLSCert, TLSKey string
	// ClientCA (PEM file) asks TLS clients for a certificate of that authority.
	ClientCA string
	// Token is what callers have to know; "" for none. It comes as
	// "Authorization: Bearer …" or in api.TokenHeader.
	Token string
	// OperatorToken is what operators have to know, for all that agents must
	// neither see nor change (api.Route.Agents); "" lets Token do for both.
	OperatorToken string
	// SignPolicy signs what GET /v1/policy serves; nil for no signature.
	SignPolicy func(compiled []byte) string
	// Routes are HTTP endpoints of other parts.
	Routes []api.Route
	// Console serves the web console (package console) on the HTTP listeners.
	Console bool
	// MaxStreams is how many calls one gRPC connection may have open; default
	// 1000.
	MaxStreams uint32
	// StreamIdle ends an ext_proc stream on which nothing has happened for this
	// long; default 5 min.
	StreamIdle time.Duration
	// DrainTimeout is how long calls that are being served may take to end when
	// the server stops; default 10 s.
	DrainTimeout time.Duration
	// Log is default slog.Default().
	Log *slog.Logger
	// Started is told the addresses once calls are taken, in the order of HTTP
	// and then GRPC, as given but with the real port.
	Started func(addresses []string)
}

func (c Config) withDefaults() (Config, error) {
	if c.Service == nil {
		return c, errors.New("sidecar: a service is required")
	}
	empty := func(address string) bool { return address == "" }
	c.HTTP, c.GRPC = slices.DeleteFunc(slices.Clone(c.HTTP), empty), slices.DeleteFunc(slices.Clone(c.GRPC), empty)
	if len(c.HTTP)+len(c.GRPC) == 0 {
		return c, errors.New("sidecar: no address to listen on")
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return c, errors.New("sidecar: certificate and key belong together")
	}
	if c.ClientCA != "" && c.TLSCert == "" {
		return c, errors.New("sidecar: client certificates need a certificate and key of the sidecar's own")
	}
	if c.OperatorToken != "" && c.OperatorToken == c.Token {
		return c, errors.New("sidecar: the operators' token is the agents': one of them must be another")
	}
	if c.MaxStreams == 0 {
		c.MaxStreams = 1000
	}
	if c.StreamIdle <= 0 {
		c.StreamIdle = 5 * time.Minute
	}
	if c.DrainTimeout <= 0 {
		c.DrainTimeout = 10 * time.Second
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return c, nil
}

// minToken is the shortest token that is taken, in characters.
const minToken = 16

// ReadToken reads the token from a file; white space around it does not count.
func ReadToken(path string) (string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("token: %w", err)
	}
	token := strings.TrimSpace(string(data))
	if len(token) < minToken {
		return "", fmt.Errorf("token: %s: shorter than %d characters", path, minToken)
	}
	return token, nil
}
