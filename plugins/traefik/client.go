package traefik

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/core/policy"
)

// answerBytes is how long an answer of the sidecar may be.
const answerBytes = 64 << 10

// client talks to one sidecar. It is safe for concurrent use.
type client struct {
	http    *http.Client
	url     string
	token   string // "" for none
	timeout time.Duration
	breaker breaker
}

// answer is what POST /v1/inspect says. Exported for encoding/json.
type answer struct {
	Confidence  string `json:"confidence"`
	Score       int    `json:"score"`
	Family      string `json:"family"`
	Location    string `json:"location"`
	Window      string `json:"window"`
	Uninspected int64  `json:"uninspected_bytes"`
	Model       string `json:"model"`
	Fault       string `json:"fault"`
	// The following are set when the sidecar has a policy.
	Action     string             `json:"action"`
	Policy     string             `json:"policy"`
	Asset      string             `json:"asset"`
	Mode       string             `json:"mode"`
	Reason     string             `json:"reason"`
	Exceptions []policy.Mark      `json:"exceptions"`
	Violations []policy.Violation `json:"violations"`
}

// newClient makes a client with a pool of connections that are kept open.
func newClient(o *options) *client {
	t := &http.Transport{MaxIdleConns: 256, MaxIdleConnsPerHost: 256, IdleConnTimeout: 90 * time.Second,
		DisableCompression: true, ResponseHeaderTimeout: 0, ExpectContinueTimeout: time.Second}
	dialer := &net.Dialer{Timeout: o.timeout, KeepAlive: 30 * time.Second}
	socket := o.socket
	t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if socket != "" {
			return dialer.DialContext(ctx, "unix", socket)
		}
		return dialer.DialContext(ctx, network, address)
	}
	h := &http.Client{Transport: t}
	h.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client{http: h, url: o.base + "/v1/inspect", token: o.token, timeout: o.timeout}
}

// post sends a message and returns the sidecar's answer. source is the client's
// address. size is the length of
// the message, -1 if it is not known.
func (c *client) post(ctx context.Context, source string, message io.Reader, size int64) (answer, error) {
	var a answer
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+"?source="+url.QueryEscape(source), message)
	if err != nil {
		return a, err
	}
	req.ContentLength = size
	req.Header.Set("Content-Type", "application/http")
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return a, err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(io.LimitReader(res.Body, answerBytes))
	if err != nil {
		return a, err
	}
	if res.StatusCode != http.StatusOK {
		return a, errors.New("status " + strconv.Itoa(res.StatusCode))
	}
	err = json.Unmarshal(data, &a)
	if err != nil {
		return a, err
	}
	if _, ok := core.ParseConfidence(a.Confidence); !ok {
		return a, errors.New("answer without a confidence")
	}
	return a, nil
}

// verdict is the answer as the engine would have put it, with the action that
// follows at the level given, or from the sidecar's policy.
func (a *answer) verdict(level core.Confidence) core.Verdict {
	v := core.Verdict{Score: a.Score, Location: a.Location, Window: a.Window, Uninspected: a.Uninspected, Model: a.Model}
	reached, _ := core.ParseConfidence(a.Confidence)
	v.Confidence = reached
	family, _ := model.ParseFamily(a.Family)
	v.Family = family
	if a.Policy != "" {
		v.Policy = a.Policy
		v.Asset = a.Asset
		v.Mode = a.Mode
		v.Reason = a.Reason
		v.Exceptions = a.Exceptions
		v.Violations = a.Violations
		if a.Action == core.Block.Name() {
			v.Action = core.Block
		}
		return v
	}
	if reached >= level {
		v.Action = core.Block
	}
	return v
}
