package console

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/glacis-waf/glacis/sidecar/api"
)

// client asks the sidecar's own interface, within the process.
type client struct{ local api.Local }

// apiError is an answer that is no success.
type apiError struct {
	status int
	detail string
}

// Error implements error.
func (e *apiError) Error() string { return e.detail }

// missing reports whether an endpoint does not exist: this sidecar does not
// learn, or has no status.
func missing(err error) bool {
	var e *apiError
	return errors.As(err, &e) && e.status == http.StatusNotFound
}

// get asks for a path and decodes the answer.
func (c client) get(r *http.Request, path string, query url.Values, v any) error {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return c.do(r, http.MethodGet, path, nil, v)
}

// post sends a change.
func (c client) post(r *http.Request, path string, change any) error {
	body, err := json.Marshal(change)
	if err != nil {
		return fmt.Errorf("console: %w", err)
	}
	return c.do(r, http.MethodPost, path, body, nil)
}

// do makes a call in the name of the browser's request, whose certificate says
// who it is.
func (c client) do(r *http.Request, method, path string, body []byte, v any) error {
	req, err := http.NewRequestWithContext(r.Context(), method, "http://sidecar"+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("console: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.TLS, req.RemoteAddr = r.TLS, r.RemoteAddr
	res, err := c.local.RoundTrip(req)
	if err != nil {
		return fmt.Errorf("console: %w", err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		return fmt.Errorf("console: %w", err)
	}
	if res.StatusCode >= 300 {
		var problem struct{ Detail string }
		_ = json.Unmarshal(data, &problem) // without a detail the status has to do
		if problem.Detail == "" {
			problem.Detail = http.StatusText(res.StatusCode)
		}
		return &apiError{res.StatusCode, problem.Detail}
	}
	if v == nil {
		return nil
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("console: %s: %w", path, err)
	}
	return nil
}
