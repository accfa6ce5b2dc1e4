package events

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// The headers of a webhook's delivery.
const (
	// HeaderDelivery names a batch: the same when it is sent again.
	HeaderDelivery = "Glacis-Delivery"
	// HeaderTimestamp is when it was sent, seconds since 1970.
	HeaderTimestamp = "Glacis-Timestamp"
	// HeaderSignature is "v1=" and the HMAC, see Sign.
	HeaderSignature = "Glacis-Signature"
)

// webhookSink posts batches as JSON lists.
type webhookSink struct {
	url    string
	secret []byte // nil for no signature
	client *http.Client
	size   int
	linger time.Duration
	now    func() time.Time
}

// newHTTPClient returns a client that follows no redirects: a signed batch is
// for the address that was configured.
func newHTTPClient(transport *http.Transport) *http.Client {
	return &http.Client{Timeout: ioTimeout, Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func (s *webhookSink) batch() (int, time.Duration) { return s.size, s.linger }

// Write implements Sink: all of the batch arrives or nothing does.
func (s *webhookSink) Write(ctx context.Context, batch []Record) (int, error) {
	body := []byte{'['}
	for i, r := range batch {
		if i > 0 {
			body = append(body, ',', '\n')
		}
		body = append(body, r.Line...)
	}
	body = append(body, ']', '\n')
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, bytes.NewReader(body))
	if err != nil {
		return 0, Permanent(bare(err), len(batch))
	}
	sum := sha256.Sum256(body)
	at := strconv.FormatInt(s.now().Unix(), 10)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "glacis")
	req.Header.Set(HeaderDelivery, hex.EncodeToString(sum[:16]))
	req.Header.Set(HeaderTimestamp, at)
	if s.secret != nil {
		req.Header.Set(HeaderSignature, Sign(s.secret, at, body))
	}
	res, err := s.client.Do(req)
	if err != nil {
		return 0, bare(err)
	}
	defer res.Body.Close()
	_, _ = io.CopyN(io.Discard, res.Body, 64<<10) // so that the connection can be used again
	return s.outcome(res, len(batch))
}

// outcome reads an answer: success, trouble that may pass, or a refusal.
func (s *webhookSink) outcome(res *http.Response, records int) (int, error) {
	status := res.StatusCode
	switch {
	case status >= 200 && status < 300:
		return records, nil
	case status == http.StatusTooManyRequests || status == http.StatusRequestTimeout || status >= 500:
		seconds, err := strconv.Atoi(res.Header.Get("Retry-After"))
		if err != nil || seconds < 0 || seconds > 3600 {
			seconds = 0
		}
		return 0, laterError{fmt.Errorf("answer %s", res.Status), time.Duration(seconds) * time.Second}
	}
	return 0, Permanent(fmt.Errorf("answer %s", res.Status), records)
}

// bare takes the address from an error: it may have a secret in it.
func bare(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// Close implements Sink.
func (s *webhookSink) Close() error {
	s.client.CloseIdleConnections()
	return nil
}
