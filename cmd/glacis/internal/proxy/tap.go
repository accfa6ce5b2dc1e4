package proxy

import (
	"io"
	"net/http"
	"sync/atomic"
)

// tap is the request body as the upstream gets it in detect mode: exactly as it
// comes, shown to the engine in passing.
type tap struct {
	io.ReadCloser
	in     *inspection
	onEnd  func() http.Header
	closed atomic.Bool
}

// Read implements io.Reader.
func (t *tap) Read(p []byte) (int, error) {
	if t.closed.Load() {
		return 0, errClosed
	}
	n, err := t.ReadCloser.Read(p)
	if n > 0 {
		t.in.body(p[:n])
	}
	if err == io.EOF {
		t.in.end(t.onEnd())
	}
	return n, err
}

// release ends all reading.
func (t *tap) release() { t.closed.Store(true) }
