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
	name string
	get  Getter
}

// Getter asks a sidecar for a path. With an etag (RFC 9110, section 8.8.3) the
// answer is 304 while that is still current.
type Getter func(ctx context.Context, path, etag string) (*http.Response, error)

// fetchTime bounds one look at a sidecar, its answer included.
const fetchTime = 30 * time.Second

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
		u.Path = ""
	default:
		return nil, fmt.Errorf("sidecar %q: the path is %s", u.Redacted(), ModelPath)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error {
		return errors.New("a redirect, which a sidecar never sends")
	}}
	return AskSidecar(u.String()+ModelPath, func(ctx context.Context, path, etag string) (*http.Response, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String()+path, nil)
		if err != nil {
			return nil, err
		}
		if token != "" {
			req.Header.Set("Authorization", "Bearer "+token)
		}
		if etag != "" {
			req.Header.Set("If-None-Match", etag)
		}
		return client.Do(req)
	}), nil
}

// AskSidecar makes one of a connection that is there already, such as an
// agent's. name is for logs.
func AskSidecar(name string, get Getter) *Sidecar { return &Sidecar{name, get} }

// String implements Source.
func (s *Sidecar) String() string { return s.name }

// Fetch implements Source; the stamp is the ETag. It takes half a minute at most.
func (s *Sidecar) Fetch(ctx context.Context, stamp string) (*Package, string, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	res, err := s.get(ctx, ModelPath, stamp)
	if err != nil {
		return nil, stamp, fmt.Errorf("ask the sidecar: %w", err)
	}
	defer res.Body.Close()
	switch res.StatusCode {
	case http.StatusOK:
	case http.StatusNotModified:
		return nil, stamp, nil
	case http.StatusNotFound:
		return nil, "", fmt.Errorf("%s: the sidecar runs its embedded model: %w", s.name, fs.ErrNotExist)
	default:
		return nil, stamp, fmt.Errorf("%s: status %d", s.name, res.StatusCode)
	}
	archive, err := io.ReadAll(io.LimitReader(res.Body, models.MaxFile+1))
	if err != nil {
		return nil, stamp, fmt.Errorf("%s: %w", s.name, err)
	}
	signature, err := base64.StdEncoding.DecodeString(res.Header.Get(SignatureHeader))
	if err != nil {
		return nil, stamp, fmt.Errorf("%s: %s: %w", s.name, SignatureHeader, err)
	}
	return &Package{Archive: archive, Signature: signature, Origin: s.name}, res.Header.Get("ETag"), nil
}
