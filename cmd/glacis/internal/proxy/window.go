package proxy

import (
	"io"
	"sync"
	"time"
)

// window is the body of an answer whose beginning is looked at, which it reads
// ahead on a goroutine of its own; then the body is as it comes. The goroutine
// ends with the beginning, with the body, or when that is closed.
type window struct {
	io.Closer
	src   io.Reader
	mu    sync.Mutex
	more  sync.Cond // there is more to read, or nothing will come
	buf   []byte
	n     int   // bytes read ahead
	given int   // bytes of these that were passed on
	err   error // that ended the reading ahead
	ended bool
	hurry bool // what is there will do
	// full is closed when the beginning is there.
	full chan struct{}
}

// newWindow begins to read up to size bytes ahead.
func newWindow(body io.ReadCloser, size int) *window {
	w := &window{Closer: body, src: body, buf: make([]byte, size), full: make(chan struct{})}
	w.more.L = &w.mu
	go w.fill()
	return w
}

func (w *window) fill() {
	defer close(w.full)
	for {
		n, err := w.src.Read(w.buf[w.n:]) // only this goroutine changes n
		w.mu.Lock()
		w.n += n
		w.err = err
		w.ended = err != nil || w.n == len(w.buf) || w.hurry
		ended := w.ended
		w.more.Broadcast()
		w.mu.Unlock()
		if ended {
			return
		}
	}
}

// await returns the beginning of the body: once it is full or the body has
// ended, or what is there of it after some time; whole says that it is all.
func (w *window) await(wait time.Duration) (beginning []byte, whole bool) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-w.full:
	case <-timer.C:
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hurry = true
	return w.buf[:w.n], w.ended
}

// Read implements io.Reader.
func (w *window) Read(p []byte) (int, error) {
	w.mu.Lock()
	for w.given == w.n && !w.ended {
		w.more.Wait()
	}
	if w.given < w.n {
		n := copy(p, w.buf[w.given:w.n])
		w.given += n
		w.mu.Unlock()
		return n, nil
	}
	err := w.err
	w.mu.Unlock()
	if err != nil {
		return 0, err
	}
	return w.src.Read(p)
}

// glance is the body of an answer that is looked at in passing: nothing is held.
type glance struct {
	io.ReadCloser
	seen  []byte // the beginning, up to its capacity
	judge func(beginning []byte)
}

// Read implements io.Reader.
func (g *glance) Read(p []byte) (int, error) {
	n, err := g.ReadCloser.Read(p)
	if g.judge != nil {
		g.seen = append(g.seen, p[:min(n, cap(g.seen)-len(g.seen))]...)
		if err != nil || len(g.seen) == cap(g.seen) {
			g.finish()
		}
	}
	return n, err
}

// Close implements io.Closer.
func (g *glance) Close() error {
	g.finish()
	return g.ReadCloser.Close()
}

// finish judges what was seen, once.
func (g *glance) finish() {
	if judge := g.judge; judge != nil {
		g.judge = nil
		judge(g.seen)
		g.seen = nil
	}
}
