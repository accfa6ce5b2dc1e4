package agent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// MaxPolicy is the longest policy that is taken from a sidecar, in bytes.
const MaxPolicy = 8 << 20

// ErrNoPolicy says that the sidecar has no policy.
var ErrNoPolicy = errors.New("the sidecar has no policy")

// FollowPolicy asks the sidecar for its policy (GET /v1/policy), and again
// whenever it may have another, until ctx ends. take gets each new one in its
// compiled form, and nil when the last one still holds; failed is told why one that was expected did not come, or had
// no good signature: with Config.PublicKey a signature is required, without it
// one that is there must be that of the key which the sidecar named. Both are
// called on the caller's goroutine. What take refuses is not offered again.
func (a *Agent) FollowPolicy(ctx context.Context, take func(compiled []byte), failed func(error)) {
	etag, wait, patience := "", firstWait, 0
	for ctx.Err() == nil {
		asked := time.Now()
		compiled, next, err := a.policy(ctx, etag, patience)
		patience = waitSeconds // but for the first time, when an answer is waited for
		switch {
		case ctx.Err() != nil:
			return
		case errors.Is(err, ErrNoPolicy):
			failed(err)
			etag, wait = "", firstWait
		case err != nil:
			failed(err)
			a.counts.failed.Add(1)
		default:
			take(compiled)
			etag, wait = next, firstWait
		}
		// one that does not wait, because too many do or it has nothing, is asked again
		pause := max(0, time.Second-time.Since(asked))
		if err != nil && !errors.Is(err, ErrNoPolicy) {
			pause, wait = wait, min(2*wait, lastWait)
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// policy asks once, for another than that of etag, and lets the sidecar wait for
// some seconds until there is one. compiled is nil when it is still that of etag.
func (a *Agent) policy(ctx context.Context, etag string, patience int) (compiled []byte, next string, err error) {
	ctx, cancel := context.WithTimeout(ctx, (waitSeconds+30)*time.Second)
	defer cancel()
	res, err := a.Get(ctx, fmt.Sprintf("/v1/policy?wait=%d", patience), etag)
	if err != nil {
		return nil, "", fmt.Errorf("get policy: %w", err)
	}
	defer res.Body.Close()
	switch res.StatusCode {
	case http.StatusNotModified:
		return nil, etag, nil
	case http.StatusNotFound:
		return nil, "", fmt.Errorf("get policy: %w", ErrNoPolicy)
	case http.StatusOK:
	default:
		return nil, "", fmt.Errorf("get policy: %s", res.Status)
	}
	compiled, err = io.ReadAll(io.LimitReader(res.Body, MaxPolicy+1))
	if err == nil && len(compiled) > MaxPolicy {
		err = errors.New("longer than 8 MiB")
	}
	if err == nil {
		err = a.signed(compiled, res.Header.Get("Glacis-Signature"))
	}
	if err != nil {
		return nil, "", fmt.Errorf("get policy: %w", err)
	}
	return compiled, res.Header.Get("ETag"), nil
}

// signed checks the signature of a policy.
func (a *Agent) signed(compiled []byte, signature string) error {
	offered := a.offered.Load()
	switch {
	case a.pinned:
		return a.key.VerifyPolicy(compiled, signature)
	case signature == "" || offered == nil: // the channel has to do
		return nil
	}
	return offered.VerifyPolicy(compiled, signature)
}
