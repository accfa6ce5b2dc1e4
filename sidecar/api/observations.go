package api

import (
	"errors"
	"mime"
	"net/http"

	"github.com/glacis-waf/glacis/sidecar/batch"
	"github.com/glacis-waf/glacis/sidecar/store"
)

// observe stores a batch of observations. 202 means that it is safe; after 429
// and 503 the same batch may be sent again.
func (l *Learning) observe(w http.ResponseWriter, r *http.Request) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != batch.MediaType {
		Problem(w, http.StatusUnsupportedMediaType, "The body must be "+batch.MediaType+".")
		return
	}
	select {
	case l.slots <- struct{}{}:
		defer func() { <-l.slots }()
	default:
		w.Header().Set("Retry-After", "1")
		Problem(w, http.StatusTooManyRequests, "Too many batches are being stored.")
		return
	}
	data, ok := readBody(w, r, batch.MaxBytes)
	if !ok {
		return
	}
	ctx, cancel := limited(r)
	defer cancel()
	malformed, err := l.store.Publish(ctx, data)
	switch {
	case errors.Is(err, batch.ErrMalformed):
		Problem(w, http.StatusBadRequest, "The body is no batch of observations.")
	case errors.Is(err, store.ErrFull):
		w.Header().Set("Retry-After", "10")
		Problem(w, http.StatusServiceUnavailable, "There is no room for observations.")
	case err != nil:
		w.Header().Set("Retry-After", "2")
		Problem(w, http.StatusServiceUnavailable, "The observations could not be stored.")
	default:
		writeJSON(w, http.StatusAccepted, "application/json", map[string]int{"malformed": malformed})
	}
}
