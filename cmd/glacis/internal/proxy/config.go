package proxy

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/glacis-waf/glacis/events"
	"github.com/glacis-waf/glacis/gateway"
)

// Mode says what becomes of a request that the engine blocks.
type Mode string

// The modes.
const (
	// Detect only logs and counts; traffic is never altered.
	Detect Mode = "detect"
	// Prevent refuses the request.
	Prevent Mode = "prevent"
)

// FailPolicy says what becomes of a request that could not be inspected.
type FailPolicy string

// The policies.
const (
	// FailOpen lets it through.
	FailOpen FailPolicy = "open"
	// FailClosed answers 503 (in prevent mode).
	FailClosed FailPolicy = "closed"
)

// Config configures a Proxy. Upstream and Inspector are required; the zero
// value of everything else stands for its default.
type Config struct {
	// Upstream is where requests go: http, https or h2c (HTTP/2 without TLS),
	// with an optional base path that is put before every request's path.
	Upstream *url.URL
	// Inspector judges the requests.
	Inspector Inspector
	// Mode defaults to Prevent.
	Mode Mode
	// Fail defaults to FailOpen.
	Fail FailPolicy
	// MaxBodyBytes refuses longer request bodies with 413 in prevent mode;
	// 0 means no limit.
	MaxBodyBytes int64
	// RequestIDHeader carries the request id in both directions; default
	// X-Request-Id. A client's id is kept when it is 8 to 128 characters of
	// letters, digits, '.', '_' and '-'.
	RequestIDHeader string
	// InspectTimeout is how much time inspecting one request may take in
	// total, not counting waiting for the network; default 2 s. It is checked
	// after every block. Beyond it the rest of the request is not inspected and
	// Fail applies.
	InspectTimeout time.Duration
	// BodyIdleTimeout is how long a body may stand still before the client
	// gets 408; default 60 s. Streams (gRPC, Connect) are exempt.
	BodyIdleTimeout time.Duration
	// StreamHold is how long the beginning of a block of a gRPC or Connect
	// stream is held back; default 100 ms.
	StreamHold time.Duration
	// Events gets an event (gateway.Event) for every request that Report names;
	// nil for none. It is the caller's to close, after the last request.
	Events *events.Outputs
	// Report says which requests: gateway.LogBlocked, LogFindings (the default),
	// LogAll or LogOff. A policy's logging.level takes its place.
	Report string
	// Log gets diagnostics: faults, and at level Debug one record a request;
	// default slog.Default().
	Log *slog.Logger
	// Metrics counts; default is a fresh set.
	Metrics *Metrics
	// Learning takes part in learning; nil for not. Its engine is the business
	// of Policies, which must have the same.
	Learning *Learning
}

// ParseUpstream reads and checks an upstream's address.
func ParseUpstream(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("upstream: %w", err)
	}
	if u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "h2c" {
		return nil, fmt.Errorf("upstream %q: scheme must be http, https or h2c", u.Redacted())
	}
	if u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("upstream %q: want scheme://host[:port][/path] and nothing else", u.Redacted())
	}
	return u, nil
}

func (c Config) withDefaults() (Config, error) {
	if c.Upstream == nil || c.Inspector == nil {
		return c, errors.New("proxy: upstream and inspector are required")
	}
	if c.Mode == "" {
		c.Mode = Prevent
	}
	if c.Fail == "" {
		c.Fail = FailOpen
	}
	if c.Mode != Detect && c.Mode != Prevent {
		return c, fmt.Errorf("proxy: mode %q: want detect or prevent", c.Mode)
	}
	if c.Fail != FailOpen && c.Fail != FailClosed {
		return c, fmt.Errorf("proxy: fail %q: want open or closed", c.Fail)
	}
	if c.MaxBodyBytes < 0 {
		return c, errors.New("proxy: max body bytes must not be negative")
	}
	if c.RequestIDHeader == "" {
		c.RequestIDHeader = "X-Request-Id"
	}
	if !isToken(c.RequestIDHeader) {
		return c, fmt.Errorf("proxy: request id header %q is no header name", c.RequestIDHeader)
	}
	if c.InspectTimeout <= 0 {
		c.InspectTimeout = 2 * time.Second
	}
	if c.BodyIdleTimeout <= 0 {
		c.BodyIdleTimeout = time.Minute
	}
	if c.StreamHold <= 0 {
		c.StreamHold = 100 * time.Millisecond
	}
	if c.Report == "" {
		c.Report = gateway.LogFindings
	}
	if levels := []string{gateway.LogBlocked, gateway.LogFindings, gateway.LogAll, gateway.LogOff}; !slices.Contains(levels, c.Report) {
		return c, fmt.Errorf("proxy: log %q: want %s%s", c.Report, strings.Join(levels, ", "), gateway.Suggest(c.Report, levels))
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Metrics == nil {
		c.Metrics = NewMetrics(c.Inspector.Model())
	}
	return c, nil
}
