package delivery

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/glacis-waf/glacis/models"
)

// ModelPath is where a sidecar serves the model in force, and SignatureHeader
// the header of the answer with the signature file, in base64.
const (
	ModelPath       = "/v1/model"
	SignatureHeader = "Glacis-Model-Signature"
)

// Sidecar is a source: the model in force in a sidecar. Its packages must be
// signed.
type Sidecar struct {
	url, token string
	client     *http.Client
}

// NewSidecar makes one of a sidecar's base URL (or that of the model itself).
// token is the sidecar's, "" for none.
func NewSidecar(base, token string) (*Sidecar, error) {
	u, err := url.Parse(base)
	if err != nil {
		return nil, fmt.Errorf("sidecar: %w", err)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("sidecar %q: want http:// or https://host[:port] and nothing else", u.Redacted())
	}
	switch strings.TrimSuffix(u.Path, "/") {
	case "", ModelPath:
		u.Path = ModelPath
	default:
		return nil, fmt.Errorf("sidecar %q: the path is %s", u.Redacted(), ModelPath)
	}
	client := &http.Client{Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return errors.New("a redirect, which a sidecar never sends")
		}}
	return &Sidecar{url: u.String(), token: token, client: client}, nil
}

// String implements Source.
func (s *Sidecar) String() string { return s.url }

// Fetch implements Source; the stamp is the ETag (RFC 9110, section 8.8.3).
func (s *Sidecar) Fetch(ctx context.Context, stamp string) (*Package, string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url, nil)
	if err != nil {
		return nil, stamp, err
	}
	if s.token != "" {
		req.Header.Set("Authorization", "Bearer "+s.token)
	}
	if stamp != "" {
		req.Header.Set("If-None-Match", stamp)
	}
	res, err := s.client.Do(req)
	if err != nil {
		return nil, stamp, fmt.Errorf("ask the sidecar: %w", err)
	}
	defer res.Body.Close()
	switch res.StatusCode {
	case http.StatusOK:
	case http.StatusNotModified:
		return nil, stamp, nil
	case http.StatusNotFound:
		return nil, "", fmt.Errorf("%s: the sidecar runs its embedded model: %w", s.url, fs.ErrNotExist)
	default:
		return nil, stamp, fmt.Errorf("%s: status %d", s.url, res.StatusCode)
	}
	archive, err := io.ReadAll(io.LimitReader(res.Body, models.MaxFile+1))
	if err != nil {
		return nil, stamp, fmt.Errorf("%s: %w", s.url, err)
	}
	signature, err := base64.StdEncoding.DecodeString(res.Header.Get(SignatureHeader))
	if err != nil {
		return nil, stamp, fmt.Errorf("%s: %s: %w", s.url, SignatureHeader, err)
	}
	return &Package{Archive: archive, Signature: signature, Origin: s.url}, res.Header.Get("ETag"), nil
}
