package traefik

import (
	"errors"
	"io"
	"sync"
)

// blockBytes is how much of a body is judged and passed on at a time: the step
// at which the engine renews its verdict.
const blockBytes = 32 << 10

var (
	errRefused = errors.New("glacis: request refused")
	errClosed  = errors.New("glacis: request body read after the request ended")
)

// blocks holds blocks and the one byte more that tells whether a body goes on
// after a full block.
var blocks = sync.Pool{New: newBlock}

func newBlock() interface{} {
	b := make([]byte, blockBytes+1)
	return &b
}

// gate is the request body as the upstream gets it. With hold each block is
// judged before it is passed on; without, bytes are shown to the engine in
// passing.
type gate struct {
	x    *exchange
	src  io.ReadCloser
	hold bool
	// buf[read:judged] may be passed on, buf[judged:filled] is not judged yet.
	buf     *[]byte
	read    int
	judged  int
	filled  int
	err     error // what Read returns when nothing is left to pass on
	reading bool  // src writes into buf
}

// Read implements io.Reader.
func (g *gate) Read(p []byte) (int, error) {
	if !g.hold {
		return g.pass(p)
	}
	g.x.mu.Lock()
	defer g.x.mu.Unlock()
	for g.read == g.judged && g.err == nil {
		g.fill()
	}
	if g.read == g.judged {
		return 0, g.err
	}
	b := *g.buf
	n := copy(p, b[g.read:g.judged])
	g.read += n
	return n, nil
}

// pass is Read without hold.
func (g *gate) pass(p []byte) (int, error) {
	n, err := g.src.Read(p)
	g.x.mu.Lock()
	defer g.x.mu.Unlock()
	if g.err == nil {
		if n > 0 {
			g.x.body(p[:n])
		}
		if err == io.EOF {
			g.x.end(g.x.r.Trailer)
		}
		if err != nil {
			g.err = err
		}
	}
	if g.x.refuses() {
		return 0, errRefused
	}
	return n, err
}

// fill gets and judges the next block. It reads without the lock, so that
// finish need not wait for a client that is silent.
func (g *gate) fill() {
	if g.buf == nil {
		taken, _ := blocks.Get().(*[]byte)
		g.buf = taken
	}
	b := *g.buf
	g.filled = copy(b, b[g.judged:g.filled])
	g.read = 0
	g.judged = 0
	var srcErr error
	for g.filled <= blockBytes && srcErr == nil {
		g.reading = true
		g.x.mu.Unlock()
		n, err := g.src.Read(b[g.filled:])
		g.x.mu.Lock()
		g.reading = false
		if g.err != nil { // the request ended meanwhile
			return
		}
		g.filled += n
		srcErr = err
	}
	g.judge(b, srcErr)
}

// judge shows the block to the engine and lets it pass, if the verdict does.
func (g *gate) judge(b []byte, srcErr error) {
	size := g.filled
	if size > blockBytes {
		size = blockBytes
	}
	g.x.body(b[:size])
	if srcErr == io.EOF {
		if g.filled > size {
			g.x.body(b[size:g.filled])
			size = g.filled
		}
		g.x.end(g.x.r.Trailer)
	}
	if g.x.refuses() {
		g.err = errRefused
		return
	}
	if srcErr != nil && srcErr != io.EOF {
		if g.x.fault == "" {
			g.x.fault = faultBody
		}
		size = 0 // the client broke off: nobody needs the beginning of a block
	}
	g.judged = size
	g.err = srcErr
}

// readAhead judges the first block, before the upstream hears of the request,
// and reports whether it may.
func (g *gate) readAhead() bool {
	g.x.mu.Lock()
	defer g.x.mu.Unlock()
	g.fill()
	return g.err != errRefused
}

// Close implements io.Closer.
func (g *gate) Close() error { return g.src.Close() }

// release ends all reading and gives the block back, unless a read still writes
// into it. The caller holds the lock.
func (g *gate) release() {
	if g.buf != nil && !g.reading {
		blocks.Put(g.buf)
	}
	g.buf = nil
	g.err = errClosed
	g.read = 0
	g.judged = 0
	g.filled = 0
}
