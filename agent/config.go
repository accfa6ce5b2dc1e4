package agent

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"time"

	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/sidecar/signing"
)

// Config configures an Agent. Sidecar and Kind are required.
type Config struct {
	// Sidecar is where it listens for HTTP: "host:port", "http://…", "https://…"
	// or "unix:/path".
	Sidecar string
	// Token is the sidecar's, "" if it wants none.
	Token string
	// TokenFile is read at the start when Token is empty.
	TokenFile string
	// CA (PEM file) is the authority of the sidecar's certificate; default are
	// the system's. Cert and Key are the agent's own.
	CA, Cert, Key string
	// PublicKey is the key that profiles must be signed with
	// ("glacis-ed25519:…"); without it the one that the sidecar names first is
	// believed for the life of the process.
	PublicKey string
	// Kind names the wrapper; Version is Glacis's.
	Kind, Version string
	// Trusted are the proxies whose X-Forwarded-For entries are believed
	// (profile.Sources).
	Trusted []netip.Prefix
	// Identity says by what clients are told apart beside their addresses; see
	// Agent.Identified.
	Identity gateway.Identity
	// State is asked before every heartbeat; nil for nothing to say.
	State func() State
	// Profile is given every new profile, on one goroutine. It must not wait.
	Profile func(*profile.Profile)
	// BatchBytes is the size from which a batch is sent, default 64 KiB;
	// BatchEvery is when a smaller one is, default 1 s.
	BatchBytes int
	BatchEvery time.Duration
	// BufferBytes bounds the observations that wait, default 4 MiB, and as many
	// bytes of events.
	BufferBytes int
	// Heartbeat is how often the agent reports; default 10 s.
	Heartbeat time.Duration
	// Transport takes the place of the network, for a sidecar's own requests.
	Transport http.RoundTripper
	// Log is default slog.Default().
	Log *slog.Logger
}

// State is what a wrapper says of itself.
type State struct {
	Model, Policy, Mode string
	Requests, Blocks    uint64
	// What the fields of these names in Report say; errors are cut to 200 bytes.
	ModelType, ModelError, PolicyError string
	Updated                            time.Time
	FailOpen, FailClosed, Failures     uint64
}

func (c Config) withDefaults() (Config, error) {
	if c.Sidecar == "" || c.Kind == "" {
		return c, errors.New("agent: sidecar and kind are required")
	}
	if c.BatchBytes <= 0 {
		c.BatchBytes = 64 << 10
	}
	if c.BufferBytes <= 0 {
		c.BufferBytes = 4 << 20
	}
	if c.BatchEvery <= 0 {
		c.BatchEvery = time.Second
	}
	if c.Heartbeat <= 0 {
		c.Heartbeat = 10 * time.Second
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Token == "" && c.TokenFile != "" {
		data, err := os.ReadFile(c.TokenFile)
		if err != nil {
			return c, fmt.Errorf("agent: token: %w", err)
		}
		c.Token = strings.TrimSpace(string(data))
	}
	return c, nil
}

// client returns the HTTP client and the address that goes before paths.
func (c *Config) client() (*http.Client, string, error) {
	t := &http.Transport{MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute, ResponseHeaderTimeout: 40 * time.Second, TLSHandshakeTimeout: 5 * time.Second}
	base := strings.TrimSuffix(c.Sidecar, "/")
	switch {
	case strings.HasPrefix(base, "unix:"):
		path := strings.TrimPrefix(base, "unix:")
		t.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", path)
		}
		base = "http://sidecar"
	case !strings.Contains(base, "://"):
		base = "http://" + base
	case !strings.HasPrefix(base, "http://") && !strings.HasPrefix(base, "https://"):
		return nil, "", fmt.Errorf("agent: sidecar %q: want host:port, http://…, https://… or unix:/path", c.Sidecar)
	}
	secure := &tls.Config{MinVersion: tls.VersionTLS12}
	if c.CA != "" {
		pem, err := os.ReadFile(c.CA)
		if err != nil {
			return nil, "", fmt.Errorf("agent: authority: %w", err)
		}
		if secure.RootCAs = x509.NewCertPool(); !secure.RootCAs.AppendCertsFromPEM(pem) {
			return nil, "", fmt.Errorf("agent: authority: %s: no certificate in it", c.CA)
		}
	}
	if c.Cert != "" {
		cert, err := tls.LoadX509KeyPair(c.Cert, c.Key)
		if err != nil {
			return nil, "", fmt.Errorf("agent: certificate: %w", err)
		}
		secure.Certificates = []tls.Certificate{cert}
	}
	t.TLSClientConfig = secure
	transport := http.RoundTripper(t)
	if c.Transport != nil {
		transport = c.Transport
	}
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, base, nil
}

// pinned returns the key that was given, the zero value if none was.
func (c *Config) pinned() (signing.PublicKey, bool, error) {
	if c.PublicKey == "" {
		return signing.PublicKey{}, false, nil
	}
	key, err := signing.ParsePublicKey(c.PublicKey)
	if err != nil {
		return key, false, fmt.Errorf("agent: %w", err)
	}
	return key, true, nil
}

// newID names this instance.
func newID(kind string) string {
	var b [8]byte
	rand.Read(b[:]) // never fails
	return kind + "-" + hex.EncodeToString(b[:])
}
