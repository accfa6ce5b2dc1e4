// Package ask is the client of commands that put questions to a running
// sidecar or proxy: over TCP, TLS or a unix socket, with the sidecar's token.
package ask

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// maxAnswer bounds what is read of an answer, in bytes.
const maxAnswer = 64 << 20

// Options are what a client needs beside the address.
type Options struct {
	// Token is the sidecar's, "" for none.
	Token string
	// CA, Cert and Key are PEM files: the server's authority, and the client's
	// own certificate; "" for the system's, and none.
	CA, Cert, Key string
}

// Client puts questions to one address. It is safe for concurrent use.
type Client struct {
	base  string
	token string
	http  *http.Client
}

// New makes a client of "host:port", "http://…", "https://…" or "unix:/path".
func New(address string, o Options) (*Client, error) {
	transport := &http.Transport{TLSHandshakeTimeout: 5 * time.Second, ResponseHeaderTimeout: 30 * time.Second}
	c := &Client{base: address, token: o.Token, http: &http.Client{Transport: transport, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		c.base = "http://sidecar"
		transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", path)
		}
		return c, nil
	}
	if !strings.Contains(c.base, "://") {
		c.base = "http://" + c.base
	}
	u, err := url.Parse(c.base)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("address %q: want host:port, http://…, https://… or unix:/path", address)
	}
	c.base = strings.TrimSuffix(c.base, "/")
	transport.TLSClientConfig, err = o.tls()
	return c, err
}

func (o *Options) tls() (*tls.Config, error) {
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	if o.CA != "" {
		pem, err := os.ReadFile(o.CA)
		if err != nil {
			return nil, fmt.Errorf("authority: %w", err)
		}
		if c.RootCAs = x509.NewCertPool(); !c.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("authority: %s: no certificate in it", o.CA)
		}
	}
	if (o.Cert == "") != (o.Key == "") {
		return nil, errors.New("certificate and key belong together")
	}
	if o.Cert != "" {
		pair, err := tls.LoadX509KeyPair(o.Cert, o.Key)
		if err != nil {
			return nil, fmt.Errorf("certificate: %w", err)
		}
		c.Certificates = []tls.Certificate{pair}
	}
	return c, nil
}

// StatusError is an answer that is no success.
type StatusError struct {
	// Status is the HTTP status, Detail what the problem says.
	Status int
	Detail string
}

// Error implements error.
func (e *StatusError) Error() string {
	text := fmt.Sprintf("answer %d %s", e.Status, http.StatusText(e.Status))
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	return text
}

// Get asks for a path, query included, and reads the JSON answer into v.
func (c *Client) Get(ctx context.Context, path string, v any) error {
	body, err := c.do(ctx, http.MethodGet, path, "", nil)
	if err != nil {
		return err
	}
	defer body.Close()
	if err := json.NewDecoder(io.LimitReader(body, maxAnswer)).Decode(v); err != nil {
		return fmt.Errorf("answer of %s: %w", path, err)
	}
	return nil
}

// Text asks for a path and returns the answer as it is.
func (c *Client) Text(ctx context.Context, path string) ([]byte, error) {
	body, err := c.do(ctx, http.MethodGet, path, "", nil)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	data, err := io.ReadAll(io.LimitReader(body, maxAnswer+1))
	if err == nil && len(data) > maxAnswer {
		err = fmt.Errorf("longer than %d bytes", maxAnswer)
	}
	if err != nil {
		return nil, fmt.Errorf("answer of %s: %w", path, err)
	}
	return data, nil
}

// Post sends a body of a media type and wants no more than success.
func (c *Client) Post(ctx context.Context, path, kind string, data []byte) error {
	body, err := c.do(ctx, http.MethodPost, path, kind, data)
	if err != nil {
		return err
	}
	return body.Close()
}

// do makes a call; the body is that of a successful answer.
func (c *Client) do(ctx context.Context, method, path, kind string, data []byte) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	if res.StatusCode/100 != 2 {
		defer res.Body.Close()
		var problem struct{ Detail string }
		_ = json.NewDecoder(io.LimitReader(res.Body, maxAnswer)).Decode(&problem) // the status says enough
		return nil, &StatusError{res.StatusCode, problem.Detail}
	}
	return res.Body, nil
}
