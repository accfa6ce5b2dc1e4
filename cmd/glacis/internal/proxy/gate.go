package proxy

import (
	"errors"
	"io"
	"net/http"
	"sync"
	"time"
)

// blockBytes is how much of a body is judged and passed on at a time. It is the
// step at which the engine renews its verdict.
const blockBytes = 32 << 10

var (
	errRefused = errors.New("proxy: request refused by its verdict")
	errTooLong = errors.New("proxy: request body too long")
	errClosed  = errors.New("proxy: request body read after the request ended")
)

// blockPool holds blocks and the one byte more that tells whether a body goes
// on after a full block.
var blockPool = sync.Pool{New: func() any { b := make([]byte, blockBytes+1); return &b }}

// gate is the request body as the upstream gets it in prevent mode: block by
// block, each after it was judged. Read and release may be called by different
// goroutines.
type gate struct {
	src     source
	in      *inspection
	admit   func() error       // asked before anything is released
	onEnd   func() http.Header // called once at the end of the body: its trailers
	limit   int64              // longest body, 0 for any
	hold    time.Duration      // how long a started block is held; 0: until it is full
	mu      sync.Mutex
	buf     *[]byte
	read    int // buf[read:judged] is released
	judged  int // buf[judged:filled] is not
	filled  int
	total   int64
	err     error // what Read returns when nothing is released
	reading bool  // the source is writing into buf
}

// source is where a gate reads from. wait > 0 bounds the time until something
// arrives; 0, nil means that nothing did.
type source interface {
	read(p []byte, wait time.Duration) (int, error)
}

// Read implements io.Reader. Its errors are those of the client's connection,
// errRefused and errTooLong.
func (g *gate) Read(p []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for g.read == g.judged && g.err == nil {
		g.fill()
	}
	if g.read == g.judged {
		return 0, g.err
	}
	n := copy(p, (*g.buf)[g.read:g.judged])
	g.read += n
	return n, nil
}

// fill gets and judges the next block. It reads without the lock, so that
// release need not wait for a client that is silent.
func (g *gate) fill() {
	if g.buf == nil {
		g.buf, _ = blockPool.Get().(*[]byte)
	}
	buf := *g.buf
	g.filled = copy(buf, buf[g.judged:g.filled])
	g.read, g.judged = 0, 0
	var srcErr error
	for g.filled <= blockBytes && srcErr == nil {
		wait := time.Duration(0)
		if g.filled > 0 {
			wait = g.hold
		}
		had := g.filled
		g.reading = true
		g.mu.Unlock()
		n, err := g.src.read(buf[had:], wait)
		g.mu.Lock()
		g.reading = false
		if g.err != nil { // closed meanwhile
			return
		}
		g.filled, g.total, srcErr = had+n, g.total+int64(n), err
		if n == 0 && err == nil && wait > 0 {
			break // held for long enough
		}
	}
	g.judge(srcErr)
}

// judge shows the block to the engine and releases it.
func (g *gate) judge(srcErr error) {
	size := min(g.filled, blockBytes)
	if g.limit > 0 && g.total > g.limit {
		g.err = errTooLong
		return
	}
	g.in.body((*g.buf)[:size])
	if srcErr == io.EOF {
		if rest := (*g.buf)[size:g.filled]; len(rest) > 0 {
			g.in.body(rest)
			size = g.filled
		}
		g.in.end(g.onEnd())
	}
	if err := g.admit(); err != nil {
		g.err = err
		return
	}
	if srcErr != nil && srcErr != io.EOF {
		size = 0 // the client broke off: nobody needs the beginning of a block
	}
	g.judged, g.err = size, srcErr
}

// readAhead judges the first block, before the upstream hears of the request.
// whole says that this was all of the body; err is what Read would return.
func (g *gate) readAhead() (whole bool, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.fill()
	if g.judged > 0 || g.err == io.EOF {
		return g.err == io.EOF, nil
	}
	return false, g.err
}

// again returns the body from its beginning, for a transport that found a kept
// connection closed before it sent anything. Only for bodies of one block.
func (g *gate) again() (io.ReadCloser, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.err != io.EOF {
		return nil, errClosed
	}
	g.read = 0
	return g, nil
}

// Close implements io.Closer and does nothing: a transport closes the body
// before it tries again, and the client's body is the server's to close.
func (g *gate) Close() error { return nil }

// release ends all reading and gives the block back to the pool, unless a read
// still writes into it.
func (g *gate) release() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.buf != nil && !g.reading {
		blockPool.Put(g.buf)
	}
	g.buf, g.err = nil, errClosed
	g.read, g.judged, g.filled = 0, 0, 0
}

// failure returns why reading ended, nil when it has not or came to its end.
func (g *gate) failure() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.err == io.EOF || errors.Is(g.err, errClosed) {
		return nil
	}
	return g.err
}
