package agent

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"net/http"
	"time"

	"github.com/glacis-waf/glacis/sidecar/batch"
)

// The waits after calls that failed: doubled each time up to the last.
const (
	firstWait = 250 * time.Millisecond
	lastWait  = 15 * time.Second
)

// giveUp is how long a batch is sent again; the sidecar knows the ids of ten
// minutes.
const giveUp = 5 * time.Minute

// sendObservations sends batches until the agent ends.
func (a *Agent) sendObservations(ctx context.Context) {
	body := make([]byte, 0, a.cfg.BatchBytes+64<<10)
	for a.gather(ctx, &a.observations) {
		var id batch.ID
		rand.Read(id[:]) // never fails
		body = batch.Begin(body[:0], id)
		n := a.observations.take(func(record []byte) bool {
			if len(body)+len(record)+4 > batch.MaxBytes || len(body) > a.cfg.BatchBytes+32<<10 {
				return false
			}
			body = batch.AppendRecord(body, record)
			return true
		})
		if n > 0 && !a.deliver(ctx, "/v1/observations", batch.MediaType, body) {
			a.counts.observations.Add(uint64(n))
		}
	}
}

// sendEvents sends events until the agent ends.
func (a *Agent) sendEvents(ctx context.Context) {
	const most = 256 << 10
	var body []byte
	for a.gather(ctx, &a.events) {
		body = body[:0]
		n := a.events.take(func(line []byte) bool {
			if len(body) > 0 && len(body)+len(line) > most {
				return false
			}
			body = append(append(body, line...), '\n')
			return true
		})
		if n > 0 && !a.deliver(ctx, "/v1/events", "application/x-ndjson", body) {
			a.counts.events.Add(uint64(n))
		}
	}
}

// gather waits until a batch is worth sending; false at the end.
func (a *Agent) gather(ctx context.Context, b *buffer) bool {
	select {
	case <-b.ready:
	case <-ctx.Done():
		return false
	}
	deadline := time.NewTimer(a.cfg.BatchEvery)
	defer deadline.Stop()
	for b.size() < a.cfg.BatchBytes {
		select {
		case <-b.ready:
			if b.isClosed() {
				b.wake()
				return !b.over()
			}
			// One that comes often looks seldom.
			select {
			case <-time.After(a.cfg.BatchEvery / 16):
			case <-ctx.Done():
				return false
			}
			continue
		case <-deadline.C:
		case <-ctx.Done():
			return false
		}
		break
	}
	b.wake() // there may be more than one batch
	return !b.over()
}

// deliver sends a body until it has arrived. It gives up when the sidecar does
// not want it, and after a while.
func (a *Agent) deliver(ctx context.Context, path, kind string, body []byte) bool {
	begun, wait := time.Now(), firstWait
	for {
		status, err := a.post(ctx, path, kind, body)
		switch {
		case err == nil && status < 300:
			a.counts.sent.Add(1)
			return true
		case err == nil && status >= 400 && status < 500 && status != http.StatusTooManyRequests && status != http.StatusUnauthorized:
			a.counts.failed.Add(1)
			return false
		}
		a.counts.failed.Add(1)
		if time.Since(begun) > giveUp {
			return false
		}
		select {
		case <-time.After(wait):
			wait = min(2*wait, lastWait)
		case <-ctx.Done():
			return false
		}
	}
}

// post makes one call, of ten seconds at most.
func (a *Agent) post(ctx context.Context, path, kind string, body []byte) (status int, err error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	res, err := a.do(ctx, http.MethodPost, path, kind, body)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10))
	return res.StatusCode, err
}

// do makes a call; the caller closes the body.
func (a *Agent) do(ctx context.Context, method, path, kind string, body []byte, header ...string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, a.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if a.cfg.Token != "" {
		req.Header.Set("Authorization", "Bearer "+a.cfg.Token)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return a.http.Do(req)
}
